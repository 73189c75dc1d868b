"""Traps in words of sources: years that are not named, names that changed, headlines.

In here: single words and what the code lists make of them. Not in here: how a column
of words is read (`process/test_classify.py`), periods in general
(`collect/test_period_words.py`).
"""

import unicodedata

import pytest
from small_tables import source

from pipeline.collect.period_words import read_period
from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.letters import loose
from pipeline.process.second_chance import second_chance
from schemas.records import RECORDS

Lists = dict[str, CodeList]


def meant(lists: Lists, name: str, word: str) -> str | None:
    """Return the code that a word of a source of this country has in a list."""
    return lists[name].known("", {"KZ"}).get(normalise(word))


@pytest.mark.parametrize(
    "text",
    [
        "за прошлый год", "прошлого года", "в текущем году", "с начала года",
        "за аналогичный период прошлого года", "last year", "this year",
        "өткен жыл", "за последние годы",
    ],
)  # fmt: skip
def test_a_year_that_is_not_named_is_not_guessed(text):
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("колония-поселение", "учреждение минимальной безопасности"),
        ("колония общего режима", "учреждение средней безопасности"),
        ("колония строгого режима", "учреждение максимальной безопасности"),
        ("колония особого режима", "учреждение чрезвычайной безопасности"),
    ],
)
def test_a_regime_has_one_code_under_its_old_and_its_new_name(lists, former, today):
    code = meant(lists, "facility_type", today)
    assert code is not None
    assert meant(lists, "facility_type", former) == code
    assert lists["facility_type"].column("parent")[code] == "CAMP"


def test_no_regime_is_guessed_where_none_is_named(lists):
    named = {meant(lists, "facility_type", word) for word in ("колония", "CAMP")}
    assert named == {"CAMP"}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Мангистауская область", "KZ-47"), ("Mangystau region", "KZ-47"),
        ("Маңғыстау облысы", "KZ-47"), ("Mangistau", "KZ-47"),
        ("Астана", "KZ-71"), ("Нур-Султан", "KZ-71"), ("Nur-Sultan", "KZ-71"),
        ("Астана\u00a0", "KZ-71"), ("НУР-СУЛТАН", "KZ-71"),
        (unicodedata.normalize("NFD", "Қостанай облысы"), "KZ-39"),
    ],
)  # fmt: skip
def test_a_region_is_one_however_its_name_is_written(lists, word, code):
    assert meant(lists, "region", word) == code


@pytest.mark.parametrize("word", ["Талдыкорган", "Taldyqorghan", "Семей", "Semey"])
def test_a_town_that_changed_its_region_names_none(lists, word):
    field = RECORDS["complaints"].field("region")
    assert meant(lists, "region", word) is None
    assert second_chance(word, field, lists["region"], source()) is None


@pytest.mark.parametrize("word", ["избиение", "побои", "beating", "пытали"])
def test_a_beating_is_no_charge_and_no_definition_of_torture(lists, word):
    field = RECORDS["investigations"].field("charge")
    assert meant(lists, "charge", word) is None
    assert meant(lists, "definition", word) is None
    assert second_chance(word, field, lists["charge"], source()) is None


def test_what_was_done_has_a_code_that_says_nothing_of_the_offence(lists):
    assert meant(lists, "allegation", "избиение") == "BEATING"
    assert meant(lists, "allegation", "пытки") is None
    assert loose("пытки") not in lists["allegation"].loosely_known("")


def test_torture_of_a_headline_is_no_article(lists):
    code = meant(lists, "charge", "пытки")
    assert code == "TORTURE"
    charges = lists["charge"]
    assert charges.column("parent")[code] == ""
    assert charges.column("base")[code] in ("", code)

"""Do the code lists and spellings keep their own rules?

In here: what can be seen in the CSV files alone. Not in here: how the program reads
them (`pipeline/declarations/codelists.py`) or what a source writes.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"
COMMON = [
    *("code", "parent", "valid_from", "valid_to", "ref_area"),
    *("label_en", "label_ru", "label_kk"),
    *("label_en_status", "label_ru_status", "label_kk_status"),
    *("validity_status", "source", "note"),
]
SPELLING = ["spelling", "code", "source", "reason"]
LANGUAGES = ("en", "ru", "kk")
STATUSES = {"V", "V-en", "M", "P"}
ACCEPTED = {"V", "V-en", "P"}
SPECIAL = {"_T", "_U", "_Z", "_O"}
DIMENSIONS = [
    *("age_group", "allegation", "body", "cause", "channel", "charge"),
    *("check_outcome", "citizenship", "compensation_state", "complainant_type"),
    *("court_outcome", "custody_status", "definition", "evidence_grade"),
    *("facility_type", "figure_outcome", "gravity", "ground", "instance", "matter"),
    *("offence_kind", "penalty", "penalty_role", "personnel_class", "purpose"),
    *("region", "sex", "stage", "step", "term_band", "victim_group"),
    *("victim_status", "withdrawal_reason", "yes_no"),
]
REFERENCES = [
    ("body", "personnel_class", "personnel_class"),
    ("body_competence", "body", "body"),
    ("body_competence", "stage", "stage"),
    ("body_competence", "offence_kind", "offence_kind"),
    ("break", "scope", "break_scope"),
    ("charge", "base", "charge"),
    ("charge", "law", "law"),
    ("charge", "offence_kind", "offence_kind"),
    ("facility_type", "ministry", "body"),
    ("indicator", "question", "question_8c"),
    ("indicator", "stage", "stage"),
    ("indicator", "default_unit", "unit"),
    ("indicator", "subject", "subject"),
    ("indicator", "numerator", "indicator"),
    ("indicator", "denominator", "indicator"),
    ("question_8c", "unit", "unit"),
    ("region", "group_2018", "region"),
    ("region", "group_2022", "region"),
    ("region_bridge", "region_20", "region"),
    ("region_bridge", "region_17", "region"),
    ("region_bridge", "region_16", "region"),
    ("stage", "unit", "unit"),
    ("stating_party", "party_kind", "party_kind"),
    ("stating_party", "retells", "stating_party"),
]
CLOSED_VALUES = [
    ("body_competence", "practice", {"law", "practice"}),
    ("facility_type", "in_custody", {"yes", "no", ""}),
    ("figure_outcome", "terminal", {"yes", "no", ""}),
    ("ground", "effect", {"TERMINATION", "INTERRUPTION", ""}),
    ("penalty", "custodial", {"yes", "no", ""}),
    ("penalty", "criminal", {"yes", "no", ""}),
    ("region", "is_region", {"yes", "no"}),
    ("step", "effect", {"IN", "OUT", "MOVE", "NONE", "ACT", ""}),
]
DERIVED = {"offence_kind", "personnel_class"}
"""Lists that other lists name and no source writes: their OTHER is not `_O`."""
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})?")
WORD = re.compile(r"[^\W\d_]+")


def normalise(word: str) -> str:
    """Return the form in which two words count as the same."""
    text = unicodedata.normalize("NFC", word).casefold().replace("ё", "е")
    return re.sub(r"\s+", " ", text).strip()


@cache
def declared() -> dict[str, Any]:
    """Return the declarations of all lists."""
    return yaml.safe_load((SCHEMAS / "codelists.yml").read_text(encoding="utf-8"))


@cache
def rows(name: str) -> pd.DataFrame:
    """Return one code list, all text."""
    path = SCHEMAS / "codelists" / f"{name}.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


def spelling_rows(name: str) -> pd.DataFrame:
    """Return the spellings of one list, all text."""
    path = SCHEMAS / "spellings" / f"{name}.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


def overlap(one: pd.Series, two: pd.Series) -> bool:
    """Return whether the validity of two rows has a day in common."""
    starts = max(one["valid_from"], two["valid_from"])
    ends = min(one["valid_to"] or "9999", two["valid_to"] or "9999")
    return starts <= ends


def valid_on(name: str, day: str) -> pd.DataFrame:
    """Return the rows of a list that are valid on a day."""
    table = rows(name)
    opened = table["valid_from"] <= day
    open_still = (table["valid_to"] == "") | (table["valid_to"] >= day)
    return table[opened & open_still]


LISTS = sorted(path.stem for path in (SCHEMAS / "codelists").glob("*.csv"))
WORDS = sorted(path.stem for path in (SCHEMAS / "spellings").glob("*.csv"))
every_list = pytest.mark.parametrize("name", LISTS)


def test_every_file_is_declared_and_every_declaration_has_a_file() -> None:
    assert sorted(declared()) == LISTS


@every_list
def test_columns_are_those_declared(name: str) -> None:
    body = declared()[name]
    assert set(body) == {"title", "description", "extra"}
    assert list(rows(name).columns) == COMMON + list(body["extra"])


@every_list
def test_file_is_utf8_with_unix_line_ends_and_no_stray_blanks(name: str) -> None:
    text = (SCHEMAS / "codelists" / f"{name}.csv").read_bytes()
    assert b"\r" not in text
    assert not text.startswith(b"\xef\xbb\xbf")
    table = rows(name)
    assert all((table[column] == table[column].str.strip()).all() for column in table)
    assert unicodedata.is_normalized("NFC", text.decode("utf-8"))


@every_list
def test_rows_of_one_code_do_not_overlap_in_time(name: str) -> None:
    for code, group in rows(name).groupby("code"):
        for (_, one), (_, two) in combinations(group.iterrows(), 2):
            assert not overlap(one, two), code


@every_list
def test_dates_are_iso_and_in_order(name: str) -> None:
    table = rows(name)
    for column in ("valid_from", "valid_to"):
        assert table[column].map(lambda day: bool(DATE.fullmatch(day))).all()
        pd.to_datetime(table.loc[table[column] != "", column], format="%Y-%m-%d")
    both = table[(table["valid_from"] != "") & (table["valid_to"] != "")]
    assert (both["valid_from"] <= both["valid_to"]).all()


@every_list
def test_parents_exist_and_make_no_circle(name: str) -> None:
    table = rows(name)
    assert set(table["parent"]) - {""} <= set(table["code"])
    parent = dict(zip(table["code"], table["parent"], strict=True))
    for code in parent:
        above = [code]
        while parent[above[-1]]:
            above.append(parent[above[-1]])
            assert len(above) == len(set(above)), above


@every_list
def test_statuses_are_legal_and_stand_exactly_where_there_is_a_label(name: str) -> None:
    table = rows(name)
    for language in LANGUAGES:
        status, label = table[f"label_{language}_status"], table[f"label_{language}"]
        assert set(status) - {""} <= STATUSES
        assert ((status == "") == (label == "")).all()
    dated = (table["valid_from"] != "") | (table["valid_to"] != "")
    assert set(table["validity_status"]) - {""} <= STATUSES
    assert ((table["validity_status"] != "") == dated).all()


@every_list
def test_every_code_has_an_english_label(name: str) -> None:
    assert (rows(name)["label_en"] != "").all()


@every_list
def test_sources_are_known_and_a_seen_label_has_one(name: str) -> None:
    keys = set(rows("label_source")["code"])
    named = rows(name)["source"].str.split(";").explode()
    assert set(named) - {""} <= keys
    if name != "label_status":
        states = rows(name)[[f"label_{x}_status" for x in LANGUAGES]]
        seen = (states == "V").any(axis=1)
        assert (rows(name).loc[seen, "source"] != "").all()


@pytest.mark.parametrize("name", DIMENSIONS)
def test_a_dimension_has_the_special_codes_in_three_languages(name: str) -> None:
    table = rows(name)
    special = table[table["code"].isin(SPECIAL)]
    assert set(special["code"]) == SPECIAL
    assert (special[[f"label_{x}" for x in LANGUAGES]] != "").all(axis=None)


@every_list
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_share_a_label_at_one_time(name: str, language: str) -> None:
    table = rows(name)
    label = table[f"label_{language}"].map(normalise)
    for word, group in table[label != ""].groupby(label[label != ""]):
        for (_, one), (_, two) in combinations(group.iterrows(), 2):
            assert one["code"] == two["code"] or not overlap(one, two), word


@every_list
def test_labels_do_not_mix_latin_letters_into_cyrillic_words(name: str) -> None:
    for language in ("ru", "kk"):
        for label in rows(name)[f"label_{language}"]:
            for word in WORD.findall(label):
                scripts = {unicodedata.name(letter).split()[0] for letter in word}
                assert len(scripts) == 1, f"{label!r}: {word!r}"


@every_list
def test_english_labels_have_no_cyrillic_letter(name: str) -> None:
    for label in rows(name)["label_en"]:
        assert "CYRILLIC" not in " ".join(map(unicodedata.name, label)), label


@pytest.mark.parametrize(("name", "column", "target"), REFERENCES)
def test_extra_columns_name_codes_that_exist(
    name: str, column: str, target: str
) -> None:
    named = rows(name)[column].str.split(",").explode()
    assert set(named) - {""} <= set(rows(target)["code"])


@pytest.mark.parametrize(("name", "column", "values"), CLOSED_VALUES)
def test_extra_columns_hold_legal_values(
    name: str, column: str, values: set[str]
) -> None:
    assert set(rows(name)[column]) <= values


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2013-06-30", 16),
        ("2018-06-18", 16),
        ("2018-06-19", 17),
        ("2022-06-07", 17),
        ("2022-06-08", 20),
        ("2026-01-01", 20),
    ],
)
def test_number_of_regions_by_date(day: str, count: int) -> None:
    table = valid_on("region", day)
    units = table[(table["is_region"] == "yes")]
    assert len(units) == count
    assert units["code"].str.fullmatch(r"KZ-\d\d").all()


def test_bridge_of_regions_agrees_with_the_list() -> None:
    bridge = rows("region_bridge")
    assert (bridge["code"] == bridge["region_20"]).all()
    for column, day in (
        ("region_20", "2026-01-01"),
        ("region_17", "2022-06-07"),
        ("region_16", "2018-06-18"),
    ):
        then = valid_on("region", day)
        units = set(then.loc[then["is_region"] == "yes", "code"])
        assert set(bridge[column]) == units, column


def test_penal_system_changes_its_ministry_on_1_august_2011() -> None:
    for day, ministry in (("2011-07-31", "MOJ"), ("2011-08-01", "MIA")):
        then = valid_on("body", day).set_index("code")["parent"]
        assert then["KUIS"] == ministry


def test_part_1_of_article_146_changes_its_meaning_on_17_march_2023() -> None:
    for day, kind in (("2023-03-16", "TORTURE"), ("2023-03-17", "ILL_TREATMENT")):
        then = valid_on("charge", day)
        worded = then[(then["base"] == "CC14-146-1") & (then["code"] != then["base"])]
        assert list(worded["offence_kind"]) == [kind]


def test_one_wording_at_most_for_a_charge_on_a_day() -> None:
    for day in ("2014-12-31", "2015-01-01", "2023-03-16", "2023-03-17"):
        then = valid_on("charge", day)
        worded = then[then["code"] != then["base"]]
        assert worded["base"].is_unique


def test_chapter_is_made_of_exactly_its_articles() -> None:
    table = rows("charge")
    assert set(table.loc[table["parent"] == "CC14-CONST", "code"]) == {
        *("CC14-146", "CC14-PRIVACY", "CC14-CORRESP"),
        *("CC14-HOME", "CC14-LABLAW", "CC14-LABSAFE"),
    }


def test_term_bands_leave_no_gap_and_do_not_overlap() -> None:
    bands = rows("term_band").query("low_months != ''")
    assert list(bands["low_months"])[1:] == list(bands["high_months"])[:-1]


def test_ratios_have_numerator_and_denominator_and_nothing_else_has() -> None:
    table = rows("indicator")
    ratio = table["subject"] == "RATIO"
    assert ((table["numerator"] != "") == ratio).all()
    assert ((table["denominator"] != "") == ratio).all()


def test_barred_grounds_are_amnesty_limitation_and_article_36() -> None:
    barred = rows("ground").query("forbidden_for_torture_from != ''")
    assert set(barred["code"]) == {
        *("CPC35-1-3", "CPC35-1-4", "CPC36", "CPC36-REPENT", "CPC36-RECONC")
    }
    assert barred["forbidden_for_torture_from"].map(DATE.fullmatch).all()
    assert set(barred["validity_status"]) == {"M"}


@pytest.mark.parametrize("name", WORDS)
def test_spellings_have_their_columns_a_list_and_codes(name: str) -> None:
    table = spelling_rows(name)
    assert list(table.columns) == SPELLING
    assert (table[SPELLING] != "").all(axis=None)
    codes = SPECIAL if name == "_all" else set(rows(name)["code"])
    assert set(table["code"]) <= codes


def all_words(name: str) -> dict[str, set[str]]:
    """Return normalised word → codes: codes, accepted labels, spellings for all."""
    table, found = rows(name), defaultdict(set)
    for code in table["code"]:
        found[normalise(code)].add(code)
    for language in LANGUAGES:
        seen = table[table[f"label_{language}_status"].isin(ACCEPTED)]
        for label, code in zip(seen[f"label_{language}"], seen["code"], strict=True):
            found[normalise(label)].add(code)
    for file in ("_all", name):
        if file not in WORDS:
            continue
        words = spelling_rows(file)
        for row in words[words["code"].isin(table["code"])].itertuples():
            found[normalise(str(row.spelling))].add(str(row.code))
    return found


@pytest.mark.parametrize("name", sorted(set(LISTS) - DERIVED))
def test_no_word_means_two_codes(name: str) -> None:
    twice = {word: codes for word, codes in all_words(name).items() if len(codes) > 1}
    assert not twice


@pytest.mark.parametrize("name", WORDS)
def test_no_spelling_stands_twice_for_one_source(name: str) -> None:
    table = spelling_rows(name)
    key = table["spelling"].map(normalise) + "\0" + table["source"]
    assert list(table.loc[key.duplicated(), "spelling"]) == []


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [
        ("region", "ЮКО", "KZ-61"),
        ("region", "г. Нур-Султан", "KZ-71"),
        ("region", "Mangistau", "KZ-47"),
        ("body", "ОВД", "POLICE"),
        ("body", "КУИС МВД РК", "KUIS"),
        ("charge", "ст. 146 ч. 2", "CC14-146-2"),
        ("charge", "146(2)", "CC14-146-2"),
        ("charge", "art. 146 part 2", "CC14-146-2"),
        ("charge", "ст. 146 ч. 1 (в ред. до 17.03.2023)", "CC14-146-1-W2015"),
        ("unit", "дел", "CASE"),
        ("unit", "фактов", "FACT"),
        ("yes_no", "иә", "YES"),
        ("sex", "неизвестно", "_U"),
        ("region", "көрсетілмеген", "_U"),
    ],
)
def test_words_of_sources_lead_to_their_code(name: str, word: str, code: str) -> None:
    assert all_words(name)[normalise(word)] == {code}


def test_a_town_is_not_a_region() -> None:
    assert "талдыкорган" not in all_words("region")
    assert "taldykorgan" not in all_words("region")

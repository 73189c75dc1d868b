"""A word with the wrong letters is read where that leaves no doubt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.codelists import CodeList, normalise, read_codelists
from pipeline.declarations.letters import loose
from pipeline.declarations.sources import Source
from pipeline.process.second_chance import second_chance
from pipeline.workspace import REPOSITORY, Workspace
from schemas.fields import Field, code

FEW = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def lists() -> dict[str, CodeList]:
    """Return the code lists of the clone."""
    return read_codelists(Workspace(REPOSITORY))


def field(codelist: str, *, multiple: bool = False) -> Field:
    """Return a field of a code list."""
    return code("field", codelist, "A field.", multiple=multiple)


@pytest.mark.parametrize(
    ("codelist", "word", "found"),
    [
        ("sex", "Mужской", "M"),
        ("body", "КHБ", "KNB"),
        ("region", "г. Aстана", "KZ-71"),
        ("region", "Костанай облысы", "KZ-39"),
        ("region", "Typкicтaн облысы", "KZ-61"),
        ("region", "Кызылорда", "KZ-43"),
        ("region", "ОКО", "KZ-61"),
        ("region", "Жетiсу облысы", "KZ-33"),
        ("sex", "H", None),
        ("region", "Семей", None),
        ("charge", "ст. 146 ч.2 п. б", "CC14-146-2"),
        ("charge", "ст. 146 и 362", None),
        ("charge", "ст. 999", None),
    ],
)
def test_a_word_that_points_at_one_code_is_read(
    lists: dict[str, CodeList],
    sources: dict[str, Source],
    codelist: str,
    word: str,
    found: str | None,
) -> None:
    known = lists[codelist]
    assert second_chance(word, field(codelist), known, sources["open"]) == found


def test_several_articles_need_a_field_of_several_codes(
    lists: dict[str, CodeList], sources: dict[str, Source]
) -> None:
    several = field("charge", multiple=True)
    found = second_chance("ст. 146 и 362", several, lists["charge"], sources["open"])
    assert found == "CC14-146;CC14-362"


def test_every_loose_form_is_of_one_code_that_the_list_knows(
    lists: dict[str, CodeList],
) -> None:
    for known in lists.values():
        loosely = known.loosely_known("")
        for word, its_code in known.known("").items():
            assert loosely.get(loose(word), its_code) == its_code


@FEW
@given(st.text())
def test_the_loose_form_of_a_loose_form_is_itself(word: str) -> None:
    once = loose(normalise(word))
    assert loose(once) == once

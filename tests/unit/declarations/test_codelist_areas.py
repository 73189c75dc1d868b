"""Another country's codes stand beside the built-in ones, and touch no source of these.

In here: whose words the labels, codes and spellings of a country are. Not in here: what
a workspace may add to a list at all (`test_codelist_additions.py`).
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.errors import DeclarationError
from pipeline.workspace import Workspace

KZ, RU = {"KZ"}, {"RU"}
COLUMNS = (
    "code,parent,valid_from,valid_to,ref_area,label_en,label_ru,label_kk,"
    "label_en_status,label_ru_status,label_kk_status,validity_status,source,note,"
    "personnel_class"
)
BODIES = f"""{COLUMNS}
RU_COURT,,,,RU,Court,Суд,,V,V,,,,,OTHER
RU_MVD,,,,RU,Interior,МВД,,V,V,,,,,LAW_ENFORCEMENT
"""
WORDS = """spelling,code,source,reason
МВД РФ,RU_MVD,*,as its sources write it
полиция,RU_MVD,*,the police is of the ministry
*по борьбе с наркотиками*,RU_MVD,ru_cases,a department of it
"""


def workspace(root: Path, words: str = WORDS) -> Workspace:
    """Return a workspace with two Russian bodies and words for them."""
    for name, text in (("codelists", BODIES), ("spellings", words)):
        folder = root / "schemas" / name
        folder.mkdir(parents=True)
        (folder / "body.csv").write_text(text, encoding="utf-8")
    return Workspace(root)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> CodeList:
    """Return the list of bodies with two of another country."""
    return read_codelists(workspace(tmp_path_factory.mktemp("ru")))["body"]


def test_a_label_is_a_word_of_its_own_country_alone(bodies: CodeList) -> None:
    assert bodies.known("ru_cases", RU)["суд"] == "RU_COURT"
    assert bodies.known("kz_cases", KZ)["суд"] == "COURT"
    assert bodies.known("kz_cases", KZ)["мвд"] == "MIA"


def test_a_code_and_a_spelling_are_so_too(bodies: CodeList) -> None:
    at_home, abroad = bodies.known("kz_cases", KZ), bodies.known("ru_cases", RU)
    assert (at_home["полиция"], abroad["полиция"]) == ("POLICE", "RU_MVD")
    assert {"ru_mvd", "мвд рф"} <= set(abroad)
    assert not {"ru_mvd", "мвд рф"} & set(at_home)
    assert "knb" in at_home
    assert "knb" not in abroad


def test_a_source_about_two_countries_must_say_which_it_means(bodies: CodeList) -> None:
    both = bodies.known("of_both", KZ | RU)
    assert not {"суд", "полиция"} & set(both)
    assert (both["ru_mvd"], both["knb"]) == ("RU_MVD", "KNB")


def test_a_row_without_a_country_counts_for_all(bodies: CodeList) -> None:
    for areas in (KZ, RU, {"US"}, KZ | RU):
        assert bodies.known("x", areas)["not stated"] == "_U"


def test_what_a_country_adds_changes_no_word_of_another(
    bodies: CodeList, lists: dict[str, CodeList]
) -> None:
    for areas in (KZ, {"KG"}, KZ | {"KG"}):
        assert bodies.known("any", areas) == lists["body"].known("any", areas)
        assert bodies.loosely_known("any", areas) == (
            lists["body"].loosely_known("any", areas)
        )


@given(st.sets(st.sampled_from(["KZ", "RU", "KG", "US"]), min_size=1))
def test_every_word_leads_to_a_code_of_the_countries_asked(
    bodies: CodeList, areas: set[str]
) -> None:
    area_of = bodies.column("ref_area")
    codes = set(bodies.known("ru_cases", areas | RU).values())
    assert {area_of[code] for code in codes} <= {"", *areas, "RU"}


def test_a_source_may_not_spell_another_countrys_code(tmp_path: Path) -> None:
    words = WORDS + "органы,POLICE,ru_cases,wrong\n"
    found = read_codelists(workspace(tmp_path, words))["body"]
    with pytest.raises(DeclarationError, match=r"ru_cases: POLICE: a code of another"):
        found.known("ru_cases", RU)


def test_a_spelling_with_a_star_is_a_pattern_of_one_source(bodies: CodeList) -> None:
    word = "Отдел по борьбе с наркотиками №2"
    assert bodies.likened(word, "ru_cases", RU) == "RU_MVD"
    assert bodies.likened(word, "ru_other", RU) is None
    assert bodies.likened("Отдел", "ru_cases", RU) is None


def test_the_first_pattern_that_fits_counts(tmp_path: Path) -> None:
    words = WORDS + "*наркотик*,RU_COURT,ru_cases,later\n"
    found = read_codelists(workspace(tmp_path, words))["body"]
    assert found.likened("суд: наркотики", "ru_cases", RU) == "RU_COURT"
    assert found.likened("по борьбе с наркотиками", "ru_cases", RU) == "RU_MVD"


def test_a_pattern_for_all_sources_is_refused(tmp_path: Path) -> None:
    words = WORDS + "суд*,RU_COURT,*,too wide\n"
    with pytest.raises(DeclarationError, match="only the spellings of one source"):
        read_codelists(workspace(tmp_path, words))

"""Two spellings are one number where nothing but the spelling differs."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.process.shared_numbers import agree, normal_form, normal_forms, sought

WRITTEN = st.text("019-–— \u00a0'AАOОоa/№\u200b", max_size=8)


@pytest.mark.parametrize(
    "spelling",
    [
        "19-7500-001",
        " 19-7500-001 ",
        "'19-7500-001",
        "’19-7500-001",
        "19–7500—001",
        "19 7500 001",
        "19 -7500\u00a0001",
        "19-7500\u200b-001",
        "\u202f19\u22127500-001",
    ],
)
def test_spellings_of_one_number_have_one_form(spelling: str) -> None:
    assert normal_form(spelling) == "19-7500-001"


def test_look_alike_letters_are_one_and_digits_stay() -> None:
    assert normal_form("ab-1") == normal_form("АВ-1") == normal_form("AВ-1")
    assert normal_form("O1") != normal_form("01")
    assert normal_form("З1") != normal_form("31")
    assert normal_form("001") != normal_form("1")
    assert normal_form("12/3") != normal_form("123")


@given(WRITTEN)
def test_the_form_of_a_form_is_itself_and_has_the_same_digits(number: str) -> None:
    form = normal_form(number)
    assert normal_form(form) == form
    assert [c for c in form if c.isdigit()] == [c for c in number if c.isdigit()]


@given(st.lists(st.one_of(st.none(), WRITTEN), max_size=6))
def test_whole_columns_have_the_forms_of_their_numbers(numbers: list[str]) -> None:
    column = pd.Series(numbers, dtype="str", index=range(7, 7 + len(numbers)))
    forms = normal_forms(column)
    assert list(forms.index) == list(column.index)
    for number, form in zip(column, forms, strict=True):
        assert pd.isna(form) if pd.isna(number) else form == normal_form(number)


def stated(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Return numbers of sources that share one numbering."""
    frame = pd.DataFrame(rows, columns=["source_id", "text"]).astype("str")
    return frame.assign(numbering=pd.Series("N", index=frame.index, dtype="str"))


def test_a_number_without_hyphens_is_one_with_them_but_parts_are_never_shifted() -> (
    None
):
    borne = stated(("b", "12-3"), ("b", "1-23"))
    assert sought(stated(("a", "12 3")), borne)["end"].tolist() == [0]
    assert sought(stated(("a", "123")), borne)["end"].tolist() == [0, 1]
    assert sought(stated(("a", "12-3-0")), borne).empty


def test_a_sign_alone_is_no_number() -> None:
    assert sought(stated(("a", "-")), stated(("b", "—"))).empty


@given(st.lists(st.tuples(st.sampled_from("ab"), st.one_of(st.none(), WRITTEN)),
                min_size=1, max_size=5))  # fmt: skip
def test_numbers_that_are_found_agree(rows: list[tuple[str, str | None]]) -> None:
    borne = stated(*rows)
    pairs = sought(borne, borne)
    here = borne.iloc[pairs["at"]].reset_index(drop=True)
    there = borne.iloc[pairs["end"]].reset_index(drop=True)
    assert agree(here, there).all()

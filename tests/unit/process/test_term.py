"""Terms of a penalty: years and months in words, and what is no number."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.process.term import parse_terms

FEW = settings(max_examples=40, deadline=None)


def texts(*words: str | None) -> pd.Series:
    """Return a column of text."""
    return pd.Series(list(words), dtype="str")


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("60", 60, 60),
        ("48-72", 48, 72),
        ("5 лет", 60, 60),
        ("1 год", 12, 12),
        ("2 года 6 месяцев", 30, 30),
        ("2 года и 6 месяцев", 30, 30),
        ("2 г. 6 мес.", 30, 30),
        ("6 мес.", 6, 6),
        ("1,5 года", 18, 18),
        ("3,5–4 года", 42, 48),
        ("от 2 до 5 лет", 24, 60),
        ("6 - 12 месяцев", 6, 12),
        ("10 жыл", 120, 120),
        ("2 жыл 6 ай", 30, 30),
        ("5 years", 60, 60),
        ("18 months", 18, 18),
        ("2 years and 3 months", 27, 27),
    ],
)
def test_a_term_is_read_as_months(word: str, low: float, high: float) -> None:
    read = parse_terms(texts(word)).iloc[0]
    assert read["is_parsed"]
    assert (read["low"], read["high"]) == (low, high)


@pytest.mark.parametrize(
    "word",
    ["пожизненно", "life", "30 дней", "до 5 лет", "не более 5 лет", "5-2 лет", "лет",
     "", "2-5 лет 6 мес.", "1,500 лет", "5 лет условно"],
)  # fmt: skip
def test_what_is_no_number_of_months_is_not_read(word: str) -> None:
    read = parse_terms(texts(word)).iloc[0]
    assert not read["is_parsed"]
    assert pd.isna([read["low"], read["high"]]).all()


def test_an_empty_cell_is_parsed_to_nothing() -> None:
    read = parse_terms(texts(None, "5 лет", None))
    assert read["is_parsed"].all()
    assert list(read["low"].isna()) == [True, False, True]


@FEW
@given(st.integers(0, 40), st.integers(1, 11))
def test_years_and_months_read_back(years: int, months: int) -> None:
    read = parse_terms(texts(f"{years} лет {months} мес."))
    assert read["low"].iloc[0] == read["high"].iloc[0] == years * 12 + months


@FEW
@given(st.text(max_size=20))
def test_no_text_breaks_it(word: str) -> None:
    assert len(parse_terms(texts(word))) == 1

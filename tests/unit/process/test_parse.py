"""Dates with a precision, numbers and ranges: what is read, and what is refused."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.process.parse import (
    parse_dates,
    parse_numbers,
    parse_ranges,
    what_is_wrong,
)

FEW = settings(max_examples=40, deadline=None)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
BLANKS = st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009"])


def texts(*words: str | None) -> pd.Series:
    """Return a column of text."""
    return pd.Series(list(words), dtype="str")


@FEW
@given(st.lists(DAYS, min_size=1, max_size=8))
def test_a_day_written_in_either_form_is_read_back(days: list[dt.date]) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        read = parse_dates(texts(*(day.strftime(form).zfill(10) for day in days)))
        assert list(read["date"].dt.date) == days
        assert set(read["precision"]) == {"DAY"}
        assert read["is_parsed"].all()


@pytest.mark.parametrize(
    ("word", "day", "precision"),
    [
        ("2014-05-31", "2014-05-31", "DAY"),
        ("2014-05-31 00:00:00", "2014-05-31", "DAY"),
        ("2014-05-31T14:30", "2014-05-31", "DAY"),
        ("31.05.2014", "2014-05-31", "DAY"),
        ("31.05.2014 14:30", "2014-05-31", "DAY"),
        ("2014-05", "2014-05-01", "MONTH"),
        ("05.2014", "2014-05-01", "MONTH"),
        ("2014", "2014-01-01", "YEAR"),
        ("2016-02-29", "2016-02-29", "DAY"),
    ],
)
def test_a_date_keeps_the_precision_it_was_written_with(
    word: str, day: str, precision: str
) -> None:
    read = parse_dates(texts(word)).iloc[0]
    assert (read["date"], read["precision"]) == (pd.Timestamp(day), precision)


@pytest.mark.parametrize(
    "word",
    [
        "2014-02-30",
        "30.02.2014",
        "2015-02-29",
        "2014-13-01",
        "2014-00",
        "31.04.2014",
        "1899-12-31",
        "2101-01-01",
        "0000",
        "12.05.14",
        "5/31/2014",
        "41790",
        "May 2014",
        "2014-05-31 and later",
        "2014-05-3",
    ],
)
def test_what_is_no_date_that_exists_is_not_parsed(word: str) -> None:
    read = parse_dates(texts(word)).iloc[0]
    assert not read["is_parsed"]
    assert pd.isna(read["date"])
    assert pd.isna(read["precision"])


def test_an_empty_cell_is_parsed_to_no_date_and_no_number() -> None:
    date, number = parse_dates(texts(None)).iloc[0], parse_numbers(texts(None)).iloc[0]
    span = parse_ranges(texts(None)).iloc[0]
    assert date["is_parsed"]
    assert number["is_parsed"]
    assert span["is_parsed"]
    assert pd.isna([date["date"], number["number"], span["low"], span["high"]]).all()


def test_no_rows_are_parsed_to_no_rows() -> None:
    for parse in (parse_dates, parse_numbers, parse_ranges):
        assert parse(texts()).empty


@FEW
@given(st.integers(-(10**12), 10**12), BLANKS)
def test_a_number_with_any_thousands_blank_is_read_back(
    number: int, blank: str
) -> None:
    read = parse_numbers(texts(f"{number:,}".replace(",", blank))).iloc[0]
    assert read["is_parsed"]
    assert read["number"] == number


@FEW
@given(st.integers(0, 10**6), st.integers(0, 99))
def test_a_decimal_comma_is_a_decimal_point(whole: int, part: int) -> None:
    comma, point = texts(f"{whole},{part:02d}"), texts(f"{whole}.{part:02d}")
    pd.testing.assert_frame_equal(parse_numbers(comma), parse_numbers(point))
    assert parse_numbers(comma)["number"].iloc[0] == float(f"{whole}.{part:02d}")


@pytest.mark.parametrize(
    "word",
    [
        "17~",
        "12*",
        "32,270",
        "-1,000",
        "1 234,567",
        "1,234,567",
        "1.234.567",
        "5 %",
        "n/a",
        "нет",
        "-",
        "1e",
        "0x10",
        "inf",
        "nan",
        "17¹",
    ],
)
def test_what_is_no_number_is_not_parsed(word: str) -> None:
    read = parse_numbers(texts(word)).iloc[0]
    assert not read["is_parsed"]
    assert pd.isna(read["number"])


def test_a_number_with_a_mark_is_told_from_text() -> None:
    assert what_is_wrong("17~") == "a number with a mark attached"
    assert what_is_wrong("1 234*") == "a number with a mark attached"
    assert what_is_wrong("unclear") == "text"


@pytest.mark.parametrize("word", ["32,270", "1,234,567", "6,000-7,000"])
def test_a_comma_before_three_digits_is_told_as_such(word: str) -> None:
    wrong = "a number whose comma may separate thousands or decimals"
    assert what_is_wrong(word) == wrong
    assert not parse_ranges(texts(word))["is_parsed"].iloc[0]


@FEW
@given(
    st.integers(0, 600), st.integers(0, 600), st.sampled_from(["-", "–", "—", " – "])
)
def test_a_range_keeps_its_two_ends_and_their_order(
    one: int, other: int, dash: str
) -> None:
    low, high = sorted((one, other))
    read = parse_ranges(texts(f"{low}{dash}{high}", f"{high}{dash}{low}", str(low)))
    assert list(read["low"]) == [low, high, low]
    assert list(read["high"]) == [high, low, low]
    assert list(read["is_parsed"]) == [True, low == high, True]


@pytest.mark.parametrize(
    "word", ["48-", "-", "48-72-96", "about 48", "48-many", "17~-20"]
)
def test_what_is_no_range_is_not_parsed(word: str) -> None:
    assert not parse_ranges(texts(word))["is_parsed"].iloc[0]


def test_a_negative_number_is_no_range() -> None:
    read = parse_ranges(texts("-5")).iloc[0]
    assert read["is_parsed"]
    assert (read["low"], read["high"]) == (-5, -5)

"""Dates with a precision, numbers and ranges: what is read, and what is refused."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.sources import Numbers
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
        (" 31.05.2014 ", "2014-05-31", "DAY"),
        ("1.7.2014", "2014-07-01", "DAY"),
        ("2014/07/01", "2014-07-01", "DAY"),
        ("01-Jul-20", "2020-07-01", "DAY"),
        ("01-OCT-2020", "2020-10-01", "DAY"),
        ("31.05.2014 г.", "2014-05-31", "DAY"),
        ("12 марта 2014 г.", "2014-03-12", "DAY"),
        ("12 наурыз 2014 ж.", "2014-03-12", "DAY"),
        ("2014 жылғы 12 наурыз", "2014-03-12", "DAY"),
        ("March 5, 2014", "2014-03-05", "DAY"),
        ("март 2014", "2014-03-01", "MONTH"),
        ("May 2014", "2014-05-01", "MONTH"),
        ("2014 год", "2014-01-01", "YEAR"),
        ("весна 2021", "2021-01-01", "YEAR"),
        ("в начале 2021 года", "2021-01-01", "YEAR"),
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
        "May 14",
        "2014-05-31 and later",
        "2014?",
        "1019",
        "31 июня 2014",
        "12 марта 1019 г.",
        "зима 2021",
        "с 2014",
        "1 июля",
        "14.01.2014; 20.07.2014",
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
    is_ordered = low == high
    assert list(read["is_parsed"]) == [True, is_ordered, True]
    told = read[read["is_parsed"]]
    assert list(told["low"]) == [low, high, low] if is_ordered else [low, low]
    assert list(told["high"]) == [high, low, low] if is_ordered else [high, low]


@pytest.mark.parametrize(
    "word", ["48-", "-", "48-72-96", "about 48", "48-many", "17~-20"]
)
def test_what_is_no_range_is_not_parsed(word: str) -> None:
    assert not parse_ranges(texts(word))["is_parsed"].iloc[0]


def test_a_negative_number_is_no_range() -> None:
    read = parse_ranges(texts("-5")).iloc[0]
    assert read["is_parsed"]
    assert (read["low"], read["high"]) == (-5, -5)


def test_a_form_of_the_source_is_tried_before_the_general_ones() -> None:
    word = texts("7/28/2020", "03.05.2014", "12/31/2019 14:00", "2020-01-01", "7/2020")
    plain = parse_dates(word)
    assert list(plain["is_parsed"]) == [False, True, False, True, False]
    forms = ["%m/%d/%Y", "%m.%d.%Y", "%m/%d/%Y %H:%M", "%m/%Y"]
    read = parse_dates(word, forms)
    days = ["2020-07-28", "2014-03-05", "2019-12-31", "2020-01-01", "2020-07-01"]
    assert list(read["date"].dt.strftime("%Y-%m-%d")) == days
    assert list(read["precision"]) == ["DAY"] * 4 + ["MONTH"]


def test_a_form_of_the_source_reads_no_impossible_year() -> None:
    read = parse_dates(texts("01/01/1019", "01/01/2019"), ["%m/%d/%Y"])
    assert list(read["is_parsed"]) == [False, True]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("1'234", 1234),
        ("1\u2019234\u2019567", 1234567),
        ("\u22125", -5),
        (" 3121", 3121),
    ],
)
def test_signs_of_one_meaning_need_no_declaration(word: str, number: float) -> None:
    assert parse_numbers(texts(word))["number"].iloc[0] == number


@pytest.mark.parametrize("word", ["12 34", "1 23", "5 7 9", "1'23"])
def test_blanks_that_part_no_thousands_part_numbers(word: str) -> None:
    assert not parse_numbers(texts(word))["is_parsed"].iloc[0]


AMERICAN = Numbers(thousands=",", decimal=".", affixes=("$", "%", "()"))
GERMAN = Numbers(thousands=".", decimal=",", affixes=("€",))


@pytest.mark.parametrize(
    ("word", "numbers", "number"),
    [
        ("32,270", AMERICAN, 32270),
        ("$6,439,000", AMERICAN, 6439000),
        ("-$484,545.55", AMERICAN, -484545.55),
        ("(1,234)", AMERICAN, -1234),
        ("($1,234.50)", AMERICAN, -1234.5),
        ("12.5 %", AMERICAN, 12.5),
        ("7", AMERICAN, 7),
        ("1.234.567,5", GERMAN, 1234567.5),
        ("1.234", GERMAN, 1234),
        ("32,270", GERMAN, 32.27),
        ("5 €", GERMAN, 5),
        ("12,5 %", Numbers(affixes=("%",)), 12.5),
        ("32,270", Numbers(decimal=","), 32.27),
    ],
)
def test_declared_signs_leave_no_doubt(
    word: str, numbers: Numbers, number: float
) -> None:
    assert parse_numbers(texts(word), numbers)["number"].iloc[0] == number


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("32,27", AMERICAN),
        ("1,23,456", AMERICAN),
        ("1234,567", AMERICAN),
        ("$", AMERICAN),
        ("$$5", AMERICAN),
        ("12.5", GERMAN),
        ("(5)", Numbers(thousands=",")),
        ("32,270", Numbers(affixes=("$",))),
    ],
)
def test_declared_signs_have_one_meaning_each(word: str, numbers: Numbers) -> None:
    assert not parse_numbers(texts(word), numbers)["is_parsed"].iloc[0]


def test_a_range_is_read_with_the_signs_of_its_source() -> None:
    read = parse_ranges(texts("6,000-7,000"), AMERICAN).iloc[0]
    assert (read["low"], read["high"]) == (6000, 7000)


@FEW
@given(
    st.integers(-(10**9), 10**9), st.integers(0, 99), st.sampled_from([",", ".", " "])
)
def test_a_number_of_any_style_reads_back(whole: int, part: int, mark: str) -> None:
    decimal = "." if mark == "," else ","
    text = f"{whole:,}".replace(",", mark) + f"{decimal}{part:02d} %"
    numbers = Numbers(thousands=mark.strip(), decimal=decimal, affixes=("%",))
    read = parse_numbers(texts(text), numbers)["number"].iloc[0]
    assert read == float(f"{whole}.{part:02d}")


@FEW
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=6))
def test_no_text_breaks_parsing_and_each_has_one_row(words: list[str | None]) -> None:
    text: Any = texts(*words)
    for read in (
        parse_dates(text, ["%d/%m/%y"]),
        parse_numbers(text, AMERICAN),
        parse_ranges(text, GERMAN),
    ):
        assert len(read) == len(words)
        assert read["is_parsed"][text.isna()].all()
        values = read.drop(columns="is_parsed")
        assert values[~read["is_parsed"]].isna().all(axis=None)

"""A period is named as published tables name it."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.process.period import time_period

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def named(start, end):
    days = (pd.Series(pd.to_datetime([day])) for day in (start, end))
    return tuple(time_period(*days).iloc[0])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2014-01-01", "2014-12-31", ("2014", "A")),
        ("2014-01-01", "2014-06-30", ("2014-S1", "S")),
        ("2014-07-01", "2014-12-31", ("2014-S2", "S")),
        ("2014-04-01", "2014-06-30", ("2014-Q2", "Q")),
        ("2014-03-01", "2014-03-31", ("2014-03", "M")),
        ("2020-02-01", "2020-02-29", ("2020-02", "M")),
        ("2022-01-05", "2022-03-14", ("2022-01-05/2022-03-14", "N")),
        ("2014-02-01", "2014-04-30", ("2014-02-01/2014-04-30", "N")),
        ("2013-07-01", "2014-06-30", ("2013-07-01/2014-06-30", "N")),
        ("2022-01-22", "2022-01-22", ("2022-01-22", "N")),
        (None, "2014-12-31", ("_U", "N")),
        ("2014-01-01", None, ("_U", "N")),
    ],
)
def test_a_period_has_the_name_of_its_calendar_or_its_interval(start, end, expected):
    assert named(start, end) == expected


def test_no_periods_give_no_names():
    none = pd.Series([], dtype="datetime64[us]")
    assert time_period(none, none).empty


@given(DAYS, st.integers(0, 800))
def test_a_period_of_no_calendar_keeps_both_its_dates(start, length):
    end = start + timedelta(days=length)
    name, freq = named(start, end)
    if freq == "N":
        assert name == (f"{start}/{end}" if length else f"{start}")


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_periods_have_one_name_only_if_they_are_one(a, b, c, d):
    one, other = sorted((a, b)), sorted((c, d))
    assert (named(*one) == named(*other)) == (one == other)

"""Name a period as published tables do: 2014, 2014-S1, 2014-Q2, 2014-03 or an interval.

In here: two dates to `time_period` and `freq`. Not in here: which date of a record
places it in a period.
"""

import re

import pandas as pd

from pipeline.model import UNKNOWN

CALENDAR = ((12, "A"), (6, "S"), (3, "Q"), (1, "M"))
"""Months of a calendar period and its SDMX frequency, longest first."""

OTHER_FREQ = "N"


def time_period(start: pd.Series, end: pd.Series) -> pd.DataFrame:
    """Return columns `time_period` and `freq`, one row per period.

    A whole calendar year, half-year, quarter or month has its short name. A day is
    its date and any other period an ISO interval, both of frequency N. Where a date
    is missing the period is `_U`.

    Args:
        start: first day.
        end: last day, included.
    """
    names = iso_names(start, end)
    freq = pd.Series(OTHER_FREQ, index=start.index, dtype="str")
    months = whole_months(start, end)
    for length, code in CALENDAR:
        fits = (months == length) & ((start.dt.month - 1) % length == 0)
        names = names.mask(fits, calendar_names(start, length, code))
        freq = freq.mask(fits, code)
    return pd.DataFrame(
        {"time_period": names.astype("str"), "freq": freq.astype("str")}
    )


def iso_names(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return a date, an interval, or `_U` where a date is missing."""
    first, last = start.dt.strftime("%Y-%m-%d"), end.dt.strftime("%Y-%m-%d")
    interval = (first + "/" + last).where(first != last, first).astype("str")
    names: pd.Series = interval.where(start.notna() & end.notna(), UNKNOWN)
    return names


def whole_months(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return how many whole calendar months a period has, or 0 where it has a part."""
    length = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month + 1
    is_whole = (start.dt.day == 1) & end.dt.is_month_end
    whole: pd.Series = length.where(is_whole, 0).fillna(0).astype("int64")
    return whole


def calendar_names(start: pd.Series, length: int, code: str) -> pd.Series:
    """Return the short names of calendar periods of one length."""
    number = ((start.dt.month - 1) // length + 1).astype("Int64").astype("str")
    ending = {"A": "", "M": start.dt.strftime("-%m")}.get(code, f"-{code}" + number)
    names: pd.Series = (start.dt.strftime("%Y") + ending).astype("str")
    return names


FREQUENCY_OF_FORM = {
    r"\d{4}": "A",
    r"\d{4}-S[12]": "S",
    r"\d{4}-Q[1-4]": "Q",
    r"\d{4}-\d{2}": "M",
}


def frequency_of(period: str) -> str:
    """Return the frequency that a period written out has: A, S, Q, M, or N."""
    forms = FREQUENCY_OF_FORM.items()
    return next((code for form, code in forms if re.fullmatch(form, period)), "N")

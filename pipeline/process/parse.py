"""Turn text into dates with a precision, numbers and ranges, a column at a time.

In here: the forms in which sources write them. Not in here: codes (`classify.py`),
or what happens to a text that is none of these (`validate.py`).
"""

import re

import pandas as pd

DAY, MONTH, YEAR, UNKNOWN = "DAY", "MONTH", "YEAR", "UNKNOWN"
DATE_FORMS = (
    (r"\d{4}-\d{2}-\d{2}([ T]00:00(:00)?)?", "%Y-%m-%d", DAY),
    (r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", "%Y-%m-%d", DAY),
    (r"\d{2}\.\d{2}\.\d{4}( \d{2}:\d{2}(:\d{2})?)?", "%d.%m.%Y", DAY),
    (r"\d{4}-\d{2}", "%Y-%m", MONTH),
    (r"\d{2}\.\d{4}", "%m.%Y", MONTH),
    (r"\d{4}", "%Y", YEAR),
)
DATE_DIGITS = 10
BLANKS = "\u0020\u00a0\u202f\u2009"
"""Ordinary, non-breaking, narrow non-breaking and thin: thousands separators."""

RANGE = re.compile(r"(.+?)\s*[-–—]\s*(.+)")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


def parse_dates(text: pd.Series) -> pd.DataFrame:
    """Return columns `date`, `precision` and `is_parsed`, one row per text.

    A missing text is parsed, to no date and no precision.
    """
    dates = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    precision = pd.Series(pd.NA, index=text.index, dtype="str")
    for pattern, form, name in DATE_FORMS:
        fits = precision.isna() & text.str.fullmatch(pattern).fillna(False).astype(bool)
        if not fits.any():
            continue
        read = pd.to_datetime(
            text[fits].str.slice(0, DATE_DIGITS).str.strip(),
            format=form,
            errors="coerce",
        )
        read = read[read.dt.year.between(EARLIEST_YEAR, LATEST_YEAR)]
        dates.loc[read.index] = read.astype("datetime64[us]")
        precision.loc[read.index] = name
    parsed = text.isna() | precision.notna()
    return pd.DataFrame({"date": dates, "precision": precision, "is_parsed": parsed})


def parse_numbers(text: pd.Series) -> pd.DataFrame:
    """Return columns `number` and `is_parsed`, one row per text.

    Blanks between thousands are removed and a decimal comma is read as a point, but
    not before three digits: "32,270" is 32 270 to one writer and 32.27 to another.
    """
    plain = text.str.replace(f"[{BLANKS}]", "", regex=True)
    plain = plain.str.replace(r"^(-?\d+),(?!\d{3}$)(\d+)$", r"\1.\2", regex=True)
    written = plain.str.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?").fillna(False)
    number = pd.to_numeric(plain.where(written.astype(bool)), errors="coerce")
    parsed = text.isna() | number.notna()
    return pd.DataFrame({"number": number.astype("float64"), "is_parsed": parsed})


def parse_ranges(text: pd.Series) -> pd.DataFrame:
    """Return columns `low`, `high` and `is_parsed`; one number is both its ends."""
    parts = text.str.extract(RANGE.pattern)
    low = parse_numbers(parts[0].fillna(text))
    high = parse_numbers(parts[1].fillna(text))
    in_order = text.isna() | (low["number"] <= high["number"])
    parsed = low["is_parsed"] & high["is_parsed"] & in_order
    return pd.DataFrame(
        {"low": low["number"], "high": high["number"], "is_parsed": parsed}
    )


def what_is_wrong(word: str) -> str:
    """Return in words why a text is no number."""
    if re.search(r"\d,\d{3}(?!\d)", word):
        return "a number whose comma may separate thousands or decimals"
    if re.match(rf"^-?\d[\d.,{BLANKS}]*\D{{1,3}}\d?$", word):
        return "a number with a mark attached"
    return "text"

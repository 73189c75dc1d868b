"""Turn text into dates with a precision, numbers and ranges, a column at a time.

In here: the forms in which sources write them. Not in here: codes (`classify.py`),
terms of a penalty (`term.py`), signs and words glued to a number
(`collect/value_text.py`), or what happens to a text that is none of these
(`validate.py`). Each distinct text is looked at once, however many rows hold it.
"""

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from pipeline.collect.period_tokens import EARLIEST_YEAR, LATEST_YEAR
from pipeline.process.date_words import date_in_words
from pipeline.process.distinct import per_distinct

DAY, MONTH, YEAR, UNKNOWN = "DAY", "MONTH", "YEAR", "UNKNOWN"
DATE_FORMS = (
    (r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?", "%Y-%m-%d", DAY),
    (r"\d{1,2}\.\d{1,2}\.\d{4}( \d{1,2}:\d{2}(:\d{2})?)?", "%d.%m.%Y", DAY),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d", DAY),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y", DAY),
    (r"\d{1,2}-[A-Za-z]{3}-\d{2}", "%d-%b-%y", DAY),
    (r"\d{4}-\d{2}", "%Y-%m", MONTH),
    (r"\d{1,2}\.\d{4}", "%m.%Y", MONTH),
    (r"\d{4}", "%Y", YEAR),
)
TIME_OF_DAY = r"[ T]\d.*"
WORD_FOR_YEAR = r"(?<=\d)\s*[гж]\.?$"
LONGEST_DATE = 40
"""Characters of the longest text in which a date in words is looked for."""

BLANKS = "\u0020\u00a0\u202f\u2009"
"""Ordinary, non-breaking, narrow non-breaking and thin: thousands separators."""

APOSTROPHES = "'\u2019"
MINUS = "\u2212"
NEGATIVE_BRACKETS = "()"
"""Declared among the affixes, "(1,234)" is a negative number."""

SIMPLE = r"-?\d+(\.\d+)?"
RANGE = re.compile(r"(.+?)\s*(?:--?|[–—])\s*(.+)")


class NumberForms(Protocol):
    """How a source writes its numbers, where the signs could mean two things.

    `declarations.sources.Numbers` is one.
    """

    @property
    def thousands(self) -> str:
        """Return the sign between groups of three digits, or nothing."""

    @property
    def decimal(self) -> str:
        """Return the sign before the fraction, or nothing."""

    @property
    def affixes(self) -> tuple[str, ...]:
        """Return what may stand before or after a number and is no part of it."""


def parse_dates(text: pd.Series, forms: Sequence[str] = ()) -> pd.DataFrame:
    """Return columns `date`, `precision` and `is_parsed`, one row per text.

    Read are the forms of the source; "2014-05-31", "31.05.2014", "1.7.2014",
    "2014/07/01" and "01-Jul-20", with or without a time; "05.2014"; "2014"; and words
    in Russian, Kazakh and English: "12 марта 2014 г.", "март 2014", "2014 год",
    "весна 2021" (known to the year). Not read: days that do not exist, years before
    1900 and after 2100, several dates in one text, days as the numbers that a
    spreadsheet keeps them as, and "5/3/2014", which is March or May by its source:
    such a form is declared.

    Args:
        text: dates as written; a missing one is parsed, to no date.
        forms: `date_forms` of the source (strptime), tried first.
    """
    return per_distinct(text, lambda distinct: dates_of(distinct, forms))


def dates_of(text: pd.Series, forms: Sequence[str]) -> pd.DataFrame:
    """Return the dates of distinct texts."""
    plain = text.str.strip().str.replace(WORD_FOR_YEAR, "", regex=True)
    whole_day = plain.str.replace(TIME_OF_DAY, "", regex=True)
    dates = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    precision = pd.Series(pd.NA, index=text.index, dtype="str")
    tries = [(None, form, precision_of(form)) for form in forms]
    for pattern, form, name in (*tries, *DATE_FORMS):
        fits = precision.isna()
        if pattern:
            fits &= plain.str.fullmatch(pattern).fillna(False).astype(bool)
        if not fits.any():
            continue
        read = real_dates((whole_day if pattern else plain)[fits], form)
        dates.loc[read.index] = read
        precision.loc[read.index] = name
    left = text[precision.isna() & (text.str.len() <= LONGEST_DATE)]
    words = {place: date_in_words(str(word)) for place, word in left.items()}
    found = {place: told for place, told in words.items() if told}
    dates.update(pd.Series({place: day for place, (day, _) in found.items()}))
    precision.update(pd.Series({place: name for place, (_, name) in found.items()}))
    parsed = text.isna() | precision.notna()
    return pd.DataFrame({"date": dates, "precision": precision, "is_parsed": parsed})


def real_dates(text: pd.Series, form: str) -> pd.Series:
    """Return the days of the texts that are dates of a form, and of possible years."""
    read = pd.to_datetime(text, format=form, errors="coerce")
    days = read[read.dt.year.between(EARLIEST_YEAR, LATEST_YEAR)].dt.normalize()
    return days.astype("datetime64[us]")


def precision_of(form: str) -> str:
    """Return how exactly a date of a strptime form is known."""
    if re.search(r"%-?[djxc]", form):
        return DAY
    return MONTH if re.search(r"%-?[mbB]", form) else YEAR


def parse_numbers(text: pd.Series, numbers: NumberForms | None = None) -> pd.DataFrame:
    """Return columns `number` and `is_parsed`, one row per text.

    Thousands may be parted by a blank of any kind or an apostrophe, and a comma is
    read as a decimal point, but not before three digits: "32,270" is 32 270 to one
    writer and 32.27 to another. Where the source declares its signs, those hold and
    nothing is in doubt: with `thousands: ","` a comma parts groups of three digits
    and nothing else.

    Args:
        text: numbers as written; a missing one is parsed, to no number.
        numbers: `numbers` of the source. Of its `affixes`, each is taken away once
            before and after the number ("$6,439,000", "12,5 %"); "()" among them
            declares that "(1,234)" is negative.
    """
    plain = text.str.strip()
    is_simple = plain.str.fullmatch(SIMPLE).fillna(False).astype(bool)
    if numbers and "." in (numbers.thousands, numbers.decimal):
        # "1.234" is simple only to those who write no point between thousands.
        is_simple &= ~plain.str.contains(".", regex=False).fillna(False).astype(bool)
    number = plain.where(is_simple).astype("float64")
    if not is_simple.all():
        rest = per_distinct(
            plain[~is_simple], lambda distinct: written_numbers(distinct, numbers)
        )
        number = number.fillna(rest["number"])
    is_finite = np.isfinite(number)
    return pd.DataFrame(
        {"number": number.where(is_finite), "is_parsed": text.isna() | is_finite}
    )


def written_numbers(text: pd.Series, numbers: NumberForms | None) -> pd.DataFrame:
    """Return the numbers of distinct texts that are not plain digits."""
    number = canonical(text, numbers).astype("float64")
    return pd.DataFrame({"number": number})


def canonical(text: pd.Series, numbers: NumberForms | None) -> pd.Series:
    """Return numbers in plain digits with a point; missing where a text is none."""
    thousands = numbers.thousands if numbers else ""
    decimal = numbers.decimal if numbers else ""
    plain = without_affixes(text, numbers.affixes) if numbers else text
    plain = plain.str.replace(f"^{MINUS}", "-", regex=True)
    parts = f"[{re.escape(BLANKS + APOSTROPHES + thousands)}]"
    points = decimal or ".,".replace(thousands or " ", "")
    point = f"[{re.escape(points)}]"
    grouped = rf"-?\d{{1,3}}(?:{parts}\d{{3}})+(?:{point}\d+)?"
    straight = rf"-?\d+(?:{point}\d+)?(?:[eE][+-]?\d+)?"
    written = plain.str.fullmatch(f"{grouped}|{straight}").fillna(False).astype(bool)
    if not thousands and not decimal:
        in_doubt = plain.str.contains(r",\d{3}$", regex=True).fillna(False)
        written &= ~in_doubt.astype(bool)
    digits = plain.str.replace(rf"{parts}(?=\d{{3}}(?!\d))", "", regex=True)
    return digits.str.replace(point, ".", regex=True).where(written)


def without_affixes(text: pd.Series, affixes: Sequence[str]) -> pd.Series:
    """Return numbers without the signs that stand before or after them."""
    plain = text
    if NEGATIVE_BRACKETS in affixes:
        plain = plain.str.replace(r"^\((.*\d.*)\)$", r"-\1", regex=True)
    told = [re.escape(affix) for affix in affixes if affix != NEGATIVE_BRACKETS]
    if not told:
        return plain
    signs = "|".join(sorted(told, key=len, reverse=True))
    plain = plain.str.replace(rf"^([-{MINUS}]?)\s*(?:{signs})\s*", r"\1", regex=True)
    return plain.str.replace(rf"\s*(?:{signs})$", "", regex=True)


def parse_ranges(text: pd.Series, numbers: NumberForms | None = None) -> pd.DataFrame:
    """Return columns `low`, `high` and `is_parsed`; one number is both its ends.

    Takes what `parse_numbers` takes. A range whose first number is the greater is
    not parsed.
    """
    return per_distinct(text, lambda distinct: ranges_of(distinct, numbers))


def ranges_of(text: pd.Series, numbers: NumberForms | None) -> pd.DataFrame:
    """Return the ranges of distinct texts."""
    parts = text.str.extract(RANGE.pattern)
    low = parse_numbers(parts[0].fillna(text), numbers)
    high = parse_numbers(parts[1].fillna(text), numbers)
    in_order = text.isna() | (low["number"] <= high["number"])
    parsed = low["is_parsed"] & high["is_parsed"] & in_order
    ends = pd.DataFrame({"low": low["number"], "high": high["number"]})
    return ends.where(parsed).assign(is_parsed=parsed)


def what_is_wrong(word: str) -> str:
    """Return in words why a text is no number."""
    if re.search(r"\d,\d{3}(?!\d)", word):
        return "a number whose comma may separate thousands or decimals"
    if re.match(rf"^-?\d[\d.,{BLANKS}]*\D{{1,3}}\d?$", word):
        return "a number with a mark attached"
    return "text"

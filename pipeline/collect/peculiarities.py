"""What is peculiar about a cell: what it shows, or why it holds no value.

In here: the words and the rule that the readers of all kinds of workbook share. Not in
here: finding such cells (`sheet_xml.py`, `xls.py`, `xlsb.py`, `opendocument.py`).
"""

from functools import lru_cache

from openpyxl.styles.numbers import is_date_format

from pipeline.collect.grid import Facts
from pipeline.collect.number_format import shown_number

GENERAL = "General"
NO_DATE = "a number that is no date (it shows as ####)"
NOT_SAVED = "a formula whose value was not saved"
UNTOLD = (
    "merged and hidden cells, and what cells show, are not told of this sheet: save "
    "the file as .xlsx to be sure"
)


def error_value(shown: str) -> str:
    """Return why a cell with an error value holds no usable one."""
    return f"the error value {shown}"


def comments_remark(count: int) -> list[str]:
    """Return a remark on the comments of a sheet, where it has any."""
    return [f"{count:,} cell comments, not read"] if count else []


def take_number(facts: Facts, at: tuple[int, int], number: float, form: str) -> None:
    """Note what a sheet shows for a number, or that it is no date.

    Dates return nothing, nor does the plain format: their value says enough.
    """
    if form == GENERAL:
        return
    if is_date(form):
        if number < 0:
            facts.faults.append((*at, NO_DATE))
        return
    shown = cached_number(number, form)
    if shown and shown != plain(number):
        facts.shown[at] = shown


@lru_cache(1000)
def is_date(form: str) -> bool:
    """Return whether a number format shows a date."""
    return is_date_format(form)


@lru_cache(100_000)
def cached_number(number: float, form: str) -> str | None:
    """Return what the sheet shows for a number; the same ones come again and again."""
    return shown_number(number, form)


def plain(number: float) -> str:
    """Return a number as the fast reader gives it, where it is a usual one."""
    return str(int(number)) if number.is_integer() else str(number)

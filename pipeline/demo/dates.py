"""Dates of the made-up world: a day, and how exactly a list knows it.

In here: what is left of a day that is known to the month only. Not in here: how a list
writes it (`writing.py`).
"""

import numpy as np

from pipeline.demo.world import Days, Dice, Shares, Texts

NO_DAY = np.datetime64("NaT", "D")
FLOOR = {"MONTH": "M", "YEAR": "Y", "SEASON": "Y"}
PRECISION = {"SEASON": "YEAR", "BLANK": ""}
"""How exactly a date is known that was written as a season, or not at all."""

Columns = dict[str, np.ndarray]


def as_known(days: Days, forms: Texts) -> tuple[Days, Texts]:
    """Return the first day that each date can mean, and its precision.

    Args:
        days: the true days; where there is none, nothing is known.
        forms: DAY, MONTH, YEAR, SEASON (known to the year), UNKNOWN or BLANK.
    """
    known = days.astype("datetime64[D]").copy()
    for form, unit in FLOOR.items():
        here = forms == form
        known[here] = known[here].astype(f"datetime64[{unit}]").astype("datetime64[D]")
    known[(forms == "UNKNOWN") | (forms == "BLANK")] = NO_DAY
    precision = forms.copy()
    for form, name in PRECISION.items():
        precision[forms == form] = name
    return known, precision


def tell(columns: Columns, name: str, days: Days, shares: Shares, dice: Dice) -> None:
    """Put a date into columns as a list knows it, with its form and its true day.

    A season is told of March to November only: winter has two years.
    """
    forms = dice.pick(shares, len(days))
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    forms[(forms == "SEASON") & ((month < 3) | (month > 11))] = "YEAR"
    forms[np.isnat(days)] = "BLANK"
    retell(columns, name, days, forms)


def retell(columns: Columns, name: str, days: Days, forms: Texts) -> None:
    """Put a date into columns in given forms."""
    columns[name], columns[f"{name}_precision"] = as_known(days, forms)
    columns[f"_{name}"], columns[f"_{name}_form"] = days, forms

"""Tell which record of one delivery is which of another.

In here: the key of a record as one text, and what stands for it where the key is no
help. Not in here: comparing what the records say (`revise.py`).
"""

import pandas as pd

from pipeline.model import SEPARATOR
from schemas.fields import Record

NOT_PART_OF_A_FIGURE = ("value", "qualifier", "basis", "origin", "statement")
"""What may change while a figure of a form stays the same figure."""


def key_texts(raw: pd.DataFrame, record: Record) -> pd.Series:
    """Return the key of each record as one text; missing where a part is empty."""
    parts = raw[list(record.key)].astype("str")
    joined = parts.iloc[:, 0]
    for name in parts.columns[1:]:
        joined = joined + SEPARATOR + parts[name]
    return joined.astype("str")


def places(raw: pd.DataFrame) -> pd.Series:
    """Return the place of each record: file!sheet!cell."""
    return (raw["file"] + "!" + raw["sheet"] + "!" + raw["cell"]).astype("str")


def identities(raw: pd.DataFrame, record: Record) -> pd.Series:
    """Return what stays the same of each record from delivery to delivery.

    That is its key, or its place where the key is empty or stands twice. A figure is
    that of its period, too: the same form comes every month. One cell of a form is
    named by the program after its place, so that a row more would rename all below
    it: such a figure is known by what it counts.
    """
    whose = key_texts(raw, record)
    if record.name == "figures":
        of_form = raw["columns"].fillna("").eq("")
        counted = joined(raw, subject_fields(record))
        dated = whose + SEPARATOR + joined(raw, ["period_start", "period_end"])
        whose = dated.mask(of_form, counted)
    is_usable = whose.notna() & ~whose.duplicated(keep=False)
    return whose.where(is_usable, places(raw)).astype("str")


def subject_fields(record: Record) -> list[str]:
    """Return the fields that tell what a figure counts."""
    kinds = ("code", "date", "range")
    fields = [field.name for field in record.fields if field.kind in kinds]
    return [name for name in fields if name not in NOT_PART_OF_A_FIGURE]


def joined(raw: pd.DataFrame, names: list[str]) -> pd.Series:
    """Return several fields of each record as one text."""
    whole = pd.Series("", index=raw.index, dtype="str")
    for name in names:
        whole = whole + SEPARATOR + raw[name].fillna("").astype("str")
    return whole

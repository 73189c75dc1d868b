"""Which record and field each column and row of a sheet became.

In here: reading that off the records of a sheet, or off its headers where it has no
records. Not in here: drawing it (`preview.py`).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd
from openpyxl.utils import column_index_from_string

from pipeline.inspect.addresses import columns_from
from pipeline.inspect.declared_words import declared_head
from pipeline.inspect.field_words import FieldWords
from pipeline.inspect.seen import SeenSheet
from pipeline.model import Laid
from schemas.records import RECORDS

OF_ONE_CELL = ("figure_id", "value", "obs_mark", "qualifier")
"""Fields of a figure that belong to its cell, not to its row or column."""

Told = dict[int, tuple[str, ...]]


class Placement(NamedTuple):
    """What columns and rows became, by position, and what counts for every record."""

    columns: Told
    rows: Told
    everywhere: tuple[str, ...] = ()


def placement_of(seen: SeenSheet, words: FieldWords) -> Placement:
    """Return where the fields of the records of a sheet stand."""
    if not seen.laid.parts:
        return Placement(declared_head(seen)[1], {})
    columns: Told = {}
    rows: Told = {}
    everywhere: tuple[str, ...] = ()
    several = len({part.record for part in seen.laid.parts}) > 1
    for part in seen.laid.parts:
        one = placed(part, words)
        ahead = f"{part.record}." if several else ""
        for axis, into in ((one.columns, columns), (one.rows, rows)):
            for at, texts in axis.items():
                new = tuple(ahead + text for text in texts)
                into[at] = tuple(dict.fromkeys((*into.get(at, ()), *new)))
        everywhere += tuple(ahead + text for text in one.everywhere)
    return Placement(columns, rows, tuple(dict.fromkeys(everywhere)))


def placed(part: Laid, words: FieldWords) -> Placement:
    """Return where the fields of one table stand."""
    records = part.records
    if records.empty:
        return Placement({}, {})
    pairs = fields_at(part)
    names = [n for n in RECORDS[part.record].names if n in records.columns]
    if not pairs:
        return of_crosstab(part, [n for n in names if n not in OF_ONE_CELL], words)
    columns: Told = {}
    for at, name in pairs:
        columns[at] = (*columns.get(at, ()), name)
    held = {name for fields in columns.values() for name in fields}
    left = [n for n in names if n not in held and n not in OF_ONE_CELL]
    fixed = tuple(told(part, words, fixed_of(records, left)))
    return Placement(columns, {}, fixed)


def fields_at(part: Laid) -> list[tuple[int, str]]:
    """Return position and field of the columns of a flat table; none of a crosstab."""
    letters = str(part.records["columns"].iloc[0] or "") if len(part.records) else ""
    pairs = (pair.split(":") for pair in letters.split())
    return [(column_index_from_string(letter) - 1, name) for letter, name in pairs]


def fixed_of(records: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """Return the fields that have one and the same value in every record."""
    return {
        name: str(records[name].iloc[0])
        for name in names
        if records[name].notna().all() and records[name].nunique() == 1
    }


def told(part: Laid, words: FieldWords, fields: Mapping[str, str]) -> Iterator[str]:
    """Yield fields with their values, without those that are empty."""
    for name, text in fields.items():
        if text:
            yield words.tell(part.record, name, text)


def of_crosstab(part: Laid, names: list[str], words: FieldWords) -> Placement:
    """Return which fields of a crosstab its rows state, and which its columns."""
    records = part.records
    letters = records["cell"].astype("str").str.extract(r"^([A-Z]+)")[0]
    keys = {"columns": columns_from(letters), "rows": records["row"] - 1}
    fixed = fixed_of(records, names)
    varying = [n for n in names if n not in fixed and records[n].notna().any()]
    texts = records[varying].fillna("").astype("str")
    found: dict[str, Told] = {"columns": {}, "rows": {}}
    for axis, key in keys.items():
        groups = texts.groupby(key.to_numpy())
        counts = groups.nunique()
        own = [n for n in varying if (counts[n] == 1).all()]
        for at, row in groups.first()[own].iterrows():
            fields = {name: str(row[name]) for name in own}
            found[axis][int(str(at))] = tuple(told(part, words, fields))
    return Placement(found["columns"], found["rows"], tuple(told(part, words, fixed)))

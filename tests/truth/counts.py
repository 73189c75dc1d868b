"""Counting by hand: every combination of dimensions, each unit once.

In here: the cells of a table from the rows that it counts. Not in here: which rows
(the tables).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pandas as pd
from truth.world import Row

Cell = tuple[str, ...]
Cells = dict[Cell, float | None]
LACKING = "_X"
"""Of a field that a list never supplies."""


def counted(
    rows: Iterable[Row],
    dimensions: list[str],
    fixed: tuple[str, ...] = (),
    measure: Callable[[list[Row]], float] | None = None,
) -> Cells:
    """Return the value of each cell: source, period, unit, then the dimensions.

    Args:
        rows: with `source`, `period`, `unit`, `key` (what is counted once) and the
            dimensions.
        dimensions: their names, in order.
        fixed: those that have no total.
        measure: what the rows of a cell amount to; by default how many keys they have.
    """
    found: dict[Cell, list[Row]] = defaultdict(list)
    choices = [name for name in ("period", *dimensions) if name not in fixed]
    for row in rows:
        for taken in product((True, False), repeat=len(choices)):
            chosen = dict(zip(choices, taken, strict=True))
            told = {n: row[n] if chosen.get(n, True) else "_T" for n in dimensions}
            period = row["period"] if chosen["period"] else "_T"
            found[(row["source"], period, row["unit"], *told.values())].append(row)
    value = measure or (lambda those: float(len({row["key"] for row in those})))
    return {
        tuple("_U" if part == LACKING else part for part in cell): (
            None if LACKING in cell else value(those)
        )
        for cell, those in found.items()
    }


def published(frame: pd.DataFrame, dimensions: list[str]) -> Cells:
    """Return the cells of a table as a build published them."""
    keys = ["source_id", "time_period", "unit_measure", *dimensions]
    told: Cells = {}
    for key, value, mark in zip(
        frame[keys].itertuples(index=False, name=None),
        frame["obs_value"], frame["mark"], strict=True,
    ):  # fmt: skip
        assert pd.isna(value) == (mark == "x"), key
        told[key] = None if pd.isna(value) else float(value)
    assert len(told) == len(frame)
    return told


def differences(true: Cells, found: Cells, most: int = 12) -> list[Any]:
    """Return cells that differ: what is true, what was found."""
    none = object()
    keys = sorted({*true, *found})
    return [
        (key, true.get(key, "no cell"), found.get(key, "no cell"))
        for key in keys
        if true.get(key, none) != found.get(key, none)
    ][:most]


def code(row: Row, field: str, *, lacking: bool) -> str:
    """Return a code; `_X` where the list lacks the field, `_U` where it is blank."""
    return row.get(field) or (LACKING if lacking else "_U")

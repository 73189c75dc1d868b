"""What each kind of record is made of in a flat table: its columns, and its rows.

In here: the plans of a layout, with the positions of the columns on the sheet, the
rows in which a plan holds, and those that are no record. Not in here: making the
records (`columns.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.controls import matching
from pipeline.collect.layout import Body
from pipeline.declarations.layout_parts import AlsoRecord, Join
from pipeline.declarations.layouts import FlatTable
from pipeline.model import Role
from schemas.fields import Record
from schemas.records import RECORDS

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plan:
    """One kind of record that the rows of a table are made into."""

    record: Record
    fields: tuple[tuple[str, int], ...]
    """Field and position, in the order of the declaration."""

    join: Mapping[str, tuple[tuple[int, ...], str | None]]
    """Field → positions and the sign between them, or none to take the first."""

    constants: Mapping[str, str]
    when: Mapping[int, str]
    """Position → text that must stand there; `*` stands for any."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the columns that the record is made of, each once."""
        joined = (at for parts, _ in self.join.values() for at in parts)
        return tuple(dict.fromkeys((*(at for _, at in self.fields), *joined)))

    @property
    def placed(self) -> list[tuple[str, int]]:
        """Return field and position, a joined field at each of its columns."""
        joined = ((name, at) for name, (parts, _) in self.join.items() for at in parts)
        return [*self.fields, *joined]


def plans_of(
    table: FlatTable, columns: Mapping[str, int], around: Mapping[str, str]
) -> list[Plan]:
    """Return the kinds of record of a table, the main one first.

    Args:
        table: the layout.
        columns: declared header → position of its column.
        around: fields that the words around the table state.
    """
    made: tuple[FlatTable | AlsoRecord, ...] = (table, *table.also)
    found = []
    for one in made:
        when = {} if isinstance(one, FlatTable) else one.conditions
        found.append(
            Plan(
                RECORDS[one.record],
                pairs(one.columns, columns),
                joins(one.join, columns),
                {**one.constants, **around},
                {columns[header]: text for header, text in when.items()},
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Ignored:
    """Which rows of data are no record of a table."""

    rows: Mask
    aside: npt.NDArray[np.int64]
    """Position from which on the texts of each row count for no row below."""


def ignored_rows(
    texts: pd.DataFrame, table: FlatTable, columns: Mapping[str, int]
) -> Ignored:
    """Return which rows are no record of a table, as they stand on its sheet.

    A row told by nothing but words in columns that are filled down is a remark: a row
    below that took over its words would be none either. From the last such column on
    it stands aside. One that is told by other columns, too, may begin a region or a
    day, which counts for the rows below.

    Args:
        texts: rows of data before anything is filled down: else the words of an
            ignored row would stand in the blank cells of the records below it.
        table: the layout.
        columns: declared header → position of its column.
    """
    rows = np.zeros(len(texts), dtype=bool)
    aside = np.full(len(texts), np.iinfo(np.int64).max)
    for one in table.ignore_rows:
        told = {columns[header]: text for header, text in one.rows.items()}
        found = all_stand(texts, told)
        rows |= found
        has_words = all(text.strip("*") for text in told.values())
        if has_words and set(one.rows) <= set(table.fill_down):
            aside[found] = np.minimum(aside[found], max(told))
    return Ignored(rows, aside)


def joins(
    declared: Mapping[str, Join], columns: Mapping[str, int]
) -> dict[str, tuple[tuple[int, ...], str | None]]:
    """Return field → positions and sign of each field over several columns."""
    return {
        name: (
            tuple(columns[header] for header in join.columns),
            None if join.take == "first" else join.with_,
        )
        for name, join in declared.items()
    }


def pairs(
    declared: Mapping[str, str | tuple[str, ...]], columns: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    """Return field and position of each declared column."""
    return tuple(
        (name, columns[header])
        for header, names in declared.items()
        for name in ((names,) if isinstance(names, str) else names)
    )


def meant_rows(texts: pd.DataFrame, plan: Plan, ignored: Mask) -> pd.DataFrame:
    """Return the rows that one kind of record is made of."""
    if plan.when:
        return texts[all_stand(texts, plan.when)]
    return texts[~ignored] if ignored.any() else texts


def all_stand(texts: pd.DataFrame, told: Mapping[int, str]) -> Mask:
    """Return in which rows all of some texts stand, by position."""
    found = np.ones(len(texts), dtype=bool)
    for at, text in told.items():
        found &= matching(texts[at], text)
    return found


def drop_ignored(body: Body, rows: npt.NDArray[np.int64]) -> None:
    """Take rows that are no record out of the data, and so out of printed totals.

    What no further record took of them is marked as never read.

    Args:
        body: the rows below the header.
        rows: the rows of the sheet that are none.
    """
    for at in body.columns.values():
        left = rows[body.board.roles[rows, at] == Role.NOT_UNDERSTOOD]
        body.board.give(left, [at], Role.DROPPED)
    body.is_data[rows - body.start] = False

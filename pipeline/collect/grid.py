"""A sheet as a reader hands it over: cells in Arrow, facts beside them.

In here: the type that crosses from the reading process to ours, and making a `Sheet`
of it. Not in here: reading. Arrow and not pandas: it crosses without a copy.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.collect.size import MOST_COLUMNS, TooLargeError
from pipeline.model import Merge, Sheet

TEXT = pa.large_string()
"""What pandas holds texts in: any other type would be copied on the way."""

BATCH_CELLS = 400_000
"""Cells that are turned from rows into columns at a time."""


class OverlapError(ValueError):
    """Merged ranges overlap: no program writes that, and no reading of it is right."""


@dataclass(slots=True)
class Facts:
    """What only a slow reader knows of a sheet. Positions are counted from 0.

    Hidden rows and columns are ranges, both ends included; `remarks` hold no content.
    """

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merge] = field(default_factory=list)
    faults: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    is_hidden: bool = False
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """One sheet: its name, its cells from A1, its facts."""

    name: str
    cells: pa.Table
    facts: Facts


def sheet_of(grid: Grid) -> Sheet:
    """Return a sheet in the form that layouts read; its texts are not copied.

    Raises:
        OverlapError: merged ranges overlap.
    """
    text = pd.StringDtype(na_value=float("nan"))
    frame = grid.cells.to_pandas(types_mapper=lambda _: text)
    frame.columns = pd.RangeIndex(grid.cells.num_columns)
    facts, (rows, columns) = grid.facts, frame.shape
    return Sheet(
        grid.name,
        frame,
        facts.shown,
        within(facts.merged, rows, columns),
        tuple(sorted(facts.faults)),
        positions(facts.hidden_rows, rows),
        positions(facts.hidden_columns, columns),
        facts.is_hidden,
        tuple(facts.remarks),
    )


def positions(ranges: Iterable[tuple[int, int]], end: int) -> tuple[int, ...]:
    """Return each position of some ranges that lies before an end, sorted."""
    found = {at for first, last in ranges for at in range(first, min(last + 1, end))}
    return tuple(sorted(found))


def within(merged: Iterable[Merge], rows: int, columns: int) -> tuple[Merge, ...]:
    """Return the merged ranges that begin among the cells that are there, sorted.

    Raises:
        OverlapError: two of them share a cell.
    """
    kept = [
        m
        for m in merged
        if m.top < rows and m.left < columns and (m.top, m.left) != (m.bottom, m.right)
    ]
    refuse_overlap(kept, rows, columns)
    return tuple(sorted(kept))


def refuse_overlap(merged: Sequence[Merge], rows: int, columns: int) -> None:
    """Raise OverlapError when two merged ranges share a cell that is there.

    Ranges that cover more cells than there are must overlap; else painting each cell
    once tells. So the work is never more than the sheet is large.
    """
    ends = [(min(m.bottom + 1, rows), min(m.right + 1, columns)) for m in merged]
    area = sum(
        (down - m.top) * (right - m.left)
        for m, (down, right) in zip(merged, ends, strict=True)
    )
    if area > rows * columns:
        raise OverlapError("merged ranges that overlap")
    painted = np.zeros((max((down for down, _ in ends), default=0), columns), bool)
    for m, (down, right) in zip(merged, ends, strict=True):
        block = painted[m.top : down, m.left : right]
        if block.any():
            raise OverlapError("merged ranges that overlap")
        block[:] = True


def placed(batch: pa.RecordBatch, first: int) -> pa.Table:
    """Return cells as a table that begins at column A, empty texts missing."""
    columns = [without_empty(column) for column in batch.columns]
    empty = [pa.nulls(batch.num_rows) for _ in range(first if columns else 0)]
    cells = named([*empty, *columns])
    return cells.cast(pa.schema([(name, TEXT) for name in cells.column_names]))


def without_empty(column: pa.Array) -> pa.Array:
    """Return a column with no empty texts: nothing stands there."""
    wide = np.int64 if pa.types.is_large_string(column.type) else np.int32
    ends = np.frombuffer(column.buffers()[1], wide)[column.offset :][: len(column) + 1]
    if np.count_nonzero(ends[1:] == ends[:-1]) == column.null_count:
        return column
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)


def named(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Return columns as a table; they are called by their position."""
    return pa.table(list(columns), names=[str(at) for at in range(len(columns))])


def table_of(rows: Iterable[list[str]]) -> pa.Table:
    """Return rows of text, of any lengths, as one table.

    They become columns some at a time, so that few are held as Python's texts.

    Raises:
        TooLargeError: a row is longer than any sheet is wide.
    """
    parts = [
        [without_empty(pa.array(c, TEXT)) for c in zip_longest(*batch, fillvalue="")]
        for batch in in_batches(rows)
    ]
    heights = [len(part[0]) for part in parts]
    width = max(map(len, parts), default=0)
    columns = []
    for at in range(width):
        chunks = [
            part[at] if at < len(part) else pa.nulls(height, TEXT)
            for part, height in zip(parts, heights, strict=True)
        ]
        columns.append(pa.chunked_array(chunks, TEXT))
    return named(columns)


def in_batches(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Yield rows, some at a time, an empty row as one empty cell."""
    batch: list[list[str]] = []
    width = 1
    for row in rows:
        batch.append(row or [""])
        width = max(width, len(row))
        if width > MOST_COLUMNS:
            raise TooLargeError(f"too large: a row of {width:,} cells")
        if len(batch) * width >= BATCH_CELLS:
            yield batch
            batch, width = [], 1
    if batch:
        yield batch

"""A sheet as one edition of a form: headers, row labels, and cells by both.

In here: finding a cell again when rows and columns have moved. Not in here: what
differs between two editions (`compare.py`).

Where a layout says so, rows are known by the key of their record or by their labels;
else by the text in their first column, below the row that looks like a header.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.collect.flat import HEADER_WITHIN
from pipeline.collect.layout import LEVELS, paths, spread, texts_of, trimmed
from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.layouts import NonDataSheet
from pipeline.inspect.addresses import Position, letter, runs
from pipeline.inspect.placement import fields_at
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.inspect.telling import Teller
from pipeline.model import Role
from schemas.records import RECORDS

OTHER_ROLES = (Role.TITLE, Role.NOTE, Role.NON_DATA)
Key = tuple[str, str, int]
"""Row, column, and which of several cells that have both."""


@dataclass(frozen=True, slots=True)
class EditionCell:
    """One cell: where it stands, what it holds, what may be told of it."""

    at: Position
    text: str
    told: str | None


@dataclass(slots=True)
class Edition:
    """One sheet of one edition. Keys are normalised texts.

    `headers` and `rows` lead from a key to what is told of it; `others` are texts that
    belong to no row and column, such as titles and notes.
    """

    name: str
    headers: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    cells: dict[Key, EditionCell] = field(default_factory=dict)
    others: dict[str, list[EditionCell]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    has_identifiers: bool = False
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What orders the cells of a sheet.

    `names` is header by last row of its block and column, `keys` what each row is known
    by, `labels` the columns that it is called by, `stubs` those that hold labels alone.
    """

    heads: list[tuple[int, ...]]
    names: dict[Position, str]
    keys: dict[int, str]
    labels: dict[int, tuple[int, ...]]
    stubs: dict[int, tuple[int, ...]]
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many cells of a row and column there are so far."""

    def is_head(self, row: int) -> bool:
        """Return whether a row is one of the header rows."""
        return any(row in block for block in self.heads)

    def name_at(self, row: int, at: int) -> str:
        """Return the header above a cell, or an empty text."""
        above = [block[-1] for block in self.heads if block[-1] < row]
        return self.names.get((max(above), at), "") if above else ""


def edition_of(
    file: SeenFile,
    seen: SeenSheet,
    lists: Mapping[str, CodeList],
    *,
    by_layout: bool = True,
) -> Edition:
    """Return a sheet with its cells by row and column.

    Args:
        file: the file, which tells what may be told of it.
        seen: the sheet.
        lists: code lists by name.
        by_layout: whether the layout tells rows and columns. Where it fits only one
            of two editions, it must tell them of neither.
    """
    texts = trimmed(seen.sheet.values)
    teller = Teller(file, seen, texts, lists)
    order = order_of(seen, texts) if by_layout else plain_order(texts)
    found = Edition(seen.sheet.name, hidden=hidden_of(seen))
    if by_layout:
        found.words = teller.words()
        found.has_identifiers = bool(identifier_columns(seen))
    for block in order.heads:
        for at, text in column_names(seen, texts, block).items():
            told = (teller.header(block, at, text), letter(at))
            found.headers.setdefault(normalise(text), told)
    for row, key in order.keys.items():
        found.rows.setdefault(key, (teller.row(row, order.labels.get(row, ())), row))
    is_other = np.isin(seen.laid.roles, OTHER_ROLES) & by_layout
    grid = texts.to_numpy()
    for row, at in filled(texts):
        cell = EditionCell((row, at), str(grid[row, at]), teller.cell(row, at))
        put(found, order, cell, is_other=bool(is_other[row, at]))
    return found


def put(found: Edition, order: Order, cell: EditionCell, *, is_other: bool) -> None:
    """Keep a cell by its row and column, the second of a kind as such, or by its text.

    Headers and labels are kept already.
    """
    row, at = cell.at
    if order.is_head(row) or at in order.stubs.get(row, ()):
        return
    column = order.name_at(row, at)
    if is_other or not column or row not in order.keys:
        found.others.setdefault(cell.text, []).append(cell)
        return
    key = (order.keys[row], column)
    order.counts[key] = order.counts.get(key, 0) + 1
    found.cells[(*key, order.counts[key])] = cell


def plain_order(texts: pd.DataFrame) -> Order:
    """Return what seems to order the cells of a sheet: its header and first column."""
    head = likely_header(texts)
    if not head:
        return Order([], {}, {}, {}, {})
    names = {
        (head[0], int(str(at))): normalise(str(text))
        for at, text in texts.iloc[head[0]].dropna().items()
    }
    return Order([tuple(head)], names, keys_by_first_column(texts, head[0]), {}, {})


def order_of(seen: SeenSheet, texts: pd.DataFrame) -> Order:
    """Return what orders the cells of a sheet, as its layout says."""
    if isinstance(seen.layout, NonDataSheet):
        return Order([], {}, {}, {}, {})
    if not seen.laid.parts:
        return plain_order(texts)
    heads = head_blocks(seen)
    identifiers = identifier_columns(seen)
    keys = keys_by_identifier(texts, identifiers) or keys_by_labels(seen, texts)
    names = {
        (block[-1], at): normalise(text)
        for block in heads
        for at, text in column_names(seen, texts, block).items()
    }
    stubs = stub_cells(seen, keys)
    return Order(heads, names, keys, stubs | identifiers, stubs)


def filled(texts: pd.DataFrame) -> Iterator[Position]:
    """Yield the cells that hold a text, from top to bottom."""
    rows, columns = np.nonzero(texts.notna().to_numpy())
    yield from zip(rows.tolist(), columns.tolist(), strict=True)


def hidden_of(seen: SeenSheet) -> str:
    """Return how much of a sheet is hidden, in words."""
    sheet = seen.sheet
    both = (("rows", sheet.hidden_rows), ("columns", sheet.hidden_columns))
    parts = [f"{len(part)} {name}" for name, part in both if part]
    return ", ".join(parts + ["the sheet itself"] * sheet.is_hidden)


def head_blocks(seen: SeenSheet) -> list[tuple[int, ...]]:
    """Return the header rows, those that stand together as one block."""
    rows = np.flatnonzero((seen.laid.roles == Role.HEADER).any(axis=1)).tolist()
    return [tuple(range(first, last + 1)) for first, last in runs(rows)]


def likely_header(texts: pd.DataFrame) -> list[int]:
    """Return the first row that is nearly as full as any, if there is one."""
    counts = texts.notna().sum(axis=1).to_numpy()[:HEADER_WITHIN]
    if not len(counts) or counts.max() < 2:
        return []
    return [int(np.argmax(counts * 3 >= counts.max() * 2))]


def column_names(
    seen: SeenSheet, texts: pd.DataFrame, block: tuple[int, ...]
) -> dict[int, str]:
    """Return position → header, its levels joined, of one block of header rows."""
    merged = seen.sheet.merged
    levels = [spread(lambda at: texts_of(texts.iloc[at]), merged, row) for row in block]
    return paths(levels, dict.fromkeys(at for level in levels for at in level))


def identifier_columns(seen: SeenSheet) -> dict[int, tuple[int, ...]]:
    """Return row → columns of the key of its record, where the sheet holds the key."""
    found: dict[int, tuple[int, ...]] = {}
    for part in seen.laid.parts:
        columns = {name: at for at, name in fields_at(part)}
        key = RECORDS[part.record].key
        if all(name in columns for name in key):
            at = tuple(columns[name] for name in key)
            for row in part.records["row"]:
                found.setdefault(int(row) - 1, at)
    return found


def keys_by_identifier(
    texts: pd.DataFrame, identifiers: Mapping[int, tuple[int, ...]]
) -> dict[int, str]:
    """Return row → what its record is called by the source."""
    grid, is_filled = texts.to_numpy(), texts.notna().to_numpy()
    return {
        row: LEVELS.join(str(grid[row, at]) for at in columns)
        for row, columns in identifiers.items()
        if is_filled[row, [*columns]].all()
    }


def keys_by_labels(seen: SeenSheet, texts: pd.DataFrame) -> dict[int, str]:
    """Return row → its labels; one that stands further left counts for those below."""
    grid, found = texts.to_numpy(), {}
    above: dict[int, str] = {}
    is_label = seen.laid.roles == Role.DIMENSION
    for row in np.flatnonzero(is_label.any(axis=1)).tolist():
        own = {
            at: normalise(str(grid[row, at]))
            for at in np.flatnonzero(is_label[row]).tolist()
        }
        first = min(own)
        above = {at: text for at, text in above.items() if at < first} | own
        found[row] = LEVELS.join(text for _, text in sorted(above.items()))
    return found


def keys_by_first_column(texts: pd.DataFrame, head: int) -> dict[int, str]:
    """Return row → the text of its first filled cell, of the rows below a header."""
    grid, found = texts.to_numpy(), {}
    is_filled = texts.notna().to_numpy()
    for row in range(head + 1, len(texts)):
        if is_filled[row].any():
            found[row] = normalise(str(grid[row, is_filled[row].argmax()]))
    return found


def stub_cells(seen: SeenSheet, keys: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Return row → the columns that hold nothing but its labels."""
    if any(fields_at(part) for part in seen.laid.parts):
        return {}
    is_label = seen.laid.roles == Role.DIMENSION
    return {row: tuple(np.flatnonzero(is_label[row]).tolist()) for row in keys}

"""Nested blocks: a key on its own row, its details in the rows below.

In here: which rows are keys and ends, and which key counts for which row; cells that
count for the rows below them, too. Not in here: the fields of the details
(`columns.py`).
"""

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.area import Span
from pipeline.collect.layout import Board, Body
from pipeline.declarations.layouts import FlatTable
from pipeline.model import Role
from schemas.records import RECORDS


@dataclass(slots=True)
class Block:
    """What the keys say, by row of the sheet.

    `fields` has the fields of the key for each row of details; `own_cells` how many
    cells of the key are counted with which row; `alone` are rows of keys without
    details that are records; `number` tells the block of each row.
    """

    fields: dict[int, dict[str, str]] = field(default_factory=dict)
    own_cells: dict[int, int] = field(default_factory=dict)
    alone: list[int] = field(default_factory=list)
    number: dict[int, int] = field(default_factory=dict)


def blocks_of(body: Body, table: FlatTable, span: Span) -> Block | None:
    """Return the blocks of a table; its keys and ends are taken out of the data."""
    declared = table.blocks
    if declared is None:
        return None
    key, end = re.compile(declared.key), re.compile(declared.end or r"(?!)")
    found, open_key, keys = Block(), -1, {}
    fields = {one.name: one.kind for one in RECORDS[table.record].fields}
    has_person = any(fields.get(name) == "pseudonym" for name in key.groupindex)
    role = Role.PERSON if has_person else Role.DIMENSION
    for row in body.data:
        text = first_text(body.board, int(row), span)
        if match := key.fullmatch(text):
            open_key, keys[row] = row, match.groupdict(default="")
            body.board.give([row], [first_at(body.board, row, span)], role)
        elif end.fullmatch(text):
            open_key = -1
            body.board.give([row], [first_at(body.board, row, span)], Role.NOTE)
        else:
            if open_key >= 0:
                found.fields[row] = keys[open_key]
                found.number[row] = open_key
            continue
        body.is_data[row - body.start] = False
    keep_keys(body.board, declared.without_details, found, keys, span)
    return found


def keep_keys(
    board: Board,
    without_details: str,
    found: Block,
    keys: dict[int, dict[str, str]],
    span: Span,
) -> None:
    """Count the cells of each key with its first detail, or as a record alone."""
    leaders = {key: row for row, key in reversed(found.number.items())}
    for row, fields in keys.items():
        cells = 1  # of the key; what else stands in its row is left over
        if row in leaders:
            found.own_cells[leaders[row]] = cells
        elif without_details == "record":
            found.alone.append(row)
            found.fields[row] = fields
            found.own_cells[row] = cells
        elif board.roles[row, first_at(board, row, span)] != Role.PERSON:
            board.give([row], [first_at(board, row, span)], Role.NON_DATA)


def first_at(board: Board, row: int, span: Span) -> int:
    """Return the position of the first filled cell of a row within a table."""
    return next(at for at in board.row(row) if at in span.columns)


def first_text(board: Board, row: int, span: Span) -> str:
    """Return the first text of a row within the columns of a table."""
    texts = (t for at, t in board.row(row).items() if at in span.columns)
    return next(texts, "")


def filled_merged(texts: pd.DataFrame, body: Body, table: FlatTable) -> pd.DataFrame:
    """Return the texts, one in a merged cell standing in each of its rows."""
    headers = (*table.fill_merged, *table.fill_down)
    columns = {body.columns[header] for header in headers}
    merges = [one for one in body.board.merged if one.left in columns]
    filled = texts.copy() if merges else texts
    for merge in merges:
        text = body.board.row(merge.top).get(merge.left)
        if text is not None:
            inside = (texts.index >= merge.top) & (texts.index <= merge.bottom)
            filled[merge.left] = filled[merge.left].mask(inside, text)
    return filled


def filled_down(
    texts: pd.DataFrame,
    positions: list[int],
    block: Block | None,
    aside: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Return the texts, an empty cell having that of the cell above in its group.

    A block is a group, and so are the rows of one text in a column further left: a
    district is not carried from one region into the next.

    Args:
        texts: rows of data by row of the sheet.
        positions: columns that are filled down.
        block: where blocks end, if there are any.
        aside: position from which on the texts of each row neither count for those
            below nor end what does.
    """
    if not positions:
        return texts
    filled = texts.copy()
    numbers = block.number if block is not None else {}
    group = runs(pd.Series(numbers, dtype="float64").reindex(texts.index).fillna(-1))
    for at in sorted(positions):
        passed = texts[at].mask(aside <= at).groupby(group).ffill()
        group = runs(group, passed.fillna(""))
        filled[at] = texts[at].fillna(passed)
    return filled


def runs(*columns: pd.Series) -> pd.Series:
    """Return a number for each run of rows that are the same in all columns."""
    is_new = pd.Series(False, index=columns[0].index)
    for column in columns:
        is_new |= column.ne(column.shift())
    return is_new.cumsum()

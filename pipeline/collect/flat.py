"""A flat table: a header found by its text, one record a row below it, or several.

In here: the layout `flat`: header rows, which rows are data, and the order of the
steps. Not in here: making fields of columns (`columns.py`); rows that belong to a
key above them (`blocks.py`); printed totals (`controls.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.area import Span, fields_around, find_area, title_texts
from pipeline.collect.blocks import blocks_of
from pipeline.collect.columns import records_of_rows
from pipeline.collect.controls import flat_controls, printed_rows
from pipeline.collect.layout import (
    Board,
    Body,
    form_of,
    merged_refusal,
    paths,
    refusal,
    refuse_repeated,
    starts_with,
    two_sided,
)
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layouts import FlatTable
from pipeline.lineage import address
from pipeline.model import Laid, Merge, Role

HEADER_WITHIN = 60
"""Rows in which a header row is looked for."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a flat table: its rows, and the text above each column."""

    top: int
    stop: int
    columns: dict[str, int]
    """Declared header → position of its column."""


def lay_flat(board: Board, table: FlatTable) -> tuple[list[Laid], pd.DataFrame]:
    """Return the records of a flat table, and its printed totals.

    Raises:
        LayoutError: no header row, columns missing or not declared, or cells merged
            over several records.
    """
    span = find_area(board, table.area)
    head = find_head(board, table, span)
    board.give(slice(head.top, head.stop), span.columns, Role.HEADER)
    around = fields_around(board, table, title_texts(board, span, head.top))
    body = Body(board, head.columns, head.stop, data_rows(board, table, span, head))
    body.printed = printed_rows(body, table.controls)
    refuse_merged(body, table)
    block = blocks_of(body, table, span)
    body.is_data &= ~body.printed.any(axis=1)
    parts = records_of_rows(body, table, block, around)
    for at in (head.columns[header] for header in table.dropped):
        # Of a column that `also:` takes in some rows, what the others hold is dropped.
        left = board.roles[body.data, at] == Role.NOT_UNDERSTOOD
        board.give(body.data[left], [at], Role.DROPPED)
    return parts, flat_controls(body, table)


def find_head(board: Board, table: FlatTable, span: Span) -> Head:
    """Return the header with most of the declared texts.

    Raises:
        LayoutError: no row holds even a third of them, or they differ from those
            declared.
    """
    wanted = {normalise(text) for text in table.headers}
    last = min(span.stop, span.top + HEADER_WITHIN)
    paths, hits = {}, {}
    for row in range(span.top, last - table.header_rows + 1):
        paths[row] = texts = header_texts(board, table, span, row)
        forms = {form_of(text, table.footnotes) for text in texts.values()}
        hits[row] = len(wanted & forms)
        if hits[row] == len(wanted):
            break
    best = max(hits, key=lambda row: hits[row], default=-1)
    if best < 0 or hits[best] * 3 < len(wanted):
        raise refusal(
            board.where.at(),
            f"no header row found within the first {HEADER_WITHIN} rows",
            "a row with the columns " + ", ".join(table.columns),
            "check that it is the right file and the right sheet",
        )
    return head_of(board, table, best, paths[best])


def header_texts(
    board: Board, table: FlatTable, span: Span, row: int
) -> dict[int, str]:
    """Return position → header, its levels joined or chosen as declared."""
    rows = range(row, row + table.header_rows)
    levels = [level_texts(board, one, span) for one in rows]
    if table.header_name != "path":
        return levels[0 if table.header_name == "first" else -1]
    return paths(levels, span.columns)


def level_texts(board: Board, row: int, span: Span) -> dict[int, str]:
    """Return position → text of one header row; an upper band spans its columns."""
    texts = {at: t for at, t in board.row(row).items() if at in span.columns}
    for merge in board.merged:
        if merge.top <= row <= merge.bottom and merge.bottom > merge.top:
            own = board.row(merge.top).get(merge.left)
            texts |= {merge.left: own} if own else {}
        if merge.top == row and merge.left in texts and has_below(board, merge):
            spread = range(merge.left, merge.right + 1)
            texts |= dict.fromkeys(spread, texts[merge.left])
    return texts


def has_below(board: Board, merge: Merge) -> bool:
    """Return whether headers of their own stand below a merged band."""
    below = board.row(merge.bottom + 1) if merge.bottom + 1 < len(board.texts) else {}
    inside = range(merge.left + 1, merge.right + 1)
    return any(at in below for at in inside)


def head_of(board: Board, table: FlatTable, row: int, texts: dict[int, str]) -> Head:
    """Return the header at a row.

    Raises:
        LayoutError: a header is missing, not declared, or stands twice.
    """
    where, signs = board.where, table.footnotes
    refuse_repeated(where, "header", {address(row, at): t for at, t in texts.items()})
    found = {text: address(row, at) for at, text in texts.items()}
    two_sided(where, "column", table.headers, found, signs)
    positions = {form_of(text, signs): at for at, text in texts.items()}
    columns = {header: positions[normalise(header)] for header in table.headers}
    return Head(row, row + table.header_rows, columns)


def data_rows(board: Board, table: FlatTable, span: Span, head: Head) -> Mask:
    """Return which rows below the header may be data: not blank, note or header."""
    texts = board.texts.iloc[head.stop : span.stop, span.left : span.right]
    filled = board.filled[head.stop : span.stop, span.left : span.right]
    is_note = starts_with(texts, filled, table.notes)
    board.give(np.flatnonzero(is_note) + head.stop, span.columns, Role.NOTE)
    is_data: Mask = filled.any(axis=1) & ~is_note
    if table.repeats_header:
        first = min(head.columns.values())
        again = board.texts.iat[head.stop - 1, first]
        same = (texts.iloc[:, first - span.left] == again).to_numpy(dtype=bool)
        board.give(np.flatnonzero(same) + head.stop, span.columns, Role.HEADER)
        is_data &= ~same
    return is_data


def refuse_merged(body: Body, table: FlatTable) -> None:
    """Raise LayoutError when cells of several records are merged.

    One value over three rows may be meant for each of them, or for the first: only
    `fill_merged:` or `fill_down:` says so. What is dropped may be merged as it likes.
    """
    told = (*table.fill_down, *table.fill_merged)
    filled_down = {body.columns[header] for header in told}
    mapped = {at for header, at in body.columns.items() if header not in table.dropped}
    is_meant = body.is_data & ~body.printed.any(axis=1)
    for merge in body.board.merged:
        first = max(merge.top - body.start, 0)
        if not is_meant[first : max(merge.bottom - body.start + 1, 0)].any():
            continue
        crosses = mapped & set(range(merge.left, merge.right + 1))
        if merge.bottom > merge.top and crosses <= filled_down:
            continue
        if (merge.bottom > merge.top and crosses) or len(crosses) > 1:
            raise merged_refusal(body.board, merge)

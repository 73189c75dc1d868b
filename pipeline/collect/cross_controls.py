"""Totals that a crosstab prints in rows and columns of their own.

In here: which cells a printed total of a crosstab is the sum of. Not in here: the
comparison itself (`controls.py`).
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.collect.controls import (
    CONTROL_COLUMNS,
    Printed,
    compared,
    parts_of_row,
    printed_rows,
)
from pipeline.collect.layout import Board, Body, form_of
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layout_parts import Control, Fields
from pipeline.declarations.layouts import CrosstabTable
from pipeline.model import Role

Axes = tuple[dict[int, Fields], dict[int, Fields], dict[int, str]]
"""Rows of data, columns of data, and labels of the other rows."""


def cross_controls(
    board: Board,
    table: CrosstabTable,
    heads: Mapping[int, str],
    labels: Mapping[int, str],
    axes: Axes,
) -> pd.DataFrame:
    """Return the totals of a crosstab beside the sums of their parts.

    Rows that `controls:` tells by their labels are taken out of the rows of data.
    """
    rows, columns, others = axes
    found = [*by_labels(board, table, heads, axes)]
    plain = {form_of(text, table.footnotes): row for row, text in labels.items()}
    for text, control in table.row_controls.items():
        row = plain[normalise(text)]
        parts = chosen(control, row, [*rows], plain)
        sums = summed(table, heads, columns)
        board.give([row], sums, Role.CONTROL)
        for at in (at for at in sums if board.roles[row, at]):
            printed = Printed((row, at), heads[at], [(part, at) for part in parts])
            found.append(compared(board, table, control, printed))
    plain = {form_of(text, table.footnotes): at for at, text in heads.items()}
    for text, control in table.column_controls.items():
        at = plain[normalise(text)]
        parts = chosen(control, at, [*columns], plain)
        board.give([*rows, *others], [at], Role.CONTROL)
        for row in (row for row in rows if board.roles[row, at]):
            printed = Printed((row, at), labels[row], [(row, part) for part in parts])
            found.append(compared(board, table, control, printed))
    return pd.DataFrame(found, columns=CONTROL_COLUMNS)


def summed(
    table: CrosstabTable, heads: Mapping[int, str], columns: Iterable[int]
) -> list[int]:
    """Return the columns in which a row of totals has one, that of totals too."""
    told = {normalise(text) for text in table.column_controls}
    forms = {at: form_of(text, table.footnotes) for at, text in heads.items()}
    return [*columns, *(at for at, form in forms.items() if form in told)]


def by_labels(
    board: Board, table: CrosstabTable, heads: Mapping[int, str], axes: Axes
) -> Iterator[dict[str, object]]:
    """Yield the totals of rows that are told by the texts of their labels."""
    rows, columns, _ = axes
    if not table.controls or not rows:
        return
    first, sums = min(rows), summed(table, heads, columns)
    is_data = np.isin(np.arange(first, max(rows) + 1), [*rows])
    body = Body(board, stub_positions(board, table, first), first, is_data)
    body.printed = printed_rows(body, table.controls)
    body.is_data = is_data & ~body.printed.any(axis=1)
    for number, control in enumerate(table.controls):
        for row in body.rows[body.printed[:, number]]:
            parts = parts_of_row(body, control, int(row))
            board.give([int(row)], sums, Role.CONTROL)
            for at in sums:
                cells = [(part, at) for part in parts]
                printed = Printed((int(row), at), heads[at], cells)
                yield compared(board, table, control, printed)
    for row in body.rows[body.printed.any(axis=1)]:
        del rows[int(row)]


def stub_positions(board: Board, table: CrosstabTable, first: int) -> dict[str, int]:
    """Return header → position of the columns of row labels."""
    found = {}
    for row in range(first):
        texts = {normalise(text): at for at, text in board.row(row).items()}
        for stub in table.stub_columns:
            if stub.header and normalise(stub.header) in texts:
                found[stub.header] = texts[normalise(stub.header)]
    return found


def chosen(
    control: Control, at: int, data: Iterable[int], plain: Mapping[str, int]
) -> list[int]:
    """Return the positions of the parts of a printed total."""
    if isinstance(control.of, tuple):
        return [plain[normalise(text)] for text in control.of]
    return parts_beside(control.of, at, data, {*plain.values()} - {*data} - {at})


def parts_beside(
    of: str, at: int, data: Iterable[int], others: Iterable[int]
) -> list[int]:
    """Return the positions of data that a total at a position is the sum of.

    Args:
        of: `above` or `below` it, as far as the next of the others; else all.
        at: where the total stands.
        data: positions of the data.
        others: positions of all that is neither data nor this total.
    """
    if of == "above":
        start = max((other for other in others if other < at), default=-1)
        return [one for one in data if start < one < at]
    if of == "below":
        stop = min((other for other in others if other > at), default=None)
        return [one for one in data if one > at and (stop is None or one < stop)]
    return [*data]

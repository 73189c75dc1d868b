"""Addresses of cells, back to positions: C17 is row 16, column 2.

In here: the way back from what `lineage.address` writes. Not in here: that way there.
"""

import re
from collections.abc import Sequence

import pandas as pd
from openpyxl.utils import column_index_from_string, get_column_letter

from pipeline.lineage import address

CELL = re.compile(r"\b([A-Z]{1,3})([1-9]\d{0,6})\b")

Position = tuple[int, int]


def first_cell(text: str) -> Position:
    """Return row and column of the first address in a text; (0, 0) without one."""
    return next(iter(cells_in(text)), (0, 0))


def cells_in(text: str) -> list[Position]:
    """Return row and column of every address in a text, counted from 0."""
    return [
        (int(row) - 1, column_index_from_string(letters) - 1)
        for letters, row in CELL.findall(text)
    ]


def columns_from(letters: pd.Series) -> pd.Series:
    """Return the positions of columns; 0 where there is no letter."""
    known = {one: column_index_from_string(one) - 1 for one in letters.unique() if one}
    return letters.map(known).fillna(0).astype("int64")


def letter(column: int) -> str:
    """Return the letter of a column."""
    return get_column_letter(column + 1)


def ranges(cells: Sequence[Position]) -> list[str]:
    """Return cells as ranges such as B3 and A7:C9, from top to bottom.

    Cells beside each other in a row become one, and rows of the same columns below
    each other, too.
    """
    strips: dict[Position, list[int]] = {}
    for left, right, row in row_strips(cells):
        strips.setdefault((left, right), []).append(row)
    blocks = [
        (top, left, bottom, right)
        for (left, right), rows in strips.items()
        for top, bottom in runs(rows)
    ]
    return [
        address(top, left)
        + ("" if (top, left) == (bottom, right) else f":{address(bottom, right)}")
        for top, left, bottom, right in sorted(blocks)
    ]


def row_strips(cells: Sequence[Position]) -> list[tuple[int, int, int]]:
    """Return left, right and row of the cells that stand beside each other."""
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        by_row.setdefault(row, []).append(column)
    return [
        (left, right, row)
        for row, columns in by_row.items()
        for left, right in runs(columns)
    ]


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of numbers that follow each other."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found

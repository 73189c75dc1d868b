"""Which part of a sheet is drawn, and how its merged ranges fall into it.

In here: rows, columns and spans. Not in here: what is in the cells (`preview.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.inspect.addresses import Position, runs
from pipeline.model import Merge, Role

MOST_ROWS, MOST_COLUMNS = 500, 60
MOST_FURTHER_ROWS, MOST_FURTHER_COLUMNS = 500, 40
"""How many rows and columns with a problem are drawn behind the first ones."""


@dataclass(frozen=True, slots=True)
class Window:
    """The rows and columns that are drawn, and how many there are in all."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    height: int
    width: int

    @property
    def rows_left_out(self) -> int:
        """Return how many rows are not drawn."""
        return self.height - len(self.rows)

    @property
    def columns_left_out(self) -> int:
        """Return how many columns are not drawn."""
        return self.width - len(self.columns)


@dataclass(frozen=True, slots=True)
class Span:
    """How many rows and columns a drawn cell covers."""

    rows: int = 1
    columns: int = 1


def window_of(roles: npt.NDArray[np.uint8], to_mend: Iterable[Position]) -> Window:
    """Return what is drawn of a sheet: its beginning, and wherever there is a problem.

    Blank rows and columns at its end are no part of it.
    """
    filled = roles != Role.EMPTY
    cells = sorted(set(to_mend))
    height = end_of(filled.any(axis=1), [row for row, _ in cells])
    width = end_of(filled.any(axis=0), [column for _, column in cells])
    rows = chosen(height, [row for row, _ in cells], MOST_ROWS, MOST_FURTHER_ROWS)
    columns = chosen(
        width, [column for _, column in cells], MOST_COLUMNS, MOST_FURTHER_COLUMNS
    )
    return Window(rows, columns, height, width)


def end_of(is_filled: npt.NDArray[np.bool_], others: Iterable[int]) -> int:
    """Return the number of rows or columns up to the last that holds something."""
    last = np.flatnonzero(is_filled)
    return max([int(last[-1]) if len(last) else -1, *others]) + 1


def chosen(
    end: int, wanted: Iterable[int], first: int, further: int
) -> tuple[int, ...]:
    """Return the first positions and, behind them, those that are wanted."""
    behind = sorted({at for at in wanted if first <= at < end})[:further]
    return (*range(min(first, end)), *behind)


def spans_of(
    window: Window, merged: Iterable[Merge], roles: npt.NDArray[np.uint8]
) -> dict[Position, Span | None]:
    """Return the span of the cells that begin a merged range, and None of those hidden.

    A range that rows or columns left out cut through is drawn in its parts. One that
    covers filled cells is drawn as single cells: none of them may be lost from sight.
    """
    spans: dict[Position, Span | None] = {}
    for merge in merged:
        inside = roles[merge.top : merge.bottom + 1, merge.left : merge.right + 1]
        if np.count_nonzero(inside) > 1 or (inside.any() and not inside[0, 0]):
            continue
        rows = [row for row in window.rows if merge.top <= row <= merge.bottom]
        columns = [at for at in window.columns if merge.left <= at <= merge.right]
        for top, bottom in runs(rows):
            for left, right in runs(columns):
                for row in range(top, bottom + 1):
                    spans |= dict.fromkeys((row, at) for at in range(left, right + 1))
                spans[top, left] = Span(bottom - top + 1, right - left + 1)
    return spans

"""The cells of a sheet as they are drawn: text, role, span, what is hidden.

In here: one table of the page. Not in here: which part of a sheet it is
(`window.py`), which texts may be shown (`showing.py`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.collect.controls import DIFFERS, EXPLAINED
from pipeline.inspect.addresses import Position, first_cell, letter
from pipeline.inspect.findings import cell_of
from pipeline.inspect.judged import Judged
from pipeline.inspect.placement import Placement
from pipeline.inspect.roles import REFUSED, WORDS, RoleWords
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.inspect.showing import PRIVATE, may_be_shown
from pipeline.inspect.window import Span, Window, spans_of, window_of
from pipeline.lineage import address
from pipeline.model import Role

DOTS, MASKED = "••••", "text"
"""In the place of what identifies a person or is dropped, and of other masked texts.

Neither tells how long the text is.
"""

MIDNIGHT = " 00:00:00"
"""What the reader writes behind a date, and no sheet shows."""

COLUMNS_OF_A_PAGE, LARGEST_PRINT, SMALLEST_PRINT = 10, 0.8, 0.25
MOST_CHARACTERS = 300
NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SHORT_NUMBER = re.compile(r"[-−]?[\d\s.,%]{1,24}")


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """One cell: its role (None where it is empty), its text, what else is told."""

    address: str
    role: RoleWords | None
    text: str
    span: Span
    told: str = ""
    code: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One row; `gap` tells how many rows are left out above it."""

    number: int
    gap: int
    is_hidden: bool
    fields: tuple[str, ...]
    cells: tuple[DrawnCell, ...]


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """The head of one column; `gap` tells how many are left out before it."""

    letter: str
    gap: int
    is_hidden: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The drawn part of a sheet."""

    window: Window
    columns: tuple[DrawnColumn, ...]
    rows: tuple[DrawnRow, ...]
    covered: Mapping[Position, Position] = field(default_factory=dict)

    @property
    def print_scale(self) -> float:
        """Return how small the table is printed, so that its columns fit on a page."""
        fitting = COLUMNS_OF_A_PAGE / max(1, len(self.columns))
        return round(min(LARGEST_PRINT, max(SMALLEST_PRINT, fitting)), 2)

    def drawn_at(self, cell: Position) -> Position | None:
        """Return the drawn cell that shows a cell, if one does."""
        if cell[0] in self.window.rows and cell[1] in self.window.columns:
            return self.covered.get(cell, cell)
        return None


class Painter:
    """Draws the cells of one sheet."""

    def __init__(
        self, file: SeenFile, seen: SeenSheet, judged: Judged, window: Window
    ) -> None:
        """Prepare to draw. A culprit is a cell that a problem of the layout names."""

        def drawn(frame: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
            is_drawn = frame["sheet"].eq(seen.sheet.name)
            mine = frame.loc[is_drawn & frame["row"].isin(window.rows), list(names)]
            return mine.itertuples(index=False, name=None)

        self.seen, self.is_restricted = seen, file.is_restricted
        self.may_show = may_be_shown(file, seen)
        self.roles = seen.laid.roles
        self.refused = {
            (int(row), int(at)): str(what)
            for row, at, what in drawn(judged.cells, "row", "column", "what")
        }
        # A word in a label of a crosstab is refused with each number of its row.
        is_crosstab = any(
            part.records["columns"].eq("").any() for part in seen.laid.parts
        )
        self.odd_rows = {row for row, _ in self.refused} if is_crosstab else set()
        self.codes = {
            (int(row), int(at)): (str(code), str(label))
            for row, at, code, label in drawn(
                judged.codes, "row", "column", "code", "label"
            )
        }
        named = (cell_of(problem, file, seen) for problem in seen.laid.problems)
        self.culprits = {cell for cell in named if cell}
        self.totals = {
            first_cell(str(cell)): str(state)
            for cell, state in seen.laid.controls[["cell", "state"]].itertuples(
                index=False
            )
        }

    def role_at(self, row: int, at: int) -> int:
        """Return the role that the layout gives to a cell."""
        height, width = self.roles.shape
        return int(self.roles[row, at]) if row < height and at < width else Role.EMPTY

    def cell(self, row: int, at: int, span: Span) -> DrawnCell:
        """Return one cell as it is drawn."""
        role = self.role_at(row, at)
        words = WORDS.get(role)
        why = self.refused.get((row, at), "")
        text = self.text(row, at, role, is_refused=bool(why))
        code, label = self.codes.get((row, at), ("", ""))
        told = why or (f"{code}: {label}" if code else "")
        drawn = REFUSED if why else words
        state = self.totals.get((row, at), "")
        flags = [state.lower()] if state in (DIFFERS, EXPLAINED) else []
        flags += ["culprit"] * ((row, at) in self.culprits and not why)
        flags += ["masked"] * (text == MASKED)
        return DrawnCell(address(row, at), drawn, text, span, told, code, tuple(flags))

    def text(self, row: int, at: int, role: int, *, is_refused: bool) -> str:
        """Return what is shown of a cell, masked where it may not be shown.

        A refused word of a restricted source may be a name in the wrong column.
        """
        if role == Role.EMPTY:
            return ""
        if role in PRIVATE:
            return DOTS
        sheet = self.seen.sheet
        held = str(sheet.values.iat[row, at]).removesuffix(MIDNIGHT)
        text = sheet.shown.get((row, at), held)
        is_label = role == Role.DIMENSION and row in self.odd_rows
        is_odd = (is_refused or is_label) and not SHORT_NUMBER.fullmatch(text)
        if (is_odd and self.is_restricted) or not self.may_show[row, at]:
            return MASKED
        plain = NOT_PRINTABLE.sub("\ufffd", text.strip())
        cut = plain[:MOST_CHARACTERS]
        return cut + "…" if len(plain) > MOST_CHARACTERS else cut


def counts_of(seen: SeenSheet, judged: Judged) -> dict[str, int]:
    """Return how many filled cells of a sheet have each role."""
    roles = seen.laid.roles
    cells = judged.cells.loc[judged.cells["sheet"] == seen.sheet.name]
    at = cells[["row", "column"]].astype("int64").drop_duplicates().to_numpy()
    refused = roles[at[:, 0], at[:, 1]]
    numbers = np.bincount(roles.ravel(), minlength=len(Role))
    less = np.bincount(refused, minlength=len(Role))
    found = {words.key: int(numbers[r] - less[r]) for r, words in WORDS.items()}
    return found | {REFUSED.key: int(np.count_nonzero(refused))}


def table_of(
    file: SeenFile,
    seen: SeenSheet,
    judged: Judged,
    placement: Placement,
    to_mend: Iterable[Position],
) -> Table:
    """Return the drawn part of a sheet."""
    window = window_of(seen.laid.roles, to_mend)
    painter = Painter(file, seen, judged, window)
    spans = spans_of(window, seen.sheet.merged, painter.roles)
    hidden_rows = set(seen.sheet.hidden_rows)
    hidden_columns = set(seen.sheet.hidden_columns)
    rows = tuple(
        DrawnRow(
            row + 1,
            gap,
            row in hidden_rows,
            placement.rows.get(row, ()),
            drawn_cells(painter, window, spans, row),
        )
        for row, gap in with_gaps(window.rows)
    )
    columns = tuple(
        DrawnColumn(
            letter(at), gap, at in hidden_columns, placement.columns.get(at, ())
        )
        for at, gap in with_gaps(window.columns)
    )
    return Table(window, columns, rows, covered_by(spans))


def drawn_cells(
    painter: Painter, window: Window, spans: Mapping[Position, Span | None], row: int
) -> tuple[DrawnCell, ...]:
    """Return the cells of a row that are drawn; those inside a range are not."""
    found = []
    for at in window.columns:
        span = spans.get((row, at), Span())
        if span is not None:
            found.append(painter.cell(row, at, span))
    return tuple(found)


def covered_by(spans: Mapping[Position, Span | None]) -> dict[Position, Position]:
    """Return the cell that begins the range of each cell inside one."""
    return {
        (top + down, left + right): (top, left)
        for (top, left), span in spans.items()
        if span is not None
        for down in range(span.rows)
        for right in range(span.columns)
    }


def with_gaps(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return each position with how many are left out before it."""
    found, last = [], -1
    for at in positions:
        found.append((at, at - last - 1))
        last = at
    return found

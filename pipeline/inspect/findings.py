"""What is to be mended on a sheet: one finding for each kind, with all its cells.

In here: gathering problems of the layout, of words and of values. Not in here:
finding them (`collect`, `judged.py`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.errors import Problem
from pipeline.inspect.addresses import Position, cells_in
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.model import Role
from pipeline.process.fields import SHOWN_TEXT

MOST_CELLS = 20_000
"""How many cells of one kind of fault are kept: a page that lists more is no help."""

ADDRESS_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault, and every cell of a sheet that has it."""

    what: str
    expected: str
    do: str
    cells: tuple[Position, ...] = ()
    count: int = 0
    """How many cells there are; `cells` holds the first of them."""


def findings_of(file: SeenFile, seen: SeenSheet, judged: pd.DataFrame) -> list[Finding]:
    """Return what is to be mended on one sheet: its layout first, then its records."""
    found = [layout_finding(file, seen, one) for one in seen.laid.problems]
    if seen.layout is None:
        found.append(undeclared(file))
    return found + record_findings(judged[judged["sheet"] == seen.sheet.name])


def layout_finding(file: SeenFile, seen: SeenSheet, problem: Problem) -> Finding:
    """Return a problem of the layout with the cell that it names."""
    told = (problem.what, problem.expected, problem.do)
    cell = cell_of(problem, file, seen)
    return Finding(*told, (cell,), 1) if cell else Finding(*told)


def cell_of(problem: Problem, file: SeenFile, seen: SeenSheet) -> Position | None:
    """Return the cell that a problem names as its place, if it names one."""
    start = f"{file.delivery.file}!{seen.sheet.name}!"
    if not problem.place.startswith(start):
        return None
    cells = cells_in(problem.place.removeprefix(start)[:ADDRESS_LENGTH])
    return cells[0] if cells else None


def undeclared(file: SeenFile) -> Finding:
    """Return the finding of a sheet without a layout."""
    if file.source is None:
        do = f"draft a declaration with: point27 propose {file.delivery.file}"
    else:
        where = f"schemas/sources/{file.source.source}.yml"
        do = f"declare it in {where}, if only as `non_data:`"
    return Finding("no layout is declared for this sheet", "a declared layout", do)


def record_findings(cells: pd.DataFrame) -> list[Finding]:
    """Return what is to be mended in the records of a sheet, alike ones together.

    A thousand different texts that are no date are one finding: each cell on the page
    tells its own.
    """
    kinds = cells["what"].astype("str").str.replace(SHOWN_TEXT, "", regex=True)
    keys = [kinds, cells["expected"], cells["do"]]
    return [
        Finding(
            str(same["what"].iloc[0]) if same["what"].nunique() == 1 else str(kind),
            str(expected),
            str(do),
            positions(same.head(MOST_CELLS)),
            len(same),
        )
        for (kind, expected, do), same in cells.groupby(keys, sort=False)
    ]


def positions(cells: pd.DataFrame) -> tuple[Position, ...]:
    """Return row and column of cells, each once."""
    pairs = cells[["row", "column"]].astype(int).itertuples(index=False)
    return tuple(dict.fromkeys((int(row), int(column)) for row, column in pairs))


def not_understood(seen: SeenSheet) -> list[Position]:
    """Return the first cells that nobody understands, from top to bottom."""
    rows, columns = np.nonzero(seen.laid.roles == Role.NOT_UNDERSTOOD)
    first = slice(MOST_CELLS)
    return list(zip(rows[first].tolist(), columns[first].tolist(), strict=True))

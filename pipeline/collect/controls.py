"""Totals that a sheet prints beside their parts: read to check, never as data.

In here: which rows and cells are such totals, and the sum of their parts as read.
Not in here: identities between published figures (`process/reconcile.py`).

A total that differs from its parts tells of a row that was not read, of a misprint,
or of something that the source explains in a footnote; only the last is declared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.layout import ZERO, Board, Body, Grid, form_of
from pipeline.collect.value_text import without_signs
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layout_parts import AnyControl, Difference, RowControl
from pipeline.declarations.layouts import FlatTable, Table
from pipeline.declarations.sources import Numbers
from pipeline.lineage import address
from pipeline.model import Role

Mask = npt.NDArray[np.bool_]
CONTROL_COLUMNS = (
    *("source_id", "delivery_id", "file", "sheet", "cell", "kind", "stated", "parts"),
    *("computed", "residual", "state", "because"),
)
HOLDS, DIFFERS, EXPLAINED, OVERLAPS = "HOLDS", "DIFFERS", "EXPLAINED", "OVERLAPS"
NOT_STATED = "NOT_STATED"
"""In the place of the total stands a mark of the source, such as NULL or "…"."""

BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]")


def number_of(text: str, numbers: Numbers) -> Decimal | None:
    """Return the number that a text is, as the source writes numbers, or nothing."""
    plain = BLANKS.sub("", text)
    for sign in (*numbers.affixes, numbers.thousands):
        plain = plain.replace(sign, "") if sign else plain
    plain = plain.replace(numbers.decimal or ",", ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def printed_rows(body: Body, controls: Sequence[RowControl]) -> Grid:
    """Return which rows repeat others, one column for each declared control."""
    texts = body.texts
    found = np.zeros((len(texts), len(controls)), dtype=bool)
    for number, control in enumerate(controls):
        here = body.is_data & ~found.any(axis=1)  # the first that fits counts
        for header, pattern in control.rows.items():
            here &= matching(texts[body.columns[header]], pattern)
        found[:, number] = here
    return found


def matching(texts: pd.Series, pattern: str) -> Mask:
    """Return which texts match a pattern: `*` is anything, no pattern a blank cell."""
    form = normalise(pattern).replace("[", "[[]")
    told = texts.fillna("")
    hits = {text for text in told.unique() if fnmatchcase(normalise(text), form)}
    hits = hits - {""} if form else hits
    matched: Mask = told.isin(hits).to_numpy(dtype=bool)
    return matched


def flat_controls(body: Body, table: FlatTable) -> pd.DataFrame:
    """Return the totals that rows of a flat table print beside those of their parts."""
    board = body.board
    found: list[dict[str, object]] = []
    if table.controls:
        rows = body.rows[body.printed.any(axis=1)]
        board.give(rows, body.columns.values(), Role.CONTROL)
    for number, control in enumerate(table.controls):
        for row in body.rows[body.printed[:, number]]:
            parts = parts_of_row(body, control, int(row))
            for header in control.sums:
                at = body.columns[header]
                cells = [(part, at) for part in parts]
                printed = Printed((int(row), at), header, cells)
                found.append(compared(board, table, control, printed))
    return pd.DataFrame(found, columns=CONTROL_COLUMNS)


def parts_of_row(body: Body, control: RowControl, row: int) -> list[int]:
    """Return the rows that one printed total is the sum of."""
    chosen = body.is_data.copy()
    if control.by:
        texts = body.texts
        for header in control.by:
            column = texts[body.columns[header]]
            chosen &= (column == column.loc[row]).to_numpy(dtype=bool)
    elif control.of == "above":
        before = body.rows[body.printed.any(axis=1) & (body.rows < row)]
        last = before.max() if len(before) else -1
        chosen &= (body.rows < row) & (body.rows > last)
    return [int(one) for one in body.rows[chosen]]


@dataclass(frozen=True, slots=True)
class Printed:
    """One total as printed: where, under which label, and of which cells."""

    at: tuple[int, int]
    label: str
    parts: Sequence[tuple[int, int]]


def compared(
    board: Board, table: Table, control: AnyControl, printed: Printed
) -> dict[str, object]:
    """Return one printed total beside the sum of its parts."""
    where = board.where
    read = {at: read_cell(board, table, at) for at in (printed.at, *printed.parts)}
    stated, mark = read.pop(printed.at)
    numbers = [number for number, _ in read.values() if number is not None]
    known = {normalise(text): told for text, told in control.differs.items()}
    told = known.get(form_of(printed.label, table.footnotes))
    state, because = judged(control, stated, numbers, told)
    total = sum(numbers, Decimal(0))
    return {
        "source_id": where.delivery.source_id,
        "delivery_id": where.delivery.delivery_id,
        "file": where.delivery.file,
        "sheet": where.sheet,
        "cell": address(*printed.at),
        "kind": control.kind.upper(),
        # Never the text: in a wrong cell it may be a name.
        "stated": "" if stated is None else str(stated),
        "parts": len(numbers),
        "computed": str(total),
        "residual": "" if stated is None else str(stated - total),
        "state": NOT_STATED if stated is None and mark else state,
        "because": because,
    }


def read_cell(
    board: Board, table: Table, at: tuple[int, int]
) -> tuple[Decimal | None, str]:
    """Return the number of a cell, if it is one, and what its source means by it."""
    text = str(board.texts.iat[at]) if board.roles[at] else ""
    plain = without_signs(text, table.footnotes)[0]
    marks = {normalise(one): mark for one, mark in board.where.marks.items()}
    mark = marks.get(normalise(plain), "")
    zero = Decimal(0) if mark == ZERO else None
    return zero if mark else number_of(plain, board.where.numbers), mark


def judged(
    control: AnyControl,
    stated: Decimal | None,
    numbers: Sequence[Decimal],
    told: Difference | None,
) -> tuple[str, str]:
    """Return whether a printed total agrees with its parts, and why not where told.

    "Of which" rows and parts that overlap need not add up: the first may be less
    than the whole, the second more.
    """
    if stated is None:
        return DIFFERS, ""
    total = sum(numbers, Decimal(0))
    if control.kind == "of_which":
        return (HOLDS if stated <= total else DIFFERS), ""
    if not control.additive:
        return overlapping(control, stated, total)
    if stated - total == (Decimal(told.by) if told else 0):
        return (EXPLAINED, told.because) if told else (HOLDS, "")
    if control.rounded and abs(stated - total) <= slack((stated, *numbers)):
        return EXPLAINED, "rounded numbers"
    return DIFFERS, ""


def overlapping(
    control: AnyControl, stated: Decimal, total: Decimal
) -> tuple[str, str]:
    """Return how a total stands to parts that need not add up to it."""
    if total >= stated:
        return OVERLAPS, ""
    return (EXPLAINED, control.leaves_out) if control.leaves_out else (DIFFERS, "")


def slack(numbers: Sequence[Decimal]) -> Decimal:
    """Return how far apart rounding can bring a total and its parts.

    Half of the last printed digit for each number with a fraction; whole numbers are
    taken for counts, which nobody rounds.
    """
    ends = (number.as_tuple().exponent for number in numbers)
    halves = (Decimal(5).scaleb(int(end) - 1) for end in ends if int(end) < 0)
    return sum(halves, Decimal(0))


def no_controls() -> pd.DataFrame:
    """Return the totals of a sheet that prints none."""
    return pd.DataFrame(columns=CONTROL_COLUMNS)

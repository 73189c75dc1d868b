"""What all layouts share: where a sheet was read, its board of roles, lineage.

In here: the place of a sheet in words, the grid of its trimmed texts with the role
that a layout gives to each cell, and the two-sided comparison of headers. Not in
here: the two shapes of table (`flat.py`, `crosstab.py`), reading (`workbook.py`),
coding (`process/`).
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.collect.value_text import without_signs
from pipeline.declarations.codelists import normalise
from pipeline.declarations.sources import Numbers
from pipeline.errors import LayoutError, Problem
from pipeline.lineage import address, place
from pipeline.model import Delivery, Merge, Role, Sheet

MOST_SHOWN = 12
"""How many cells of one kind a message names."""

LEVELS = " | "
"""Between the levels of a header or a row label, in a declaration."""

ZERO = "zero"
"""What a source declares of a text, or of a blank cell, that stands for nought."""

Grid = npt.NDArray[np.bool_]
Rows = slice | npt.NDArray[np.bool_] | npt.NDArray[np.int64] | list[int]


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a sheet was read at, and what its source says of all sheets."""

    delivery: Delivery
    sheet: str
    is_restricted: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)

    def at(self, cell: str = "") -> str:
        """Return file!sheet!cell."""
        return place(self.delivery.file, self.sheet, cell)

    def shown(self, text: str) -> str:
        """Return a text of the sheet for a message: itself only of a public source.

        In a restricted one it may be a person's name in a wrong place.
        """
        return f"a text of {len(text)} characters" if self.is_restricted else repr(text)

    @property
    def declaration(self) -> str:
        """Return the file in which the layout is declared."""
        return f"schemas/sources/{self.delivery.source_id}.yml"


@dataclass(slots=True)
class Board:
    """The sheet while it is being laid out: its texts, and the role of each cell.

    `texts` are trimmed, missing where a cell is blank; `roles` begin as
    NOT_UNDERSTOOD wherever there is a text. `merged` are the merged ranges as far as
    they lie on the sheet. `stop` is the first row that no table reaches.
    """

    sheet: Sheet
    where: Where
    texts: pd.DataFrame
    roles: npt.NDArray[np.uint8]
    merged: tuple[Merge, ...] = ()
    stop: int = sys.maxsize

    @property
    def filled(self) -> Grid:
        """Return which cells hold a text."""
        filled: Grid = self.roles != Role.EMPTY
        return filled

    def give(self, rows: Rows, columns: Iterable[int], role: Role) -> None:
        """Give a role to the filled cells of some rows and columns."""
        for at in columns:
            column = self.roles[:, at]
            part = column[rows]
            part[part != Role.EMPTY] = role
            column[rows] = part

    def row(self, row: int) -> dict[int, str]:
        """Return position → text of the filled cells of a row."""
        return texts_of(self.texts.iloc[row])


@dataclass(slots=True)
class Body:
    """The rows below a header: which of them are data, and which repeat others.

    `columns` leads from a declared header to its position, `start` is the first row.
    `printed` has one column for each declared control of rows.
    """

    board: Board
    columns: Mapping[str, int]
    start: int
    is_data: npt.NDArray[np.bool_]
    printed: Grid = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Return the rows of the sheet, by position."""
        return np.arange(self.start, self.start + len(self.is_data))

    @property
    def data(self) -> npt.NDArray[np.int64]:
        """Return the rows of the sheet that are data."""
        return np.flatnonzero(self.is_data) + self.start

    @property
    def texts(self) -> pd.DataFrame:
        """Return the texts of all the rows."""
        return self.board.texts.iloc[self.start : self.start + len(self.is_data)]


def board_of(sheet: Sheet, where: Where) -> Board:
    """Return the board of a sheet before any layout."""
    texts = trimmed(sheet.values)
    roles = np.zeros(texts.shape, dtype=np.uint8, order="F")
    for at in range(texts.shape[1]):
        roles[texts.iloc[:, at].notna().to_numpy(), at] = Role.NOT_UNDERSTOOD
    return Board(sheet, where, texts, roles, clipped(sheet.merged, texts.shape))


def clipped(merged: Iterable[Merge], shape: tuple[int, int]) -> tuple[Merge, ...]:
    """Return merged ranges cut off at the last row and column that hold a text."""
    last_row, last_column = shape[0] - 1, shape[1] - 1
    return tuple(
        Merge(m.top, m.left, min(m.bottom, last_row), min(m.right, last_column))
        for m in merged
        if m.top <= last_row and m.left <= last_column
    )


def trimmed(values: pd.DataFrame) -> pd.DataFrame:
    """Return the texts without blanks at their ends; missing where nothing is left."""
    columns = []
    for name in values.columns:
        text = pc.utf8_trim_whitespace(pa.array(values[name], pa.large_string()))
        is_blank = pc.equal(pc.binary_length(text), 0)
        columns.append(pc.if_else(is_blank, None, text))
    table = pa.table(columns, names=[str(name) for name in values.columns])
    plain = pd.StringDtype(na_value=float("nan"))
    frame: pd.DataFrame = table.to_pandas(types_mapper=lambda _: plain)
    return frame.set_axis(values.columns, axis="columns").set_axis(values.index)


NO_SIGNS: Mapping[str, str] = {}


def form_of(text: str, signs: Mapping[str, str] = NO_SIGNS) -> str:
    """Return the form in which a header or label is compared, without footnotes."""
    return normalise(without_signs(text, signs)[0])


def two_sided(
    where: Where,
    what: str,
    declared: Iterable[str],
    found: dict[str, str],
    signs: Mapping[str, str] = NO_SIGNS,
) -> None:
    """Raise when what is declared and what stands on the sheet differ.

    Args:
        where: the sheet.
        what: "column" or "row", for the message.
        declared: texts of the layout.
        found: text on the sheet → its cell.
        signs: of footnotes, which the texts may carry.

    Raises:
        LayoutError: prints both lists, the missing and the unmapped.
    """
    wanted = {normalise(text): text for text in declared}
    present = {form_of(text, signs): text for text in found}
    missing = [text for form, text in wanted.items() if form not in present]
    extra = [text for form, text in present.items() if form not in wanted]
    if not missing and not extra:
        return
    listed_missing = "; ".join(repr(text) for text in missing) or "none"
    listed_extra = (
        "; ".join(f"{where.shown(text)} at {found[text]}" for text in extra) or "none"
    )
    raise refusal(
        where.at(found[extra[0]] if extra else ""),
        f"{what}s declared but missing: {listed_missing}. "
        f"{what}s on the sheet but not declared: {listed_extra}",
        f"exactly the {what}s that the layout declares",
        f"mend the sheet, or declare the change in {where.declaration}",
    )


def refusal(place: str, what: str, expected: str, do: str) -> LayoutError:
    """Return the error of a sheet that is not as declared."""
    return LayoutError([Problem(place, what, expected, do)])


def refuse_repeated(where: Where, what: str, texts: dict[str, str]) -> None:
    """Raise LayoutError when two columns or rows have the same text.

    Args:
        where: the sheet.
        what: "header" or "row label", for the message.
        texts: cell → its text.
    """
    first: dict[str, str] = {}
    for cell, text in texts.items():
        other = first.setdefault(normalise(text), cell)
        if other != cell:
            raise refusal(
                where.at(cell),
                f"the {what} {where.shown(text)} stands twice, at {other} and {cell}",
                f"each {what} once",
                f"rename one of the two; declare the new name in {where.declaration}",
            )


def refuse_faults(where: Where, sheet: Sheet) -> None:
    """Raise LayoutError when cells hold errors or formulas without a saved value."""
    problems = [
        Problem(
            where.at(address(row, column)),
            f"the cell holds {fault}",
            "a value",
            "open the workbook in a spreadsheet program, mend the cell and save it",
        )
        for row, column, fault in sheet.faults
    ]
    if problems:
        raise LayoutError(problems)


def refuse_hidden(where: Where, sheet: Sheet) -> None:
    """Raise LayoutError when rows, columns or the sheet itself are hidden."""
    rows = [str(row + 1) for row in sheet.hidden_rows]
    columns = [address(0, at)[:-1] for at in sheet.hidden_columns]
    found = [
        f"hidden {name} {', '.join(part[:MOST_SHOWN])}"
        + (" …" if part[MOST_SHOWN:] else "")
        for name, part in (("rows", rows), ("columns", columns))
        if part
    ] + ["the sheet itself is hidden"] * sheet.is_hidden
    if found:
        raise refusal(
            where.at(),
            "; ".join(found),
            "everything in sight, or a declaration that what is hidden counts",
            "ask the supplier why they are hidden; then unhide or delete them, or "
            f"write `hidden: use` for the sheet in {where.declaration}",
        )


def merged_refusal(board: Board, merge: Merge) -> LayoutError:
    """Return the error of cells that are merged over several records."""
    first = address(merge.top, merge.left)
    return refusal(
        board.where.at(first),
        f"merged cells inside the table ({first}:"
        f"{address(merge.bottom, merge.right)}): unclear for which record the "
        "value counts",
        "one value in each cell",
        "unmerge them and fill every cell; or, where the value counts for every row, "
        f"name the column under `fill_merged:` in {board.where.declaration}",
    )


def texts_of(cells: pd.Series) -> dict[int, str]:
    """Return position → text of the cells of a row or column that are not empty."""
    held = cells.dropna()
    return {int(at): str(text) for at, text in zip(held.index, held, strict=True)}


def spread(
    texts_at: Callable[[int], dict[int, str]], merged: Iterable[Merge], row: int
) -> dict[int, str]:
    """Return position → text of a row, that of a merged range in each of its cells.

    Args:
        texts_at: returns position → text of the filled cells of a row.
        merged: merged ranges.
        row: the row.
    """
    texts = texts_at(row)
    for merge in merged:
        if merge.top <= row <= merge.bottom:
            text = texts_at(merge.top).get(merge.left)
            texts |= {at: text for at in range(merge.left, merge.right + 1) if text}
    return texts


def paths(
    levels: Sequence[Mapping[int, str]], columns: Iterable[int]
) -> dict[int, str]:
    """Return position → header of the columns that have one, its levels joined."""
    found = {}
    for at in columns:
        if texts := dict.fromkeys(level[at] for level in levels if at in level):
            found[at] = LEVELS.join(texts)
    return found


def starts_with(
    texts: pd.DataFrame, filled: Grid, starts: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """Return which rows begin, in their first filled cell, with one of the texts."""
    found = np.zeros(len(texts), dtype=bool)
    if not starts:
        return found
    left = np.ones(len(texts), dtype=bool)
    for at in range(texts.shape[1]):
        here = np.flatnonzero(left & filled[:, at])
        column = texts.iloc[here, at]
        found[here] = column.str.startswith(tuple(starts)).to_numpy(dtype=bool)
        left[here] = False
        if not left.any():
            break
    return found


def stray_problem(board: Board) -> Problem | None:
    """Return the problem of filled cells that no layout understands, if any are."""
    rows, columns = np.nonzero(board.roles == Role.NOT_UNDERSTOOD)
    if not len(rows):
        return None
    order = np.lexsort((rows, columns))[: MOST_SHOWN + 1]
    places = [address(int(rows[at]), int(columns[at])) for at in order]
    listed = ", ".join(places[:MOST_SHOWN]) + (" …" if places[MOST_SHOWN:] else "")
    cells = f"{len(rows):,} filled cells" if len(rows) > 1 else "a filled cell"
    return Problem(
        board.where.at(places[0]),
        f"{cells} outside the declared table: {listed}",
        "every filled cell to be a title, a header, a value or a note",
        f"empty the cells, or declare them in {board.where.declaration} (a column "
        "under `columns:` or `dropped:`, a note by its first words under `notes:`)",
    )


def with_lineage(
    records: pd.DataFrame,
    where: Where,
    cells: pd.Series,
    columns: str,
    suffix: str = "",
) -> pd.DataFrame:
    """Return records with the columns of `model.LINEAGE`.

    Args:
        records: fields and a column `cell`; the index is the row, counted from 0.
        where: the sheet.
        cells: how many filled cells each record is made of.
        columns: letter:field of a flat table, or an empty text.
        suffix: tells apart several records that one cell leads to.
    """
    delivery = where.delivery
    start = f"{delivery.delivery_id}!{where.sheet}!"
    return records.assign(
        record_id=start + records["cell"] + suffix,
        source_id=constant(delivery.source_id, records.index),
        delivery_id=constant(delivery.delivery_id, records.index),
        file=constant(delivery.file, records.index),
        sheet=constant(where.sheet, records.index),
        row=records.index + 1,
        cells=cells.astype("int64"),
        columns=constant(columns, records.index),
    ).reset_index(drop=True)


def constant(text: str, index: pd.Index) -> pd.Series:
    """Return one text for every row, kept once."""
    codes = np.zeros(len(index), dtype=np.int8)
    return pd.Series(
        pd.Categorical.from_codes(codes, categories=pd.Index([text], dtype="str")),
        index=index,
    )

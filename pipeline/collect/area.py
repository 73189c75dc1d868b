"""Where on a sheet a table stands: by the texts on its edges, never by address.

In here: the area of a table, and the texts around it that state a period or a unit.
Not in here: what the cells of a table mean (`flat.py`, `crosstab.py`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.collect.layout import Board, refusal
from pipeline.collect.period_words import read_period
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layout_parts import Area, FromText
from pipeline.declarations.layouts import CrosstabTable, FlatTable
from pipeline.model import Role

NUMBER = re.compile(r"[-+]?\d[\d\s.,]*%?")
YEAR = re.compile(r"(19|20)\d\d")
PERIOD_FIELDS = ("period_start", "period_end", "period_type")


class Span:
    """The rows and columns of an area, by position; `stop`s are outside of it."""

    def __init__(self, top: int, stop: int, left: int, right: int) -> None:
        self.top, self.stop, self.left, self.right = top, stop, left, right

    @property
    def columns(self) -> range:
        """Return the positions of the columns."""
        return range(self.left, self.right)


def find_area(board: Board, area: Area) -> Span:
    """Return the rows and columns of an area.

    Raises:
        LayoutError: a text of its edges does not stand on the sheet.
    """
    rows, columns = board.texts.shape
    rows = min(rows, board.stop)
    top, stop = 0, rows
    if area.from_:
        top = first_row(board, area.from_, 0, rows)
    if area.to:
        stop = first_row(board, area.to, top + bool(area.from_), rows)
    left, right = 0, columns
    if area.left:
        left = first_column(board, area.left, top, stop)
    if area.right:
        right = first_column(board, area.right, top, stop)
    return Span(top, stop, left, right)


def standing(board: Board, text: str, top: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield row and column of the cells that begin with a text."""
    form = normalise(text)
    for at in range(board.texts.shape[1]):
        column = board.texts.iloc[top:stop, at].dropna()
        distinct = {one for one in column.unique() if normalise(one).startswith(form)}
        if distinct:
            yield from ((int(row), at) for row in column.index[column.isin(distinct)])


def first_row(board: Board, text: str, top: int, stop: int) -> int:
    """Return the first row that a text stands in. Raises LayoutError if none."""
    found = min((row for row, _ in standing(board, text, top, stop)), default=None)
    if found is None:
        raise not_found(board, text)
    return found


def first_column(board: Board, text: str, top: int, stop: int) -> int:
    """Return the first column that a text stands in. Raises LayoutError if none."""
    found = min((at for _, at in standing(board, text, top, stop)), default=None)
    if found is None:
        raise not_found(board, text)
    return found


def not_found(board: Board, text: str) -> Exception:
    """Return the error of a text on the edge of an area that is not there."""
    return refusal(
        board.where.at(),
        f"no cell begins with {text!r}, where a table should begin or end",
        f"a cell that begins with {text!r}",
        "check that it is the right form, or mend `area:` in "
        f"{board.where.declaration}",
    )


def title_texts(board: Board, span: Span, header: int) -> list[str]:
    """Return the texts above the header of a table, and mark them as its titles.

    A table without a title of its own has those that stand above all on the sheet.
    """
    rows = title_rows(board, span.top, header, span.columns)
    board.give(rows, span.columns, Role.TITLE)
    own = texts_in(board.texts.iloc[span.top : header, span.left : span.right])
    return own or texts_in(board.texts.iloc[: span.top])


def title_rows(board: Board, top: int, stop: int, columns: range) -> list[int]:
    """Return the rows that may be titles: not those that look like rows of data.

    A row of several cells, one of them a number and no year, is left over, so that it
    stops the run: a table above, or a first page whose header has a slip, is no title.
    """
    found = []
    for row in range(top, stop):
        texts = [text for at, text in board.row(row).items() if at in columns]
        numbers = [t for t in texts if NUMBER.fullmatch(t) and not YEAR.fullmatch(t)]
        if not (numbers and len(texts) > 1):
            found.append(row)
    return found


def texts_in(block: pd.DataFrame) -> list[str]:
    """Return the texts of a block of cells, row by row."""
    return [str(text) for text in block.to_numpy().ravel() if pd.notna(text)]


def fields_around(
    board: Board, table: FlatTable | CrosstabTable, titles: list[str]
) -> dict[str, str]:
    """Return the fields that titles, the name of the sheet and of the file state.

    Raises:
        LayoutError: what is declared stands in none of them.
    """
    fields: dict[str, str] = {}
    for told in table.from_:
        fields |= stated(board, told, titles)
    period = table.period
    if period is None:
        return fields
    texts = texts_at(board, period.where, titles)
    if period.pattern:
        found = (re.search(period.pattern, text) for text in texts)
        texts = [match[0] for match in found if match]
    kind, start = period.period_type, table.fiscal_start
    read = [one for t in texts if (one := read_period(t, kind, fiscal_start=start))]
    if len({(one.start, one.end) for one in read}) != 1:
        raise refusal(
            board.where.at(),
            ("no period is" if not read else "several periods are")
            + f" found in the {period.where.replace('_', ' ')}",
            period.pattern or "one period, such as 'за 9 месяцев 2021 года'",
            f"check that it is the right form, or mend `period:` in "
            f"{board.where.declaration}",
        )
    return fields | read[0].fields


def texts_at(board: Board, where: str, titles: list[str]) -> list[str]:
    """Return the texts that a declaration means by title, sheet_name, file_name."""
    if where == "title":
        return titles
    if where == "sheet_name":
        return [board.where.sheet]
    return [Path(board.where.delivery.file).stem]


def stated(board: Board, told: FromText, titles: list[str]) -> dict[str, str]:
    """Return the fields that one text around the table states.

    Raises:
        LayoutError: no text matches.
    """
    for text in texts_at(board, told.where, titles):
        if match := re.search(told.pattern, text):
            groups = {name: value or "" for name, value in match.groupdict().items()}
            return {
                name: form.format(match[0], **groups)
                for name, form in told.fields.items()
            }
    raise refusal(
        board.where.at(),
        f"no {told.where.replace('_', ' ')} matches {told.pattern!r}",
        f"a {told.where.replace('_', ' ')} that states {', '.join(told.fields)}",
        "check that it is the right form, or mend `from:` in "
        f"{board.where.declaration}",
    )

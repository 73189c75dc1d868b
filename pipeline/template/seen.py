"""What is seen of a workbook that may be one to fill in: its marker, facts, headers.

In here: picking these out of the sheets as read. Not in here: judging them
(`judge.py`); reading the file (`collect`); any row of data, of which only the number
is kept.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.collect.layout import trimmed
from pipeline.declarations.base import Declaration
from pipeline.model import Sheet
from pipeline.template.form import (
    BETWEEN,
    COLUMNS_OF,
    DATA_FROM,
    DATA_LABELS,
    DATA_NAMES,
    HELP_COLUMN,
    MARKER,
    NAME_COLUMN,
    REQUIRED_SIGN,
    SOURCE,
    VALUE_COLUMN,
)
from schemas.registers import REGISTERS


class Answer(Declaration):
    """One row of the sheet `source`: where it stands, the answer, the text beside."""

    row: int
    value: str = ""
    beside: str = ""


class SeenSheet(Declaration):
    """The header of the sheet of a register, by position, and how many rows it has."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    rows: int


class Seen(Declaration):
    """What a workbook says of itself."""

    answers: dict[str, Answer]
    sheets: dict[str, SeenSheet]

    @property
    def registers(self) -> dict[str, tuple[str, ...]]:
        """Return register → the columns that the workbook was written with."""
        return {
            name.removeprefix(COLUMNS_OF): parts_of(answer.value)
            for name, answer in self.answers.items()
            if name.startswith(COLUMNS_OF)
        }

    def labels(self, register: str) -> tuple[str, ...]:
        """Return the labels that a register's sheet was written with."""
        return parts_of(self.answers[COLUMNS_OF + register].beside)

    def value(self, name: str) -> str:
        """Return an answer, or an empty text where there is none."""
        return self.answers[name].value if name in self.answers else ""


def seen_in(sheets: Sequence[Sheet]) -> Seen | None:
    """Return what a workbook says of itself, or nothing where it is no template."""
    by_name = {sheet.name: sheet for sheet in sheets}
    if SOURCE not in by_name:
        return None
    rows = texts_of(by_name[SOURCE])
    if text_at(rows, 0, NAME_COLUMN) != MARKER:
        return None
    answers: dict[str, Answer] = {}
    for row in range(len(rows)):
        if name := text_at(rows, row, NAME_COLUMN):
            value, beside = (
                text_at(rows, row, at) for at in (VALUE_COLUMN, HELP_COLUMN)
            )
            answers.setdefault(name, Answer(row=row, value=value, beside=beside))
    return Seen(answers=answers, sheets=seen_sheets(by_name))


def seen_sheets(by_name: Mapping[str, Sheet]) -> dict[str, SeenSheet]:
    """Return what is seen of each sheet that is called as a register."""
    found = {}
    for record in REGISTERS:
        if record.name in by_name:
            texts = texts_of(by_name[record.name], DATA_FROM)
            found[record.name] = SeenSheet(
                labels=tuple(
                    label.removesuffix(REQUIRED_SIGN)
                    for label in row(texts, DATA_LABELS)
                ),
                names=row(texts, DATA_NAMES),
                rows=filled_rows(by_name[record.name]),
            )
    return found


def texts_of(sheet: Sheet, rows: int | None = None) -> pd.DataFrame:
    """Return the trimmed texts of a sheet's first rows, empty where none is."""
    return trimmed(sheet.values.iloc[:rows]).fillna("")


def filled_rows(sheet: Sheet) -> int:
    """Return how many rows below the header hold a text."""
    return int(trimmed(sheet.values.iloc[DATA_FROM:]).notna().any(axis=1).sum())


def row(texts: pd.DataFrame, at: int) -> tuple[str, ...]:
    """Return the texts of one row up to the last that is there."""
    if at >= len(texts):
        return ()
    cells = [str(text) for text in texts.iloc[at]]
    last = max((n for n, text in enumerate(cells) if text), default=-1)
    return tuple(cells[: last + 1])


def text_at(texts: pd.DataFrame, row: int, column: int) -> str:
    """Return the text of a cell, empty where the sheet does not reach."""
    if row >= texts.shape[0] or column >= texts.shape[1]:
        return ""
    return str(texts.iat[row, column])


def parts_of(text: str) -> tuple[str, ...]:
    """Return the columns that a text tells."""
    return tuple(text.split(BETWEEN)) if text else ()

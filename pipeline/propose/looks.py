"""What a text looks like: a number, a date, a period, a mark, or words.

In here: the look of one text by itself, and of every cell of a sheet. Not in here: what
a column is (`kinds.py`) or where tables stand (`regions.py`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.layout import trimmed
from pipeline.declarations.codelists import normalise
from pipeline.model import Sheet

MOST_ROWS = 100_000
"""Rows that are looked at. A draft needs no more, and a million take minutes."""

Texts = npt.NDArray[np.object_]
Looks = npt.NDArray[np.uint8]


class Look(IntEnum):
    """What a cell looks like."""

    EMPTY = 0
    WORDS = 1
    NUMBER = 2
    YEAR = 3
    PERIOD = 4
    DATE = 5
    MARK = 6


SIGNS = "*^~†‡§#"
"""What may be glued to a number without being a part of it."""

DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}([ T].*)?"
    r"|\d{1,2}[./]\d{1,2}[./](\d{4}|\d{2})( .*)?"
    r"|\d{4}/\d{1,2}/\d{1,2}"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+(\d{4}|\d{2})"
)
YEAR = re.compile(rf"(?:19|20)\d{{2}}(?:\s?(?:г|ж)\.?)?[{SIGNS}]{{,2}}")
PERIOD = re.compile(
    rf"(?:19|20)\d{{2}}\s?[/–-]\s?(?:\d{{2}}|\d{{4}})[{SIGNS}]{{,2}}"
    rf"|\d{{2}}/\d{{2}}[{SIGNS}]{{,2}}"
    r"|(?:[HQ][1-4]|[1-4][HQ]) ?(?:19|20)\d{2}|(?:19|20)\d{2}[- ]?[HQ][1-4]"
)
GROUPS = r"\d{1,3}(?:[ \u00a0\u202f\u2009,.'’]\d{3})+"
NUMBER = re.compile(
    rf"[-–−+(~<>≈]?\s?[$€£₸₽%]?\s?(?:{GROUPS}|\d+)(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
    rf"\s?[%$€£₸₽)]?[{SIGNS}¹²³a-z]?"
)


@dataclass(frozen=True, slots=True)
class View:
    """A sheet as it is looked at: its texts (empty where blank) and their looks."""

    sheet: Sheet
    texts: Texts
    looks: Looks
    covered: npt.NDArray[np.bool_]
    """Cells that belong to a merged range and are not its first."""

    filled: npt.NDArray[np.bool_]
    """Cells that hold a text."""

    def row(self, row: int, left: int = 0, right: int | None = None) -> dict[int, str]:
        """Return position → text of the filled cells of a row."""
        end = self.texts.shape[1] if right is None else right
        held = np.flatnonzero(self.filled[row, left:end]) + left
        return {int(at): str(self.texts[row, at]) for at in held}


def look_at(text: str, marks: Collection[str]) -> Look:
    """Return what one trimmed text looks like.

    Args:
        text: the text.
        marks: normalised texts that may stand for no value.
    """
    if not text:
        return Look.EMPTY
    if len(text) <= 20 and normalise(text) in marks:
        return Look.MARK
    if len(text) > 40 or not any(letter.isdigit() for letter in text):
        return Look.WORDS
    for look, form in (
        (Look.YEAR, YEAR),
        (Look.DATE, DATE),
        (Look.PERIOD, PERIOD),
        (Look.NUMBER, NUMBER),
    ):
        if form.fullmatch(text):
            return look
    return Look.WORDS


def view_of(sheet: Sheet, marks: Collection[str]) -> View:
    """Return a sheet with the look of each of its cells."""
    frame = trimmed(sheet.values.iloc[:MOST_ROWS]).fillna("")
    looks = np.zeros(frame.shape, dtype=np.uint8)
    for at in range(frame.shape[1]):
        places, distinct = pd.factorize(frame.iloc[:, at])
        known = np.array([look_at(str(text), marks) for text in distinct], np.uint8)
        looks[:, at] = known[places] if len(known) else 0
    covered = np.zeros(frame.shape, dtype=bool)
    for merge in sheet.merged:
        covered[merge.top : merge.bottom + 1, merge.left : merge.right + 1] = True
        if merge.top < len(frame) and merge.left < frame.shape[1]:
            covered[merge.top, merge.left] = False
    texts = frame.to_numpy(dtype=object)
    return View(sheet, texts, looks, covered, looks != Look.EMPTY)

"""Texts around a table that are no data: notes below it, between its rows, beside it.

In here: finding them, and as few first words of each as tell it. Not in here: footnote
signs (`signs.py`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.declarations.codelists import normalise
from pipeline.propose.context import Context
from pipeline.propose.cross_frame import frame_of, is_crosstab
from pipeline.propose.edges import Place
from pipeline.propose.heads import Head
from pipeline.propose.looks import Look, View
from pipeline.propose.nodes import FILL_IN, Noted
from pipeline.propose.personal import names_people
from pipeline.propose.regions import Region, first_text


def notes_from(view: View, last: Region, context: Context) -> str:
    """Return the heading of the notes below the last table, or nothing."""
    words = context.words.words("role", "note")
    for row in last.after:
        text = first_text(view, row)
        if normalise(text.rstrip(":")) in words:
            return text
    return ""


def note_rows(view: View, region: Region, head: Head) -> list[int]:
    """Return the rows of texts below a table or between its parts."""
    held = view.filled[head.start : region.stop, region.left : region.right]
    alone = np.flatnonzero(held.sum(axis=1) == 1) + head.start
    inside = [int(row) for row in alone if not is_label(view, int(row), region)]
    return [*inside, *region.after]


def is_label(view: View, row: int, region: Region) -> bool:
    """Return whether the single text of a row is rather a label, or a number."""
    looks = view.looks[row, region.left : region.right]
    return bool((looks > Look.WORDS).any()) or len(first_text(view, row)) <= 20


def note_starts(view: View, rows: Sequence[int], signs: Mapping[str, str]) -> list[Any]:
    """Return what the notes of a table begin with, each beginning once."""
    told: dict[str, Any] = {}
    for row in rows:
        text = first_text(view, row)
        start = note_start(text, tuple(signs))
        if start:
            told.setdefault(start, start)
        else:
            shown = Noted(FILL_IN, f"the text in row {row + 1}; may name people")
            told.setdefault(str(row), shown)
    return [*told.values()]


def note_start(text: str, signs: Sequence[str]) -> str:
    """Return the first words of a note, or nothing where they may name somebody."""
    line = text.partition("\n")[0]
    words: list[str] = re.findall(r"\S+\s*", line)
    for sign in signs:
        if text.startswith(sign):
            return text[: len(sign) + sign.isalnum()]
    if words and words[0].strip().endswith(":"):
        return words[0].strip()
    if names_people("".join(words[:3]).strip()):
        return ""
    # A word with a capital letter may be a name: what stands before it must do.
    capital = next((n for n in (1, 2) if n < len(words) and words[n][0].isupper()), 3)
    return "".join(words[:capital]).strip()


def stray_texts(place: Place) -> list[str]:
    """Return what texts begin with that stand beside the columns of a table."""
    view, found = place.view, dict[str, None]()
    for part in place.parts:
        if not is_crosstab(view, part):
            continue
        frame = frame_of(view, part)
        for at in range(part.region.left, part.region.right):
            if at in frame.heads or at in frame.stubs:
                continue
            for row in np.flatnonzero(
                view.looks[frame.head.start : part.region.stop, at]
            ):
                text = str(view.texts[frame.head.start + row, at])
                if len(text) > 3 and (start := note_start(text, ())):
                    found[start] = None
    return [*found]

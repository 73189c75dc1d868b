"""Which cells of a sheet may be shown, and which are masked.

In here: the one decision that the page and the comparison share. Not in here: how a
masked cell looks.

Masked are always: what identifies a person and what is dropped. Masked are too, in a
restricted source and where no source is known: titles, notes and whatever is not
understood, for a name may stand anywhere.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.layout import trimmed
from pipeline.declarations.codelists import normalise
from pipeline.inspect.declared_words import (
    Meaning,
    declared_head,
    declared_words,
    names_persons,
)
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.model import Role

Mask = npt.NDArray[np.bool_]
NUMBER = r"[-−(]?[\d\s.,'’$€£₸%]+\)?"
PRIVATE = (Role.PERSON, Role.DROPPED)
FREE_TEXT = (Role.TITLE, Role.NOTE, Role.NON_DATA, Role.HEADER, Role.NOT_UNDERSTOOD)
"""What holds words of the source that nobody coded."""


def may_be_shown(file: SeenFile, seen: SeenSheet) -> Mask:
    """Return which cells of a sheet may be shown."""
    roles = seen.laid.roles
    words = declared_words(seen.layout)
    texts = trimmed(seen.sheet.values)
    shown = ~np.isin(roles, PRIVATE)
    has_private = ~shown.all(axis=0)
    shown &= ~((roles == Role.CONTROL) & has_private & ~are_numbers(texts))
    if file.is_restricted:
        free = np.isin(roles, FREE_TEXT)
        shown[free] = are_declared(texts, words)[free]
    elif file.source is not None and names_persons(file.source):
        unread = roles == Role.NOT_UNDERSTOOD
        harmless = are_declared(texts, words) | under_harmless(texts, words)
        harmless &= ~has_private
        head, _ = declared_head(seen)
        if head >= 0:  # a message about a changed header shows its text, too
            harmless[head] = True
        shown[unread] = harmless[unread]
    return shown


def are_numbers(texts: pd.DataFrame) -> Mask:
    """Return which cells hold a number, however it is written."""
    found = np.zeros(texts.shape, dtype=bool)
    for at in range(texts.shape[1]):
        is_number = texts.iloc[:, at].str.fullmatch(NUMBER)
        found[:, at] = is_number.fillna(False).to_numpy(dtype=bool)
    return found


def are_declared(texts: pd.DataFrame, words: Mapping[str, object]) -> Mask:
    """Return which cells hold a text that stands in the declaration, too."""
    found = np.zeros(texts.shape, dtype=bool)
    for at in range(texts.shape[1]):
        column = texts.iloc[:, at]
        hits = {text for text in column.dropna().unique() if normalise(text) in words}
        found[:, at] = column.isin(hits).to_numpy(dtype=bool)
    return found


def under_harmless(
    texts: pd.DataFrame, words: Mapping[str, tuple[Meaning, ...]]
) -> Mask:
    """Return which cells stand below a header declared to name nobody.

    A column with no such header may hold anything: perhaps the names that a renamed
    header stood above.
    """
    shown = np.zeros(texts.shape, dtype=bool)
    for at in range(texts.shape[1]):
        column = texts.iloc[:, at]
        rows = np.flatnonzero(are_declared(column.to_frame(), words)).tolist()
        for row, stop in pairwise([*rows, len(column)]):
            told = words[normalise(str(column.iloc[row]))]
            shown[row:stop, at] = bool(told) and all(one.is_harmless for one in told)
    return shown

"""Tell of words that are no spelling: where they stand and what they resemble.

In here: the problems of one column (words that nobody knows) and its remarks (words
that were read all the same), each word once. Not in here: coding (`classify.py`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import extract

from pipeline.declarations.codelists import normalise
from pipeline.errors import Problem
from pipeline.process.distinct import Distinct
from pipeline.process.places import cells_of
from schemas.fields import Field

SIMILAR, MOST_SIMILAR = 60, 3
"""Likeness in percent from which a spelling is offered, and how many are."""

MOST_WORDS = 1000
"""How many unknown words of a column are told one by one. More are a wrong column."""


class OddWords(NamedTuple):
    """The words of one column that are no spelling of its code list.

    `standing` is word → the distinct texts that hold it, by position; `loose` is word
    → code, where it was read all the same.
    """

    standing: dict[str, list[int]]
    loose: dict[str, str]


class Column(NamedTuple):
    """A column as it is told of."""

    field: Field
    known: Mapping[str, str]
    is_public: bool

    def shown(self, word: str) -> str:
        """Return a word for a message: itself only of a public source.

        In a restricted one it may be a person's name in the wrong column.
        """
        return repr(word) if self.is_public else "a word"


def tell(
    frame: pd.DataFrame, words: Distinct, odd: OddWords, column: Column
) -> tuple[list[Problem], list[Problem]]:
    """Return a problem for each word not known and a remark for each read loosely."""
    if not odd.standing:
        return [], []
    rows = rows_by_text(words, odd)
    told: tuple[list[Problem], list[Problem]] = ([], [])
    unknown = [word for word in odd.standing if word not in odd.loose]
    for word in [*unknown[:MOST_WORDS], *list(odd.loose)[:MOST_WORDS]]:
        at = np.sort(np.concatenate([rows[text] for text in odd.standing[word]]))
        if code := odd.loose.get(word):
            told[1].append(remark_of(word, code, frame.iloc[at], column))
        else:
            told[0].append(problem_of(word, frame.iloc[at], column))
    if further := unknown[MOST_WORDS:]:
        first = frame.iloc[rows[odd.standing[further[0]][0]]]
        told[0].append(problem_of_many(len(further), first, column.field))
    return told


def rows_by_text(words: Distinct, odd: OddWords) -> dict[int, np.ndarray]:
    """Return the rows in which each distinct text with an odd word stands."""
    texts = sorted({text for told in odd.standing.values() for text in told})
    rows = np.flatnonzero(np.isin(words.at, texts))
    by_text = rows[np.argsort(words.at[rows], kind="stable")]
    starts = np.searchsorted(words.at[by_text], texts)
    return dict(zip(texts, np.split(by_text, starts[1:]), strict=True))


def problem_of(word: str, rows: pd.DataFrame, column: Column) -> Problem:
    """Return the problem of one unknown word and the rows that hold it."""
    field, known = column.field, column.known
    similar = extract(
        normalise(word), list(known), scorer=fuzz.WRatio, limit=MOST_SIMILAR,
        score_cutoff=SIMILAR,
    )  # fmt: skip
    near = ", ".join(f"{text!r} ({known[text]})" for text, _, _ in similar)
    named, times = column.shown(word), times_of(rows)
    return Problem(
        cells_of(rows, field.name),
        f"{field.name}: {named} is not in the code list {field.codelist!r}{times}",
        f"one of its spellings; nearest: {near}" if near else "one of its spellings",
        f"mend the cell, or add the spelling to schemas/spellings/{field.codelist}.csv",
    )


def remark_of(word: str, code: str, rows: pd.DataFrame, column: Column) -> Problem:
    """Return the remark of one word that is no spelling and was read all the same."""
    field = column.field
    return Problem(
        cells_of(rows, field.name),
        f"{field.name}: {column.shown(word)} was read as {code}{times_of(rows)}",
        f"a code, label or spelling of the code list {field.codelist!r}",
        f"if it is right, add the spelling to schemas/spellings/{field.codelist}.csv",
    )


def times_of(rows: pd.DataFrame) -> str:
    """Return in how many cells a word stands, where there are several."""
    return f" ({len(rows)} cells)" if len(rows) > 1 else ""


def problem_of_many(count: int, rows: pd.DataFrame, field: Field) -> Problem:
    """Return the problem of words too many to be told one by one."""
    return Problem(
        cells_of(rows, field.name),
        f"{field.name}: {count:,} further words are not in the code list "
        f"{field.codelist!r}, from here on",
        "a column of words of that list",
        "check that the layout names the right column",
    )

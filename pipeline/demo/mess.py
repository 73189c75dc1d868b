"""Rows that must be refused, blank cells, and words that look like others.

In here: what goes wrong when people write lists, each with the rule that refuses it
where one does. Not in here: how a list lays its rows out (`shapes.py`).
"""

from typing import NamedTuple

import numpy as np

from pipeline.demo.dates import Columns, retell
from pipeline.demo.world import Dice, Mask, Texts, Whole

LOOKS = str.maketrans("аеосрхАЕОСРХКМНВТ", "aeocpxAEOCPXKMHBT")
"""Cyrillic letters, and the Latin ones that look like them."""

NO_BREAK = "\u00a0"
SHORTEST = 5
"""Letters of the shortest word in which one is exchanged: of a shorter one it may be
another word."""


class Fault(NamedTuple):
    """Something that is wrong with a row, and the rule that refuses the row.

    `field` is where `text` is written instead of what is true; a `later` date is
    moved behind it, `twice` repeats the row.
    """

    rule: str
    field: str = ""
    text: str = ""
    later: str = ""
    twice: bool = False


def clear(columns: Columns) -> int:
    """Add the columns of faults, none so far; return how many rows there are."""
    count = len(next(iter(columns.values())))
    for name in ("rule", "bad_field", "bad_text"):
        columns[name] = np.full(count, "", dtype=object)
    return count


def spoil(
    columns: Columns, faults: tuple[Fault, ...], share: float, dice: Dice
) -> Columns:
    """Return rows of which a share has one of some faults each."""
    count = clear(columns)
    bad = np.flatnonzero(dice.chance(share, count))
    kind = dice.rng.integers(0, len(faults), len(bad))
    times = np.ones(count, dtype=np.int64)
    for at, fault in enumerate(faults):
        rows = bad[kind == at]
        if fault.later:
            rows = put_behind(columns, fault, rows)
        if fault.twice:
            times[rows] = 2
            continue
        columns["rule"][rows] = fault.rule
        if not fault.later:
            columns["bad_field"][rows] = fault.field
            columns["bad_text"][rows] = fault.text
    return repeated(columns, times, next((f.rule for f in faults if f.twice), ""))


def put_behind(columns: Columns, fault: Fault, rows: Whole) -> Whole:
    """Move a date behind the one that it cannot come after; return the rows moved."""
    last = columns[f"_{fault.later}"]
    rows = rows[columns[f"{fault.later}_precision"][rows] == "DAY"]
    days, forms = columns[f"_{fault.field}"].copy(), columns[f"_{fault.field}_form"]
    days[rows], forms[rows] = last[rows] + 9, "DAY"
    retell(columns, fault.field, days, forms)
    return rows


def repeated(columns: Columns, times: Whole, rule: str) -> Columns:
    """Return rows of which some stand twice, the second refused by a rule."""
    if (times == 1).all():
        return columns
    at = np.repeat(np.arange(len(times)), times)
    is_second = np.concatenate([[False], at[1:] == at[:-1]])
    told = {name: column[at] for name, column in columns.items()}
    told["rule"][is_second] = rule
    return told


def unknown(columns: Columns, names: tuple[str, ...], share: float, dice: Dice) -> None:
    """Make a share of some codes unknown to the list."""
    for name in names:
        column = columns[name].copy()
        column[dice.chance(share, len(column))] = "_U"
        columns[name] = column


def blank(columns: Columns, names: tuple[str, ...], share: float, dice: Dice) -> None:
    """Leave a share of some cells empty."""
    for name in names:
        column = columns[name].astype(object)
        column[dice.chance(share, len(column))] = ""
        columns[name] = column


def look_alikes(word: str) -> list[str]:
    """Return other spellings of a word that a reader takes for the same."""
    found = [word.upper(), word + " "]
    if " " in word:
        found.append(word.replace(" ", NO_BREAK, 1))
    if len(word) >= SHORTEST and word.isalpha():
        at = next((n for n, sign in enumerate(word) if ord(sign) in LOOKS), None)
        if at is not None:
            found.append(word[:at] + word[at].translate(LOOKS) + word[at + 1 :])
    return found


def varied_labels(labels: Texts, share: float, dice: Dice) -> Texts:
    """Return labels of persons and places, some in another spelling of the same."""
    told = labels.copy()
    odd = np.flatnonzero((labels != "") & dice.chance(share, len(labels)))
    how = dice.rng.integers(0, 5, len(odd))
    ways = (
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: text.replace("-", "–"),
        lambda text: text.translate(LOOKS),
        lambda text: f"{NO_BREAK}{text} ",
    )
    for at, way in zip(odd.tolist(), how.tolist(), strict=True):
        told[at] = ways[way](told[at])
    return told


def is_good(columns: Columns) -> Mask:
    """Return which rows no rule refuses."""
    return np.asarray(columns["rule"] == "", dtype=bool)

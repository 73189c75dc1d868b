"""Which rows and columns repeat others: told by words and by the numbers themselves.

In here: likely totals and "of which" parts of a block of numbers, one axis at a time.
Not in here: writing them as controls (`cross_draft.py`, `flat_draft.py`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from pipeline.collect.cross_controls import parts_beside
from pipeline.collect.layout import LEVELS
from pipeline.declarations.header_words import HeaderWords
from pipeline.propose.looks import GROUPS, SIGNS
from pipeline.propose.matching import header_form

Numbers = npt.NDArray[np.float64]
Of = Literal["above", "below", "all"]
LEAST_SHARE = 0.75
"""Of the sums of a row: with fewer that agree it is no total by its numbers."""

MOST_LINES = 3000
AFFIXES = re.compile(rf"[\s\u00a0\u202f\u2009'’$€£₸₽%{SIGNS}¹²³a-z]")


@dataclass(frozen=True, slots=True)
class Total:
    """A line (row or column) that repeats others.

    `agrees` is the share of its numbers that are the sum of their parts, `differs`
    has the others by position: the printed number less the sum.
    """

    kind: Literal["total", "of_which"]
    of: Of | tuple[int, ...]
    agrees: float
    differs: Mapping[int, float]
    by_words: bool


def number_in(text: str) -> float:
    """Return the number that a text most likely is, or nan."""
    plain = text.replace("−", "-").replace("–", "-").strip()
    if re.fullmatch(rf"-?{GROUPS}(?:\.\d+)?\D?", plain):
        plain = re.sub(r"[,.](?=\d{3})", "", plain)
    try:
        return float(AFFIXES.sub("", plain).replace(",", "."))
    except ValueError:
        return np.nan


def numbers_of(texts: npt.NDArray[np.object_]) -> Numbers:
    """Return a block of texts as numbers, nan where there is none."""
    known: dict[object, float] = {}
    flat = [known.setdefault(t, number_in(str(t))) for t in texts.ravel()]
    return np.array(flat, dtype=np.float64).reshape(texts.shape)


def says_total(label: str, words: HeaderWords) -> bool:
    """Return whether a label begins or ends with a word for a total."""
    form = header_form(label)
    for word in words.words("role", "total"):
        if form == word or (
            len(word) > 3 and (form.startswith(f"{word} ") or form.endswith(f" {word}"))
        ):
            return True
    return False


def says_part(label: str, words: HeaderWords) -> bool:
    """Return whether a label holds the words for "of which"."""
    form = header_form(label)
    return any(
        form.startswith(f"{word} ") or form.endswith(f" {word}") or form == word
        for word in words.words("role", "of which")
    )


def totals_of(
    numbers: Numbers, labels: Sequence[str], words: HeaderWords
) -> dict[int, Total]:
    """Return the lines of a block that repeat others, by position.

    Args:
        numbers: one line per label, nan where there is no number.
        labels: the labels of the lines.
        words: words for totals.
    """
    told = {
        at
        for at, label in enumerate(labels)
        if any(says_total(part, words) for part in label.split(LEVELS))
    }
    if len(told) == len(labels):  # then a total is all there is
        return {}
    whole = {at: parts for at in parents(labels, words) if (parts := run(numbers, at))}
    whole |= sums_without_words(numbers, told | set(whole))
    seen = told | set(whole) | unlabelled(numbers, told | set(whole))
    found = {}
    for at in sorted(seen):
        if at in whole:
            by_words = at in told or at in parents(labels, words)
            found[at] = Total("total", whole[at], 1.0, {}, by_words)
            continue
        of, agrees, differs = best_sum(numbers, at, seen)
        parts = run(numbers, at, seen) if agrees < LEAST_SHARE else ()
        if parts:
            found[at] = Total("total", parts, 1.0, {}, at in told)
        elif at in told or agrees >= LEAST_SHARE:
            found[at] = Total("total", of, agrees, differs, at in told)
    return found


def parents(labels: Sequence[str], words: HeaderWords) -> list[int]:
    """Return the lines whose label ends with "of which": their parts stand below."""
    ends = tuple(f" {word}" for word in words.words("role", "of which"))
    return [at for at, one in enumerate(labels) if header_form(one).endswith(ends)]


def sums_without_words(numbers: Numbers, told: set[int]) -> dict[int, tuple[int, ...]]:
    """Return the lines that are the sum of lines right below, though no word says so.

    Several numbers other than zero must agree: less is too often so by chance.
    """
    count, width = numbers.shape
    if count > 300 or width < 4:
        return {}
    found = {}
    for at in range(count):
        if at in told or (numbers[at] > 1).sum() < 4:
            continue
        if parts := run(numbers, at, told):
            found[at] = parts
    return found


def run(numbers: Numbers, at: int, skipped: Collection[int] = ()) -> tuple[int, ...]:
    """Return the lines right below one whose sum it is, or nothing.

    Args:
        numbers: one line per label.
        at: the line that may be a total.
        skipped: lines that are totals themselves, and no parts.
    """
    held = ~np.isnan(numbers[at]) & (numbers[at] != 0)
    rest = numbers[at][held].copy()
    parts: list[int] = []
    for one in range(at + 1, len(numbers)):
        if one in skipped:
            continue
        rest -= np.nan_to_num(numbers[one][held])
        parts.append(one)
        if len(parts) > 1 and len(rest) and np.allclose(rest, 0, atol=1e-6):
            return tuple(parts)
        if not len(rest) or (rest < -1e-6).any():
            break
    return ()


def unlabelled(numbers: Numbers, told: set[int]) -> set[int]:
    """Return the lines that are the sum of all lines below or above them, untold.

    Few sums, or sums of two lines, are too often equal by chance.
    """
    count, width = numbers.shape
    if count > MOST_LINES or width < 3 or count < 5:
        return set()
    plain = np.nan_to_num(numbers)
    data = np.ones(count, dtype=bool)
    data[[*told]] = False
    running = np.cumsum(np.where(data[:, None], plain, 0), axis=0)
    below = running[-1] - running
    above = running - np.where(data[:, None], plain, 0)
    parts_below = data.sum() - np.cumsum(data)
    found = set()
    for at in np.flatnonzero(data):
        parts = {"below": parts_below[at], "above": at}
        for name, sums in (("below", below[at]), ("above", above[at])):
            held = plain[at] != 0
            agree = (np.isclose(plain[at], sums) & held).sum()
            if parts[name] >= 3 and held.sum() >= 3 and agree >= 0.8 * held.sum():
                found.add(int(at))
    return found


def best_sum(
    numbers: Numbers, at: int, totals: set[int]
) -> tuple[Of, float, dict[int, float]]:
    """Return which lines a total is the sum of, how often, and where it is not."""
    best: tuple[Of, float, dict[int, float]] = ("all", -1.0, {})
    held = np.flatnonzero(~np.isnan(numbers[at]))
    for of in ("above", "below", "all"):
        parts = parts_of(len(numbers), at, totals, of)
        if not parts or not len(held):
            continue
        sums = np.nansum(numbers[parts], axis=0)
        residual = numbers[at] - sums
        agree = np.isclose(residual[held], 0, atol=1e-6)
        if agree.mean() > best[1]:
            differs = {
                int(one): float(residual[one])
                for one in held
                if not np.isclose(residual[one], 0, atol=1e-6)
            }
            best = (of, float(agree.mean()), differs)
    return best[0], max(best[1], 0.0), best[2]


def parts_of(count: int, at: int, totals: set[int], of: str) -> list[int]:
    """Return the lines that a total is the sum of, as a layout would choose them."""
    data = [one for one in range(count) if one not in totals]
    return parts_beside(of, at, data, totals - {at})


def starred(texts: Sequence[str]) -> str:
    """Return the words that texts begin with, and a star for what follows."""
    start = same_start(texts)
    return start if len(set(texts)) == 1 else f"{start.rstrip()}*"


def same_start(names: Sequence[str]) -> str:
    """Return what all names begin with."""
    first, last = min(names), max(names)
    differs = (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(differs, min(len(first), len(last)))]

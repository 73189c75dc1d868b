"""Pair texts of two editions: the same ones, and those that were reworded.

In here: names of sheets, headers, row labels. Not in here: what differs below them
(`compare.py`). Seen from either edition the pairs are the same.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rapidfuzz import fuzz

ALIKE = 75
"""Likeness in percent from which one text may be another, reworded."""

MOST_COMPARED = 400
"""How many texts on each side are compared with each other: more are no rewording."""


class Pairs(NamedTuple):
    """Old text → new text of what is in both, and what is only in one."""

    same: dict[str, str]
    reworded: dict[str, str]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def paired(old: Iterable[str], new: Iterable[str], *, loosely: bool = True) -> Pairs:
    """Return which texts of two editions belong together.

    Args:
        old: texts of the earlier edition, each once.
        new: texts of the later one.
        loosely: whether texts that are alike belong together; identifiers never do.
    """
    olds, news = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    known_old, known_new = set(olds), set(news)
    same = {text: text for text in olds if text in known_new}
    removed = [text for text in olds if text not in known_new]
    added = [text for text in news if text not in known_old]
    reworded = best_pairs(likeness(removed, added)) if loosely else {}
    return Pairs(
        same,
        reworded,
        tuple(text for text in removed if text not in reworded),
        tuple(text for text in added if text not in set(reworded.values())),
    )


def likeness(old: list[str], new: list[str]) -> dict[tuple[str, str], float]:
    """Return how alike texts are that have the same digits: 2019 is never 2020."""
    if max(len(old), len(new)) > MOST_COMPARED:
        return {}
    found = {}
    for one in old:
        for other in new:
            if digits(one) == digits(other):
                score = fuzz.ratio(one, other)
                if score >= ALIKE:
                    found[one, other] = score
    return found


def digits(text: str) -> list[str]:
    """Return the numbers in a text."""
    return re.findall(r"\d+", text)


def best_pairs(scores: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Return pairs, the most alike first, each text in one at most."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    ordered = sorted(scores, key=lambda pair: (-scores[pair], sorted(pair)))
    for old, new in ordered:
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return pairs

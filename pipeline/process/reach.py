"""Which records are meant by the numbers that other records name.

In here: the ends of each name, by one number or by two that have to agree. Not in
here: when two numbers are one (`shared_numbers.py`), what is told of it (`link.py`).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.process.shared_numbers import Shared, agree, numbers_of, sought

Flags = npt.NDArray[np.bool_]
FIRST, SECOND, BOTH = range(3)


class Way(NamedTuple):
    """A number by which records are named, in a column here and a field there."""

    column: str
    field: str


class Met(NamedTuple):
    """Pairs `at` (who names), `end` (who is meant), `is_own`; where numbers disagree.

    `at` and `end` are positions.
    """

    pairs: pd.DataFrame
    is_torn: Flags


def reach(
    named: pd.DataFrame, ends: pd.DataFrame, ways: tuple[Way, ...], shared: Shared
) -> Met:
    """Return which records are meant by one number, or by two.

    A record that both numbers lead to is meant. They disagree where each leads to
    another one, and where the second leads to a record of the same source that bears
    another first number than the one named. A record of the source itself comes before
    those of others.

    Args:
        named: who names, with a range as index and the column of each way.
        ends: who may be named, alike, with the field of each way.
        ways: the number that no two ends of a source share, and perhaps a second.
        shared: numberings that sources share.
    """
    size = len(named)
    here = [numbers_of(named, way.column, way.field, shared) for way in ways]
    there = [numbers_of(ends, way.field, way.field, shared) for way in ways]
    first = sought(here[0], there[0])
    if len(ways) == 1 or here[1]["text"].isna().all():
        return Met(own_first(first, size), np.zeros(size, dtype=bool))
    is_agreed = agree(
        here[1].iloc[first["at"]].reset_index(drop=True),
        there[1].iloc[first["end"]].reset_index(drop=True),
    )
    by_first = first.assign(way=np.where(is_agreed, BOTH, FIRST))
    by_second = sought(here[1], there[1]).assign(way=SECOND)
    pairs = pd.concat([by_first, by_second], ignore_index=True)
    pairs = own_first(pairs.drop_duplicates(["at", "end"]), size)
    return settled(pairs, here[0]["text"].notna().to_numpy())


def own_first(pairs: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return pairs without those into other sources where there is one of its own."""
    is_own = pairs["is_own"].to_numpy(dtype=bool)
    has_own = has(pairs["at"][is_own], size)
    return pairs[is_own | ~has_own[pairs["at"]]]


def settled(pairs: pd.DataFrame, names_first: Flags) -> Met:
    """Return the records meant by two numbers, and where these disagree.

    Args:
        pairs: with the way by which each was found.
        names_first: whether each names the first number, found or not.
    """
    size = len(names_first)
    one, other, both = (
        has(pairs["at"][pairs["way"] == way], size) for way in (FIRST, SECOND, BOTH)
    )
    is_own = has(pairs["at"][pairs["is_own"].astype(bool)], size)
    is_torn = ~both & other & (one | (names_first & is_own))
    is_meant = ~both[pairs["at"]] | (pairs["way"] == BOTH)
    return Met(pairs[is_meant], is_torn)


def has(at: pd.Series, size: int) -> Flags:
    """Return which positions occur."""
    found: Flags = np.bincount(at, minlength=size).astype(bool)
    return found

"""All totals of a table at once: arithmetic on arrays, no database.

In here: which cells there are, what each is worth and which leaves it rests on. Not in
here: what a leaf or a unit is (`aggregate.py`).

The work is 2^n sortings of the leaves for n dimensions; records play no part.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.model import TOTAL

Ints = npt.NDArray[np.int64]
MOST = 2**62
"""Above this, numbers made of many codes would no longer fit into 64 bits."""


class Standing(NamedTuple):
    """Which leaves each set of units stands in: one entry for each set and leaf.

    `leaf` is the position of the leaf, `amount` what the set adds to a cell, once.
    """

    set_no: Ints
    leaf: Ints
    amount: npt.NDArray[np.float64]
    overlaps: bool
    """Whether some set stands in several leaves."""


class Cells(NamedTuple):
    """Cells with their codes and value, and the leaves of each, one after another."""

    frame: pd.DataFrame
    sizes: Ints
    leaves: Ints


class Rolled(NamedTuple):
    """The cells of one choice of totals, by the position of their first leaf."""

    first: Ints
    values: npt.NDArray[np.float64]
    sizes: Ints
    leaves: Ints


def cube(
    leaves: pd.DataFrame, kept: Sequence[str], free: Sequence[str], standing: Standing
) -> Cells:
    """Return every cell of a cube, each set of units counted once in each.

    Args:
        leaves: one row for each leaf, with its codes; no two rows the same.
        kept: columns that have no total.
        free: columns of which every subset is replaced by the total.
        standing: what is counted, by leaf.

    Returns:
        The frame has the columns kept and free, and `obs_value`.
    """
    base = numbered(leaves[list(kept)])
    codes = [pd.factorize(leaves[name])[0].astype(np.int64) for name in free]
    parts, frames = [], []
    for shown in product((True, False), repeat=len(free)):
        rolled = roll_up(key_of(base, codes, shown), standing)
        frame = leaves[[*kept, *free]].iloc[rolled.first]
        hidden = [name for name, show in zip(free, shown, strict=True) if not show]
        frames.append(frame.assign(**dict.fromkeys(hidden, TOTAL)))
        parts.append(rolled)
    return Cells(
        pd.concat(frames, ignore_index=True).assign(
            obs_value=np.concatenate([part.values for part in parts])
        ),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.leaves for part in parts]),
    )


def numbered(frame: pd.DataFrame) -> Ints:
    """Return a number for each row; the same codes have the same number."""
    groups = frame.groupby(list(frame.columns), sort=False).ngroup()
    return np.asarray(groups, dtype=np.int64)


def key_of(base: Ints, codes: Sequence[Ints], shown: Sequence[bool]) -> Ints:
    """Return a number for each leaf that is the same in all leaves of one cell."""
    key, room = base, int(base.max(initial=0)) + 1
    for code in used(codes, shown):
        width = int(code.max(initial=0)) + 1
        if room * width > MOST:
            key = np.unique(key, return_inverse=True)[1]
            room = len(key)
        key, room = key * width + code, room * width
    return key


def used(codes: Sequence[Ints], shown: Sequence[bool]) -> Iterator[Ints]:
    """Yield the codes of the dimensions that are shown."""
    return (code for code, show in zip(codes, shown, strict=True) if show)


def roll_up(key: Ints, standing: Standing) -> Rolled:
    """Return the cells of one choice of totals; `key` has the cell of each leaf."""
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    number = len(first)
    at = cell[standing.leaf]
    amount = standing.amount
    if standing.overlaps:
        # A set of units that stands in several leaves of one cell adds to it once.
        _, once = np.unique(standing.set_no * number + at, return_index=True)
        at, amount = at[once], amount[once]
    return Rolled(
        first,
        np.bincount(at, amount, minlength=number).astype(np.float64),
        np.bincount(cell, minlength=number),
        np.argsort(cell, kind="stable"),
    )

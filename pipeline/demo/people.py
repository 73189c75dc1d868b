"""Made-up people and places: numbers, and what is true of each.

In here: who a person is by number, the facilities, the labels under which lists know
both. Not in here: what happens to them (`complaints.py`); other spellings of a label
(`mess.py`). No label is a name.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.demo.world import Dice, Mask, Texts, Whole, World

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SEX, BIRTH, CITIZENSHIP, IDENTIFIED = range(4)
YOUNGEST, OLDEST = 1950, 2002
"""Years of birth in 2020: people of earlier years are as much older."""


def fixed_draw(numbers: Whole, what: int) -> np.ndarray:
    """Return for each number the same draw from 0 to 1, whenever it is asked.

    The method is that of SplitMix64 (Steele, Lea and Flood, *Fast splittable
    pseudorandom number generators*, OOPSLA 2014): what is true of a person need not
    be kept for millions of them.
    """
    start = np.uint64(what * int(MIX[0]) % 2**64)
    mixed = numbers.astype(np.uint64) * GOLDEN + start
    for shift, factor in ((30, MIX[0]), (27, MIX[1])):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def fixed_pick(numbers: Whole, what: int, shares: dict[str, float]) -> Texts:
    """Return for each number the same key of some shares, whenever it is asked."""
    weights = np.cumsum([*shares.values()])
    drawn = fixed_draw(numbers, what) * weights[-1]
    keys: Texts = np.array([*shares], dtype=object)
    picked: Texts = keys.take(np.searchsorted(weights, drawn, "right"))
    return picked


class People(NamedTuple):
    """What is true of some people, one entry for each."""

    number: Whole
    sex: Texts
    birth_year: Whole
    citizenship: Texts


def people_of(numbers: Whole, world: World) -> People:
    """Return what is true of the people of some numbers."""
    span = OLDEST - YOUNGEST
    born = YOUNGEST + np.floor(fixed_draw(numbers, BIRTH) * span).astype(np.int64)
    return People(
        numbers,
        fixed_pick(numbers, SEX, world.sex),
        born,
        fixed_pick(numbers, CITIZENSHIP, world.citizenship),
    )


def facilities_of(world: World, seed: int) -> pd.DataFrame:
    """Return the facilities: `number` from 1, `kind`, `region`."""
    kinds = [
        kind for kind, place in world.facilities.items() for _ in range(place.count)
    ]
    numbers = np.arange(1, len(kinds) + 1)
    regions = Dice(seed, 0).pick(world.regions, len(kinds))
    told = {"number": numbers, "kind": kinds, "region": regions}
    return pd.DataFrame(told)


def facility_codes(numbers: Whole) -> Texts:
    """Return the code of each facility, nothing where there is none."""
    names = [f"ДМ-{100 + n % 60}/{n}" for n in range(int(numbers.max(initial=0)) + 1)]
    return np.array(["", *names[1:]], dtype=object)[numbers]


def labels(prefix: str, numbers: Whole, is_known: Mask, unknown: str = "") -> Texts:
    """Return a label such as АК-000123 for each number, a word where none is known."""
    told = np.full(len(numbers), unknown, dtype=object)
    told[is_known] = [f"{prefix}-{one:06d}" for one in numbers[is_known].tolist()]
    return told

"""Complaints of linked lists in groups that every count takes together or not at all.

In here: which lists hold a complaint, and which perhaps do. Not in here: counting.
"""

from collections import Counter
from typing import NamedTuple

import pandas as pd

from pipeline.analyse.linkage.linked import CLERICAL, MATCH, Linked
from pipeline.model import UNKNOWN

PLUS = "+"
"""Between the names of lists that are taken together."""


class Leaf(NamedTuple):
    """Complaints of one list that are counted together.

    `lists` are the lists that hold the same complaint; `unsure` those that may.
    """

    year: str
    list_id: str
    lists: frozenset[str]
    unsure: frozenset[str]
    is_duplicate: bool


class Sized(NamedTuple):
    """A leaf with its number and how many rows it has."""

    number: int
    leaf: Leaf
    rows: int


class Leaves(NamedTuple):
    """Members with their `leaf_no`, and the leaves of each country."""

    members: pd.DataFrame
    of_area: dict[str, list[Sized]]


def in_leaves(found: Linked) -> Leaves:
    """Return the members with the number of the leaf of each, and the leaves.

    A complaint is of the earliest year in which any list received it.
    """
    members = found.members
    dated = members["year"].mask(members["year"].eq(UNKNOWN))
    year = dated.groupby(members["entity_no"]).transform("min").fillna(UNKNOWN)
    lists = lists_of(members)
    unsure = unsure_lists(found, lists)
    nothing: frozenset[str] = frozenset()
    keys = [
        (area, Leaf(when, name, lists[entity], unsure.get(entity, nothing), again))
        for area, when, name, entity, again in zip(
            members["ref_area"],
            year,
            members["list_id"],
            members["entity_no"],
            members["is_duplicate"].tolist(),
            strict=True,
        )
    ]
    rows = Counter(keys)
    numbers: dict[tuple[str, Leaf], int] = {}
    of_area: dict[str, list[Sized]] = {}
    for number, key in enumerate(sorted(rows, key=sortable), start=1):
        numbers[key] = number
        of_area.setdefault(key[0], []).append(Sized(number, key[1], rows[key]))
    return Leaves(members.assign(leaf_no=[numbers[key] for key in keys]), of_area)


def lists_of(members: pd.DataFrame) -> dict[int, frozenset[str]]:
    """Return for each complaint the lists that hold it."""
    held: dict[int, frozenset[str]] = {}
    for entity, name in zip(members["entity_no"], members["list_id"], strict=True):
        held[entity] = held.get(entity, frozenset()) | {name}
    return held


def sortable(key: tuple[str, Leaf]) -> tuple[str, ...]:
    """Return a country and a leaf as texts that have an order."""
    area, leaf = key
    sets = (PLUS.join(sorted(names)) for names in (leaf.lists, leaf.unsure))
    return (area, leaf.year, leaf.list_id, *sets, str(leaf.is_duplicate))


def unsure_lists(
    found: Linked, lists: dict[int, frozenset[str]]
) -> dict[int, frozenset[str]]:
    """Return for each complaint the lists in which it may be, but is not for sure.

    A pair tells nothing where one complaint already is in a list of the other: one of
    the two links would be wrong.
    """
    single = found.members[~found.members["is_duplicate"]]
    entity = dict(zip(single["row_no"], single["entity_no"], strict=True))
    maybe = found.pairs[found.pairs["band"].isin([CLERICAL, MATCH])]
    unsure: dict[int, frozenset[str]] = {}
    for row, other in zip(maybe["row_l"], maybe["row_r"], strict=True):
        if row not in entity or other not in entity:
            continue
        one, two = entity[row], entity[other]
        if one != two and not lists[one] & lists[two]:
            unsure[one] = unsure.get(one, frozenset()) | lists[two]
            unsure[two] = unsure.get(two, frozenset()) | lists[one]
    return unsure

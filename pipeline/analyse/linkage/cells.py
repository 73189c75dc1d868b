"""Which cells `overlap` has, and which groups of complaints each counts.

In here: lists alone, two by two, together, and the range. Not in here: the groups
(`leaves.py`), publishing (`overlap.py`).
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from pipeline.analyse.linkage.leaves import PLUS, Leaf, Sized
from pipeline.model import NOT_APPLICABLE, TOTAL

NONE = NOT_APPLICABLE
FIRST = "first"
"""Count a complaint by its row in the first of its lists: once."""

MOST_LISTS = 5
"""Of so many lists every combination is shown; of more, those that occur."""


class Cell(NamedTuple):
    """One row of the table: what it counts, and which leaves it rests on.

    `of` is the list whose rows give the value (`FIRST`: the first list of each
    complaint, `_T`: all lists). A leaf counts where its list is one of `rows`, its
    complaint is in all of `holds` and not in `lacks`, but perhaps so, as `unsure` says.
    """

    here: str
    there: str
    state: str
    of: str
    rows: frozenset[str]
    holds: frozenset[str] = frozenset()
    is_exact: bool = False
    lacks: str = ""
    unsure: bool | None = None
    duplicates: bool | None = False

    def rests_on(self, leaf: Leaf) -> bool:
        """Return whether the cell counts the rows of a leaf."""
        return (
            leaf.list_id in self.rows
            and leaf.lists >= self.holds
            and (not self.is_exact or leaf.lists == self.holds)
            and self.lacks not in leaf.lists
            and self.unsure in (None, self.lacks in leaf.unsure)
            and self.duplicates in (None, leaf.is_duplicate)
        )

    def counts(self, leaf: Leaf) -> bool:
        """Return whether the rows of a leaf that it rests on give the value."""
        first = self.of == FIRST and leaf.list_id == min(leaf.lists)
        return first or self.of in (leaf.list_id, TOTAL)


def cells(lists: list[str], patterns: set[frozenset[str]]) -> Iterator[Cell]:
    """Yield the cells of lists alone, two by two, and of their combinations."""
    for name in lists:
        one = frozenset({name})
        yield Cell(name, NONE, "IN_LIST", name, one, duplicates=None)
        yield Cell(name, NONE, "DUPLICATE", name, one, duplicates=True)
    for here, there in combinations(lists, 2):
        yield from two_lists(here, there)
    every = (
        [frozenset(c) for n in range(1, len(lists) + 1) for c in combinations(lists, n)]
        if len(lists) <= MOST_LISTS
        else sorted(patterns, key=sorted)
    )
    for group in every:
        name = PLUS.join(sorted(group))
        yield Cell(name, NONE, "EXACTLY", FIRST, group, group, is_exact=True)
        if len(group) > 2:
            yield Cell(name, NONE, "MATCHED", min(group), group, group)


def two_lists(here: str, there: str) -> Iterator[Cell]:
    """Yield the cells of two lists. Here: matched + only + uncertain + duplicate."""
    both = frozenset({here, there})
    yield Cell(here, there, "MATCHED", here, both, both)
    for mine, other, side in ((here, there, "HERE"), (there, here, "THERE")):
        for state, unsure in (("ONLY", False), ("UNCERTAIN", True)):
            one = frozenset({mine})
            yield Cell(
                here, there, f"{state}_{side}", mine, one, lacks=other, unsure=unsure
            )


def whole(leaves: list[Sized], lists: list[str]) -> Iterator[Cell]:
    """Yield the range of all lists together, and the complaints told apart."""
    sizes = dict.fromkeys(lists, 0)
    for _, leaf, rows in leaves:
        sizes[leaf.list_id] += 0 if leaf.is_duplicate else rows
    longest = max(lists, key=lambda name: (sizes[name], name))
    every = frozenset(lists)
    yield Cell(TOTAL, NONE, "AT_LEAST", longest, frozenset({longest}))
    yield Cell(TOTAL, NONE, "APART", FIRST, every)
    yield Cell(TOTAL, NONE, "AT_MOST", TOTAL, every, duplicates=None)

"""Printed totals of a sheet: which hold, which differ, which are explained.

In here: putting them into words for the page. Not in here: comparing them
(`collect/controls.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.collect.controls import DIFFERS, EXPLAINED, HOLDS, OVERLAPS
from pipeline.inspect.addresses import Position, first_cell

if TYPE_CHECKING:
    from pipeline.inspect.links import Links

WORDS = {
    DIFFERS: "differs",
    EXPLAINED: "differs, explained",
    OVERLAPS: "parts overlap",
    HOLDS: "holds",
}
OF_SEVERAL = {
    DIFFERS: "differ",
    EXPLAINED: "differ, explained",
    OVERLAPS: "with parts that overlap",
    HOLDS: "hold",
}
MOST_TOTALS = 200


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """One total beside the sum of its parts."""

    cell: str
    state: str
    stated: str
    computed: str
    residual: str
    parts: int
    because: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PrintedTotals:
    """The totals of a sheet: how many of each state, and those that are listed."""

    counts: tuple[tuple[str, int], ...]
    listed: tuple[PrintedTotal, ...]

    @property
    def cells_that_differ(self) -> list[Position]:
        """Return the cells of totals that differ, explained or not."""
        odd = (WORDS[DIFFERS], WORDS[EXPLAINED])
        return [first_cell(one.cell) for one in self.listed if one.state in odd]

    def linked(self, links: Links) -> PrintedTotals:
        """Return the totals with links to their cells."""
        listed = (
            replace(one, href=links.href(first_cell(one.cell))) for one in self.listed
        )
        return replace(self, listed=tuple(listed))


def totals_of(controls: pd.DataFrame) -> PrintedTotals:
    """Return the totals of a sheet, those that differ first."""
    states = controls["state"].map(WORDS)
    counts = tuple(
        (WORDS[state] if count == 1 else OF_SEVERAL[state], count)
        for state in WORDS
        for count in (int((controls["state"] == state).sum()),)
        if count
    )
    order = {word: at for at, word in enumerate(WORDS.values())}
    rows = controls.assign(state=states).sort_values(
        "state", key=lambda words: words.map(order), kind="stable"
    )
    return PrintedTotals(
        counts, tuple(one_total(row) for _, row in rows.head(MOST_TOTALS).iterrows())
    )


def one_total(row: pd.Series) -> PrintedTotal:
    """Return one total in words."""
    text = row.astype("str")
    return PrintedTotal(
        cell=text["cell"],
        state=text["state"],
        stated=text["stated"],
        computed=text["computed"],
        residual=text["residual"],
        parts=int(row["parts"]),
        because=text["because"],
    )

"""Disclosure control: the one gate between `out` and anything that is published.

In here: the decision whether a table may be published, and `ProtectedTable`, which
only this module makes and which is all that writers accept. Not in here: writing.

First rule: a table passes when every source it rests on is declared public. Anything
else is refused until small-cell suppression is built. Synthetic data protect nobody:
their source is declared public too, and the table says that it is synthetic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from pipeline.analyse.places import Places
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import TableSpec
from pipeline.errors import DisclosureError
from pipeline.model import SEPARATOR

_SEAL = object()
WITHHELD = "c"
RULE = "public-sources-only"


class OutTable(NamedTuple):
    """A table of `out` before the gate.

    `frame` has the columns of `schemas/outputs.py` and those of its declaration;
    `places` reads what each published cell rests on; `sources` are the ids of the
    sources that the table rests on.
    """

    spec: TableSpec
    frame: pd.DataFrame
    places: Callable[[], Places]
    sources: frozenset[str]

    @property
    def provenance(self) -> pd.DataFrame:
        """Return one row per published cell and record that it rests on."""
        return self.places().listed()


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table that disclosure control has let through. All that writers accept."""

    spec: TableSpec
    frame: pd.DataFrame
    places: Callable[[], Places]
    sources: frozenset[str]
    synthetic: bool
    rule: str
    seal: Any

    def __post_init__(self) -> None:
        """Refuse any table that did not come through `protect`."""
        if self.seal is not _SEAL:
            raise DisclosureError(
                f"{self.spec.table}: only disclosure control makes a protected table"
            )

    @property
    def provenance(self) -> pd.DataFrame:
        """Return one row per published cell and record that it rests on."""
        return self.places().listed()

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.spec.table


class Refusal(NamedTuple):
    """A table that may not be published, and why."""

    table: str
    reason: str


def protect(table: OutTable, sources: Mapping[str, Source]) -> ProtectedTable | Refusal:
    """Return the table as protected, or the refusal with its reason.

    Raises:
        DisclosureError: a cell that is marked as withheld has its number.
    """
    beside_numbers = table.frame.loc[table.frame["obs_value"].notna(), "mark"]
    marks = beside_numbers.dropna().unique()
    if any(WITHHELD in told.split(SEPARATOR) for told in marks):
        raise DisclosureError(
            f"{table.spec.table}: a cell marked as withheld still has its number; "
            "nothing is published"
        )
    closed = sorted(
        name for name in table.sources if sources[name].sensitivity != "public"
    )
    if closed:
        return Refusal(
            table.spec.table,
            "rests on sources not declared public: "
            + ", ".join(closed)
            + "; suppression of small cells is not built yet",
        )
    return ProtectedTable(
        table.spec,
        table.frame,
        table.places,
        table.sources,
        # A table that says that nothing was supplied rests on no source.
        any(sources[name].synthetic for name in table.sources or sources),
        RULE,
        _SEAL,
    )


def require_protected(table: object) -> ProtectedTable:
    """Return the table when it is a protected one.

    Raises:
        DisclosureError: it is anything else. Writers call this first.
    """
    if isinstance(table, ProtectedTable):
        return table
    raise DisclosureError(
        f"a {type(table).__name__} was about to be published; only tables that "
        "disclosure control has let through may be"
    )

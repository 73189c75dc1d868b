"""The nouns of the project: special codes, marks, a sheet, a delivery, a review.

In here: small immutable types that several phases share. Not in here: anything that
reads, computes or writes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

TOTAL, UNKNOWN, NOT_APPLICABLE, OTHER = "_T", "_U", "_Z", "_O"
SPECIAL_CODES = (TOTAL, UNKNOWN, NOT_APPLICABLE, OTHER)
SEPARATOR = ";"
"""Between several codes or identifiers in one cell of `core`."""

LINEAGE = (
    *("record_id", "source_id", "delivery_id", "file", "sheet", "row"),
    *("cell", "cells", "columns"),
)
"""Columns that every record carries: who it is and where it was read.

`cell` is the one to show (the number of a figure, the key of a register's row),
`cells` how many filled cells the record is made of, `columns` which letter holds
which field (empty for a crosstab, where the record is one cell).
"""


@dataclass(frozen=True, slots=True, order=True)
class Delivery:
    """One file as it was delivered."""

    source_id: str
    vintage: str
    file: str
    sha256: str
    size_bytes: int
    path: Path

    @property
    def delivery_id(self) -> str:
        """Return an identifier of these bytes under this name from this source.

        The same file repeated in a later vintage is the same delivery.
        """
        named = f"{self.source_id}/{self.file}/{self.sha256}"
        return hashlib.sha256(named.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A merged range of cells, by position from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as read: what each cell holds and shows, and which are merged.

    `values` has one row and one column per position from A1; all text, missing
    where the cell is empty. `shown` holds what the sheet shows where that differs,
    by (row, column). `faults` are cells that hold no usable value, with the reason.
    """

    name: str
    values: pd.DataFrame
    shown: dict[tuple[int, int], str]
    merged: tuple[Merge, ...] = ()
    faults: tuple[tuple[int, int, str], ...] = ()


class Laid(NamedTuple):
    """A sheet after its layout: its records, and the count of its filled cells."""

    record: str
    records: pd.DataFrame
    cells_read: int
    cells_non_data: int


class Reviewed(NamedTuple):
    """Every record that came in, in one of two places, and why."""

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    reasons: pd.DataFrame

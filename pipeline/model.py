"""The nouns of the project: special codes, marks, a sheet, a delivery, a review.

In here: small immutable types that several phases share. Not in here: anything that
reads, computes or writes.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import Problem

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
    `remarks` tell how the sheet was read and hold nothing of its content.
    """

    name: str
    values: pd.DataFrame
    shown: dict[tuple[int, int], str]
    merged: tuple[Merge, ...] = ()
    faults: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False
    remarks: tuple[str, ...] = ()


class Role(IntEnum):
    """What a layout takes a cell for."""

    EMPTY = 0
    NOT_UNDERSTOOD = 1
    TITLE = 2
    HEADER = 3
    DIMENSION = 4
    VALUE = 5
    PERSON = 6
    CONTROL = 7
    NOTE = 8
    DROPPED = 9
    NON_DATA = 10


class Laid(NamedTuple):
    """Records of one kind that a table was made into."""

    record: str
    records: pd.DataFrame


@dataclass(frozen=True, slots=True)
class LaidSheet:
    """A sheet after its layout.

    `roles` has the role of each cell, one row and column per position from A1.
    `controls` are the totals that the sheet prints, beside the sums of their parts.
    `problems` tell why something is not understood; there are no records then.
    """

    parts: tuple[Laid, ...]
    controls: pd.DataFrame
    roles: npt.NDArray[np.uint8]
    problems: tuple[Problem, ...] = ()

    @property
    def cells_read(self) -> int:
        """Return how many filled cells the sheet has."""
        return int(np.count_nonzero(self.roles))

    @property
    def cells_non_data(self) -> int:
        """Return how many filled cells are in no record."""
        return self.cells_read - sum(int(p.records["cells"].sum()) for p in self.parts)


class Reviewed(NamedTuple):
    """Every record that came in, in one of two places, and why."""

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    reasons: pd.DataFrame

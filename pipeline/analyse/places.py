"""Where the numbers of a published table stand: cells, groups of records, places.

In here: the two frames that tell it, and the one long list made of them. Not in here:
reading them (`traces.py`), writing them (`disseminate/release.py`).

A total rests on every record of its parts: listed cell by cell, the records of a large
table would stand in the list again and again, and no memory would hold it. Cells name
groups, and each group names its records once.
"""

from typing import NamedTuple

import pandas as pd

from schemas.outputs import PROVENANCE

CELL_COLUMNS = ("cell_id", "leaf_no")
RECORD_COLUMNS = (
    "leaf_no",
    *(name for name in PROVENANCE if name not in ("table_name", "cell_id")),
)


class Places(NamedTuple):
    """What a table rests on.

    `cells` has one row for each cell and group of records, `records` one for each
    group and record, with its place: `CELL_COLUMNS` and `RECORD_COLUMNS`.
    """

    table: str
    cells: pd.DataFrame
    records: pd.DataFrame

    @property
    def pairs(self) -> int:
        """Return how many pairs of cell and record there are, before any is made."""
        sizes = self.records["leaf_no"].value_counts()
        return int(self.cells["leaf_no"].map(sizes).fillna(0).sum())

    def listed(self) -> pd.DataFrame:
        """Return one row for each cell and record, with the columns of a trace."""
        both = self.cells.merge(self.records, on="leaf_no")
        both.insert(0, "table_name", self.table)
        rows = both[list(PROVENANCE)].drop_duplicates()
        return rows.sort_values(list(PROVENANCE), ignore_index=True)

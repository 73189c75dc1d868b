"""Counts of one relation over small registers, one by one, without a cube.

In here: reading and counting a relation as plainly as can be. Not in here: filling
the registers (`unit/analyse/conftest.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.analyse.relations.catalogue import RELATIONS
from pipeline.declarations.codelists import CodeList
from pipeline.warehouse import Warehouse

LEADING = (
    *("record_no", "ref_area", "synthetic", "source_id", "time_period"),
    *("unit_measure", "unit_key"),
)
UNIT = ["source_id", "unit_measure", "unit_key"]


@dataclass
class Registers:
    """Registers that are filled again and again, and what is counted in them."""

    warehouse: Warehouse
    put: Callable[..., None]
    known: dict[str, pd.DataFrame] = field(default_factory=dict)

    def fill(self, **registers: object) -> None:
        """Put records in the place of all others."""
        self.put(**registers)
        self.known.clear()

    def rows(self, relation: str) -> pd.DataFrame:
        """Return the rows of a relation, with the record that each rests on."""
        if relation not in self.known:
            self.known[relation] = self.warehouse.read(RELATIONS[relation].sql)
        return self.known[relation]

    def units(self, relation: str, **wanted: str) -> pd.DataFrame:
        """Return the rows of a relation that have the codes named."""
        rows = self.rows(relation)
        for name, code in wanted.items():
            rows = rows[rows[name] == code]
        return rows

    def count(self, relation: str, **wanted: str) -> int:
        """Return how many units stand in some row with the codes named."""
        return len(self.units(relation, **wanted)[UNIT].drop_duplicates())

    def codes(self, relation: str, dimension: str, **wanted: str) -> dict[str, int]:
        """Return how many units have each code of a dimension."""
        units = self.units(relation, **wanted)[[dimension, *UNIT]]
        counted = units.drop_duplicates()[dimension].value_counts()
        return {str(code): int(n) for code, n in counted.items()}


def declare_lists(warehouse: Warehouse, lists: Mapping[str, CodeList]) -> None:
    """Put every code list into `meta`, as a build does."""
    for name, one in lists.items():
        warehouse.replace(f"meta.codelist_{name}", one.rows, name)

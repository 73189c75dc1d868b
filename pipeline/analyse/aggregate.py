"""Count registers: every combination of dimensions and their true totals, at once.

In here: SQL for a cube of one relation, and the published table made of it. Not in
here: what is counted (`relations.py`), tables of reported figures (`statements.py`).
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.relations import RELATIONS
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.warehouse import Warehouse, checked_name
from schemas.outputs import PROVENANCE

REGISTERS = "registers"


def build_cube(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return a table of counts with its totals, and the records behind each cell.

    A total (`_T`) comes from grouping, never from adding cells: a person counted
    under two charges is one person in the total.
    """
    counted = warehouse.read(cube_sql(spec))
    frame = counted.assign(
        source_id=REGISTERS, freq="A", mark="", obs_status="A", conf_status="F"
    )
    frame.loc[~frame["time_period"].str.fullmatch(r"\d{4}"), "freq"] = "N"
    identity = ["ref_area", "time_period", *spec.dimensions, "unit_measure"]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    frame["obs_value"] = frame["obs_value"].astype("float64")
    frame = frame.sort_values(identity, ignore_index=True)
    provenance = trace(warehouse, spec, frame)
    return OutTable(spec, frame[list(spec.columns)], provenance, rested_on(provenance))


def cube_sql(spec: TableSpec) -> str:
    """Return SQL that counts distinct units for every subset of the dimensions."""
    free = ["time_period", *(d for d in spec.dimensions if d not in spec.fixed)]
    fixed = ["ref_area", "unit_measure", *spec.fixed]
    shown = ", ".join(
        f"CASE grouping({checked_name(d)}) WHEN 1 THEN '_T' ELSE {d} END AS {d}"
        for d in free
    )
    kept = ", ".join(checked_name(d) for d in fixed)
    return (
        f"WITH counted AS ({RELATIONS[spec.relation]}) "
        f"SELECT {kept}, {shown}, count(DISTINCT unit_key) AS obs_value, "
        "bool_or(synthetic) AS synthetic, list(DISTINCT record_id) AS records "
        f"FROM counted GROUP BY {kept}, CUBE ({', '.join(free)})"
    )


def trace(warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each published cell and record that it counts."""
    pairs = frame[["cell_id", "records"]].explode("records", ignore_index=True)
    return traced(warehouse, spec, pairs.rename(columns={"records": "record_id"}))


def traced(warehouse: Warehouse, spec: TableSpec, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of cell and record with the place that the record was read at."""
    with warehouse.registered(pairs):
        placed = warehouse.read(
            "SELECT DISTINCT p.cell_id, p.record_id, r.source_id, r.file, d.sha256, "
            "r.sheet, r.cell FROM incoming p JOIN meta.record r USING (record_id) "
            "JOIN meta.delivery d USING (delivery_id) ORDER BY ALL"
        )
    placed.insert(0, "table_name", spec.table)
    return placed[list(PROVENANCE)]


def rested_on(provenance: pd.DataFrame) -> frozenset[str]:
    """Return the sources that a table rests on."""
    return frozenset(provenance["source_id"].unique())

"""Count registers: every combination of dimensions and their true totals, at once.

In here: counting one relation by all its dimensions, and the published table made of
it. Not in here: what is counted (`relations/`), traces (`traces.py`), tables of
reported figures (`statements.py`).

Rows with the same codes are one leaf. A unit that stands in several leaves (a person
under two charges) is counted once in every total: units are grouped by the set of
leaves in which they stand, and a total adds the units of each set once (`cube.py`).
All after the first pass costs as much as there are leaves and sets, not records.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.analyse.cube import Cells, Standing, cube
from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.fan_out import require_kept, require_units
from pipeline.analyse.followed import last_days
from pipeline.analyse.relations.catalogue import PREPARED, RELATIONS, Relation
from pipeline.analyse.traces import by_leaves
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import TOTAL, UNKNOWN
from pipeline.warehouse import Warehouse, checked_name

NEVER_SUPPLIED = "_X"
"""Code inside a relation: the source supplies this field for no record."""
OF_EVERY_CELL = ("source_id", "ref_area", "synthetic", "unit_measure")
UNIT = "source_id, unit_measure, unit_key"


def prepare(warehouse: Warehouse) -> None:
    """Make the tables that several relations rest on, once for all of them.

    They stay in the writer's own database, and are made anew with every build.

    Raises:
        FanOutError: a join lost a unit that is counted, or made two of one.
    """
    for name, sql in PREPARED.items():
        warehouse.replace_by(name, sql, "Made of core for counting; not published.")
        require_kept(warehouse, name)


def build_cube(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return a table of counts with its totals, and the records behind each cell.

    A total (`_T`) comes from grouping, never from adding cells: a person counted
    under two charges is one person in the total. Nothing is added over sources.
    """
    relation = RELATIONS[spec.relation]
    cells = count(warehouse, spec, relation)
    frame = published(cells.frame, spec)
    if spec.provisional_months:
        until = last_days(warehouse, relation.registers)
        frame = provisional(frame, until, spec.provisional_months)
    offsets = np.concatenate([[0], np.cumsum(cells.sizes)])
    lists = pa.ListArray.from_arrays(offsets.astype(np.int32), cells.leaves + 1)
    # A table without cells has no values that would tell the type of a column.
    ids = pa.array(frame["cell_id"], pa.string())
    rests = pa.table({"cell_id": ids, "leaves": lists})
    with warehouse.registered(rests):
        traced = by_leaves(
            warehouse,
            spec,
            "SELECT cell_id, leaves FROM incoming",
            "SELECT leaf_no, records FROM leaf",
            supplying(warehouse, relation.registers),
        )
    identity = [*OF_EVERY_CELL, "time_period", *spec.dimensions]
    frame = frame.sort_values(identity, ignore_index=True)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def count(warehouse: Warehouse, spec: TableSpec, relation: Relation) -> Cells:
    """Return the cells of one relation; their leaves stay in the temporary `leaf`.

    Leaves are numbered from 1 in `leaf`, from 0 in the result.

    Raises:
        FanOutError: units were lost, or counted twice.
    """
    dimensions = [checked_name(name) for name in spec.dimensions]
    keys = ", ".join([*OF_EVERY_CELL, "time_period", *dimensions])
    rows = f"({relation.sql})"
    if not relation.unit_is_row:
        warehouse.make_temporary("counted", relation.sql)
        rows = "counted"
    warehouse.make_temporary(
        "leaf",
        f"SELECT row_number() OVER (ORDER BY {keys}) AS leaf_no, * FROM (SELECT {keys},"
        f" {relation.counts} AS units, list(record_no) AS records FROM {rows} "
        f"GROUP BY {keys})",
    )
    standing = "SELECT leaf_no AS set_no, leaf_no, units FROM leaf ORDER BY leaf_no"
    if not relation.unit_is_row:
        warehouse.make_temporary("unit_set", unit_sets(keys))
        standing = "SELECT set_no, unnest(leaves) AS leaf_no, units FROM unit_set"
    counts = "leaf" if relation.unit_is_row else "unit_set"
    require_units(warehouse, spec.relation, counts)
    stood = warehouse.read(standing)
    leaves = warehouse.read(f"SELECT {keys} FROM leaf ORDER BY leaf_no")
    free = ["time_period", *(d for d in dimensions if d not in spec.fixed)]
    return cube(
        leaves,
        [*OF_EVERY_CELL, *spec.fixed],
        free,
        Standing(
            stood["set_no"].to_numpy(np.int64),
            stood["leaf_no"].to_numpy(np.int64) - 1,
            stood["units"].to_numpy(np.float64),
            overlaps=not relation.unit_is_row,
        ),
    )


def unit_sets(keys: str) -> str:
    """Return SQL for how many units stand in each set of leaves."""
    return (
        "SELECT row_number() OVER (ORDER BY leaves) AS set_no, leaves, "
        "count(*) AS units FROM (SELECT list_sort(list(DISTINCT leaf_no)) AS leaves "
        f"FROM counted JOIN leaf USING ({keys}) GROUP BY {UNIT}) GROUP BY leaves"
    )


def published(cells: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return counted cells with the columns that every table of `out` has.

    What a source never supplies is no count of unknowns: it has no value and `x`.
    """
    frame = cells.assign(freq="A", mark="", obs_status="A", conf_status="F")
    frame.loc[~frame["time_period"].str.fullmatch(r"\d{4}"), "freq"] = "N"
    codes = frame[list(spec.dimensions)]
    missing = codes.isin([NEVER_SUPPLIED])
    frame[list(spec.dimensions)] = codes.mask(missing, UNKNOWN)
    lacks = missing.any(axis=1)
    frame.loc[lacks, ["mark", "obs_status"]] = ["x", "M"]
    frame["obs_value"] = frame["obs_value"].mask(lacks)
    identity = [
        *("source_id", "ref_area", "time_period"),
        *spec.dimensions,
        "unit_measure",
    ]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    return frame


def provisional(
    frame: pd.DataFrame, until: Mapping[str, object], months: int
) -> pd.DataFrame:
    """Return cells with `p` on those of years that were not followed for some months.

    A total over the years is provisional when one of them is.

    Args:
        frame: published cells.
        until: source → the day until which its matters are followed.
        months: how long after its end a year is to be followed.
    """
    is_year = frame["freq"] == "A"
    ends = pd.to_datetime(frame["time_period"].where(is_year) + "-12-31")
    seen = pd.to_datetime(frame["source_id"].map(until))
    is_young = ends + pd.DateOffset(months=months) > seen
    young_sources = set(frame.loc[is_young, "source_id"])
    is_young |= frame["time_period"].eq(TOTAL) & frame["source_id"].isin(young_sources)
    is_young &= frame["mark"] == ""
    frame.loc[is_young, ["mark", "obs_status"]] = ["p", "P"]
    return frame


def supplying(warehouse: Warehouse, registers: Sequence[str]) -> list[str]:
    """Return the sources of which there are records in some of the registers.

    A count may take a code from a register of another source through a link: the gate
    judges a table by all of them.
    """
    found = warehouse.read(
        "SELECT DISTINCT source_id FROM meta.record WHERE state = 'ACCEPTED' "
        "AND record IN (SELECT unnest(?)) ORDER BY source_id",
        [list(registers)],
    )
    return list(found["source_id"])

"""`overlap`: which complaints several lists share, and the range of them all.

In here: the published table of linked complaints by list and combination of lists. Not
in here: linking (`linkage`), an estimate of what no list saw (`unseen.py`). Nothing
that is counted elsewhere rests on it: channels overlap and are never added.
"""

from collections.abc import Iterator

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.linkage.cells import Cell, cells, whole
from pipeline.analyse.linkage.explained import SEVERAL, made_up_areas
from pipeline.analyse.linkage.leaves import PLUS, Sized, in_leaves
from pipeline.analyse.linkage.linked import declared, linked
from pipeline.analyse.linkage.plan import USED
from pipeline.analyse.traces import by_leaves
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL
from pipeline.warehouse import Warehouse

BY_NUMBER, BY_MODEL = "SHARED_NUMBER", "SHARED_NUMBER_AND_MODEL"
NEED_MODEL = ("UNCERTAIN", "DUPLICATE")
"""States of which numbers alone tell nothing."""

DIMENSIONS = ["ref_area", "time_period", "here", "there", "state"]


def build_overlap(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return the lists, what they share two by two and together, and the range.

    The range does not rest on links: largest list ≤ complaints ≤ all lists added.
    """
    found = linked(warehouse, declared(warehouse))
    leaves = in_leaves(found)
    rows = [
        row
        for area, mine in leaves.of_area.items()
        for row in rows_of_area(area, mine, modelled(found.items, area))
    ]
    frame = pd.DataFrame(rows, columns=[*DIMENSIONS, "obs_value", "method", "leaves"])
    frame = frame.astype(dict.fromkeys([*DIMENSIONS, "method"], "str"))
    return published(warehouse, spec, frame, leaves.members)


def published(
    warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame, members: pd.DataFrame
) -> OutTable:
    """Return the table with its marks, identifiers and traces."""
    is_linked = frame["method"].eq(BY_MODEL)
    is_missing = frame["obs_value"].isna()
    frame = frame.assign(
        cell_id=stable_ids(frame[DIMENSIONS], spec.table),
        freq=frame["time_period"].str.fullmatch(r"\d{4}").map({True: "A", False: "N"}),
        unit_measure="COMPLAINT",
        obs_value=frame["obs_value"].astype("float64"),
        mark=is_linked.map({True: "e", False: ""}).mask(is_missing, "x"),
        obs_status=is_linked.map({True: "E", False: "A"}).mask(is_missing, "M"),
        conf_status="F",
        source_id=SEVERAL,
        synthetic=frame["ref_area"].isin(made_up_areas(warehouse)),
    )
    keep_leaves(warehouse, frame, members)
    traced = by_leaves(
        warehouse,
        spec,
        "SELECT cell_id, leaves FROM overlap_cell",
        "SELECT leaf_no, records FROM overlap_leaf",
        sorted(members["source_id"].unique()),
    )
    frame = frame.sort_values(DIMENSIONS, ignore_index=True)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def keep_leaves(
    warehouse: Warehouse, frame: pd.DataFrame, members: pd.DataFrame
) -> None:
    """Put cells with their leaves, and leaves with their records, where SQL sees them.

    Temporary tables: `overlap_cell`, `overlap_leaf`.
    """
    pairs = frame[["cell_id", "leaves"]].explode("leaves").dropna()
    pairs = pairs.astype({"cell_id": "str", "leaves": "int64"})
    with warehouse.registered(pairs):
        warehouse.make_temporary(
            "overlap_cell",
            "SELECT cell_id, list(leaves) AS leaves FROM incoming GROUP BY cell_id",
        )
    with warehouse.registered(members[["leaf_no", "record_id"]]):
        warehouse.make_temporary(
            "overlap_leaf",
            "SELECT leaf_no, list(record_no) AS records FROM incoming "
            "JOIN meta.record USING (record_id) GROUP BY leaf_no",
        )


def modelled(items: pd.DataFrame, area: str) -> set[str]:
    """Return the lists of a country that the model could link."""
    mine = items[items["ref_area"].eq(area)]
    if mine["item"].eq("MODEL").any():
        return set()
    return set(mine.loc[mine["item"].eq("LIST") & mine["state"].eq(USED), "name"])


def rows_of_area(
    area: str, leaves: list[Sized], modelled: set[str]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one country for each year and all years.

    Args:
        area: the country.
        leaves: its leaves.
        modelled: the lists that the model could link.
    """
    lists = sorted({one.leaf.list_id for one in leaves})
    patterns = {one.leaf.lists for one in leaves}
    for year in [*sorted({one.leaf.year for one in leaves}), TOTAL]:
        mine = [one for one in leaves if year in (one.leaf.year, TOTAL)]
        for cell in [*cells(lists, patterns), *whole(mine, lists)]:
            codes = (area, year, cell.here, cell.there, cell.state)
            yield (*codes, *valued(cell, mine, modelled))


def valued(
    cell: Cell, leaves: list[Sized], modelled: set[str]
) -> tuple[float | None, str, list[int]]:
    """Return the value of a cell, how it was linked, and the numbers of its leaves."""
    method = method_of(cell, modelled)
    if cell.state.startswith(NEED_MODEL) and method == BY_NUMBER:
        return None, method, []
    rests = [one for one in leaves if cell.rests_on(one.leaf)]
    value = sum(one.rows for one in rests if cell.counts(one.leaf))
    return float(value), method, [one.number for one in rests]


def method_of(cell: Cell, modelled: set[str]) -> str:
    """Return by what rows could be known as one complaint in a cell."""
    if cell.state in ("IN_LIST", "AT_LEAST", "AT_MOST"):
        return NOT_APPLICABLE
    named = {*cell.here.split(PLUS), *cell.there.split(PLUS)} - {TOTAL, NOT_APPLICABLE}
    return BY_MODEL if modelled and named <= modelled else BY_NUMBER

"""Which records each published cell rests on, kept by leaves.

In here: keeping and reading traces. Not in here: counting.

A leaf is a group of records that every cell counts together or not at all. A cell
names its leaves and a leaf its records, so that the totals of a million records cost
no more than their finest cells. `meta.provenance` is a view that follows both.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd

from pipeline.analyse.places import RECORD_COLUMNS, Places
from pipeline.declarations.tables import TableSpec
from pipeline.warehouse import Warehouse, quoted

CELL_LEAF, LEAF, PLACE = "meta.cell_leaf", "meta.leaf", "meta.place"
TRACE_VIEWS = {
    PLACE: "SELECT r.record_no, r.record_id, r.source_id, r.file, d.sha256, r.sheet, "
    "r.cell FROM meta.record r JOIN meta.delivery d USING (delivery_id)",
    "meta.provenance": "SELECT DISTINCT c.table_name, c.cell_id, p.record_id, "
    "p.source_id, p.file, p.sha256, p.sheet, p.cell "
    "FROM (SELECT table_name, cell_id, unnest(leaves) AS leaf_no FROM meta.cell_leaf) "
    "c JOIN (SELECT table_name, leaf_no, unnest(records) AS record_no FROM meta.leaf) "
    "l USING (table_name, leaf_no) JOIN meta.place p USING (record_no)",
}
"""Name → SQL, in the order in which they rest on one another."""
TOLD = {
    CELL_LEAF: "Each published cell, and the groups of records that it rests on.",
    LEAF: "Each group of records that is counted together, and their numbers.",
}


class Traced(NamedTuple):
    """What a table rests on: how to read the places, and the sources."""

    places: Callable[[], Places]
    sources: frozenset[str]


def by_leaves(
    warehouse: Warehouse,
    spec: TableSpec,
    cells_sql: str,
    leaves_sql: str,
    sources: Iterable[str],
) -> Traced:
    """Keep the traces of a table that was counted by groups of records.

    Args:
        warehouse: where they are kept.
        spec: the table.
        cells_sql: selects `cell_id` and `leaves`, a list of numbers of leaves.
        leaves_sql: selects `leaf_no` and `records`, a list of `record_no`.
        sources: all sources that supply a register which the table reads.
    """
    name = f"SELECT {quoted(spec.table)} AS table_name,"
    cells = f"{name} cell_id, leaves FROM ({cells_sql})"
    leaves = f"{name} leaf_no, records FROM ({leaves_sql})"
    with warehouse.transaction():
        warehouse.fill_rows(CELL_LEAF, cells, "table_name", [spec.table])
        warehouse.fill_rows(LEAF, leaves, "table_name", [spec.table])
        for table, told in TOLD.items():
            warehouse.describe(table, told, {})
        show_traces(warehouse)
    return Traced(lambda: places_of(warehouse, spec.table), frozenset(sources))


def by_pairs(
    warehouse: Warehouse,
    spec: TableSpec,
    pairs: pd.DataFrame,
    borrowed: pd.DataFrame | None = None,
) -> Traced:
    """Keep the traces of a table of few cells.

    Args:
        warehouse: where they are kept.
        spec: the table.
        pairs: `cell_id` and `record_id`.
        borrowed: `cell_id`, `of_table` and `of_cell`: cells that rest on what a cell
            of another table, kept before, rests on.
    """
    with warehouse.registered(pairs[["cell_id", "record_id"]]):
        warehouse.make_temporary(
            "traced_pair",
            "SELECT cell_id, row_number() OVER (ORDER BY cell_id) AS leaf_no, records, "
            "sources FROM (SELECT cell_id, list(DISTINCT record_no) AS records, "
            "list(DISTINCT source_id) AS sources "
            "FROM incoming JOIN meta.record USING (record_id) GROUP BY cell_id)",
        )
    rested = warehouse.read("SELECT DISTINCT unnest(sources) AS s FROM traced_pair")
    cells = "SELECT cell_id, [leaf_no] AS leaves FROM traced_pair"
    leaves = "SELECT leaf_no, records FROM traced_pair"
    sources = {*rested["s"]}
    if borrowed is not None and len(borrowed):
        borrow(warehouse, borrowed)
        cells += " UNION ALL SELECT cell_id, leaves FROM borrowed_cell"
        leaves += " UNION ALL SELECT leaf_no, records FROM borrowed_leaf"
        lent = warehouse.read(
            "SELECT DISTINCT source_id AS s FROM meta.table_source "
            "WHERE table_name IN (SELECT of_table FROM borrowed)"
        )
        sources |= {*lent["s"]}
    return by_leaves(warehouse, spec, cells, leaves, sorted(sources))


def borrow(warehouse: Warehouse, borrowed: pd.DataFrame) -> None:
    """Make temporary tables of cells and leaves taken over from other tables.

    Their leaves get numbers of their own, below zero.
    """
    with warehouse.registered(borrowed):
        warehouse.make_temporary("borrowed", "SELECT * FROM incoming")
    warehouse.make_temporary(
        "borrowed_pair",
        "SELECT cell_id, of_table, unnest(leaves) AS old_no FROM (SELECT b.cell_id, "
        "b.of_table, c.leaves FROM borrowed b JOIN meta.cell_leaf c "
        "ON c.table_name = b.of_table AND c.cell_id = b.of_cell)",
    )
    warehouse.make_temporary(
        "borrowed_leaf",
        "SELECT -row_number() OVER (ORDER BY of_table, old_no) AS leaf_no, of_table, "
        "old_no, records FROM (SELECT DISTINCT of_table, old_no FROM borrowed_pair) p "
        "JOIN meta.leaf l ON l.table_name = p.of_table AND l.leaf_no = p.old_no",
    )
    warehouse.make_temporary(
        "borrowed_cell",
        "SELECT cell_id, list(DISTINCT leaf_no) AS leaves FROM borrowed_pair "
        "JOIN borrowed_leaf USING (of_table, old_no) GROUP BY cell_id",
    )


def show_traces(warehouse: Warehouse) -> None:
    """Make the views through which people follow traces, where they are missing."""
    for view, sql in TRACE_VIEWS.items():
        if not warehouse.views(view):
            warehouse.replace_views(view, {view: sql})


def places_of(warehouse: Warehouse, table: str) -> Places:
    """Return what the cells of a table rest on."""
    cells = warehouse.read(
        "SELECT cell_id, unnest(leaves) AS leaf_no FROM meta.cell_leaf "
        "WHERE table_name = ? ORDER BY ALL",
        [table],
    )
    records = warehouse.read(
        f"SELECT {', '.join(RECORD_COLUMNS)} FROM (SELECT leaf_no, unnest(records) AS "
        "record_no FROM meta.leaf WHERE table_name = ?) JOIN meta.place "
        "USING (record_no) ORDER BY ALL",
        [table],
    )
    return Places(table, cells, records)


def untraced(warehouse: Warehouse, table: str, cells: pd.Series) -> list[str]:
    """Return which cells of a table rest on no record."""
    with warehouse.registered(cells.to_frame("cell_id")):
        lost = warehouse.read(
            "SELECT cell_id FROM incoming ANTI JOIN (SELECT cell_id "
            "FROM meta.cell_leaf WHERE table_name = ? AND len(leaves) > 0 "
            "AND NOT list_has_any(leaves, "
            "(SELECT coalesce(list(leaf_no), []) FROM meta.leaf WHERE table_name = ? "
            "AND len(records) = 0))) USING (cell_id) ORDER BY cell_id",
            [table, table],
        )
    return list(lost["cell_id"])

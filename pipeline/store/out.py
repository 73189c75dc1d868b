"""`out`: published tables with their traces; and the two databases for people.

In here: keeping a built table, reading it back for the gate, publishing the copies.
Not in here: building (`analyse/build.py`) and the gate (`analyse/disclosure.py`).
"""

from collections.abc import Iterable, Mapping
from functools import partial

import pandas as pd

from pipeline.analyse.build import build_table
from pipeline.analyse.disclosure import (
    OutTable,
    ProtectedTable,
    Refusal,
    protect,
    require_protected,
)
from pipeline.analyse.traces import (
    LEAF,
    PLACE,
    TOLD,
    TRACE_VIEWS,
    places_of,
    show_traces,
)
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Questions
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import TableSpec
from pipeline.errors import DisclosureError
from pipeline.process.revise import REVISION_COLUMNS
from pipeline.store.declared import LIST_VIEWS
from pipeline.store.made_up import marked, said
from pipeline.warehouse import Warehouse, quoted
from pipeline.workspace import Workspace

ANALYST_SCHEMAS = ("meta", "core", "out")
PUBLIC_TABLES = {
    "meta.cell_leaf": "meta.public_cell_leaf",
    "meta.leaf": "meta.public_leaf",
    "meta.place": "meta.public_place",
    "meta.source": "meta.public_source",
    "meta.correction": "meta.public_correction",
    "core.revisions": "meta.public_revision",
}
"""Name in the public database → name here of what was made for it alone."""

PUBLIC_META = ("meta.published_table", "meta.codelist")


def store_table(
    warehouse: Warehouse,
    spec: TableSpec,
    lists: dict[str, CodeList],
    questions: Questions,
) -> OutTable:
    """Build one published table and keep it with its provenance.

    Raises:
        ProvenanceError: a number in it cannot be traced.
    """
    table = build_table(warehouse, spec, lists, questions)
    table = table._replace(frame=marked(warehouse, table.frame))
    # Together or not at all: the gate judges a table by the sources kept with it.
    with warehouse.transaction():
        keep(warehouse, table)
    return table


def keep(warehouse: Warehouse, table: OutTable) -> None:
    """Put a table and its sources in the place of the former."""
    spec = table.spec
    warehouse.replace(
        f"out.{spec.table}",
        table.frame,
        said(
            warehouse,
            f"{spec.title}. Unit: {spec.unit}. Period: {spec.period_basis}. "
            f"{spec.coverage}",
        ),
        spec.columns,
    )
    rests = {"table_name": spec.table, "source_id": sorted(table.sources)}
    sources = pd.DataFrame(rests, dtype="str")
    warehouse.replace_rows("meta.table_source", sources, "table_name", [spec.table])


def read_table(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return a published table as kept."""
    name = spec.table
    frame = warehouse.read(f"SELECT * FROM out.{name}")
    sources = "SELECT source_id FROM meta.table_source WHERE table_name = ?"
    return OutTable(
        spec,
        frame,
        partial(places_of, warehouse, name),
        frozenset(warehouse.read(sources, [name])["source_id"]),
    )


def through_the_gate(
    warehouse: Warehouse, tables: Mapping[str, TableSpec], sources: Mapping[str, Source]
) -> tuple[list[ProtectedTable], list[Refusal]]:
    """Return the tables that may be published and the refusals of the others."""
    judged = [protect(read_table(warehouse, spec), sources) for spec in tables.values()]
    passed = [table for table in judged if isinstance(table, ProtectedTable)]
    return passed, [table for table in judged if isinstance(table, Refusal)]


def publish_analyst(warehouse: Warehouse, workspace: Workspace) -> list[str]:
    """Put the analysts' database in place and return its tables.

    It is pseudonymised, and holds no record as read: a name typed into a wrong column
    stays in the writer's own file.
    """
    found = warehouse.read(
        "SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() "
        "WHERE schema_name IN (SELECT unnest(?)) ORDER BY name",
        [list(ANALYST_SCHEMAS)],
    )
    tables = [n for n in found["name"] if n not in PUBLIC_TABLES.values()] + [
        "quarantine.reason"
    ]
    same = {name: name for name in tables}
    views = (LIST_VIEWS, *TRACE_VIEWS)
    warehouse.publish(workspace.analyst_database, same, views)
    return tables


def publish_public(
    warehouse: Warehouse, workspace: Workspace, tables: Iterable[ProtectedTable]
) -> list[str]:
    """Put the public database in place and return its tables.

    Only tables that disclosure control let through are in it, with their provenance,
    the sources they rest on, what was corrected or revised of these, if they are
    declared public, and the code lists.
    """
    passed = [require_protected(table) for table in tables]
    store_public_traces(warehouse, [table.name for table in passed])
    used = sorted(frozenset().union(*(table.sources for table in passed)))
    sources = warehouse.read(
        "SELECT * FROM meta.source WHERE source_id IN (SELECT unnest(?))", [used]
    )
    warehouse.replace("meta.public_source", sources, "Sources of the public tables.")
    store_public_changes(warehouse, used)
    same = [*(f"out.{table.name}" for table in passed), *PUBLIC_META]
    names = {name: name for name in same} | PUBLIC_TABLES
    views = (LIST_VIEWS, "meta.provenance")
    warehouse.publish(workspace.public_database, names, views)
    return sorted(names)


def store_public_traces(warehouse: Warehouse, tables: list[str]) -> None:
    """Make the traces that the public database may hold: of published tables only."""
    show_traces(warehouse)
    passed = ", ".join(quoted(name) for name in ["", *tables])
    for name, told in TOLD.items():
        rows = f"SELECT * FROM {name} WHERE table_name IN ({passed})"
        warehouse.replace_by(PUBLIC_TABLES[name], rows, told)
    warehouse.replace_by(
        PUBLIC_TABLES[PLACE],
        f"SELECT * FROM {PLACE} SEMI JOIN (SELECT DISTINCT unnest(records) "
        f"AS record_no FROM {PUBLIC_TABLES[LEAF]}) USING (record_no)",
        "Where each record was read: file, sheet and cell.",
    )
    strange = warehouse.read(
        f"SELECT DISTINCT source_id FROM {PUBLIC_TABLES[PLACE]} ANTI JOIN "
        "(SELECT source_id FROM meta.table_source "
        f"WHERE table_name IN ({passed})) USING (source_id)"
    )
    if len(strange):
        raise DisclosureError(
            "a published table rests on sources that the gate did not judge: "
            f"{', '.join(strange['source_id'])}; this is a fault of the program"
        )


def store_public_changes(warehouse: Warehouse, used: list[str]) -> None:
    """Make the corrections and revisions that the public database may hold.

    A table passes the gate by its sources; a row of these has one source, which must
    be one that published tables rest on, and be declared public.
    """
    for name, here, told, columns in (
        ("meta.correction", "meta.public_correction", "Cells corrected.", {}),
        ("core.revisions", "meta.public_revision", "Revisions.", REVISION_COLUMNS),
    ):
        rows = warehouse.read(
            f"SELECT * FROM {name} WHERE source_id IN (SELECT source_id FROM "
            "meta.source WHERE sensitivity = 'public') "
            "AND source_id IN (SELECT unnest(?))",
            [used],
        )
        warehouse.replace(here, rows, told, columns)

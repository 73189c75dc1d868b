"""Follow a published cell back to the cells of files that it was counted from.

In here: reading the analysts' database, which any number of people may do at once.
Not in here: making provenance (`analyse`).
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.declarations.tables import TableSpec, read_tables
from pipeline.errors import Point27Error
from pipeline.model import TOTAL
from pipeline.store.last_build import last_build
from pipeline.workspace import Workspace

SHOWN = ("source_id", "time_period", "unit_measure")


def trace_lines(
    workspace: Workspace, table: str, conditions: Sequence[str]
) -> Iterator[str]:
    """Yield the published cells that fit, each with the source cells behind it.

    Args:
        workspace: whose analysts' database is read.
        table: a published table.
        conditions: `dimension=code`; a dimension of a table of counts that is not
            named is its total. A cell of each source is shown where none is named.

    Raises:
        Point27Error: no such table, dimension or cell, or nothing has been built.
    """
    spec = table_named(workspace, table)
    wanted = parsed(conditions, spec)
    where = " AND ".join([f"{name} = ?" for name in wanted] or ["true"])
    with last_build(workspace) as read:
        cells = read(
            f"SELECT * FROM out.{spec.table} WHERE {where} "
            "ORDER BY source_id, time_period",
            list(wanted.values()),
        )
        if cells.empty:
            raise Point27Error(
                f"{table}: no published cell with {', '.join(conditions) or 'totals'}; "
                f"see the codes with: SELECT * FROM out.{table}"
            )
        for _, cell in cells.iterrows():
            yield described(cell, spec)
            yield from sources(read(PLACES, [spec.table, cell["cell_id"]]))
            yield from corrected(read(CORRECTED, [spec.table, cell["cell_id"]]))


PLACES = """
SELECT file, sheet, cell, sha256, source_id FROM meta.provenance
WHERE table_name = ? AND cell_id = ?
ORDER BY source_id, file, sheet, regexp_extract(cell, '[0-9]+')::BIGINT, cell
"""


CORRECTED = """
SELECT c.*, s.sensitivity = 'public' AS is_public FROM meta.provenance p
JOIN meta.correction c USING (record_id) JOIN meta.source s ON s.source_id = c.source_id
WHERE c.is_applied AND p.table_name = ? AND p.cell_id = ? ORDER BY c.place
"""


def table_named(workspace: Workspace, table: str) -> TableSpec:
    """Return the declaration of a table. Raises Point27Error when there is none."""
    tables = read_tables(workspace)
    if table not in tables:
        raise Point27Error(
            f"no table {table!r}; there are: {', '.join(sorted(tables))}"
        )
    return tables[table]


def parsed(conditions: Sequence[str], spec: TableSpec) -> dict[str, str]:
    """Return dimension → code. Raises Point27Error on an unknown dimension."""
    known = (*SHOWN, "ref_area", *spec.dimensions)
    pairs = dict(condition.partition("=")[::2] for condition in conditions)
    for name in pairs:
        if name not in known:
            raise Point27Error(
                f"{spec.table} has no dimension {name!r}; it has: {', '.join(known)}"
            )
    if spec.built != "cube":
        return pairs
    free = ["time_period", *(d for d in spec.dimensions if d not in spec.fixed)]
    return dict.fromkeys(free, TOTAL) | pairs


def described(cell: pd.Series, spec: TableSpec) -> str:
    """Return one line about a published cell."""
    names = dict.fromkeys((*SHOWN, *spec.dimensions))
    pairs = " ".join(f"{name}={cell[name]}" for name in names if cell[name] != TOTAL)
    value = cell["obs_value"]
    mark = f"[{cell['mark']}]" if cell["mark"] else ""
    number = f"{value:,.10g}" if pd.notna(value) else ""
    return f"{spec.table} {pairs}: {number} {mark}".replace(":  [", ": [").rstrip()


def sources(places: pd.DataFrame) -> Iterator[str]:
    """Yield one line for each source cell behind a published one."""
    for row in places.itertuples():
        yield (
            f"    {row.source_id}: {row.file}!{row.sheet}!{row.cell}  "
            f"sha256 {str(row.sha256)[:16]}…"
        )
    if places.empty:
        yield "    no source cell: nothing was supplied"


def corrected(applied: pd.DataFrame) -> Iterator[str]:
    """Yield one line for each correction of a record behind a cell.

    What a restricted source wrote is not shown.
    """
    for row in applied.itertuples():
        values = f" {row.expect!r} → {row.value!r}" if row.is_public else ""
        yield (
            f"    corrected: {row.place} {row.field}{values}: {row.reason} "
            f"({row.provided_by}, {row.decided_on}; {row.correction_id})"
        )

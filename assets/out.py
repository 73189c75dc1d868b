"""Out assets: one for each published table and chart, the databases, the release.

In here: calling `pipeline.store.out` and `pipeline.disseminate`, and reporting. Not in
here: counting, drawing or writing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg
import pandas as pd

from assets.core import CELLS, LINKS, RECONCILED, core_key
from assets.report import (
    OWNERS,
    found_check,
    lines_of,
    picture,
    preview,
    schema,
)
from assets.resources import Workbench
from assets.vintages import INCREMENTS, REVISIONS
from pipeline.analyse.disclosure import OutTable, ProtectedTable, Refusal, protect
from pipeline.declarations.rates import read_rates
from pipeline.declarations.tables import ChartSpec, TableSpec
from pipeline.disseminate.chart_data import chart_rows
from pipeline.disseminate.edition import Reference
from pipeline.disseminate.wording import SYNTHETIC
from pipeline.store.out import (
    read_table,
    store_table,
    through_the_gate,
)
from schemas.records import RECORDS

if TYPE_CHECKING:  # loads Matplotlib, see below
    from pipeline.store.publish import Publication

PREVIEW = 15
TYPES = {"obs_value": "float", "synthetic": "bool"}
UNTOLD = ("cell_id", "ref_area", "freq", "obs_status", "conf_status", "synthetic")
"""Columns that a preview leaves out; the databases and files have them."""

WITHHELD = "Disclosure control let every table into the public database."
GATE = "Disclosure control lets the table into the public database and the release."
ANALYST, PUBLIC, RELEASE = (
    dg.AssetKey(["out", name])
    for name in ("analyst_database", "public_database", "release")
)


class Published(NamedTuple):
    """What the UI says of a thing that people open."""

    what: str
    kinds: set[str]


PUBLISHED = {
    ANALYST: Published(
        "warehouse/analyst.duckdb: pseudonymised, for analysts.", {"duckdb"}
    ),
    PUBLIC: Published(
        "warehouse/public.duckdb: what disclosure control let through.", {"duckdb"}
    ),
    RELEASE: Published(
        "warehouse/releases/<date>/: files, workbook, charts and manifest.",
        {"excel", "csv", "matplotlib"},
    ),
}
"""They belong together: one step puts them in place, all or none."""

DEPENDS: dict[str, list[dg.AssetKey]] = {
    "cube": [LINKS],
    "figures": [core_key("figures")],
    "coverage": [LINKS, core_key("figures")],
    "conflicts": [RECONCILED],
    "reconciliation": [RECONCILED],
    "quarantine": [core_key(name) for name in RECORDS],
    "flow": [LINKS],
    "promptness": [LINKS],
    "overlap": [core_key("complaints")],
    "linkage_model": [core_key("complaints")],
    "clerical_sample": [core_key("complaints")],
    "unseen": [core_key("complaints")],
}


def table_key(name: str) -> dg.AssetKey:
    """Return the key of the asset of one published table."""
    return dg.AssetKey(["out", name])


def depends(spec: TableSpec, tables: Mapping[str, TableSpec]) -> list[dg.AssetKey]:
    """Return the assets that a table is built from."""
    if spec.built == "answer":
        cubes = [t.table for t in tables.values() if t.built == "cube"]
        return [core_key("figures"), CELLS, *(table_key(name) for name in cubes)]
    if spec.built == "rates":
        counted = sorted({rate.numerator.table for rate in read_rates().values()})
        return [core_key("figures"), CELLS, *(table_key(name) for name in counted)]
    return [CELLS, *DEPENDS[spec.built]]


def table_asset(
    spec: TableSpec, tables: Mapping[str, TableSpec]
) -> dg.AssetsDefinition:
    """Return the asset of one published table."""
    key = table_key(spec.table)

    @dg.asset(
        key=key,
        deps=depends(spec, tables),
        group_name="out",
        kinds={"duckdb", "table"},
        owners=OWNERS,
        description=f"{spec.title} (unit: {spec.unit}). {spec.answers}.",
        metadata={
            "dagster/column_schema": schema(spec.columns, TYPES),
            "dagster/table_name": f"out.{spec.table}",
            "coverage": spec.coverage or "see the notes",
            "notes": lines_of(spec.notes),
        },
        check_specs=[
            dg.AssetCheckSpec("may_be_published", asset=key, description=GATE)
        ],
    )
    def out(workbench: Workbench) -> dg.MaterializeResult:
        with workbench.warehouse() as warehouse:
            table = store_table(warehouse, spec, workbench.lists, workbench.questions)
        return told_of(table, workbench)

    return out


def told_of(table: OutTable, workbench: Workbench) -> dg.MaterializeResult:
    """Return what is said of a table; rows are shown only if they may be published."""
    judged = protect(table, workbench.sources)
    refused = judged.reason if isinstance(judged, Refusal) else ""
    shown = preview(table.frame, table.spec.dimensions, UNTOLD, PREVIEW)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(table.frame),
            "sources": ", ".join(sorted(table.sources)),
            **({"synthetic": SYNTHETIC} if table.frame["synthetic"].any() else {}),
            "preview": f"not shown: {refused}" if refused else shown,
            **({} if refused else refused_parts(table)),
        },
        check_results=[
            dg.AssetCheckResult(
                passed=not refused,
                check_name="may_be_published",
                severity=dg.AssetCheckSeverity.WARN,
                description=refused or None,
            )
        ],
    )


def refused_parts(table: OutTable) -> dict[str, dg.MetadataValue]:
    """Return why parts of a linkage model, or an estimate, were refused."""
    if table.spec.built not in ("linkage_model", "unseen"):
        return {}
    frame = table.frame
    name = "state" if table.spec.built == "linkage_model" else "holds"
    refused = frame[frame[name].isin(["REFUSED", "NO"])]
    told = refused["time_period"] + " " + refused["name"] + ": " + refused["reason"]
    return {"refused": lines_of([*told])} if len(told) else {}


def chart_asset(spec: ChartSpec) -> dg.AssetsDefinition:
    """Return the asset of one chart: a picture to look at; the release holds files."""

    @dg.asset(
        key=dg.AssetKey(["out", f"chart_{spec.chart}"]),
        deps=[table_key(spec.table)],
        group_name="out",
        kinds={"matplotlib"},
        owners=OWNERS,
        description=spec.title,
    )
    def chart(workbench: Workbench) -> dg.MaterializeResult:
        # A table reads its traces when it is asked for them: the warehouse stays open.
        with workbench.warehouse() as warehouse:
            table = read_table(warehouse, workbench.tables[spec.table])
            return dg.MaterializeResult(metadata=drawn(table, spec, workbench))

    return chart


def drawn(
    table: OutTable, spec: ChartSpec, workbench: Workbench
) -> dict[str, dg.MarkdownMetadataValue | str]:
    """Return the pictures of a chart, or why there is none."""
    # Matplotlib takes a second to load: only what draws waits for it.
    from pipeline.disseminate.charts import (  # noqa: PLC0415
        draw_chart,
        of_each_source,
    )

    judged = protect(table, workbench.sources)
    if isinstance(judged, Refusal):
        return {"not drawn": judged.reason}
    if chart_rows(judged, spec).empty:
        return {"not drawn": "no row to draw"}
    reference = Reference(workbench.lists, workbench.sources)
    pictures: dict[str, dg.MarkdownMetadataValue | str] = {}
    for one in of_each_source(spec, judged, reference):
        found = draw_chart(one, judged, reference)
        name = one.chart.removeprefix(spec.chart).strip("_")
        pictures[f"picture {name}".strip()] = picture(found.png, found.alt)
    return pictures


def publication_asset(tables: Mapping[str, TableSpec]) -> dg.AssetsDefinition:
    """Return the step that puts both databases and the release in place, together."""
    every = [*(table_key(name) for name in tables), REVISIONS, INCREMENTS]

    @dg.multi_asset(
        name="out__publication",
        specs=[
            dg.AssetSpec(
                key,
                deps=every,
                group_name="out",
                kinds=told.kinds,
                owners=OWNERS,
                description=told.what,
            )
            for key, told in PUBLISHED.items()
        ],
        check_specs=[
            dg.AssetCheckSpec("nothing_withheld", asset=PUBLIC, description=WITHHELD)
        ],
    )
    def publication(workbench: Workbench) -> Iterator[dg.MaterializeResult]:
        # Matplotlib takes a second to load: only what draws waits for it.
        from pipeline.store.publish import publish  # noqa: PLC0415

        with workbench.warehouse() as warehouse:
            judged = through_the_gate(warehouse, workbench.tables, workbench.sources)
            done = publish(
                warehouse,
                workbench.workspace,
                judged,
                workbench.charts,
                Reference(workbench.lists, workbench.sources),
            )
        yield from told_of_publication(done, judged)

    return publication


def told_of_publication(
    done: "Publication", judged: tuple[list[ProtectedTable], list[Refusal]]
) -> Iterator[dg.MaterializeResult]:
    """Yield what is said of both databases and the release."""
    passed, refused = judged
    yield dg.MaterializeResult(ANALYST, {"tables": ", ".join(done.analyst)})
    yield dg.MaterializeResult(
        PUBLIC, {"tables": ", ".join(done.public)}, [refusals(refused)]
    )
    yield dg.MaterializeResult(
        RELEASE,
        {
            "folder": dg.MetadataValue.path(str(done.release)),
            "tables": len(passed),
            "tables withheld": len(refused),
        },
    )


def refusals(refused: list[Refusal]) -> dg.AssetCheckResult:
    """Return the check that tells which tables the gate refused."""
    frame = pd.DataFrame(refused, columns=Refusal._fields)
    return found_check("nothing_withheld", frame)


def out_assets(
    tables: Mapping[str, TableSpec], charts: Mapping[str, ChartSpec]
) -> Iterable[dg.AssetsDefinition]:
    """Return the out assets of a workspace."""
    return [
        *(table_asset(spec, tables) for spec in tables.values()),
        *(chart_asset(spec) for spec in charts.values()),
        publication_asset(tables),
    ]

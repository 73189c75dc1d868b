"""Raw assets: one for the declarations, one for each source.

In here: calling `pipeline.store.raw` and reporting. Not in here: reading spreadsheets.
"""

from collections.abc import Iterable, Mapping, Sequence

import dagster as dg
import pandas as pd

from assets.report import OWNERS, found_check, hashes, markdown
from assets.resources import Workbench
from pipeline.collect.deliveries import refuse_strays
from pipeline.declarations.linkage import read_linkage
from pipeline.declarations.sources import Source, read_sources
from pipeline.errors import Problem
from pipeline.store.declared import store_declarations, store_linkage
from pipeline.store.raw import store_source
from pipeline.store.templates import with_templates
from pipeline.warehouse import Warehouse

DECLARATIONS = dg.AssetKey(["raw", "declarations"])
KEPT = "deliveries_kept"
KEPT_HELP = (
    "Every file of the last publication is still there, and every earlier delivery is "
    "as its source is declared today."
)
TOTALS_HOLD = "printed_totals_hold"
TOTALS_HELP = (
    "Totals that the sheets print, and the layout declares as such, equal the sum of "
    "their parts, or differ from it by what the source explains."
)


@dg.asset(
    key=DECLARATIONS,
    group_name="raw",
    kinds={"yaml", "duckdb"},
    owners=OWNERS,
    description="Sources, code lists and tables as declared under schemas/.",
)
def declarations(workbench: Workbench) -> dg.MaterializeResult:
    """Put what is declared into the warehouse."""
    lists = workbench.lists
    workspace = workbench.workspace
    refuse_strays(workspace, with_templates(workspace, read_sources(workspace)))
    with workbench.warehouse() as warehouse:
        store_declarations(warehouse, workbench.sources, lists, workbench.tables)
        store_linkage(warehouse, read_linkage(workspace))
    return dg.MaterializeResult(
        metadata={
            "sources": len(workbench.sources),
            "code lists": len(lists),
            "codes": sum(len(codes.rows) for codes in lists.values()),
            "published tables": len(workbench.tables),
        }
    )


def raw_key(source_id: str) -> dg.AssetKey:
    """Return the key of the asset of a source."""
    return dg.AssetKey(["raw", source_id])


def raw_asset(source: Source) -> dg.AssetsDefinition:
    """Return the asset that takes in the deliveries of one source."""
    key = raw_key(source.source)

    @dg.asset(
        key=key,
        deps=[DECLARATIONS],
        check_specs=[
            dg.AssetCheckSpec(TOTALS_HOLD, asset=key, description=TOTALS_HELP),
            dg.AssetCheckSpec(KEPT, asset=key, description=KEPT_HELP),
        ],
        group_name="raw",
        kinds={"excel", "duckdb"},
        owners=OWNERS,
        description=f"{source.title}. {source.publisher}. {source.note}",
        metadata={
            "licence": source.licence,
            "sensitivity": source.sensitivity,
            "coverage": source.coverage,
            "synthetic": source.synthetic,
        },
    )
    def raw(workbench: Workbench) -> dg.MaterializeResult:
        return taken_in(source, workbench)

    return raw


def taken_in(source: Source, workbench: Workbench) -> dg.MaterializeResult:
    """Read what is new of a source, and return what is told of it."""
    with workbench.warehouse() as warehouse:
        stored = store_source(
            warehouse,
            workbench.workspace,
            source,
            workbench.key(),
            workbench.corrections.withdrawn(source.source),
        )
        counts = warehouse.read(
            "SELECT sheet, record, cells_read AS read, cells_non_data AS non_data, "
            "remarks FROM raw.cell_count WHERE source_id = ? ORDER BY ALL",
            [source.source],
        )
        differing = totals_that_differ(warehouse, source)
    return dg.MaterializeResult(
        metadata={
            "files": len(stored.deliveries),
            "files read now": stored.read_now,
            "cells read": int(counts["read"].sum()),
            "SHA-256": hashes(stored.deliveries),
            "cells by sheet": markdown(counts),
        },
        check_results=[
            found_check(TOTALS_HOLD, differing),
            found_check(KEPT, told(stored.notices)),
        ],
    )


def told(problems: Sequence[Problem]) -> pd.DataFrame:
    """Return problems as a table: place, what, expected, do."""
    rows = [(one.place, one.what, one.expected, one.do) for one in problems]
    return pd.DataFrame(rows, columns=["place", "what", "expected", "do"])


def totals_that_differ(warehouse: Warehouse, source: Source) -> pd.DataFrame:
    """Return printed totals that differ from their parts, with their place.

    Of a restricted source only the place: the numbers may be small.
    """
    shown = "" if source.sensitivity == "restricted" else ", stated, computed, parts"
    return warehouse.read(
        f"SELECT concat_ws('!', file, sheet, cell) AS place{shown} FROM raw.control "
        "WHERE source_id = ? AND state = 'DIFFERS' AND delivery_id IN "
        "(SELECT delivery_id FROM meta.delivery WHERE is_current) ORDER BY ALL",
        [source.source],
    )


def raw_assets(sources: Mapping[str, Source]) -> Iterable[dg.AssetsDefinition]:
    """Return the raw assets of a workspace."""
    return [declarations, *(raw_asset(source) for source in sources.values())]

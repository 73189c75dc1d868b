"""Raw assets: one for the declarations, one for each source.

In here: calling `pipeline.store.raw` and reporting. Not in here: reading spreadsheets.
"""

from collections.abc import Iterable, Mapping

import dagster as dg

from assets.report import OWNERS, hashes, markdown
from assets.resources import Workbench
from pipeline.collect.deliveries import refuse_strays
from pipeline.declarations.sources import Source
from pipeline.store.declared import store_declarations
from pipeline.store.raw import store_source

DECLARATIONS = dg.AssetKey(["raw", "declarations"])


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
    refuse_strays(workbench.workspace, workbench.sources)
    with workbench.warehouse() as warehouse:
        store_declarations(warehouse, workbench.sources, lists, workbench.tables)
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

    @dg.asset(
        key=raw_key(source.source),
        deps=[DECLARATIONS],
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
        with workbench.warehouse() as warehouse:
            stored = store_source(
                warehouse, workbench.workspace, source, workbench.key()
            )
            counts = warehouse.read(
                "SELECT sheet, record, cells_read AS read, cells_non_data AS non_data "
                "FROM raw.cell_count WHERE source_id = ? ORDER BY ALL",
                [source.source],
            )
        files = stored.deliveries
        return dg.MaterializeResult(
            metadata={
                "files": len(files),
                "files read now": stored.read_now,
                "cells read": int(counts["read"].sum()),
                "SHA-256": hashes(files),
                "cells by sheet": markdown(counts),
            }
        )

    return raw


def raw_assets(sources: Mapping[str, Source]) -> Iterable[dg.AssetsDefinition]:
    """Return the raw assets of a workspace."""
    return [declarations, *(raw_asset(source) for source in sources.values())]

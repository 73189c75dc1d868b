"""Core assets: records reviewed, linked, reconciled, and every cell accounted for.

In here: calling `pipeline.store.core` and reporting. Not in here: any rule.
"""

from collections.abc import Iterable, Mapping

import dagster as dg
import pandas as pd

from assets.raw import DECLARATIONS, raw_key
from assets.report import OWNERS, found_check, markdown, schema
from assets.resources import Workbench
from pipeline.declarations.sources import Source
from pipeline.store.core import (
    account_for_cells,
    notes_of,
    store_links,
    store_reconciliation,
    store_review,
)
from schemas.fields import Record
from schemas.records import RECORDS
from schemas.registers import REGISTERS

REASONS = ["place", "what", "expected", "do"]
SHARED = {"group_name": "core", "kinds": {"pandera", "duckdb"}, "owners": OWNERS}
LINKS, RECONCILED, CELLS = (
    dg.AssetKey(["core", name]) for name in ("links", "reconciled", "cells_accounted")
)


def core_key(name: str) -> dg.AssetKey:
    """Return the key of the asset of one kind of record."""
    return dg.AssetKey(["core", name])


def core_asset(record: Record, sources: Mapping[str, Source]) -> dg.AssetsDefinition:
    """Return the asset that reviews one kind of record of all sources."""
    supplied = [raw_key(s) for s in sources if record.name in sources[s].records]

    @dg.asset(
        key=core_key(record.name),
        deps=supplied or [DECLARATIONS],
        description=record.description,
        metadata={"dagster/column_schema": schema(notes_of(record))},
        check_specs=[dg.AssetCheckSpec("nothing_refused", asset=core_key(record.name))],
        **SHARED,  # type: ignore[arg-type]
    )
    def core(workbench: Workbench) -> dg.MaterializeResult:
        with workbench.warehouse() as warehouse:
            reviewed = store_review(
                warehouse, record, workbench.sources, workbench.lists
            )
        refused = reviewed.reasons[REASONS]
        return dg.MaterializeResult(
            metadata={
                "accepted": len(reviewed.accepted),
                "quarantined": len(reviewed.quarantined),
                "by source": by_source(reviewed.accepted),
            },
            check_results=[found_check("nothing_refused", refused)],
        )

    return core


def by_source(accepted: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """Return how many records each source gave."""
    counts = accepted.groupby("source_id").size().rename("records")
    return markdown(counts.reset_index())


@dg.asset(
    key=CELLS,
    deps=[core_key(name) for name in RECORDS],
    description="Cells read = observations + quarantined + declared non-data, by sheet.",
    **SHARED,  # type: ignore[arg-type]
)
def cells_accounted(workbench: Workbench) -> dg.MaterializeResult:
    """Check that no cell was lost. Fails the run when one was."""
    with workbench.warehouse() as warehouse:
        account = account_for_cells(warehouse)
    sums = account.select_dtypes("number").sum()
    return dg.MaterializeResult(
        metadata={**{k: int(v) for k, v in sums.items()}, "by sheet": markdown(account)}
    )


@dg.asset(
    key=LINKS,
    deps=[core_key(record.name) for record in REGISTERS],
    description="The chain complaint → check → case → accused → sentence.",
    check_specs=[dg.AssetCheckSpec("every_link_found", asset=LINKS)],
    **SHARED,  # type: ignore[arg-type]
)
def links(workbench: Workbench) -> dg.MaterializeResult:
    """Follow every link between registers; report those that lead nowhere."""
    with workbench.warehouse() as warehouse:
        found = store_links(warehouse)
    counted = found.groupby(["from_record", "to_record", "state"]).size()
    lost = found[found["state"] == "LEADS_NOWHERE"].drop(columns="state")
    closed = [s for s, of in workbench.sources.items() if of.sensitivity != "public"]
    lost["to_id"] = lost["to_id"].mask(lost["source_id"].isin(closed), "not shown")
    return dg.MaterializeResult(
        metadata={"links": markdown(counted.rename("links").reset_index())},
        check_results=[found_check("every_link_found", lost)],
    )


@dg.asset(
    key=RECONCILED,
    deps=[core_key("figures"), core_key("claims")],
    description="Identities tried on the published figures, and conflicts found.",
    check_specs=[
        dg.AssetCheckSpec("figures_add_up", asset=RECONCILED),
        dg.AssetCheckSpec("statements_agree", asset=RECONCILED),
    ],
    **SHARED,  # type: ignore[arg-type]
)
def reconciled(workbench: Workbench) -> dg.MaterializeResult:
    """Try every rule; what fails is on record and shown."""
    with workbench.warehouse() as warehouse:
        found = store_reconciliation(warehouse, workbench.lists, workbench.rules)
    failing = found.identities[found.identities["holds"] == "NO"]
    shown = ["kind", "statement", "likely_cause"]
    return dg.MaterializeResult(
        metadata={
            "identities tried": len(found.identities),
            "conflicts": len(found.conflicts),
            "conflicts by kind": markdown(
                found.conflicts.groupby("kind").size().rename("conflicts").reset_index()
            ),
        },
        check_results=[
            found_check("figures_add_up", failing[["statement", "residual"]]),
            found_check("statements_agree", found.conflicts[shown]),
        ],
    )


def core_assets(sources: Mapping[str, Source]) -> Iterable[dg.AssetsDefinition]:
    """Return the core assets of a workspace."""
    reviewed = [core_asset(record, sources) for record in RECORDS.values()]
    return [*reviewed, cells_accounted, links, reconciled]

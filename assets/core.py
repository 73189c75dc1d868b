"""Core assets: records reviewed, linked, reconciled, and every cell accounted for.

In here: calling `pipeline.store.core` and reporting. Not in here: any rule.
"""

from collections.abc import Iterable, Mapping

import dagster as dg
import pandas as pd

from assets.raw import DECLARATIONS, raw_key
from assets.report import OWNERS, found_check, markdown, schema
from assets.resources import Workbench
from pipeline.analyse.aggregate import prepare
from pipeline.declarations.sources import Source
from pipeline.process.link import AMBIGUOUS, LEADS_NOWHERE
from pipeline.store.core import (
    account_for_cells,
    notes_of,
    store_links,
    store_reconciliation,
    store_review,
)
from pipeline.store.links import broken_links
from schemas.fields import Record
from schemas.records import RECORDS
from schemas.registers import REGISTERS

REASONS = ["place", "what", "expected", "do"]
KINDS = {"date": "date", "number": "float", "range": "float"}
"""What a field that is not text becomes in `core`."""
LINKS, RECONCILED, CELLS = (
    dg.AssetKey(["core", name]) for name in ("links", "reconciled", "cells_accounted")
)


def core_key(name: str) -> dg.AssetKey:
    """Return the key of the asset of one kind of record."""
    return dg.AssetKey(["core", name])


def types_of(record: Record) -> dict[str, str]:
    """Return the type of each column of a record in `core` that is not text."""
    types = {"row": "int", "cells": "int"}
    for field in record.fields:
        if field.kind in KINDS:
            # The second column of a date is its precision: a word.
            kept = 1 if field.kind == "date" else 2
            types |= dict.fromkeys(field.core_columns[:kept], KINDS[field.kind])
    return types


REFUSED = (
    "Every record read was accepted; a refused one is shown by its place and the rule, "
    "and stays in quarantine."
)


def core_asset(record: Record, sources: Mapping[str, Source]) -> dg.AssetsDefinition:
    """Return the asset that reviews one kind of record of all sources."""
    key = core_key(record.name)
    supplied = [raw_key(s) for s in sources if record.name in sources[s].records]

    @dg.asset(
        key=key,
        deps=supplied or [DECLARATIONS],
        description=f"{record.description} Coded and validated.",
        metadata={
            "dagster/column_schema": schema(notes_of(record), types_of(record)),
            "dagster/table_name": f"core.{record.name}",
        },
        check_specs=[
            dg.AssetCheckSpec("nothing_refused", asset=key, description=REFUSED)
        ],
        group_name="core",
        kinds={"pandera", "duckdb"},
        owners=OWNERS,
    )
    def core(workbench: Workbench) -> dg.MaterializeResult:
        with workbench.warehouse() as warehouse:
            reviewed = store_review(
                warehouse,
                record,
                workbench.sources,
                workbench.lists,
                workbench.corrections,
            )
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": len(reviewed.accepted),
                "accepted": len(reviewed.accepted),
                "quarantined": len(reviewed.quarantined),
                "by source": by_source(reviewed.accepted),
            },
            check_results=[found_check("nothing_refused", reviewed.reasons[REASONS])],
        )

    return core


def by_source(accepted: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """Return how many records each source gave."""
    counts = accepted.groupby("source_id").size().rename("records")
    return markdown(counts.reset_index())


@dg.asset(
    key=CELLS,
    deps=[core_key(name) for name in RECORDS],
    description="Cells read = observations + quarantined + declared non-data.",
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
)
def cells_accounted(workbench: Workbench) -> dg.MaterializeResult:
    """Check that no cell was lost. Fails the run when one was."""
    with workbench.warehouse() as warehouse:
        account = account_for_cells(warehouse)
    sums = account.select_dtypes("number").sum()
    counts = {str(name).replace("_", " "): int(value) for name, value in sums.items()}
    return dg.MaterializeResult(metadata={**counts, "by sheet": markdown(account)})


@dg.asset(
    key=LINKS,
    deps=[core_key(record.name) for record in REGISTERS],
    description="The chain complaint → check → case → accused → sentence.",
    check_specs=[
        dg.AssetCheckSpec(
            "every_link_found",
            asset=LINKS,
            description="Every record that another one names was supplied.",
        ),
        dg.AssetCheckSpec(
            "no_link_ambiguous",
            asset=LINKS,
            description="No number that a record names leads to several records.",
        ),
    ],
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
)
def links(workbench: Workbench) -> dg.MaterializeResult:
    """Follow every link between registers; report those that find no one record."""
    with workbench.warehouse() as warehouse:
        found = store_links(warehouse)
        prepare(warehouse)
        lost = broken_links(warehouse, [LEADS_NOWHERE])
        unsure = broken_links(warehouse, [AMBIGUOUS])
    counted = found.groupby(["from_record", "to_record", "state", "reason"]).size()
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(found),
            "links": markdown(counted.rename("links").reset_index()),
        },
        check_results=[
            found_check("every_link_found", lost.drop(columns="may_mean")),
            found_check("no_link_ambiguous", unsure),
        ],
    )


@dg.asset(
    key=RECONCILED,
    deps=[core_key("figures"), core_key("claims")],
    description="Identities tried on the published figures, and conflicts found.",
    check_specs=[
        dg.AssetCheckSpec(
            "figures_add_up",
            asset=RECONCILED,
            description="Parts that are published with their whole add up to it.",
        ),
        dg.AssetCheckSpec(
            "statements_agree",
            asset=RECONCILED,
            description="No two published statements contradict each other. Those that "
            "do stand side by side in out.conflicts; none is averaged.",
        ),
    ],
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
)
def reconciled(workbench: Workbench) -> dg.MaterializeResult:
    """Try every rule; what fails is on record and shown."""
    with workbench.warehouse() as warehouse:
        found = store_reconciliation(
            warehouse,
            workbench.lists,
            workbench.rules,
            is_earlier=bool(workbench.as_of),
        )
    failing = found.identities[found.identities["holds"] == "NO"]
    by_kind = found.conflicts.groupby("kind").size().rename("conflicts")
    return dg.MaterializeResult(
        metadata={
            "identities tried": len(found.identities),
            "conflicts": len(found.conflicts),
            "conflicts by kind": markdown(by_kind.reset_index()),
        },
        check_results=[
            found_check("figures_add_up", told(failing, ["residual"], workbench)),
            found_check(
                "statements_agree", told(found.conflicts, ["likely_cause"], workbench)
            ),
        ],
    )


def told(found: pd.DataFrame, more: list[str], workbench: Workbench) -> pd.DataFrame:
    """Return what a check shows of statements: only the kind if a source is closed."""
    sources = (workbench.sources[source_id] for source_id in workbench.closed)
    is_closed = any({"figures", "claims"} & set(one.records) for one in sources)
    return found[["kind"] if is_closed else ["kind", "statement", *more]]


def core_assets(sources: Mapping[str, Source]) -> Iterable[dg.AssetsDefinition]:
    """Return the core assets of a workspace."""
    reviewed = [core_asset(record, sources) for record in RECORDS.values()]
    return [*reviewed, cells_accounted, links, reconciled]

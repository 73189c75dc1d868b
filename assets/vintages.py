"""Assets about vintages: what sources changed, and year-to-date figures differenced.

In here: calling `pipeline.store` and reporting. Not in here: comparing or counting.
"""

from collections.abc import Iterable, Sequence

import dagster as dg
import pandas as pd

from assets.core import core_key
from assets.report import NOT_SHOWN, OWNERS, found_check, markdown, schema
from assets.resources import Workbench
from pipeline.process.revise import REVISION_COLUMNS
from pipeline.store.increments import delivered_twice, store_increments
from pipeline.store.revisions import counted, store_revisions
from schemas.records import RECORDS

REVISIONS, INCREMENTS = (
    dg.AssetKey(["core", name]) for name in ("revisions", "increments")
)
KINDS = ("ADDED", "REMOVED", "CHANGED")
FALLS = (
    "No year-to-date figure is below the one before it in its year; one that is was "
    "revised by its source."
)
TWICE = "No two files of one vintage bring figures of the same thing and period."


@dg.asset(
    key=REVISIONS,
    deps=[core_key(name) for name in RECORDS],
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
    description="What each source changed between two vintages.",
    metadata={"dagster/column_schema": schema(REVISION_COLUMNS)},
)
def revisions(workbench: Workbench) -> dg.MaterializeResult:
    """Compare each vintage with the one before. Only counts are shown here."""
    with workbench.warehouse() as warehouse:
        found = store_revisions(warehouse, workbench.sources, workbench.lists)
    kinds = found["kind"].value_counts()
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(found),
            **{kind.lower(): int(kinds.get(kind, 0)) for kind in KINDS},
            "by source, vintage and record": markdown(counted(found)),
        }
    )


@dg.asset(
    key=INCREMENTS,
    deps=[core_key("figures")],
    check_specs=[
        dg.AssetCheckSpec(
            "year_to_date_does_not_fall", asset=INCREMENTS, description=FALLS
        ),
        dg.AssetCheckSpec(
            "no_period_delivered_twice", asset=INCREMENTS, description=TWICE
        ),
    ],
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
    description="Year-to-date figures as what each further period added.",
)
def increments(workbench: Workbench) -> dg.MaterializeResult:
    """Difference year-to-date figures; falls and gaps are told by their place."""
    with workbench.warehouse() as warehouse:
        found = store_increments(warehouse, workbench.sources, workbench.lists)
        twice = delivered_twice(warehouse)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(found),
            "series": int(found["from_figure"].eq("").sum()),
            "figures missing": int(found["missing"].sum()),
            "falls": int(found["fell"].eq("YES").sum()),
        },
        check_results=[
            found_check("year_to_date_does_not_fall", falls(found, workbench.closed)),
            found_check("no_period_delivered_twice", twice),
        ],
    )


def falls(found: pd.DataFrame, closed: Sequence[str]) -> pd.DataFrame:
    """Return where year-to-date figures fall; of a restricted source only the place."""
    fallen = found[found["fell"].eq("YES")]
    columns = ["source_id", "to_place", "time_period", "from_vintage", "to_vintage"]
    period = fallen["time_period"].mask(fallen["source_id"].isin(closed), NOT_SHOWN)
    return fallen[columns].assign(time_period=period)


def vintage_assets() -> Iterable[dg.AssetsDefinition]:
    """Return the assets about vintages."""
    return [revisions, increments]

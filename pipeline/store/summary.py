"""What a build did, in numbers, for its last words.

In here: counting in the warehouse. Not in here: wording (`assets/build.py`).
"""

from typing import Any, NamedTuple

from pipeline.model import NOT_APPLICABLE
from pipeline.process.link import (
    AMBIGUOUS,
    FOUND,
    LEADS_NOWHERE,
    NOT_STATED,
    QUARANTINED,
)
from pipeline.process.refusals import CORRECTED, FIXED_UPSTREAM
from pipeline.store.links import broken_links, links_in_words
from pipeline.store.revisions import in_words
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace

MOST_REASONS = 10


class Summary(NamedTuple):
    """The numbers of a build."""

    files: int
    sources: int
    cells_read: int
    cells_observed: int
    cells_quarantined: int
    cells_non_data: int
    accepted: int
    quarantined: int
    reasons: list[str]
    closed: str
    corrections: int
    revisions: str
    notices: list[str]
    printed_totals: str
    links: str
    links_lost: list[str]
    tables: int
    cells_published: int
    conflicts: int
    identities_held: int
    identities_failed: int
    release: str


def summarise(warehouse: Warehouse, workspace: Workspace) -> Summary:
    """Return the numbers of the build that the warehouse holds."""

    def one(sql: str) -> int:
        count: Any = warehouse.read(sql).fillna(0).iloc[0, 0]
        return int(count)

    account = warehouse.read("SELECT * FROM meta.cell_account").sum(numeric_only=True)
    states = "SELECT count(*) FROM meta.record WHERE state = "
    identities = "SELECT count(*) FROM core.identities WHERE holds = "
    deliveries = "FROM meta.delivery WHERE is_current"
    return Summary(
        files=one(f"SELECT count(*) {deliveries}"),
        sources=one(f"SELECT count(DISTINCT source_id) {deliveries}"),
        cells_read=int(account["cells_read"]),
        cells_observed=int(account["cells_observed"]),
        cells_quarantined=int(account["cells_quarantined"]),
        cells_non_data=int(account["cells_non_data"]),
        accepted=one(f"{states} 'ACCEPTED'"),
        quarantined=one(f"{states} 'QUARANTINED'"),
        reasons=reasons(warehouse),
        closed=closed(warehouse),
        corrections=one("SELECT count(*) FROM meta.correction WHERE is_applied"),
        revisions=revised(warehouse),
        notices=notices(warehouse),
        printed_totals=printed_totals(warehouse),
        links=links(warehouse),
        links_lost=links_lost(warehouse),
        tables=one("SELECT count(DISTINCT table_name) FROM meta.table_source"),
        cells_published=one(
            "SELECT count(*) FROM meta.cell_leaf WHERE len(leaves) > 0"
        ),
        conflicts=one("SELECT count(*) FROM core.conflicts"),
        identities_held=one(f"{identities} 'YES'"),
        identities_failed=one(f"{identities} 'NO'"),
        release=current_release(warehouse, workspace),
    )


def reasons(warehouse: Warehouse) -> list[str]:
    """Return the first reasons of quarantine as lines, and how many more there are."""
    found = warehouse.read(
        "SELECT place || ': ' || what || '; expected ' || expected || '; ' || \"do\" "
        "AS line FROM quarantine.reason WHERE state = 'OPEN' "
        "AND record_id IN (SELECT record_id FROM meta.record) ORDER BY place"
    )["line"]
    lines = list(found[:MOST_REASONS])
    if len(found) > MOST_REASONS:
        lines.append(f"… and {len(found) - MOST_REASONS:,} more in quarantine.reason")
    return lines


def closed(warehouse: Warehouse) -> str:
    """Return how many refusals were mended, in words; empty where none was."""
    found = warehouse.read(
        "SELECT state, count(*) AS n FROM quarantine.reason GROUP BY state"
    )
    number = dict(zip(found["state"], found["n"], strict=True))
    fixed, corrected = number.get(FIXED_UPSTREAM, 0), number.get(CORRECTED, 0)
    if not fixed + corrected:
        return ""
    return f"{fixed:,} refusals by a later delivery, {corrected:,} by a correction"


def revised(warehouse: Warehouse) -> str:
    """Return what sources changed between vintages, in words; empty if nothing."""
    found = warehouse.read("SELECT kind, count(*) AS n FROM core.revisions GROUP BY 1")
    kinds = dict(zip(found["kind"], found["n"], strict=True))
    return in_words(kinds) if kinds else ""


def notices(warehouse: Warehouse) -> list[str]:
    """Return what is told of deliveries and stops nothing, as lines."""
    found = warehouse.read(
        "SELECT place || ': ' || what || '; expected ' || expected || '; ' || \"do\" "
        "AS line FROM meta.notice ORDER BY place"
    )["line"]
    more = len(found) - MOST_REASONS
    told = [f"… and {more:,} more in meta.notice"] if more > 0 else []
    return [*found[:MOST_REASONS], *told]


def links(warehouse: Warehouse) -> str:
    """Return the links between registers in words."""
    counted = warehouse.read(
        "SELECT state, reason, count(*) AS n FROM core.links GROUP BY ALL"
    )
    number = counted.groupby("state")["n"].sum().to_dict()
    refused = int(counted.loc[counted["reason"] == QUARANTINED, "n"].sum())
    in_quarantine = f" ({refused:,} to one in quarantine)" if refused else ""
    unsure = number.get(AMBIGUOUS, 0)
    return (
        f"{number.get(FOUND, 0):,} found, {number.get(NOT_STATED, 0):,} not stated "
        f"by the source, {number.get(LEADS_NOWHERE, 0):,} lead to no record supplied"
        f"{in_quarantine}" + (f", {unsure:,} to several" if unsure else "")
    )


def links_lost(warehouse: Warehouse) -> list[str]:
    """Return the first links that found no one record, and how many more there are."""
    lines = links_in_words(broken_links(warehouse, most=MOST_REASONS))
    sql = "SELECT count(*) AS n FROM core.links WHERE reason <> ?"
    more = int(warehouse.read(sql, [NOT_APPLICABLE])["n"].iloc[0]) - len(lines)
    return [*lines, f"… and {more:,} more in core.links"] if more > 0 else lines


def printed_totals(warehouse: Warehouse) -> str:
    """Return in words how the totals that sheets print agree with their parts."""
    counted = warehouse.read(
        "SELECT state, count(*) AS n FROM raw.control WHERE delivery_id IN "
        "(SELECT delivery_id FROM meta.delivery WHERE is_current) GROUP BY state"
    )
    number = dict(zip(counted["state"], counted["n"], strict=True))
    words = {
        "HOLDS": "hold",
        "EXPLAINED": "differ as their source explains",
        "OVERLAPS": "have parts that overlap",
        "DIFFERS": "differ from their parts",
    }
    return ", ".join(f"{number[s]:,} {w}" for s, w in words.items() if s in number)


def current_release(warehouse: Warehouse, workspace: Workspace) -> str:
    """Return the folder of the release of these deliveries, or an empty text.

    A release of deliveries that are no longer there may stand beside it, with a later
    date. The newest delivery may rest on a source that is not released.
    """
    current = "SELECT DISTINCT vintage FROM meta.delivery WHERE is_current"
    dates = warehouse.read(f"{current} ORDER BY vintage DESC")["vintage"]
    folders = (workspace.releases / day for day in dates)
    return str(next((folder for folder in folders if folder.is_dir()), ""))

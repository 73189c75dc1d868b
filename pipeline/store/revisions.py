"""`core.revisions`: what each source changed from vintage to vintage.

In here: which vintages are compared, keeping the result, and printing it. Not in
here: comparing (`process/revise.py`).
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source, all_sources
from pipeline.inspect.owner import named_source
from pipeline.process.classify import Coding
from pipeline.process.revise import (
    ADDED,
    CHANGED,
    REMOVED,
    REVISION_COLUMNS,
    Vintage,
    revisions,
)
from pipeline.store.last_build import last_build
from pipeline.store.templates import with_templates
from pipeline.store.vintages import (
    days_read,
    fingerprint,
    kept_or_made,
    raw_records,
    readings,
)
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace
from schemas.fields import Record
from schemas.records import RECORDS

TABLE, PAST = "core.revisions", "raw.past_revision"
DESCRIPTION = (
    "What sources changed between two vintages, as codes, dates and numbers; without "
    "corrections of ours."
)


def store_revisions(
    warehouse: Warehouse, sources: Mapping[str, Source], lists: Mapping[str, CodeList]
) -> pd.DataFrame:
    """Compare each vintage of each source with the one before, and keep the result."""
    found = [
        part
        for source in sources.values()
        for part in of_source(warehouse, source, lists)
    ]
    empty = pd.DataFrame(columns=[*REVISION_COLUMNS], dtype="str")
    table = pd.concat([empty, *found], ignore_index=True)
    warehouse.replace(TABLE, table, DESCRIPTION, REVISION_COLUMNS)
    return table


def of_source(
    warehouse: Warehouse, source: Source, lists: Mapping[str, CodeList]
) -> Iterator[pd.DataFrame]:
    """Yield the revisions of one source, for each pair of vintages and kind."""
    days = days_read(warehouse, source.source)
    for earlier, later in pairwise(days):
        for name in source.records:
            between = (earlier, later)
            yield compared(warehouse, source, RECORDS[name], between, lists)


def compared(
    warehouse: Warehouse,
    source: Source,
    record: Record,
    days: tuple[str, str],
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Return the revisions of one kind of record between two vintages.

    A file that stands unchanged in both is left out of the comparison.
    """
    before, after = (readings(warehouse, source.source, day) for day in days)
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]

    def compare() -> pd.DataFrame:
        earlier = Vintage(days[0], raw_records(warehouse, record, gone))
        later = Vintage(days[1], raw_records(warehouse, record, come))
        return revisions(earlier, later, record, Coding(source, lists))

    read = [*days, *(before[one] for one in gone), *(after[one] for one in come)]
    state = fingerprint(read, record, source, lists)
    slot = "/".join((source.source, record.name, *days))
    return kept_or_made(warehouse, PAST, slot, state, compare)


def counted(found: pd.DataFrame) -> pd.DataFrame:
    """Return how many revisions there are of each source, vintage, record and kind."""
    by = ["source_id", "later_vintage", "record", "kind"]
    return found.groupby(by).size().rename("revisions").reset_index()


def in_words(kinds: Mapping[str, int]) -> str:
    """Return numbers of revisions by kind as one text."""
    return ", ".join(
        f"{kinds.get(kind, 0):,} {words}"
        for kind, words in (
            (ADDED, "records added"),
            (REMOVED, "removed"),
            (CHANGED, "fields changed"),
        )
    )


def revision_lines(workspace: Workspace, source_id: str = "") -> Iterator[str]:
    """Yield the revisions of a source, or of all, as lines.

    What a restricted source says is not shown; the place is.

    Raises:
        Point27Error: nothing has been built yet, or there is no such source.
    """
    if source_id:
        named_source(with_templates(workspace, all_sources(workspace)), source_id)
    with last_build(workspace) as read:
        found = read(
            f"SELECT r.*, s.sensitivity = 'public' AS is_public FROM {TABLE} r "
            "JOIN meta.source s USING (source_id) WHERE ? IN ('', source_id) "
            "ORDER BY source_id, later_vintage, record, later_place, field",
            [source_id],
        )
    by = ["source_id", "earlier_vintage", "later_vintage"]
    for (source, earlier, later), part in found.groupby(by):
        kinds = part.groupby("kind").size()
        numbers = {str(kind): int(n) for kind, n in kinds.items()}
        yield f"{source} {earlier} → {later}: {in_words(numbers)}"
        for _, row in part.iterrows():
            yield f"    {line_of(row)}"
    if found.empty:
        yield "No revisions: no source has two vintages that differ."


def line_of(row: pd.Series) -> str:
    """Return one revision as a line."""
    where = row["later_place"] or row["earlier_place"]
    whose = f" {row['record_key']}" if row["is_public"] and row["record_key"] else ""
    if row["kind"] != CHANGED:
        return f"{row['record']}{whose} {row['kind'].lower()}: {where}"
    values = f"{row['earlier_value']!r} → {row['later_value']!r}"
    said = f": {values}" if row["is_public"] else ""
    return f"{row['record']}{whose} {row['field']}{said}  {where}"

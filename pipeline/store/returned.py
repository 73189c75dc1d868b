"""`quarantine`: refused records as workbooks to send back to whoever supplied them.

In here: which cells of which file are refused, and where the copies go. Not in here:
writing a copy (`collect/returned.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.collect.returned import Refused, give_back
from pipeline.declarations.sources import Source, SourceFile, all_sources
from pipeline.errors import Point27Error
from pipeline.inspect.owner import named_source
from pipeline.lineage import sha256_of
from pipeline.process.fields import SHOWN_TEXT
from pipeline.store.last_build import last_build
from pipeline.store.templates import with_templates
from pipeline.workspace import Workspace

OPEN_NOW = """
SELECT q.*, d.sha256 FROM quarantine.reason q
JOIN meta.record r USING (record_id)
JOIN meta.delivery d ON d.delivery_id = r.delivery_id AND d.vintage = q.vintage
WHERE q.state = 'OPEN' AND d.is_current AND ? IN ('', q.source_id)
ORDER BY q.source_id, q.file, q.sheet,
    try_cast(regexp_extract(q.place, '[0-9]+$') AS BIGINT), q.place, q.rule
"""
COUNTED = """
SELECT state, count(*) AS n FROM quarantine.reason
WHERE ? IN ('', source_id) GROUP BY state
"""
DO = "mend the cell here and send the workbook back"
WARNING = (
    "They hold what the supplier wrote, names included: send each one to its supplier "
    "and to nobody else."
)


def quarantine_lines(
    workspace: Workspace, source_id: str = "", folder: Path | None = None
) -> Iterator[str]:
    """Write a workbook for each file with refused records; yield what was done.

    Args:
        workspace: whose last build is meant.
        source_id: of which source; empty for all.
        folder: where to; the private folder of the workspace if not given.

    Raises:
        Point27Error: nothing has been built yet, there is no such source, or a file
            is not the one that was read.
    """
    known = with_templates(workspace, all_sources(workspace))
    if source_id:
        named_source(known, source_id)
    with last_build(workspace) as read:
        entries = read(OPEN_NOW, [source_id])
        states = read(COUNTED, [source_id])
    yield counts(dict(zip(states["state"], states["n"], strict=True)))
    if entries.empty:
        yield "Nothing to give back: the latest delivery has no refused record."
        return
    target = folder or workspace.quarantine
    for named, rows in entries.groupby(["source_id", "vintage", "file"]):
        inside = Path(*map(str, named))
        refuse_other(workspace.raw / inside, rows["sha256"].iloc[0])
        refused = [refused_cell(row) for _, row in rows.iterrows()]
        private_folders(target, inside.parent)
        declared = declared_file(known[inside.parts[0]], inside.name)
        written = give_back(workspace.raw / inside, declared, refused, target / inside)
        records = rows["record_id"].nunique()
        yield f"{written}: {len(refused)} reasons in {records} records"
    yield WARNING
    yield "Mended and sent back, a file goes into raw/<source>/<new date>/ as it comes."


def counts(states: dict[str, int]) -> str:
    """Return the numbers of refusals by state as one line."""
    return (
        f"Refusals: {states.get('OPEN', 0):,} open, "
        f"{states.get('FIXED_UPSTREAM', 0):,} mended by a later delivery, "
        f"{states.get('CORRECTED', 0):,} by a correction."
    )


def declared_file(source: Source, name: str) -> SourceFile:
    """Return how a file is declared.

    Raises:
        Point27Error: it is declared no more.
    """
    found = source.file_for(name)
    if found is None:
        told = f"{name}: {source.source} declares no such file any more; build again"
        raise Point27Error(told)
    return found


def private_folders(target: Path, inside: Path) -> None:
    """Make a folder, and those inside it, that only their owner may open."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = target
    for part in inside.parts:
        folder = folder / part
        folder.mkdir(exist_ok=True, mode=0o700)


def refuse_other(original: Path, sha256: str) -> None:
    """Raise Point27Error when a file is gone or not the one that was read."""
    if not original.is_file() or sha256_of(original) != sha256:
        raise Point27Error(
            f"{original}: not the file that the last build read; put it back, or build "
            "again"
        )


def refused_cell(row: pd.Series) -> Refused:
    """Return one reason without the value of any cell."""
    sheet, cell = row["sheet"], row["place"]
    cell = cell.removeprefix(f"{row['file']}!{sheet}!")
    what = SHOWN_TEXT.sub("", row["what"])
    return Refused(sheet, cell, what, row["expected"], DO, row["first_seen"])

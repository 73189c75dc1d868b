"""`check`: look at spreadsheets as a build would, without loading anything.

In here: gathering every problem. Not in here: the checks themselves (`collect`,
`process`), whose file it is (`inspect/owner.py`).
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.collect.deliveries import data_files
from pipeline.collect.intake import look_at
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import Source, all_sources
from pipeline.errors import InputError, Problem
from pipeline.inspect.owner import named_source, owner_of
from pipeline.lineage import sha256_of
from pipeline.model import Delivery
from pipeline.process.validate import review
from pipeline.store.templates import filled_in
from pipeline.workspace import Workspace
from schemas.records import RECORDS

NO_VINTAGE = "0000-00-00"
THROWN_AWAY = b"check"
"""The key of the pseudonyms of a check: nobody sees them."""


def check_files(
    workspace: Workspace, files: Sequence[Path], source_id: str = ""
) -> list[Problem]:
    """Return every problem of the files, in order of place.

    Args:
        workspace: whose declarations apply.
        files: spreadsheets, or folders of them, anywhere.
        source_id: whose files they are; else told by their folder or name.

    Raises:
        Point27Error: a declaration is wrong, or there is no such source.
    """
    sources = all_sources(workspace)
    if source_id:
        named_source(sources, source_id)
    lists = read_codelists(workspace)
    found: list[Problem] = []
    opened = with_folders_opened(files)
    own = {} if source_id else filled_in(workspace, opened, sources, lists)
    for path in opened:
        owner = own[path] if path in own else owner_of(path, sources, source_id)
        if isinstance(owner, Source):
            found += problems_of(path, owner, lists)
        else:
            found += [owner] if isinstance(owner, Problem) else owner
    return sorted(set(found))


def with_folders_opened(files: Sequence[Path]) -> list[Path]:
    """Return the files, and in the place of each folder the files in it."""
    return [
        path
        for given in files
        for path in (data_files(given) if given.is_dir() else [given])
        if not path.is_dir()
    ]


def problems_of(
    path: Path, source: Source, lists: dict[str, CodeList]
) -> list[Problem]:
    """Return the problems of one file, of all its sheets and cells at once."""
    if source.file_for(path.name) is None:
        return [
            Problem(
                path.name,
                f"not the name of a file of {source.source}",
                " or ".join(file.file for file in source.files),
                "give the file the name that its source declares",
            )
        ]
    delivery = Delivery(
        source.source, NO_VINTAGE, path.name, sha256_of(path), path.stat().st_size, path
    )
    intake, problems = look_at(source, [delivery], THROWN_AWAY)
    for name, records in intake.records.items():
        problems += record_problems(records, name, source, lists)
    return problems


def record_problems(
    records: pd.DataFrame, name: str, source: Source, lists: dict[str, CodeList]
) -> list[Problem]:
    """Return the reasons for which records of one kind would stop or be refused."""
    try:
        reasons = review(records, RECORDS[name], {source.source: source}, lists).reasons
    except InputError as error:
        return list(error.problems)
    columns = reasons[["place", "what", "expected", "do"]]
    return [Problem(*row) for row in columns.itertuples(index=False)]

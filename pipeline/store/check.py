"""`check`: look at spreadsheets as a build would, without loading anything.

In here: finding whose file it is, and gathering every problem. Not in here: the
checks themselves (`collect`, `process`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.collect.intake import take_in
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import Source, all_sources
from pipeline.errors import InputError, Point27Error, Problem
from pipeline.lineage import sha256_of
from pipeline.model import Delivery
from pipeline.process.validate import review
from pipeline.workspace import Workspace
from schemas.records import RECORDS

NO_VINTAGE = "0000-00-00"


def check_files(
    workspace: Workspace, files: Sequence[Path], source_id: str = ""
) -> list[Problem]:
    """Return every problem of the files, in order of place.

    Args:
        workspace: whose declarations apply.
        files: spreadsheets, anywhere.
        source_id: whose files they are; else told by their folder or name.

    Raises:
        Point27Error: a file does not exist, or no source or several declare it.
    """
    sources = all_sources(workspace)
    lists = read_codelists(workspace)
    found = [
        problem
        for path in files
        for problem in problems_of(path, owner(path, sources, source_id), lists)
    ]
    return sorted(found)


def owner(path: Path, sources: Mapping[str, Source], source_id: str) -> Source:
    """Return the source whose file it is. Raises Point27Error when unclear."""
    if not path.is_file():
        raise Point27Error(f"{path}: no such file")
    if source_id:
        if source_id not in sources:
            raise Point27Error(f"no source {source_id!r}; there are {', '.join(sources)}")
        return sources[source_id]
    declaring = [s for s in sources.values() if s.file_for(path.name)]
    by_folder = [s for s in declaring if s.source in path.resolve().parts]
    chosen = by_folder or declaring
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(source.source for source in chosen)
    raise Point27Error(
        f"{path.name}: declared by {names}; say which with --source"
        if chosen
        else f"{path.name}: no source declares a file of this name; say which source "
        f"it belongs to with --source, one of: {', '.join(sources)}"
    )


def problems_of(
    path: Path, source: Source, lists: dict[str, CodeList]
) -> list[Problem]:
    """Return the problems of one file. Persons are hashed with a key thrown away."""
    if source.file_for(path.name) is None:
        return [
            Problem(
                path.name,
                f"not the name of a file of {source.source}",
                " or ".join(file.file for file in source.files),
                "rename the file, or name its source with --source",
            )
        ]
    delivery = Delivery(
        source.source, NO_VINTAGE, path.name, sha256_of(path), path.stat().st_size, path
    )
    try:
        intake = take_in(source, [delivery], key=b"check")
    except InputError as error:
        return list(error.problems)
    problems: list[Problem] = []
    for name, records in intake.records.items():
        try:
            reasons = review(records, RECORDS[name], {source.source: source}, lists).reasons
        except InputError as error:
            problems += error.problems
            continue
        columns = reasons[["place", "what", "expected", "do"]]
        problems += [Problem(*row) for row in columns.itertuples(index=False)]
    return problems

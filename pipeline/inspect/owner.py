"""Whose file it is: the source that a spreadsheet belongs to, by its folder or name.

In here: choosing one source, or saying in words why that cannot be told. Not in here:
reading the file.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Point27Error, Problem


def owner_of(
    path: Path, sources: Mapping[str, Source], source_id: str
) -> Source | Problem:
    """Return the source whose file it is, or why that cannot be told."""
    if not path.is_file():
        return Problem(
            str(path), "no such file", "a spreadsheet", "check the spelling of the path"
        )
    if source_id:
        return named_source(sources, source_id)
    chosen = declaring(path, sources)
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        several = ", ".join(source.source for source in chosen)
        what, name = f"several sources declare a file of this name: {several}", several
    else:
        what, name = "no source declares a file of this name", ", ".join(sources)
    return Problem(
        path.name,
        what,
        "a file of exactly one source",
        f"name its source with --source (one of: {name})",
    )


def declaring(path: Path, sources: Mapping[str, Source]) -> list[Source]:
    """Return the sources that declare a file of this name: the one of its folder."""
    found = [s for s in sources.values() if s.file_for(path.name)]
    return [s for s in found if s.source in path.resolve().parts] or found


def owner_if_any(
    path: Path, sources: Mapping[str, Source], source_id: str
) -> Source | None:
    """Return the source whose file it is, or nothing where none declares it.

    Raises:
        InputError: there is no such file, or several sources declare it.
    """
    owner = owner_of(path, sources, source_id)
    if isinstance(owner, Source):
        return owner
    if path.is_file() and not declaring(path, sources):
        return None
    raise InputError([owner])


def named_source(sources: Mapping[str, Source], source_id: str) -> Source:
    """Return the source of an id. Raises Point27Error when there is none."""
    if source_id not in sources:
        raise Point27Error(f"no source {source_id!r}; there are {', '.join(sources)}")
    return sources[source_id]

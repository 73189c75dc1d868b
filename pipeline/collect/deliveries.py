"""Deliveries: the files of a source, by vintage, with their hash.

In here: finding files under `raw/<source>/<vintage>/` and saying which are missing,
unexpected or twice there. Not in here: opening them.

The rule of vintages: each vintage is the whole of its source, and the latest is what
counts. A file in which nothing changed is copied from the vintage before; it is one
delivery, read once. A file that earlier vintages had and the latest has not would
take its records away without a word: it is refused, unless the source took it back,
which `schemas/corrections/` then says.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Problem
from pipeline.lineage import sha256_of
from pipeline.model import Delivery
from pipeline.workspace import Workspace

VINTAGE = re.compile(r"[12]\d{3}-\d{2}-\d{2}")
LEFT_BY_PROGRAMS = ("~$", ".~lock", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Beginnings of names of files that office programs and systems leave behind."""


def find_deliveries(workspace: Workspace, source: Source) -> list[Delivery]:
    """Return the files of a source, oldest vintage first.

    Raises:
        InputError: a vintage is not a date, a file is not declared, or the latest
            vintage lacks a declared file.
    """
    vintages = vintages_of(workspace, source)
    problems = [problem for path in vintages for problem in faults(path, source)]
    if not vintages:
        problems.append(nothing_delivered(source))
    if problems:
        raise InputError(problems)
    return [
        deliver(source, vintage.name, path)
        for vintage in vintages
        for path in data_files(vintage)
    ]


def vintages_of(workspace: Workspace, source: Source) -> list[Path]:
    """Return what stands in the folder of a source, by name; up to a day if asked."""
    folder = workspace.raw / source.source
    found = folder.iterdir() if folder.is_dir() else ()
    until = workspace.as_of
    return sorted(
        path
        for path in found
        if not is_left_behind(path) and not (until and path.name > until)
    )


def taking_part(
    workspace: Workspace, sources: Mapping[str, Source]
) -> dict[str, Source]:
    """Return the sources that take part: as of a day, those that had delivered.

    Raises:
        InputError: none had delivered anything by that day.
    """
    if not workspace.as_of:
        return dict(sources)
    found = {name: one for name, one in sources.items() if vintages_of(workspace, one)}
    if not found:
        raise InputError([nothing_by(workspace.as_of)])
    return found


def refuse_incomplete(
    deliveries: list[Delivery], source: Source, withdrawn: frozenset[str]
) -> None:
    """Refuse that a file has vanished from the latest vintage, or stands twice in one.

    Args:
        deliveries: of all vintages.
        source: whose they are.
        withdrawn: files that the source took back.

    Raises:
        InputError: names each of them.
    """
    problems = [
        *vanished(deliveries, source, withdrawn),
        *repeated(deliveries, source),
    ]
    if problems:
        raise InputError(problems)


def vanished(
    deliveries: list[Delivery], source: Source, withdrawn: frozenset[str]
) -> Iterator[Problem]:
    """Yield each file that an earlier vintage had and the latest has not."""
    present = {delivery.file for delivery in latest(deliveries)}
    last = {one.file: one.vintage for one in deliveries}
    newest = max(last.values(), default="")
    for file in sorted(last.keys() - present - withdrawn):
        yield Problem(
            f"raw/{source.source}/{newest}/{file}",
            f"the file was delivered on {last[file]} and has vanished since",
            "all files of the source in each vintage",
            "copy the earlier one; where the source took it back, declare it under "
            "withdrawn_files in schemas/corrections/",
        )


def repeated(deliveries: list[Delivery], source: Source) -> Iterator[Problem]:
    """Yield each file that holds the same bytes as another of its vintage."""
    first: dict[tuple[str, str], str] = {}
    for one in deliveries:
        other = first.setdefault((one.vintage, one.sha256), one.file)
        if other != one.file:
            yield Problem(
                f"raw/{source.source}/{one.vintage}/{one.file}",
                f"the same bytes as {other}: delivered twice under two names",
                "each file once",
                "move one of the two away, or ask for the file that was meant",
            )


def nothing_by(day: str) -> Problem:
    """Return the problem of a day on which nothing had been delivered yet."""
    return Problem(
        "raw/",
        f"nothing had been delivered by {day}",
        "a day on or after the first delivery",
        "choose a later day for --as-of",
    )


def deliver(source: Source, vintage: str, path: Path) -> Delivery:
    """Return the delivery that one file is."""
    return Delivery(
        source.source, vintage, path.name, sha256_of(path), path.stat().st_size, path
    )


def latest(deliveries: list[Delivery]) -> list[Delivery]:
    """Return the deliveries of the latest vintage."""
    newest = max((delivery.vintage for delivery in deliveries), default="")
    return [delivery for delivery in deliveries if delivery.vintage == newest]


def is_left_behind(path: Path) -> bool:
    """Return whether a program left the file there and nobody delivered it."""
    return path.name.startswith(LEFT_BY_PROGRAMS) or path.name == ".gitkeep"


def data_files(vintage: Path) -> list[Path]:
    """Return the files of one vintage, by name."""
    return sorted(path for path in vintage.iterdir() if not is_left_behind(path))


def refuse_strays(workspace: Workspace, sources: Mapping[str, Source]) -> None:
    """Raise InputError when something in raw/ belongs to no source.

    A folder with a slip in its name would else be left out without a word.

    Raises:
        InputError: names each of them, or tells that there is nothing to build.
    """
    present = sorted(p for p in workspace.raw.iterdir() if not is_left_behind(p))
    if not present and not sources:
        raise InputError([nothing_to_build()])
    strays = [path for path in present if path.name not in sources]
    if strays:
        raise InputError([stray_problem(path) for path in strays])


def nothing_to_build() -> Problem:
    """Return the problem of a workspace without any source."""
    return Problem(
        "raw/",
        "nothing to build: no source is declared and nothing was delivered",
        "raw/<source>/<date of delivery>/<file>",
        "declare a source in schemas/sources/<source>.yml and put its files there",
    )


def stray_problem(path: Path) -> Problem:
    """Return the problem of something in raw/ that belongs to no source."""
    if path.is_dir():
        return Problem(
            f"raw/{path.name}",
            "a folder that belongs to no source",
            "raw/<source>/<date of delivery>/<file>",
            f"declare the source in schemas/sources/{path.name}.yml, or rename the "
            "folder to a source that is declared",
        )
    return Problem(
        f"raw/{path.name}",
        "a file outside the folder of a source",
        "raw/<source>/<date of delivery>/<file>",
        "move it into the folder of its source and date, or away from raw/",
    )


def is_vintage(folder: Path) -> bool:
    """Return whether a folder is named by a date that exists."""
    if not folder.is_dir() or not VINTAGE.fullmatch(folder.name):
        return False
    try:
        date.fromisoformat(folder.name)
    except ValueError:
        return False
    return True


def faults(vintage: Path, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the files of one vintage, before opening any."""
    place = f"raw/{source.source}/{shown_name(vintage)}"
    if vintage.is_symlink() or vintage.parent.is_symlink():
        yield link_problem(place)
        return
    if not is_vintage(vintage):
        yield Problem(
            place,
            "not named by the date of a delivery",
            "a folder such as 2026-01-31, with the files in it",
            "rename the folder" if vintage.is_dir() else "move it into such a folder",
        )
        return
    yield from strangers(vintage, source)
    present = data_files(vintage)
    for file in source.files:
        if file.is_expected and not any(file.matches(p.name) for p in present):
            yield Problem(
                f"{place}/{file.file}",
                "a declared file is missing",
                "all files of the source in each delivery",
                "put the file there; where nothing changed, copy the earlier one",
            )


def strangers(vintage: Path, source: Source) -> Iterator[Problem]:
    """Yield what stands in a vintage and is no file that its source declares.

    A link is none: it may lead to any file of the computer, and another one tomorrow.
    """
    for path in data_files(vintage):
        place = f"raw/{source.source}/{vintage.name}/{shown_name(path)}"
        if path.is_symlink():
            yield link_problem(place)
        elif path.exists() and not (path.is_file() or path.is_dir()):
            yield Problem(
                place,
                "a pipe or a device, not a file",
                "files with data",
                "move it away",
            )
        elif source.file_for(path.name) is None or not path.is_file():
            yield Problem(
                place,
                "not a file that the source declares",
                " or ".join(file.file for file in source.files),
                f"declare it in schemas/sources/{source.source}.yml, or move it away",
            )


def link_problem(place: str) -> Problem:
    """Return the problem of a link among the deliveries."""
    return Problem(
        place,
        "a link to another place",
        "the files themselves, which nobody changes once they are delivered",
        "put a copy of what it leads to in its place",
    )


def shown_name(path: Path) -> str:
    """Return the name of a file so that it can be shown, whatever signs it has."""
    plain = path.name.encode("utf-8", "backslashreplace").decode()
    return plain if plain.isprintable() else ascii(plain)[1:-1]


def nothing_delivered(source: Source) -> Problem:
    """Return the problem of a source without any delivery."""
    return Problem(
        f"raw/{source.source}",
        "a source without any delivery",
        f"raw/{source.source}/<date of delivery>/{source.files[0].file}",
        "put its files there, or move its declaration away",
    )

"""Deliveries: the files of a source, by vintage, with their hash.

In here: finding files under `raw/<source>/<vintage>/` and saying which are missing or
unexpected. Not in here: opening them.
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
    folder = workspace.raw / source.source
    found = folder.iterdir() if folder.is_dir() else ()
    vintages = sorted(path for path in found if not is_left_behind(path))
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
    place = f"raw/{source.source}/{vintage.name}"
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
        if not any(file.matches(path.name) for path in present):
            yield Problem(
                f"{place}/{file.file}",
                "a declared file is missing",
                "all files of the source in each delivery",
                "put the file there; where nothing changed, copy the earlier one",
            )


def strangers(vintage: Path, source: Source) -> Iterator[Problem]:
    """Yield what stands in a vintage and is no file that its source declares."""
    place = f"raw/{source.source}/{vintage.name}"
    for path in data_files(vintage):
        if source.file_for(path.name) is None or not path.is_file():
            yield Problem(
                f"{place}/{path.name}",
                "not a file that the source declares",
                " or ".join(file.file for file in source.files),
                f"declare it in schemas/sources/{source.source}.yml, or move it away",
            )


def nothing_delivered(source: Source) -> Problem:
    """Return the problem of a source without any delivery."""
    return Problem(
        f"raw/{source.source}",
        "a source without any delivery",
        f"raw/{source.source}/<date of delivery>/{source.files[0].file}",
        "put its files there, or move its declaration away",
    )

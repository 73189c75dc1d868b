"""Deliveries: the files of a source, by vintage, with their hash.

In here: finding files under `raw/<source>/<vintage>/` and saying which are missing or
unexpected. Not in here: opening them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Problem
from pipeline.lineage import sha256_of
from pipeline.model import Delivery
from pipeline.workspace import Workspace

VINTAGE = re.compile(r"\d{4}-\d{2}-\d{2}")
LEFT_BY_PROGRAMS = ("~$", ".~lock", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Beginnings of names of files that office programs and systems leave behind."""


def find_deliveries(workspace: Workspace, source: Source) -> list[Delivery]:
    """Return the files of a source, oldest vintage first.

    Raises:
        InputError: a vintage is not a date, a file is not declared, or the latest
            vintage lacks a declared file.
    """
    folder = workspace.raw / source.source
    vintages = sorted(path for path in folder.iterdir() if not is_left_behind(path))
    problems = [problem for path in vintages for problem in faults(path, source)]
    if not vintages:
        problems.append(missing_problem(folder, source, "a vintage such as 2026-01-31/"))
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


def faults(vintage: Path, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the files of one vintage, before opening any."""
    if not vintage.is_dir() or not VINTAGE.fullmatch(vintage.name):
        yield Problem(
            f"raw/{source.source}/{vintage.name}",
            "not a vintage",
            "a folder named by the date of delivery, such as 2026-01-31",
            "move the file into such a folder",
        )
        return
    present = [path.name for path in data_files(vintage)]
    for name in present:
        if source.file_for(name) is None:
            yield Problem(
                f"raw/{source.source}/{vintage.name}/{name}",
                "a file that the source does not declare",
                " or ".join(file.file for file in source.files),
                f"declare it in schemas/sources/{source.source}.yml, or move it away",
            )
    for file in source.files:
        if not any(file.matches(name) for name in present):
            yield missing_problem(vintage, source, file.file)


def missing_problem(folder: Path, source: Source, wanted: str) -> Problem:
    """Return the problem of a file or folder that is not there."""
    return Problem(
        f"raw/{source.source}/" + ("" if folder.name == source.source else folder.name),
        "a declared file is missing",
        wanted,
        "put the file there; a vintage holds all files of its source",
    )

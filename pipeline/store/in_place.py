"""Put what is finished in its place: all of it, or none, however the process ends.

In here: changing both databases and a release for those that people open, and bringing
the former ones back. Not in here: writing them (`publish.py`).

The former ones wait in `.last`, under their own names, until all new ones are in place.
An empty folder there is the sign that nothing stood in the place. One rename decides:
while `.last` is there, the former ones count; from then on, the new ones. Any step may
be the last one of a process, those of bringing back as well: the next start goes on.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.warehouse import wal_of
from pipeline.workspace import Workspace

PARTS = ("[!.]*.duckdb", "releases/[!.]*")
"""What takes its place as one: each database, each folder of a release."""


@contextmanager
def all_or_none(workspace: Workspace) -> Iterator[Workspace]:
    """Give the place where to write; let count at the end what has taken its place.

    Raises:
        OSError: what a killed build has left cannot be put right, or not be decided.
    """
    recover(workspace)
    beside = replace(workspace, is_next=True)
    beside.published.mkdir(parents=True)
    try:
        yield beside
        last_of(workspace).rename(beside.published / "last")
    finally:
        recover(workspace)


def recover(workspace: Workspace) -> None:
    """Bring back what gave way to a publication that was not finished; tidy up.

    Only for a process that holds the workspace. What is left of a finished publication
    is removed if that is possible, else by the next build.

    Raises:
        OSError: one of them cannot be brought back; the others are back then.
    """
    last = last_of(workspace)
    with ExitStack() as each:
        for part in parts_of(last):
            each.callback(bring_back, last / part, workspace.published / part)
    remove(last)
    shutil.rmtree(replace(workspace, is_next=True).published, ignore_errors=True)


def take_places(workspace: Workspace) -> None:
    """Put what was written beside in the places of the former ones.

    A database is replaced in one step: a reader that has the old one open goes on
    undisturbed. A folder cannot be on every system: the old one steps aside.

    Raises:
        OSError: one of them cannot take its place.
    """
    beside = replace(workspace, is_next=True).published
    for part in parts_of(beside):
        step_aside(workspace.published / part, last_of(workspace) / part)
        put(beside / part, workspace.published / part)


def step_aside(target: Path, kept: Path) -> None:
    """Keep what stands in a place, a file also in its place."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        kept.mkdir()
    elif target.is_dir():
        target.rename(kept)
    else:
        try:
            os.link(target, kept)
        except OSError:  # a disk without links: nobody finds the file for a moment
            target.rename(kept)


def bring_back(kept: Path, target: Path) -> None:
    """Put back what stood in a place; nothing where nothing stood there."""
    if kept.is_dir():
        remove(target)
    if kept.is_file() or any(kept.iterdir()):
        put(kept, target)


def put(path: Path, target: Path) -> None:
    """Put a file in the place of another, or a folder where none stands."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # DuckDB would replay a stale journal of the old file into the new one.
    wal_of(target).unlink(missing_ok=True)
    path.replace(target)


def parts_of(folder: Path) -> list[Path]:
    """Return what of a publication stands in a folder, as seen from there."""
    found = (path for pattern in PARTS for path in folder.glob(pattern))
    return sorted(path.relative_to(folder) for path in found)


def last_of(workspace: Workspace) -> Path:
    """Return the folder where the former ones wait."""
    return workspace.published / ".last"


def remove(path: Path) -> None:
    """Remove a file and its journal, or a folder, if there is one."""
    wal_of(path).unlink(missing_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

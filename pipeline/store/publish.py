"""Publication: two databases and a release, put in place together or not at all.

In here: writing all three beside those that people open, then taking their places.
Not in here: what is in them (`out.py`, `release.py`).

A disk that is full, or a chart that cannot be drawn, is met while the last publication
still stands; what is left then is to rename.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.edition import Reference
from pipeline.store.out import publish_analyst, publish_public
from pipeline.store.published import remember_published
from pipeline.store.release import Judged, make_release
from pipeline.warehouse import Warehouse, wal_of
from pipeline.workspace import Workspace


class Publication(NamedTuple):
    """What was put in place: the tables of each database, the folder of the release."""

    analyst: list[str]
    public: list[str]
    release: Path


def publish(
    warehouse: Warehouse,
    workspace: Workspace,
    judged: Judged,
    charts: Mapping[str, ChartSpec],
    reference: Reference,
) -> Publication:
    """Write both databases and the release, and put them in place together.

    Raises:
        DisclosureError: a table has not been through disclosure control.
        OSError: there is no room, or a file cannot take its place. Whatever is raised,
            the last publication stands as it was.
    """
    beside = replace(workspace, is_next=True)
    remove(beside.published)  # what a build that was killed has left
    beside.published.mkdir(parents=True)
    try:
        analyst = publish_analyst(warehouse, beside)
        public = publish_public(warehouse, beside, judged[0])
        made = make_release(warehouse, beside, judged, charts, reference)
        release = workspace.releases / made.name
        release.parent.mkdir(parents=True, exist_ok=True)
        remember_published(warehouse)
        take_places(
            {
                made: release,
                beside.analyst_database: workspace.analyst_database,
                beside.public_database: workspace.public_database,
            }
        )
    finally:
        remove(beside.published)
    return Publication(analyst, public, release)


def take_places(parts: Mapping[Path, Path]) -> None:
    """Put finished files and folders in the places of older ones: all, or none.

    A database is replaced in one step: a reader that has the old one open goes on
    undisturbed. A folder cannot be on every system: the old one steps aside.

    Args:
        parts: what is finished → its place, on the same disk.

    Raises:
        OSError: one of them cannot take its place; all older ones are back then.
    """
    with ExitStack() as back:
        for new, target in parts.items():
            step_aside(target)
            back.callback(bring_back, target)
            # DuckDB would replay a stale journal of the old file into the new one.
            wal_of(target).unlink(missing_ok=True)
            new.replace(target)
        back.pop_all()
    for target in parts.values():
        remove(old_of(target))


def step_aside(target: Path) -> None:
    """Keep what stands in a place beside it, a file also in its place."""
    old = old_of(target)
    if old.exists() and not target.exists():
        return  # a build was killed between two names: it is the last one that stood
    remove(old)
    if target.is_dir():
        target.rename(old)
    elif target.exists():
        try:
            os.link(target, old)
        except OSError:  # a disk without links: nobody finds the file for a moment
            target.rename(old)


def bring_back(target: Path) -> None:
    """Put back what stood in a place; nothing where nothing stood there."""
    remove(target)
    if old_of(target).exists():
        old_of(target).rename(target)


def old_of(target: Path) -> Path:
    """Return where the last one is kept while another takes its place."""
    return target.with_name(f".{target.name}.old")


def remove(path: Path) -> None:
    """Remove a file or a folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

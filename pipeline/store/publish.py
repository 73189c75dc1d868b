"""Publication: two databases and a release, put in place together or not at all.

In here: writing all three beside those that people open, and what goes with it. Not in
here: what is in them (`out.py`, `release.py`), how they take their places
(`in_place.py`).

A disk that is full, or a chart that cannot be drawn, is met while the last publication
still stands; what is left then is to rename.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.edition import Reference
from pipeline.store.in_place import all_or_none, take_places
from pipeline.store.out import publish_analyst, publish_public
from pipeline.store.published import remember_published
from pipeline.store.release import Judged, make_release
from pipeline.warehouse import Warehouse
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
            also where the files cannot be remembered, the last publication stands as
            it was; if even that fails, the next build puts it back first.
    """
    with all_or_none(workspace) as beside:
        analyst = publish_analyst(warehouse, beside)
        public = publish_public(warehouse, beside, judged[0])
        made = make_release(warehouse, beside, judged, charts, reference)
        take_places(workspace)
        # Killed between this and the end, too much is remembered, and a file that was
        # mended since is refused with what to do. Too little would be told by nobody.
        remember_published(warehouse)
    return Publication(analyst, public, workspace.releases / made.name)

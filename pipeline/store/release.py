"""The release of a build: its date, its inputs, its documents, its folder.

In here: gathering from the warehouse what `disseminate.release` writes. Not in here:
writing it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.analyse.disclosure import ProtectedTable, Refusal
from pipeline.declarations.release import read_release_words
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.edition import Edition, Reference
from pipeline.disseminate.release import installed_versions, write_release
from pipeline.model import Delivery
from pipeline.store.made_up import said
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace

Judged = tuple[Sequence[ProtectedTable], Sequence[Refusal]]


def make_release(
    warehouse: Warehouse,
    workspace: Workspace,
    judged: Judged,
    charts: Mapping[str, ChartSpec],
    reference: Reference,
) -> Path:
    """Write the release of what passed the gate and return its folder.

    Its date is that of the newest delivery, never the clock's: the same inputs give
    the same bytes.
    """
    passed, refused = judged
    words = read_release_words(workspace)
    used = frozenset().union(*(table.sources for table in passed))
    inputs = inputs_of(warehouse, workspace, used)
    # Where nothing may be published, the release says so under the newest date.
    newest = warehouse.read("SELECT max(vintage) AS day FROM meta.delivery")["day"]
    edition = Edition(
        release_date=max((one.vintage for one in inputs), default=newest.iloc[0]),
        title=said(warehouse, words.title),
        subject=words.subject,
        about=words.about,
        versions=installed_versions(),
        inputs=tuple(inputs),
        refused=tuple(refused),
    )
    documents = warehouse.read("SELECT * FROM core.documents")
    complete = Reference(reference.lists, reference.sources, documents)
    return write_release(
        passed, list(charts.values()), complete, edition, workspace.releases
    )


def inputs_of(
    warehouse: Warehouse, workspace: Workspace, used: frozenset[str]
) -> list[Delivery]:
    """Return the deliveries that the published tables rest on."""
    rows = warehouse.read(
        "SELECT source_id, vintage, file, sha256, size_bytes FROM meta.delivery "
        "WHERE is_current AND source_id IN (SELECT unnest(?)) ORDER BY ALL",
        [sorted(used)],
    )
    return [
        Delivery(source, day, file, sha256, size, workspace.raw / source / day / file)
        for source, day, file, sha256, size in rows.itertuples(index=False, name=None)
    ]

"""One build after another: what is read again, what stays, what a failure changes."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from openpyxl import load_workbook
from rich.console import Console

from pipeline.analyse.aggregate import prepare
from pipeline.collect.identity import read_key
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.questions import read_questions
from pipeline.declarations.reconciliation import read_rules
from pipeline.declarations.sources import read_sources
from pipeline.declarations.tables import read_tables
from pipeline.disseminate.edition import Reference
from pipeline.errors import InputError
from pipeline.lineage import sha256_of
from pipeline.store.core import (
    account_for_cells,
    store_links,
    store_reconciliation,
    store_review,
)
from pipeline.store.declared import store_declarations
from pipeline.store.increments import store_increments
from pipeline.store.out import (
    store_table,
    through_the_gate,
)
from pipeline.store.publish import publish
from pipeline.store.raw import store_source
from pipeline.store.revisions import store_revisions
from pipeline.warehouse import Warehouse, reading
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS


class Done(NamedTuple):
    """What a build read, and the folder of its release."""

    read_now: int
    release: Path


def build_without_charts(workspace: Workspace, lists: dict[str, CodeList]) -> Done:
    """Take every step of a build in its order, without Dagster and charts."""
    sources, tables = read_sources(workspace), read_tables(workspace)
    key = read_key(workspace.key)[0]
    with Warehouse(workspace.private_database) as warehouse:
        store_declarations(warehouse, sources, lists, tables)
        stored = [store_source(warehouse, workspace, s, key) for s in sources.values()]
        for record in RECORDS.values():
            store_review(warehouse, record, sources, lists)
        account_for_cells(warehouse)
        store_links(warehouse)
        prepare(warehouse)
        store_reconciliation(warehouse, lists, read_rules(workspace))
        store_revisions(warehouse, sources, lists)
        store_increments(warehouse, sources, lists)
        for spec in sorted(tables.values(), key=lambda spec: spec.built != "cube"):
            store_table(warehouse, spec, lists, read_questions())
        judged = through_the_gate(warehouse, tables, sources)
        reference = Reference(lists, sources)
        done = publish(warehouse, workspace, judged, {}, reference)
    return Done(sum(one.read_now for one in stored), done.release)


def files_of(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder by its place."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): sha256_of(path) for path in paths}


@pytest.fixture
def form(tmp_path: Path) -> Workspace:
    """Return a workspace with the public form only."""
    shutil.copytree(REPOSITORY / "raw" / "kz_form_1m", tmp_path / "raw" / "kz_form_1m")
    return Workspace(tmp_path)


def published(workspace: Workspace) -> pd.DataFrame:
    """Return the published figures of a workspace by cell."""
    with reading(workspace.analyst_database) as read:
        return read("SELECT cell_id, obs_value FROM out.reported_figures", [])


def deliver_mended(workspace: Workspace, vintage: str) -> Path:
    """Deliver the form again with one number changed, as a new vintage."""
    path = next((workspace.raw / "kz_form_1m").glob("*/*.xlsx"))
    book = load_workbook(path)
    assert book["1-М"]["C17"].value == 88
    book["1-М"]["C17"] = 89
    mended = workspace.raw / "kz_form_1m" / vintage / path.name
    mended.parent.mkdir()
    book.save(mended)
    return mended


@pytest.mark.slow
def test_one_build_after_another(form: Workspace, lists: dict[str, CodeList]) -> None:
    """The same inputs give the same bytes unread; a new vintage becomes current."""
    first = build_without_charts(form, lists)
    assert first.read_now == 1
    raw, release, old = files_of(form.raw), files_of(first.release), published(form)
    # Everything generated is thrown away, but the writer's own file is kept.
    shutil.rmtree(form.releases)
    form.public_database.unlink()
    second = build_without_charts(form, lists)
    assert second.read_now == 0
    assert files_of(second.release) == release

    mended = deliver_mended(form, "2021-06-01")
    third = build_without_charts(form, lists)
    assert third.read_now == 1
    assert third.release.name == "2021-06-01"
    assert files_of(first.release) == release
    assert raw.items() <= files_of(form.raw).items()
    both = old.merge(published(form), on="cell_id", how="outer")
    changed = both[both["obs_value_x"] != both["obs_value_y"]]
    assert changed[["obs_value_x", "obs_value_y"]].to_numpy().tolist() == [[88, 89]]
    with reading(form.analyst_database) as read:
        traced = read("SELECT DISTINCT sha256 FROM meta.provenance", [])
        known = read(
            "SELECT vintage, is_current FROM meta.delivery ORDER BY vintage", []
        )
    assert list(traced["sha256"]) == [sha256_of(mended)]
    assert known["is_current"].tolist() == [False, True]


def test_a_build_that_fails_leaves_databases_and_release_byte_for_byte(
    closed, tmp_path: Path
) -> None:
    from assets.build import run_build

    shutil.copytree(closed.workspace.root, tmp_path / "copy")
    workspace = Workspace(tmp_path / "copy")
    kept = [workspace.analyst_database, workspace.public_database]
    before = [sha256_of(path) for path in kept], files_of(workspace.releases)
    vintage = workspace.raw / "closed_office" / "2026-04-01"
    shutil.copytree(workspace.raw / "closed_office" / "2026-03-01", vintage)
    (vintage / "checks.xlsx").write_bytes(b"no workbook at all")
    with pytest.raises(InputError, match=r"checks\.xlsx"):
        run_build(workspace, Console(quiet=True), show_bar=False)
    after = [sha256_of(path) for path in kept], files_of(workspace.releases)
    assert after == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_a_full_disk_leaves_databases_and_release_of_one_build(
    closed, tmp_path: Path, lists: dict[str, CodeList], monkeypatch
) -> None:
    """What is written last finds no room: nothing of what came before is in place."""
    shutil.copytree(closed.workspace.root, tmp_path / "copy")
    workspace = Workspace(tmp_path / "copy")
    before = {p: p.stat().st_mtime_ns for p in workspace.warehouse.glob("*.duckdb")}
    release = files_of(workspace.releases)
    sources, tables = read_sources(workspace), read_tables(workspace)
    assert len(before) == 2
    assert release

    def no_room(*_: object) -> None:
        Path("/dev/full").write_bytes(b"the workbook")

    monkeypatch.setattr("pipeline.disseminate.release.write_workbook", no_room)
    with Warehouse(workspace.private_database) as warehouse:
        judged = through_the_gate(warehouse, tables, sources)
        with pytest.raises(OSError, match="No space left"):
            publish(warehouse, workspace, judged, {}, Reference(lists, sources))
    after = {p: p.stat().st_mtime_ns for p in workspace.warehouse.glob("*.duckdb")}
    assert (after, files_of(workspace.releases)) == (before, release)
    left = {path.name for path in workspace.warehouse.iterdir()}
    assert left == {"analyst.duckdb", "public.duckdb", "private", "releases"}


def test_a_workspace_with_a_restricted_register_alone_can_be_built(
    closed, tmp_path: Path
) -> None:
    for folder in ("raw/closed_office", "schemas"):
        shutil.copytree(closed.workspace.root / folder, tmp_path / folder)
    workspace = Workspace(tmp_path)
    done = build_without_charts(workspace, read_codelists(workspace))
    assert done.read_now == 2
    assert done.release.name == "2026-03-01"
    with reading(workspace.public_database) as read:
        assert read("SELECT * FROM meta.source", []).empty

"""Databases and a release take the places of older ones: all of them, or none.

A step is a change of a folder: a name made, changed or removed. A process of its own
ends, or is interrupted, before each of them in turn.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from pipeline.store import publish as publishing
from pipeline.store.in_place import all_or_none, recover, remove, take_places
from pipeline.store.published import published
from pipeline.warehouse import Warehouse, wal_of
from pipeline.workspace import ENVIRONMENT, Workspace

CHANGES = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")
KILLED, INTERRUPTED, TOO_FAR = 9, 8, 99
FIRST, LATER = "2026-01-01", "2026-02-01"
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes to end")


def written(path: Path, text: str) -> Path:
    """Return a file with a text in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write(beside: Workspace, day: str, text: str) -> None:
    """Write both databases and a release."""
    written(beside.analyst_database, text)
    written(beside.public_database, text)
    written(beside.releases / day / "csv" / "a.csv", text)
    written(beside.releases / day / f"only_{text}.csv", text)


def place(workspace: Workspace, day: str, text: str) -> None:
    """Publish as a build does, with plain files."""
    with all_or_none(workspace) as beside:
        write(beside, day, text)
        take_places(workspace)


def place_and_raise(workspace: Workspace, day: str, error: BaseException) -> None:
    """Fail when all new ones are in place, one of them opened and written to."""
    with all_or_none(workspace) as beside:
        write(beside, day, "new")
        take_places(workspace)
        written(wal_of(workspace.public_database), "the journal of the new file")
        raise error


def content(workspace: Workspace) -> dict[str, str]:
    """Return all that stands in the warehouse, file by file."""
    return {
        str(path.relative_to(workspace.warehouse)): path.read_text(encoding="utf-8")
        for path in sorted(workspace.warehouse.rglob("*"))
        if path.is_file()
    }


def of(text: str, *days: str) -> dict[str, str]:
    """Return what stands in the warehouse after one publication."""
    releases = {
        f"releases/{day}/{name}": text
        for day in days
        for name in ("csv/a.csv", f"only_{text}.csv")
    }
    return {"analyst.duckdb": text, "public.duckdb": text} | releases


def ended(step: int, code: int, act: Callable[[], None]) -> bool:
    """Run something in a process that ends before a step; tell whether it did."""
    pid = os.fork()
    if pid == 0:
        end_before(step, code, act)
    found = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert found in (0, code)
    return found == code


def end_before(step: int, code: int, act: Callable[[], None]) -> None:
    """Do something and end the process; killed or interrupted before a step."""
    seen = 0

    def count(event: str, _: object) -> None:
        nonlocal seen
        seen += event in CHANGES
        if event in CHANGES and seen == step and code == KILLED:
            os._exit(KILLED)
        if event in CHANGES and seen == step:
            raise KeyboardInterrupt

    try:
        sys.addaudithook(count)
        act()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    except BaseException:  # noqa: BLE001 - the process must end, and say that it failed
        os._exit(1)
    os._exit(0)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with a publication."""
    found = Workspace(tmp_path)
    place(found, FIRST, "old")
    assert content(found) == of("old", FIRST)
    return found


def again(workspace: Workspace) -> None:
    """Put the first publication back, as it was."""
    remove(workspace.warehouse)
    place(workspace, FIRST, "old")


def all_of_one(workspace: Workspace, day: str) -> str:
    """Return which publication stands; fail where it is a mix of two."""
    old, new = of("old", FIRST), of("new", day)
    if day != FIRST:
        new |= {k: v for k, v in old.items() if k.startswith("releases")}
    found = content(workspace)
    assert found in (old, new), found
    return "old" if found == old else "new"


@pytest.mark.parametrize("day", [FIRST, LATER])
def test_all_take_their_places_and_nothing_is_left(workspace, day: str) -> None:
    written(wal_of(workspace.public_database), "the journal of the old file")
    place(workspace, day, "new")
    assert all_of_one(workspace, day) == "new"


@pytest.mark.parametrize("day", [FIRST, LATER])
@pytest.mark.parametrize("error", [OSError("busy"), KeyboardInterrupt()])
def test_what_fails_when_all_are_in_place_brings_the_former_back(
    workspace, day: str, error: BaseException
) -> None:
    written(wal_of(workspace.public_database), "a journal")
    with pytest.raises(type(error)):
        place_and_raise(workspace, day, error)
    assert all_of_one(workspace, day) == "old"


def test_one_that_cannot_be_brought_back_keeps_no_other_away(workspace) -> None:
    in_the_way = written(wal_of(workspace.public_database) / "a file", "").parent
    with pytest.raises(OSError, match="wal"):
        place(workspace, FIRST, "new")
    assert workspace.analyst_database.read_text(encoding="utf-8") == "old"
    remove(in_the_way)
    recover(workspace)
    assert all_of_one(workspace, FIRST) == "old"


def test_where_nothing_stood_before_nothing_stands_after_a_failure(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(OSError, match="busy"):
        place_and_raise(workspace, FIRST, OSError("busy"))
    assert content(workspace) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="an open file is not replaced")
def test_a_reader_of_the_old_file_goes_on(workspace) -> None:
    with workspace.public_database.open(encoding="utf-8") as old:
        place(workspace, FIRST, "new")
        assert old.read() == "old"


@forks
@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("day", [FIRST, LATER])
def test_killed_at_any_step_the_next_start_finds_all_of_one(
    workspace, day: str, has_links: bool, monkeypatch
) -> None:
    """The next start as well is killed at each of its own steps, and begun again."""
    if not has_links:
        monkeypatch.setattr(os, "link", no_links)
    found, step = [], 1
    while ended(step, KILLED, lambda: place(workspace, day, "new")):
        assert are_found(workspace) or not has_links
        again_at = 1
        while ended(again_at, KILLED, lambda: recover(workspace)):
            assert are_found(workspace) or not has_links
            again_at += 1
            assert again_at < TOO_FAR
        found.append(all_of_one(workspace, day))
        again(workspace)
        step += 1
        assert step < TOO_FAR
    assert found == sorted(found, reverse=True)  # one step decides
    assert set(found) == {"old", "new"}


@forks
@pytest.mark.parametrize("day", [FIRST, LATER])
def test_interrupted_at_any_step_all_of_one_stand(workspace, day: str) -> None:
    found, step = [], 1
    while ended(step, INTERRUPTED, lambda: place(workspace, day, "new")):
        recover(workspace)
        found.append(all_of_one(workspace, day))
        again(workspace)
        step += 1
        assert step < TOO_FAR
    assert set(found) == {"old", "new"}


@forks
@pytest.mark.parametrize("killed_day", [FIRST, LATER])
@pytest.mark.parametrize("day", [FIRST, LATER, "2026-03-01"])
def test_the_publication_after_a_killed_one_is_whole(
    workspace, killed_day: str, day: str
) -> None:
    old, step = of("old", FIRST), 1
    both = old if killed_day != FIRST else {}
    while ended(step, KILLED, lambda: place(workspace, killed_day, "killed")):
        place(workspace, day, "new")
        assert content(workspace) in (
            followed(old, day),
            followed(both | of("killed", killed_day), day),
        )
        again(workspace)
        step += 1
        assert step < TOO_FAR


def followed(before: dict[str, str], day: str) -> dict[str, str]:
    """Return what stands when a new publication has followed an older one."""
    others = {k: v for k, v in before.items() if f"/{day}/" not in k}
    return others | of("new", day)


@pytest.mark.usefixtures("home")
def test_a_build_brings_back_before_it_does_anything(workspace) -> None:
    from assets.build import run_build

    write(replace(workspace, is_next=True), LATER, "new")
    take_places(workspace)
    damaged = written(workspace.private_database, "no database at all")
    with pytest.raises(Exception, match="not a valid DuckDB database"):
        run_build(workspace, Console(quiet=True), show_bar=False)
    damaged.unlink()
    assert all_of_one(workspace, LATER) == "old"


@pytest.fixture
def home(monkeypatch) -> None:
    """Give back after the test what a build sets for its process."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv(ENVIRONMENT, "")


def are_found(workspace: Workspace) -> bool:
    """Return whether somebody who opens a database at this moment finds one."""
    return workspace.analyst_database.exists() and workspace.public_database.exists()


def no_links(*_: object) -> None:
    """Be a disk that knows no second name of a file."""
    raise OSError("not supported")


@pytest.fixture
def built(workspace, monkeypatch):
    """Return a function that publishes plain files, with the files read for it."""
    monkeypatch.setattr(
        publishing, "publish_analyst", lambda _, b: write(b, FIRST, "new")
    )
    monkeypatch.setattr(publishing, "publish_public", lambda *_: [])
    monkeypatch.setattr(
        publishing, "make_release", lambda _, b, *__: b.releases / FIRST
    )
    names = ["source_id", "vintage", "file", "sha256"]
    with Warehouse(workspace.root / "private.duckdb") as warehouse:
        read = pd.DataFrame([["s", FIRST, "a.xlsx", "AAA"]], columns=names)
        warehouse.replace("meta.delivery", read, "What was read.")
        yield (
            warehouse,
            lambda: publishing.publish(warehouse, workspace, ([], []), {}, None),
        )


def test_files_are_remembered_only_where_all_are_in_place(
    workspace, built, monkeypatch
) -> None:
    warehouse, publish = built

    def busy(_: object) -> None:
        raise OSError("a file cannot take its place")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "take_places", busy)
        with pytest.raises(OSError, match="cannot take its place"):
            publish()
    assert published(warehouse).empty
    assert all_of_one(workspace, FIRST) == "old"
    publish()
    assert list(published(warehouse)["sha256"]) == ["AAA"]
    assert all_of_one(workspace, FIRST) == "new"


def test_where_files_cannot_be_remembered_the_former_stand(
    workspace, built, monkeypatch
) -> None:
    def full(_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(publishing, "remember_published", full)
    with pytest.raises(OSError, match="no room"):
        built[1]()
    assert all_of_one(workspace, FIRST) == "old"


def test_what_cannot_be_removed_at_the_end_waits_for_the_next(
    workspace, monkeypatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise PermissionError("busy")

    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", busy)
        place(workspace, FIRST, "new")
    assert (workspace.warehouse / ".next").exists()
    recover(workspace)
    assert all_of_one(workspace, FIRST) == "new"

"""Made-up sources and real ones are never built together."""

import shutil
from pathlib import Path

import pytest

from assets.definitions import found_definitions
from assets.resources import known_sources
from pipeline.errors import InputError
from pipeline.store.demo_workspace import make_demo
from pipeline.workspace import ENVIRONMENT, REPOSITORY, Workspace

REAL = "kz_published_cases"


@pytest.fixture
def demo(tmp_path: Path) -> Workspace:
    """Return a small made-up workspace."""
    list(make_demo(tmp_path / "w", 100, 1))
    return Workspace(tmp_path / "w")


def put_real_beside(workspace: Workspace) -> None:
    shutil.copytree(REPOSITORY / "raw" / REAL, workspace.raw / REAL)


def test_made_up_sources_alone_take_part(demo: Workspace) -> None:
    assert all(source.synthetic for source in known_sources(demo).values())


def test_a_real_source_beside_them_is_refused_and_both_are_named(
    demo: Workspace,
) -> None:
    put_real_beside(demo)
    with pytest.raises(InputError) as refused:
        known_sources(demo)
    told = str(refused.value)
    assert "demo_coalition" in told
    assert REAL in told
    assert "a workspace of their own" in told


def test_the_ui_shows_the_refusal(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_real_beside(demo)
    monkeypatch.setenv(ENVIRONMENT, str(demo.root))
    with pytest.raises(Exception, match="beside real ones"):
        found_definitions()


def test_a_real_source_without_files_does_no_harm(demo: Workspace) -> None:
    assert REAL not in known_sources(demo)


def test_as_of_a_day_only_what_had_come_counts(demo: Workspace) -> None:
    shutil.copytree(
        REPOSITORY / "raw" / REAL / "2026-01-06", demo.raw / REAL / "2026-07-20"
    )
    assert known_sources(Workspace(demo.root, as_of="2026-07-19"))
    with pytest.raises(InputError, match="beside real ones"):
        known_sources(demo)

"""One run at a time, and what becomes of a run whose process was killed."""

import threading
from pathlib import Path

import dagster as dg
import pytest

from assets.home import MARK, prepare_home
from assets.one_build import only_build
from assets.turn import (
    end_cut_off_run,
    end_cut_off_run_if_any,
    known_as_running,
    running,
    turn,
)
from pipeline.workspace import Workspace

WAIT_S = 60


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return an empty workspace with Dagster's home."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("POINT27_WORKSPACE", "")
    (tmp_path / "raw").mkdir()
    made = Workspace(tmp_path)
    prepare_home(made)
    return made


@dg.job
def nothing() -> None:
    """Do nothing."""


def begun(instance: dg.DagsterInstance) -> str:
    """Return the id of a run that Dagster takes for going on."""
    run = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    """Return what Dagster says of a run."""
    run = instance.get_run_by_id(run_id)
    assert run
    return run.status


def test_a_run_that_was_cut_off_is_ended_by_the_next(workspace: Workspace) -> None:
    with dg.DagsterInstance.get() as instance:
        first, second = begun(instance), begun(instance)
        running(workspace).write_text(first, encoding="utf-8")
        with known_as_running(workspace, instance, second):
            assert status(instance, first) is dg.DagsterRunStatus.FAILURE
            assert running(workspace).read_text(encoding="utf-8") == second
        assert status(instance, second) is dg.DagsterRunStatus.STARTED
        assert not running(workspace).exists()


def test_a_run_at_work_is_left_alone(workspace: Workspace) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = begun(instance)
        running(workspace).write_text(run_id, encoding="utf-8")
        with only_build(workspace):
            end_cut_off_run_if_any(workspace)
            assert status(instance, run_id) is dg.DagsterRunStatus.STARTED
        end_cut_off_run_if_any(workspace)
        assert status(instance, run_id) is dg.DagsterRunStatus.FAILURE


def test_a_note_of_an_unknown_run_is_dropped(workspace: Workspace) -> None:
    running(workspace).write_text("half", encoding="utf-8")
    with dg.DagsterInstance.get() as instance:
        end_cut_off_run(workspace, instance)
    assert not running(workspace).exists()


def test_a_second_run_waits_for_the_first(workspace: Workspace) -> None:
    inside, done = threading.Event(), threading.Event()

    def second() -> None:
        with turn(workspace, None):
            inside.set()
        done.set()

    with only_build(workspace):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert not inside.wait(0.2)
    assert done.wait(WAIT_S)
    waiting.join(WAIT_S)


def test_settings_are_ours_until_somebody_makes_them_theirs(
    workspace: Workspace,
) -> None:
    settings = workspace.dagster_home / "dagster.yaml"
    settings.write_text(MARK + "telemetry: {enabled: true}\n", encoding="utf-8")
    prepare_home(workspace)
    assert "telemetry:\n  enabled: false" in settings.read_text(encoding="utf-8")
    settings.write_text("# mine\n", encoding="utf-8")
    prepare_home(workspace)
    assert settings.read_text(encoding="utf-8") == "# mine\n"

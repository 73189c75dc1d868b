"""Dagster's home in a workspace: its history of runs and its settings.

In here: making the folder and its `dagster.yaml`; ending, in the history, a run whose
process was killed. Not in here: starting anything.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.one_build import only_build
from pipeline.errors import WarehouseBusyError
from pipeline.workspace import ENVIRONMENT, Workspace

MARK = "# Written by point27 at each start. Without this line it is left as it is.\n"
SETTINGS = f"""\
{MARK}# No telemetry, no invitation, no network; one run at a time, because one process at
# a time may write the warehouse.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""
CUT_OFF = "The process of this run was ended from outside, before the run was over."


def prepare_home(workspace: Workspace) -> Path:
    """Make Dagster's home and point this process, and those it starts, at it."""
    home = workspace.dagster_home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = home / "dagster.yaml"
    if not settings.exists() or settings.read_text("utf-8").startswith(MARK):
        settings.write_text(SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ[ENVIRONMENT] = str(workspace.root)
    return home


@contextmanager
def known_as_running(
    workspace: Workspace, instance: dg.DagsterInstance, run_id: str
) -> Iterator[None]:
    """Note which run is at work, so that the next one knows it was cut off.

    Only for a process that holds the workspace.
    """
    end_cut_off_run(workspace, instance)
    note = running(workspace)
    note.write_text(run_id, encoding="utf-8")
    yield
    note.unlink(missing_ok=True)


def end_cut_off_run(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    """Tell Dagster that a run is over whose process was killed.

    Dagster would show it as going on for ever, and let no other run begin. Only for a
    process that holds the workspace: the run that is noted is then nobody's.
    """
    note = running(workspace)
    if not note.exists():
        return
    run = instance.get_run_by_id(note.read_text(encoding="utf-8"))
    if run and not run.is_finished:
        instance.report_run_failed(run, CUT_OFF)
    note.unlink(missing_ok=True)


def end_cut_off_run_if_any(workspace: Workspace) -> None:
    """Do the same from a process that runs nothing, unless a run is at work."""
    if not running(workspace).exists():
        return
    try:
        with only_build(workspace), dg.DagsterInstance.get() as instance:
            end_cut_off_run(workspace, instance)
    except WarehouseBusyError:
        return


def running(workspace: Workspace) -> Path:
    """Return the file that names the run at work."""
    return workspace.dagster_home.with_name("running")

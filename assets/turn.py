"""Whose turn it is: one run of a workspace at a time, of those that Dagster knows.

In here: waiting for the workspace, and ending in Dagster's history a run whose process
was killed. Not in here: the lock itself (`one_build.py`).
"""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg

from assets.one_build import only_build
from pipeline.errors import WarehouseBusyError
from pipeline.workspace import Workspace

LOOK_EVERY_S = 1.0
CUT_OFF = "The process of this run was ended from outside, before the run was over."
WAITING = (
    "Another run or build of this workspace is at work; this run waits for its end."
)


@contextmanager
def turn(workspace: Workspace, log: logging.Logger | None) -> Iterator[None]:
    """Hold the workspace for one run; wait while another run or build holds it."""
    with ExitStack() as held:
        is_told = False
        while True:
            try:
                held.enter_context(only_build(workspace))
                break
            except WarehouseBusyError:
                if log and not is_told:
                    log.info(WAITING)
                is_told = True
                time.sleep(LOOK_EVERY_S)
        yield


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
    # No `finally`: what is interrupted stays noted until the next one has looked.
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

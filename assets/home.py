"""Dagster's home in a workspace: its history of runs and its settings.

In here: making the folder and its `dagster.yaml`. Not in here: starting anything.
"""

import os
from pathlib import Path

from pipeline.workspace import ENVIRONMENT, Workspace

MARK = "# Written by point27 at each start. Without this line it is left as it is.\n"
SETTINGS = f"""\
{MARK}# No telemetry, no invitation, no network; one run at a time, because one process
# at a time may write the warehouse.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
# A run that never got to its first step is given up after five minutes.
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
"""


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

"""Start the Dagster UI as a child process and end it with this one.

In here: the command line of `dagster dev`, and ending all that it started. Not in here:
where its home is.
"""

import os
import signal
import socket
import subprocess
import sys
from types import FrameType
from typing import NoReturn

from assets.turn import end_cut_off_run_if_any
from pipeline.errors import Point27Error
from pipeline.workspace import find_workspace

HOST = "127.0.0.1"
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")
LOOK_EVERY_S = 10.0
PATIENCE_S = 30.0
IS_WINDOWS = sys.platform == "win32"
HUSHED = "ignore:Function `dev_command` is superseded"
"""Dagster advises another command of its own; ours is `point27 ui`."""


def serve(port: int) -> int:
    """Run `dagster dev` until it ends or is interrupted, and return its exit code.

    Raises:
        Point27Error: another program listens on the port.
    """
    require_free(port)
    command = [
        *(sys.executable, "-m", "dagster", "dev"),
        *("--module-name", "assets.definitions"),
        *("--host", HOST, "--port", str(port)),
    ]
    for name in ENDINGS:
        # Set even where a shell in the background has told us to ignore Ctrl-C: the
        # child would ignore it, too. A closed terminal (SIGHUP) ends us as well.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
    # A session of its own: Ctrl-C reaches it once, from here.
    child = subprocess.Popen(
        command,
        start_new_session=not IS_WINDOWS,
        env={**os.environ, "PYTHONWARNINGS": HUSHED},
    )
    try:
        return watch(child)
    except KeyboardInterrupt:
        return end(child)


def require_free(port: int) -> None:
    """Raise Point27Error when the port is taken: Dagster would hang without a page."""
    with socket.socket() as probe:
        # As a server does, so that a UI ended a moment ago is not in the way.
        if not IS_WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Point27Error(
                f"port {port} is used by another program, perhaps another point27 ui; "
                f"choose another with: point27 ui --port {port + 1}"
            ) from error


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Take every signal to end as Ctrl-C."""
    raise KeyboardInterrupt


def watch(child: subprocess.Popen[bytes]) -> int:
    """Wait for the end of the UI; meanwhile end, in its history, what was killed."""
    workspace = find_workspace()
    while True:
        end_cut_off_run_if_any(workspace)
        try:
            return child.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue


def end(child: subprocess.Popen[bytes]) -> int:
    """End the UI in order; by force if it does not, or on a second Ctrl-C."""
    try:
        if not IS_WINDOWS:  # there the console has told the child already
            child.send_signal(signal.SIGINT)
        return child.wait(PATIENCE_S)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        child.kill()
        return child.wait()

"""One build of a workspace at a time.

In here: a lock that the system takes back when the process ends, however it ends. Not
in here: the lock of the database, which is held only while a step has it open: a
second build that came between two steps would make the first one fail.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from pipeline.errors import WarehouseBusyError
from pipeline.workspace import Workspace

if sys.platform == "win32":
    import msvcrt

    def take(file: IO[bytes]) -> None:
        """Lock a file. Raises OSError when another process has it."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def take(file: IO[bytes]) -> None:
        """Lock a file. Raises OSError when another process has it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_build(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for one build.

    Raises:
        WarehouseBusyError: another build holds it.
    """
    path = workspace.dagster_home.with_name("build.lock")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as file:
        try:
            take(file)
        except OSError as error:
            raise WarehouseBusyError(
                f"{workspace.root}: another build of this workspace is running; "
                "wait until it has ended, then try again"
            ) from error
        yield

"""Why a command stopped, in words for the person at the keyboard, and its exit code.

In here: errors to lines and a code. Not in here: catching them (`cli.py`), or the
words of any one problem in the data (`pipeline/errors.py`).
"""

import errno
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from pipeline.errors import InputError, Point27Error
from pipeline.workspace import Workspace

PROBLEMS, INTERRUPTED = 1, 130
INTERRUPTS = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")
LAST_GOOD = "Databases and releases are those of the last build that ended well."
STORAGE_MODULES = ("duckdb", "_duckdb", "sqlite3", "sqlalchemy")
"""Where errors of writing come from that are no OSError."""

FULL = (
    "no space left",
    "disk is full",
    "disk i/o error",
    "file too large",
    "could not write",
    "unable to write",
    "quota exceeded",
)
FORBIDDEN = (
    "permission denied",
    "read-only",
    "readonly",
    "unable to open database file",
    "not permitted",
)
DAMAGED = ("not a valid duckdb database file", "database disk image is malformed")
FULL_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN_NUMBERS = {errno.EACCES, errno.EPERM, errno.EROFS}


def last_good(workspace: Workspace) -> str:
    """Return what stays in place when a build stops: nothing before the first."""
    published = (workspace.analyst_database, workspace.public_database)
    return LAST_GOOD if any(path.exists() for path in published) else ""


def tell(error: BaseException, console: Console, kept: str, where: Path) -> int | None:
    """Print why a command stopped and return its exit code; nothing if unknown.

    Args:
        error: what was raised.
        console: of the error stream.
        kept: what stays in place, or an empty text.
        where: the folder that was written to.
    """
    if is_interrupt(error):
        console.print(f"Stopped by you. {kept}".rstrip(), style="bold")
        return INTERRUPTED
    lines = list(lines_of(error, where))
    if not lines:
        return None
    for line in lines:
        console.print(line, markup=False, style="red")
    counted = ""
    if isinstance(error, InputError):
        counted = f": {len(lines)} problem{'s' if len(lines) > 1 else ''}"
    console.print(f"Stopped{counted}. {kept}".rstrip(), style="bold")
    return PROBLEMS


def is_interrupt(error: BaseException) -> bool:
    """Return whether somebody pressed Ctrl-C; Dagster has its own error for it."""
    # DuckDB, stopped while it reads a frame, raises an error of its own, the text of
    # which begins with the name of what it caught.
    return any(
        type(one).__name__ in INTERRUPTS or str(one).startswith(INTERRUPTS)
        for one in chain(error)
    )


def lines_of(error: BaseException, where: Path) -> Iterator[str]:
    """Yield the lines that tell of an error; none when it is a fault of the program."""
    if isinstance(error, InputError):
        yield from (str(problem) for problem in error.problems)
    elif isinstance(error, Point27Error):
        yield str(error)
    else:
        found = (storage_line(one, where) for one in chain(error))
        yield from [line for line in found if line][:1]


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that led to it, the first cause last."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        now = now.__cause__ or now.__context__


def storage_line(error: BaseException, where: Path) -> str:
    """Return the line of an error of writing or reading files, or an empty text."""
    is_os = isinstance(error, OSError)
    if not is_os and not type(error).__module__.startswith(STORAGE_MODULES):
        return ""
    text, number = str(error).lower(), getattr(error, "errno", None)
    place = getattr(error, "filename", None) or where
    if number in FULL_NUMBERS or any(sign in text for sign in FULL):
        return (
            f"{where}: no space left to write; expected room for about twice the size "
            "of warehouse/; free some space, then try again"
        )
    if number in FORBIDDEN_NUMBERS or any(sign in text for sign in FORBIDDEN):
        return (
            f"{place}: may not be written; expected a folder that you may change; "
            "ask for the rights, or choose another folder with --workspace"
        )
    if any(sign in text for sign in DAMAGED):
        return (
            f"{where}: a database of a build that was cut off is damaged; delete "
            "warehouse/private/ and .point27/dagster/ there (never the key), then "
            "build again: nothing is lost, all of it is made from raw/"
        )
    return f"{place}: {getattr(error, 'strerror', None) or error}" if is_os else ""

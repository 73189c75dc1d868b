"""Faults of the program, told without their words where a source is not public.

In here: what is told instead of an error that nobody foresaw. Not in here: errors of
the project, which never quote a cell of such a source, and what is told of a full disk
or of Ctrl-C (`stopped.py`).

DuckDB and pandas quote the value that they could not convert; Dagster keeps the words
of every error, and of what caused it, for ever.
"""

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assets.stopped import is_interrupt, lines_of
from pipeline.errors import UnshownFaultError
from pipeline.workspace import REPOSITORY


@contextmanager
def unshown(closed: Sequence[str], where: Path) -> Iterator[None]:
    """Tell of a fault inside only its kind and its place in the program.

    Args:
        closed: sources that are not public; without any, errors pass as they are.
        where: the folder that is written to.

    Raises:
        UnshownFaultError: in the place of an error that could quote a cell.
    """
    try:
        yield
    except Exception as error:
        if not closed or is_interrupt(error) or any(lines_of(error, where)):
            raise
        raise UnshownFaultError(
            f"a fault of the program ({type(error).__name__} at {place_of(error)}); "
            "its words are not shown, since they could quote a cell of a source that "
            f"is not public ({', '.join(closed)})"
        ) from None


def place_of(error: Exception) -> str:
    """Return file and line of ours, of all that the error passed through, the last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(REPOSITORY)
            and ".venv" not in Path(frame.filename).parts]  # fmt: skip
    last = (ours or frames)[-1]
    name = Path(last.filename)
    inside = name.relative_to(REPOSITORY) if name.is_relative_to(REPOSITORY) else name
    return f"{inside.as_posix()}:{last.lineno}"

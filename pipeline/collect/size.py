"""Refuse an archive that would exhaust the memory, or that is no honest archive.

In here: what the directory of a zip archive tells, and how far apart cells may stand.
Not in here: whether it is a workbook at all (`disguise.py`).
"""

import re
from zipfile import ZipFile

LARGE_BYTES = 10_000_000
"""Size of a file from which facts and values are read side by side.

A smaller one is looked through first, so that what its facts refuse is never opened.
Cells far apart in a large one end the process that reads it (`apart.py`).
"""

MOST_PARTS = 20_000
MOST_UNPACKED_BYTES = 4_000_000_000
SUSPECT_BYTES, MOST_RATIO = 200_000_000, 150
"""A file that unpacks to this much, and to this many times its size, is a bomb."""

ALWAYS_CELLS, BYTES_PER_CELL = 50_000_000, 4
MOST_CELLS = 250_000_000
"""Rows times columns that a sheet may span: the fast reader asks for all at once.

Up to the first number always; above it where the sheet is large enough to fill them.
"""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet, in every program; a text may have more rows."""

MOST_NAME = 500
TRICK = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f]")
"""A way out of the archive, an absolute path, a sign that no name has."""


class TooLargeError(ValueError):
    """A file is too large to be read as it is."""


class TrickError(ValueError):
    """An archive is made to mislead whoever opens it."""


def refuse_bomb(archive: ZipFile) -> None:
    """Refuse an archive that unpacks to more than a spreadsheet would, or misleads.

    Raises:
        TooLargeError: it has too many parts or unpacks to too much.
        TrickError: a part stands twice, or its name leads out of the archive.
    """
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise TooLargeError(f"too large: an archive of {len(parts):,} parts")
    packed = sum(info.compress_size for info in parts)
    unpacked = sum(info.file_size for info in parts)
    is_bomb = unpacked > SUSPECT_BYTES and unpacked > MOST_RATIO * max(packed, 1)
    if is_bomb or unpacked > MOST_UNPACKED_BYTES:
        raise TooLargeError(f"too large: it unpacks to {unpacked:,} bytes")
    names = [info.orig_filename for info in parts]
    if any(TRICK.search(name) or len(name) > MOST_NAME for name in names):
        raise TrickError("an archive with a part whose name leads out of it")
    if len({name.casefold() for name in names}) < len(names):
        raise TrickError("an archive that holds a part twice")


def most_cells(content_bytes: int) -> int:
    """Return the cells that a sheet of a size may span."""
    return min(MOST_CELLS, max(ALWAYS_CELLS, content_bytes // BYTES_PER_CELL))


def refuse_vast(rows: int, columns: int, content_bytes: int) -> None:
    """Raise TooLargeError when the cells of a sheet stand too far apart.

    Two cells at A1 and XFD1048576 make the fast reader end the whole process.
    """
    most = most_cells(content_bytes)
    if rows * columns > most or rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise TooLargeError(
            f"too large: a sheet of {rows:,} rows by {columns:,} columns"
        )

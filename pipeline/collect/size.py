"""Refuse a workbook that would exhaust the memory before anything opens it.

In here: unpacked size, and how far apart its cells stand. Not in here: whether it is
a workbook at all (`workbook.py`).
"""

import re
from zipfile import ZipFile

from openpyxl.utils import column_index_from_string

MOST_UNPACKED_BYTES = 4_000_000_000
SUSPECT_BYTES, MOST_RATIO = 200_000_000, 150
"""A file that unpacks to this much, and to this many times its size, is a bomb."""

MOST_CELLS = 250_000_000
"""Rows times columns that a sheet may span: the fast reader asks for all at once."""

LAST_ROW = re.compile(rb'<row [^>]*\br="(\d+)"')
REFERENCE = re.compile(rb'<c [^>]*\br="([A-Z]+)\d')
LETTERS = (
    (rb'r="[A-Z]{3}\d', 16_384),
    (rb'r="[A-Z]{2}\d', 702),
)
"""The quick look: a reference of three letters, of two; else the sheet ends at Z."""


class TooLargeError(ValueError):
    """A workbook is too large to be read as it is."""


def refuse_bomb(archive: ZipFile) -> None:
    """Raise TooLargeError when an archive unpacks to more than a spreadsheet would."""
    packed = sum(info.compress_size for info in archive.infolist())
    unpacked = sum(info.file_size for info in archive.infolist())
    is_bomb = unpacked > SUSPECT_BYTES and unpacked > MOST_RATIO * max(packed, 1)
    if is_bomb or unpacked > MOST_UNPACKED_BYTES:
        raise TooLargeError(f"too large: it unpacks to {unpacked:,} bytes")


def refuse_vast(content: bytes) -> None:
    """Raise TooLargeError when the cells of a sheet stand too far apart.

    Two cells at A1 and XFD1048576 make the fast reader end the whole process.
    """
    rows = last_row(content)
    columns = next((most for sign, most in LETTERS if re.search(sign, content)), 26)
    if rows * columns <= MOST_CELLS:
        return
    found = {match[1] for match in REFERENCE.finditer(content)}
    columns = max(column_index_from_string(letters.decode()) for letters in found)
    if rows * columns > MOST_CELLS:
        raise TooLargeError(
            f"too large: a sheet of {rows:,} rows by {columns:,} columns"
        )


def last_row(content: bytes) -> int:
    """Return the number of the last row of a sheet."""
    start = content.rfind(b"<row ")
    match = LAST_ROW.match(content, start) if start >= 0 else None
    return int(match[1]) if match else 0

"""What only the records of an old binary workbook (.xls) tell of its sheets.

In here: hidden rows, columns and sheets, merges, comments, shown numbers, and what is
never opened. Not in here: the values, which the fast reader gives (`workbook.py`).

Source: [MS-XLS] 2.4 (records). Books older than Excel 97 (BIFF 5) have no sheets that
are told here by name; their values are read, and a remark says so.
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import olefile
from openpyxl.styles.numbers import BUILTIN_FORMATS

from pipeline.collect.grid import Facts
from pipeline.collect.peculiarities import (
    GENERAL,
    NOT_SAVED,
    comments_remark,
    take_number,
)
from pipeline.collect.size import TooLargeError
from pipeline.model import Merge

FORMULA, BOUNDSHEET, XF, FORMAT, SUPBOOK = 0x06, 0x85, 0xE0, 0x41E, 0x1AE
NOTE, COLUMNS, MERGES, MULTIPLE_RK = 0x1C, 0x7D, 0xE5, 0xBD
NUMBER, ROW, RK = 0x203, 0x208, 0x27E
START, END, START_OLD = 0x809, 0x0A, 0x09
EMPTY_TEXT, NO_NUMBER = b"\x03", b"\xff\xff"
"""Of the value of a formula: its first byte, its last two."""

MOST_BYTES = 500_000_000


class Bound(NamedTuple):
    """A sheet as the book lists it: where its records begin, and its name."""

    offset: int
    name: str


class Book(NamedTuple):
    """What the first part of a book says of all its sheets."""

    sheets: list[Bound]
    formats: list[str]
    is_linked: bool


Record = tuple[int, bytes]


def xls_facts(path: Path) -> dict[str, Facts]:
    """Return the facts of each sheet by name.

    Raises:
        TooLargeError: it is larger than such a book can be.
        struct.error, OSError, ValueError: it is damaged.
    """
    with olefile.OleFileIO(str(path)) as archive:
        stream = next(
            (n for n in ("Workbook", "Book") if archive.exists(n)), "Workbook"
        )
        refuse_loops(archive)
        if archive.get_size(stream) > MOST_BYTES:
            raise TooLargeError("too large: no .xls of that size can be whole")
        content = archive.openstream(stream).read()
        has_macros = archive.exists("_VBA_PROJECT_CUR")
        has_objects = any(p[0].startswith("MBD") for p in archive.listdir())
    if content[:2] != struct.pack("<H", START) or content[4:6] != b"\0\x06":
        return {}
    book = book_of(content)
    remarks = [
        said
        for is_so, said in (
            (has_macros, "macros, not run"),
            (book.is_linked, "links to other workbooks, not followed"),
            (has_objects, "embedded objects, not opened"),
        )
        if is_so
    ]
    found = {}
    for bound in book.sheets:
        facts = sheet_facts(records(content, bound.offset), book.formats)
        facts.remarks += remarks
        found[bound.name] = facts
    return found


def refuse_loops(archive: olefile.OleFileIO) -> None:
    """Raise ValueError when the sectors of a file follow each other in a circle.

    The fast reader would follow them until the memory is full.
    """
    archive.loadminifat()
    for following in (archive.fat, archive.minifat or ()):
        walk_of = [0] * len(following)
        for walk, start in enumerate(range(len(following)), 1):
            sector = start
            while sector < len(following) and not walk_of[sector]:
                walk_of[sector] = walk
                sector = following[sector]
            if sector < len(following) and walk_of[sector] == walk:
                raise ValueError("sectors in a circle")


def records(content: bytes, offset: int) -> Iterator[Record]:
    """Yield kind and data of the records of one part of a book.

    Charts within a sheet are parts of their own and are left out.
    """
    depth, end = 0, len(content) - 4
    while offset <= end:
        kind, size = struct.unpack_from("<HH", content, offset)
        if kind == START:
            depth += 1
        elif kind == END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, content[offset + 4 : offset + 4 + size]
        offset += 4 + size


def book_of(content: bytes) -> Book:
    """Return the sheets and number formats of a book."""
    sheets, numbers, is_linked = [], [], False
    formats = dict(BUILTIN_FORMATS)
    for kind, data in records(content, 0):
        if kind == BOUNDSHEET:
            offset, _, sheet_type, length, wide = struct.unpack_from("<IBBBB", data)
            if sheet_type == 0:
                sheets.append(Bound(offset, text_of(data[8:], length, wide)))
        elif kind == FORMAT:
            number, length, wide = struct.unpack_from("<HHB", data)
            formats[number] = text_of(data[5:], length, wide)
        elif kind == XF:
            numbers.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == SUPBOOK:
            is_linked = is_linked or data[2:4] not in (b"\x01\x04", b"\x01\x3a")
    return Book(sheets, [formats.get(n, GENERAL) for n in numbers], is_linked)


def text_of(data: bytes, length: int, wide: int) -> str:
    """Return a text of one or two bytes a sign."""
    if wide & 1:
        return data[: 2 * length].decode("utf-16-le", "replace")
    return data[:length].decode("latin-1")


def sheet_facts(part: Iterator[Record], formats: Sequence[str]) -> Facts:
    """Return the facts of one sheet."""
    facts, comments = Facts(), 0
    unsaved: list[tuple[int, int]] = []
    formulas = 0
    for kind, data in part:
        if kind in (ROW, COLUMNS, MERGES):
            take_shape(facts, kind, data)
        elif kind == NOTE:
            comments += 1
        else:
            take_numbers(facts, kind, data, formats)
            if kind == FORMULA:
                formulas += 1
                if data[6:7] == EMPTY_TEXT and data[12:14] == NO_NUMBER:
                    unsaved.append(struct.unpack_from("<HH", data))
    if formulas and len(unsaved) == formulas:
        # One formula may give an empty text; if all do, nobody has worked them out.
        facts.faults += [(*at, NOT_SAVED) for at in unsaved]
    facts.remarks += comments_remark(comments)
    return facts


def take_shape(facts: Facts, kind: int, data: bytes) -> None:
    """Note what a record tells of hidden rows, hidden columns or merges."""
    if kind == ROW:
        row = struct.unpack_from("<H", data)[0]
        if data[12] & 0x20:
            facts.hidden_rows.append((row, row))
    elif kind == COLUMNS:
        first, last, _, _, flags = struct.unpack_from("<5H", data)
        if flags & 1:
            facts.hidden_columns.append((first, last))
    else:
        for at in range(struct.unpack_from("<H", data)[0]):
            top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * at)
            facts.merged.append(Merge(top, left, bottom, right))


def take_numbers(facts: Facts, kind: int, data: bytes, formats: Sequence[str]) -> None:
    """Note what the sheet shows for the numbers of one record."""
    for row, column, style, number in numbers_of(kind, data):
        if style < len(formats):
            take_number(facts, (row, column), number, formats[style])


def numbers_of(kind: int, data: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Yield row, column, style and value of the numbers of one record."""
    if kind in (NUMBER, FORMULA):
        row, column, style, number = struct.unpack_from("<HHHd", data)
        if kind == NUMBER or data[12:14] != NO_NUMBER:  # else a text, an error
            yield row, column, style, number
    elif kind == RK:
        row, column, style, packed = struct.unpack_from("<HHHI", data)
        yield row, column, style, unpacked(packed)
    elif kind == MULTIPLE_RK:
        row, first = struct.unpack_from("<HH", data)
        for at in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * at)
            yield row, first + at, style, unpacked(packed)


def unpacked(packed: int) -> float:
    """Return the number that 30 bits hold ([MS-XLS] 2.5.217, RkNumber)."""
    if packed & 2:
        number = float((packed - ((packed & 1 << 31) << 1)) >> 2)
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & ~3) << 32))[0])
    return number / 100 if packed & 1 else number

"""What only the records of a binary workbook (.xlsb) tell of its sheets.

In here: hidden rows and columns, merges, comments, shown numbers. Not in here: the
values, which the fast reader gives (`workbook.py`); finding the parts (`package.py`).

Source: [MS-XLSB] 2.1.4 (records), 2.4 (their fields).
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS

from pipeline.collect.grid import Facts
from pipeline.collect.package import Package
from pipeline.collect.peculiarities import GENERAL, comments_remark, take_number
from pipeline.collect.size import refuse_bomb, refuse_vast
from pipeline.collect.xls import Record, unpacked
from pipeline.model import Merge

WORKBOOK = "xl/workbook.bin"
ROW, RK, REAL, FORMULA_NUMBER = 0, 2, 5, 9
LAST_CELL = 11
"""Records 1 to 11 are cells: a column, a style, a value."""

FORMAT, XF, COLUMNS, SHEET, MERGE = 44, 47, 60, 156, 176
STYLES_BEGIN, STYLES_END, COMMENT = 617, 618, 635
MOST_PART_BYTES = 2_000_000_000


def xlsb_facts(path: Path) -> dict[str, Facts]:
    """Return the facts of each sheet by name.

    Raises:
        TooLargeError: reading it would exhaust the memory.
        TrickError: it is made to mislead.
        struct.error, BadZipFile, KeyError: it is damaged.
    """
    with ZipFile(path) as archive:
        refuse_bomb(archive)
        package = Package(archive)
        formats = cell_formats(package)
        relations = package.relations(WORKBOOK)
        found = {}
        for kind, data in records(package.read(WORKBOOK)):
            if kind != SHEET:
                continue
            identifier, end = wide_text(data, 8)
            name, _ = wide_text(data, end)
            relation = relations.get(identifier)
            if relation and relation.kind == "worksheet":
                found[name] = sheet_facts(package, relation.part, formats)
    return found


def records(content: bytes) -> Iterator[Record]:
    """Yield kind and data of the records of a part."""
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] << 7)
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + size]
        at += size


def wide_text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text that begins with its length, and where it ends."""
    length = struct.unpack_from("<I", data, at)[0]
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def cell_formats(package: Package) -> list[str]:
    """Return the number format of each style that cells refer to."""
    formats, numbers, is_cells = dict(BUILTIN_FORMATS), [], False
    for part in package.related(WORKBOOK, "styles"):
        for kind, data in records(package.read(part)):
            if kind == FORMAT:
                formats[struct.unpack_from("<H", data)[0]] = wide_text(data, 2)[0]
            elif kind in (STYLES_BEGIN, STYLES_END):
                is_cells = kind == STYLES_BEGIN
            elif kind == XF and is_cells:
                numbers.append(struct.unpack_from("<H", data, 2)[0])
    return [formats.get(number, GENERAL) for number in numbers]


def sheet_facts(package: Package, part: str, formats: Sequence[str]) -> Facts:
    """Return the facts of one sheet."""
    facts, row, columns = Facts(), -1, 0
    for kind, data in records(package.read(part, MOST_PART_BYTES)):
        if kind == ROW:
            row = struct.unpack_from("<I", data)[0]
            if data[11] & 0x10:
                facts.hidden_rows.append((row, row))
        elif kind == COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", data)
            if flags & 1:
                facts.hidden_columns.append((first, last))
        elif kind == MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", data)
            facts.merged.append(Merge(top, left, bottom, right))
        elif kind <= LAST_CELL:
            column = struct.unpack_from("<I", data)[0]
            columns = max(columns, column + 1)
            take_cell(facts, (row, column), kind, data, formats)
    refuse_vast(row + 1, columns, package.size(part))
    facts.remarks += [*comment_remarks(package, part), *package.remarks()]
    return facts


def take_cell(
    facts: Facts,
    at: tuple[int, int],
    kind: int,
    data: bytes,
    formats: Sequence[str],
) -> None:
    """Note what the sheet shows for a cell that holds a number."""
    style = int.from_bytes(data[4:7], "little")
    form = formats[style] if style < len(formats) else GENERAL
    if form == GENERAL or kind not in (RK, REAL, FORMULA_NUMBER):
        return
    if kind == RK:
        number = unpacked(struct.unpack_from("<I", data, 8)[0])
    else:
        number = struct.unpack_from("<d", data, 8)[0]
    take_number(facts, at, number, form)


def comment_remarks(package: Package, part: str) -> list[str]:
    """Return a remark on the comments of a sheet, where it has any."""
    count = sum(
        kind == COMMENT
        for comments in package.related(part, "comments")
        for kind, _ in records(package.read(comments))
    )
    return comments_remark(count)

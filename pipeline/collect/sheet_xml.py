"""What only the XML of a sheet tells: merges, hidden rows, formulas, shown text.

In here: one pass over a worksheet part (.xlsx, .xlsm), in pieces; rows that hold
nothing of the kind are passed over unparsed. Not in here: the values, which the fast
reader gives (`workbook.py`); the other parts of the file (`office.py`).

Source: ECMA-376 part 1, 18.3.1 (worksheets).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from pipeline.collect.grid import Facts
from pipeline.collect.number_format import shown_number
from pipeline.collect.peculiarities import NOT_SAVED, is_date, take_number
from pipeline.collect.safe_xml import chunks_of, local, xml_parser
from pipeline.collect.size import most_cells, refuse_vast
from pipeline.model import Merge

ROW, NUMBERED_ROW = b"<row ", re.compile(rb'<row r="(\d+)"')
MOST_ROW_BYTES = 16_000_000
FAR = re.compile(
    rb'r="(?:([A-Za-z]{3}|[Aa][U-Zu-z]|[B-Zb-z][A-Za-z])\d'
    rb"|[A-Za-z]{1,2}(?:\d{8}|1[1-9]\d{5}|10[5-9]\d{4}|[2-9]\d{6}))"
)
"""Cells so far right or down that the sheet may be too large; letters if far right."""

NARROW = 46
"""Columns, up to AT, that make no sheet too large, whatever rows it has."""

LONGEST_REFERENCE = 64
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
TRUE = ("1", "true")


class OutOfOrderError(Exception):
    """Rows without numbers: none may be passed over."""


def scan_sheet(
    open_part: Callable[[], IO[bytes]],
    size: int,
    formats: Sequence[str],
    *,
    is_first: bool = True,
) -> Facts:
    """Return the facts of one worksheet part.

    Args:
        open_part: opens the part from its start.
        size: that it unpacks to.
        formats: the number format of each style of a cell.
        is_first: whether nothing else has opened it yet: then all cells are looked at
            for how far apart they stand.

    Raises:
        TooLargeError: its cells stand too far apart.
        HostileXmlError: it declares entities.
        ExpatError, ValueError: it is damaged.
    """
    try:
        scan = SheetScan(formats, looks_far=is_first)
        with open_part() as stream:
            facts = scan.scan(stream, size, may_skip=True)
        if is_first and scan.skipped and (scan.is_far or scan.columns > NARROW):
            columns = max(1, scan.columns)
            with open_part() as stream:
                rows = lowest(stream, most_cells(size) // columns)
            refuse_vast(rows, columns, size)
        return facts
    except (OutOfOrderError, expat.ExpatError):
        # Passing over rows went wrong, or the file is damaged: reading all tells.
        with open_part() as stream:
            return SheetScan(formats).scan(stream, size, may_skip=False)


class SheetScan:
    """One pass over one worksheet part."""

    def __init__(self, formats: Sequence[str], *, looks_far: bool = False) -> None:
        self.facts = Facts()
        self.formats = formats
        self.dates = {at for at, form in enumerate(formats) if is_date(form)}
        self.told = {
            at for at, form in enumerate(formats)
            if at not in self.dates and shown_number(0.5, form) is not None
        }  # fmt: skip
        self.row = self.column = -1
        self.rows = self.columns = self.formulas = 0
        self.skipped = self.is_far = False
        self.looks_far = looks_far
        self.style, self.kind = 0, "n"
        self.has_formula = self.has_value = False
        self.text: list[str] = []
        self.parser = xml_parser(self.start, self.end)
        self.starts = {
            "row": self.start_row, "c": self.start_cell, "f": self.start_formula,
            "v": self.start_value, "is": self.start_value, "col": self.start_columns,
            "mergeCell": self.start_merge,
        }  # fmt: skip

    def scan(self, stream: IO[bytes], size: int, *, may_skip: bool) -> Facts:
        """Return the facts of a worksheet, read to its end."""
        for block in self.worth_parsing(stream) if may_skip else chunks_of(stream):
            self.parser.Parse(block, False)
            refuse_vast(self.rows, self.columns, size)
        refuse_vast(self.rows, self.columns, size)
        self.parser.Parse(b"", True)
        if self.formulas:
            self.facts.remarks.append(f"{self.formulas:,} formulas, their values read")
        return self.facts

    def worth_parsing(self, stream: IO[bytes]) -> Iterator[bytes]:
        """Yield a worksheet without the rows that hold nothing peculiar.

        What is left out are whole rows, so that the rest is a worksheet still. A
        writer that puts things otherwise than all known ones do is read in full.
        """
        rest, is_plain, is_first = b"", True, True
        signs = self.signs()
        for chunk in chunks_of(stream):
            block = rest + chunk
            cut = block.rfind(ROW) if is_plain else -1
            if cut < 0 and is_plain and len(block) < MOST_ROW_BYTES:
                rest = block
                continue
            if is_first:
                is_plain = is_plain and NUMBERED_ROW.search(block) is not None
                is_first = False
                start = block.find(ROW) if is_plain else len(block)
                yield block[:start]
                block, cut = block[start:], cut - start
            if not is_plain or cut < 0:
                yield block
                rest, is_plain = b"", False
                continue
            rows, rest = block[:cut], block[cut:]
            if self.is_peculiar(rows, signs):
                yield rows
        yield rest

    def signs(self) -> Sequence[Callable[[bytes], object]]:
        """Return searches that find what only parsing can tell."""
        found: list[Callable[[bytes], object]] = [
            lambda block: b"hidden" in block,
            lambda block: b"<f" in block,
        ]
        ways = [("|".join(map(str, sorted(self.told))), b""),
                ("|".join(map(str, sorted(self.dates))), rb"(?:-|\d{7})")]  # fmt: skip
        parts = [b'(?:%s)"[^>]*><v>%s' % (n.encode(), what) for n, what in ways if n]
        if parts:
            found.append(re.compile(b' s="(?:%s)' % b"|".join(parts)).search)
        return found

    def is_peculiar(
        self, rows: bytes, signs: Sequence[Callable[[bytes], object]]
    ) -> bool:
        """Return whether rows must be parsed; note whether they reach far."""
        if self.looks_far and FAR.search(rows):
            self.is_far = True
            names = {name.decode() for name in FAR.findall(rows) if name}
            far = map(column_index_from_string, names)
            self.columns = max(self.columns, *far, 1)
        if any(sign(rows) for sign in signs):
            return True
        self.skipped = True
        return False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in the start of an element."""
        if act := self.starts.get(local(name)):
            act(attributes)

    def end(self, name: str) -> None:
        """Take in the end of an element."""
        plain = local(name)
        if plain == "v":
            self.parser.CharacterDataHandler = None
        elif plain == "c":
            self.end_cell()

    def start_row(self, attributes: dict[str, str]) -> None:
        """Note where a row stands, and whether it is hidden."""
        number = attributes.get("r")
        if number is None and self.skipped:
            raise OutOfOrderError
        self.row = int(number) - 1 if number else self.row + 1
        self.column = -1
        if attributes.get("hidden") in TRUE:
            self.facts.hidden_rows.append((self.row, self.row))

    def start_cell(self, attributes: dict[str, str]) -> None:
        """Note where a cell stands, its style and its kind."""
        reference = attributes.get("r")
        if reference:
            self.row, self.column = position(reference)
        else:
            self.column += 1
        self.style = int(attributes.get("s", 0))
        self.kind = attributes.get("t", "n")
        self.has_formula = self.has_value = False
        self.text.clear()

    def start_formula(self, _: dict[str, str]) -> None:
        """Note that a cell holds a formula."""
        self.has_formula = True
        self.formulas += 1

    def start_value(self, _: dict[str, str]) -> None:
        """Note that a cell holds a value, and listen where it matters."""
        self.has_value = True
        self.rows = max(self.rows, self.row + 1)
        self.columns = max(self.columns, self.column + 1)
        if self.has_formula or self.style in self.told or self.style in self.dates:
            self.parser.CharacterDataHandler = self.text.append

    def start_columns(self, attributes: dict[str, str]) -> None:
        """Note columns that are hidden."""
        if attributes.get("hidden") in TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.facts.hidden_columns.append((first - 1, last - 1))

    def start_merge(self, attributes: dict[str, str]) -> None:
        """Note a merged range."""
        self.facts.merged.append(merge_of(attributes["ref"]))

    def end_cell(self) -> None:
        """Note what a cell shows, or why it holds no value."""
        text = "".join(self.text)
        at = (self.row, self.column)
        if self.has_formula and not text and (not self.has_value or self.kind != "str"):
            self.facts.faults.append((*at, NOT_SAVED))
        elif self.kind == "n" and text and self.style < len(self.formats):
            take_number(self.facts, at, float(text), self.formats[self.style])


def lowest(stream: IO[bytes], least: int) -> int:
    """Return the last row that holds a cell, of those with as many digits as a row."""
    far_down = re.compile(rb'r="[A-Za-z]{1,3}(\d{%d,})"' % len(str(least)))
    rows, rest = 0, b""
    for chunk in chunks_of(stream):
        block = rest + chunk
        rows = max(rows, max(map(int, far_down.findall(block)), default=0))
        rest = block[-LONGEST_REFERENCE:]
    return rows


def position(reference: str) -> tuple[int, int]:
    """Return row and column, from 0, of a reference such as B7.

    Raises:
        ValueError: it is none.
    """
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError("a cell reference that is none")
    return int(found[2]) - 1, column_index_from_string(found[1]) - 1


def merge_of(reference: str) -> Merge:
    """Return a merged range from a reference such as A1:B2, whichever way round."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    return Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

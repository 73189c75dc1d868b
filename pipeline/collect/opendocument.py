"""Read an OpenDocument spreadsheet (.ods): its values and all facts in one pass.

In here: which elements make a sheet. Not in here: what one cell holds and shows
(`opendocument_cell.py`). The fast reader is not used: it loses times, errors and
merges of this format, and fills whatever rows a file claims to repeat.

Source: OpenDocument 1.3 part 3, 9 (tables).
"""

from pathlib import Path
from typing import IO
from zipfile import ZipFile

from pipeline.collect.grid import Facts, Grid, table_of
from pipeline.collect.opendocument_cell import PARAGRAPHS, Cell, CellText
from pipeline.collect.peculiarities import comments_remark
from pipeline.collect.safe_xml import MOST_DEPTH, HostileXmlError, chunks_of, xml_parser
from pipeline.collect.size import (
    MOST_COLUMNS,
    MOST_ROWS,
    TooLargeError,
    refuse_bomb,
    refuse_vast,
)
from pipeline.model import Merge

CONTENT = "content.xml"
MOST_LETTERS = 1_000_000_000
MOST_NOTED = 2_000_000
"""Cells with something peculiar that may come of repeating."""

NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
    "http://openoffice.org/2004/calc": "calcext",
}
NOT_READ = ("table:dde-links", "table:tracked-changes", "office:settings")
CELLS = ("table:table-cell", "table:covered-table-cell")
HIDDEN = ("collapse", "filter")

Attributes = dict[str, str]


def read_opendocument(path: Path) -> list[Grid]:
    """Return every sheet of an .ods file.

    Raises:
        TooLargeError: its cells stand too far apart or hold too much.
        TrickError, HostileXmlError: it is made to mislead.
        BadZipFile, ExpatError, ValueError, KeyError: it is damaged.
    """
    with ZipFile(path) as archive:
        refuse_bomb(archive)
        names = archive.namelist()
        with archive.open(CONTENT) as stream:
            size = archive.getinfo(CONTENT).file_size
            grids = DocumentScan(size).scan(stream)
    remarks = [
        said
        for sign, said in (
            ("Basic/", "macros, not run"),
            ("Scripts/", "macros, not run"),
            ("Object ", "embedded objects, not opened"),
            ("Pictures/", "pictures, not read"),
        )
        if any(name.startswith(sign) for name in names)
    ]
    for grid in grids:
        grid.facts.remarks += dict.fromkeys(remarks)
    return grids


class SheetBuild:
    """A sheet while it is read: rows so far, and what repeats."""

    def __init__(self, name: str, is_hidden: bool, size: int) -> None:
        self.name, self.size = name, size
        self.facts = Facts(is_hidden=is_hidden)
        self.rows: list[list[str]] = []
        self.row, self.column, self.at_column = 0, 0, 0
        self.width = self.letters = self.comments = self.noted = 0
        self.texts: list[str] = []
        self.cells: list[tuple[int, int, Cell]] = []
        self.is_outside = False

    def add_columns(self, repeated: int, visibility: str) -> None:
        """Take in what is said of some columns."""
        first, self.at_column = self.at_column, self.at_column + repeated
        if visibility in HIDDEN:
            self.facts.hidden_columns.append((first, self.at_column - 1))

    def start_row(self) -> None:
        """Begin a row."""
        self.column = 0
        self.texts, self.cells = [], []

    def add_cell(self, cell: Cell, repeated: int) -> None:
        """Take in a cell and those that repeat it."""
        first, self.column = self.column, self.column + repeated
        if cell.is_empty:
            return
        if self.column > MOST_COLUMNS:
            raise TooLargeError(f"too large: a sheet of {self.column:,} columns")
        self.texts += [""] * (first - len(self.texts))
        self.texts += [cell.value] * repeated
        self.cells.append((first, repeated, cell))

    def end_row(self, repeated: int, visibility: str) -> None:
        """Take in a row and those that repeat it; empty ones cost nothing."""
        first, self.row = self.row, self.row + repeated
        if visibility in HIDDEN:
            self.facts.hidden_rows.append((first, self.row - 1))
        if not self.cells:
            return
        if self.row > MOST_ROWS:
            raise TooLargeError(f"too large: a sheet of {self.row:,} rows")
        self.width = max(self.width, len(self.texts))
        refuse_vast(self.row, self.width, self.size)
        self.letters += repeated * sum(map(len, self.texts))
        if self.letters > MOST_LETTERS:
            raise TooLargeError("too large: its repeated cells hold too much text")
        self.rows += [[]] * (first - len(self.rows))
        self.rows += [self.texts] * repeated
        self.note_cells(first, repeated)

    def note_cells(self, first: int, repeated: int) -> None:
        """Note what is peculiar about the cells of a row."""
        for left, times, cell in self.cells:
            if not (cell.shown or cell.fault or cell.spans != (1, 1)):
                continue
            self.noted += repeated * times
            if self.noted > MOST_NOTED:
                raise TooLargeError("too large: its peculiar cells repeat without end")
            for row in range(first, first + repeated):
                for column in range(left, left + times):
                    self.note(row, column, cell)

    def note(self, row: int, column: int, cell: Cell) -> None:
        """Note what is peculiar about one cell."""
        if cell.shown:
            self.facts.shown[row, column] = cell.shown
        if cell.fault:
            self.facts.faults.append((row, column, cell.fault))
        down, right = cell.spans
        if cell.spans != (1, 1):
            merge = Merge(row, column, row + down - 1, column + right - 1)
            self.facts.merged.append(merge)

    def grid(self) -> Grid:
        """Return the sheet."""
        self.facts.remarks += comments_remark(self.comments)
        return Grid(self.name, table_of(self.rows), self.facts)


class DocumentScan:
    """One pass over `content.xml`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.path: list[str] = []
        self.grids: list[Grid] = []
        self.sheet: SheetBuild | None = None
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.not_read = 0
        self.row_attributes: Attributes = {}
        self.names: dict[str, str] = {}
        self.cell = CellText()
        self.parser = xml_parser(self.start, self.end, " ")

    def scan(self, stream: IO[bytes]) -> list[Grid]:
        """Return the sheets of a document, read to its end."""
        for chunk in chunks_of(stream):
            self.parser.Parse(chunk, False)
        self.parser.Parse(b"", True)
        return self.grids

    def named(self, name: str) -> str:
        """Return a name with the usual prefix of its namespace."""
        if name not in self.names:
            namespace, _, plain = name.rpartition(" ")
            self.names[name] = f"{NAMESPACES.get(namespace, '')}:{plain}"
        return self.names[name]

    def start(self, written: str, attributes: Attributes) -> None:
        """Take in the start of an element."""
        name = self.named(written)
        self.path.append(name)
        if len(self.path) > MOST_DEPTH:
            raise HostileXmlError("XML that nests without end")
        if self.not_read or name in NOT_READ:
            self.not_read += 1
        elif self.cell.is_open:
            self.start_in_cell(name, attributes)
        elif self.sheet is None:
            self.start_outside(name, self.plain(attributes))
        else:
            self.start_in_sheet(self.sheet, name, self.plain(attributes))

    def plain(self, attributes: Attributes) -> Attributes:
        """Return attributes by their usual names."""
        return {self.named(name): value for name, value in attributes.items()}

    def start_outside(self, name: str, at: Attributes) -> None:
        """Take in a style, or the start of a sheet."""
        if name == "style:style":
            self.style = at.get("style:name", "")
        elif name == "style:table-properties":
            if at.get("table:display") == "false":
                self.hidden_styles.add(self.style)
        elif name == "table:table":
            is_hidden = at.get("table:style-name") in self.hidden_styles
            self.sheet = SheetBuild(at.get("table:name", ""), is_hidden, self.size)

    def start_in_sheet(self, sheet: SheetBuild, name: str, at: Attributes) -> None:
        """Take in a column, the start of a row or the start of a cell."""
        if name == "table:table-column":
            times = repeats(at, "table:number-columns-repeated")
            sheet.add_columns(times, at.get("table:visibility", ""))
        elif name == "table:table-row":
            self.row_attributes = at
            sheet.start_row()
        elif name in CELLS:
            self.cell.open(at)
        elif name == "table:table-source":
            sheet.is_outside = True
        elif name in ("table:shapes", "table:table"):
            self.not_read += 1

    def start_in_cell(self, name: str, attributes: Attributes) -> None:
        """Take in what stands in a cell: its text, or something else."""
        if name == "office:annotation" and self.sheet:
            self.sheet.comments += 1
        at = self.plain(attributes) if name == "text:s" else {}
        if not self.cell.start(name, at):
            self.not_read += 1
        elif name in PARAGRAPHS:
            self.parser.CharacterDataHandler = self.add_text

    def add_text(self, text: str) -> None:
        """Take in text of a cell, none of what stands within it and is not read."""
        if not self.not_read:
            self.cell.add(text)

    def end(self, _: str) -> None:
        """Take in the end of an element."""
        name = self.path.pop()
        if self.not_read:
            self.not_read -= 1
            return
        if self.cell.is_open:
            self.end_in_cell(name)
        elif self.sheet is not None and name == "table:table-row":
            at = self.row_attributes
            times = repeats(at, "table:number-rows-repeated")
            self.sheet.end_row(times, at.get("table:visibility", ""))
        elif self.sheet is not None and name == "table:table":
            if not self.sheet.is_outside:  # else a copy of another file's sheet
                self.grids.append(self.sheet.grid())
            self.sheet = None

    def end_in_cell(self, name: str) -> None:
        """Take in the end of a text, or of the cell."""
        if name in PARAGRAPHS:
            self.parser.CharacterDataHandler = None
        elif name in CELLS and self.sheet is not None:
            times = repeats(self.cell.attributes, "table:number-columns-repeated")
            self.sheet.add_cell(self.cell.close(), times)


def repeats(attributes: Attributes, name: str) -> int:
    """Return how often something stands there, once where nothing is said."""
    return max(1, int(attributes.get(name, 1)))

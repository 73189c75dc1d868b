"""What only a slow reader knows of a workbook: merges, shown text, faulty cells.

In here: a quick look at the bytes for signs of such things, and a full read with
openpyxl only where there are any. Not in here: the values (`workbook.py`).
"""

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.collect.number_format import shown_number
from pipeline.collect.size import TooLargeError, refuse_bomb, refuse_vast
from pipeline.model import Merge

SIGNS = re.compile(rb'<mergeCell |<f[ >/]|t="e"|<c r="[A-Z]+\d+" s="\d+"><v>(-|\d{7})')
"""The last one: a number too large or too small for the date that its format wants."""

NUMBER_FORMAT = re.compile(rb'<xf [^>]*numFmtId="([1-9]\d*)"')
PLAIN_DATE_FORMATS = {14, 15, 16, 17, 22}
FULL_READ_BYTES = 10_000_000
"""Size of a workbook, packed, up to which it is read in full where there is cause."""


@dataclass(frozen=True, slots=True)
class Peculiarities:
    """What is peculiar about one sheet. Positions are counted from 0."""

    first_column: int = 0
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[Merge, ...] = ()
    faults: tuple[tuple[int, int, str], ...] = ()


def peculiarities(path: Path) -> dict[str, Peculiarities]:
    """Return the peculiarities of each sheet by name.

    Raises:
        BadZipFile: the archive is damaged.
        TooLargeError: reading it would exhaust the memory, or take its merges and
            formulas for nothing.
    """
    with ZipFile(path) as archive:
        refuse_bomb(archive)
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        signs = signs_of(archive, sheets)
        has_formats = bool(number_formats(archive) - PLAIN_DATE_FORMATS)
    if path.stat().st_size > FULL_READ_BYTES:
        if signs:
            raise TooLargeError(
                f"too large ({path.stat().st_size:,} bytes) with {signs}"
            )
        return {}
    return full_read(path) if signs or has_formats else {}


def full_read(path: Path) -> dict[str, Peculiarities]:
    """Return the peculiarities of each sheet, read twice with openpyxl."""
    with warnings.catch_warnings():
        # What it warns of (styles, validations, impossible dates) is of no use here,
        # or comes back as a fault with its cell.
        warnings.simplefilter("ignore")
        formulas = openpyxl.load_workbook(path)
        values = openpyxl.load_workbook(path, data_only=True)
        return {
            sheet.title: examine(values[sheet.title], sheet)
            for sheet in formulas.worksheets
        }


def signs_of(archive: ZipFile, sheets: list[str]) -> str:
    """Return in words what only a full read can tell of any sheet, or nothing."""
    for sheet in sheets:
        content = archive.read(sheet)
        refuse_vast(content)
        if SIGNS.search(content):
            return "merged cells, formulas or error values"
        if not starts_in_column_a(content):
            return "an empty column A"
    return ""


def number_formats(archive: ZipFile) -> set[int]:
    """Return the numbers of the formats that cells are shown in."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    return {int(n) for n in NUMBER_FORMAT.findall(archive.read("xl/styles.xml"))}


def starts_in_column_a(content: bytes) -> bool:
    """Return whether some cell with a value stands in column A.

    The fast reader leaves empty columns at the left out and does not say so.
    """
    return re.search(rb'<c r="A\d+"[^>/]*><(v|is)', content) is not None


def examine(values: Worksheet, formulas: Worksheet) -> Peculiarities:
    """Return the peculiarities of one sheet, read in full twice."""
    filled = filled_cells(formulas)
    shown, faults = {}, []
    for cell in filled:
        position = (cell.row - 1, cell.column - 1)
        result = values.cell(cell.row, cell.column)
        if fault := fault_of(cell, result):
            faults.append((*position, fault))
        elif (text := shown_text(result)) is not None:
            shown[position] = text
    merged = tuple(sorted(merge_of(m.bounds) for m in formulas.merged_cells.ranges))
    first = min((cell.column - 1 for cell in filled), default=0)
    return Peculiarities(first, shown, merged, tuple(faults))


def merge_of(bounds: tuple[int, int, int, int]) -> Merge:
    """Return a merged range from openpyxl's bounds, which count from 1."""
    left, top, right, bottom = bounds
    return Merge(top - 1, left - 1, bottom - 1, right - 1)


def filled_cells(sheet: Worksheet) -> list[Cell]:
    """Return the cells that hold anything; of a merged range only the first can."""
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return [c for c in cells if isinstance(c, Cell) and c.value not in (None, "")]


def fault_of(cell: Cell, result: Cell | MergedCell) -> str:
    """Return why a cell holds no usable value, or nothing."""
    if cell.data_type == "e" and is_date_format(cell.number_format):
        return "a number that is no date (it shows as ####)"
    if result.data_type == "e":
        return f"the error value {result.value}"
    if cell.data_type == "f" and result.value is None:
        return "a formula whose value was not saved"
    return ""


def shown_text(cell: Cell | MergedCell) -> str | None:
    """Return what the sheet shows for a number, where that is not the number itself.

    Dates and the plain format return nothing: their value says enough.
    """
    number, form = cell.value, cell.number_format
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    if is_date_format(form):
        return None
    return shown_number(number, form) or None

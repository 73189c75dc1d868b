"""What only a slow reader knows of a workbook: merges, shown text, faulty cells.

In here: a quick look at the bytes for signs of such things, and a full read with
openpyxl only where there are any. Not in here: the values (`workbook.py`).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Merge

SIGNS = re.compile(rb'<mergeCell |<f[ >/]|t="e"')
NUMBER_FORMAT = re.compile(rb'<xf [^>]*numFmtId="([1-9]\d*)"')
PLAIN_DATE_FORMATS = {14, 15, 16, 17, 22}
FULL_READ_BYTES = 4_000_000
"""Size of a workbook, packed, above which only its values are read in full."""

DECIMALS = re.compile(r"\.(0+)")


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
        ValueError: the archive is damaged.
    """
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            sheets = [n for n in names if n.startswith("xl/worksheets/sheet")]
            plain = not needs_full_read(archive, sheets) and all(
                starts_in_column_a(archive, sheet) for sheet in sheets
            )
    except (BadZipFile, EOFError) as error:
        raise ValueError("damaged archive") from error
    if plain or path.stat().st_size > FULL_READ_BYTES:
        return {}
    formulas = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: examine(values[sheet.title], sheet) for sheet in formulas.worksheets
    }


def needs_full_read(archive: ZipFile, sheets: list[str]) -> bool:
    """Return whether any sheet has merges, formulas, errors or shown formats."""
    styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    formats = {int(number) for number in NUMBER_FORMAT.findall(styles)}
    if formats - PLAIN_DATE_FORMATS:
        return True
    return any(SIGNS.search(archive.read(sheet)) for sheet in sheets)


def starts_in_column_a(archive: ZipFile, sheet: str) -> bool:
    """Return whether some cell with a value stands in column A.

    The fast reader leaves empty columns at the left out and does not say so.
    """
    content = archive.read(sheet)
    return re.search(rb'<c r="A\d+"[^>/]*><(v|is)', content) is not None


def examine(values: Worksheet, formulas: Worksheet) -> Peculiarities:
    """Return the peculiarities of one sheet, read in full twice."""
    filled = [cell for row in formulas.iter_rows() for cell in row if has_value(cell)]
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


def has_value(cell: Cell) -> bool:
    """Return whether a cell holds anything."""
    return cell.value is not None and cell.value != ""


def fault_of(cell: Cell, result: Cell) -> str:
    """Return why a cell holds no usable value, or nothing."""
    if result.data_type == "e":
        return f"the error value {result.value}"
    if cell.data_type == "f" and result.value is None:
        return "a formula whose value was not saved"
    return ""


def shown_text(cell: Cell) -> str | None:
    """Return what the sheet shows for a number, where that is not the number itself.

    Covers leading zeros, decimals, thousands and percentages; dates and the plain
    format return nothing, their value says enough.
    """
    number, form = cell.value, cell.number_format
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    if form == "General" or is_date_format(form):
        return None
    section = form.split(";")[0]
    scale, sign = (100, "%") if "%" in section else (1, "")
    decimals = DECIMALS.search(section)
    digits = len(decimals[1]) if decimals else 0
    whole = re.sub(r"\.0+", "", section)
    text = f"{number * scale:,.{digits}f}"
    if not re.search(r"[#0][ ,\\ ]+[#0]", whole):
        text = text.replace(",", "")
        text = text.zfill(len(re.findall("0", whole)) + (digits + 1 if digits else 0))
    elif re.search(r"#[ \\ ]+#", whole):
        text = text.replace(",", "\u00a0")
    return text + sign

"""A delivered workbook given back: refused cells coloured, and told why.

In here: the copy in the shape of the source, its comments, its sheet of reasons. Not
in here: which records are refused (`store/returned.py`).

The copy holds what the supplier wrote, names included: it goes back to the supplier
and nowhere else. Comments and reasons hold no value of any cell.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.collect.apart import read_apart
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layouts import REFUSED_SHEET
from pipeline.declarations.sources import SourceFile

KEPT_AS_THEY_ARE = (".xlsx", ".xlsm")
FILL = PatternFill("solid", start_color="FFF2B8")
AUTHOR = "point27"
ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d*")
FORBIDDEN_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
LONGEST_TITLE = 31
HEADERS = ("Sheet", "Cell", "What is wrong", "Expected", "What to do", "Since")
WIDTHS = (20, 10, 50, 50, 50, 14)
TOP = (
    "Records that could not be used, and why.",
    "Mend the coloured cells and send the workbook back; this sheet may stay in it.",
    "Leave the other cells, the headers and the names of the sheets as they are.",
)


class Refused(NamedTuple):
    """One reason for which one cell is refused; no value in any of its texts."""

    sheet: str
    cell: str
    what: str
    expected: str
    do: str
    since: str


def give_back(
    source: Path, declared: SourceFile, refused: Sequence[Refused], target: Path
) -> Path:
    """Write a copy of a delivered file with refused cells marked; return its path.

    A workbook keeps its formats, merged ranges and column widths; what openpyxl does
    not know (pictures, drawings) is lost. Any other format becomes a new .xlsx of the
    values.
    """
    suffix = source.suffix.lower()
    if suffix in KEPT_AS_THEY_ARE:
        book = load_workbook(source, keep_vba=suffix == ".xlsm", rich_text=True)
    else:
        book = of_values(source, declared, refused)
        target = target.with_name(f"{target.name}.xlsx")
    sheets = {normalise(title): book[title] for title in book.sheetnames}
    for place in dict.fromkeys((one.sheet, one.cell) for one in refused):
        worksheet = sheets.get(normalise(titled(place[0])))
        if isinstance(worksheet, Worksheet) and ADDRESS.fullmatch(place[1]):
            mark(worksheet, place[1], [r for r in refused if r[:2] == place])
    add_reasons(book, refused, sheets)
    book.save(target)
    return target


def of_values(
    source: Path, declared: SourceFile, refused: Sequence[Refused]
) -> Workbook:
    """Return a new workbook with the values of a file, all as text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = read_apart(source, source.name, declared.encoding, declared.delimiter)
    for sheet in sheets:
        # A file of one table has no sheet: its declaration gives it a name.
        title = refused[0].sheet if len(sheets) == 1 else sheet.name
        worksheet = book.create_sheet(titled(title))
        for row, texts in enumerate(sheet.values.to_numpy(), start=1):
            for column, text in enumerate(texts, start=1):
                if isinstance(text, str):
                    # Set last: a text that begins like a formula is none.
                    worksheet.cell(row, column, text).data_type = "s"
    return book


def titled(name: str) -> str:
    """Return a name as a sheet of a workbook may have it."""
    return FORBIDDEN_IN_A_TITLE.sub("_", name)[:LONGEST_TITLE]


def mark(worksheet: Worksheet, address: str, reasons: Sequence[Refused]) -> None:
    """Colour one cell and say in a comment what is wrong with it."""
    cell = anchor(worksheet, address)
    cell.fill = FILL
    told = "\n".join(
        f"{one.what}. Expected: {one.expected}. To do: {one.do}." for one in reasons
    )
    theirs = f"{cell.comment.text}\n\n" if cell.comment else ""
    comment = Comment(f"{theirs}{AUTHOR}: {told}", AUTHOR)
    comment.width, comment.height = 360, 160
    cell.comment = comment


def anchor(worksheet: Worksheet, address: str) -> Cell:
    """Return a cell, or the one that holds the value of its merged range."""
    cell: Any = worksheet[address]
    if isinstance(cell, MergedCell):
        for merged in worksheet.merged_cells.ranges:
            if address in merged:
                cell = worksheet.cell(merged.min_row, merged.min_col)
    found: Cell = cell
    return found


def add_reasons(
    book: Workbook, refused: Sequence[Refused], sheets: dict[str, Any]
) -> None:
    """Add the sheet that lists every reason with a link to its cell, and open it."""
    former = sheets.get(normalise(REFUSED_SHEET))
    if former is not None:
        book.remove(former)
    worksheet = book.create_sheet(REFUSED_SHEET)
    for text in TOP:
        worksheet.append([text])
    worksheet.append([])
    worksheet.append(HEADERS)
    for cell in worksheet[worksheet.max_row]:
        cell.font = Font(bold=True)
    for one in refused:
        add_reason(worksheet, one, sheets.get(normalise(titled(one.sheet))))
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    # Two sheets selected at once would both take what is typed into one.
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is worksheet
    book.active = worksheet


def add_reason(worksheet: Worksheet, one: Refused, found: Worksheet | None) -> None:
    """Add one reason, with a link to its cell on the sheet where that is."""
    worksheet.append(list(one))
    row: Any = worksheet[worksheet.max_row]
    for cell in row:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        # The name of a sheet may begin like a formula and is none.
        cell.data_type = "s"
    if found is not None and ADDRESS.fullmatch(one.cell):
        title = found.title.replace("'", "''")
        link = Hyperlink(row[1].coordinate, location=f"'{title}'!{one.cell}")
        row[1].hyperlink = link
        row[1].font = Font(color="0563C1", underline="single")

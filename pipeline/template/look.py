"""How a workbook to fill in looks: its formats, and a workbook with them at hand.

In here: formats, widths, protection. Not in here: what stands on a sheet.

No meaning lies in colour alone: what must be filled in has a sign as well.
"""

import textwrap
from collections.abc import Mapping
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.template import (
    FieldLabels,
    Language,
    TemplateWords,
    Wording,
)
from pipeline.template.printed import printed_codes
from schemas.fields import Field, Record

FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "valign": "bottom"},
    "line": {"valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1,
             "border_color": "#A6A6A6", "bg_color": "#E7EEF5"},
    "needed": {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1,
               "border_color": "#A6A6A6", "bg_color": "#FFE699"},
    "name": {"font_size": 8, "font_color": "#595959", "italic": True,
             "bg_color": "#F2F2F2", "valign": "vcenter"},
    "clipped": {"font_size": 8, "font_color": "#595959", "text_wrap": True,
                "valign": "top"},
    "text": {"num_format": "@", "locked": False, "valign": "top"},
    "number": {"locked": False, "valign": "top"},
    "answer": {"num_format": "@", "locked": False, "valign": "top", "text_wrap": True,
               "border": 1, "border_color": "#7F7F7F", "bg_color": "#FFFFFF"},
    "example": {"num_format": "@", "valign": "top", "text_wrap": True, "border": 4,
                "border_color": "#A6A6A6"},
}  # fmt: skip
"""Cells to fill in are text: else "2021-03" would become a day, "00042" a 42."""

PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
"""What may be done on a protected sheet. There is no password: it guards slips only."""

LINE_HEIGHT = 15.0
LINE_WIDTH = 118


class Pen(NamedTuple):
    """A workbook being written in one language, and everything its sheets need."""

    workbook: Workbook
    formats: Mapping[str, Format]
    language: Language
    country: str
    words: TemplateWords
    labels: FieldLabels
    lists: Mapping[str, CodeList]

    def said(self, wording: Wording) -> str:
        """Return a text in the language of the workbook."""
        return self.words.said(wording, self.language)

    def printed(self, codelist: str) -> dict[str, str]:
        """Return code → what is printed for it, of one list."""
        return printed_codes(self.lists[codelist], self.language, self.country)

    def label(self, record: Record, field: Field) -> str:
        """Return the label of a field in the language of the workbook."""
        return self.labels.label(record.name, field.name, self.language)

    def help(self, record: Record, field: Field) -> str:
        """Return what a field means in the language of the workbook."""
        return self.labels.help(record.name, field.name, self.language)


def formats_of(workbook: Workbook) -> dict[str, Format]:
    """Return the formats of a workbook by name."""
    return {name: workbook.add_format(look) for name, look in FORMATS.items()}


def write_folded(sheet: Worksheet, pen: Pen, row: int, words: str) -> int:
    """Write a text in lines that fit a page, and return the row below them."""
    for line in textwrap.wrap(words, LINE_WIDTH):
        sheet.write_string(row, 0, line, pen.formats["line"])
        row += 1
    return row


def height_for(cells: Mapping[str, float]) -> float:
    """Return the height of a row: not every program finds it from wrapped text.

    Args:
        cells: text → width of its column.
    """
    lines = [
        len(textwrap.wrap(text, max(int(width * 0.95), 4)))
        for text, width in cells.items()
    ]
    return LINE_HEIGHT * max(1, *lines) + 2


def set_page(sheet: Worksheet, *, is_wide: bool = False) -> None:
    """Set how a sheet is printed: across, with page numbers.

    One page wide, but for a wide one, in which nothing could be read then.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    if not is_wide:
        sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.set_footer("&L&A&R&P / &N")

"""One sheet of the workbook: lines above, one real table, ready to print.

In here: how a sheet is laid out and formatted. Not in here: which sheets there are
and what they say (`workbook.py`).

Content starts in A1, nothing is merged or hidden, nothing stands below the table, no
meaning lies in colour alone.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NARROWEST, WIDEST, WIDEST_OF_MANY = 9, 46, 26.0
A3, A4 = 8, 9
A3_FROM_WIDTH, NARROW_FROM_WIDTH = 175, 260
LINES = 125
"""Characters in a line above a table: longer texts go on in the next row."""
ROW_HEIGHT = 13.5
HEIGHTS = {"title": 24.0, "heading": 26.0, "warning": 22.0}

FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "valign": "bottom"},
    "warning": {"bold": True, "font_color": "#B00000", "font_size": 12},
    "line": {"font_size": 10},
    "link": {
        "font_size": 10,
        "font_color": "#0563C1",
        "underline": 1,
        "align": "left",
        "valign": "top",
    },
    "header": {
        "bold": True,
        "text_wrap": True,
        "valign": "top",
        "font_size": 10,
        "bg_color": "#E7EEF5",
        "bottom": 1,
        "top": 1,
        "align": "left",
        "indent": 1,
    },
    "header_value": {
        "bold": True,
        "text_wrap": True,
        "valign": "top",
        "font_size": 10,
        "bg_color": "#E7EEF5",
        "bottom": 1,
        "top": 1,
        "align": "right",
    },
    "text": {
        "text_wrap": True,
        "valign": "top",
        "font_size": 10,
        "align": "left",
        "indent": 1,
    },
    "whole": {"num_format": "#,##0", "valign": "top", "font_size": 10},
    "decimal": {"num_format": "#,##0.##", "valign": "top", "font_size": 10},
    "mark": {"align": "right", "valign": "top", "font_size": 10},
}


class Line(NamedTuple):
    """One line above a table: its words, how it looks, and where it leads."""

    words: str
    kind: str = "line"
    link: str = ""


class SheetLink(str):
    """The name of a sheet, in a cell that leads to it. No text of a source is one."""

    __slots__ = ()


@dataclass(frozen=True)
class Content:
    """What stands on a sheet: its name, the lines above, the table.

    Cells are texts or numbers; `values` names the columns whose cells are numbers or
    marks, which stand at the right. `widths` sets columns that shall not find their
    own; `on_one_page` prints the whole sheet on one page.
    """

    name: str
    lines: Sequence[Line]
    header: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]
    values: frozenset[str] = frozenset()
    widths: Mapping[str, float] = field(default_factory=dict)
    on_one_page: bool = False


def headed(content: Content, word: str) -> Content:
    """Return a sheet whose first line begins with a word, such as a warning."""
    first, *rest = content.lines
    if first.words.startswith(word):
        return content
    told = first._replace(words=f"{word}: {first.words}")
    return replace(content, lines=[told, *rest])


class Pen(NamedTuple):
    """A workbook being written, and its formats by name."""

    workbook: Workbook
    formats: Mapping[str, Format]


def pen_for(workbook: Workbook) -> Pen:
    """Return a workbook with the formats that all sheets share."""
    formats = {name: workbook.add_format(look) for name, look in FORMATS.items()}
    return Pen(workbook, formats)


def folded(words: str, kind: str = "line", width: int = LINES) -> list[Line]:
    """Return a text as lines that fit a page."""
    return [Line(part, kind) for part in textwrap.wrap(words, width)]


def write_sheet(pen: Pen, content: Content) -> Worksheet:
    """Write one sheet: lines, then the table, then how it is shown and printed."""
    sheet = pen.workbook.add_worksheet(content.name)
    for row, line in enumerate(content.lines):
        write_line(sheet, row, line, pen)
    top = len(content.lines)
    if content.header:
        write_table(sheet, top, content, pen)
    widths = widths_of(content)
    set_heights(sheet, content, widths)
    set_print(sheet, content, widths)
    return sheet


def write_line(sheet: Worksheet, row: int, line: Line, pen: Pen) -> None:
    """Write one line above a table, as a link where it leads somewhere."""
    look = pen.formats[line.kind]
    if line.link:
        sheet.write_url(row, 0, line.link, pen.formats["link"], line.words)
    else:
        sheet.write_string(row, 0, line.words, look)


def write_table(sheet: Worksheet, top: int, content: Content, pen: Pen) -> None:
    """Write a real table with a header that stays in sight and can be filtered."""
    columns = [
        {"header": head, "header_format": pen.formats[header_look(content, across)]}
        for across, head in enumerate(content.header)
    ]
    # A table needs one row below its header, even where nothing is published.
    bottom = top + max(1, len(content.rows))
    sheet.add_table(
        top, 0, bottom, len(content.header) - 1,
        {"columns": columns, "name": f"t_{content.name}".replace(" ", "_"),
         "style": "Table Style Light 1", "banded_rows": False},
    )  # fmt: skip
    for down, row in enumerate(content.rows, start=top + 1):
        for across, (head, value) in enumerate(zip(content.header, row, strict=True)):
            write_cell(sheet, (down, across), value, head in content.values, pen)
    sheet.freeze_panes(top + 1, 0)


def header_look(content: Content, across: int) -> str:
    """Return how a header stands: at the right above numbers."""
    if content.header[across] in content.values:
        return "header_value"
    numbers = any(not isinstance(row[across], str) for row in content.rows)
    return "header_value" if numbers else "header"


def write_cell(
    sheet: Worksheet, place: tuple[int, int], value: Any, is_value: bool, pen: Pen
) -> None:
    """Write a cell: a number as a number, all else as text, never as a formula."""
    if isinstance(value, int | float):
        look = pen.formats["whole" if float(value).is_integer() else "decimal"]
        sheet.write_number(*place, value, look)
    elif isinstance(value, SheetLink):
        target = f"internal:'{value}'!A1"
        sheet.write_url(*place, target, pen.formats["link"], str(value))
    else:
        sheet.write_string(*place, value, pen.formats["mark" if is_value else "text"])


def widths_of(content: Content) -> list[float]:
    """Return the width of each column, from its longest word and usual text."""
    widths = []
    for across, head in enumerate(content.header):
        if head in content.widths:
            widths.append(content.widths[head])
            continue
        texts = [str(row[across]) for row in content.rows]
        longest_word = max(
            (len(w) for t in [head, *texts] for w in t.split()), default=0
        )
        longest = max((len(text) for text in texts), default=0)
        wanted = max(longest_word + 4, min(longest + 4, WIDEST))
        widths.append(float(min(max(wanted, NARROWEST), WIDEST)))
    if sum(widths) > NARROW_FROM_WIDTH and not content.widths:
        return [min(width, WIDEST_OF_MANY) for width in widths]
    return widths


def set_heights(sheet: Worksheet, content: Content, widths: Sequence[float]) -> None:
    """Set the height of each row: not every program finds it from wrapped text."""
    for row, line in enumerate(content.lines):
        sheet.set_row(row, HEIGHTS.get(line.kind, ROW_HEIGHT))
    if not content.header:
        return
    for row, cells in enumerate([content.header, *content.rows], len(content.lines)):
        needed = max(
            lines_in(str(cell), max(int(width * 1.05) - 2, 4))
            for cell, width in zip(cells, widths, strict=True)
        )
        sheet.set_row(row, ROW_HEIGHT * needed + 1)


def lines_in(text: str, room: int) -> int:
    """Return how many lines a text takes in a column; what fits is not wrapped."""
    return 1 if len(text) <= room else len(textwrap.wrap(text, room))


def set_print(sheet: Worksheet, content: Content, widths: Sequence[float]) -> None:
    """Set widths, landscape, one page wide, the header repeated, page numbers."""
    for across, width in enumerate(widths or [LINES + 5.0]):
        sheet.set_column(across, across, width)
    if not content.on_one_page:  # a long list fits an upright page
        sheet.set_landscape()
    sheet.set_paper(A3 if sum(widths) > A3_FROM_WIDTH else A4)
    sheet.fit_to_pages(1, 1 if content.on_one_page else 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.7)
    sheet.set_footer(f"&L{content.name}&RPage &P of &N")
    if content.header:
        sheet.repeat_rows(len(content.lines))

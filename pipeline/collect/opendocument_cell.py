"""What one cell of an OpenDocument spreadsheet holds and shows.

In here: value types, the text of its paragraphs, errors. Not in here: where it stands
(`opendocument.py`). Comments, drawings and tables within a cell are not its text.

Source: OpenDocument 1.3 part 3, 19.385 (office:value-type).
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from pipeline.collect.peculiarities import NO_DATE, NOT_SAVED, error_value

NUMBERS = ("float", "percentage", "currency")
ERROR = re.compile(r"#[A-Z]+[/A-Z0-9]*[!?]?|(?:Err|Ошибка|Қате):\d{3}")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,]\d+)?Z?)?")
DURATION = re.compile(
    r"(-?)PT?(?:(\d{1,6})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d+)?S)?"
)
PARAGRAPHS = ("text:p", "text:h")
PARTS = (*PARAGRAPHS, "text:span", "text:a", "text:s", "text:tab", "text:line-break",
         "text:ruby", "text:ruby-base")  # fmt: skip
BLANK = {"text:tab": "\t", "text:line-break": "\n"}
FIRST_DAY = datetime(1899, 12, 31)  # noqa: DTZ001  a time of day, as the fast reader
MOST_DIGITS = 40
MOST_BLANKS = 32_767


class Cell(NamedTuple):
    """A cell: its value as text, what it shows where that differs, rows and columns."""

    value: str = ""
    shown: str = ""
    fault: str = ""
    spans: tuple[int, int] = (1, 1)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing stands there and nothing begins there."""
        return not (self.value or self.fault) and self.spans == (1, 1)


EMPTY = Cell()


class CellText:
    """The cell that is being read."""

    def __init__(self) -> None:
        self.is_open = False
        self.attributes: dict[str, str] = {}
        self.pieces: list[str] = []
        self.paragraphs = 0

    def open(self, attributes: dict[str, str]) -> None:
        """Begin a cell."""
        self.is_open = True
        self.attributes = attributes
        self.pieces.clear()
        self.paragraphs = 0

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        """Take in an element within the cell; return whether it is part of its text."""
        if name not in PARTS:
            return False
        if name in PARAGRAPHS:
            if self.paragraphs:
                self.pieces.append("\n")
            self.paragraphs += 1
        elif name == "text:s":
            count = min(int(attributes.get("text:c", 1)), MOST_BLANKS)
            self.pieces.append(" " * count)
        elif name in BLANK:
            self.pieces.append(BLANK[name])
        return True

    def add(self, text: str) -> None:
        """Take in text."""
        self.pieces.append(text)

    def close(self) -> Cell:
        """Return the cell."""
        self.is_open = False
        if not (self.attributes or self.pieces):
            return EMPTY
        return cell_of(self.attributes, "".join(self.pieces))


def cell_of(at: dict[str, str], text: str) -> Cell:
    """Return a cell from its attributes and its text."""
    kind = at.get("office:value-type", "")
    spans = (
        int(at.get("table:number-rows-spanned", 1)),
        int(at.get("table:number-columns-spanned", 1)),
    )
    is_formula = "table:formula" in at
    if at.get("calcext:value-type") == "error" or (
        is_formula and ERROR.fullmatch(text)
    ):
        return Cell(fault=error_value(text), spans=spans)
    if is_formula and not kind and not text:
        return Cell(fault=NOT_SAVED, spans=spans)
    value = value_of(kind, at, text)
    if kind == "date" and value[4:5] != "-":
        return Cell(fault=NO_DATE, spans=spans)
    shown = text.strip() if kind in NUMBERS and text.strip() != value else ""
    return Cell(value, shown, "", spans)


def value_of(kind: str, at: dict[str, str], text: str) -> str:
    """Return the value of a cell in the form in which all readers give it."""
    if kind in NUMBERS:
        return number_text(at["office:value"]) if "office:value" in at else text
    if kind == "date":
        return date_text(at.get("office:date-value", ""))
    if kind == "time":
        return time_text(at.get("office:time-value", ""))
    if kind == "boolean":
        return at.get("office:boolean-value", "")
    return text or at.get("office:string-value", "")


def number_text(written: str) -> str:
    """Return a number without needless zeros: 3, not 3.0."""
    if len(written) > MOST_DIGITS or abs(float(written)) >= 10.0**MOST_DIGITS:
        return written
    return f"{Decimal(written).normalize() + 0:f}"


def date_text(written: str) -> str:
    """Return a date with its time, as from other workbooks."""
    found = DATE.fullmatch(written)
    if found is None:
        return written
    year, month, day, time = found.groups()
    return f"{year}-{month}-{day} {time or '00:00:00'}"


def time_text(written: str) -> str:
    """Return a time as from other workbooks: a moment of the day before 1900."""
    found = DURATION.fullmatch(written)
    if found is None:
        return written
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    moment = FIRST_DAY - length if found[1] else FIRST_DAY + length
    return f"{moment:%Y-%m-%d %H:%M:%S}"

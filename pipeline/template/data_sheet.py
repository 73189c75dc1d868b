"""The sheet of one register: its header, and what each column lets in.

In here: labels, machine names, drop-down lists, validation, input messages. Not in
here: the sheets beside it (`other_sheets.py`).

A date is let in as a day, a month, a year or "unknown"; anything else is asked about
and not refused: a source may know less than a day.
"""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.template.form import DATA_FROM, DATA_LABELS, DATA_NAMES, REQUIRED_SIGN
from pipeline.template.look import PROTECTION, Pen, height_for, set_page
from schemas.fields import Field, Record

LAST_ROW = 1_048_575
WORDS_UNKNOWN = "words_unknown"
"""The named range of words that say that something is not known."""

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""What spreadsheets let an input message have."""

WIDTHS = {"date": 13.0, "number": 12.0, "range": 12.0, "key": 14.0, "code": 25.0}
USUAL_WIDTH = 17.0
DATE = (
    "=OR(ISNUMBER({0}),COUNTIF({1},{0})>0,AND(OR(LEN({0})=4,LEN({0})=7,LEN({0})=10),"
    "OR(ISNUMBER(VALUE(LEFT({0},4))),ISNUMBER(VALUE(RIGHT({0},4))))))"
)
NUMBER = "=OR(AND(ISNUMBER({0}),{0}>=0),COUNTIF({1},{0})>0)"


def list_name(codelist: str) -> str:
    """Return the name of the range in which the words of a code list stand."""
    return f"list_{codelist}"


def write_register(pen: Pen, record: Record) -> None:
    """Write the sheet of a register."""
    sheet = pen.workbook.add_worksheet(record.name)
    heads = {}
    for at, field in enumerate(record.fields):
        head = pen.label(record, field) + REQUIRED_SIGN * field.required
        width = width_for(head, field)
        heads[head] = width
        look = "number" if field.kind == "number" else "text"
        sheet.set_column(at, at, width, pen.formats[look])
        shape = pen.formats["needed" if field.required else "head"]
        sheet.write_string(DATA_LABELS, at, head, shape)
        sheet.write_string(DATA_NAMES, at, field.name, pen.formats["name"])
        validate_column(sheet, pen, record, at)
    sheet.set_row(DATA_LABELS, height_for(heads))
    sheet.set_row(DATA_NAMES, 12)
    sheet.freeze_panes(DATA_FROM, 1)
    sheet.repeat_rows(DATA_LABELS, DATA_NAMES)
    sheet.repeat_columns(0)
    sheet.protect("", PROTECTION)
    set_page(sheet, is_wide=True)


def width_for(head: str, field: Field) -> float:
    """Return the width of a column: that of its kind, wider for a long word or name."""
    longest_word = max(len(word) for word in head.split(" "))
    usual = WIDTHS.get(field.kind, USUAL_WIDTH)
    return max(usual, longest_word * 1.15 + 2, len(field.name) * 0.8 + 1)


def validate_column(sheet: Worksheet, pen: Pen, record: Record, at: int) -> None:
    """Say of one column what it lets in, and what it means."""
    field = record.fields[at]
    cell = xl_rowcol_to_cell(DATA_FROM, at)
    rule = {
        **rule_of(pen, field, cell),
        "input_title": shortened(pen.label(record, field), LONGEST_TITLE),
        "input_message": input_message(pen, record, field),
    }
    sheet.data_validation(DATA_FROM, at, LAST_ROW, at, rule)


def rule_of(pen: Pen, field: Field, cell: str) -> dict[str, Any]:
    """Return the rule of a column: what is let in, and what is said of the rest."""
    texts = pen.words.texts
    if field.kind == "code" and not field.multiple:
        return {
            "validate": "list",
            "source": f"={list_name(field.codelist)}",
            "error_title": pen.said(texts.bad_list_title),
            "error_message": pen.said(texts.bad_list),
        }
    if field.kind == "date":
        return {
            "validate": "custom",
            "value": DATE.format(cell, WORDS_UNKNOWN),
            "error_type": "warning",
            "error_title": pen.said(texts.bad_date_title),
            "error_message": pen.said(texts.bad_date),
        }
    if field.kind == "number":
        return {
            "validate": "custom",
            "value": NUMBER.format(cell, WORDS_UNKNOWN),
            "error_title": pen.said(texts.bad_number_title),
            "error_message": pen.said(texts.bad_number),
        }
    return {"validate": "any"}


def input_message(pen: Pen, record: Record, field: Field) -> str:
    """Return what is shown beside a cell in which somebody stands."""
    texts = pen.words.texts
    said = [pen.help(record, field)]
    if field.kind == "code" and field.multiple:
        named = pen.said(texts.choose_several).replace("{list}", field.codelist)
        said += [named, pen.said(texts.several)]
    elif field.multiple:
        said.append(pen.said(texts.several))
    elif field.kind == "code":
        said.append(pen.said(texts.choose))
    elif field.kind in ("date", "number"):
        help_of = {"date": texts.date_help, "number": texts.number_help}
        said.append(pen.said(help_of[field.kind]))
    said.append(pen.said(texts.required) + "." if field.required else "")
    return "\n".join(filter(None, said))


def shortened(text: str, longest: int) -> str:
    """Return a text that is no longer than it may be."""
    return text if len(text) <= longest else text[: longest - 1] + "…"

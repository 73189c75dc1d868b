"""The sheets beside the registers: source, guide, lists, examples.

In here: what stands on them. Not in here: the sheet of a register (`data_sheet.py`);
reading them back (`seen.py`).
"""

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from pipeline.declarations.codelists import ACCEPTED_STATUS
from pipeline.declarations.template import Fact
from pipeline.model import SEPARATOR
from pipeline.template.data_sheet import WORDS_UNKNOWN, list_name
from pipeline.template.form import (
    BETWEEN,
    COLUMNS_OF,
    EXAMPLES,
    GUIDE,
    HELP_COLUMN,
    LABEL_COLUMN,
    LISTS,
    MARKER,
    NAME_COLUMN,
    REQUIRED_SIGN,
    SOURCE,
    VALUE_COLUMN,
)
from pipeline.template.look import (
    PROTECTION,
    Pen,
    height_for,
    set_page,
    write_folded,
)
from schemas.fields import Record

FACTS_FROM = 2
SOURCE_WIDTHS = (13.0, 26.0, 44.0, 62.0)
GUIDE_WIDTHS = (34.0, 16.0, 36.0, 62.0)
FACT_LIST = "fact_"


def write_source(pen: Pen, records: Sequence[Record]) -> None:
    """Write the sheet that says what the data are, with the marker of a template."""
    sheet = pen.workbook.add_worksheet(SOURCE)
    texts = pen.words.texts
    for at, width in enumerate(SOURCE_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, NAME_COLUMN, MARKER, pen.formats["name"])
    sheet.write_string(
        0, LABEL_COLUMN, pen.said(texts.source_title), pen.formats["title"]
    )
    sheet.write_string(0, VALUE_COLUMN, pen.words.format, pen.formats["name"])
    sheet.set_row(0, 24)
    heads = (texts.fact_column, texts.answer_column, texts.meaning_column)
    for at, head in enumerate(heads, LABEL_COLUMN):
        sheet.write_string(1, at, pen.said(head), pen.formats["head"])
    for row, fact in enumerate(pen.words.facts, FACTS_FROM):
        write_fact(sheet, pen, row, fact)
    write_columns(sheet, pen, FACTS_FROM + len(pen.words.facts) + 1, records)
    sheet.freeze_panes(FACTS_FROM, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    set_page(sheet)


def write_fact(sheet: Worksheet, pen: Pen, row: int, fact: Fact) -> None:
    """Write the row of one fact, empty, with its drop-down list if it has one."""
    needed = REQUIRED_SIGN * fact.required
    label, meant = pen.said(fact.label) + needed, pen.said(fact.help)
    sheet.write_string(row, NAME_COLUMN, fact.fact, pen.formats["name"])
    look = pen.formats["needed" if fact.required else "head"]
    sheet.write_string(row, LABEL_COLUMN, label, look)
    given = pen.printed(fact.list)[pen.country] if fact.list else ""
    sheet.write(row, VALUE_COLUMN, given, pen.formats["answer"])
    sheet.write_string(row, HELP_COLUMN, meant, pen.formats["wrapped"])
    sheet.set_row(row, height_for({label: 25.0, meant: 60.0}))
    named = list_name(fact.list) if fact.list else FACT_LIST + fact.fact
    if fact.list or fact.choices:
        texts = pen.words.texts
        rule = {
            "validate": "list",
            "source": f"={named}",
            "error_title": pen.said(texts.bad_list_title),
            "error_message": pen.said(fact.help),
        }
        sheet.data_validation(row, VALUE_COLUMN, row, VALUE_COLUMN, rule)


def write_columns(
    sheet: Worksheet, pen: Pen, row: int, records: Sequence[Record]
) -> None:
    """Write, for the program, which columns the sheets of the registers have."""
    note = pen.said(pen.words.texts.program_note)
    sheet.write_string(row, LABEL_COLUMN, note, pen.formats["name"])
    for down, record in enumerate(records, row + 1):
        labels = [pen.label(record, field) for field in record.fields]
        cells = (
            COLUMNS_OF + record.name,
            "",
            *map(BETWEEN.join, (record.names, labels)),
        )
        for at, text in enumerate(cells):
            sheet.write(down, at, text, pen.formats["clipped"])
        sheet.set_row(down, 12)
    sheet.print_area(0, 0, row - 2, HELP_COLUMN)


def write_guide(pen: Pen, records: Sequence[Record]) -> None:
    """Write how to fill in the workbook, and a table of its columns."""
    sheet = pen.workbook.add_worksheet(GUIDE)
    texts = pen.words.texts
    for at, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, pen.said(texts.guide_title), pen.formats["title"])
    sheet.set_row(0, 24)
    rows = [pen.said(pen.words.rows[record.name]) for record in records]
    sections = [(pen.said(texts.rows_heading), rows)]
    for section in pen.words.guide:
        lines = [pen.said(line) for line in section.lines]
        sections.append((pen.said(section.heading), lines))
    row = 1
    if pen.words.statuses[pen.language] not in ACCEPTED_STATUS:
        row = write_folded(sheet, pen, row, pen.said(texts.fallback_note))
    row = write_sections(sheet, pen, row, sections)
    for record in records:
        row = write_field_table(sheet, pen, row + 1, record)
    sheet.protect("", PROTECTION)
    set_page(sheet)


def write_sections(
    sheet: Worksheet,
    pen: Pen,
    row: int,
    sections: Iterable[tuple[str, Sequence[str]]],
) -> int:
    """Write headings with their lines, and return the row below them."""
    for heading, lines in sections:
        sheet.write_string(row, 0, heading, pen.formats["heading"])
        sheet.set_row(row, 24)
        row += 1
        for line in lines:
            row = write_folded(sheet, pen, row, line)
    return row


def write_field_table(sheet: Worksheet, pen: Pen, row: int, record: Record) -> int:
    """Write what each column of a register is, and return the row below."""
    texts = pen.words.texts
    heading = pen.said(texts.columns_heading).replace("{sheet}", record.name)
    sheet.write_string(row, 0, heading, pen.formats["heading"])
    sheet.set_row(row, 24)
    heads = (
        *(texts.column_column, texts.needed_column),
        *(texts.how_column, texts.meaning_column),
    )
    for at, head in enumerate(heads):
        sheet.write_string(row + 1, at, pen.said(head), pen.formats["head"])
    for down, field in enumerate(record.fields, row + 2):
        how = pen.said(pen.words.kinds[field.kind])
        if field.kind == "code":
            how += f" ({field.codelist})"
        if field.multiple and field.kind == "code":
            how += ". " + pen.said(texts.several)
        needed = pen.said(texts.required if field.required else texts.optional)
        cells = (pen.label(record, field), needed, how, pen.help(record, field))
        for at, text in enumerate(cells):
            sheet.write_string(down, at, text, pen.formats["wrapped"])
        sheet.set_row(down, height_for(dict(zip(cells, GUIDE_WIDTHS, strict=True))))
    return row + 2 + len(record.fields)


def write_lists(pen: Pen, records: Sequence[Record]) -> None:
    """Write what may be chosen, each list as a named range for the drop-downs."""
    sheet = pen.workbook.add_worksheet(LISTS)
    texts = pen.words.texts
    for at, width in enumerate((22.0, 26.0, 78.0)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, pen.said(texts.lists_title), pen.formats["title"])
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, pen.said(texts.lists_note), pen.formats["line"])
    heads = (texts.list_column, texts.code_column, texts.write_column)
    for at, head in enumerate(heads):
        sheet.write_string(2, at, pen.said(head), pen.formats["head"])
    row = 3
    for name, (shown, words) in named_lists(pen, records).items():
        for down, (code, word) in enumerate(words, row):
            for at, text in enumerate((shown, code, word)):
                sheet.write_string(down, at, text, pen.formats["wrapped"])
        pen.workbook.define_name(name, f"={LISTS}!$C${row + 1}:$C${row + len(words)}")
        row += len(words)
    sheet.freeze_panes(3, 0)
    sheet.protect("", PROTECTION)
    set_page(sheet)


def named_lists(
    pen: Pen, records: Sequence[Record]
) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Return name of a range → what the list is called, and its codes and words."""
    fields = [field for record in records for field in record.fields]
    codelists = [field.codelist for field in fields if field.codelist]
    codelists += [fact.list for fact in pen.words.facts if fact.list]
    found = {
        list_name(name): (name, [*pen.printed(name).items()])
        for name in dict.fromkeys(codelists)
    }
    for fact in pen.words.facts:
        if fact.choices:
            said = [(value, pen.said(w)) for value, w in fact.choices.items()]
            found[FACT_LIST + fact.fact] = (fact.fact, said)
    unknown = [word for word, mark in pen.words.marks.items() if mark == "unknown"]
    found[WORDS_UNKNOWN] = ("unknown", [("_U", word) for word in unknown])
    return found


def write_examples(pen: Pen, records: Sequence[Record]) -> None:
    """Write some made-up rows for each register, below its header."""
    sheet = pen.workbook.add_worksheet(EXAMPLES)
    title = pen.said(pen.words.texts.examples_title)
    sheet.write_string(0, 0, title, pen.formats["title"])
    sheet.set_row(0, 24)
    widest = max(len(record.fields) for record in records)
    sheet.set_column(0, widest - 1, 20)
    row = 2
    for record in records:
        row = write_example(sheet, pen, row, record) + 1
    sheet.protect("", PROTECTION)
    set_page(sheet, is_wide=True)


def write_example(sheet: Worksheet, pen: Pen, row: int, record: Record) -> int:
    """Write the examples of one register, and return the row below them."""
    sheet.write_string(row, 0, record.name, pen.formats["heading"])
    heads = [pen.label(record, field) + REQUIRED_SIGN * field.required
             for field in record.fields]  # fmt: skip
    for at, head in enumerate(heads):
        sheet.write_string(row + 1, at, head, pen.formats["head"])
    sheet.set_row(row + 1, height_for(dict.fromkeys(heads, 19.0)))
    for down, example in enumerate(pen.words.examples[record.name], row + 2):
        cells = [example_cell(pen, record, name, example) for name in record.names]
        for at, text in enumerate(cells):
            sheet.write(down, at, text, pen.formats["example"])
        sheet.set_row(down, height_for(dict.fromkeys(cells, 19.0)))
    return row + 2 + len(pen.words.examples[record.name])


def example_cell(
    pen: Pen, record: Record, name: str, example: Mapping[str, str]
) -> str:
    """Return the cell of an example: codes as the drop-down lists have them."""
    field, text = record.field(name), example.get(name, "")
    if field.kind != "code" or not text:
        return text
    printed = pen.printed(field.codelist)
    return "; ".join(printed[code] for code in text.split(SEPARATOR))

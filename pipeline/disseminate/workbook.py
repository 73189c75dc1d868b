"""The workbook of a release: cover, contents, one sheet per table, documents, codes.

In here: what the sheets say. Not in here: how a sheet looks (`sheets.py`), the words
for codes and marks (`wording.py`).

Codes are printed as their English label where the label may be printed, else as the
code; the sheet `codes` says which code each label stands for. A dimension by which no
row is broken down is named above the table instead of filling a column. Where a table
has many dimensions, those that most rows do not use stand in one column, `Of which`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook

from pipeline.analyse.disclosure import ProtectedTable, require_protected
from pipeline.declarations.sources import Source
from pipeline.disseminate.edition import Edition, Reference, cited, sources_of
from pipeline.disseminate.files import ordered, plain_number, plain_text
from pipeline.disseminate.one_page import one_page
from pipeline.disseminate.sheets import (
    Content,
    Line,
    Pen,
    SheetLink,
    folded,
    headed,
    pen_for,
    write_sheet,
)
from pipeline.disseminate.wording import (
    SYNTHETIC,
    Words,
    bracketed,
    coverage_statements,
    full_title,
    header,
    list_of,
    marks_explained,
)
from pipeline.model import TOTAL, UNKNOWN

VALUE, MARK, OF_WHICH = "Value", "Mark", "of_which"
PERIODS = {TOTAL: "All periods", UNKNOWN: "Not stated"}
CROSSED_AT_MOST = 2
"""How many dimensions of a cube are broken down at once in a row of a sheet."""
MANY = 8
"""Dimensions above which those that most rows do not use share one column."""
CROSSED = (
    "totals, and breakdowns by one thing or by two crossed; all other combinations are "
    "in csv/ and parquet/"
)
HOW_TO_READ = (
    "A cell holds a number, or a mark in square brackets where there is no number. "
    "The column Mark also holds remarks on numbers that are there. A published 0 is a "
    "count; where nothing was supplied the mark is [x]. Codes are shown by their "
    "English label; a label that has not been checked is not shown, and the code "
    "stands in its place. The sheet codes lists them."
)


def write_workbook(
    tables: Sequence[ProtectedTable], reference: Reference, edition: Edition, path: Path
) -> Path:
    """Write the workbook of a release; the same content gives the same bytes.

    Raises:
        DisclosureError: a table has not been through disclosure control.
    """
    protected = [require_protected(table) for table in tables]
    words = Words(reference.lists)
    sources = sources_of(protected, reference)
    answers = [table for table in protected if table.spec.built == "answer"]
    contents = [
        cover(protected, sources, words, edition),
        contents_page(protected, words),
        *(one_page(table, words) for table in answers),
        *(table_sheet(table, reference, words) for table in protected),
        documents_sheet(sources, reference),
        codes_sheet(protected, words),
    ]
    if any(table.synthetic for table in protected):
        contents = [headed(content, SYNTHETIC) for content in contents]
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as workbook:
        workbook.set_properties(properties(edition))
        pen = pen_for(workbook)
        write_all(pen, contents)
    return path


def write_all(pen: Pen, contents: Iterable[Content]) -> None:
    """Write the sheets in order; the first is the one that opens."""
    sheets = [write_sheet(pen, content) for content in contents]
    sheets[0].activate()


def properties(edition: Edition) -> dict[str, Any]:
    """Return the properties of the file; its day is that of the release."""
    return {
        "title": edition.title,
        "subject": edition.subject,
        "author": "point27",
        "created": datetime.fromisoformat(edition.release_date),
        "comments": f"Release of {edition.release_date}",
    }


def cover(
    tables: Sequence[ProtectedTable],
    sources: dict[str, Source],
    words: Words,
    edition: Edition,
) -> Content:
    """Return the cover: what this is, how to read it, what it rests on."""
    lines = [Line(edition.title, "title"), Line(f"Release of {edition.release_date}")]
    if any(table.synthetic for table in tables):
        lines.append(Line(f"{SYNTHETIC}: made up for demonstration", "warning"))
    lines += [Line("What this is", "heading"), *folded(edition.about)]
    lines += [Line("How to read the marks", "heading"), *folded(HOW_TO_READ)]
    lines += [Line(f"{mark}  {said}") for mark, said in marks_explained(words)]
    lines += [Line("What the tables cover", "heading")]
    for statement in coverage_statements(sources.values()):
        lines += folded(statement)
    lines += [Line("Sources", "heading")]
    for name, source in sources.items():
        lines += source_lines(name, source)
    lines += [
        Line("Documents cited: sheet documents", "link", "internal:'documents'!A1")
    ]
    lines += [Line("Tables: sheet contents", "link", "internal:'contents'!A1")]
    return Content("cover", lines, (), ())


def source_lines(name: str, source: Source) -> list[Line]:
    """Return a source with publisher, licence and what it says of itself."""
    made_up = f" {SYNTHETIC}." if source.synthetic else ""
    licence = source.licence.rstrip(".")
    cite = f"{name}: {source.title}. {source.publisher}. Licence: {licence}.{made_up}"
    return [*folded(cite), *folded(source.note)]


def contents_page(tables: Sequence[ProtectedTable], words: Words) -> Content:
    """Return the list of tables with links."""
    rows = [
        (
            SheetLink(table.name),
            full_title(table, words),
            table.spec.answers,
            len(table.frame),
        )
        for table in tables
    ]
    lines = [Line("Contents", "title"), Line("Cover", "link", "internal:'cover'!A1")]
    head = ("Table", "Title", "What it answers", "Rows in csv/")
    return Content("contents", lines, head, rows, frozenset({head[-1]}))


def table_sheet(table: ProtectedTable, reference: Reference, words: Words) -> Content:
    """Return the sheet of one table."""
    frame = readable(table, ordered(table))
    columns = columns_shown(table, frame)
    head = [MARK if c == "mark" else VALUE if c == "obs_value" else header(c)
            for c in columns]  # fmt: skip
    cells = [sheet_column(table, frame, column, words) for column in columns]
    rows = list(zip(*cells, strict=True))
    lines = lines_above(table, frame, reference, words)
    return Content(table.name, lines, head, rows, frozenset({VALUE, MARK}))


def readable(table: ProtectedTable, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a sheet: of a cube, those broken down by few things at once.

    A person reads a total, and what it is made of by one thing or by two crossed;
    every further combination is in the machine files.
    """
    free = [d for d in table.spec.dimensions if d not in table.spec.fixed]
    if table.spec.built != "cube":
        return frame
    broken_down = (frame[free] != TOTAL).sum(axis=1)
    return frame[broken_down <= CROSSED_AT_MOST].reset_index(drop=True)


def columns_shown(table: ProtectedTable, frame: pd.DataFrame) -> list[str]:
    """Return the columns of a sheet: those that tell rows apart or say something."""
    rare = rarely_used(table, frame)
    used = [d for d in table.spec.dimensions if (frame[d] != TOTAL).any()]
    used = [d for d in used if d not in rare] + ([OF_WHICH] if rare else [])
    more = [c for c in ("unit_measure", "source_id") if frame[c].nunique() > 1]
    filled = [a for a in table.spec.attributes if frame[a].map(plain_text).ne("").any()]
    return ["time_period", *used, "obs_value", "mark", *more, *filled, "cell_id"]


def rarely_used(table: ProtectedTable, frame: pd.DataFrame) -> list[str]:
    """Return the dimensions that share a column: none where a table has few."""
    broken_down = {d: (frame[d] != TOTAL).mean() for d in table.spec.dimensions}
    used = [d for d, share in broken_down.items() if share > 0]
    return [d for d in used if broken_down[d] < 0.5] if len(used) > MANY else []


def of_which(table: ProtectedTable, frame: pd.DataFrame, words: Words) -> list[str]:
    """Return for each row by which rarely used dimensions it is broken down."""
    parts = [
        frame[name].map(
            lambda code, name=name: (
                ""
                if code == TOTAL
                else f"{header(name)}: {words.label(table.spec.dimensions[name], code)}"
            )
        )
        for name in rarely_used(table, frame)
    ]
    return [". ".join(filter(None, row)) for row in zip(*parts, strict=True)]


def sheet_column(
    table: ProtectedTable, frame: pd.DataFrame, column: str, words: Words
) -> list[str | int | float]:
    """Return the cells of a column: labels, numbers, or marks in square brackets."""
    if column == OF_WHICH:
        return list(of_which(table, frame, words))
    if column == "obs_value":
        pairs = zip(frame["obs_value"], frame["mark"].map(plain_text), strict=True)
        return [bracketed(m) if pd.isna(v) else plain_number(v) for v, m in pairs]
    texts = frame[column].astype("object").map(plain_text)
    if column == "mark":
        return [bracketed(text) for text in texts]
    if column == "time_period":
        return [PERIODS.get(str(text), str(text)) for text in texts]
    if pd.api.types.is_numeric_dtype(frame[column]) and column not in {"synthetic"}:
        return ["" if pd.isna(v) else plain_number(v) for v in frame[column]]
    codelist = list_of(column, table.spec) or coded_as(column, words)
    labelled = codelist or column in {*table.spec.dimensions, "source_id"}
    return [words.label(codelist, text) if labelled else text for text in texts]


def coded_as(column: str, words: Words) -> str:
    """Return the code list of an attribute: the one of its name, where there is one."""
    known = {"state": "coverage_state"}
    name = known.get(column, column)
    return name if name in words.lists else ""


def lines_above(
    table: ProtectedTable, frame: pd.DataFrame, reference: Reference, words: Words
) -> list[Line]:
    """Return what stands above a table: title, unit, basis, sources, rules, notes."""
    spec = table.spec
    sources = sources_of([table], reference).values()
    left_out = [header(d) for d in spec.dimensions if not (frame[d] != TOTAL).any()]
    named = "; ".join(f"{one.title} ({one.publisher})" for one in sources)
    said = {
        "Answers": spec.answers,
        "Period": words.label("period_basis", spec.period_basis),
        "Coverage": " ".join([spec.coverage, *coverage_statements(sources)]).strip(),
        "Small counts": spec.small_counts,
        "Rows": CROSSED if len(frame) < len(table.frame) else "",
        "Not broken down by": ", ".join(left_out).lower(),
        "Sources": named,
    }
    lines = [Line(full_title(table, words), "title")]
    lines += [Line("Contents", "link", "internal:'contents'!A1")]
    for topic, text in said.items():
        lines += folded(f"{topic}: {text}") if text else []
    for number, note in enumerate(spec.notes, start=1):
        lines += folded(f"[note {number}] {note}")
    return lines


def documents_sheet(sources: dict[str, Source], reference: Reference) -> Content:
    """Return the documents that the sources rest on."""
    documents = cited(sources, reference.documents)
    lines = [
        Line("Documents cited", "title"),
        Line("Cover", "link", "internal:'cover'!A1"),
    ]
    rows = [tuple(row) for row in documents.itertuples(index=False)]
    return Content("documents", lines, [header(c) for c in documents.columns], rows)


def codes_sheet(tables: Sequence[ProtectedTable], words: Words) -> Content:
    """Return every code that stands in a table, with what is printed for it."""
    used = sorted(
        {
            (list_of(column, table.spec), str(code))
            for table in tables
            for column in [*table.spec.dimensions, "unit_measure"]
            if list_of(column, table.spec)
            for cell in table.frame[column].dropna().unique()
            for code in str(cell).split(";")
        },
        key=lambda pair: (pair[0], words.rank(*pair)),
    )
    lines = [Line("Codes and what is printed for them", "title")]
    rows = [(name, code, words.label(name, code)) for name, code in used]
    return Content("codes", lines, ("Code list", "Code", "Printed as"), rows)

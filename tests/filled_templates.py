"""Fill in workbooks that `point27 template` wrote, as a user's program would.

In here: typing facts and rows into them, and reading one back without a process of its
own. Not in here: facts about them.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd

from pipeline.collect.intake import Intake, intake_of, lay_file
from pipeline.collect.workbook import read_sheets
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import Source
from pipeline.declarations.template import Language, template_words
from pipeline.errors import Problem
from pipeline.lineage import sha256_of
from pipeline.model import Delivery
from pipeline.process.validate import cored
from pipeline.template.made import made_source
from pipeline.template.printed import printed_codes
from pipeline.template.seen import Seen, seen_in
from pipeline.template.write import write_template
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS
from schemas.registers import REGISTERS

KEY = b"0" * 32
OFFICE = "made_up_office"
FACTS = {
    "source": OFFICE,
    "title": "Made-up register",
    "publisher": "Nobody",
    "licence": "none",
    "language": "en",
    "coverage": "register",
    "synthetic": "true",
}
Rows = Sequence[Mapping[str, str]]


@cache
def code_lists() -> dict[str, CodeList]:
    """Return the code lists of the repository."""
    return read_codelists(Workspace(REPOSITORY))


def examples() -> dict[str, tuple[dict[str, str], ...]]:
    """Return the made-up rows of each register, with codes as codes."""
    return template_words().examples


def typed(register: str, rows: Rows, language: Language) -> list[dict[str, str]]:
    """Return rows with codes as their labels, as they are chosen from the lists."""
    record, country = RECORDS[register], template_words().country
    made = []
    for row in rows:
        cells = dict(row)
        for name in row:
            if codelist := record.field(name).codelist:
                words = printed_codes(code_lists()[codelist], language, country)
                cells[name] = "; ".join(words[code] for code in row[name].split(";"))
        made.append(cells)
    return made


def write(path: Path, register: str = "complaints", language: Language = "en") -> Path:
    """Write a workbook to fill in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_template(register, language, path, code_lists())


def fill(
    path: Path, rows: Mapping[str, Rows], facts: Mapping[str, str] | None = None
) -> Path:
    """Type facts, and rows from the third row down, into a workbook."""
    book = openpyxl.load_workbook(path)
    for line in book["source"].iter_rows(max_col=3):
        told = (FACTS if facts is None else facts).get(str(line[0].value))
        if told is not None:
            line[2].value = told
    for register, told_rows in rows.items():
        sheet = book[register]
        columns = {cell.value: cell.column for cell in sheet[2]}
        for at, row in enumerate(told_rows, 3):
            for name, text in row.items():
                cell = sheet.cell(at, columns[name])
                cell.value = text
                cell.data_type = "s"  # typed as text, whatever it begins with
    book.save(path)
    return path


def filled(
    path: Path,
    registers: Sequence[str] = ("complaints",),
    language: Language = "en",
    facts: Mapping[str, str] | None = None,
) -> Path:
    """Write a workbook and fill in the examples, by their labels."""
    write(path, registers[0] if len(registers) == 1 else "all", language)
    rows = {name: typed(name, examples()[name], language) for name in registers}
    return fill(path, rows, facts)


def seen(path: Path) -> Seen:
    """Return what is seen of a workbook, read in this process."""
    found = seen_in(read_sheets(path, path.name))
    assert found is not None
    return found


def taken_in(path: Path) -> tuple[Source, Intake, list[Problem]]:
    """Return the source that a workbook tells, its records and its problems."""
    source = made_source({path.name: seen(path)}, code_lists())
    delivery = Delivery(
        source.source, "2026-01-01", path.name, sha256_of(path), 0, path
    )
    sheets = read_sheets(path, path.name)
    laid, problems = lay_file(source, delivery, source.files[0], sheets)
    return source, intake_of(laid, source, KEY), problems


def core_of(path: Path, register: str) -> pd.DataFrame:
    """Return the records of one register, coded, without judging them."""
    source, intake, problems = taken_in(path)
    assert not problems
    raw, sources = intake.records[register], {source.source: source}
    return cored(raw, RECORDS[register], sources, code_lists()).core


def names_of_registers() -> list[str]:
    """Return the names of the five registers."""
    return [record.name for record in REGISTERS]

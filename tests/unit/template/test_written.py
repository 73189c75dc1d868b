"""What a workbook to fill in holds, and that it reads back as typed."""

import warnings
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import openpyxl
import pandas as pd
import pytest
from filled_templates import (
    code_lists,
    core_of,
    examples,
    fill,
    filled,
    names_of_registers,
    seen,
    taken_in,
    typed,
    write,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.template import LANGUAGES, field_labels, template_words
from pipeline.errors import Point27Error
from pipeline.template.form import NO_DATA, REQUIRED_SIGN
from pipeline.template.judge import faults
from pipeline.template.printed import printed_codes
from schemas.records import RECORDS
from schemas.registers import REGISTERS

MARKS = {word.casefold() for word in template_words().marks}
EVERY = [(name, lang) for name in names_of_registers() for lang in LANGUAGES]


@pytest.mark.parametrize(("register", "language"), EVERY)
def test_every_register_in_every_language_reads_back(tmp_path, register, language):
    path = filled(tmp_path / "form.xlsx", [register], language)

    core = core_of(path, register)

    assert not faults(path.name, seen(path), code_lists())
    rows = examples()[register]
    assert len(core) == len(rows)
    for row, (_, record) in zip(rows, core.iterrows(), strict=True):
        assert_same(register, row, record)


def assert_same(register, row, record):
    """Assert that a record of core is what was typed."""
    for field in RECORDS[register].fields:
        text = row.get(field.name)
        found = [record[name] for name in field.core_columns]
        if text is None:
            assert pd.isna(found[0]), field.name
        elif field.kind == "code":
            assert found[0] == ";".join(sorted({*text.split(";")})), field.name
        elif field.kind == "date":
            precision = {4: "YEAR", 7: "MONTH", 10: "DAY"}[len(text)]
            whole = date.fromisoformat(text + "-01-01"[: 10 - len(text)])
            assert (found[0].date(), found[1]) == (whole, precision), field.name
        elif field.kind in ("number", "range"):
            assert found[0] == float(text.split("-")[0])
        elif field.kind == "pseudonym":
            assert found[0] != text
            assert len(found[0]) == 24
        else:
            assert found[0] == text, field.name


def a_date():
    """Return a strategy of dates as they are known: to the day, month or year."""
    days = st.dates(date(1990, 1, 1), date(2026, 1, 1)).map(str)
    return st.tuples(days, st.sampled_from((4, 7, 10))).map(lambda t: t[0][: t[1]])


def a_text():
    """Return a strategy of short texts, with signs that begin formulas too."""
    letters = st.characters(
        whitelist_categories=("L", "Nd"), whitelist_characters="=+@-/№ "
    )
    texts = st.text(letters, min_size=1, max_size=12).map(str.strip)
    return texts.filter(lambda t: t and t.casefold() not in MARKS)


def a_value(field):
    """Return a strategy of what may be typed into a field, codes as codes."""
    if field.kind == "code":
        country = template_words().country
        codes = st.sampled_from(
            [*printed_codes(code_lists()[field.codelist], "en", country)]
        )
        most = 3 if field.multiple else 1
        return st.lists(codes, min_size=1, max_size=most, unique=True).map(";".join)
    if field.kind == "date":
        return a_date()
    if field.kind in ("number", "range"):
        return st.integers(0, 5000).map(str)
    if field.kind == "pseudonym":
        return st.integers(1, 99).map("P-{}".format)
    return a_text()


def a_row(record):
    """Return a strategy of rows of a register: the key, and some of the rest."""
    told = {field.name: a_value(field) for field in record.fields}
    key = {name: told.pop(name) for name in record.key}
    return st.fixed_dictionaries(key, optional=told)


@cache
def blank(register, language):
    """Return the bytes of a workbook to fill in."""
    path = Path(mkdtemp()) / "form.xlsx"
    return write(path, register, language).read_bytes()


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_record_typed_by_label_comes_back_with_its_codes(data):
    record = data.draw(st.sampled_from(REGISTERS))
    language = data.draw(st.sampled_from(LANGUAGES))
    rows = data.draw(st.lists(a_row(record), min_size=1, max_size=4))
    path = Path(mkdtemp()) / "form.xlsx"
    path.write_bytes(blank(record.name, language))
    fill(path, {record.name: typed(record.name, rows, language)})

    core = core_of(path, record.name)

    for row, (_, found) in zip(rows, core.iterrows(), strict=True):
        for name, text in row.items():
            field = record.field(name)
            if field.kind in ("key", "text"):
                assert found[name] == text
            elif field.codelist:
                assert same_codes(field.codelist, found[name], text)


def same_codes(codelist, found, text):
    """Return whether two cells have the same codes, charges in whatever wording.

    A charge takes the wording in force at the act, where its day is known.
    """
    base = code_lists()[codelist].column("base") if codelist == "charge" else {}
    told = [
        {base.get(code, code) for code in cell.split(";")} for cell in (found, text)
    ]
    return told[0] == told[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_registers_stand_in_one_workbook(tmp_path, language):
    path = write(tmp_path / "all.xlsx", "all", language)

    book = openpyxl.load_workbook(path)

    assert set(book.sheetnames) == {*names_of_registers(), *NO_DATA}
    for record in REGISTERS:
        sheet = book[record.name]
        assert [cell.value for cell in sheet[2]] == list(record.names)
        labels = [str(cell.value).removesuffix(REQUIRED_SIGN) for cell in sheet[1]]
        shown = [field_labels().label(record.name, n, language) for n in record.names]
        assert labels == shown
        marked = [str(cell.value).endswith(REQUIRED_SIGN) for cell in sheet[1]]
        assert marked == [field.required for field in record.fields]


def test_headers_are_protected_and_rows_are_free(tmp_path):
    sheet = openpyxl.load_workbook(write(tmp_path / "form.xlsx"))["complaints"]

    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["A1"].protection.locked
    assert sheet["A2"].protection.locked
    assert not sheet.column_dimensions["A"].protection.locked
    assert sheet.freeze_panes == "B3"


def test_every_column_says_what_it_means_and_what_it_lets_in(tmp_path):
    sheet = openpyxl.load_workbook(write(tmp_path / "form.xlsx"))["complaints"]

    rules = {
        str(r.sqref).split(":")[0]: r for r in sheet.data_validations.dataValidation
    }

    assert len(rules) == len(RECORDS["complaints"].fields)
    assert all(rule.prompt for rule in rules.values())
    assert rules["B3"].errorStyle == "warning"  # a date may be known to the year
    assert rules["E3"].type == "list"
    assert rules["E3"].formula1 == "list_channel"
    assert rules["T3"].type is None  # several codes: no drop-down, but a message
    assert "; " in rules["T3"].prompt


def test_no_message_is_too_long_for_a_spreadsheet(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the writer leaves out what is too long
        for language in LANGUAGES:
            write(tmp_path / f"{language}.xlsx", "all", language)


def test_the_same_words_give_the_same_bytes(tmp_path):
    first, second = (write(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))

    assert first.read_bytes() == second.read_bytes()


def test_a_file_that_is_there_stays(tmp_path):
    path = filled(tmp_path / "form.xlsx")
    before = path.read_bytes()

    with pytest.raises(Point27Error, match="there is a file already"):
        write(path)

    assert path.read_bytes() == before


def test_a_formula_that_was_typed_as_text_is_text(tmp_path):
    path = write(tmp_path / "form.xlsx")
    row = {**examples()["complaints"][0], "document": '=HYPERLINK("http://x","y")'}
    fill(path, {"complaints": [row]})

    core = core_of(path, "complaints")

    assert core["document"].tolist() == ['=HYPERLINK("http://x","y")']


def test_every_cell_is_accounted_for(tmp_path):
    path = filled(tmp_path / "form.xlsx", names_of_registers())

    _, intake, _ = taken_in(path)

    typed_cells = {
        name: sum(len(row) for row in examples()[name]) for name in names_of_registers()
    }
    cells = intake.cells.set_index("sheet")
    data = cells["cells_read"] - cells["cells_non_data"]
    assert data[data > 0].to_dict() == typed_cells
    assert set(data[data == 0].index) == set(NO_DATA)

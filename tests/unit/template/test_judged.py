"""A workbook that is not as it was written is refused, each fault with its cell."""

import openpyxl
import pytest
from filled_templates import FACTS, code_lists, fill, filled, seen, taken_in, write

from pipeline.template.judge import faults


def judged(path):
    """Return the problems of a workbook."""
    return faults(path.name, seen(path), code_lists())


def changed(path, change):
    """Change a workbook by hand."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


@pytest.fixture
def form(tmp_path):
    """Return a workbook that was filled in well."""
    return filled(tmp_path / "form.xlsx")


def test_what_was_filled_in_well_has_no_problem(form):
    assert not judged(form)


@pytest.mark.parametrize(
    "fact", ["source", "title", "publisher", "licence", "coverage"]
)
def test_a_fact_that_is_missing_is_told_with_its_cell(tmp_path, fact):
    path = filled(tmp_path / "form.xlsx", facts={**FACTS, fact: ""})

    (problem,) = judged(path)

    row = (
        3 + ["source", "title", "publisher", "licence"].index(fact)
        if fact != "coverage"
        else 10
    )
    assert problem.place == f"form.xlsx!source!C{row}"
    assert "not filled in" in problem.what


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("source", "City Office"),
        ("ref_area", "Atlantis"),
        ("ref_area", "_U"),
        ("sensitivity", "secret"),
        ("coverage", "some"),
    ],
)
def test_an_answer_that_is_none_is_told(tmp_path, fact, answer):
    path = filled(tmp_path / "form.xlsx", facts={**FACTS, fact: answer})

    (problem,) = judged(path)

    assert "not one of the answers" in problem.what
    assert answer not in str(problem)


def test_empty_means_restricted_and_real(tmp_path):
    facts = {name: told for name, told in FACTS.items() if name != "synthetic"}

    source, _, _ = taken_in(filled(tmp_path / "form.xlsx", facts=facts))

    assert source.sensitivity == "restricted"
    assert not source.synthetic


def test_answers_are_read_in_any_language(tmp_path):
    facts = {**FACTS, "sensitivity": "Открытые", "coverage": "полный учёт"}
    facts |= {"synthetic": "да", "ref_area": "Казахстан"}

    source, _, _ = taken_in(filled(tmp_path / "form.xlsx", facts=facts))

    assert (source.sensitivity, source.coverage) == ("public", "register")
    assert (source.synthetic, source.ref_area) == (True, "KZ")


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (lambda sheet: sheet.delete_cols(3), "C2"),
        (lambda sheet: sheet.insert_cols(2), "B2"),
        (lambda sheet: sheet.cell(2, 4, "received_on"), "D2"),
        (lambda sheet: sheet.cell(1, 4, "Day of arrest"), "D1"),
        (lambda sheet: sheet.cell(2, 29, "remarks"), "AC2"),
        (lambda sheet: sheet.delete_rows(1), "A2"),
    ],
    ids=["deleted", "inserted", "machine name", "label", "added", "row"],
)
def test_a_header_that_was_changed_is_told_with_its_cell(form, change, cell):
    changed(form, lambda book: change(book["complaints"]))

    problems = judged(form)

    assert f"form.xlsx!complaints!{cell}" in [problem.place for problem in problems]
    assert all("header is not as it was written" in p.what for p in problems)


def test_columns_that_changed_places_are_told(form):
    def swap(book):
        for row in book["complaints"].iter_rows(min_col=3, max_col=4):
            row[0].value, row[1].value = row[1].value, row[0].value

    problems = judged(changed(form, swap))

    assert {p.place for p in problems} == {
        "form.xlsx!complaints!C1",
        "form.xlsx!complaints!C2",
    }


def test_a_sheet_that_was_renamed_is_missed(form):
    def rename(book):
        book["complaints"].title = "Complaints of 2024"

    (problem,) = judged(changed(form, rename))

    assert "the sheet 'complaints' is missing" in problem.what


@pytest.mark.parametrize("cell", ["C1", "C15"])
def test_another_version_is_told(form, cell):
    def change(book):
        assert book["source"][cell].value
        book["source"][cell].value = "complaint_id | soul_weight"

    (problem,) = judged(changed(form, change))

    assert problem.place == "form.xlsx!source!C1"
    assert "another version" in problem.what
    assert "point27 template" in problem.do


def test_a_workbook_of_fewer_fields_is_still_read(form):
    """Fields may be added to a register; what was delivered before stays readable."""

    def older(book):
        book["complaints"].delete_cols(28)
        for column in "CD":
            told = book["source"][f"{column}15"]
            told.value = told.value.rpartition(" | ")[0]

    changed(form, older)

    assert not judged(form)
    assert "document" not in taken_in(form)[0].files[0].sheets[-1].columns


def test_an_untouched_workbook_is_nothing_and_no_zero(tmp_path):
    path = fill(write(tmp_path / "form.xlsx"), {})

    (problem,) = judged(path)

    assert "nothing filled in" in problem.what
    assert "not a count of 0" in problem.expected


def test_a_register_left_empty_is_not_supplied(tmp_path):
    path = write(tmp_path / "form.xlsx", "all")
    fill(path, {"complaints": [{"complaint_id": "1"}]})

    source, intake, problems = taken_in(path)

    assert not judged(path)
    assert not problems
    assert source.records == ("complaints",)
    assert set(intake.records) == {"complaints"}


def test_a_remark_beside_the_table_is_told(form):
    changed(form, lambda book: book["complaints"].cell(4, 40, "ask again"))

    _, _, problems = taken_in(form)

    assert [problem.place for problem in problems] == ["form.xlsx!complaints!AN4"]


def test_another_workbook_is_no_template(tmp_path):
    from pipeline.collect.workbook import read_sheets
    from pipeline.template.seen import seen_in

    book = openpyxl.Workbook()
    book.active.title = "source"
    book.active["A1"] = "where we got it"
    book.save(tmp_path / "other.xlsx")

    assert seen_in(read_sheets(tmp_path / "other.xlsx", "other.xlsx")) is None

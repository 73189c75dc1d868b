"""The workbook: what a reader finds when it is opened."""

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from small_tables import spec

from pipeline.disseminate.edition import Edition
from pipeline.disseminate.files import ordered
from pipeline.disseminate.sheets import Content, Line, pen_for, write_sheet
from pipeline.disseminate.wording import COVERAGE, SYNTHETIC, Words
from pipeline.disseminate.workbook import write_workbook

EDITION = Edition("2026-01-02", "Torture complaints in Kazakhstan")


@pytest.fixture
def book(penalties, reference, tmp_path):
    path = write_workbook([penalties], reference, EDITION, tmp_path / "b.xlsx")
    return openpyxl.load_workbook(path)


def header_row(sheet):
    (table,) = sheet.tables.values()
    return int(table.ref.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def records(sheet):
    top = header_row(sheet)
    head = [cell.value for cell in sheet[top]]
    rows = sheet.iter_rows(min_row=top + 1, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def above(sheet):
    top = header_row(sheet) if sheet.tables else sheet.max_row + 1
    return " ".join(str(sheet.cell(row, 1).value) for row in range(1, top))


def test_sheets_stand_in_order_and_the_cover_opens(book):
    assert book.sheetnames == ["cover", "contents", "penalties", "documents", "codes"]
    assert book.active.title == "cover"
    assert book.properties.title == EDITION.title
    assert str(book.properties.created) == "2026-01-02 00:00:00"


def test_every_value_is_that_of_the_table_or_its_mark(book, penalties):
    frame = ordered(penalties).set_index("cell_id")
    found = {row["Cell id"]: row for row in records(book["penalties"])}
    crossed = (frame[list(penalties.spec.dimensions)] != "_T").sum(axis=1)
    frame = frame[crossed <= 2]
    assert found.keys() == set(frame.index)
    for cell, row in frame.iterrows():
        value, mark = found[cell]["Value"], found[cell]["Mark"] or ""
        assert mark == (f"[{row['mark']}]" if row["mark"] else "")
        assert value == (mark if pd.isna(row["obs_value"]) else row["obs_value"])


def test_a_table_says_what_it_is(book):
    said = above(book["penalties"])
    assert book["penalties"]["A1"].value == "Small table penalties (unit: person)"
    assert "Period: year of the verdict" in said
    assert "Small counts: Published in full." in said
    assert "Sources: Cases documented in public (A publisher)" in said
    assert "[note 1] A known limit." in said
    assert " ".join(COVERAGE["documented_minimum"].split()) in said


def test_the_cover_says_how_to_read_and_whose_the_data_are(book):
    said = above(book["cover"])
    assert "[c]  Withheld (confidentiality)" in said
    assert "Licence: CC BY 4.0." in said
    assert "2026-01-02" in said
    assert [row["Document"] for row in records(book["documents"])] == ["DOC-1"]


def test_contents_lead_to_the_tables(book):
    cell = book["contents"].cell(header_row(book["contents"]) + 1, 1)
    assert cell.hyperlink.location == "'penalties'!A1"


def test_the_header_stays_in_sight_and_on_every_page(book):
    sheet = book["penalties"]
    top = header_row(sheet)
    assert sheet.freeze_panes == f"A{top + 1}"
    assert sheet.print_title_rows == f"${top}:${top}"
    assert sheet.page_setup.orientation == "landscape"
    assert next(iter(sheet.tables.values())).autoFilter is not None
    assert not sheet.merged_cells.ranges


def test_a_label_from_memory_is_not_printed(lists):
    rows = lists["penalty"].rows
    doubtful = rows.loc[rows["label_en_status"] == "M", "code"]
    words = Words(lists)
    assert len(doubtful) > 0
    assert all(words.label("penalty", code) == code for code in doubtful)
    assert words.label("penalty", "PRISON") == "Deprivation of liberty"


def test_two_codes_of_a_list_never_look_the_same(lists):
    words = Words(lists)
    for name, codelist in lists.items():
        labels = [words.label(name, code) for code in codelist.codes if ";" not in code]
        assert len(set(labels)) == len(labels), name


def test_a_formula_stays_text(build, reference, tmp_path):
    declared = spec("t", {}, attributes={"document": "Where it stands."})
    table = build(declared, [{"obs_value": 1, "document": "=1+1"}])
    path = write_workbook([table], reference, EDITION, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(path)["t"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type in {"s", "inlineStr"} or cell.data_type != "f"


def test_rarely_used_dimensions_share_a_column(build, reference, tmp_path):
    names = [f"d{number}" for number in range(9)]
    declared = spec("wide", dict.fromkeys(names, ""))
    rows = [{"d0": f"k{n}", f"d{n}": "A", "obs_value": n} for n in range(1, 9)]
    path = write_workbook(
        [build(declared, rows)], reference, EDITION, tmp_path / "b.xlsx"
    )
    found = records(openpyxl.load_workbook(path)["wide"])
    assert found[0]["Of which"] == "D1: A"
    assert "D1" not in found[0]


def test_made_up_data_say_so_on_the_cover_and_in_the_title(
    made_up, reference, tmp_path
):
    path = write_workbook([made_up], reference, EDITION, tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    assert SYNTHETIC in above(book["cover"])
    assert book["penalties"]["A1"].value.startswith(SYNTHETIC)


def test_the_same_content_gives_the_same_bytes(penalties, reference, tmp_path):
    one = write_workbook([penalties], reference, EDITION, tmp_path / "1.xlsx")
    two = write_workbook([penalties], reference, EDITION, tmp_path / "2.xlsx")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("text", ["internal:'cover'!A1", "https://x.example", "=1+1"])
def test_a_text_of_a_source_never_becomes_a_link_or_a_formula(tmp_path, text):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        content = Content("s", [Line(text)], (text,), [(text,)])
        write_sheet(pen_for(book), content)
    sheet = openpyxl.load_workbook(path)["s"]
    cells = [sheet[at] for at in ("A1", "A2", "A3")]
    assert [(c.value, c.data_type, c.hyperlink) for c in cells] == [
        (text, "s", None)
    ] * 3

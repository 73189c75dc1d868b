"""Each format: values, shown text, merges, hidden parts, faults, both epochs."""

import datetime as dt
import struct
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odd_workbooks import (
    SHEET,
    binary,
    binary_cell,
    binary_row,
    cell,
    document,
    office,
    office_parts,
    record,
    row,
    table,
    wide,
    zipped,
)
from openpyxl.comments import Comment

from pipeline.collect.workbook import read_sheets
from pipeline.model import Merge, Sheet

DATE, LEADING_ZEROS, PERCENT = "dd.mm.yyyy", "00000", "0.0%"
SHOWN = {(1, 1): "00042", (2, 1): "12.5%"}
VALUES = ["head", "42", "0.125", "2020-02-29 00:00:00", None, "3", "true"]


def only(path: Path) -> Sheet:
    """Return the one sheet of a file."""
    (sheet,) = read_sheets(path, path.name)
    return sheet


def of_xlsx(path: Path) -> Path:
    """Write column B: one of each thing, and a hidden row and column."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("s")
        sheet.write("B1", "head")
        sheet.write("B2", 42, book.add_format({"num_format": LEADING_ZEROS}))
        sheet.write("B3", 0.125, book.add_format({"num_format": PERCENT}))
        date = book.add_format({"num_format": DATE})
        sheet.write_datetime("B4", dt.date(2020, 2, 29), date)
        sheet.write_formula("B5", "=1/0", None, "#DIV/0!")
        sheet.write("B6", 3.0)
        sheet.write("B7", True)
        sheet.write("C7", "x")
        sheet.merge_range("B8:C9", "wide")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})
    return path


def of_xls(path: Path) -> Path:
    """Write the same as `of_xlsx`, the error left out: the library writes none."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write(0, 1, "head")
    sheet.write(1, 1, 42, xlwt.easyxf(num_format_str=LEADING_ZEROS))
    sheet.write(2, 1, 0.125, xlwt.easyxf(num_format_str=PERCENT))
    sheet.write(3, 1, dt.date(2020, 2, 29), xlwt.easyxf(num_format_str=DATE))
    sheet.row(4).set_cell_error(1, "#DIV/0!")
    sheet.write(5, 1, 3.0)
    sheet.write(6, 1, True)
    sheet.write(6, 2, "x")
    sheet.write_merge(7, 8, 1, 2, "wide")
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    book.save(str(path))
    return path


def of_xlsb(path: Path) -> Path:
    """Write the same as `of_xlsx`, record by record."""
    rows = [
        binary_row(0, binary_cell(1, 6, wide("head"))),
        binary_row(1, binary_cell(1, 2, struct.pack("<I", 42 << 2 | 2), 1)),
        binary_row(2, binary_cell(1, 5, struct.pack("<d", 0.125), 2), hidden=True),
        binary_row(3, binary_cell(1, 5, struct.pack("<d", 43890), 3)),
        binary_row(4, binary_cell(1, 3, b"\x07")),
        binary_row(5, binary_cell(1, 5, struct.pack("<d", 3))),
        binary_row(
            6, binary_cell(1, 4, b"\x01"), binary_cell(2, 6, wide("x"))
        ),
        binary_row(7, binary_cell(1, 6, wide("wide"))),
        binary_row(8, binary_cell(2, 6, wide(""))),
    ]  # fmt: skip
    merge = record(177) + record(176, struct.pack("<4I", 7, 8, 1, 2)) + record(178)
    formats = (LEADING_ZEROS, PERCENT, DATE)
    return binary(path, b"".join(rows), tail=merge, formats=formats)


def of_ods(path: Path) -> Path:
    """Write the same as `of_xlsx`, as OpenDocument."""
    empty = "<table:table-cell/>"
    number = {"office__value_type": "float"}
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    columns += '<table:table-column table:visibility="collapse"/>'
    rows = [
        row(empty, cell("head", office__value_type="string")),
        row(empty, cell("00042", office__value="42", **number)),
        row(empty, cell("12.5%", office__value_type="percentage",
                        office__value="0.125"), table__visibility="collapse"),
        row(empty, cell("29.02.2020", office__value_type="date",
                        office__date_value="2020-02-29")),
        row(empty, cell("#DIV/0!", office__value_type="string",
                        calcext__value_type="error", table__formula="of:=1/0")),
        row(empty, cell("3", office__value="3.0", **number)),
        row(empty, cell("TRUE", office__value_type="boolean",
                        office__boolean_value="true"), cell("x")),
        row(empty, cell("wide", table__number_columns_spanned="2",
                        table__number_rows_spanned="2")),
        row(empty, "<table:covered-table-cell/>", "<table:covered-table-cell/>"),
    ]  # fmt: skip
    return document(path, table(columns + "".join(rows)))


@pytest.fixture(scope="module", params=["xlsx", "xls", "xlsb", "ods"])
def sheet(request, tmp_path_factory) -> Sheet:
    """Return the same sheet, from a file of each format."""
    write = {"xlsx": of_xlsx, "xls": of_xls, "xlsb": of_xlsb, "ods": of_ods}
    path = tmp_path_factory.mktemp("formats") / f"f.{request.param}"
    return only(write[request.param](path))


def test_values_stand_where_they_stood(sheet):
    column = sheet.values[1].iloc[:7]
    assert column.astype("object").where(column.notna(), None).tolist() == VALUES
    assert sheet.values[0].isna().all()


def test_what_the_sheet_shows_is_known(sheet):
    assert sheet.shown == SHOWN


def test_an_error_value_is_a_fault_and_no_empty_cell(sheet):
    assert sheet.faults == ((4, 1, "the error value #DIV/0!"),)


def test_merges_and_hidden_parts_are_known(sheet):
    assert sheet.merged == (Merge(7, 1, 8, 2),)
    assert sheet.hidden_rows == (2,)
    assert sheet.hidden_columns == (2,)
    assert not sheet.is_hidden


@pytest.mark.parametrize("is_1904", [False, True])
def test_both_epochs_of_dates_are_right(tmp_path, is_1904):
    day = dt.datetime(2020, 2, 29, 13, 5, 6)  # noqa: DTZ001  workbooks know no zones
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx"), {"date_1904": is_1904}) as book:
        form = book.add_format({"num_format": DATE})
        book.add_worksheet("s").write_datetime("A1", day, form)
    old = xlwt.Workbook()
    old.dates_1904 = is_1904
    old.add_sheet("s").write(0, 0, day, xlwt.easyxf(num_format_str=DATE))
    old.save(str(tmp_path / "x.xls"))
    for name in ("x.xlsx", "x.xls"):
        assert only(tmp_path / name).values.iat[0, 0] == "2020-02-29 13:05:06"


def test_hidden_sheets_are_told(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet("seen").write(0, 0, 1)
        hidden = book.add_worksheet("hidden")
        hidden.write(0, 0, 1)
        hidden.hide()
    sheets = table(row(cell("1")), name="seen") + table(
        row(cell("1")), name="hidden", more='table:style-name="h"'
    )
    style = (
        '<style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    document(tmp_path / "x.ods", sheets, styles=style)
    for name in ("x.xlsx", "x.ods"):
        found = read_sheets(tmp_path / name, name)
        assert [sheet.is_hidden for sheet in found] == [False, True]


def test_a_formula_without_a_value_is_a_fault_and_names_its_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active.append([1, "=A1+1", '=""'])
    book.save(tmp_path / "x.xlsx")
    old = xlwt.Workbook()
    old.add_sheet("s").write(0, 1, xlwt.Formula("1+1"))
    old.save(str(tmp_path / "x.xls"))
    formula = cell(table__formula="of:=1+1")
    document(tmp_path / "x.ods", table(row(cell("x"), formula)))
    for name in ("x.xlsx", "x.xls", "x.ods"):
        fault = only(tmp_path / name).faults[0]
        assert fault == (0, 1, "a formula whose value was not saved")


def test_a_formula_that_gives_an_empty_text_is_no_fault(tmp_path):
    rows = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>'
    assert only(office(tmp_path / "x.xlsx", rows)).faults == ()


def test_stale_formulas_are_remarked(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("s").write_formula("A1", "=1+1")
    assert any("may be stale" in remark for remark in only(path).remarks)


def test_comments_are_counted_and_their_text_is_no_value(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["A1"].comment = Comment("secret", "somebody")
    book.save(tmp_path / "x.xlsx")
    note = "<office:annotation><text:p>secret</text:p></office:annotation>"
    document(tmp_path / "x.ods", table(row(cell("x", note))))
    for name in ("x.xlsx", "x.ods"):
        sheet = only(tmp_path / name)
        assert sheet.values.to_numpy().tolist() == [["x"]]
        assert sheet.remarks == ("1 cell comments, not read",)


def test_macros_links_and_objects_are_remarked_and_left_alone(tmp_path):
    parts = office_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts |= {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": "<x/>"}
    parts |= {"xl/embeddings/oleObject1.bin": b"x", "xl/media/image1.png": b"x"}
    assert only(zipped(tmp_path / "x.xlsm", parts)).remarks == (
        "macros, not run",
        "links to other workbooks, not followed",
        "embedded objects, not opened",
        "pictures, not read",
    )


@pytest.mark.parametrize("lines", [2, 20_000])
def test_rows_passed_over_change_nothing(tmp_path, lines):
    """What is peculiar stands first, last and between; the rest is not parsed."""
    at = (1, lines // 2 + 1, lines + 2)
    rows = []
    for n in range(1, lines + 3):
        hidden = ' hidden="1"' if n in at else ""
        style = ' s="1"' if n in at else ""
        rows.append(f'<row r="{n}"{hidden}><c r="B{n}"{style}><v>{n}</v></c></row>')
    path = office(
        tmp_path / "x.xlsx",
        "".join(rows),
        head='<cols><col min="2" max="2" hidden="1"/></cols>',
        tail='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        formats=["000000"],
    )
    sheet = only(path)
    assert sheet.hidden_rows == tuple(n - 1 for n in at)
    assert sheet.shown == {(n - 1, 1): f"{n:06}" for n in at}
    assert sheet.merged == (Merge(0, 0, 1, 1),)
    assert sheet.hidden_columns == (1,)


def test_a_sheet_written_otherwise_is_read_in_full(tmp_path):
    """A prefix, single quotes, blanks between tags, rows without numbers."""
    parts = office_parts("")
    many = "<x:row>\n<x:c><x:v>1</x:v></x:c></x:row>\n" * 9000
    parts[SHEET] = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/"
        f"main'><x:sheetData>{many}<x:row hidden='true'><x:c><x:f>1</x:f></x:c>"
        "</x:row></x:sheetData></x:worksheet>"
    )
    path = zipped(tmp_path / "x.xlsx", parts)
    sheet = only(path)
    assert sheet.faults == ((9000, 0, "a formula whose value was not saved"),)


def test_texts_of_ods_keep_blanks_and_lines(tmp_path):
    inner = 'a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p><text:p>e'
    path = document(tmp_path / "x.ods", table(row(cell(inner))))
    assert only(path).values.iat[0, 0] == "a  b\tc\nd\ne"


def test_drawings_and_copies_of_other_files_in_ods_are_no_cells(tmp_path):
    drawing = "<drawing:frame><text:p>leak</text:p></drawing:frame>"
    outside = table("<table:table-source/>" + row(cell("leak")), name="'file:///x'#s")
    path = document(tmp_path / "x.ods", table(row(cell("x", drawing))) + outside)
    assert only(path).values.to_numpy().tolist() == [["x"]]


def test_rows_and_cells_of_ods_repeat(tmp_path):
    rows = row(cell("a", table__number_columns_repeated="3"),
               table__number_rows_repeated="2")  # fmt: skip
    rows += row("<table:table-cell/>", table__number_rows_repeated="1048570")
    path = document(tmp_path / "x.ods", table(rows))
    assert only(path).values.to_numpy().tolist() == [["a"] * 3] * 2


@pytest.mark.parametrize(
    ("written", "value"),
    [("PT13H05M00S", "1899-12-31 13:05:00"), ("PT36H", "1900-01-01 12:00:00")],
)
def test_times_of_ods_are_read_as_those_of_other_workbooks(tmp_path, written, value):
    time = cell("x", office__value_type="time", office__time_value=written)
    path = document(tmp_path / "x.ods", table(row(time)))
    assert only(path).values.iat[0, 0] == value


def test_a_chart_sheet_is_no_hindrance(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("data").write(0, 0, 1)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=data!$A$1:$A$1"})
        book.add_chartsheet("chart").set_chart(chart)
    assert read_sheets(path, path.name)[0].values.iat[0, 0] == "1"


def test_an_empty_sheet_is_a_sheet(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet("s")
    document(tmp_path / "x.ods", table(""))
    for name in ("x.xlsx", "x.ods"):
        assert only(tmp_path / name).values.shape == (0, 0)

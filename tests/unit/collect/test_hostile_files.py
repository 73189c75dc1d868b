"""Files made to harm: refused in words, within bounds, nothing carried out."""

import os
import struct
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from odd_workbooks import (
    SHEET,
    STYLES,
    binary,
    binary_cell,
    binary_row,
    cell,
    document,
    office,
    office_parts,
    row,
    table,
    zipped,
)

from pipeline.collect.deliveries import faults
from pipeline.collect.workbook import read_sheets
from pipeline.declarations.sources import Source
from pipeline.errors import UnreadableFileError

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;">]>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAST = 1_048_576


def refusal(path: Path) -> str:
    """Return what is said of a file that is refused, within a few seconds."""
    start = time.process_time()
    with pytest.raises(UnreadableFileError) as stopped:
        read_sheets(path, path.name)
    assert time.process_time() - start < 10
    (problem,) = stopped.value.problems
    assert problem.expected
    assert problem.do
    return problem.what


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    "part", [SHEET, STYLES, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
def test_entities_are_refused_in_every_part_of_an_xlsx(tmp_path, head, part):
    parts = office_parts(ONE)
    parts[part] = head + str(parts[part])
    what = refusal(zipped(tmp_path / "x.xlsx", parts))
    assert what.startswith("made to mislead: XML with a document type (DTD)")


def test_entities_are_refused_in_shared_texts(tmp_path):
    parts = office_parts(ONE)
    links = str(parts["xl/_rels/workbook.xml.rels"])
    shared = links.replace('styles"', 'sharedStrings"').replace("styles.xml", "t.xml")
    parts |= {"xl/_rels/workbook.xml.rels": shared, "xl/t.xml": LAUGHS + "<sst/>"}
    assert "document type" in refusal(zipped(tmp_path / "x.xlsx", parts))


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE])
def test_entities_are_refused_in_ods(tmp_path, head):
    path = document(tmp_path / "x.ods", table(row(cell("&c;"))), head=head)
    assert "document type" in refusal(path)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_xml_that_nests_without_end_is_refused(tmp_path, suffix):
    deep = "<a>" * 100_000
    path = tmp_path / f"x.{suffix}"
    if suffix == "ods":
        document(path, deep)
    else:
        zipped(path, office_parts(ONE) | {STYLES: deep})
    assert "nests without end" in refusal(path)


@pytest.mark.parametrize("cells", [(1, "XFD1048576"), (LAST, "XFD1")])
def test_cells_far_apart_are_refused(tmp_path, cells):
    first, far = cells
    number = far.strip("XFD")
    rows = f'<row r="{first}"><c r="A{first}"><v>1</v></c></row>'
    rows += f'<row r="{number}"><c r="{far}"><v>1</v></c></row>'
    assert "1,048,576 rows by 16,384" in refusal(office(tmp_path / "x.xlsx", rows))


@pytest.mark.parametrize("far", ["A9999999", "A4294967295", "a1048576", "ZZZ60000"])
def test_a_far_cell_in_the_first_row_is_refused(tmp_path, far):
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="{far}"><v>1</v></c></row>'
    rows += '<row r="2"><c r="XFD2"><v>1</v></c></row>'
    assert "too large" in refusal(office(tmp_path / "x.xlsx", rows))


def test_a_far_cell_among_many_rows_is_seen(tmp_path):
    rows = [f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 50_000)]
    rows[25_000] = '<row r="25001"><c r="XFD25001"><v>1</v></c></row>'
    path = office(tmp_path / "x.xlsx", "".join(rows))
    assert "49,999 rows by 16,384 columns" in refusal(path)


def test_far_cells_of_a_binary_workbook_are_refused(tmp_path):
    one = struct.pack("<d", 1)
    rows = binary_row(0, binary_cell(0, 5, one))
    rows += binary_row(LAST - 1, binary_cell(16_383, 5, one))
    assert "16,384 columns" in refusal(binary(tmp_path / "x.xlsb", rows))


@pytest.mark.parametrize("claim", ["A1:XFD1048576", "A1:ZZZ1073741824"])
def test_a_claimed_size_costs_nothing(tmp_path, claim):
    head = f'<dimension ref="{claim}"/>'
    path = office(tmp_path / "x.xlsx", ONE, head=head)
    assert read_sheets(path, "x")[0].values.shape == (1, 1)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (row(cell("x"), table__number_rows_repeated=str(2**30)), "1,073,741,824 rows"),
        (row(cell("x", table__number_columns_repeated="99999")), "99,999 columns"),
        (row(cell("x", table__number_columns_repeated="16384"),
             table__number_rows_repeated="1000000"), "by 16,384 columns"),
        (row(cell("x" * 30_000), table__number_rows_repeated="1000000"),
         "hold too much text"),
        (row(cell("x", table__number_columns_spanned="2"),
             table__number_rows_repeated="5000000"), "5,000,000 rows"),
        (row(cell("", table__number_columns_spanned="2",
                  table__number_columns_repeated="16000"),
             table__number_rows_repeated="3000"), "repeat without end"),
    ],
)  # fmt: skip
def test_rows_and_cells_that_repeat_without_end_are_refused(tmp_path, rows, told):
    assert told in refusal(document(tmp_path / "x.ods", table(rows)))


def test_a_merge_of_the_whole_sheet_costs_nothing(tmp_path):
    tail = '<mergeCells><mergeCell ref="XFD1048576:A1"/></mergeCells>'
    path = office(tmp_path / "x.xlsx", ONE, tail=tail)
    assert len(read_sheets(path, "x")[0].merged) == 1


@pytest.mark.parametrize(
    "merges",
    [["A1:B2", "B2:C3"], ["A1:XFD1048576"] * 5000, ["A1:C3", "B2:B2", "B2:C2"]],
)
def test_merges_that_overlap_are_refused(tmp_path, merges):
    inner = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="C{n}"><v>1</v></c></row>'
        for n in range(1, 4)
    )
    tail = f"<mergeCells>{inner}</mergeCells>"
    what = refusal(office(tmp_path / "x.xlsx", rows, tail=tail))
    assert what == "damaged: merged ranges that overlap"


def test_hidden_ranges_without_end_cost_nothing(tmp_path):
    head = '<cols><col min="1" max="2147483647" hidden="1"/></cols>'
    path = office(tmp_path / "x.xlsx", ONE, head=head)
    assert read_sheets(path, "x")[0].hidden_columns == (0,)


@pytest.mark.parametrize(
    "name",
    [
        "../out.xml",
        "xl/../../out.xml",
        "/etc/out",
        "C:/out",
        "..\\out",
        "a\nb",
        "n" * 999,
    ],
)
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_names_of_parts_that_lead_out_are_refused(tmp_path, name, suffix):
    path = tmp_path / f"x.{suffix}"
    if suffix == "ods":
        document(path, table(row(cell("x"))))
    else:
        office(path, ONE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    assert refusal(path) == (
        "made to mislead: an archive with a part whose name leads out of it"
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name]


def test_a_part_that_stands_twice_is_refused(tmp_path):
    path = office(tmp_path / "x.xlsx", ONE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), "x")
    assert "holds a part twice" in refusal(path)


def test_a_relation_that_leads_out_is_not_followed(tmp_path):
    parts = office_parts(ONE)
    links = str(parts["xl/_rels/workbook.xml.rels"])
    links = links.replace("worksheets/sheet1.xml", "../../../../etc/passwd")
    parts["xl/_rels/workbook.xml.rels"] = links
    assert "damaged" in refusal(zipped(tmp_path / "x.xlsx", parts))


def test_many_parts_are_refused(tmp_path):
    parts = {f"p{at}": b"" for at in range(20_001)}
    path = zipped(tmp_path / "x.xlsx", office_parts(ONE) | parts)
    assert "an archive of 20,007 parts" in refusal(path)


@pytest.mark.parametrize("claim", ["4294967295", "-1", "x", "1e9"])
def test_absurd_numbers_of_rows_and_styles_are_damage(tmp_path, claim):
    rows = f'<row r="{claim}"><c r="A{claim}" s="{claim}"><f/></c></row>'
    path = office(tmp_path / "x.xlsx", rows)
    assert refusal(path).startswith(("damaged", "too large"))


def test_formulas_of_a_source_are_texts(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a\n=cmd|' /C calc'!A0\n", encoding="utf-8")
    assert read_sheets(path, "x")[0].values.iat[1, 0] == "=cmd|' /C calc'!A0"


def test_no_message_holds_what_a_cell_holds(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": 14})
        book.add_worksheet("s").write("A1", 987654321, date)
    (sheet,) = read_sheets(path, "x")
    assert sheet.faults
    assert "987654321" not in str((sheet.faults, sheet.remarks))


@pytest.fixture
def vintage(tmp_path: Path) -> Path:
    """Return an empty vintage of the source `src`."""
    folder = tmp_path / "src" / "2026-01-31"
    folder.mkdir(parents=True)
    return folder


def told(folder: Path) -> list[tuple[str, str]]:
    """Return place and fault of each problem of a vintage of one file `f.csv`."""
    sheet = {"sheet": "f", "non_data": "nothing"}
    source = Source.model_validate(
        {"source": "src", "title": "t", "publisher": "p", "licence": "l",
         "language": "en", "ref_area": "KZ", "sensitivity": "public",
         "coverage": "register", "files": [{"file": "f.csv", "sheets": [sheet]}]}
    )  # fmt: skip
    return [(problem.place, problem.what) for problem in faults(folder, source)]


def test_links_among_deliveries_are_refused(vintage, tmp_path):
    (tmp_path / "elsewhere.csv").write_text("a,b")
    (vintage / "f.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert told(vintage) == [("raw/src/2026-01-31/f.csv", "a link to another place")]


@pytest.mark.parametrize("which", ["vintage", "source"])
def test_linked_folders_are_refused(vintage, tmp_path, which):
    (vintage / "f.csv").write_text("a,b")
    linked = tmp_path / "linked"
    if which == "vintage":
        linked.symlink_to(vintage)
        found = told(linked)
    else:
        linked.symlink_to(vintage.parent)
        found = told(linked / vintage.name)
    assert [what for _, what in found] == ["a link to another place"]


def test_pipes_among_deliveries_are_refused(vintage):
    os.mkfifo(vintage / "f.csv")
    assert ("raw/src/2026-01-31/f.csv", "a pipe or a device, not a file") in told(
        vintage
    )


def test_a_pipe_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    assert "no file of data" in refusal(tmp_path / "x.csv")


def test_odd_names_of_files_are_shown_plainly(vintage):
    (vintage / "f.csv").write_text("a,b")
    (vintage / "a\x1b[2Jb\n.csv").write_text("a,b")
    (vintage / os.fsdecode(b"\xff.csv")).write_text("a,b")
    places = [place for place, _ in told(vintage)]
    assert all(place.isprintable() for place in places)
    assert len(places) == 2

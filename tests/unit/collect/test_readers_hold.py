"""Whatever bytes arrive: sheets, or a refusal in words; nothing else, and soon."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_workbooks import cell, document, office_parts, row, table, zipped

from pipeline.collect.apart import Job, Readers
from pipeline.errors import UnreadableFileError
from pipeline.model import Sheet

CASES = Path(__file__).parents[2] / "fuzz" / "cases"
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
ROWS = (
    '<row r="1" hidden="1"><c r="A1" s="1"><v>42</v></c><c r="B1" t="e"><v>#REF!</v>'
    '</c></row><row r="3"><c r="C3" t="inlineStr"><is><t>x</t></is></c><c r="D3"><f>A1'
    "</f></c></row>"
)
EDITS = st.lists(
    st.tuples(st.integers(0, 2**20), st.integers(1, 8), st.binary(max_size=12)),
    min_size=1,
    max_size=6,
)
BITS_OF_XML = st.sampled_from(
    ['r="XFD9"', "<row>", "</row>", "<c>", "<v>1e999</v>", "<f/>", 's="-1"', "&#0;",
     'hidden="1"', "<!--", "]]>", "<v>-1</v>", 'ref="B2:A1"', "<is><t/></is>", 't="d"',
     "<table:table-cell/>", 'office:value="1e9999"', "<text:p>x</text:p>",
     'table:number-rows-repeated="9"', 'table:number-columns-spanned="-3"']
)  # fmt: skip
SHOTS = st.lists(
    st.tuples(st.integers(0, 2**20), st.integers(0, 9), BITS_OF_XML),
    min_size=1,
    max_size=5,
)
some = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def readers():
    """Return a process that reads: what kills it must not kill the tests."""
    with Readers(workers=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """Return the bytes of a small file of each format."""
    folder = tmp_path_factory.mktemp("whole")
    tail = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    zipped(folder / "a.xlsx", office_parts(ROWS, tail=tail, formats=["000"]))
    with xlsxwriter.Workbook(str(folder / "b.xlsx")) as book:
        book.add_worksheet("s").write_row(0, 0, ["a", 1, 2.5, "=A1"])
    old = xlwt.Workbook()
    old.add_sheet("s").write(0, 0, 42, xlwt.easyxf(num_format_str="000"))
    old.save(str(folder / "c.xls"))
    merged = cell("x", table__number_columns_spanned="2")
    document(folder / "d.ods", table(row(merged) + row(cell("1", office__value="1"))))
    (folder / "e.csv").write_text('a;b\n"1;2";x\n№;ё\n', encoding="cp1251")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def holds(readers: Readers, path: Path) -> None:
    """Fail when reading a file gives anything but sheets or a refusal."""
    ((_, read),) = readers.read_all([Job(path, "x")])
    if isinstance(read, UnreadableFileError):
        (problem,) = read.problems
        assert all((problem.what, problem.expected, problem.do))
        assert "broke down" not in problem.what, problem
        assert "takes longer" not in problem.what, problem
        return
    assert all(isinstance(sheet, Sheet) for sheet in read)
    for sheet in read:
        kinds = {str(kind) for kind in sheet.values.dtypes}
        assert kinds <= {"str"}


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes with some pieces put in the place of others."""
    changed = bytearray(data)
    for at, length, piece in edits:
        start = at % max(1, len(changed))
        changed[start : start + length] = piece
    return bytes(changed)


@pytest.mark.parametrize("name", ["a.xlsx", "b.xlsx", "c.xls", "d.ods", "e.csv"])
@some
@given(edits=EDITS)
def test_damaged_bytes_are_read_or_refused(readers, whole, tmp_path, name, edits):
    path = tmp_path / name
    path.write_bytes(edited(whole[name], edits))
    holds(readers, path)


@pytest.mark.parametrize(
    ("name", "part"), [("a.xlsx", SHEET), ("a.xlsx", STYLES), ("d.ods", "content.xml")]
)
@some
@given(shots=SHOTS)
def test_damaged_xml_is_read_or_refused(readers, whole, tmp_path, name, part, shots):
    with zipfile.ZipFile(io.BytesIO(whole[name])) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    pieces = [(at, length, text.encode()) for at, length, text in shots]
    parts[part] = edited(parts[part], pieces)
    holds(readers, zipped(tmp_path / name, parts))


@some
@given(text=st.text(st.sampled_from('ab,;\t|"\n\r\0é№Ж'), max_size=60))
def test_any_text_is_read_or_refused(readers, tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    holds(readers, path)


@pytest.mark.parametrize("path", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_what_broke_a_reader_once_breaks_none_now(readers, path):
    holds(readers, path)

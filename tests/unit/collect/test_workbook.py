"""Reading files: positions, shown text, faults, encodings, and what is refused."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from looked_at import FLAT, source_of

from pipeline.collect.deliveries import deliver, latest
from pipeline.collect.size import refuse_vast
from pipeline.collect.workbook import read_sheets
from pipeline.errors import UnreadableFileError
from pipeline.lineage import sha256_of
from pipeline.model import Merge, Sheet
from pipeline.workspace import REPOSITORY


@pytest.fixture
def peculiar(tmp_path: Path) -> Sheet:
    """Return a sheet that begins at C4 and holds one of each peculiarity."""
    path = tmp_path / "peculiar.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("p")
        date = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write("C4", "head")
        sheet.write("C5", 80010112345678)
        sheet.write_datetime("C6", dt.date(2020, 2, 29), date)
        sheet.write("C7", 42, book.add_format({"num_format": "00000"}))
        sheet.write("C8", 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write("C9", 99999999, date)
        sheet.write_formula("C10", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C11", "=6*7", None, 42)
        sheet.merge_range("C12:D13", "wide")
    return read_sheets(path, path.name)[0]


def test_cells_stand_where_they_stood(peculiar):
    assert peculiar.values.iloc[:3].isna().all(axis=None)
    assert peculiar.values.loc[3, 2] == "head"
    assert peculiar.values.loc[4, 2] == "80010112345678"
    assert peculiar.values.loc[5, 2].startswith("2020-02-29")
    assert peculiar.values.loc[10, 2] == "42"


def test_shown_text_merges_and_faults_are_known(peculiar):
    assert peculiar.shown == {(6, 2): "00042", (7, 2): "12.5%"}
    assert peculiar.merged == (Merge(11, 2, 12, 3),)
    assert peculiar.faults == (
        (8, 2, "a number that is no date (it shows as ####)"),
        (9, 2, "the error value #DIV/0!"),
    )


def test_an_impossible_date_is_seen_though_nothing_else_is_peculiar(tmp_path):
    path = tmp_path / "plain.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": 14})
        book.add_worksheet("p").write("A1", 99999999, date)
    assert read_sheets(path, path.name)[0].faults[0][:2] == (0, 0)


def test_the_form_shows_its_thousands_with_a_blank_that_does_not_break():
    (path,) = (REPOSITORY / "raw" / "kz_form_1m").rglob("*.xlsx")
    assert "32\u00a0270" in read_sheets(path, path.name)[0].shown.values()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_csv_is_found(tmp_path, delimiter):
    path = tmp_path / "t.csv"
    quoted = '"a, b; c\nd"'
    rows = (("No.", "Body", "Note"), ("1", "Полиция", quoted), ("2", "", "x"))
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    values = read_sheets(path, path.name)[0].values
    assert values.loc[1].tolist() == ["1", "Полиция", "a, b; c\nd"]
    assert values.isna().loc[2, 1]


def test_a_csv_is_read_in_the_encoding_declared(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("№;Орган\n1;Полиция\n".encode("cp1251"))
    assert read_sheets(path, path.name, "cp1251")[0].values.loc[1, 1] == "Полиция"


def test_a_csv_in_another_encoding_is_refused_with_a_guess(tmp_path):
    path = tmp_path / "t.csv"
    text = "Номер;Орган;Жалоба\n" + "1;Полиция;подана в прокуратуру области\n" * 5
    path.write_bytes(text.encode("cp1251"))
    with pytest.raises(UnreadableFileError) as stopped:
        read_sheets(path, path.name, "utf-8")
    (problem,) = stopped.value.problems
    assert problem.what == "not in the encoding utf-8; it looks like cp1251"


@pytest.mark.parametrize(
    ("name", "content", "encoding", "told"),
    [
        ("t.csv", b"PK\x03\x04....", "utf-8", "a workbook (or a zip archive) under"),
        ("t.csv", b"\xef\xbb\xbfa,b", "cp1251", "it says itself that it is utf-8"),
        ("t.csv", b"a,b", "cp12551", "which does not exist"),
        ("t.pdf", b"x", "utf-8", "files ending in '.pdf' are not read"),
        ("t.xls", b"x", "utf-8", "not a workbook of the old kind"),
        ("t.csv", b"", "utf-8", "the file is empty"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, name, content, encoding, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as stopped:
        read_sheets(tmp_path / name, name, encoding)
    assert told in str(stopped.value)


def test_two_cells_far_apart_are_refused_before_anything_opens_them(tmp_path):
    path = tmp_path / "vast.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("v")
        sheet.write("A1", 1)
        sheet.write("XFD1048576", 1)
    with pytest.raises(
        UnreadableFileError, match="a sheet of 1,048,576 rows by 16,384"
    ):
        read_sheets(path, path.name)


def test_a_large_sheet_of_few_columns_is_not_refused():
    refuse_vast(1_048_576, 30, 1000)


def test_a_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 201_000_000)
    with pytest.raises(UnreadableFileError, match="it unpacks to 201,000,000 bytes"):
        read_sheets(path, path.name)


def test_a_delivery_is_its_bytes_under_its_name(tmp_path):
    for day in ("2026-01-31", "2026-02-28"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "f.csv").write_text("a,b")
    january, february = (
        deliver(source_of(FLAT), folder.name, folder / "f.csv")
        for folder in sorted(tmp_path.iterdir())
    )
    assert january.sha256 == sha256_of(january.path)
    assert january.delivery_id == february.delivery_id
    assert latest([january, february]) == [february]

"""Texts with delimiters: encoding and delimiter found, declared or refused."""

import pytest

from pipeline.collect.encoding import possible_encodings
from pipeline.collect.workbook import read_sheets
from pipeline.errors import UnreadableFileError

RUSSIAN = "№;Орган;Жалоба\n1;Полиция;подана в прокуратуру области\n"
KAZAKH = "№;Орган;Шағым\n1;Полиция;Қылмыстық іс тоқтатылды, Өскемен қаласы\n"
WESTERN = "No;Région;Behörde\n1;São Paulo;Polizei für Köln\n"


def values(path, *declared):
    """Return the cells of a text, missing ones as None, and how it was read."""
    (sheet,) = read_sheets(path, path.name, *declared)
    cells = sheet.values.astype("object")
    return cells.where(cells.notna(), None).to_numpy().tolist(), sheet.remarks[0]


def refusal(path, *declared):
    """Return the one problem of a text."""
    with pytest.raises(UnreadableFileError) as stopped:
        read_sheets(path, path.name, *declared)
    (problem,) = stopped.value.problems
    return problem


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt"])
@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN.replace("№", "N"), "koi8-r", "koi8-r"),
        (RUSSIAN, "cp866", "cp866"),
        (KAZAKH, "kz1048", "kz1048"),
        (WESTERN, "cp1252", "cp1252"),
        ("a;b\n1;2\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path, suffix, text, encoding, told):
    path = tmp_path / f"t.{suffix}"
    path.write_bytes(text.encode(encoding))
    cells, remark = values(path)
    assert cells == [line.split(";") for line in text.splitlines()]
    assert remark == f"encoding {told} (found), delimiter ';' (found)"


@pytest.mark.parametrize(
    ("data", "either"),
    [
        ("a;À\n".encode("cp1252"), "cp1252 or cp1251"),
        ("a;МВД\nb;КУИС\nc;КНБ\n".encode("koi8-r"), "cp1251 or koi8-r"),
    ],
)
def test_an_encoding_that_is_not_sure_is_to_be_declared(tmp_path, data, either):
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    problem = refusal(path)
    assert problem.what == f"its encoding cannot be told: {either}"
    assert problem.do.startswith("declare `encoding:`")


def test_one_text_in_two_encodings_is_sure(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n2001–02,3\n".encode("cp1252"))
    assert possible_encodings(path) == ["cp1252"]
    assert values(path)[0][1] == ["2001–02", "3"]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\xff" * 99, bytes(range(128, 160))])
def test_what_is_no_text_is_refused(tmp_path, data):
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert refusal(path).what.startswith("its encoding cannot be told: no known one")


def test_a_letter_beyond_the_declared_encoding_is_refused_far_down(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" * 50_000 + "é,b\n".encode("cp1252"))
    assert refusal(path, "utf-8").what.startswith("not in the encoding utf-8")


def test_texts_are_kept_as_they_are(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("00042,NA,NULL, x ,3.0\n-5,nan,None,1e5,\n", encoding="utf-8")
    assert values(path)[0] == [
        ["00042", "NA", "NULL", " x ", "3.0"],
        ["-5", "nan", "None", "1e5", None],
    ]


def test_line_ends_may_be_mixed_and_rows_ragged(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b,c\r\n1,"x\r\ny"\n\r\n2,3,4,5\r6\n')
    assert values(path)[0] == [
        ["a", "b", "c", None],
        ["1", "x\r\ny", None, None],
        [None] * 4,
        ["2", "3", "4", "5"],
        ["6", None, None, None],
    ]


def test_a_quote_that_is_not_closed_stops_and_names_the_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"x\n2,y\n3,z\n', encoding="utf-8")
    assert "at line 4" in refusal(path).what


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"),
        ("A title, with a comma\na;b\n1;2\n3;4\n", ";"),
        ("code,offence\n1,IN; COV\n2,IN; NG\n", ","),
        ("sep=|\na|b,c\n1|2,3\n", "|"),
    ],
)
def test_the_delimiter_is_the_one_that_parts_the_header_too(tmp_path, text, delimiter):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert values(path)[1].endswith(f"delimiter {delimiter!r} (found)")


def test_a_declared_delimiter_is_obeyed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b,c\n1;2,3\n", encoding="utf-8")
    cells, remark = values(path, "utf-8", ";")
    assert cells == [["a", "b,c"], ["1", "2,3"]]
    assert remark == "encoding utf-8 (declared), delimiter ';' (declared)"


def test_a_row_longer_than_any_sheet_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "," * 20_000, encoding="utf-8")
    assert refusal(path).what == "too large: a row of 20,001 cells"


def test_many_rows_of_changing_width_keep_their_places(tmp_path):
    path = tmp_path / "t.csv"
    rows = [["x"] * (1 + at % 7) + [str(at)] for at in range(120_000)]
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    (sheet,) = read_sheets(path, path.name)
    assert sheet.values.shape == (120_000, 8)
    for at in (0, 59_999, 119_999):
        assert sheet.values.loc[at].dropna().tolist() == rows[at]

"""Fuzz the readers with atheris; see README.md. Not run by pytest.

In here: turning bytes into a file of some format, and reading it in this process. Not
in here: the cases that were kept (`cases/`), which `test_readers_hold.py` reads.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["pipeline.collect", "olefile"]):
    from odd_workbooks import MAIN, office_parts, zipped

    from pipeline.collect.workbook import read_sheets
    from pipeline.errors import UnreadableFileError

PARTS = {
    0: "xl/worksheets/sheet1.xml",
    1: "xl/styles.xml",
    2: "xl/workbook.xml",
    3: "xl/_rels/workbook.xml.rels",
}
NAMES = {4: "f.xlsx", 5: "f.xls", 6: "f.ods", 7: "f.csv", 8: "f.xlsb"}
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-"))


def file_of(data: bytes) -> Path:
    """Return a file of the format that the first byte chooses, of the other bytes."""
    kind, rest = data[0] % 11, data[1:]
    if kind in PARTS:
        rows = f'<row r="1"><c r="A1"><v>1</v></c></row><!--{MAIN}-->'
        parts = office_parts(rows) | {PARTS[kind]: rest}
        return zipped(FOLDER / "f.xlsx", parts)
    if kind == 9:
        parts = {"mimetype": ODS_TYPE, "content.xml": rest}
        return zipped(FOLDER / "f.ods", parts)
    if kind == 10:
        from odd_workbooks import binary

        return binary(FOLDER / "f.xlsb", rest)
    path = FOLDER / NAMES[kind]
    path.write_bytes(rest)
    return path


def read_one(data: bytes) -> None:
    """Read one file: sheets or a refusal; anything else stops the fuzzer."""
    if not data:
        return
    path = file_of(data)
    try:
        read_sheets(path, "x")
    except UnreadableFileError as error:
        problem, *more = error.problems
        if more or not (problem.what and problem.expected and problem.do):
            raise


def keep(finding: Path) -> Path:
    """Write the file that a finding of the fuzzer makes among the cases, and say so."""
    made = file_of(finding.read_bytes())
    name = f"{finding.name[:14]}{made.suffix}"
    return made.rename(Path(__file__).parent / "cases" / name)


if __name__ == "__main__" and sys.argv[1:2] == ["--keep"]:
    for given in sys.argv[2:]:
        sys.stdout.write(f"{keep(Path(given))}\n")
elif __name__ == "__main__":
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()

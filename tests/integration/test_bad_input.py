"""Bad input, as a hurried person meets it: message, place, nothing half-loaded."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_workbooks import (
    OLD_BINARY,
    Change,
    cell,
    edited,
    exchanged,
    open_elsewhere,
    protected,
    renamed,
    replaced,
    truncated,
    zipped_text,
)
from openpyxl.worksheet.worksheet import Worksheet

from assets import cli
from pipeline.collect.deliveries import find_deliveries, refuse_strays
from pipeline.declarations.sources import read_sources
from pipeline.errors import DeclarationError, InputError
from pipeline.store.check import check_files
from pipeline.workspace import REPOSITORY, Workspace

SOURCE, VINTAGE, FILE, SHEET = (
    *("kz_published_cases", "2026-01-06"),
    *("complaints.xlsx", "complaints"),
)
DECLARED = f"schemas/sources/{SOURCE}.yml"
HTML = b"<html><body><table><tr><td>Complaint no.</td></tr></table></body></html>"


def sheet(edit: Callable[[Worksheet], object]) -> Change:
    """Return a change of the sheet of complaints."""
    return edited(FILE, SHEET, edit)


def value(at: str, content: object) -> Change:
    """Return a change of one cell of the sheet of complaints."""
    return cell(FILE, SHEET, at, content)


def add_column(worksheet: Worksheet) -> None:
    """Add a column that nobody declared."""
    worksheet["R1"], worksheet["R2"] = "Prison number", "77"


def repeat_first_row(worksheet: Worksheet) -> None:
    """Add a record with the key of the first."""
    for filled in worksheet[2]:
        worksheet.cell(7, filled.column, filled.value)


BAD_FILES: dict[str, tuple[Change, str, str]] = {
    "empty": (replaced(FILE, b""), FILE, "the file is empty (0 bytes)"),
    "truncated": (truncated(FILE), FILE, "damaged or cut off: it cannot be read"),
    "half-written": (open_elsewhere(FILE), FILE, "damaged or cut off"),
    "password": (protected(FILE), FILE, "protected with a password"),
    "html": (replaced(FILE, HTML), FILE, "a web page (HTML) saved under the name"),
    "utf-16 html": (
        replaced(FILE, HTML.decode().encode("utf-16")), FILE, "a web page (HTML)",
    ),
    "old xls": (
        replaced(FILE, OLD_BINARY), FILE,
        "an old .xls workbook under the name of an .xlsx",
    ),
    "other zip": (
        zipped_text(FILE), FILE,
        "a zip archive, but not a workbook (it has no xl/workbook.xml)",
    ),
    "plain text": (replaced(FILE, b"a;b\n1;2\n"), FILE, "not a workbook"),
    "wrong file": (
        exchanged(FILE, "sentences.xlsx"), FILE,
        ("sheets declared but missing: 'complaints'. "
         "sheets in the file but not declared: 'sentences'"),
    ),
    "renamed sheet": (
        sheet(lambda w: setattr(w, "title", "Complaints 2016")), FILE,
        ("sheets declared but missing: 'complaints'. "
         "sheets in the file but not declared: 'Complaints 2016'"),
    ),
    "missing column": (
        sheet(lambda w: w.delete_cols(9)), f"{FILE}!{SHEET}",
        ("columns declared but missing: 'Sex'. "
         "columns on the sheet but not declared: none"),
    ),
    "extra column": (
        sheet(add_column), f"{FILE}!{SHEET}!R1",
        ("columns declared but missing: none. "
         "columns on the sheet but not declared: 'Prison number' at R1"),
    ),
    "repeated header": (
        value("R1", "Region"), f"{FILE}!{SHEET}!R1",
        "the header 'Region' stands twice, at N1 and R1",
    ),
    "outside": (
        value("T9", "see page 3"), f"{FILE}!{SHEET}!T9",
        "a filled cell outside the declared table: T9",
    ),
    "merged": (
        sheet(lambda w: w.merge_cells("N2:N4")), f"{FILE}!{SHEET}!N2",
        "merged cells inside the table (N2:N4)",
    ),
    "formula": (
        value("H2", "=1+1"), f"{FILE}!{SHEET}!H2",
        "the cell holds a formula whose value was not saved",
    ),
    "error value": (
        value("H2", "#REF!"), f"{FILE}!{SHEET}!H2",
        "the cell holds the error value #REF!",
    ),
    "unknown body": (
        value("O2", "Polise"), f"{FILE}!{SHEET}!O2",
        "accused_body: 'Polise' is not in the code list 'body'",
    ),
    "no header": (
        sheet(lambda w: w.delete_rows(1)), f"{FILE}!{SHEET}",
        "no header row found within the first 60 rows",
    ),
}  # fmt: skip
BAD_VALUES: dict[str, tuple[Change, str, str]] = {
    "text": (value("H2", "several"), "H2", "persons_count: text ('several')"),
    "footnote": (
        value("H2", "63*"), "H2",
        "persons_count: a number with a mark attached ('63*')",
    ),
    "date": (
        value("B2", "31.02.2015"), "B2",
        "received_on: not a date that exists ('31.02.2015')",
    ),
    "empty": (value("O2", None), "O2", "accused_body: the cell is empty"),
    "duplicate": (
        sheet(repeat_first_row), "A7",
        "complaint_id: the same complaint_id stands in a record before",
    ),
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with one shipped source, and what a good build had left."""
    shutil.copytree(REPOSITORY / "raw" / SOURCE, tmp_path / "raw" / SOURCE)
    made = Workspace(tmp_path)
    (made.releases / VINTAGE).mkdir(parents=True)
    left = (
        made.analyst_database,
        made.public_database,
        made.releases / VINTAGE / "f.csv",
    )
    for path in left:
        path.write_bytes(f"last good {path.name}".encode())
    return made


def vintage(workspace: Workspace) -> Path:
    """Return the folder of the delivery."""
    return workspace.raw / SOURCE / VINTAGE


def published(workspace: Workspace) -> dict[str, str]:
    """Return the hash of each published file."""
    paths = [path for path in workspace.warehouse.rglob("*") if path.is_file()]
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if "private" not in path.parts
    }


def run(*words: str) -> int:
    """Run the command line in this process and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["point27", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("case", BAD_FILES)
def test_check_tells_what_is_wrong_with_a_file(workspace, case):
    change, place, what = BAD_FILES[case]
    change(vintage(workspace))
    (problem,) = check_files(workspace, [vintage(workspace) / FILE])
    assert problem.place == place
    assert problem.what.startswith(what)
    assert problem.expected
    assert problem.do


@pytest.mark.parametrize("case", BAD_VALUES)
def test_check_tells_each_bad_value_once_with_its_cell(workspace, case):
    change, at, what = BAD_VALUES[case]
    change(vintage(workspace))
    (problem,) = check_files(workspace, [vintage(workspace) / FILE])
    assert problem.place == f"{FILE}!{SHEET}!{at}"
    assert problem.what == what


def test_check_tells_all_problems_of_all_files_at_once(workspace, capfd):
    folder = vintage(workspace)
    value("H2", "63*")(folder)
    value("O3", "Polise")(folder)
    truncated("sentences.xlsx")(folder)
    words = ("check", str(folder), str(folder / "nowhere.xlsx"), "--json")
    assert run(*words, "-w", str(workspace.root)) == 1
    shown = json.loads(capfd.readouterr().out)
    assert [p["place"] for p in shown] == [
        str(folder / "nowhere.xlsx"),
        "complaints.xlsx!complaints!O3",
        "sentences.xlsx",
    ]
    assert set(shown[0]) == {"place", "what", "expected", "do"}


def test_a_lock_file_says_who_has_a_half_written_workbook(workspace):
    open_elsewhere(FILE)(vintage(workspace))
    (problem,) = check_files(workspace, [vintage(workspace) / FILE])
    assert problem.do.startswith("~$complaints.xlsx beside it says that")


@pytest.mark.parametrize("case", ["truncated", "unknown body"])
def test_a_build_that_stops_leaves_the_last_good_one(workspace, capfd, case):
    change, place, what = BAD_FILES[case]
    change(vintage(workspace))
    before = published(workspace)
    assert run("build", "-q", "-w", str(workspace.root)) == 1
    shown = capfd.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{place}: {what}")
    assert shown.err.endswith(
        "Stopped: 1 problem. Databases and releases are those of the last build that "
        "ended well.\n"
    )
    assert "Traceback" not in shown.err
    assert published(workspace) == before


def problems_of_raw(workspace: Workspace) -> list[tuple[str, str]]:
    """Return place and fault of all that is wrong with the folders of raw/."""
    sources = read_sources(workspace)

    def look_over() -> None:
        refuse_strays(workspace, sources)
        for source in sources.values():
            find_deliveries(workspace, source)

    with pytest.raises(InputError) as stopped:
        look_over()
    return [(problem.place, problem.what) for problem in stopped.value.problems]


def test_a_file_missing_from_a_delivery_is_named(workspace):
    (vintage(workspace) / FILE).unlink()
    assert problems_of_raw(workspace) == [
        (f"raw/{SOURCE}/{VINTAGE}/{FILE}", "a declared file is missing")
    ]


def test_a_file_under_another_name_is_both_stray_and_missing(workspace):
    renamed(FILE, "Complaints (1).xlsx")(vintage(workspace))
    assert problems_of_raw(workspace) == [
        (f"raw/{SOURCE}/{VINTAGE}/Complaints (1).xlsx",
         "not a file that the source declares"),
        (f"raw/{SOURCE}/{VINTAGE}/{FILE}", "a declared file is missing"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["January", "2026-13-45", "2026-1-6", "20260106"])
def test_a_delivery_not_named_by_a_date_is_refused(workspace, name):
    vintage(workspace).rename(vintage(workspace).with_name(name))
    assert problems_of_raw(workspace) == [
        (f"raw/{SOURCE}/{name}", "not named by the date of a delivery")
    ]


def test_a_file_beside_the_deliveries_is_refused(workspace):
    (workspace.raw / SOURCE / "letter.txt").write_text("dear team")
    assert problems_of_raw(workspace) == [
        (f"raw/{SOURCE}/letter.txt", "not named by the date of a delivery")
    ]


def test_what_belongs_to_no_source_in_raw_is_refused(workspace):
    (workspace.raw / "kz_publishd_cases").mkdir()
    (workspace.raw / "notes.xlsx").write_bytes(b"")
    assert problems_of_raw(workspace) == [
        ("raw/kz_publishd_cases", "a folder that belongs to no source"),
        ("raw/notes.xlsx", "a file outside the folder of a source"),
    ]


def test_what_programs_leave_behind_is_no_delivery(workspace):
    for name in ("~$complaints.xlsx", ".~lock.complaints.xlsx#", ".DS_Store"):
        (vintage(workspace) / name).write_bytes(b"x")
    (source,) = read_sources(workspace).values()
    assert len(find_deliveries(workspace, source)) == 5


def test_an_empty_delivery_folder_of_a_source_is_told(workspace):
    shutil.rmtree(vintage(workspace))
    assert problems_of_raw(workspace) == [
        (f"raw/{SOURCE}", "a source without any delivery")
    ]


def test_a_workspace_with_nothing_in_it_is_told_and_no_last_build_spoken_of(
    tmp_path, capfd
):
    (tmp_path / "raw").mkdir()
    assert run("build", "-q", "-w", str(tmp_path)) == 1
    shown = capfd.readouterr().err
    assert shown.startswith("raw/: nothing to build: no source is declared")
    assert shown.endswith("Stopped: 1 problem.\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("sensitivity:", "sensitvity:"), "did you mean 'sensitivity'?"),
        (("layout: flat", "layout: falt"), "layout"),
        (("source: other", "source: another"), "its file be called another.yml"),
        (("title:", "title: [", ), "not readable as YAML"),
    ],
)  # fmt: skip
def test_a_broken_declaration_is_told_with_its_file(workspace, change, told):
    declared = (REPOSITORY / DECLARED).read_text(encoding="utf-8")
    declared = declared.replace(f"source: {SOURCE}", "source: other", 1)
    own = workspace.schemas / "sources" / "other.yml"
    own.parent.mkdir(parents=True)
    own.write_text(declared.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"other\.yml") as stopped:
        read_sources(workspace)
    assert told in str(stopped.value)

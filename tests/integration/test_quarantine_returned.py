"""Refused records go back to the supplier, come back mended, and are closed."""

import shutil
import stat
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from small_office import (
    FIRST,
    HEADER,
    JANUARY,
    OFFICE,
    SECOND,
    THIRD,
    ask,
    build,
    changed,
    deliver,
    office,
    write,
)

from assets import cli
from pipeline.store.returned import WARNING, quarantine_lines
from pipeline.workspace import Workspace

ONE, TWO, THREE = "2025-02-01", "2025-03-01", "2025-04-01"
BAD_DATE, BAD_NUMBER = (
    changed(FIRST, Received="31.02.2025"),
    changed(THIRD, Persons="63*"),
)
FILE, SHEET = "complaints.xlsx", "complaints"
OURS = "point27_refused"


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> Workspace:
    """Return the workspace of the office, built once with two refused records."""
    made = office(tmp_path_factory.mktemp("refused"))
    deliver(made, ONE, [BAD_DATE, SECOND, BAD_NUMBER], [JANUARY])
    build(made)
    return made


@pytest.fixture
def workspace(refused, tmp_path) -> Workspace:
    """Return a copy of it, which a test may change."""
    shutil.copytree(refused.root, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def given_back(workspace: Workspace, day: str = ONE) -> Path:
    """Give back what is refused; return the workbook."""
    [*quarantine_lines(workspace)]
    return workspace.quarantine / OFFICE / day / FILE


def entries(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the entries of quarantine with their history."""
    return ask(
        workspace,
        "SELECT record_key, rule, first_seen, vintage, state, closed_by "
        "FROM quarantine.reason ORDER BY ALL",
    )


def take_back(workspace: Workspace, returned: Path, day: str, **cells: str) -> None:
    """Mend cells of a returned workbook and deliver it, and the form, again."""
    book = openpyxl.load_workbook(returned)
    for at, text in cells.items():
        book[SHEET][at] = text
    folder = workspace.raw / OFFICE / day
    folder.mkdir()
    book.save(folder / FILE)
    shutil.copy(workspace.raw / OFFICE / ONE / "form.xlsx", folder)


def test_a_refused_record_goes_back_and_comes_in_mended(workspace):
    assert entries(workspace) == [
        ("K1", "not_a_date", ONE, ONE, "OPEN", ""),
        ("K3", "not_a_number", ONE, ONE, "OPEN", ""),
    ]
    returned = given_back(workspace)
    take_back(workspace, returned, TWO, B2="2025-02-28", D4="63")
    account = build(workspace)
    assert entries(workspace) == [
        ("K1", "not_a_date", ONE, ONE, "FIXED_UPSTREAM", TWO),
        ("K3", "not_a_number", ONE, ONE, "FIXED_UPSTREAM", TWO),
    ]
    assert ask(workspace, "SELECT count(*) FROM core.complaints") == [(3,)]
    ours = account[account["sheet"] == OURS]
    assert (ours["cells_read"] == ours["cells_non_data"]).all()
    assert ours["cells_read"].sum() > 0


def test_what_is_mended_only_in_part_stays_open(workspace):
    take_back(workspace, given_back(workspace), TWO, B2="2025-02-28")
    build(workspace)
    assert entries(workspace) == [
        ("K1", "not_a_date", ONE, ONE, "FIXED_UPSTREAM", TWO),
        ("K3", "not_a_number", ONE, TWO, "OPEN", ""),
    ]


def test_what_comes_back_wrong_again_is_a_new_entry(workspace):
    deliver(workspace, TWO, [FIRST, SECOND, THIRD], [JANUARY])
    deliver(workspace, THREE, [BAD_DATE, SECOND, THIRD], [JANUARY])
    build(workspace)
    assert entries(workspace) == [
        ("K1", "not_a_date", ONE, ONE, "FIXED_UPSTREAM", TWO),
        ("K1", "not_a_date", THREE, THREE, "OPEN", ""),
        ("K3", "not_a_number", ONE, ONE, "FIXED_UPSTREAM", TWO),
    ]


def test_a_refused_record_that_nobody_delivers_again_stays_open(workspace):
    deliver(workspace, TWO, [FIRST, SECOND], [JANUARY])
    build(workspace)
    assert entries(workspace)[1] == ("K3", "not_a_number", ONE, ONE, "OPEN", "")
    assert [*quarantine_lines(workspace)] == [
        "Refusals: 1 open, 1 mended by a later delivery, 0 by a correction.",
        "Nothing to give back: the latest delivery has no refused record.",
    ]


def test_a_record_without_a_key_is_known_by_its_place(tmp_path):
    workspace = office(tmp_path)
    keyless = changed(FIRST, **{"No.": ""})
    deliver(workspace, ONE, [keyless, SECOND], [JANUARY])
    deliver(workspace, TWO, [["K1", *keyless[1:]], SECOND], [JANUARY])
    build(workspace)
    assert entries(workspace) == [("", "required", ONE, ONE, "OPEN", "")]
    deliver(workspace, THREE, [keyless, SECOND], [JANUARY])
    build(workspace)
    assert [row[1:5] for row in entries(workspace)] == [
        ("required", ONE, THREE, "OPEN")
    ]


def test_bad_cells_are_coloured_and_explained_without_their_values(workspace):
    returned = given_back(workspace)
    book = openpyxl.load_workbook(returned)
    assert book.sheetnames == [SHEET, OURS]
    assert book.active.title == OURS
    for at in ("B2", "D4"):
        cell = book[SHEET][at]
        assert cell.fill.start_color.rgb == "00FFF2B8"
        assert "Expected: a " in cell.comment.text
        assert "mend the cell here" in cell.comment.text
    assert book[SHEET]["B2"].value == "31.02.2025"
    assert book[SHEET]["B3"].comment is None
    texts = [str(cell.value) for row in book[OURS].rows for cell in row]
    texts += [book[SHEET][at].comment.text for at in ("B2", "D4")]
    for value in ("31.02.2025", "63*"):
        assert not [text for text in texts if value in text]


def test_every_reason_links_to_its_cell(workspace):
    book = openpyxl.load_workbook(given_back(workspace))
    links = [cell.hyperlink.location for row in book[OURS].rows for cell in row
             if cell.hyperlink]  # fmt: skip
    assert links == ["'complaints'!B2", "'complaints'!D4"]


def test_formats_widths_and_comments_of_the_supplier_stay(tmp_path):
    workspace = office(tmp_path)
    folder = deliver(workspace, ONE, [BAD_DATE], [JANUARY])
    book = openpyxl.load_workbook(folder / FILE)
    sheet = book[SHEET]
    sheet.column_dimensions["B"].width = 33
    sheet["A1"].font = Font(bold=True)
    sheet["B2"].comment = openpyxl.comments.Comment("as on the letter", "office")
    book.save(folder / FILE)
    build(workspace)
    returned = openpyxl.load_workbook(given_back(workspace))[SHEET]
    assert returned.column_dimensions["B"].width == 33
    assert returned["A1"].font.bold
    assert returned["B2"].comment.text.startswith("as on the letter\n\npoint27: ")


def test_a_csv_comes_back_as_a_workbook_of_its_values(tmp_path):
    workspace = office(tmp_path)
    declared = workspace.schemas / "sources" / f"{OFFICE}.yml"
    text = declared.read_text("utf-8").replace("complaints*.xlsx", "complaints.*")
    declared.write_text(text, "utf-8")
    folder = deliver(workspace, ONE, [BAD_DATE], [JANUARY])
    (folder / FILE).unlink()
    rows = "\n".join(",".join(row) for row in (HEADER, BAD_DATE))
    (folder / "complaints.csv").write_text(rows, "utf-8")
    build(workspace)
    returned = given_back(workspace).with_name("complaints.csv.xlsx")
    sheet = openpyxl.load_workbook(returned)[SHEET]
    assert [cell.value for cell in sheet[2]] == BAD_DATE
    assert sheet["B2"].comment


def test_the_folder_is_private_and_the_screen_says_what_is_in_it(workspace, capfd):
    with pytest.MonkeyPatch.context() as patch:
        words = ["point27", "quarantine", "-w", str(workspace.root)]
        patch.setattr("sys.argv", words)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert not ended.value.code
    said = capfd.readouterr().out
    assert said.startswith("Refusals: 2 open, 0 mended")
    assert f"{FILE}: 2 reasons in 2 records" in said
    assert WARNING in said
    folder = workspace.quarantine / OFFICE / ONE
    for path in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_file_that_is_not_the_one_read_is_not_given_back(workspace):
    from pipeline.errors import Point27Error

    write(workspace.raw / OFFICE / ONE / FILE, SHEET, [HEADER, FIRST])
    with pytest.raises(Point27Error, match="not the file that the last build read"):
        given_back(workspace)

"""A name in a restricted source reaches nothing that a build or a check leaves behind.

The names are nonsense words, in every place of a workbook where a name can stand. The
bytes of every file are searched, and every table: DuckDB packs its texts.
"""

import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.comments import Comment

from assets import cli
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace

NAMES = {
    "title": "Qxtitlov",
    "dropped column": "Qxdropov",
    "pseudonym": "Qxperson",
    "number": "Qxnumberev",
    "date": "Qxdatin",
    "comment": "Qxcommenti",
    "note": "Qxnotev",
    "number format": "Qxformatov",
}
CODE = "Qxcodeva"
HEADER = "Qxheaderin"
SOURCE = """\
source: prison_letters
title: Letters from prisons (made up for the test)
publisher: The test
licence: none
language: en
ref_area: KZ
sensitivity: restricted
synthetic: false  # or it could not stand beside a real one
coverage: register
marks: {"unknown": unknown, "": not_supplied}
files:
  - file: letters.xlsx
    sheets:
      - sheet: letters
        record: complaints
        layout: flat
        columns:
          "No.": complaint_id
          "Received": received_on
          "Who": person_key
          "People": persons_count
          "Detained": deprived_of_liberty
          "Channel": channel
          "Accused": accused_body
        dropped: {"Story": free text that can name people}
        notes: ["Note:"]
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with a restricted source and a public one."""
    root = tmp_path_factory.mktemp("restricted")
    (root / "schemas" / "sources").mkdir(parents=True)
    (root / "schemas" / "sources" / "prison_letters.yml").write_text(SOURCE)
    (root / "raw" / "prison_letters" / "2026-02-01").mkdir(parents=True)
    shutil.copytree(REPOSITORY / "raw" / "kz_form_1m", root / "raw" / "kz_form_1m")
    return Workspace(root)


def write(workspace: Workspace, *, code: str = "POLICE", header: str = "") -> Path:
    """Write the letters: two bad rows and a good one, names everywhere."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "letters"
    who, story = NAMES["pseudonym"], NAMES["dropped column"]
    rows = [
        [f"Letters received by {NAMES['title']}"],
        ["No.", "Received", "Who", "People", "Detained", "Channel", "Accused", "Story"],
        ["L-1", "2026-01-05", who, 1, "yes", "NGO", code, story],
        ["L-2", "2026-01-06", who, NAMES["number"], "yes", "NGO", "POLICE", story],
        ["L-3", NAMES["date"], who, 1, "yes", "NGO", "POLICE", story],
        [f"Note: typed in by {NAMES['note']}"],
    ]
    for row in rows:
        sheet.append(row)
    sheet["D3"].number_format = f'0"{NAMES["number format"]}"'
    sheet["A3"].comment = Comment(f"ask {NAMES['comment']}", "somebody")
    if header:
        sheet["I2"] = header
    path = workspace.raw / "prison_letters" / "2026-02-01" / "letters.xlsx"
    book.save(path)
    return path


def run(*words: str) -> int:
    """Run the command line in this process and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["point27", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return int(ended.value.code or 0)


def leaks(workspace: Workspace, words: list[str]) -> list[str]:
    """Return the words found in any file but raw/, or in any table, with the place."""
    found = []
    for path in sorted(workspace.root.rglob("*")):
        if not path.is_file() or path.is_relative_to(workspace.raw):
            continue
        content = path.read_bytes().lower()
        found += [
            f"{word} in {path.name}"
            for word in words
            if word.lower().encode() in content
        ]
    for path in sorted(workspace.warehouse.rglob("*.duckdb")):
        found += [
            f"{word} in a table of {path.name}" for word in in_tables(path, words)
        ]
    return found


def in_tables(path: Path, words: list[str]) -> list[str]:
    """Return the words that stand in some table of a database."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables()"
        ).fetchall()
        texts = " ".join(
            connection.sql(f"SELECT COLUMNS(*)::VARCHAR FROM {schema}.{table}")
            .df()
            .to_csv()
            for schema, table in tables
        ).lower()
    return [word for word in words if word.lower() in texts]


def test_no_name_survives_a_check(workspace, capfd):
    path = write(workspace, code=CODE, header=HEADER)
    assert run("check", str(path), "-w", str(workspace.root)) == 1
    shown = "".join(capfd.readouterr())
    assert "letters.xlsx!letters!I2" in shown
    assert [w for w in [*NAMES.values(), CODE, HEADER] if w in shown] == []


def test_a_name_in_a_code_column_stops_the_build_and_is_not_kept(workspace, capfd):
    write(workspace, code=CODE)
    assert run("build", "-q", "-w", str(workspace.root)) == 1
    shown = "".join(capfd.readouterr())
    assert (
        "letters.xlsx!letters!G3: accused_body: a word is not in the code list" in shown
    )
    words = [*NAMES.values(), CODE]
    assert [word for word in words if word in shown] == []
    assert leaks(workspace, words) == []


def test_no_name_survives_a_build(workspace, capfd):
    write(workspace)
    assert run("build", "-q", "-w", str(workspace.root)) == 0
    shown = "".join(capfd.readouterr())
    assert "letters.xlsx!letters!D4" in shown
    assert "letters.xlsx!letters!B5" in shown
    assert [word for word in NAMES.values() if word in shown] == []
    assert leaks(workspace, list(NAMES.values())) == []


def test_what_was_refused_is_kept_as_a_marker(workspace):
    with Warehouse(workspace.private_database) as warehouse:
        kept = warehouse.read(
            "SELECT complaint_id, persons_count, received_on FROM quarantine.complaints"
            " ORDER BY complaint_id"
        )
    assert kept.to_dict("list") == {
        "complaint_id": ["L-2", "L-3"],
        "persons_count": ["⟨refused: 10 characters⟩", "1"],
        "received_on": ["2026-01-06", "⟨refused: 7 characters⟩"],
    }

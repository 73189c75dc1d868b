"""A restricted register of all five kinds: nothing of its rows leaves for the public.

Every column of every register is filled with what cannot stand anywhere by chance. A
good build and two that fail are searched, with all that they leave behind.
"""

import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pytest
from small_office import write

from assets import cli
from pipeline.collect.identity import pseudonym, read_key
from pipeline.declarations.codelists import CodeList
from pipeline.workspace import REPOSITORY, Workspace
from schemas.fields import Field, Record
from schemas.registers import REGISTERS

TOKEN = "ZQXJ"  # noqa: S105  (a word to look for, no password)
NUMBER = 918273640
"""Planted numbers count from here; nine digits stand nowhere by chance."""

DAY, OFFICE = "2011-03-17", "closed_office"
HEADER, PERSONAL, DROPPED = "Column of", "person", "dropped"
PLAIN_NUMBERS = {"birth_year": "1980", "age_at_event": "31", "fine_mci_year": "2011"}
"""Numbers that a check limits to what people and years can be."""

SOURCE = """\
source: closed_office
title: Registers that are not public
publisher: An office
licence: none
language: en
ref_area: KZ
sensitivity: restricted
coverage: register
shared_numbers: {register_no: KZ_KUI, case_no: KZ_ERDR}
files:
"""
Row = dict[str, str]


def planted(record: Record, field: Field, row: int) -> str:
    """Return what stands in a column of a row, to be known again anywhere."""
    if field.name in PLAIN_NUMBERS:
        return PLAIN_NUMBERS[field.name]
    match field.kind:
        case "code":
            return f"{TOKEN}{field.codelist}"
        case "date":
            return DAY
        case "number" | "range":
            return str(NUMBER + sum(map(ord, field.name)) % 1000)
        case "pseudonym":
            return f"{TOKEN}{PERSONAL}{record.name}{field.name}{row}"
        case _:
            return f"{TOKEN}{record.name}{field.name}{row}"


def rows_of(record: Record) -> list[Row]:
    """Return two rows of a register that are right, and further ones that are not."""
    own = OWN.get(record.name, {})
    return [
        {field.name: planted(record, field, n) for field in record.fields}
        | {name: number for name, number in NAMED.items() if name in record.names}
        | ({"step_no": str(n + 1)} if "step_no" in record.names else {})
        | {"remarks": f"{TOKEN}{DROPPED}{record.name}{n}"}
        | dict(own.get(n, {}))
        for n in range(4)
    ]


FIRST = f"{TOKEN}complaintscomplaint_id0"
NAMED = {
    "complaint_ids": FIRST,
    "case_no": f"{TOKEN}case",
    "register_no": f"{TOKEN}book",
}
OWN: Mapping[str, Mapping[int, Row]] = {
    # The fourth has a word for its date: it goes to quarantine.
    "complaints": {3: {"received_on": f"{TOKEN}date", "register_no": f"{TOKEN}other"}},
    # Found; leads nowhere; leads to several; leads to the one in quarantine.
    "checks": {
        0: {"complaint_id": FIRST},
        1: {"register_no": ""},
        2: {"complaint_id": ""},
        3: {"complaint_id": f"{TOKEN}complaintscomplaint_id3", "register_no": ""},
    },
    "prosecutions": {1: {"case_no": f"{TOKEN}nocase"}},
    "sentences": {0: {"prosecution_id": f"{TOKEN}prosecutionsprosecution_id0"}},
}
"""What differs in some rows, so that links are found, broken and ambiguous."""


def sheet_of(record: Record, **changes: str) -> list[list[str | None]]:
    """Return a register as a sheet; `changes` are made in its first row."""
    rows = rows_of(record)
    rows[0] |= changes
    columns = [*record.names, "remarks"]
    headers = [f"{HEADER} {name}" for name in columns]
    return [headers, *([row[name] or None for name in columns] for row in rows)]


def declared() -> str:
    """Return the declaration of the source, a sheet for each register."""
    text = SOURCE
    for record in REGISTERS:
        columns = "\n".join(
            f"          {HEADER} {name}: {name}" for name in record.names
        )
        text += (
            f"  - file: {record.name}.xlsx\n    sheets:\n"
            f"      - sheet: {record.name}\n        record: {record.name}\n"
            f"        layout: flat\n        columns:\n{columns}\n"
            f"        dropped: {{{HEADER} remarks: free text}}\n"
        )
    return text


def code_of(codes: CodeList) -> str:
    """Return a plain code of a list."""
    rows = codes.rows[~codes.rows["code"].str.startswith("_")]
    if "ref_area" in rows:
        rows = rows[rows["ref_area"].isin(["", "KZ"])]
    return str(rows["code"].iloc[0])


def make(root: Path, lists: Mapping[str, CodeList]) -> Workspace:
    """Make a workspace with a public form and the restricted registers."""
    form = REPOSITORY / "raw" / "kz_form_1m"
    shutil.copytree(form, root / "raw" / "kz_form_1m")
    vintage = root / "raw" / OFFICE / "2026-03-01"
    vintage.mkdir(parents=True)
    for record in REGISTERS:
        write(vintage / f"{record.name}.xlsx", record.name, sheet_of(record))
    for folder in ("sources", "spellings"):
        (root / "schemas" / folder).mkdir(parents=True)
    path = root / "schemas" / "sources" / f"{OFFICE}.yml"
    path.write_text(declared(), encoding="utf-8")
    used = {f.codelist for record in REGISTERS for f in record.fields if f.codelist}
    for name in used:
        (root / "schemas" / "spellings" / f"{name}.csv").write_text(
            "spelling,code,source,reason\n"
            f"{TOKEN}{name},{code_of(lists[name])},{OFFICE},as told\n",
            encoding="utf-8",
        )
    return Workspace(root)


def build(workspace: Workspace) -> tuple[int, str]:
    """Build a workspace as a person does; return exit code and all that is shown."""
    ended = subprocess.run(
        [sys.executable, "-m", "assets", "build", "-w", str(workspace.root)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


class Built(NamedTuple):
    """A workspace after a build, and what the build showed."""

    workspace: Workspace
    code: int
    said: str


@pytest.fixture(scope="module")
def built_closed(
    tmp_path_factory: pytest.TempPathFactory, lists: Mapping[str, CodeList]
) -> Built:
    """Return the workspace, built."""
    workspace = make(tmp_path_factory.mktemp("restricted"), lists)
    return Built(workspace, *build(workspace))


@pytest.fixture(params=["unknown word", "stray cell", "wrong header"])
def failed(request, tmp_path: Path, lists: Mapping[str, CodeList], capfd) -> Built:
    """Return a workspace whose build failed, one for each way to fail.

    It is built in this process, as one good build has already had its own; `capfd` sees
    what libraries write past Python, too.
    """
    workspace = make(tmp_path, lists)
    register = REGISTERS[0]
    rows = sheet_of(register)
    if request.param == "unknown word":
        rows = sheet_of(register, channel=f"{TOKEN}unknownword")
    elif request.param == "stray cell":
        rows[2].append(f"{TOKEN}stray")
    else:
        rows[0][-2] = f"{TOKEN}header"
    vintage = workspace.raw / OFFICE / "2026-03-01"
    write(vintage / f"{register.name}.xlsx", register.name, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["point27", "build", "-w", str(workspace.root)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    shown = capfd.readouterr()
    return Built(workspace, int(ended.value.code or 0), shown.out + shown.err)


def packed(path: Path) -> Iterator[bytes]:
    """Yield what a file holds, opened by its kind; bytes alone may be compressed."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            yield from map(package.read, package.namelist())
    elif path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv().encode()
    elif path.suffix == ".duckdb":
        yield from tables_of(path)
    elif path.suffix == ".db":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as history:
            yield "\n".join(history.iterdump()).encode()


def tables_of(path: Path) -> Iterator[bytes]:
    """Yield every table of a DuckDB file as text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "SELECT '\"' || schema_name || '\".\"' || table_name || '\"' "
            "FROM duckdb_tables()"
        ).fetchall()
        for (name,) in names:
            frame = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {name}").df()
            yield frame.to_csv().encode()


def found_in(folder: Path, words: list[bytes]) -> list[str]:
    """Return the files of a folder in which one of some words stands."""
    paths = [folder] if folder.is_file() else [*folder.rglob("*")]
    return [
        str(path.name)
        for path in paths
        if path.is_file() and any(w in data for data in packed(path) for w in words)
    ]


def secrets(workspace: Workspace) -> list[bytes]:
    """Return what must not leave: tokens, planted numbers, and pseudonyms."""
    key = read_key(workspace.key)[0]
    fields = [(record, f) for record in REGISTERS for f in record.fields]
    people = [
        pseudonym(planted(record, field, row), key)
        for record, field in fields
        if field.kind == "pseudonym"
        for row in range(4)
    ]
    numbers = {
        planted(record, field, 0)
        for record, field in fields
        if field.kind in ("number", "range") and field.name not in PLAIN_NUMBERS
    }
    return [word.encode() for word in (TOKEN, *people, *numbers)]


def test_the_build_ends_well_and_the_search_would_find_what_is_there(
    built_closed: Built,
) -> None:
    assert built_closed.code == 0, built_closed.said
    private = built_closed.workspace.private_database
    held = b"".join(packed(private))
    assert not [word for word in secrets(built_closed.workspace) if word not in held]
    analyst = built_closed.workspace.analyst_database
    assert found_in(analyst, [f"{TOKEN}case".encode()]) == [analyst.name]


def test_links_were_found_broken_and_ambiguous(built_closed: Built) -> None:
    with duckdb.connect(
        str(built_closed.workspace.analyst_database), read_only=True
    ) as read:
        found = read.execute("SELECT DISTINCT state, reason FROM core.links").fetchall()
    assert set(found) == {
        ("FOUND", "_Z"),
        ("LEADS_NOWHERE", "NOT_SUPPLIED"),
        ("LEADS_NOWHERE", "QUARANTINED"),
        ("AMBIGUOUS", "SEVERAL_RECORDS"),
    }


def test_nothing_is_in_the_public_database_or_the_release(built_closed: Built) -> None:
    workspace, words = built_closed.workspace, secrets(built_closed.workspace)
    assert found_in(workspace.public_database, words) == []
    release = next(workspace.releases.iterdir())
    assert len([*release.rglob("*")]) > 20
    assert found_in(workspace.releases, words) == []


def test_no_table_that_rests_on_it_is_public_and_the_summary_says_so(
    built_closed: Built,
) -> None:
    workspace = built_closed.workspace
    with duckdb.connect(str(workspace.analyst_database), read_only=True) as read:
        resting = {
            name
            for (name,) in read.execute(
                "SELECT table_name FROM meta.table_source WHERE source_id = ?", [OFFICE]
            ).fetchall()
        }
    assert {"complaints", "prosecuted", "penalties", "point_27"} <= resting
    with duckdb.connect(str(workspace.public_database), read_only=True) as read:
        public = {
            name
            for (name,) in read.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'out'"
            ).fetchall()
        }
        rows = read.execute("SELECT count(*) FROM meta.source WHERE source_id = ?",
                            [OFFICE]).fetchone()  # fmt: skip
    assert not resting & public
    assert rows == (0,)
    for table in resting:
        line = f"Withheld    {table}: rests on sources not declared public: {OFFICE}"
        assert line in " ".join(built_closed.said.split(" "))


def test_nothing_is_in_dagster_or_on_the_terminal(built_closed: Built) -> None:
    words = secrets(built_closed.workspace)
    assert [*built_closed.workspace.dagster_home.rglob("*.db")]
    assert found_in(built_closed.workspace.dagster_home, words) == []
    assert not [w for w in words if w in built_closed.said.encode()]


def test_broken_links_are_told_by_their_places_alone(built_closed: Built) -> None:
    said = " ".join(built_closed.said.split())
    assert "checks.xlsx!checks!A3: names complaints not shown; no record" in said
    assert "A5: names complaints not shown; the record with that number is in" in said
    assert (
        "A4: names complaints not shown; several records have that number: "
        "complaints.xlsx!complaints!A2, complaints.xlsx!complaints!A3" in said
    )


@pytest.mark.parametrize("kind", [PERSONAL, DROPPED])
def test_analysts_have_no_person_facility_or_free_text(
    built_closed: Built, kind: str
) -> None:
    word = f"{TOKEN}{kind}".encode()
    assert found_in(built_closed.workspace.warehouse, [word]) == []


def test_a_build_that_fails_tells_the_place_and_shows_nothing(failed: Built) -> None:
    assert failed.code == 1
    assert "complaints.xlsx!complaints!" in failed.said
    assert TOKEN not in failed.said
    words = [TOKEN.encode()]
    assert found_in(failed.workspace.dagster_home, words) == []
    assert not failed.workspace.public_database.exists()
    assert not failed.workspace.analyst_database.exists()

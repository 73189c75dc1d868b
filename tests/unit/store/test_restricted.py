"""A restricted register: analysts have its tables, and nothing of it goes further."""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline.warehouse import reading

RESTS_ON_IT = {"complaints", "investigated", "point_27", "answer_8c", "coverage",
               "quarantine"}  # fmt: skip
RESTS_ON_THE_FORM = {"reported_figures", "reconciliation"}


def out_tables(path: Path) -> set[str]:
    """Return the published tables that a database holds."""
    with reading(path) as read:
        sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'out'"
        return set(read(sql, [])["table_name"])


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of a file, and of what is packed in it."""
    yield path.name, path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield f"{path.name}/{name}", packed.read(name)
    if path.suffix == ".parquet":
        yield f"{path.name} as text", pd.read_parquet(path).to_csv().encode()


def database_text(path: Path) -> bytes:
    """Return every table of a DuckDB file as text: its bytes may be compressed."""
    with reading(path) as read:
        tables = read(
            "SELECT schema_name || '.' || table_name AS t FROM duckdb_tables()", []
        )
        return "\n".join(
            read(f"SELECT COLUMNS(*)::VARCHAR FROM {t}", []).to_csv()
            for t in tables["t"]
        ).encode()


def test_tables_that_rest_on_it_are_refused_and_the_others_pass(closed) -> None:
    with reading(closed.workspace.analyst_database) as read:
        sql = "SELECT table_name FROM meta.table_source WHERE source_id = ?"
        resting = set(read(sql, ["closed_office"])["table_name"])
    assert closed.refused == resting
    assert resting >= RESTS_ON_IT
    public = out_tables(closed.workspace.public_database)
    assert public >= RESTS_ON_THE_FORM
    assert not public & resting


def test_analysts_have_every_table_with_its_counts(closed) -> None:
    assert (
        out_tables(closed.workspace.analyst_database) >= RESTS_ON_IT | RESTS_ON_THE_FORM
    )
    with reading(closed.workspace.analyst_database) as read:
        counted = read(
            "SELECT obs_value FROM out.complaints WHERE time_period = '_T' AND "
            "accused_body = 'POLICE' AND deprived_of_liberty = '_T' "
            "AND place_of_custody = '_T' AND place_of_act = '_T'",
            [],
        )
    assert list(counted["obs_value"]) == [2]


def test_the_summary_says_what_is_withheld_and_why(closed) -> None:
    for table in closed.refused:
        assert (
            f"Withheld    {table}: rests on sources not declared public" in closed.said
        )


def test_the_release_has_no_refused_table_and_says_so(closed) -> None:
    release = next(closed.workspace.releases.iterdir())
    stems = {path.stem for path in release.rglob("*.csv")}
    stems |= {path.stem for path in release.rglob("*.parquet")}
    assert stems >= RESTS_ON_THE_FORM
    assert not stems & closed.refused
    manifest = json.loads(next(release.glob("manifest*.json")).read_text("utf-8"))
    said = json.dumps(manifest, ensure_ascii=False)
    assert all(table in said for table in closed.refused)
    inputs = json.dumps(manifest["inputs"])
    assert "kz_form_1m" in inputs
    assert "closed_office" not in inputs


def test_the_source_itself_is_not_in_the_public_database(closed) -> None:
    with reading(closed.workspace.public_database) as read:
        assert list(read("SELECT source_id FROM meta.source", [])["source_id"]) == [
            "kz_form_1m"
        ]
        traced = read("SELECT DISTINCT source_id FROM meta.provenance", [])
    assert list(traced["source_id"]) == ["kz_form_1m"]


def test_the_search_finds_the_sentinel_where_it_may_be(closed, sentinel: str) -> None:
    found = database_text(closed.workspace.analyst_database)
    assert f"{sentinel}key1".encode() in found
    assert f"{sentinel}code".encode() in found


@pytest.mark.parametrize("part", ["dropped", "person", "other", "third"])
def test_names_and_dropped_cells_are_in_no_database(
    closed, sentinel: str, part: str
) -> None:
    word = (sentinel + part).encode()
    for path in closed.workspace.warehouse.rglob("*.duckdb"):
        assert word not in path.read_bytes()
        assert word not in database_text(path), path.name


def test_no_text_of_it_is_in_the_public_database(closed, sentinel: str) -> None:
    public = closed.workspace.public_database
    assert sentinel.encode() not in public.read_bytes()
    assert sentinel.encode() not in database_text(public)


def test_no_text_of_it_is_in_the_release(closed, sentinel: str) -> None:
    files = [path for path in closed.workspace.releases.rglob("*") if path.is_file()]
    assert len(files) > 20
    found = [
        n for path in files for n, data in contents(path) if sentinel.encode() in data
    ]
    assert found == []


def test_no_text_of_it_is_in_the_history_of_runs(closed, sentinel: str) -> None:
    files = [
        path for path in closed.workspace.dagster_home.rglob("*") if path.is_file()
    ]
    databases = [path for path in files if path.suffix == ".db"]
    assert databases
    assert [path.name for path in files if sentinel.encode() in path.read_bytes()] == []
    for path in databases:
        with sqlite3.connect(path) as history:
            assert sentinel not in "\n".join(history.iterdump()), path.name


def test_the_summary_shows_no_text_of_it(closed, sentinel: str) -> None:
    assert sentinel not in closed.said
    assert "complaints.xlsx!complaints!B4" in closed.said

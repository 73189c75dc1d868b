"""The warehouse: one writer, whole changes, publication that no reader notices."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.errors import WarehouseBusyError
from pipeline.warehouse import Warehouse, checked_name, reading, wal_of
from pipeline.workspace import REPOSITORY

ROWS = pd.DataFrame({"code": ["A", "B"], "number": [1, 2]})
TABLE = {"out.small": "out.small"}
HOLD = """
import sys
from pathlib import Path
from pipeline.warehouse import Warehouse
with Warehouse(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    """Return a warehouse with one small table and its descriptions."""
    warehouse.replace("out.small", ROWS, "It's small.", {"code": "The code; 'quoted'."})
    return warehouse


def test_a_reader_of_the_old_file_goes_on_while_the_new_one_is_put_in_place(
    filled: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "analyst.duckdb"
    filled.publish(path, TABLE)
    with duckdb.connect(str(path), read_only=True) as old:
        filled.replace("out.small", ROWS.head(1), "Smaller.")
        filled.publish(path, TABLE)
        assert old.sql("SELECT count(*) FROM out.small").fetchone() == (2,)
    with reading(path) as read:
        assert len(read("SELECT * FROM out.small", [])) == 1


def test_a_publication_that_fails_leaves_the_old_file_as_it_was(
    filled: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "analyst.duckdb"
    filled.publish(path, TABLE)
    before = path.read_bytes()
    with pytest.raises(duckdb.CatalogException):
        filled.publish(path, {**TABLE, "out.other": "out.no_such_table"})
    assert path.read_bytes() == before
    filled.publish(path, TABLE)
    assert sorted(p.name for p in tmp_path.glob("*analyst*")) == ["analyst.duckdb"]
    assert not list(tmp_path.glob(".*building*"))


def test_what_an_interrupted_publication_left_is_written_over(
    filled: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "public.duckdb"
    for leftover in (".public.duckdb.building", ".public.duckdb.building.wal"):
        (tmp_path / leftover).write_bytes(b"half a database")
    filled.publish(path, TABLE)
    assert not list(tmp_path.glob(".public*"))
    with reading(path) as read:
        assert len(read("SELECT * FROM out.small", [])) == 2


def test_a_stale_journal_beside_the_file_is_removed(
    filled: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "public.duckdb"
    filled.publish(path, TABLE)
    wal_of(path).write_bytes(b"the journal of an older file")
    filled.publish(path, TABLE)
    assert not wal_of(path).exists()
    with reading(path) as read:
        assert len(read("SELECT * FROM out.small", [])) == 2


def test_descriptions_are_copied_with_the_table(
    filled: Warehouse, tmp_path: Path
) -> None:
    filled.publish(tmp_path / "public.duckdb", {"meta.renamed": "out.small"})
    with reading(tmp_path / "public.duckdb") as read:
        table = read(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'renamed'", []
        )
        column = read(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'renamed' "
            "AND column_name = 'code'",
            [],
        )
    assert list(table["comment"]) == ["It's small."]
    assert list(column["comment"]) == ["The code; 'quoted'."]


def test_a_second_process_is_told_that_the_warehouse_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "point27.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseBusyError, match="another build or run"):
            Warehouse(path)
    finally:
        holder.communicate("")
    Warehouse(path).connection.close()


def test_a_file_that_is_no_database_is_not_called_busy(tmp_path: Path) -> None:
    path = tmp_path / "point27.duckdb"
    path.write_text("not a database", encoding="utf-8")
    with pytest.raises(duckdb.Error) as told:
        Warehouse(path)
    assert not isinstance(told.value, WarehouseBusyError)


def test_a_change_that_fails_half_way_is_no_change(filled: Warehouse) -> None:
    bad = pd.DataFrame({"code": ["C"], "number": ["no number"]})
    with pytest.raises(duckdb.Error):
        filled.replace_rows("out.small", bad, "code", ["A"])
    assert list(filled.read("SELECT code FROM out.small ORDER BY code")["code"]) == [
        "A",
        "B",
    ]


def test_rows_are_replaced_by_the_value_of_a_column(filled: Warehouse) -> None:
    filled.replace_rows(
        "out.small", pd.DataFrame({"code": ["B"], "number": [7]}), "code", ["B"]
    )
    found = filled.read("SELECT * FROM out.small ORDER BY code")
    assert list(found["number"]) == [1, 7]


def test_an_empty_column_of_text_stays_text(warehouse: Warehouse) -> None:
    empty = pd.DataFrame({"a": pd.Series(dtype="object"), "b": pd.Series(dtype="str")})
    warehouse.replace("out.empty", empty, "Empty.")
    kinds = warehouse.read(
        "SELECT data_type FROM duckdb_columns() WHERE table_name = 'empty'"
    )
    assert set(kinds["data_type"]) == {"VARCHAR"}


@pytest.mark.parametrize(
    "name", ["out.a;drop", "Out.a", "out.a b", "out.", "1a", "a--"]
)
def test_a_name_that_is_not_safe_in_sql_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        checked_name(name)


def test_a_view_takes_the_place_of_a_table_of_an_earlier_version(
    filled: Warehouse,
) -> None:
    filled.replace_views("out.small", {"out.small": "SELECT 1 AS code"})
    assert not filled.has("out.small")
    assert list(filled.read("SELECT code FROM out.small")["code"]) == [1]


def test_views_are_published_with_the_tables_they_show(
    filled: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "public.duckdb"
    filled.replace_views("out.x_", {"out.x_old": "SELECT code FROM out.small"})
    filled.replace_views("out.x_", {"out.x_codes": "SELECT code FROM out.small"})
    filled.publish(path, TABLE, "out.x_")
    moved = path.rename(tmp_path / "sent_to_somebody.duckdb")
    with reading(moved) as read:
        assert list(read("SELECT * FROM out.x_codes ORDER BY 1", [])["code"]) == [
            "A",
            "B",
        ]
        found = read("SELECT view_name FROM duckdb_views() WHERE NOT internal", [])
    assert list(found["view_name"]) == ["x_codes"]

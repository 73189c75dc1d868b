"""Every number of `out` leads to a file, its hash, a sheet and a filled cell."""

from collections.abc import Callable

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.declarations.tables import read_tables
from pipeline.lineage import sha256_of
from pipeline.workspace import REPOSITORY, Workspace
from schemas.outputs import LEADING, PROVENANCE, TRAILING

Ask = Callable[..., pd.DataFrame]
TABLES = sorted(read_tables(Workspace(REPOSITORY)))


def test_every_table_of_the_catalogue_is_there(ask: Ask) -> None:
    found = ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'out'")
    assert sorted(found["table_name"]) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_its_columns_and_no_cell_twice(ask: Ask, table: str) -> None:
    frame = ask(f"SELECT * FROM out.{table}")
    assert {*LEADING, *TRAILING} <= set(frame.columns)
    assert not frame["cell_id"].duplicated().any()
    assert (
        frame[["cell_id", "time_period", "freq", "unit_measure", "source_id"]]
        .notna()
        .all(axis=None)
    )


@pytest.mark.parametrize("table", TABLES)
def test_every_number_but_a_zero_count_has_a_trace(ask: Ask, table: str) -> None:
    lost = ask(
        f"SELECT cell_id FROM out.{table} WHERE obs_value <> 0 AND cell_id NOT IN "
        "(SELECT cell_id FROM meta.provenance WHERE table_name = ?)",
        table,
    )
    assert lost.empty


@pytest.mark.parametrize("table", TABLES)
def test_every_trace_belongs_to_a_published_cell(ask: Ask, table: str) -> None:
    stray = ask(
        "SELECT cell_id FROM meta.provenance WHERE table_name = ? "
        f"AND cell_id NOT IN (SELECT cell_id FROM out.{table})",
        table,
    )
    assert stray.empty


def test_traces_name_what_provenance_declares(ask: Ask) -> None:
    traces = ask("SELECT * FROM meta.provenance")
    assert list(traces.columns) == list(PROVENANCE)
    assert traces.notna().all(axis=None)
    assert not traces.duplicated().any()


def test_every_file_traced_to_is_in_raw_with_that_hash(ask: Ask, built) -> None:
    files = ask("SELECT DISTINCT source_id, file, sha256 FROM meta.provenance")
    held = {
        (path.parent.parent.name, path.name, sha256_of(path))
        for path in built.raw.glob("*/*/*.xlsx")
    }
    assert len(files) == 7
    assert set(files.itertuples(index=False, name=None)) <= held


def test_every_cell_traced_to_is_filled(ask: Ask, built) -> None:
    places = ask("SELECT DISTINCT source_id, file, sheet, cell FROM meta.provenance")
    empty = []
    for (source, file), cells in places.groupby(["source_id", "file"]):
        path = next((built.raw / source).glob(f"*/{file}"))
        book = load_workbook(path)
        empty += [
            f"{file}!{row.sheet}!{row.cell}"
            for row in cells.itertuples()
            if book[row.sheet][row.cell].value in (None, "")
        ]
    assert len(places) > 250
    assert empty == []


def test_a_reported_figure_is_the_number_in_its_cell(ask: Ask, built) -> None:
    shown = ask(
        "SELECT f.obs_value, p.source_id, p.file, p.sheet, p.cell "
        "FROM out.reported_figures f JOIN meta.provenance p "
        "ON p.cell_id = f.cell_id AND p.table_name = 'reported_figures'"
    )
    books = {
        (source, file): load_workbook(next((built.raw / source).glob(f"*/{file}")))
        for source, file in set(zip(shown["source_id"], shown["file"], strict=True))
    }
    for row in shown.itertuples():
        found = books[row.source_id, row.file][row.sheet][row.cell].value
        text = str(found).replace("\u00a0", "").replace(" ", "").replace(",", ".")
        assert float(text) == pytest.approx(row.obs_value), (
            f"{row.file}!{row.sheet}!{row.cell}"
        )

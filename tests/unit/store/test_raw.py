"""Deliveries are read once, wherever they stand, and forgotten with their source."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import read_sources
from pipeline.declarations.tables import read_tables
from pipeline.store.core import account_for_cells, store_review
from pipeline.store.declared import store_declarations
from pipeline.store.raw import store_source
from pipeline.store.summary import current_release
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

FORM, REGISTER = "kz_form_1m", "open_office"
DECLARED = """\
source: open_office
title: A register
publisher: An office
licence: none
language: en
ref_area: KZ
sensitivity: public
coverage: register
files:
  - file: documents.csv
    sheets:
      - sheet: documents
        record: documents
        layout: flat
        columns: {No.: document, By: publisher, Title: title}
"""


@pytest.fixture
def two(tmp_path: Path) -> Workspace:
    """Return a workspace with the public form and a source of its own."""
    shutil.copytree(REPOSITORY / "raw" / FORM, tmp_path / "raw" / FORM)
    delivered = tmp_path / "raw" / REGISTER / "2026-01-01"
    delivered.mkdir(parents=True)
    text = "No.,By,Title\nD1,An office,A report\n"
    (delivered / "documents.csv").write_text(text, encoding="utf-8")
    declared = tmp_path / "schemas" / "sources" / f"{REGISTER}.yml"
    declared.parent.mkdir(parents=True)
    declared.write_text(DECLARED, encoding="utf-8")
    return Workspace(tmp_path)


def stored(workspace: Workspace, lists: dict[str, CodeList]) -> pd.DataFrame:
    """Read, review and account for every source; return the account of cells."""
    sources = read_sources(workspace)
    with Warehouse(workspace.private_database) as warehouse:
        store_declarations(warehouse, sources, lists, read_tables(workspace))
        for source in sources.values():
            store_source(warehouse, workspace, source, b"0" * 32)
        for record in RECORDS.values():
            store_review(warehouse, record, sources, lists)
        return account_for_cells(warehouse)


def test_a_file_that_stands_unchanged_in_two_vintages_is_one_delivery(
    two: Workspace,
) -> None:
    lists = read_codelists(two)
    once = stored(two, lists)
    two.private_database.unlink()
    vintage = next((two.raw / FORM).iterdir())
    shutil.copytree(vintage, vintage.with_name("2026-06-01"))
    pd.testing.assert_frame_equal(stored(two, lists), once)
    with Warehouse(two.private_database) as warehouse:
        assert warehouse.read("SELECT * FROM raw.figures")["record_id"].is_unique
        known = warehouse.read(
            "SELECT vintage, is_current FROM meta.delivery WHERE source_id = ? "
            "ORDER BY vintage",
            [FORM],
        )
    assert known["is_current"].tolist() == [False, True]


def test_the_release_told_is_that_of_the_deliveries_that_are_there(
    two: Workspace,
) -> None:
    stored(two, read_codelists(two))
    vintage = next((two.raw / FORM).iterdir()).name
    for day in ("2020-01-01", vintage, "2031-01-01"):
        (two.releases / day).mkdir(parents=True)
    with Warehouse(two.private_database) as warehouse:
        assert current_release(warehouse, two) == str(two.releases / vintage)
        (two.releases / vintage).rmdir()
        assert current_release(warehouse, two) == ""


def test_a_source_that_is_taken_away_is_forgotten(two: Workspace) -> None:
    lists = read_codelists(two)
    assert set(stored(two, lists)["source_id"]) == {FORM, REGISTER}
    shutil.rmtree(two.raw / REGISTER)
    (two.root / "schemas" / "sources" / f"{REGISTER}.yml").unlink()
    assert set(stored(two, lists)["source_id"]) == {FORM}
    with Warehouse(two.private_database) as warehouse:
        for table in ("meta.delivery", "raw.cell_count", "meta.record"):
            left = warehouse.read(f"SELECT DISTINCT source_id FROM {table}")
            assert list(left["source_id"]) == [FORM], table

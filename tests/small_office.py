"""A small office that delivers a register and a monthly form, again and again.

In here: its declaration, writing its deliveries, and the steps of a build up to the
analysts' database, without Dagster and without published tables. Not in here: facts.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from openpyxl import Workbook

from assets.resources import declared_corrections, known_sources
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.tables import read_tables
from pipeline.store.core import account_for_cells, store_links, store_review
from pipeline.store.declared import store_declarations
from pipeline.store.increments import store_increments
from pipeline.store.out import publish_analyst
from pipeline.store.published import remember_published
from pipeline.store.raw import store_source
from pipeline.store.revisions import store_revisions
from pipeline.warehouse import Warehouse, reading
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

OFFICE = "small_office"
KEY = b"0" * 32
SOURCE = """\
source: small_office
title: A register and a form of one office
publisher: An office
licence: none
language: en
ref_area: KZ
sensitivity: SENSITIVITY
coverage: register
marks: {"n/k": unknown}
files:
  - file: "complaints*.xlsx"
    sheets:
      - sheet: complaints
        record: complaints
        layout: flat
        columns:
          No.: complaint_id
          Received: received_on
          Person: person_key
          Persons: persons_count
          Channel: channel
          Detained: deprived_of_liberty
          Body: accused_body
        constants: {document: D1}
  - file: "form*.xlsx"
    sheets:
      - sheet: form
        record: figures
        layout: flat
        columns: {No.: figure_id, Until: period_end, Cases: value}
        constants:
          indicator: REGISTERED_CASE
          ref_area: KZ
          period_start: "2025-01-01"
          period_type: CUMULATIVE_YTD
          unit: CASE
          qualifier: EXACT
          stated_by: CLSSA
          document: D1
"""
HEADER = ["No.", "Received", "Person", "Persons", "Channel", "Detained", "Body"]
FIRST = ["K1", "2025-01-10", "person 1", "1", "ombudsman", "yes", "police"]
SECOND = ["K2", "2025-02-10", "person 2", "2", "ombudsman", "no", "police"]
THIRD = ["K3", "2025-03-10", "person 3", "3", "ombudsman", "no", "police"]
JANUARY, FEBRUARY = ["F1", "2025-01-31", "7"], ["F2", "2025-02-28", "12"]

Rows = list[list[str | None]]


def office(root: Path, sensitivity: str = "public") -> Workspace:
    """Make the workspace of the office, without any delivery."""
    declared = root / "schemas" / "sources" / f"{OFFICE}.yml"
    declared.parent.mkdir(parents=True)
    text = SOURCE.replace("SENSITIVITY", sensitivity)
    declared.write_text(text, encoding="utf-8")
    (root / "raw" / OFFICE).mkdir(parents=True)
    return Workspace(root)


def changed(row: list[str], **fields: str) -> list[str]:
    """Return a row of the register with some cells changed, by header."""
    return [fields.get(name, text) for name, text in zip(HEADER, row, strict=True)]


def deliver(
    workspace: Workspace,
    day: str,
    complaints: Rows,
    form: Rows,
    file: str = "complaints.xlsx",
) -> Path:
    """Write one vintage: a register and a form. Returns its folder."""
    folder = workspace.raw / OFFICE / day
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / file, "complaints", [HEADER, *complaints])
    write(folder / "form.xlsx", "form", [["No.", "Until", "Cases"], *form])
    return folder


def write(path: Path, sheet: str, rows: Rows) -> None:
    """Write rows of text as a workbook of one sheet."""
    book = Workbook()
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


def correct(workspace: Workspace, text: str) -> None:
    """Declare corrections, or withdrawn files."""
    folder = workspace.schemas / "corrections"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "office.yml").write_text(text, encoding="utf-8")


@cache
def code_lists() -> dict[str, CodeList]:
    """Return the code lists of the repository; the office has none of its own."""
    return read_codelists(Workspace(REPOSITORY))


@cache
def nothing_delivered() -> bytes:
    """Return a private database after the review of every register, none delivered."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "point27.duckdb"
        with Warehouse(path) as warehouse:
            for record in RECORDS.values():
                store_review(warehouse, record, {}, code_lists())
        return path.read_bytes()


def build(workspace: Workspace) -> pd.DataFrame:
    """Take everything in, up to the analysts' database; return the cells' account.

    The first build begins where no register was delivered; those that never are need
    no further review.
    """
    if not workspace.private_database.exists():
        workspace.private_database.parent.mkdir(parents=True, mode=0o700)
        workspace.private_database.write_bytes(nothing_delivered())
    sources, lists = known_sources(workspace), code_lists()
    corrections = declared_corrections(workspace)
    with Warehouse(workspace.private_database) as warehouse:
        store_declarations(warehouse, sources, lists, read_tables(workspace))
        for source in sources.values():
            withdrawn = corrections.withdrawn(source.source)
            store_source(warehouse, workspace, source, KEY, withdrawn)
        for record in RECORDS.values():
            if warehouse.has(f"raw.{record.name}"):
                store_review(warehouse, record, sources, lists, corrections)
        account = account_for_cells(warehouse)
        store_links(warehouse)
        store_revisions(warehouse, sources, lists)
        store_increments(warehouse, sources, lists)
        publish_analyst(warehouse, workspace)
        remember_published(warehouse)
    return account


def ask(workspace: Workspace, sql: str) -> list[tuple[object, ...]]:
    """Return the rows that a query of the analysts' database selects."""
    with reading(workspace.analyst_database) as read:
        return [*read(sql, []).itertuples(index=False, name=None)]

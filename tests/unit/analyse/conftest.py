"""Small registers in a real warehouse, from rows that one can read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import pytest

from pipeline.analyse.aggregate import prepare
from pipeline.analyse.build import build_table
from pipeline.analyse.disclosure import OutTable
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import read_questions
from pipeline.declarations.reconciliation import read_rules
from pipeline.declarations.tables import read_tables
from pipeline.process.validate import empty_core
from pipeline.store.core import numbered, store_links, store_reconciliation
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace
from schemas.fields import Record
from schemas.records import RECORDS

Rows = Sequence[Mapping[str, object]]
Fill = Callable[..., None]
Build = Callable[[str], OutTable]
SOURCES = ("a_office", "b_office")


class Bench(NamedTuple):
    """A warehouse that is filled again and again, and what builds its tables."""

    warehouse: Warehouse
    fill: Fill
    build: Build


def core_frame(record: Record, rows: Rows) -> pd.DataFrame:
    """Return rows as accepted records: what a row leaves out is missing or `_T`."""
    empty = empty_core(record)
    made = []
    for number, row in enumerate(rows, start=2):
        source = str(row.get("source_id", SOURCES[0]))
        place = {
            "record_id": f"{source}!{record.name}!A{number}", "source_id": source,
            "delivery_id": f"of {source}", "file": f"{source}.xlsx", "row": number,
            "sheet": record.name, "cell": f"A{number}", "cells": 1,
        }  # fmt: skip
        defaults = {f.name: f.default for f in record.fields if f.default}
        days = {
            f"{f.name}_precision": "DAY" if row.get(f.name) else "UNKNOWN"
            for f in record.fields
            if f.kind == "date"
        }
        made.append(place | defaults | days | dict(row))
    frame = pd.DataFrame(made, columns=list(empty.columns))
    for field in record.fields:
        if field.kind == "date":
            frame[field.name] = pd.to_datetime(frame[field.name])
    return frame.astype(empty.dtypes.to_dict())


def fill_warehouse(warehouse: Warehouse, registers: Mapping[str, Rows]) -> None:
    """Put records into `core`, with their deliveries, in the place of all others."""
    known = []
    for name, record in RECORDS.items():
        frame = core_frame(record, registers.get(name, []))
        frame, _ = numbered(name, frame, frame.iloc[:0])
        if not warehouse.has(f"core.{name}") or is_changed(warehouse, name, frame):
            warehouse.replace(f"core.{name}", frame, record.description)
            warehouse.replace(f"quarantine.{name}", frame.iloc[:0], "Refused.")
        state = frame["record_id"].map(lambda _: "ACCEPTED").astype("str")
        known.append(frame.assign(record=name, state=state))
    columns = [
        "record_no",
        "record_id",
        "record",
        "state",
        "source_id",
        "delivery_id",
        "file",
        "sheet",
    ]
    warehouse.replace(
        "meta.record", pd.concat(known)[[*columns, "cell", "cells"]], "Records."
    )
    store_links(warehouse)
    prepare(warehouse)


def is_changed(warehouse: Warehouse, name: str, frame: pd.DataFrame) -> bool:
    """Return whether a register has rows, or had some before."""
    return len(frame) > 0 or not warehouse.read(f"SELECT 1 FROM core.{name}").empty


def declare(warehouse: Warehouse, lists: Mapping[str, CodeList]) -> None:
    """Put two sources and what the cubes need of the code lists into `meta`."""
    sources = pd.DataFrame(
        {"source_id": SOURCES, "ref_area": "KZ", "synthetic": False,
         "sensitivity": "public", "coverage": ["register", "documented_minimum"]}
    )  # fmt: skip
    warehouse.replace("meta.source", sources, "Sources.")
    deliveries = sources.assign(
        delivery_id="of " + sources["source_id"],
        sha256=sources["source_id"] + " hash",
        vintage="2030-01-01",
    )
    warehouse.replace("meta.delivery", deliveries, "Deliveries.")
    for name, one in lists.items():
        warehouse.replace(f"meta.codelist_{name}", one.rows, name)
    reasons = pd.DataFrame(
        columns=["record_id", "source_id", "record", "rule", "state"], dtype="str"
    )
    warehouse.replace("quarantine.reason", reasons, "Reasons.")


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, lists: dict[str, CodeList]
) -> Iterator[Bench]:
    """Return a warehouse with sources and code lists, and no record yet."""
    repository = Workspace(REPOSITORY)
    tables, rules = read_tables(repository), read_rules(repository)
    questions = read_questions()
    with Warehouse(tmp_path_factory.mktemp("bench") / "point27.duckdb") as warehouse:
        declare(warehouse, lists)
        fill_warehouse(warehouse, {})
        store_reconciliation(warehouse, lists, rules)

        def fill(**registers: Rows) -> None:
            fill_warehouse(warehouse, registers)

        def build(name: str) -> OutTable:
            return build_table(warehouse, tables[name], lists, questions)

        yield Bench(warehouse, fill, build)


@pytest.fixture
def one_numbering(bench: Bench) -> Iterator[None]:
    """Let both sources number their cases alike."""
    told = {"source_id": SOURCES, "field": "case_no", "numbering": "ERDR"}
    shared = pd.DataFrame(told)
    bench.warehouse.replace("meta.shared_number", shared, "Shared.")
    yield
    bench.warehouse.replace("meta.shared_number", shared.iloc[:0], "None.")

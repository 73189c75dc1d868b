"""`raw`: deliveries and records as read.

In here: reading only what has not been read yet, and keeping each delivery's records
and cell counts. Not in here: reading itself (`collect`).
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.collect.deliveries import find_deliveries, latest
from pipeline.collect.intake import Intake, take_in
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.sources import Source
from pipeline.lineage import stable_id
from pipeline.model import LINEAGE, Delivery
from pipeline.process.classify import Coding
from pipeline.process.screen import screen
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace
from schemas.records import RECORDS

READING = "3"
"""Raised when `collect` reads the same bytes otherwise: every file is read again."""

DELIVERY_COLUMNS = (
    *("delivery_id", "source_id", "vintage", "file", "sha256", "size_bytes"),
    *("reading_id", "is_current"),
)
CELL_COLUMNS = (
    *("source_id", "delivery_id", "file", "sheet", "record"),
    *("cells_read", "cells_non_data"),
)


class Stored(NamedTuple):
    """What came of storing one source."""

    deliveries: pd.DataFrame
    read_now: int


def store_source(
    warehouse: Warehouse, workspace: Workspace, source: Source, key: bytes
) -> Stored:
    """Read the deliveries of a source that are new, and keep their records.

    A file whose bytes, layout and key are those of an earlier reading is not read
    again. Deliveries are replaced whole, one transaction a table.

    Raises:
        InputError: a file is missing, not declared, unreadable or not as laid out.
    """
    deliveries = find_deliveries(workspace, source)
    table = delivery_table(deliveries, source, key)
    known = known_readings(warehouse)
    # One file may stand unchanged in several vintages: it is one delivery, read once.
    new = {
        delivery.delivery_id: delivery
        for delivery, reading in zip(deliveries, table["reading_id"], strict=True)
        if reading not in known
    }
    if new:
        read = take_in(source, [*new.values()], key)
        keep(warehouse, screened(read, source, workspace), [*new])
    warehouse.replace_rows("meta.delivery", table, "source_id", [source.source])
    return Stored(table, len(new))


def screened(intake: Intake, source: Source, workspace: Workspace) -> Intake:
    """Return the intake of a restricted source without what may be a name.

    Raises:
        UnknownCodeError: of a restricted source; nothing of it is kept then.
    """
    if source.sensitivity == "public":
        return intake
    coding = Coding(source, read_codelists(workspace))
    kept = {
        name: screen(records, RECORDS[name], coding)
        for name, records in intake.records.items()
    }
    return intake._replace(records=kept)


def delivery_table(
    deliveries: Sequence[Delivery], source: Source, key: bytes
) -> pd.DataFrame:
    """Return one row for each file of each vintage.

    A reading is of these bytes, by this layout, into these fields, with this key.
    """
    fields = str([RECORDS[name].names for name in source.records])
    layout = hashlib.sha256((source.model_dump_json() + fields).encode()).hexdigest()
    fingerprint = hashlib.sha256(key).hexdigest()
    how = (layout, fingerprint, READING)
    newest = {id(delivery) for delivery in latest(list(deliveries))}
    rows = [
        {
            "delivery_id": delivery.delivery_id,
            "source_id": delivery.source_id,
            "vintage": delivery.vintage,
            "file": delivery.file,
            "sha256": delivery.sha256,
            "size_bytes": delivery.size_bytes,
            "reading_id": stable_id((delivery.delivery_id, *how)),
            "is_current": id(delivery) in newest,
        }
        for delivery in deliveries
    ]
    return pd.DataFrame(rows, columns=DELIVERY_COLUMNS)


def known_readings(warehouse: Warehouse) -> set[str]:
    """Return the readings whose records are in the warehouse."""
    if not warehouse.has("meta.delivery"):
        return set()
    return set(warehouse.read("SELECT reading_id FROM meta.delivery")["reading_id"])


def keep(warehouse: Warehouse, intake: Intake, ids: Sequence[str]) -> None:
    """Put records and cell counts in the place of earlier readings of deliveries."""
    for name in RECORDS:
        records = intake.records.get(name)
        if records is None:
            records = pd.DataFrame(columns=raw_columns(name), dtype="str")
        warehouse.replace_rows(f"raw.{name}", records, "delivery_id", ids)
    cells = intake.cells.reindex(columns=CELL_COLUMNS)
    warehouse.replace_rows("raw.cell_count", cells, "delivery_id", ids)


def raw_columns(name: str) -> list[str]:
    """Return the columns of one kind of record in `raw`."""
    printed = ["value_as_printed"] if name == "figures" else []
    return [*LINEAGE, *RECORDS[name].names, *printed]

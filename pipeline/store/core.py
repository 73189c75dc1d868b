"""`core` and `quarantine`: records after review, links, identities and conflicts.

In here: what goes into each after `process` has decided, and the count of every cell.
Not in here: the decisions.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import ReconciliationRules
from pipeline.declarations.sources import Source
from pipeline.errors import UnaccountedCellsError
from pipeline.model import Reviewed
from pipeline.process.classify import worded_by
from pipeline.process.link import LINKS, Link, acts_named, link
from pipeline.process.reconcile import Reconciled, reconcile
from pipeline.process.validate import cored, review
from pipeline.store.raw import raw_columns
from pipeline.warehouse import Warehouse
from schemas.fields import Record
from schemas.records import RECORDS
from schemas.registers import REGISTERS

RECORD_COLUMNS = (
    *("record_id", "record", "state", "source_id", "delivery_id", "file", "sheet"),
    *("cell", "cells"),
)
LINKS_TO_ACTS = [
    one
    for one in LINKS
    if "event_from" in RECORDS[one.end].names
    and "event_from" not in RECORDS[one.start].names
    and any(field.codelist == "charge" for field in RECORDS[one.start].fields)
]
"""By which a register that states no act has the wording of its charges."""

ACCEPTED, QUARANTINED = "ACCEPTED", "QUARANTINED"
LINEAGE_NOTES = {
    "record_id": "Identifier of the record: delivery!sheet!cell.",
    "source_id": "Source.",
    "delivery_id": "Delivery (file) the record was read from.",
    "file": "File.",
    "sheet": "Sheet.",
    "row": "Row of the sheet, counted from 1.",
    "cell": "Cell to look at: the number of a figure, the key of a register's row.",
    "cells": "How many filled cells the record is made of.",
    "columns": "Which letter holds which field.",
    "value_as_printed": "The number as the sheet shows it.",
}


def store_review(
    warehouse: Warehouse,
    record: Record,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> Reviewed:
    """Review the records of the latest vintages and keep every one of them.

    Raises:
        UnknownCodeError: a source wrote a word that no code list knows.
    """
    reviewed = review(
        current_raw(warehouse, record.name, sources), record, sources, lists
    )
    for one in LINKS_TO_ACTS:
        if one.start == record.name:
            ends = acts_told(warehouse, one, sources, lists)
            acts = acts_named(reviewed.accepted, one, ends)
            core = worded_by(reviewed.accepted, record, acts, lists["charge"])
            reviewed = reviewed._replace(accepted=core)
    warehouse.replace(
        f"core.{record.name}", reviewed.accepted, record.description, notes_of(record)
    )
    warehouse.replace(
        f"quarantine.{record.name}",
        reviewed.quarantined,
        f"Records of {record.name} that were refused, as read.",
        LINEAGE_NOTES,
    )
    reasons = reviewed.reasons.assign(state="OPEN")
    warehouse.replace_rows("quarantine.reason", reasons, "record", [record.name])
    states = [
        reviewed.accepted.assign(state=ACCEPTED),
        reviewed.quarantined.assign(state=QUARANTINED),
    ]
    known = pd.concat(states).assign(record=record.name)[list(RECORD_COLUMNS)]
    known["cells"] = known["cells"].astype("int64")
    warehouse.replace_rows("meta.record", known, "record", [record.name])
    return reviewed


def acts_told(
    warehouse: Warehouse,
    one: Link,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Return key and day of the act of the records at the end of a link.

    From `raw`, which has all registers of a source: `core` may not have this one yet.
    """
    end = RECORDS[one.end]
    fields = (end.field(one.key), end.field("event_from"))
    raw = current_raw(warehouse, one.end, sources)
    return cored(raw, replace(end, fields=fields), sources, lists)[0]


def current_raw(
    warehouse: Warehouse, name: str, sources: Mapping[str, Source]
) -> pd.DataFrame:
    """Return the raw records of the latest vintage of each source, all text."""
    if not warehouse.has(f"raw.{name}"):
        return pd.DataFrame(columns=raw_columns(name), dtype="str")
    frame = warehouse.read(
        f"SELECT r.* FROM raw.{name} r WHERE delivery_id IN ("
        "SELECT delivery_id FROM meta.delivery WHERE is_current "
        "AND source_id IN (SELECT unnest(?))) ORDER BY source_id, record_id",
        [list(sources)],
    )
    texts = frame.columns.drop(["row", "cells"])
    return frame.astype(dict.fromkeys(texts, "str"))


def notes_of(record: Record) -> dict[str, str]:
    """Return the description of each column of a record in `core`."""
    notes = dict(LINEAGE_NOTES)
    for field in record.fields:
        for column in field.core_columns:
            notes[column] = field.description
        if field.kind == "code":
            notes[f"{field.name}_source"] = f"What the source wrote for {field.name}."
        if field.kind == "date":
            notes[f"{field.name}_precision"] = "DAY, MONTH, YEAR or UNKNOWN."
    return notes


def store_links(warehouse: Warehouse) -> pd.DataFrame:
    """Follow the chain of stages and keep every link, found or not."""
    registers = {
        r.name: warehouse.read(f"SELECT * FROM core.{r.name}") for r in REGISTERS
    }
    links = link(registers)
    warehouse.replace(
        "core.links",
        links,
        "Links between the registers: found, not stated, or leading nowhere.",
    )
    return links


def store_reconciliation(
    warehouse: Warehouse, lists: Mapping[str, CodeList], rules: ReconciliationRules
) -> Reconciled:
    """Try every rule on the figures and keep the identities and conflicts found."""
    figures = warehouse.read("SELECT * FROM core.figures ORDER BY record_id")
    claims = warehouse.read("SELECT * FROM core.claims ORDER BY record_id")
    found = reconcile(figures, claims, lists, rules)
    warehouse.replace(
        "core.identities", found.identities, "Identities tried on figures."
    )
    warehouse.replace("core.conflicts", found.conflicts, "Statements that contradict.")
    return found


def account_for_cells(warehouse: Warehouse) -> pd.DataFrame:
    """Return, for each sheet, that every cell read is accounted for.

    cells read = observations + quarantined + declared non-data.

    Raises:
        UnaccountedCellsError: it is not so for some sheet.
    """
    counted = warehouse.read(
        """
        SELECT c.source_id, c.file, c.sheet, c.cells_read,
            coalesce(sum(r.cells) FILTER (r.state = 'ACCEPTED'), 0)::BIGINT
                AS cells_observed,
            coalesce(sum(r.cells) FILTER (r.state = 'QUARANTINED'), 0)::BIGINT
                AS cells_quarantined,
            c.cells_non_data
        FROM raw.cell_count c
        LEFT JOIN meta.record r USING (delivery_id, sheet)
        WHERE c.delivery_id IN (SELECT delivery_id FROM meta.delivery WHERE is_current)
        GROUP BY ALL ORDER BY ALL
        """
    )
    counted["cells_unaccounted"] = counted["cells_read"] - counted[
        ["cells_observed", "cells_quarantined", "cells_non_data"]
    ].sum(axis=1)
    lost = counted[counted["cells_unaccounted"] != 0]
    if len(lost):
        first = lost.iloc[0]
        raise UnaccountedCellsError(
            f"{first['file']}!{first['sheet']}: {first['cells_unaccounted']} of "
            f"{first['cells_read']} cells are neither observation, quarantined nor "
            "declared non-data; this is a fault of the program"
        )
    warehouse.replace(
        "meta.cell_account", counted, "Every cell read, by what became of it."
    )
    return counted

"""`core` and `quarantine`: records after review, links, identities and conflicts.

In here: what goes into each after `process` has decided, and the count of every cell.
Not in here: the decisions.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.corrections import Corrections
from pipeline.declarations.reconciliation import ReconciliationRules
from pipeline.declarations.sources import Source
from pipeline.errors import UnaccountedCellsError
from pipeline.model import Reviewed
from pipeline.process.classify import worded_by
from pipeline.process.correct import Corrected, correct
from pipeline.process.link import LINKS, Link, acts_named, link
from pipeline.process.reconcile import Reconciled, reconcile
from pipeline.process.validate import cored, review
from pipeline.store.made_up import said
from pipeline.store.quarantine import Current, store_reasons
from pipeline.store.vintages import current_raw
from pipeline.warehouse import Warehouse
from schemas.fields import Record
from schemas.records import RECORDS
from schemas.registers import REGISTERS

RECORD_COLUMNS = (
    *("record_no", "record_id", "record", "state", "source_id", "delivery_id"),
    *("file", "sheet", "cell", "cells"),
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
NO_CORRECTIONS = Corrections()
ROOM = 2**40
"""Room for the numbers of one kind of record: far more rows than sheets can hold."""

LINKS_TOLD = (
    "Links between the registers: found, not stated, leading nowhere, or ambiguous."
)
LINK_NOTES = {
    "source_id": "Source of the record that names another.",
    "from_record": "Its register.",
    "record_id": "Its identifier.",
    "record_no": "Its number in this build.",
    "to_record": "Register in which another record is named.",
    "to_id": "The number named; where two of them disagree, both.",
    "to_field": "Field of the other register that the number is sought in.",
    "state": "FOUND, NOT_STATED, LEADS_NOWHERE or AMBIGUOUS.",
    "to_source_id": "Source of the record meant; only of a link that is found.",
    "to_record_id": "Its identifier; of a case, that of its first step.",
    "to_no": "Its number in this build; of a case, that of its first step.",
    "reason": "Of LEADS_NOWHERE: NOT_SUPPLIED or QUARANTINED. Of AMBIGUOUS: "
    "SEVERAL_RECORDS or SEVERAL_SOURCES have the number, or two numbers of the record "
    "lead to different ones (NUMBERS_DISAGREE). Else _Z.",
}
LINEAGE_NOTES = {
    "record_id": "Identifier of the record: delivery!sheet!cell.",
    "record_no": "Number of the record in this build, over all kinds of record.",
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
    corrections: Corrections = NO_CORRECTIONS,
) -> Reviewed:
    """Review the records of the latest vintages and keep every one of them.

    Accepted corrections are applied before; `raw` keeps what the source wrote, and
    `meta.correction` tells of each.

    Raises:
        UnknownCodeError: a source wrote a word that no code list knows.
        CorrectionError: a correction no longer fits what the source says.
    """
    raw = current_raw(warehouse, record.name, sources)
    corrected = correct(raw, record, corrections.of(record.name), sources, lists)
    reviewed = review(corrected.records, record, sources, lists)
    for one in LINKS_TO_ACTS:
        if one.start == record.name:
            # Another source may not have been taken in yet; no link leads there.
            mine = {name: sources[name] for name in raw["source_id"].unique()}
            ends = acts_told(warehouse, one, mine, lists, corrections)
            acts = acts_named(reviewed.accepted, one, ends)
            core = worded_by(reviewed.accepted, record, acts, lists["charge"])
            reviewed = reviewed._replace(accepted=core)
    refused = raw[raw["record_id"].isin(reviewed.quarantined["record_id"])]
    keep(warehouse, record, reviewed._replace(quarantined=refused), corrected)
    now = Current(raw, corrected, reviewed)
    reasons = store_reasons(warehouse, record, now, sources, lists)
    return reviewed._replace(quarantined=refused, reasons=reasons)


def keep(
    warehouse: Warehouse, record: Record, reviewed: Reviewed, corrected: Corrected
) -> None:
    """Put reviewed records, their states and corrections in the place of the former."""
    name = record.name
    core, refused = numbered(name, reviewed.accepted, reviewed.quarantined)
    comment = said(warehouse, record.description)
    warehouse.replace(f"core.{name}", core, comment, notes_of(record))
    told = f"Records of {name} that were refused, as read."
    warehouse.replace(f"quarantine.{name}", refused, told, LINEAGE_NOTES)
    states = [core.assign(state=ACCEPTED), refused.assign(state=QUARANTINED)]
    known = pd.concat(states).assign(record=name)[list(RECORD_COLUMNS)]
    known["cells"] = known["cells"].astype("int64")
    warehouse.replace_rows("meta.record", known, "record", [name])
    rows = corrected.corrections.astype({"is_applied": "bool"})
    warehouse.replace_rows("meta.correction", rows, "record", [name])


def numbered(
    name: str, accepted: pd.DataFrame, refused: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return records with a number each: what joins and counts at a million rows."""
    first = list(RECORDS).index(name) * ROOM
    middle = first + len(accepted)
    return (
        accepted.assign(record_no=range(first, middle)),
        refused.assign(record_no=range(middle, middle + len(refused))),
    )


def acts_told(
    warehouse: Warehouse,
    one: Link,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
    corrections: Corrections,
) -> pd.DataFrame:
    """Return key and day of the act of the records at the end of a link.

    From `raw`, which has all registers of a source: `core` may not have this one yet.
    """
    end = RECORDS[one.end]
    raw = current_raw(warehouse, one.end, sources)
    records = correct(raw, end, corrections.of(one.end), sources, lists).records
    fields = (end.field(one.key), end.field("event_from"))
    return cored(records, replace(end, fields=fields), sources, lists)[0]


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
    """Follow the chain of stages and keep every link, found or not.

    Numbers that sources declared to share (`meta.shared_number`) are sought in all of
    these. `core.link_candidates` has the records that an ambiguous link may mean.
    """
    registers = {r.name: numbers_in(warehouse, "core", r) for r in REGISTERS}
    refused = {r.name: numbers_in(warehouse, "quarantine", r) for r in REGISTERS}
    found = link(registers, refused, shared_numbers(warehouse))
    warehouse.replace("core.links", found.links, LINKS_TOLD, LINK_NOTES)
    told = "The records that each ambiguous link may mean, a few of many."
    warehouse.replace("core.link_candidates", found.candidates, told, LINK_NOTES)
    return found.links


def shared_numbers(warehouse: Warehouse) -> dict[str, dict[str, str]]:
    """Return source → field → numbering, where it is shared with other sources."""
    shared: dict[str, dict[str, str]] = {}
    if warehouse.has("meta.shared_number"):
        sql = "SELECT source_id, field, numbering FROM meta.shared_number"
        for source_id, field, name in warehouse.read(sql).to_numpy():
            shared.setdefault(source_id, {})[field] = name
    return shared


def numbers_in(warehouse: Warehouse, schema: str, record: Record) -> pd.DataFrame:
    """Return the numbers by which records name one another, in the order read."""
    columns = ["source_id", "record_id", "record_no", *numbers_by_link(record)]
    name = f"{schema}.{record.name}"
    return warehouse.read(f"SELECT {', '.join(columns)} FROM {name} ORDER BY record_no")


def numbers_by_link(record: Record) -> list[str]:
    """Return the columns of a register that a link starts from or leads to."""
    fields = ["step_no"]
    for one in LINKS:
        fields += [one.column, one.other] if one.start == record.name else []
        fields += [one.key, one.other] if one.end == record.name else []
    return [name for name in record.names if name in fields]


def store_reconciliation(
    warehouse: Warehouse,
    lists: Mapping[str, CodeList],
    rules: ReconciliationRules,
    *,
    is_earlier: bool = False,
) -> Reconciled:
    """Try every rule on the figures and keep the identities and conflicts found.

    Args:
        warehouse: with the accepted figures and claims.
        lists: code lists by name.
        rules: what to compare.
        is_earlier: whether it is an earlier state: cases that readers declared of
            figures delivered later are left out then.
    """
    figures = warehouse.read("SELECT * FROM core.figures ORDER BY record_id")
    claims = warehouse.read("SELECT * FROM core.claims ORDER BY record_id")
    if is_earlier:
        known = set(figures["figure_id"])
        cases = tuple(one for one in rules.declared if known.issuperset(one.figures))
        rules = rules.model_copy(update={"declared": cases})
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

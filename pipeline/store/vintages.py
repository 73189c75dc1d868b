"""The vintages of a source as the warehouse has them, and what is derived from each.

In here: raw records by vintage, and keeping what was derived from an earlier vintage
until its reading or the declarations change. Not in here: deriving it.
"""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.lineage import stable_id
from pipeline.store.raw import raw_columns
from pipeline.warehouse import Warehouse, checked_name
from schemas.fields import Record

REVIEWING = "1"
"""Raised when `process` judges the same records otherwise: all is derived again."""

SLOT = ("slot", "fingerprint", "is_row")
"""Columns of what is kept: whose it is, of which state, and whether it is a row.

A slot from which nothing came has one row that is none.
"""


def days_read(warehouse: Warehouse, source_id: str) -> list[str]:
    """Return the vintages of a source of which every file was read, oldest first."""
    found = warehouse.read(
        "SELECT vintage FROM meta.delivery WHERE source_id = ? "
        "GROUP BY vintage HAVING bool_and(reading_id <> '') ORDER BY vintage",
        [source_id],
    )
    return list(found["vintage"])


def readings(warehouse: Warehouse, source_id: str, day: str) -> dict[str, str]:
    """Return delivery → reading of the files of one vintage."""
    found = warehouse.read(
        "SELECT delivery_id, reading_id FROM meta.delivery "
        "WHERE source_id = ? AND vintage = ? ORDER BY ALL",
        [source_id, day],
    )
    return dict(zip(found["delivery_id"], found["reading_id"], strict=True))


def raw_records(
    warehouse: Warehouse, record: Record, deliveries: Sequence[str]
) -> pd.DataFrame:
    """Return the raw records of some deliveries, all text."""
    name = checked_name(f"raw.{record.name}")
    if not warehouse.has(name):
        return pd.DataFrame(columns=raw_columns(record.name), dtype="str")
    return as_text(
        warehouse.read(
            f"SELECT * FROM {name} WHERE delivery_id IN (SELECT unnest(?)) "
            "ORDER BY source_id, record_id",
            [[*deliveries]],
        )
    )


def current_raw(
    warehouse: Warehouse, name: str, sources: Mapping[str, Source]
) -> pd.DataFrame:
    """Return the raw records of the latest vintage of each source, all text."""
    if not warehouse.has(f"raw.{name}"):
        return pd.DataFrame(columns=raw_columns(name), dtype="str")
    return as_text(
        warehouse.read(
            f"SELECT r.* FROM raw.{name} r WHERE delivery_id IN ("
            "SELECT delivery_id FROM meta.delivery WHERE is_current "
            "AND source_id IN (SELECT unnest(?))) ORDER BY source_id, record_id",
            [list(sources)],
        )
    )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return raw records with every column as text, but for the two counts."""
    texts = frame.columns.drop(["row", "cells"])
    return frame.astype(dict.fromkeys(texts, "str"))


def fingerprint(
    read: Sequence[str],
    record: Record,
    source: Source,
    lists: Mapping[str, CodeList],
) -> str:
    """Return what changes when anything changes that records are judged by."""
    used = sorted({field.codelist for field in record.fields if field.codelist})
    mine = (source.source, source.areas)
    codes = [(n, lists[n].known(*mine), lists[n].patterns(*mine)) for n in used]
    return stable_id((*read, record, source.model_dump_json(), codes, REVIEWING))


def kept_or_made(
    warehouse: Warehouse,
    table: str,
    slot: str,
    state: str,
    make: Callable[[], pd.DataFrame],
) -> pd.DataFrame:
    """Return what was derived from this state before, else derive and keep it.

    Args:
        warehouse: where it is kept.
        table: in which table.
        slot: whose it is; what was kept there of another state is replaced.
        state: fingerprint of all that it depends on.
        make: derives it; all its columns are text.
    """
    if warehouse.has(table):
        sql = f"SELECT * FROM {table} WHERE slot = ? AND fingerprint = ?"
        known = warehouse.read(sql, [slot, state])
        if len(known):
            rows = known[known["is_row"]].drop(columns=[*SLOT])
            return rows.astype("str").reset_index(drop=True)
    made = make()
    # Reindexed, a row of nothing keeps the types of the columns.
    rows = made.reindex([0]) if made.empty else made
    kept = rows.assign(slot=slot, fingerprint=state, is_row=not made.empty)
    warehouse.replace_rows(table, kept, "slot", [slot])
    return made

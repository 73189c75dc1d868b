"""`quarantine.reason`: why records are refused, since when, and what became of it.

In here: the history of refusals, derived from the vintages in `raw` on every build, so
that it does not depend on when somebody built. Not in here: refusing
(`process/validate.py`), following one refusal (`process/refusals.py`), giving refused
records back (`store/returned.py`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import UnknownCodeError
from pipeline.model import Reviewed
from pipeline.process.correct import Corrected
from pipeline.process.reasons import no_reasons
from pipeline.process.refusals import (
    OPEN,
    PLACED_COLUMNS,
    REASON_NOTES,
    followed,
    placed,
    with_corrected,
)
from pipeline.process.same_record import identities, key_texts
from pipeline.process.validate import review
from pipeline.store.vintages import (
    days_read,
    fingerprint,
    kept_or_made,
    raw_records,
    readings,
)
from pipeline.warehouse import Warehouse
from schemas.fields import Record

PAST = "raw.past_reason"
DESCRIPTION = "Why records are or were refused, since when, and what became of it."


class Current(NamedTuple):
    """The records of one kind in the latest vintages, and what became of them.

    `as_read` are the reasons for which they would be refused without corrections.
    """

    raw: pd.DataFrame
    corrected: Corrected
    reviewed: Reviewed
    as_read: pd.DataFrame = no_reasons()


def store_reasons(
    warehouse: Warehouse,
    record: Record,
    current: Current,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Keep why records of one kind are, or were, refused; return what is open now."""
    empty = pd.DataFrame(columns=[*REASON_NOTES], dtype="str")
    as_read = reasons_as_read(record, current, sources, lists)
    current = current._replace(as_read=as_read)
    found = [
        history(warehouse, record, current, source, lists)
        for source in sources.values()
        if record.name in source.records
    ]
    entries = pd.concat([empty, *found], ignore_index=True)
    warehouse.replace_rows("quarantine.reason", entries, "record", [record.name])
    warehouse.describe("quarantine.reason", DESCRIPTION, REASON_NOTES)
    still = entries["record_id"].isin(current.raw["record_id"])
    return entries[still & entries["state"].eq(OPEN)]


def history(
    warehouse: Warehouse,
    record: Record,
    current: Current,
    source: Source,
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Return the entries of one kind of record of one source."""
    name = source.source
    days = days_read(warehouse, name) or [""]
    told = {
        day: past_reasons(warehouse, record, source, day, lists) for day in days[:-1]
    }
    left, before = (
        placed(reasons[reasons["source_id"] == name], current.raw, record)
        for reasons in (current.reviewed.reasons, current.as_read)
    )
    both = pd.concat([left, before], ignore_index=True)
    told[days[-1]] = both.drop_duplicates("entry_id", ignore_index=True)
    asked = frozenset(w for frame in [*told.values()][:-1] for w in frame["whose"])
    present = {day: present_on(warehouse, record, source, day, asked) for day in days}
    entries = followed(told, present)
    corrected = frozenset(before["entry_id"]) - frozenset(left["entry_id"])
    return with_corrected(entries, corrected, corrections_by_record(current.corrected))


def past_reasons(
    warehouse: Warehouse,
    record: Record,
    source: Source,
    day: str,
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Return why records of an earlier vintage were refused, as read."""
    read = readings(warehouse, source.source, day)

    def judge() -> pd.DataFrame:
        raw = raw_records(warehouse, record, [*read])
        try:
            reasons = review(raw, record, {source.source: source}, lists).reasons
        except UnknownCodeError:
            # A vintage with a word that nobody knows stops the build: nothing of it
            # was ever in quarantine.
            reasons = no_reasons()
        return placed(reasons, raw, record)

    state = fingerprint([*read.values()], record, source, lists)
    slot = f"{source.source}/{record.name}/{day}"
    kept = kept_or_made(warehouse, PAST, slot, state, judge)
    return kept.reindex(columns=[*PLACED_COLUMNS])


def present_on(
    warehouse: Warehouse,
    record: Record,
    source: Source,
    day: str,
    asked: frozenset[str],
) -> frozenset[str]:
    """Return which of some records a vintage has."""
    if not asked:
        return frozenset()
    raw = raw_records(warehouse, record, [*readings(warehouse, source.source, day)])
    return asked & frozenset(identities(raw, record))


def reasons_as_read(
    record: Record,
    current: Current,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> pd.DataFrame:
    """Return why records that are corrected would be refused without it.

    With them come records of the same key, which a correction may have set free.
    """
    applied = current.corrected.corrections["record_id"]
    is_corrected = current.raw["record_id"].isin(set(applied) - {""})
    if not is_corrected.any():
        return no_reasons()
    keys = key_texts(current.raw, record)
    is_near = is_corrected | (keys.notna() & keys.isin(keys[is_corrected]))
    try:
        return review(current.raw[is_near], record, sources, lists).reasons
    except UnknownCodeError:
        return no_reasons()


def corrections_by_record(corrected: Corrected) -> dict[str, str]:
    """Return record → the corrections applied to it."""
    applied = corrected.corrections[corrected.corrections["record_id"] != ""]
    by = applied.groupby("record_id")["correction_id"].agg(";".join)
    return {str(record_id): str(names) for record_id, names in by.items()}

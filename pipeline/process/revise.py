"""What a source changed between two vintages: records added, removed, changed.

In here: matching the records of two vintages and comparing what they say, as codes,
dates and numbers. Not in here: corrections of ours, which are no revision of the
source; choosing which vintages to compare (`store/revisions.py`).
"""

from typing import NamedTuple

import pandas as pd

from pipeline.lineage import stable_ids
from pipeline.process.classify import Coding, code_column
from pipeline.process.fields import parse_field
from pipeline.process.parse import DAY, MONTH, YEAR
from pipeline.process.places import places_of
from pipeline.process.same_record import identities, key_texts
from schemas.fields import Field, Record

REVISION_COLUMNS = {
    "revision_id": "Identifier of the revision.",
    "source_id": "Source.",
    "record": "Kind of record.",
    "record_key": "Key of the record in its source.",
    "kind": "ADDED, REMOVED or CHANGED.",
    "field": "The field that changed; empty where the whole record came or went.",
    "earlier_value": "Code, date or number of the earlier vintage; never free text.",
    "later_value": "The same of the later vintage.",
    "earlier_vintage": "Vintage before.",
    "later_vintage": "Vintage after.",
    "earlier_place": "file!sheet!cell in the earlier vintage.",
    "later_place": "file!sheet!cell in the later vintage.",
    "earlier_record_id": "Record in the earlier vintage.",
    "later_record_id": "Record in the later vintage.",
}
ADDED, REMOVED, CHANGED = "ADDED", "REMOVED", "CHANGED"
NOT_SHOWN, NOT_READABLE = "(not shown)", "(not readable)"
UNTOLD_KINDS = ("text", "pseudonym")
"""Kinds of field of which it is told that they changed, and not from what to what."""

FORM_OF_PRECISION = {DAY: "%Y-%m-%d", MONTH: "%Y-%m", YEAR: "%Y"}


class Vintage(NamedTuple):
    """The records of one kind of one source, as one vintage has them."""

    day: str
    records: pd.DataFrame


def revisions(
    earlier: Vintage, later: Vintage, record: Record, coding: Coding
) -> pd.DataFrame:
    """Return what changed from one vintage of a source to a later one.

    One row for each record that was added or removed, and for each field that
    changed. A word spelled otherwise that has the same code is no change.
    """
    before, after = (
        by_identity(earlier.records, record),
        by_identity(later.records, record),
    )
    stayed = before.index.intersection(after.index, sort=False)
    parts = [
        whole(before.drop(stayed), record, REMOVED),
        whole(after.drop(stayed), record, ADDED),
    ]
    before, after = before.loc[stayed], after.loc[stayed]
    parts += [changed(before, after, field, coding) for field in record.fields]
    found = pd.concat(parts, ignore_index=True).assign(
        source_id=coding.source.source,
        record=record.name,
        earlier_vintage=earlier.day,
        later_vintage=later.day,
    )
    named = ["earlier_record_id", "later_record_id", "field", "later_vintage"]
    found["revision_id"] = stable_ids(found[named], "revision")
    ordered = found.sort_values(["record_key", "field"], kind="stable")
    return ordered[[*REVISION_COLUMNS]].astype("str").reset_index(drop=True)


def by_identity(raw: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Return records by what stays the same of them, with their key as one text."""
    return raw.assign(key=key_texts(raw, record)).set_index(identities(raw, record))


def whole(records: pd.DataFrame, record: Record, kind: str) -> pd.DataFrame:
    """Return one row for each record that came or went."""
    side = "later" if kind == ADDED else "earlier"
    return pd.DataFrame(
        {
            "record_key": records["key"],
            "kind": kind,
            "field": "",
            f"{side}_place": places_of(records, record.key[0]),
            f"{side}_record_id": records["record_id"],
        },
        columns=[*REVISION_COLUMNS],
    ).fillna("")


def changed(
    before: pd.DataFrame, after: pd.DataFrame, field: Field, coding: Coding
) -> pd.DataFrame:
    """Return one row for each record of which one field changed its meaning."""
    texts = before[field.name].fillna(""), after[field.name].fillna("")
    differs = texts[0].to_numpy() != texts[1].to_numpy()
    if field.kind == "key":  # in a form the program names figures after their cells
        differs &= before["columns"].fillna("").ne("").to_numpy()
    before, after = before[differs], after[differs]
    values = told(before, field, coding), told(after, field, coding)
    means_other = values[0].to_numpy() != values[1].to_numpy()
    means_other |= field.kind in UNTOLD_KINDS
    before, after = before[means_other], after[means_other]
    return pd.DataFrame(
        {
            "record_key": after["key"],
            "kind": CHANGED,
            "field": field.name,
            "earlier_value": values[0][means_other],
            "later_value": values[1][means_other],
            "earlier_place": places_of(before, field.name),
            "later_place": places_of(after, field.name),
            "earlier_record_id": before["record_id"],
            "later_record_id": after["record_id"],
        },
        columns=[*REVISION_COLUMNS],
    ).fillna("")


def told(records: pd.DataFrame, field: Field, coding: Coding) -> pd.Series:
    """Return what each record says in one field, as text: a code, date or number."""
    if field.kind in UNTOLD_KINDS:
        return pd.Series(NOT_SHOWN, index=records.index, dtype="str")
    if field.kind == "code":
        words = records[field.name]
        codes = code_column(records, field, coding).codes
        return (
            codes.replace("", NOT_READABLE)
            .fillna("")
            .where(codes.notna() | words.isna(), NOT_READABLE)
        )
    columns, is_parsed = parse_field(records[field.name], field, coding)
    texts = shown(columns, field)
    return texts.where(is_parsed, NOT_READABLE).astype("str")


def shown(columns: dict[str, pd.Series], field: Field) -> pd.Series:
    """Return the core columns of a field that is no code as one text."""
    first, *more = columns.values()
    if field.kind == "date":
        return dates_shown(first, more[0])
    if field.kind == "number":
        return number_shown(first)
    if field.kind == "range":
        low, high = number_shown(first), number_shown(more[0])
        return low.where(low.eq(high), low + "-" + high)
    return first.fillna("").astype("str")


def number_shown(numbers: pd.Series) -> pd.Series:
    """Return numbers as text, empty where there is none."""
    texts = ["" if pd.isna(number) else f"{number:.10g}" for number in numbers]
    return pd.Series(texts, index=numbers.index, dtype="str")


def dates_shown(dates: pd.Series, precision: pd.Series) -> pd.Series:
    """Return dates as exactly as they are known."""
    texts = precision.fillna("").astype("str")
    for name, form in FORM_OF_PRECISION.items():
        texts = texts.mask(precision.eq(name).fillna(False), dates.dt.strftime(form))
    return texts.astype("str")

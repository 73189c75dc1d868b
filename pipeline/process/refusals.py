"""What became of refused records: from the first delivery that had them until now.

In here: following each reason of quarantine from vintage to vintage. Not in here:
refusing (`validate.py`), keeping the history (`store/quarantine.py`).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.lineage import stable_ids
from pipeline.model import SEPARATOR
from pipeline.process.reasons import REASON_COLUMNS
from pipeline.process.same_record import identities, key_texts
from schemas.fields import Record

OPEN, FIXED_UPSTREAM, CORRECTED = "OPEN", "FIXED_UPSTREAM", "CORRECTED"
PLACED_COLUMNS = (
    *REASON_COLUMNS,
    *("file", "sheet", "record_key", "whose", "entry_id"),
)
"""Reasons with the record that they are of; `whose` is how it is known again."""

REASON_NOTES = {
    "entry_id": "The same for one reason of one record in every delivery.",
    "record_id": "The record, in the last vintage in which it was refused so.",
    "source_id": "Source.",
    "record": "Kind of record.",
    "record_key": "Key of the record in its source; empty where it has none.",
    "field": "Field concerned; empty where it is the whole record.",
    "rule": "Rule that refuses it.",
    "file": "File.",
    "sheet": "Sheet.",
    "place": "file!sheet!cell.",
    "what": "What was found.",
    "expected": "What was expected.",
    "do": "What to do.",
    "first_seen": "Vintage in which it was first refused so.",
    "vintage": "Last vintage in which it was refused so.",
    "state": "OPEN; FIXED_UPSTREAM: a later vintage has it in good shape; CORRECTED: "
    "by a declared correction. One that no later vintage has stays OPEN.",
    "closed_by": "The vintage or the correction that closed it.",
}


def placed(reasons: pd.DataFrame, raw: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Return reasons with the file, sheet and identity of the records they are of."""
    if reasons.empty:
        return pd.DataFrame(columns=PLACED_COLUMNS, dtype="str")
    sources = reasons["source_id"].unique()
    mine = raw[raw["source_id"].isin(sources)]
    known = mine[["record_id", "file", "sheet"]].assign(
        record_key=key_texts(mine, record), whose=identities(mine, record)
    )
    found = reasons.merge(known, on="record_id", how="left")
    same = ["source_id", "record", "whose", "field", "rule"]
    found["entry_id"] = stable_ids(found[same], "refused")
    return found[[*PLACED_COLUMNS]].astype("str").fillna("")


def followed(
    told: Mapping[str, pd.DataFrame], present: Mapping[str, frozenset[str]]
) -> pd.DataFrame:
    """Return one row for each time that a reason began to be told, with its state.

    Args:
        told: vintage → reasons as `placed` gives them, oldest vintage first; every
            vintage is there, the newest last.
        present: vintage → the records (`whose`) that it has.
    """
    days = [*told]
    at = {
        day: dict(zip(frame["entry_id"], frame.index, strict=True))
        for day, frame in told.items()
    }
    rows: list[dict[str, object]] = []
    for entry in dict.fromkeys(name for found in at.values() for name in found):
        rows += episodes(entry, days, told, at, present)
    return pd.DataFrame(rows, columns=[*REASON_NOTES]).astype("str")


def episodes(
    entry: str,
    days: Sequence[str],
    told: Mapping[str, pd.DataFrame],
    at: Mapping[str, Mapping[str, int]],
    present: Mapping[str, frozenset[str]],
) -> list[dict[str, object]]:
    """Return the rows of one reason: it may come back after it was mended."""
    rows: list[dict[str, object]] = []
    now: dict[str, object] = {}
    for day in days:
        if entry in at[day]:
            first = now.get("first_seen", day)
            row = told[day].loc[at[day][entry]]
            now = {
                **{str(name): text for name, text in row.items()},
                "first_seen": first,
                "vintage": day,
                "state": OPEN,
            }
        elif now and now["whose"] in present[day]:
            rows.append({**now, "state": FIXED_UPSTREAM, "closed_by": day})
            now = {}
    if now:
        rows.append({"closed_by": "", **now})
    return rows


def with_corrected(
    entries: pd.DataFrame, corrected: frozenset[str], by: Mapping[str, str]
) -> pd.DataFrame:
    """Return entries of which those that a correction mends are closed.

    Args:
        entries: as `followed` gives them.
        corrected: entries told of the records as read, and not as corrected.
        by: record → the corrections applied to it.
    """
    is_mended = entries["entry_id"].isin(corrected) & entries["state"].eq(OPEN)
    every = SEPARATOR.join(sorted(by.values()))
    # The correction of one record may mend another: a key that stood twice.
    records = entries["record_id"]
    names = pd.Series([by.get(one, every) for one in records], records.index, "str")
    return entries.assign(
        state=entries["state"].mask(is_mended, CORRECTED),
        closed_by=entries["closed_by"].mask(is_mended, names),
    )

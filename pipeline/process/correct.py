"""Apply declared corrections to records as read, each guarded by what it expects.

In here: finding the record of a correction, the guard, putting the corrected text in
the place of the source's. Not in here: the shape of a declaration
(`declarations/corrections.py`); coding and validation, through which the corrected
text goes like any other; `raw`, which keeps what the source wrote.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.corrections import Correction, Numbered
from pipeline.declarations.sources import Source
from pipeline.errors import CorrectionError, Problem
from pipeline.process.classify import Coding, code_column
from pipeline.process.fields import parse_field
from pipeline.process.places import place_of
from pipeline.process.same_record import key_texts
from schemas.fields import Field, Record

CORRECTION_COLUMNS = (
    *("correction_id", "source_id", "record", "record_id", "record_key", "field"),
    *("place", "expect", "value", "reason", "provided_by", "decided_on", "status"),
    "is_applied",
)
FIXED = "the source has been fixed or changed: withdraw the correction"
ROW = re.compile(r"[A-Z]+(\d+)")


class Corrected(NamedTuple):
    """Records with the corrections in them, and every correction with its record."""

    records: pd.DataFrame
    corrections: pd.DataFrame


def correct(
    raw: pd.DataFrame,
    record: Record,
    declared: Sequence[Numbered],
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> Corrected:
    """Return the records of the current vintages with accepted corrections applied.

    Corrections of sources that take no part are left out.

    Raises:
        CorrectionError: a correction finds no record, or several; the source says
            something else by now; or its value is not legal. Tells all of them.
    """
    records = raw.copy() if declared else raw
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    for numbered in declared:
        correction_id, one = numbered
        if one.source not in sources:
            continue
        at: int | None = None
        if one.status == "accepted":
            coding = Coding(sources[one.source], lists)
            found = judged(raw, record, numbered, coding)
            if isinstance(found, Problem):
                problems.append(found)
                continue
            at = found
            records.loc[at, one.field] = one.value.strip() or None
        rows.append(correction_row(correction_id, one, record, raw, at))
    if problems:
        raise CorrectionError(problems)
    return Corrected(records, pd.DataFrame(rows, columns=CORRECTION_COLUMNS))


def judged(
    raw: pd.DataFrame, record: Record, numbered: Numbered, coding: Coding
) -> int | Problem:
    """Return the row that a correction is of, or why it cannot be applied."""
    correction_id, one = numbered
    declared = f"schemas/corrections: {correction_id}"
    rows = rows_of(raw, one)
    if len(rows) != 1:
        named = one.place or ", ".join(f"{k} {v}" for k, v in one.key.items())
        return Problem(
            declared,
            f"{len(rows) or 'no'} records of {one.source} fit {named}",
            f"exactly one record of {one.record} in the latest delivery",
            "name its cell by `place`, or withdraw the correction",
        )
    row, field = rows.iloc[0], record.field(one.field)
    where = place_of(row, one.field)
    if not is_expected(rows, field, one, coding):
        return stale(declared, where, one, row, coding)
    if not is_legal(rows, field, one, coding):
        return Problem(
            declared,
            f"{one.field}: the value for {where} is no legal one",
            f"what a {field.kind} may be"
            + (f", from the code list {field.codelist!r}" if field.codelist else ""),
            "mend `value` in the correction",
        )
    return int(rows.index[0])


def rows_of(raw: pd.DataFrame, one: Correction) -> pd.DataFrame:
    """Return the records that a correction names, by key or by the place of a cell."""
    rows = raw[raw["source_id"] == one.source]
    if one.key:
        for name, text in one.key.items():
            rows = rows[rows[name].str.strip().eq(text.strip()).fillna(False)]
        return rows
    cell = one.place.rsplit("!", maxsplit=1)[-1]
    number = ROW.fullmatch(cell)
    rows = rows[rows["row"] == (int(number[1]) if number else -1)]
    is_here = [place_of(row, one.field) == one.place for _, row in rows.iterrows()]
    return rows[pd.Series(is_here, index=rows.index, dtype="bool")]


def text_of(row: pd.Series, field: str) -> str:
    """Return the text of a field, empty where there is none."""
    return "" if pd.isna(row[field]) else str(row[field])


def is_expected(
    rows: pd.DataFrame, field: Field, one: Correction, coding: Coding
) -> bool:
    """Return whether the source still says what the correction expects."""
    if normalise(text_of(rows.iloc[0], field.name)) == normalise(one.expect):
        return True
    if field.kind != "code" or not one.expect.strip():
        return False
    code = code_column(rows, field, coding).codes.iloc[0]
    return bool(code == one.expect.strip())


def is_legal(rows: pd.DataFrame, field: Field, one: Correction, coding: Coding) -> bool:
    """Return whether the corrected text can be coded or parsed."""
    text = pd.Series([one.value.strip() or None], index=rows.index, dtype="str")
    if field.kind == "code":
        corrected = rows.assign(**{field.name: text})
        return not code_column(corrected, field, coding).problems
    return bool(parse_field(text, field, coding)[1].all())


def stale(
    declared: str, where: str, one: Correction, row: pd.Series, coding: Coding
) -> Problem:
    """Return the problem of a correction whose source says something else by now.

    The texts are shown only for a public source.
    """
    if coding.is_public:
        found, expected = repr(text_of(row, one.field)), repr(one.expect)
    else:
        found, expected = "another text", "the text that the correction names"
    return Problem(
        where, f"{one.field}: found {found}", expected, f"{FIXED} {declared}"
    )


def correction_row(
    correction_id: str,
    one: Correction,
    record: Record,
    raw: pd.DataFrame,
    at: int | None,
) -> dict[str, object]:
    """Return what `meta.correction` tells of one correction."""
    told: dict[str, object] = {
        "correction_id": correction_id,
        "source_id": one.source,
        "record_id": "",
        "record_key": ";".join(one.key.values()),
        "place": one.place,
        "decided_on": one.decided_on.isoformat(),
        "is_applied": at is not None,
    }
    told |= one.model_dump(
        include={*CORRECTION_COLUMNS} - {*told} - {"key", "source_id"}
    )
    if at is not None:
        row = raw.loc[[at]].iloc[0]
        told["record_id"] = row["record_id"]
        told["record_key"] = key_texts(raw.loc[[at]], record).iloc[0]
        told["place"] = place_of(row, one.field)
    return told

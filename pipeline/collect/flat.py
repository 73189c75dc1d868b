"""A flat table: a header row found by its text, one record a row below it.

In here: the layout `flat`. Not in here: what it shares with others (`layout.py`).
"""

import pandas as pd

from pipeline.collect.layout import (
    Where,
    filled,
    is_note,
    laid,
    refusal,
    refuse_repeated,
    refuse_stray,
    texts_of,
    two_sided,
    with_lineage,
)
from pipeline.declarations.codelists import normalise
from pipeline.declarations.sources import FlatSheet
from pipeline.lineage import address
from pipeline.model import Laid, Sheet
from schemas.records import RECORDS

HEADER_WITHIN = 60
"""Rows in which a header row is looked for."""


def lay_flat(sheet: Sheet, layout: FlatSheet, where: Where) -> Laid:
    """Return the records of a flat table.

    Raises:
        LayoutError: no header row, columns missing or not declared, or filled cells
            that belong to no column.
    """
    header = find_header(sheet.values, layout, where)
    columns = map_columns(sheet.values.iloc[header], layout, where, header)
    body = sheet.values.loc[header + 1 :]
    is_filled = filled(body)
    kept = is_filled.any(axis=1) & ~is_note(body, layout.notes)
    dropped = {column for column, name in columns.items() if name is None}
    mapped = {column: name for column, name in columns.items() if name}
    refuse_stray(where, is_filled[kept].drop(columns=[*mapped, *dropped]))
    refuse_merged(sheet, where, body.index[kept], [*mapped])
    texts = with_leading_zeros(body.loc[kept, list(mapped)], sheet)
    records = texts.rename(columns=mapped)
    for name, value in layout.constants.items():
        records[name] = value
    records = add_places(records, layout.record, mapped, sheet)
    cells = is_filled.loc[kept, list(mapped)].sum(axis=1)
    complete = with_lineage(records, where, cells, letters_of(mapped))
    return laid(layout.record, complete, int(filled(sheet.values).to_numpy().sum()))


def find_header(values: pd.DataFrame, layout: FlatSheet, where: Where) -> int:
    """Return the row with most of the declared headers.

    Raises:
        LayoutError: no row holds even a third of them.
    """
    wanted = {normalise(text) for text in (*layout.columns, *layout.dropped)}
    hits = {
        row: len(wanted & {normalise(text) for text in values.loc[row].dropna()})
        for row in values.index[:HEADER_WITHIN]
    }
    best = max(hits, key=lambda row: hits[row], default=-1)
    if best < 0 or hits[best] * 3 < len(wanted):
        raise refusal(
            where.at(),
            f"no header row found within the first {HEADER_WITHIN} rows",
            "a row with the columns " + ", ".join(layout.columns),
            "check that it is the right file and the right sheet",
        )
    return int(best)


def map_columns(
    header: pd.Series, layout: FlatSheet, where: Where, row: int
) -> dict[int, str | None]:
    """Return position → field; none where the column is dropped.

    Raises:
        LayoutError: a header is missing, not declared, or stands twice.
    """
    texts = {column: text.strip() for column, text in texts_of(header).items()}
    texts = {column: text for column, text in texts.items() if text}
    refuse_repeated(where, "header", {address(row, c): t for c, t in texts.items()})
    found = {text: address(row, column) for column, text in texts.items()}
    two_sided(where, "column", (*layout.columns, *layout.dropped), found)
    fields = {normalise(text): name for text, name in layout.columns.items()}
    return {column: fields.get(normalise(text)) for column, text in texts.items()}


def letters_of(mapped: dict[int, str]) -> str:
    """Return which letter holds which field: "A:complaint_id B:received_on"."""
    return " ".join(f"{address(0, at)[:-1]}:{name}" for at, name in mapped.items())


def refuse_merged(
    sheet: Sheet, where: Where, rows: pd.Index, columns: list[int]
) -> None:
    """Raise LayoutError when cells of several records are merged.

    One value over three rows may be meant for each of them, or for the first.
    """
    for merge in sheet.merged:
        inside = [row for row in rows if merge.top <= row <= merge.bottom]
        crosses = [at for at in columns if merge.left <= at <= merge.right]
        if inside and crosses and (merge.bottom > merge.top or len(crosses) > 1):
            first = address(merge.top, merge.left)
            raise refusal(
                where.at(first),
                f"merged cells inside the table ({first}:"
                f"{address(merge.bottom, merge.right)}): unclear for which record the "
                "value counts",
                "one value in each cell",
                "unmerge them and fill every cell",
            )


def with_leading_zeros(body: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Return the cells with the leading zeros that a sheet shows and does not hold.

    A number is the same with them; a case number 00042 is not case number 42.
    """
    padded = {
        place: text
        for place, text in sheet.shown.items()
        if text.isdigit() and text.startswith("0") and len(text) > 1
    }
    texts = body.copy()
    for (row, column), text in padded.items():
        if row in texts.index and column in texts.columns:
            texts.at[row, column] = text
    return texts


def add_places(
    records: pd.DataFrame, record: str, mapped: dict[int, str], sheet: Sheet
) -> pd.DataFrame:
    """Return records with `cell`, and the number as the sheet shows it."""
    positions = {name: column for column, name in mapped.items()}
    first = min(mapped)
    column = positions.get("value", positions.get(RECORDS[record].key[0], first))
    letter = address(0, column)[:-1]
    numbered = letter + (records.index + 1).astype("str")
    records = records.assign(cell=numbered)
    if record == "figures":
        shown = {row: text for (row, at), text in sheet.shown.items() if at == column}
        printed = pd.Series(shown, dtype="str").reindex(records.index)
        records = records.assign(value_as_printed=printed.fillna(records["value"]))
    return records

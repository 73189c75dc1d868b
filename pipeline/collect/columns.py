"""Make fields of the columns of a flat table: one or more records from each row.

In here: columns that are joined or split, rows with several persons, lineage. Not in
here: which columns and rows each kind of record is made of (`plans.py`); finding the
header and the rows of data (`flat.py`).
"""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.collect.area import PERIOD_FIELDS
from pipeline.collect.blocks import Block, filled_down, filled_merged
from pipeline.collect.layout import Board, Body, refusal, with_lineage
from pipeline.collect.period_words import read_period
from pipeline.collect.plans import (
    Plan,
    drop_ignored,
    ignored_rows,
    meant_rows,
    plans_of,
)
from pipeline.collect.values import with_value_parts
from pipeline.declarations.layouts import FlatTable
from pipeline.lineage import address
from pipeline.model import SEPARATOR, Laid, Role
from schemas.fields import Record

Mask = npt.NDArray[np.bool_]
PERIOD = "period"
"""A name that stands for the fields of a period, which one text states."""

PLACES = re.compile(r"\{(row|sheet|file)\}")
"""What a constant may name of the place of its record."""


def records_of_rows(
    body: Body, table: FlatTable, block: Block | None, around: Mapping[str, str]
) -> list[Laid]:
    """Return the records that the rows of data are made into.

    Rows that are no record of the table are taken out of its data.

    Raises:
        LayoutError: lists of several persons in one row are of different lengths.
    """
    texts = body.texts if body.is_data.all() else body.texts[body.is_data]
    texts = with_leading_zeros(texts, body.board)
    texts = filled_merged(texts, body, table)
    down = [body.columns[header] for header in table.fill_down]
    ignored = ignored_rows(texts, table, body.columns)
    texts = filled_down(texts, down, block, ignored.aside)
    texts = split_up(texts, table, body.columns)
    taken: dict[int, Mask] = {}
    parts = []
    for number, plan in enumerate(plans_of(table, body.columns, around), 1):
        own = meant_rows(texts, plan, ignored.rows)
        body.board.give(own.index.to_numpy(), plan.when, Role.DIMENSION)
        give_roles(body.board, plan, own.index.to_numpy())
        cells = fresh_cells(body.board, own.index, plan.positions, taken)
        is_main = number == 1
        made = made_records(body.board, table, plan, own, (block, is_main))
        keys = block if is_main else None
        made["cells"] = cells_with_keys(cells, made.index, keys)
        complete = placed(body.board, table, plan, made, f"#{number}")
        parts.append(Laid(plan.record.name, each_person(body, table, plan, complete)))
    drop_ignored(body, texts.index.to_numpy()[ignored.rows])
    return parts


def fresh_cells(
    board: Board, rows: pd.Index, columns: tuple[int, ...], taken: dict[int, Mask]
) -> pd.Series:
    """Return how many filled cells of each row no record before was made of.

    Args:
        board: the sheet.
        rows: the rows that a record is made of.
        columns: the columns that it is made of.
        taken: column → the rows that were taken before; the new ones are added.
    """
    count = np.zeros(len(rows), dtype=np.int64)
    at_rows = rows.to_numpy()
    for at in columns:
        before = taken.setdefault(at, np.zeros(len(board.roles), dtype=bool))
        count += (board.roles[at_rows, at] != Role.EMPTY) & ~before[at_rows]
        before[at_rows] = True
    return pd.Series(count, index=rows)


def cells_with_keys(cells: pd.Series, rows: pd.Index, block: Block | None) -> pd.Series:
    """Return the cells of each record, that of its key with the first of a block."""
    if block is None:
        return cells
    own = pd.Series(block.own_cells, dtype="int64").reindex(rows).fillna(0)
    return cells.reindex(rows).fillna(0) + own


def give_roles(board: Board, plan: Plan, rows: npt.NDArray[np.int64]) -> None:
    """Give the cells of a record their roles; a person's stays one in all records."""
    for name, at in plan.placed:
        kind = plan.record.field(name).kind if name in plan.record.names else "date"
        role = {"pseudonym": Role.PERSON, "number": Role.VALUE, "range": Role.VALUE}
        if (board.roles[rows, at] == Role.PERSON).any():
            continue
        board.give(rows, [at], role.get(kind, Role.DIMENSION))


def with_leading_zeros(body: pd.DataFrame, board: Board) -> pd.DataFrame:
    """Return the cells with the leading zeros that a sheet shows and does not hold.

    A number is the same with them; a case number 00042 is not case number 42.
    """
    padded = {
        place: text
        for place, text in board.sheet.shown.items()
        if text.isdigit() and text.startswith("0") and len(text) > 1
    }
    if not padded:
        return body
    texts = body.copy()
    for (row, column), text in padded.items():
        is_there = row in texts.index and column in texts.columns
        # The same digits: a rounded or scaled number shows others.
        if is_there and texts.at[row, column] == (text.lstrip("0") or "0"):
            texts.at[row, column] = text
    return texts


def split_up(
    texts: pd.DataFrame, table: FlatTable, columns: Mapping[str, int]
) -> pd.DataFrame:
    """Return the texts, declared separators in a cell become the project's own."""
    for header, separators in table.split.items():
        pattern = re.compile(rf"\s*(?:{separators})\s*")
        column = texts[columns[header]]
        distinct = {
            text: pattern.sub(SEPARATOR, text).strip(SEPARATOR)
            for text in column.dropna().unique()
        }
        texts = texts.copy(deep=False)
        texts[columns[header]] = column.map(distinct).astype("str")
    return texts


def made_records(
    board: Board,
    table: FlatTable,
    plan: Plan,
    texts: pd.DataFrame,
    keys: tuple[Block | None, bool],
) -> pd.DataFrame:
    """Return the fields of one kind of record, one row for each row of the sheet."""
    made: dict[str, pd.Series] = {}
    for name, at in plan.fields:
        both = [made[name], texts[at]] if name in made else [texts[at]]
        made[name] = joined(both, "; ")
    for name, (positions, sign) in plan.join.items():
        made[name] = joined([texts[at] for at in positions], sign)
    records = pd.DataFrame(made, index=texts.index)
    block, is_main = keys
    if block is not None:
        records = with_keys(records, block, plan.record, is_main=is_main)
    records = with_blanks(records, board, plan.record)
    for name, value in plan.constants.items():
        records[name] = filled_in(value, board, records.index)
    return with_period(records, table.constants.get("period_type", ""), table)


def with_blanks(records: pd.DataFrame, board: Board, record: Record) -> pd.DataFrame:
    """Return records whose blank codes are empty texts, where a blank has a meaning.

    Else nobody could tell them from columns that the sheet does not have, and a
    figure of no stated region would pass for a total. Dates and persons that a
    record must have are unknown.
    """
    if board.where.marks.get("") not in ("unknown", "not_applicable"):
        return records
    told = {field.name: field for field in record.fields if field.name in records}
    blank = {name: "" for name, field in told.items() if field.kind == "code"}
    for name, field in told.items():
        if field.required and field.kind in ("date", "pseudonym"):
            blank[name] = "unknown"
    return records.fillna(blank)


def joined(parts: Iterable[pd.Series], sign: str | None) -> pd.Series:
    """Return texts joined by a sign; what is missing leaves no sign behind.

    Without a sign the first that is not missing.
    """
    whole: pd.Series | None = None
    for part in parts:
        if whole is None:
            whole = part
            continue
        both = whole if sign is None else whole + sign + part
        whole = both.fillna(whole).fillna(part)
    if whole is None:
        raise ValueError("a field needs at least one column")
    return whole


def filled_in(value: str, board: Board, index: pd.Index) -> str | pd.Series:
    """Return a constant; "{row}", "{sheet}" and "{file}" stand for the place."""
    if not PLACES.search(value):
        return value
    names = {"sheet": board.where.sheet, "file": board.where.delivery.file}
    text = PLACES.sub(lambda match: names.get(match[1], match[0]), value)
    if "{row}" not in text:
        return text
    numbers = (index.to_series() + 1).astype("str")
    return numbers.map(lambda number: text.replace("{row}", number))


def with_keys(
    records: pd.DataFrame, block: Block, record: Record, *, is_main: bool
) -> pd.DataFrame:
    """Return records with the fields of the key that each stands under.

    A key without details is a record of its own, of the main kind.
    """
    alone = block.alone if is_main else []
    whole = records.reindex(sorted({*records.index, *alone}))
    keys = pd.DataFrame.from_dict(block.fields, orient="index", dtype="str")
    for name in keys.columns.intersection([*record.names, PERIOD]):
        told = keys[name].reindex(whole.index)
        whole[name] = told.where(told.ne("") & told.notna())
    return whole


def with_period(
    records: pd.DataFrame, period_type: str, table: FlatTable
) -> pd.DataFrame:
    """Return records with the fields of the period that one text states.

    What states none stays as the first day, so that review refuses the record.
    """
    if PERIOD not in records:
        return records
    texts = records.pop(PERIOD)
    read = {
        text: read_period(text, period_type, fiscal_start=table.fiscal_start)
        for text in texts.dropna().unique()
    }
    told: list[dict[object, str]] = [{}, {}, {}]
    for text, one in read.items():
        values = (one.start, one.end, one.period_type) if one else (text, "", "")
        for part, value in zip(told, values, strict=True):
            if value:
                part[text] = value
    for name, part in zip(PERIOD_FIELDS, told, strict=True):
        own = texts.map(part).astype("str")
        records[name] = own.fillna(records[name]) if name in records else own
    return records


def placed(
    board: Board, table: FlatTable, plan: Plan, records: pd.DataFrame, number: str
) -> pd.DataFrame:
    """Return records with their cell, lineage and, of figures, the number as shown."""
    positions = dict(reversed(plan.placed))
    key = next((name for name in plan.record.key if name in positions), "")
    at = positions.get("value", positions.get(key, min(plan.positions, default=0)))
    records["cell"] = address(0, at)[:-1] + (records.index + 1).astype("str")
    if plan.record.name == "figures":
        shown = board.sheet.shown.items()
        printed = {row: text for (row, column), text in shown if column == at}
        own = pd.Series(printed, dtype="str").reindex(records.index)
        records["value_as_printed"] = own.fillna(records["value"])
        records = with_value_parts(records, table.footnotes)
    letters = " ".join(f"{address(0, at)[:-1]}:{name}" for name, at in plan.placed)
    suffix = "" if number == "#1" else number
    return with_lineage(records, board.where, records["cells"], letters, suffix)


def each_person(
    body: Body, table: FlatTable, plan: Plan, records: pd.DataFrame
) -> pd.DataFrame:
    """Return one record for each person that a row names.

    The second and later ones have "/2" … behind their key, and no cells of their own.

    Raises:
        LayoutError: two lists of one row are of different lengths.
    """
    # A separator at the end parts nothing; an empty entry in between is one.
    signs = {
        body.columns[h]: (text, re.compile(rf"(\s*(?:{text})\s*)+$"))
        for h, text in table.one_record_each.items()
    }
    lists = {name: signs[at] for name, at in plan.placed if at in signs}
    if not lists:
        return records
    rows = []
    for row in records.to_dict("records"):
        parts = {
            name: [
                part.strip() for part in re.split(sign, ends.sub("", str(row[name])))
            ]
            for name, (sign, ends) in lists.items()
            if pd.notna(row[name])
        }
        lengths = {len(part) for part in parts.values()} - {0, 1}
        if len(lengths) > 1:
            raise refusal(
                body.board.where.at(str(row["cell"])),
                "lists of several persons in one row that are of different lengths",
                "as many entries in each list, or a single one that counts for all",
                "ask the supplier which entry belongs to which person",
            )
        rows += persons(row, parts, plan.record)
    return pd.DataFrame(rows, columns=records.columns).astype(records.dtypes)


def persons(
    row: dict[object, object], parts: Mapping[str, list[str]], record: Record
) -> list[dict[object, object]]:
    """Return the records of the persons of one row."""
    alone = {name: part[0] for name, part in parts.items() if len(part) == 1}
    several = {name: part for name, part in parts.items() if len(part) > 1}
    found = []
    combined = zip(*several.values(), strict=True) if several else [()]
    for number, values in enumerate(combined):
        person = row | alone | dict(zip(several, values, strict=True))
        if number:
            end = f"/{number + 1}"
            person["record_id"] = f"{row['record_id']}{end}"
            key = row.get(record.key[0])
            if isinstance(key, str):  # a missing key stays missing
                person[record.key[0]] = f"{key}{end}"
            person["cells"] = 0
        found.append(person)
    return found

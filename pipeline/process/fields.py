"""Turn the raw records of one source into core records, a field at a time.

In here: which columns a field becomes, by its kind, and what is told of a text that
is not of that kind. Not in here: the forms of dates and numbers (`parse.py`), codes
(`classify.py`), rules about whole records (`validate.py`).
"""

import re
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.sources import Source
from pipeline.errors import Problem
from pipeline.model import LINEAGE, SEPARATOR, UNKNOWN
from pipeline.process.classify import (
    SEVERAL,
    Coding,
    code_column,
    joined,
    worded_by,
)
from pipeline.process.distinct import per_distinct
from pipeline.process.parse import (
    parse_dates,
    parse_numbers,
    parse_ranges,
    what_is_wrong,
)
from pipeline.process.reasons import Fault, reasons_for
from pipeline.process.term import parse_terms
from schemas.fields import Field, Record

EXPECTED_OF_KIND = {
    "date": "a date such as 2014-05-31, 31.05.2014, 2014-05, 2014, or 'unknown'",
    "number": "a number",
    "range": "a number, or a range such as 48-72",
}
PLAIN_KINDS = ("text", "key", "pseudonym")
EXCUSE, IN_MONTHS = "obs_mark", "_months"
MARK_OF_MEANING = {
    "unknown": "x",
    "not_supplied": "x",
    "not_applicable": "z",
    "withheld": "c",
}
"""What the cell of a figure's number means, as a mark beside the missing number."""

SHOWN_TEXT = re.compile(r" \((?:'.*'|\".*\")\)$", re.DOTALL)
"""The text of the cell, as what is told of a public source ends with it."""

NO_DATE = "not a date that exists"
DIGITS_OF_PRECISION = {"DAY": 10, "MONTH": 7, "YEAR": 4}


class Cored(NamedTuple):
    """Records parsed and coded, what did not parse, and what was read loosely."""

    core: pd.DataFrame
    reasons: list[pd.DataFrame]
    remarks: list[Problem]


def empty_core(record: Record) -> pd.DataFrame:
    """Return no records, with the columns and types of `core`."""
    columns = [name for field in record.fields for name in field.core_columns]
    empty = pd.DataFrame(columns=[*LINEAGE, *columns]).astype(core_types(record))
    if record.name == "figures":
        empty["value_as_printed"] = pd.Series(dtype="str")
    return empty


def typed(core: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Return records with the types of `core`.

    What is the same in every row of a sheet (its name, its columns) comes as a
    category and stays one: as text it would take as much memory as all fields.
    """
    repeated = core[list(LINEAGE)].select_dtypes("category").columns
    types = core_types(record)
    return core.astype({n: kind for n, kind in types.items() if n not in repeated})


def core_types(record: Record) -> dict[str, str]:
    """Return the pandas type of each column of a record in `core`."""
    types = dict.fromkeys(LINEAGE, "str") | {"row": "int64", "cells": "int64"}
    for field in record.fields:
        types |= dict.fromkeys(field.core_columns, "str")
        if field.kind == "date":
            types[field.name] = "datetime64[us]"
        if field.kind in ("number", "range"):
            types |= dict.fromkeys(field.core_columns, "float64")
    return types


def core_of(
    raw: pd.DataFrame, record: Record, coding: Coding
) -> tuple[Cored, list[Problem]]:
    """Return the records of one source parsed and coded, and problems of its words."""
    columns: dict[str, pd.Series] = {name: raw[name] for name in LINEAGE}
    made = Cored(raw, [], [])
    problems: list[Problem] = []
    for field in record.fields:
        if field.kind == "code":
            coded = code_column(raw, field, coding)
            columns[f"{field.name}_source"] = raw[field.name]
            columns[field.name] = coded.codes
            problems += coded.problems
            made.remarks.extend(coded.remarks)
            continue
        parsed, is_parsed = parse_field(raw[field.name], field, coding)
        columns |= parsed
        if not is_parsed.all():
            rows = raw[~is_parsed]
            made.reasons.append(unparsed(rows, record, field, coding))
    if EXCUSE in columns:
        columns[EXCUSE] = excused(columns[EXCUSE], raw, record, coding)
    if "value_as_printed" in raw:
        columns["value_as_printed"] = raw["value_as_printed"]
    core = typed(pd.DataFrame(columns, copy=False), record)
    return made._replace(core=worded(core, record, coding)), problems


def excused(
    marks: pd.Series, raw: pd.DataFrame, record: Record, coding: Coding
) -> pd.Series:
    """Return the marks of figures, with the one that stands for a missing number."""
    value = record.field("value")
    of_value = per_distinct(
        raw["value"],
        lambda texts: coding.meaning(texts, value).map(MARK_OF_MEANING).astype("str"),
    )
    if of_value.isna().all():
        return marks
    both = per_distinct(
        marks.fillna("") + SEPARATOR + of_value,
        lambda texts: texts.map(lambda cell: joined([cell]), na_action="ignore"),
    )
    return both.fillna(marks)


def worded(core: pd.DataFrame, record: Record, coding: Coding) -> pd.DataFrame:
    """Return the records with each charge in the wording in force at the act."""
    if "event_from" not in core:
        return core
    day = core["event_from"].where(core["event_from_precision"] == "DAY")
    acts = pd.DataFrame({"first": day, "last": day})
    return worded_by(core, record, acts, coding.lists["charge"])


def parse_field(
    text: pd.Series, field: Field, coding: Coding
) -> tuple[dict[str, pd.Series], pd.Series]:
    """Return the core columns of a field that is no code, and which rows parsed."""
    if field.kind in PLAIN_KINDS:
        marks = coding.meaning(text, field)
        if marks.notna().any():
            text = text.mask(marks.notna()).mask(marks.eq("unknown"), UNKNOWN)
        return {field.name: text}, pd.Series(True, index=text.index)
    read = per_distinct(text, lambda texts: parse_texts(texts, field, coding))
    columns = {name: read[name] for name in field.core_columns}
    return columns, read["is_parsed"]


def parse_texts(texts: pd.Series, field: Field, coding: Coding) -> pd.DataFrame:
    """Return the core columns of distinct texts, and `is_parsed`."""
    marks, source = coding.meaning(texts, field), coding.source
    plain = texts.mask(marks.notna())
    match field.kind:
        case "date":
            read = within(parse_dates(plain, source.date_forms), source)
            precision = read["precision"].mask(marks.eq("unknown"), "UNKNOWN")
            return read.assign(precision=precision).rename(
                columns={"date": field.name, "precision": f"{field.name}_precision"}
            )
        case "number":
            read = parse_numbers(plain, source.numbers)
            number = read["number"].mask(marks.eq("zero"), 0.0)
            return read.assign(**{field.name: number})
        case "range":
            is_term = field.name.endswith(IN_MONTHS)
            parse = parse_terms if is_term else parse_ranges
            read = parse(plain, source.numbers)
            ends = [read[name].mask(marks.eq("zero"), 0.0) for name in ("low", "high")]
            return read.assign(**dict(zip(field.core_columns, ends, strict=True)))
        case _:
            parts = plain.str.replace(SEVERAL, SEPARATOR, regex=True)
            named = parts.str.strip(SEPARATOR).mask(marks.eq("unknown"), UNKNOWN)
            return pd.DataFrame({field.name: named, "is_parsed": True})


def within(read: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Return dates of which those outside the days of their source are not parsed.

    A month or a year is inside when a part of it can be.
    """
    if source.dates_within is None or read["date"].isna().all():
        return read
    length = read["precision"].map(DIGITS_OF_PRECISION)
    is_inside = read["date"].isna()
    for digits in DIGITS_OF_PRECISION.values():
        first, last = (day[:digits] for day in source.dates_within)
        told = read["date"].dt.strftime("%Y-%m-%d").str.slice(0, digits)
        is_inside |= (length == digits) & told.between(first, last)
    return read.assign(is_parsed=read["is_parsed"] & is_inside)


def unparsed(
    rows: pd.DataFrame, record: Record, field: Field, coding: Coding
) -> pd.DataFrame:
    """Return one reason for each record whose text is no date or number.

    The text is shown only for a public source: it may be a name in a wrong column.
    """
    days = coding.source.dates_within if field.kind == "date" else None
    no_date = f"{NO_DATE}, or not within those of the source" if days else NO_DATE

    def told(word: str) -> str:
        what = what_is_wrong(word) if field.kind != "date" else no_date
        return what + (f" ({word!r})" if coding.is_public else "")

    what = per_distinct(rows[field.name], lambda texts: texts.map(told))
    within_days = f", from {days[0]} to {days[1]}" if days else ""
    expected = EXPECTED_OF_KIND[field.kind] + within_days
    fault = Fault(field.name, f"not_a_{field.kind}", what.astype("str"), expected)
    return reasons_for(rows, record, fault)

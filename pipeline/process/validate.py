"""Turn raw records into core records: accepted, or quarantined with the reason.

In here: one record type through parsing, coding and its pandera schema. Not in here:
what a field is (`schemas/`), how one column is parsed or coded.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import Problem, UnknownCodeError
from pipeline.lineage import place
from pipeline.model import LINEAGE, SEPARATOR, UNKNOWN, Reviewed
from pipeline.process.classify import SEVERAL, Coding, cell_of, code_column, worded_by
from pipeline.process.parse import (
    parse_dates,
    parse_numbers,
    parse_ranges,
    what_is_wrong,
)
from schemas.fields import Field, Record
from schemas.records import ROW_CHECKS

REASON_COLUMNS = (
    *("record_id", "source_id", "record", "field", "rule"),
    *("place", "what", "expected", "do"),
)
EXPECTED_OF_KIND = {
    "date": "a date such as 2014-05-31, 31.05.2014, 2014-05, 2014, or 'unknown'",
    "number": "a number",
    "range": "a number, or a range such as 48-72",
}
CASE_COLUMNS = ["index", "column", "check"]


class Fault(NamedTuple):
    """What is wrong with a record; without a field where it is the whole of it."""

    field: str
    rule: str
    what: str
    expected: str


def review(
    raw: pd.DataFrame,
    record: Record,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> Reviewed:
    """Return every raw record as accepted or quarantined.

    Args:
        raw: records as read, all text, with lineage; any number of sources.
        record: what they are.
        sources: declarations by id.
        lists: code lists by name.

    Raises:
        UnknownCodeError: names the cells of all words that no code list knows.
    """
    core, unparsed_reasons = cored(raw, record, sources, lists)
    reasons = pd.concat([*unparsed_reasons, judge(core, record)], ignore_index=True)
    failed = without_echoes(reasons)
    is_bad = core["record_id"].isin(failed["record_id"])
    return Reviewed(
        core[~is_bad].reset_index(drop=True),
        raw[raw["record_id"].isin(failed["record_id"])].reset_index(drop=True),
        failed,
    )


def cored(
    raw: pd.DataFrame,
    record: Record,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the records of all sources parsed and coded, and what did not parse.

    Raises:
        UnknownCodeError: names the cells of all words that no code list knows.
    """
    parts, reasons, problems = [], [], []
    for source_id, frame in raw.groupby("source_id", sort=True):
        coding = Coding(sources[str(source_id)], lists)
        core, faults, unknown = core_of(frame.reset_index(drop=True), record, coding)
        parts.append(core)
        reasons.append(faults)
        problems += unknown
    if problems:
        raise UnknownCodeError(problems)
    whole = pd.concat(parts, ignore_index=True) if parts else empty_core(record)
    return whole, reasons


def without_echoes(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons, each once, without "empty" where a text did not parse."""
    once = reasons.drop_duplicates(["record_id", "field", "rule"], ignore_index=True)
    cells = pd.MultiIndex.from_frame(once[["record_id", "field"]])
    unparsed_cells = cells[once["rule"].str.startswith("not_a_")]
    is_echo = (once["rule"] == "required") & cells.isin(unparsed_cells)
    return once[~is_echo].reset_index(drop=True)


def empty_core(record: Record) -> pd.DataFrame:
    """Return no records, with the columns and types of `core`."""
    columns = [name for field in record.fields for name in field.core_columns]
    empty = pd.DataFrame(columns=[*LINEAGE, *columns]).astype(core_types(record))
    if record.name == "figures":
        empty["value_as_printed"] = pd.Series(dtype="str")
    return empty


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
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Return the records of one source parsed and coded, faults, unknown words."""
    columns: dict[str, pd.Series] = {name: raw[name] for name in LINEAGE}
    faults: list[pd.DataFrame] = []
    unknown: list[Problem] = []
    for field in record.fields:
        if field.kind == "code":
            columns[f"{field.name}_source"] = raw[field.name]
            columns[field.name], problems = code_column(raw, field, coding)
            unknown += problems
            continue
        parsed, is_parsed = parse_field(raw[field.name], field, coding)
        columns |= parsed
        faults.append(unparsed(raw[~is_parsed], record, field, coding))
    if "value_as_printed" in raw:
        columns["value_as_printed"] = raw["value_as_printed"]
    core = pd.DataFrame(columns).astype(core_types(record))
    return worded(core, record, coding), pd.concat(faults, ignore_index=True), unknown


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
    marks = coding.meaning(text)
    plain = text.mask(marks.notna())
    match field.kind:
        case "date":
            read = parse_dates(plain)
            precision = read["precision"].mask(marks.eq("unknown"), "UNKNOWN")
            dates = {field.name: read["date"], f"{field.name}_precision": precision}
            return dates, read["is_parsed"]
        case "number":
            read = parse_numbers(plain)
            return {field.name: read["number"]}, read["is_parsed"]
        case "range":
            read = parse_ranges(plain)
            low, high = field.core_columns
            return {low: read["low"], high: read["high"]}, read["is_parsed"]
        case "ids":
            joined = plain.str.replace(SEVERAL, SEPARATOR, regex=True)
            named = joined.str.strip(SEPARATOR).mask(marks.eq("unknown"), UNKNOWN)
            return {field.name: named}, pd.Series(True, index=text.index)
        case _:
            kept = plain.mask(marks.eq("unknown"), UNKNOWN)
            return {field.name: kept}, pd.Series(True, index=text.index)


def unparsed(
    rows: pd.DataFrame, record: Record, field: Field, coding: Coding
) -> pd.DataFrame:
    """Return one reason for each record whose text is no date or number.

    The text is shown only for a public source: it may be a name in a wrong column.
    """
    is_public = coding.source.sensitivity == "public"
    reasons = []
    for _, row in rows.iterrows():
        word = str(row[field.name])
        what = "not a date that exists" if field.kind == "date" else what_is_wrong(word)
        fault = Fault(
            field.name,
            f"not_a_{field.kind}",
            what + (f" ({word!r})" if is_public else ""),
            EXPECTED_OF_KIND[field.kind],
        )
        reasons.append(reason(row, record, fault))
    return pd.DataFrame(reasons, columns=REASON_COLUMNS)


def reason(row: pd.Series, record: Record, fault: Fault) -> dict[str, str]:
    """Return why one record is quarantined, with the place of its cell."""
    return {
        "record_id": str(row["record_id"]),
        "source_id": str(row["source_id"]),
        "record": record.name,
        "field": fault.field,
        "rule": fault.rule,
        "place": place(str(row["file"]), str(row["sheet"]), cell_of(row, fault.field)),
        "what": f"{fault.field}: {fault.what}" if fault.field else fault.what,
        "expected": fault.expected,
        "do": "mend the cell in the spreadsheet and deliver it as a new vintage",
    }


def schema_of(record: Record) -> pa.DataFrameSchema:
    """Return the pandera schema of a record in `core`."""
    types = core_types(record)
    needed = {required_column(field) for field in record.fields if field.required}
    return pa.DataFrameSchema(
        {
            name: pa.Column(kind, nullable=name not in needed)
            for name, kind in types.items()
            if name not in LINEAGE
        },
        checks=list(ROW_CHECKS.get(record.name, ())),
        unique=["source_id", *record.key],
        report_duplicates="exclude_first",
    )


def required_column(field: Field) -> str:
    """Return the core column that must be filled for a required field."""
    return f"{field.name}_precision" if field.kind == "date" else field.name


def judge(core: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Return the reasons for which the schema refuses records.

    Raises:
        SchemaErrors: a fault that belongs to no record (a missing column): ours.
    """
    indexed = core.set_index("record_id", drop=False)
    try:
        schema_of(record).validate(indexed, lazy=True)
        return pd.DataFrame(columns=REASON_COLUMNS)
    except SchemaErrors as failed:
        cases = failed.failure_cases
        if cases["index"].isna().any():
            raise
    reasons = [
        reason(indexed.loc[case["index"]], record, fault_of(record, case))
        for _, case in each_once(cases).iterrows()
    ]
    return pd.DataFrame(reasons, columns=REASON_COLUMNS)


def each_once(cases: pd.DataFrame) -> pd.DataFrame:
    """Return failure cases without repetition: one of a row comes for each column."""
    is_of_row = cases["schema_context"] == "DataFrameSchema"
    columns = cases["column"].mask(is_of_row, "")
    return cases.assign(column=columns).drop_duplicates(CASE_COLUMNS)


def fault_of(record: Record, case: pd.Series) -> Fault:
    """Return the fault that one failure case of pandera stands for."""
    rule, column = str(case["check"]), str(case["column"])
    if rule == "not_nullable":
        field = column.removesuffix("_precision")
        expected = "a value, or 'unknown' where the document does not say"
        return Fault(field, "required", "the cell is empty", expected)
    if "unique" in rule:
        same = f"the same {', '.join(record.key)} stands in a record before"
        return Fault(record.key[0], "duplicate", same, "each record once")
    name, expected = row_check(record, rule)
    return Fault("", name, name.replace("_", " "), expected)


def row_check(record: Record, told: str) -> tuple[str, str]:
    """Return the name of a check of whole rows, and what it expects.

    Pandera tells a check that failed by its error, where it has one.
    """
    for check in ROW_CHECKS.get(record.name, ()):
        if told in (check.name, check.error):
            return str(check.name), str(check.error)
    return told, "a record that passes the check"

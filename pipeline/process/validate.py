"""Turn raw records into core records: accepted, or quarantined with the reason.

In here: one record type through its checks and its pandera schema. Not in here: what a
field is (`schemas/`), how its column is parsed and coded (`fields.py`), what a reason
says (`reasons.py`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import Problem, UnknownCodeError
from pipeline.model import LINEAGE, UNKNOWN, Reviewed
from pipeline.process.classify import LACKING, Coding
from pipeline.process.distinct import is_among
from pipeline.process.fields import Cored, core_of, core_types, empty_core
from pipeline.process.reasons import Fault, no_reasons, reasons_for, without_echoes
from schemas.fields import Field, Record
from schemas.records import ROW_CHECKS


class Part(NamedTuple):
    """What became of some records, and the words that were read loosely."""

    reviewed: Reviewed
    remarks: list[Problem]


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
    return review_part(raw, record, sources, lists).reviewed


def review_part(
    raw: pd.DataFrame,
    record: Record,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> Part:
    """Return every raw record as accepted or quarantined, with what is to be told.

    Raises:
        UnknownCodeError: names the cells of all words that no code list knows.
    """
    if raw.empty:
        return Part(Reviewed(empty_core(record), raw, no_reasons()), [])
    made = cored(raw, record, sources, lists)
    core = made.core
    found = [*made.reasons, *judge(core, record)]
    failed = without_echoes(pd.concat([no_reasons(), *found], ignore_index=True))
    if failed.empty:
        return Part(Reviewed(core, raw.iloc[:0], failed), made.remarks)
    refused = failed["record_id"]
    accepted = core[~is_among(core["record_id"], refused)].reset_index(drop=True)
    quarantined = raw[is_among(raw["record_id"], refused)].reset_index(drop=True)
    return Part(Reviewed(accepted, quarantined, failed), made.remarks)


def repeated(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Return the reasons for which records are refused whose key stood before."""
    same = f"the same {', '.join(record.key)} stands in a record before"
    fault = Fault(record.key[0], "duplicate", same, "each record once")
    return reasons_for(rows, record, fault)


def cored(
    raw: pd.DataFrame,
    record: Record,
    sources: Mapping[str, Source],
    lists: Mapping[str, CodeList],
) -> Cored:
    """Return the records of all sources parsed and coded, and what did not parse.

    Raises:
        UnknownCodeError: names the cells of all words that no code list knows.
    """
    parts: list[pd.DataFrame] = []
    whole = Cored(empty_core(record), [], [])
    problems: list[Problem] = []
    for source_id in sorted(raw["source_id"].dropna().unique()):
        of_source = raw["source_id"].eq(source_id)
        frame = raw if of_source.all() else raw[of_source]
        coding = Coding(sources[str(source_id)], lists)
        made, unknown = core_of(frame.reset_index(drop=True), record, coding)
        parts.append(made.core)
        whole.reasons.extend(made.reasons)
        whole.remarks.extend(made.remarks)
        problems += unknown
    if problems:
        raise UnknownCodeError(problems)
    if len(parts) == 1:
        return whole._replace(core=parts[0])
    if parts:
        core = pd.concat(parts, ignore_index=True).astype(core_types(record))
        return whole._replace(core=core)
    return whole


def schema_of(record: Record) -> pa.DataFrameSchema:
    """Return the pandera schema of a record in `core`; see `ROW_CHECKS` for its rules.

    Checks of whole rows run beside it: within it, pandera tells each bad row once for
    each of its forty columns.
    """
    types = core_types(record)
    needed = {required_column(field) for field in record.fields if field.required}
    return pa.DataFrameSchema(
        {
            name: pa.Column(kind, nullable=name not in needed)
            for name, kind in types.items()
            if name not in LINEAGE
        },
        unique=["source_id", *record.key],
        report_duplicates="exclude_first",
    )


def stood_in_for(core: pd.DataFrame, record: Record) -> dict[str, pd.Series]:
    """Return required codes, with one where the source declares that it has none.

    A register may need what a source never collected. Its layout says so by the
    constant `not_supplied`, and the record is judged by its other fields.
    """
    return {
        field.name: core[field.name].mask(
            core[f"{field.name}_source"].eq(LACKING), UNKNOWN
        )
        for field in record.fields
        if field.required and field.kind == "code"
    }


def required_column(field: Field) -> str:
    """Return the core column that must be filled for a required field."""
    return f"{field.name}_precision" if field.kind == "date" else field.name


def judge(core: pd.DataFrame, record: Record) -> list[pd.DataFrame]:
    """Return the reasons for which the checks and the schema refuse records.

    Raises:
        SchemaErrors: a fault that belongs to no record (a missing column): ours.
    """
    judged = core[["source_id", *core.columns.drop(list(LINEAGE))]]
    judged = judged.assign(**stood_in_for(judged, record))
    reasons = []
    for check in ROW_CHECKS.get(record.name, ()):
        result = check(judged)
        if not result.check_passed:
            name = str(check.name)
            fault = Fault("", name, name.replace("_", " "), str(check.error))
            rows = core[~result.check_output.astype(bool)]
            reasons.append(reasons_for(rows, record, fault))
    try:
        schema_of(record).validate(judged, lazy=True)
    except SchemaErrors as failed:
        reasons += refusals(core, record, failed)
    return reasons


def refusals(
    core: pd.DataFrame, record: Record, failed: SchemaErrors
) -> list[pd.DataFrame]:
    """Return the reasons that failures of the schema stand for.

    Raises:
        SchemaErrors: a fault that belongs to no record (a missing column): ours.
    """
    cases = failed.failure_cases
    if cases["index"].isna().any():
        raise failed
    is_repeated = cases["check"].str.contains("unique")
    reasons = []
    if is_repeated.any():
        rows = core.loc[cases.loc[is_repeated, "index"].drop_duplicates()]
        reasons.append(repeated(rows, record))
    for column, empty in cases[~is_repeated].groupby("column", sort=False):
        field = str(column).removesuffix("_precision")
        expected = "a value, or 'unknown' where the document does not say"
        fault = Fault(field, "required", "the cell is empty", expected)
        reasons.append(reasons_for(core.loc[empty["index"]], record, fault))
    return reasons

"""What coding and validation would say of a file, by the cells that it is about.

In here: words that no list knows and values that are refused, all at once, and the
codes of words. Not in here: coding and validation themselves (`process`).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.collect.intake import intake_of
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import InputError, Problem
from pipeline.inspect.addresses import columns_from, first_cell
from pipeline.inspect.seen import SeenFile
from pipeline.inspect.window import MOST_ROWS
from pipeline.process.classify import Coding, code_column, code_texts
from pipeline.process.distinct import distinct
from pipeline.process.places import letter_of
from pipeline.process.validate import review_part
from schemas.fields import Field, Record
from schemas.records import RECORDS

THROWN_AWAY = b"inspect"
"""The key of the pseudonyms of a look: nobody sees them."""

KNOWN_TO_ALL = "unknown"
"""The word that each source may write; it stands in for words that nobody knows."""

CELL_COLUMNS = ("sheet", "row", "column", "field", "what", "expected", "do")
CODE_COLUMNS = ("sheet", "row", "column", "code", "label")


class Judged(NamedTuple):
    """What is to be mended in the records of a file.

    `cells` has a row for each cell and reason, `codes` one for each coded cell;
    `remarks` are of words that were read although they are no spelling.
    """

    cells: pd.DataFrame
    codes: pd.DataFrame
    remarks: tuple[Problem, ...]


def judge(file: SeenFile, lists: Mapping[str, CodeList]) -> Judged:
    """Return what coding and validation say of the tables that are as declared."""
    cells = [pd.DataFrame(columns=CELL_COLUMNS)]
    codes = [pd.DataFrame(columns=CODE_COLUMNS)]
    remarks: list[Problem] = []
    laid = file.laid_out
    if file.source is not None and laid:
        for name, raw in intake_of(laid, file.source, THROWN_AWAY).records.items():
            if len(raw):
                one = judge_records(raw, RECORDS[name], Coding(file.source, lists))
                cells.append(one.cells)
                codes.append(one.codes)
                remarks += one.remarks
    return Judged(
        pd.concat(cells, ignore_index=True),
        pd.concat(codes, ignore_index=True),
        tuple(dict.fromkeys(remarks)),
    )


def judge_records(raw: pd.DataFrame, record: Record, coding: Coding) -> Judged:
    """Return what is to be mended in records of one kind.

    Validation sees "unknown" where a word is not known: else it would not be reached.
    """
    found = [pd.DataFrame(columns=CELL_COLUMNS)]
    codes = [pd.DataFrame(columns=CODE_COLUMNS)]
    tamed = raw.copy()
    for field in record.fields:
        if field.kind == "code":
            unknown = rows_unknown(raw, field, coding)
            found += words_unknown(raw, field, coding, unknown)
            tamed.loc[unknown, field.name] = KNOWN_TO_ALL
            codes.append(codes_of(raw[~unknown], field, coding))
    refused, remarks = refusals(tamed, record, coding.source, coding.lists)
    cells = pd.concat([*found, refused], ignore_index=True)
    return Judged(cells, pd.concat(codes, ignore_index=True), remarks)


def rows_unknown(raw: pd.DataFrame, field: Field, coding: Coding) -> pd.Series:
    """Return which records hold a word that the code list of a field does not know."""
    words = distinct(raw[field.name])
    _, odd = code_texts(words.texts, field, coding)
    texts = {
        text
        for word, standing in odd.standing.items()
        if word not in odd.loose
        for text in standing
    }
    return pd.Series(np.isin(words.at, sorted(texts)), index=raw.index)


def words_unknown(
    raw: pd.DataFrame, field: Field, coding: Coding, unknown: pd.Series
) -> Iterable[pd.DataFrame]:
    """Yield the cells of words that are not known, each word with its problem."""
    rows = raw[unknown]
    for _, same in rows.groupby(field.name, sort=False):
        problems = code_column(same.head(1), field, coding).problems
        if problems:
            told = problems[0]
            yield cells_at(same, field.name).assign(
                what="; ".join(one.what for one in problems),
                expected=told.expected,
                do=told.do,
            )


def codes_of(raw: pd.DataFrame, field: Field, coding: Coding) -> pd.DataFrame:
    """Return the cells of one field whose word is not the code itself, with the code.

    Only of flat tables (in a crosstab the codes belong to rows and columns), and of
    the first rows: more are not drawn.
    """
    is_drawn = raw["row"].astype("int64") <= MOST_ROWS
    raw = raw[raw[field.name].notna() & raw["columns"].ne("") & is_drawn]
    if raw.empty:
        return pd.DataFrame(columns=CODE_COLUMNS)
    codes = code_column(raw, field, coding).codes.astype("str")
    codelist = coding.lists[field.codelist]
    labels = {code: label_of(code, codelist) for code in codes.dropna().unique()}
    cells = cells_at(raw, field.name).assign(code=codes, label=codes.map(labels))
    is_told = cells["field"].ne("") & codes.notna() & codes.ne(raw[field.name])
    return cells.loc[is_told, list(CODE_COLUMNS)]


def label_of(codes: str, codelist: CodeList) -> str:
    """Return the labels of one code, or of several in one cell."""
    return "; ".join(codelist.label(code) for code in codes.split(";"))


def refusals(
    raw: pd.DataFrame,
    record: Record,
    source: Source,
    lists: Mapping[str, CodeList],
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the cells of records that would be refused, and remarks."""
    try:
        part = review_part(raw, record, {source.source: source}, lists)
    except InputError as error:
        return pd.DataFrame(columns=CELL_COLUMNS), error.problems
    reasons = part.reviewed.reasons
    rows = raw.set_index("record_id", drop=False)
    found = [pd.DataFrame(columns=CELL_COLUMNS)]
    for field, told in reasons.groupby("field", sort=False):
        cells = cells_at(rows.loc[told["record_id"]], str(field))
        for name in ("what", "expected", "do"):
            cells[name] = told[name].to_numpy()
        found.append(cells)
    return pd.concat(found, ignore_index=True), tuple(part.remarks)


def cells_at(raw: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return sheet, row and column of a field in some records, counted from 0.

    `field` is empty where no column holds it: the cell is then that of the record.
    """
    columns = raw["columns"].fillna("").astype("str")
    letters = columns.map({one: letter_of(one, field) for one in columns.unique()})
    letters = letters.astype("str")
    is_own = letters.eq("")
    rows = raw["row"].astype("int64") - 1
    at = columns_from(letters)
    own = raw.loc[is_own, "cell"].astype("str").map(first_cell)
    rows.loc[is_own] = own.map(lambda cell: cell[0]).astype("int64")
    at.loc[is_own] = own.map(lambda cell: cell[1]).astype("int64")
    return pd.DataFrame(
        {
            "sheet": raw["sheet"].astype("str"),
            "row": rows,
            "column": at,
            "field": letters.where(is_own, field),
        }
    )

"""Give each word of a source its code; keep the word beside it.

In here: marks of a source, spellings, several codes in one cell, and charges by the
wording in force. Not in here: dates and numbers (`parse.py`), rules about whole
records (`validate.py`), what is told of a word that nobody knows (`odd_words.py`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.sources import Source
from pipeline.errors import Problem
from pipeline.model import NOT_APPLICABLE, SEPARATOR, UNKNOWN
from pipeline.process.distinct import distinct
from pipeline.process.odd_words import Column, OddWords, tell
from pipeline.process.second_chance import second_chance
from schemas.fields import Field, Record

CODE_OF_MARK = {"unknown": UNKNOWN, "not_applicable": NOT_APPLICABLE}
NUMERIC_KINDS = ("number", "range")
ONLY_OF_NUMBERS = ("withheld", "zero")
"""What a mark can mean only in a field that holds a number."""

LACKING = "not_supplied"
"""Constant of a field of codes that a source does not have: it gets no code at all."""

SEVERAL = re.compile(r"\s*[;\n]\s*")


@dataclass(frozen=True, slots=True)
class Coding:
    """What is needed to code the records of one source."""

    source: Source
    lists: Mapping[str, CodeList]

    @property
    def is_public(self) -> bool:
        """Return whether a message may show what the source wrote."""
        return self.source.sensitivity == "public"

    def known(self, field: Field) -> dict[str, str]:
        """Return normalised spelling → code, as the source may fill a field."""
        codelist = self.lists[field.codelist]
        return codelist.known(self.source.source, self.source.areas)

    def likened(self, word: str, codelist: CodeList) -> str | None:
        """Return the code of a word that a spelling with `*` of the source fits."""
        return codelist.likened(word, self.source.source, self.source.areas)

    def meaning(self, words: pd.Series, field: Field) -> pd.Series:
        """Return what the source means by each text that is a mark, else missing."""
        marks = {normalise(text): mark for text, mark in self.source.marks.items()}
        marks.setdefault("unknown", "unknown")
        marks.setdefault(LACKING, "not_supplied")
        if field.kind not in NUMERIC_KINDS:
            marks = {t: m for t, m in marks.items() if m not in ONLY_OF_NUMBERS}
        may_be = words[could_be(words, marks)]
        told = {word: marks.get(normalise(word)) for word in may_be.unique()}
        if not any(told.values()):
            return pd.Series(pd.NA, index=words.index, dtype="str")
        return may_be.map(told).astype("str").reindex(words.index)


def could_be(words: pd.Series, marks: Mapping[str, str]) -> pd.Series:
    """Return which texts could be one of the marks, judged by their digits.

    `normalise` leaves digits as they are. Identifiers nearly all have some and marks
    nearly none, so that few of a million identifiers are looked at further.
    """
    digits = {re.sub("[^0-9]", "", mark) for mark in marks}
    if digits == {""}:
        has_digit = words.str.contains("[0-9]").fillna(False).astype(bool)
        return words.notna() & ~has_digit
    return words.str.replace("[^0-9]", "", regex=True).isin(digits)


class Coded(NamedTuple):
    """A column of codes, a problem for each word not known, a remark for odd ones."""

    codes: pd.Series
    problems: list[Problem]
    remarks: list[Problem]


def code_column(frame: pd.DataFrame, field: Field, coding: Coding) -> Coded:
    """Return the codes of one column and a problem for each word not known.

    Several codes in one cell are joined by `model.SEPARATOR`, sorted, each once.
    """
    words = distinct(frame[field.name])
    codes, odd = code_texts(words.texts, field, coding)
    column = Column(field, coding.known(field), coding.is_public)
    return Coded(words.spread(codes), *tell(frame, words, odd, column))


def unknown_words(frame: pd.DataFrame, field: Field, coding: Coding) -> list[Problem]:
    """Return a problem for each word of a column that is not known."""
    words = distinct(frame[field.name])
    _, odd = code_texts(words.texts, field, coding)
    column = Column(field, coding.known(field), coding.is_public)
    return tell(frame, words, odd, column)[0]


def code_texts(
    texts: pd.Series, field: Field, coding: Coding
) -> tuple[pd.Series, OddWords]:
    """Return the codes of distinct texts, a missing one with the field's default."""
    codelist, known = coding.lists[field.codelist], coding.known(field)
    marks = coding.meaning(texts, field)
    odd = OddWords({}, {})
    codes: dict[str, str] = {}
    # Every mark is one, also "not supplied", which becomes no code but the default.
    for at, text in texts[marks.isna()].dropna().items():
        found = {
            part: known.get(normalise(part)) or coding.likened(part, codelist)
            for part in parts_of(text, field)
        }
        for part in [part for part, code in found.items() if code is None]:
            odd.standing.setdefault(part, []).append(int(str(at)))
            if code := second_chance(part, field, codelist, coding.source):
                found[part] = odd.loose[part] = code
        codes[text] = joined(code for code in found.values() if code)
    coded = marks.map(CODE_OF_MARK).astype("str").fillna(texts.map(codes).astype("str"))
    return coded.fillna(field.default) if field.default else coded, odd


def joined(codes: Iterable[str]) -> str:
    """Return codes as they stand in one cell: sorted, each once."""
    each = SEPARATOR.join(codes).split(SEPARATOR)
    return SEPARATOR.join(sorted({*each} - {""}))


def parts_of(text: str, field: Field) -> list[str]:
    """Return the words of one cell: one, or several where the field may hold them."""
    return SEVERAL.split(text.strip(" ;")) if field.multiple else [text]


def by_wording(codes: pd.Series, acts: pd.Series, charges: CodeList) -> pd.Series:
    """Return charges with the wording in force at the act, where that is certain.

    "146 part 1" is torture until 16 March 2023 and ill-treatment without torture
    from 17 March 2023. A charge keeps its code where the act has no known day.

    Args:
        codes: charge codes, several joined by `model.SEPARATOR`.
        acts: first day of the act, or missing.
        charges: the code list, whose column `base` leads from wording to charge.
    """
    at, days = pd.factorize(acts.array)
    wordings, of_day = wordings_on(pd.DatetimeIndex(days), charges)
    cells = distinct(codes)
    # A missing day stands at -1, and the last wording is that of no day.
    pairs, met = pd.factorize(of_day[at] * len(cells.texts) + cells.at)
    resolved = []
    for pair in met.tolist():
        wording, cell = divmod(pair, len(cells.texts))
        resolved.append(in_wording(cells.texts[cell], wordings[wording]))
    return pd.Series(pd.array(resolved, dtype="str").take(pairs), index=codes.index)


def wordings_on(
    days: pd.DatetimeIndex, charges: CodeList
) -> tuple[list[dict[str, str]], np.ndarray]:
    """Return the wordings met, as charge → its code, and which of them each day has.

    A wording changes only on a day named in the list, so that thousands of days have
    some dozens of wordings. The last of both is that of no day.
    """
    starts = sorted({*charges.rows["valid_from"]} - {""})
    ends = sorted({*charges.rows["valid_to"]} - {""})
    wordings: list[dict[str, str]] = []
    numbers: dict[tuple[int, int], int] = {}
    of_day = []
    for day in days.strftime("%Y-%m-%d"):
        era = (bisect_right(starts, day), bisect_left(ends, day))
        if era not in numbers:
            numbers[era] = len(wordings)
            base_of = charges.at("base", day)
            wordings.append({b: code for code, b in base_of.items() if b and b != code})
        of_day.append(numbers[era])
    return [*wordings, {}], np.array([*of_day, len(wordings)])


def in_wording(cell: str | float, wording: Mapping[str, str]) -> str | float:
    """Return the charges of one cell in a wording; a missing cell stays so."""
    if not isinstance(cell, str):
        return cell
    return SEPARATOR.join(wording.get(code, code) for code in cell.split(SEPARATOR))


def worded_by(
    core: pd.DataFrame, record: Record, acts: pd.DataFrame, charges: CodeList
) -> pd.DataFrame:
    """Return the records with each charge in the wording of their acts, if it is one.

    Args:
        core: the records.
        record: what they are.
        acts: first and last day of the acts, or missing.
        charges: the code list of charges.
    """
    first, last = (acts[name] for name in acts.columns)
    worded = {}
    for field in record.fields:
        if field.codelist == "charge":
            codes = core[field.name]
            begun = by_wording(codes, first, charges)
            ended = begun if first.equals(last) else by_wording(codes, last, charges)
            worded[field.name] = begun.where(begun.eq(ended), codes)
    return core.assign(**worded)

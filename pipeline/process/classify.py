"""Give each word of a source its code; keep the word beside it.

In here: marks of a source, spellings, several codes in one cell, and charges by the
wording in force. Not in here: dates and numbers (`parse.py`), rules about whole
records (`validate.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import extract

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.sources import Source
from pipeline.errors import Problem
from pipeline.lineage import place
from pipeline.model import NOT_APPLICABLE, SEPARATOR, UNKNOWN
from schemas.fields import Field, Record

CODE_OF_MARK = {"unknown": UNKNOWN, "not_applicable": NOT_APPLICABLE}
SEVERAL = re.compile(r"\s*[;\n]\s*")
SIMILAR, MOST_SIMILAR = 60, 3
"""Likeness in percent from which a spelling is offered, and how many are."""

MOST_CELLS = 5
"""How many cells of one unknown word are named."""


@dataclass(frozen=True, slots=True)
class Coding:
    """What is needed to code the records of one source."""

    source: Source
    lists: Mapping[str, CodeList]

    def meaning(self, words: pd.Series) -> pd.Series:
        """Return what the source means by each text that is a mark, else missing."""
        marks = {normalise(text): mark for text, mark in self.source.marks.items()}
        marks.setdefault("unknown", "unknown")
        distinct = {
            word: marks.get(normalise(word)) for word in words.dropna().unique()
        }
        return words.map(distinct).astype("str")


def cell_of(record: pd.Series, field: str) -> str:
    """Return the address of the cell that a field of a record was read from."""
    for pair in str(record["columns"] or "").split():
        letter, name = pair.split(":")
        if name == field:
            return f"{letter}{record['row']}"
    return str(record["cell"])


def code_column(
    frame: pd.DataFrame, field: Field, coding: Coding
) -> tuple[pd.Series, list[Problem]]:
    """Return the codes of one column and a problem for each word not known.

    Several codes in one cell are joined by `model.SEPARATOR`, sorted, each once.
    """
    words = frame[field.name]
    marks = coding.meaning(words)
    marked = marks.map(CODE_OF_MARK)
    known = coding.lists[field.codelist].known(coding.source.source)
    codes: dict[str, str] = {}
    unknown: list[str] = []
    # Every mark is one, also "not supplied", which becomes no code but the default.
    for word in words[marks.isna()].dropna().unique():
        parts = parts_of(word, field)
        found = [known.get(normalise(part)) for part in parts]
        unknown += [p for p, c in zip(parts, found, strict=True) if c is None]
        codes[word] = SEPARATOR.join(sorted({c for c in found if c}))
    coded = marked.astype("str").fillna(words.map(codes).astype("str"))
    if field.default:
        coded = coded.fillna(field.default)
    problems = [
        unknown_code(frame, field, word, coding) for word in dict.fromkeys(unknown)
    ]
    return coded, problems


def parts_of(text: str, field: Field) -> list[str]:
    """Return the words of one cell: one, or several where the field may hold them."""
    return SEVERAL.split(text.strip(" ;")) if field.multiple else [text]


def cells_of(rows: pd.DataFrame, field: str) -> str:
    """Return the place of a field in the first rows, as far as they share a sheet."""
    file, sheet = (str(rows.iloc[0][name]) for name in ("file", "sheet"))
    shared = rows[(rows["file"] == file) & (rows["sheet"] == sheet)].head(MOST_CELLS)
    cells = ", ".join(cell_of(row, field) for _, row in shared.iterrows())
    return place(file, sheet, cells + (" …" if len(rows) > len(shared) else ""))


def unknown_code(
    frame: pd.DataFrame, field: Field, word: str, coding: Coding
) -> Problem:
    """Return the problem of a word that no spelling knows, with those most like it.

    The word itself is shown only for a public source: in a restricted one it may be
    a person's name in the wrong column.
    """
    texts = frame[field.name]
    told = [t for t in texts.dropna().unique() if word in parts_of(t, field)]
    rows = frame[texts.isin(told)]
    known = coding.lists[field.codelist].known(coding.source.source)
    similar = extract(
        normalise(word), list(known), scorer=fuzz.WRatio, limit=MOST_SIMILAR,
        score_cutoff=SIMILAR,
    )  # fmt: skip
    near = ", ".join(f"{text!r} ({known[text]})" for text, _, _ in similar)
    shown = repr(word) if coding.source.sensitivity == "public" else "a word"
    times = f" ({len(rows)} cells)" if len(rows) > 1 else ""
    return Problem(
        cells_of(rows, field.name),
        f"{field.name}: {shown} is not in the code list {field.codelist!r}{times}",
        f"one of its spellings; nearest: {near}" if near else "one of its spellings",
        f"mend the cell, or add the spelling to schemas/spellings/{field.codelist}.csv",
    )


def by_wording(codes: pd.Series, acts: pd.Series, charges: CodeList) -> pd.Series:
    """Return charges with the wording in force at the act, where that is certain.

    "146 part 1" is torture until 16 March 2023 and ill-treatment without torture
    from 17 March 2023. A charge keeps its code where the act has no known day.

    Args:
        codes: charge codes, several joined by `model.SEPARATOR`.
        acts: first day of the act, or missing.
        charges: the code list, whose column `base` leads from wording to charge.
    """
    days = acts.dt.strftime("%Y-%m-%d")
    resolved = codes.copy()
    for day in days.dropna().unique():
        worded = charges.at("base", day)
        wording = {base: code for code, base in worded.items() if base and base != code}
        same_day = (days == day) & codes.notna()
        resolved[same_day] = codes[same_day].map(
            lambda cell, found=wording: SEPARATOR.join(
                found.get(code, code) for code in cell.split(SEPARATOR)
            )
        )
    return resolved.astype("str")


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
    worded = {}
    for field in record.fields:
        if field.codelist == "charge":
            codes = core[field.name]
            first, last = (by_wording(codes, acts[n], charges) for n in acts.columns)
            worded[field.name] = first.where(first.eq(last), codes)
    return core.assign(**worded)

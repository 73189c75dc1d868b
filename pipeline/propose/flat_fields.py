"""Which kind of record a flat table holds, and which field each column is.

In here: choosing by headers, and by the words below them. Not in here: writing the
draft (`flat_draft.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.propose.context import Context
from pipeline.propose.kinds import Facts
from pipeline.propose.matching import (
    LIKELY,
    POSSIBLE,
    Match,
    assigned,
    header_form,
    likely_list,
    likely_record,
    matches,
)
from pipeline.propose.personal import LONG, MAYBE_NAMES
from schemas.fields import Record
from schemas.records import RECORDS

CODE_WORDS = {"code", "код", "коды"}
LABEL_WORDS = {"desc", "description", "name", "label", "описание", "наименование"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat table: its header, facts, and why it may name people."""

    header: str
    facts: Facts
    personal: str
    other_name: str = ""


def record_of(columns: Mapping[int, Column], context: Context) -> str:
    """Return the kind of record that a flat table most likely holds."""
    if is_code_book(columns):
        return "codes"
    kinds = [one.facts.kind for one in columns.values()]
    has_people = any("name" in one.personal for one in columns.values())
    has_values = "number" in kinds and "date" not in kinds and not has_people
    named = {
        at: (one.header, one.facts.kind)
        for at, one in columns.items()
        if not one.personal or one.personal == LONG
    }
    return likely_record(named, context.words, has_values, not has_people)


def is_code_book(columns: Mapping[int, Column]) -> bool:
    """Return whether a table is a list of codes with what they mean."""
    kinds = {one.facts.kind for one in columns.values()}
    last = {header_form(one.header).split()[-1] for one in columns.values()}
    is_short = len(columns) <= 6 and not kinds & {"date", "number"}
    return is_short and bool(last & CODE_WORDS) and bool(last & LABEL_WORDS)


def opened(column: Column, context: Context) -> Column:
    """Return a column of a code book, its long texts taken for what codes mean."""
    is_label = header_form(column.header).split()[-1] in LABEL_WORDS or any(
        match.field == "label" and match.score >= LIKELY
        for match in matches(column.header, RECORDS["codes"], context.words)
    )
    if is_label and column.personal in (LONG, MAYBE_NAMES):
        return replace(column, personal="")
    return column


def fields_of(
    columns: Mapping[int, Column], record: Record, context: Context
) -> dict[int, Match]:
    """Return position → likely field: by its header, else by the words below it."""
    by_header = {at: (one.header, one.facts.kind) for at, one in columns.items()}
    found = assigned(by_header, record, context.words)
    others = {
        at: (one.other_name, one.facts.kind)
        for at, one in columns.items()
        if one.other_name and at not in found
    }
    taken = {match.field for match in found.values()}
    for at, match in assigned(others, record, context.words).items():
        if match.field not in taken:
            found[at] = match
    by_words(columns, record, context, found)
    if record.name == "figures" and "value" not in names_of(found):
        numbers = [
            at
            for at, one in columns.items()
            if one.facts.kind == "number" and at not in found
        ]
        if numbers:
            found[numbers[-1]] = Match("value", POSSIBLE)
    key = record.key[0]
    if key not in names_of(found):
        free = [at for at, one in columns.items() if one.facts.kind == "identifier"]
        free = [at for at in free if at not in found]
        if free:
            found[free[0]] = Match(key, POSSIBLE)
    return found


def person_of(
    columns: Mapping[int, Column], record: Record, context: Context
) -> tuple[str, list[int]]:
    """Return the pseudonym that a record must have, and the columns it is in."""
    needed = [one.name for one in record.fields if one.kind == "pseudonym"]
    words = {header_form(word) for word in context.words.words("role", "name part")}
    found = [at for at, one in columns.items() if header_form(one.header) in words]
    is_required = bool(needed) and record.field(needed[0]).required
    return (needed[0], found) if is_required and found else ("", [])


def names_of(found: Mapping[int, Match]) -> set[str]:
    """Return the fields that columns are taken for."""
    return {match.field for match in found.values()}


def by_words(
    columns: Mapping[int, Column],
    record: Record,
    context: Context,
    found: dict[int, Match],
) -> None:
    """Add the fields that columns are likely to be by the words below the header."""
    taken = names_of(found)
    lists = {
        field.codelist: field.name
        for field in reversed(record.fields)
        if field.kind == "code" and field.name not in taken
    }
    for at, one in columns.items():
        if at in found or one.facts.kind != "code" or not lists:
            continue
        name, share = likely_list(one.facts.counts, context.lists, lists)
        if share >= 0.5 and one.facts.distinct > 1:
            found[at] = Match(lists.pop(name), round(share * 80))

"""Draft a flat table: which column is which field, and which are never read.

In here: one draft of one region whose rows are records. Not in here: crosstabs
(`cross_draft.py`), where the table stands (`sheet_draft.py`).
"""

from collections.abc import Mapping
from typing import Any

from pipeline.lineage import address
from pipeline.propose.constants import constants_of
from pipeline.propose.context import Context
from pipeline.propose.flat_fields import (
    Column,
    fields_of,
    opened,
    person_of,
    record_of,
)
from pipeline.propose.flat_totals import flat_controls
from pipeline.propose.heads import Head
from pipeline.propose.kinds import Facts, facts_of
from pipeline.propose.looks import YEAR, View
from pipeline.propose.matching import (
    SURE,
    Match,
    header_form,
    matches,
)
from pipeline.propose.nodes import FILL_IN, Flow, Noted
from pipeline.propose.personal import (
    MAYBE_NAMES,
    NAME,
    names_people,
    why_personal,
)
from pipeline.propose.regions import Region
from pipeline.propose.signs import see_marks, see_numbers
from schemas.fields import Record
from schemas.records import RECORDS


def flat_draft(
    view: View, region: Region, head: Head, context: Context
) -> dict[str, Any]:
    """Return the draft of a flat table, without its place."""
    columns = columns_of(view, region, head, context)
    name = context.record or record_of(columns, context)
    record = RECORDS[name]
    if name == "codes":
        columns = {at: opened(one, context) for at, one in columns.items()}
    open_ones = {at: one for at, one in columns.items() if not one.personal}
    found = fields_of(open_ones, record, context)
    tree: dict[str, Any] = {"record": Noted(name, record_doubt(name, context))}
    tree |= {"layout": "flat"} | header_keys(head, region)
    join = months_joined(columns, found, context)
    person, who = person_of(columns, record, context)
    tree["columns"] = {
        one.header: told_column(one, found.get(at), record, context)
        for at, one in columns.items()
        if not is_dropped(one, found.get(at)) and at not in join
    }
    joined = joined_keys(columns, (join, "period"), (who, person))
    if joined:
        tree["join"] = joined
    tree |= cell_keys(view, head, columns, found)
    if controls := flat_controls(view, region, head, columns, context):
        tree["controls"] = controls
    others = {at: one for at, one in columns.items() if at not in who}
    if dropped := dropped_columns(others, found):
        tree["dropped"] = dropped
    filled = {match.field for match in found.values()} | {person}
    tree["constants"] = constants_of(record, filled)
    return {key: value for key, value in tree.items() if value not in ({}, [])}


def columns_of(
    view: View, region: Region, head: Head, context: Context
) -> dict[int, Column]:
    """Return position → each column with a header, its cells looked at."""
    found = {}
    held = view.filled[head.start : region.stop].sum(axis=1) > 1
    for at, header in head.texts.items():
        if view.covered[region.top : region.stop, at].all():
            continue
        texts = [str(t) for t in view.texts[head.start : region.stop, at][held]]
        facts = facts_of(texts, tuple(context.marks))
        other = head.other_names.get(at, "")
        why = why_personal(header, facts, context.words)
        why = why or (why_personal(other, facts, context.words) if other else "")
        found[at] = Column(safe_header(header, at, why), facts, why, other)
        if not why and facts.kind in ("number", "date", "code", "year"):
            see_marks(context.signs, texts, context.words, facts.kind == "code")
        if facts.kind == "year":
            context.odd_years |= {t for t in facts.counts if not YEAR.fullmatch(t)}
        if facts.kind == "number":
            see_numbers(context.signs, texts)
        context.see_dates(facts)
    return found


def joined_keys(
    columns: Mapping[int, Column], *joins: tuple[list[int], str]
) -> dict[str, Any]:
    """Return field → the columns that it is spread over, with a doubt."""
    keys: dict[str, Any] = {}
    for places, name in joins:
        if not places:
            continue
        headers = Flow([columns[at].header for at in places])
        sign, doubt = (".", "month and year")
        if name != "period":
            sign, doubt = " ", "read as a pseudonym only; or under `dropped:`"
        keys[name] = Noted({"columns": headers, "with": sign}, doubt)
    return keys


def months_joined(
    columns: Mapping[int, Column], found: Mapping[int, Match], context: Context
) -> list[int]:
    """Return the columns of the month and the year, where a period is parted so."""
    years = [
        at
        for at, match in found.items()
        if match.field == "period" and columns[at].facts.kind == "year"
    ]
    words = {header_form(word) for word in context.words.words("role", "month")}
    months = [
        at
        for at, one in columns.items()
        if at not in found and header_form(one.header) in words
    ]
    return [months[0], years[0]] if len(years) == len(months) == 1 else []


def record_doubt(name: str, context: Context) -> str:
    """Return what to say of the kind of record."""
    if context.record:
        return ""
    return f"{RECORDS[name].description} Else: --record KIND."


def header_keys(head: Head, region: Region) -> dict[str, Any]:
    """Return what is told of the header rows."""
    count = len(head.rows) + head.has_column_numbers
    keys: dict[str, Any] = {}
    if count > 1:
        keys["header_rows"] = count
    if head.has_column_numbers and len(head.rows) == 1:
        keys["header_name"] = Noted("first", "the second row holds column numbers")
    elif head.name != "path":
        keys["header_name"] = Noted(head.name, "a row of variable names")
    if region.repeats_header:
        keys["repeats_header"] = True
    return keys


def safe_header(header: str, at: int, why: str) -> str:
    """Return a header, or a question in its place where it may be a name itself."""
    if names_people(header) or (why == MAYBE_NAMES and NAME.fullmatch(header)):
        return f"{FILL_IN} column {address(0, at)[:-1]}: has it a header?"
    return header


def is_dropped(column: Column, match: Match | None) -> bool:
    """Return whether a column is not to be read."""
    if column.personal:
        return True
    return match is None and column.facts.kind in ("story", "empty")


def dropped_columns(
    columns: Mapping[int, Column], found: Mapping[int, Match]
) -> dict[str, Any]:
    """Return header → reason of the columns that are not to be read."""
    dropped = {}
    for at, one in columns.items():
        if not is_dropped(one, found.get(at)):
            continue
        facts = one.facts
        if facts.kind == "empty":
            dropped[one.header] = Noted("no value in it", "none in this file")
            continue
        why = one.personal or "long texts"
        size = f"{facts.distinct:,} different texts in {facts.filled:,} cells"
        dropped[one.header] = Noted(why, f"{size}; not one is quoted here")
    return dropped


def told_column(
    column: Column, match: Match | None, record: Record, context: Context
) -> Noted:
    """Return the field of a column with what is in doubt."""
    facts = column.facts
    told = [described(facts)]
    if match is None:
        both = (column.header, column.other_name or column.header)
        near = sorted(
            {one for name in both for one in matches(name, record, context.words)},
            key=lambda one: -one.score,
        )[:2]
        if near:
            names = dict.fromkeys(one.field for one in near)
            told.append("perhaps " + " or ".join(names))
        told.append("or under `dropped:`")
        return Noted(FILL_IN, "; ".join(told))
    field = {one.name: one for one in record.fields}.get(match.field)
    if match.score < SURE:
        told.insert(0, "sure?")
    if field is not None and field.kind == "code":
        told.append(context.see_words(field.codelist, facts))
    return Noted(match.field, "; ".join(told))


def described(facts: Facts) -> str:
    """Return the kind of a column in words, and how many cells are filled."""
    kind = {
        "code": f"{len(facts.parts) or facts.distinct} different words",
        "text": f"{facts.distinct:,} different texts",
        "identifier": "hardly a text twice: an identifier",
        "story": "long texts",
        "empty": "empty",
    }.get(facts.kind, facts.kind)
    blank = facts.rows - facts.filled
    return kind + (f", {blank:,} of {facts.rows:,} cells blank" if blank else "")


def cell_keys(
    view: View, head: Head, columns: Mapping[int, Column], found: Mapping[int, Match]
) -> dict[str, Any]:
    """Return what is told of cells with several codes, and of merged cells."""
    keys: dict[str, Any] = {}
    split = {
        one.header: Noted(one.facts.separators, "several codes in one cell")
        for at, one in columns.items()
        if one.facts.separators and not is_dropped(one, found.get(at))
    }
    if split:
        keys["split"] = split
    tall = {
        merge.left
        for merge in view.sheet.merged
        if merge.bottom > merge.top >= head.start
    }
    if down := [columns[at].header for at in sorted(tall & set(columns))]:
        keys["fill_merged"] = Noted(
            Flow(down), "cells merged over several rows: one value for each of them?"
        )
    return keys

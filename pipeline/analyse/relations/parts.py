"""Pieces of SQL that several relations share: years, spans of days, gaps, units.

In here: expressions. Not in here: any relation or table.

A date is a span of days: 2011 known to the year is all of that year. Two things are
compared at a date only where the whole span gives one answer.
"""

from collections.abc import Sequence
from typing import NamedTuple

LONG_AGO, NEVER = "'-infinity'::DATE", "'infinity'::DATE"


class Span(NamedTuple):
    """First and last day that a date may be, as SQL."""

    first: str
    last: str


def year(column: str) -> str:
    """Return SQL for the year of a date, `_U` where it has none."""
    return (
        f"CASE WHEN {column} IS NULL OR {column}_precision = 'UNKNOWN' THEN '_U' "
        f"ELSE CAST(year({column}) AS VARCHAR) END"
    )


def is_dated(column: str) -> str:
    """Return SQL for whether anything is known of a date."""
    return f"({column} IS NOT NULL AND {column}_precision <> 'UNKNOWN')"


def span(column: str) -> Span:
    """Return the span of one date; without end on both sides where nothing is known."""
    return Span(
        f"CASE WHEN {is_dated(column)} THEN {column}::DATE ELSE {LONG_AGO} END",
        f"CASE WHEN NOT {is_dated(column)} THEN {NEVER} ELSE CASE {column}_precision "
        f"WHEN 'YEAR' THEN make_date(year({column}), 12, 31) "
        f"WHEN 'MONTH' THEN last_day({column}) ELSE {column}::DATE END END",
    )


def act_span(row: str) -> Span:
    """Return when the act of a complaint happened, by what the row itself says.

    An act without a date happened at some day before the complaint was received.
    """
    begun, ended = span(f"{row}.event_from"), span(f"{row}.event_to")
    received = span(f"{row}.received_on")
    last = (
        f"CASE WHEN {is_dated(f'{row}.event_to')} THEN {ended.last} "
        f"WHEN {is_dated(f'{row}.event_from')} THEN {begun.last} "
        f"ELSE {received.last} END"
    )
    return Span(begun.first, f"greatest({begun.first}, {last})")


def first_dated(*columns: str) -> Span:
    """Return the span of the first date of which anything is known."""
    first = last = ""
    for column in columns:
        one = span(column)
        first += f"WHEN {is_dated(column)} THEN {one.first} "
        last += f"WHEN {is_dated(column)} THEN {one.last} "
    return Span(
        f"CASE {first}ELSE {LONG_AGO} END",
        f"CASE {last}ELSE {NEVER} END",
    )


def within(period: str, first: str, last: str) -> str:
    """Return SQL for whether a period holds a span of days whole."""
    return f"{period}.first_day <= {first} AND {period}.last_day >= {last}"


def gaps(table: str, columns: Sequence[str], prefix: str) -> str:
    """Return SQL for what a missing code of each column means, by source.

    `_X`: the source never supplies the column. `_U`: it does, and left this one blank.
    The result has the columns under their names with the prefix.
    """
    codes = ", ".join(
        f"CASE WHEN count({column}) > 0 THEN '_U' ELSE '_X' END AS {prefix}_{column}"
        for column in columns
    )
    return f"SELECT source_id, {codes} FROM {table} GROUP BY source_id"


def leading(row: str, time_period: str, unit: str, unit_key: str) -> str:
    """Return SQL for the columns that every relation begins with.

    Args:
        row: alias of what has `record_no` and `source_id`; the source itself is `o`.
        time_period: SQL for the period.
        unit: what is counted.
        unit_key: SQL for what is counted once.
    """
    return (
        f"{row}.record_no, o.ref_area, o.synthetic, {row}.source_id, "
        f"{time_period} AS time_period, '{unit}' AS unit_measure, "
        f"{unit_key} AS unit_key"
    )


def told(row: str, column: str, gap: str, name: str = "") -> str:
    """Return SQL for a code, or what its absence means in this source."""
    return f"coalesce({row}.{column}, o.{gap}_{column}) AS {name or column}"


def named(start: str, end: str) -> str:
    """Return SQL for what each record of a register names: two common tables.

    `linked` has the record found (`to_no`), or the field and number of one that was
    not supplied (`sought`): a number of a book may look like an identifier. `lost` has
    one record to stand for all that name the same.

    Args:
        start: register that names.
        end: register in which it names.
    """
    return f"""
WITH linked AS (
    SELECT record_no, min(to_no) FILTER (state = 'FOUND') AS to_no,
        min(to_field || '=' || to_id) FILTER (state = 'LEADS_NOWHERE') AS sought
    FROM core.links WHERE from_record = '{start}' AND to_record = '{end}'
    GROUP BY record_no
),
lost AS (
    SELECT r.source_id, l.sought, min(r.record_no) AS stands_for
    FROM core.{start} r JOIN linked l USING (record_no)
    WHERE l.to_no IS NULL AND l.sought IS NOT NULL GROUP BY ALL
)"""


def each(codes: str) -> str:
    """Return SQL that makes one row of each code of a cell; a code twice is one."""
    return f"unnest(list_distinct(string_split({codes}, ';')))"

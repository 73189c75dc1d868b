"""Rows of the lists in the form in which they may be compared.

In here: pseudonyms, codes and dates of complaints, and nothing else of them. Not in
here: comparing.
"""

import pandas as pd

from pipeline.declarations.linkage import Linkage
from pipeline.warehouse import Warehouse

SPECIAL = "('_T', '_U', '_Z', '_O')"
CODES = (
    *("person_key", "sex", "region", "facility_key", "place_of_custody"),
    *("accused_body", "allegations"),
)
WHOLE = (
    *("birth_year", "born_low", "born_high", "event_day", "event_month", "event_year"),
    *("received_day", "received_month", "received_year"),
)
KEPT = ("row_no", "record_id", "source_id", "list_id", "ref_area", "year")


def days(column: str, name: str) -> str:
    """Return SQL for a date as numbers, each missing where it is less precise."""
    precision = f"c.{column}_precision"
    month = f"(year(c.{column}) * 12 + month(c.{column}) - 1)"
    return (
        f"CASE WHEN {precision} = 'DAY' THEN "
        f"date_diff('day', DATE '1970-01-01', c.{column}::DATE) END AS {name}_day, "
        f"CASE WHEN {precision} IN ('DAY', 'MONTH') THEN {month} END AS {name}_month, "
        f"CASE WHEN {precision} IN ('DAY', 'MONTH', 'YEAR') THEN year(c.{column}) END "
        f"AS {name}_year"
    )


def told_code(name: str) -> str:
    """Return SQL for a code, missing where it tells nothing."""
    return f"CASE WHEN c.{name} NOT IN {SPECIAL} THEN c.{name} END AS {name}"


ACT = "CASE WHEN c.event_from_precision <> 'UNKNOWN' THEN year(c.event_from) END"
# An age leaves two years of birth open; both are compared.
ROWS = f"""
SELECT row_number() OVER (ORDER BY c.record_id) AS row_no, c.record_id, c.source_id,
    c.source_id AS list_id, s.ref_area,
    CASE WHEN c.received_on IS NULL OR c.received_on_precision = 'UNKNOWN' THEN '_U'
        ELSE strftime(c.received_on, '%Y') END AS year,
    nullif(regexp_replace(upper(c.register_no), '[^0-9\\p{{L}}]', '', 'g'), '')
        AS register_no,
    {", ".join(map(told_code, CODES))},
    c.birth_year::BIGINT AS birth_year,
    coalesce(c.birth_year, {ACT} - c.age_at_event - 1)::BIGINT AS born_low,
    coalesce(c.birth_year, {ACT} - c.age_at_event)::BIGINT AS born_high,
    {days("event_from", "event")},
    {days("received_on", "received")}
FROM core.complaints c JOIN meta.source s USING (source_id)
ORDER BY row_no
"""


def listed_rows(warehouse: Warehouse, linkage: Linkage) -> pd.DataFrame:
    """Return one row for each complaint of each list, with its comparable columns.

    `allegations` is a sorted text with `;` between codes; dates are days or months
    since 1970, missing where they are less precise; special codes are missing.
    """
    rows = warehouse.read(ROWS)
    lists = {name: linkage.list_of(name) for name in rows["source_id"].unique()}
    texts = ["record_id", "source_id", "ref_area", "year", "register_no", *CODES]
    rows = rows.astype(
        dict.fromkeys(texts, "str") | dict.fromkeys(WHOLE, "Int64")
    ).assign(list_id=rows["source_id"].map(lists).astype("str"))
    rows["allegations"] = rows["allegations"].map(in_order, na_action="ignore")
    return rows[[*KEPT, "register_no", *CODES, *WHOLE]]


def in_order(codes: str) -> str:
    """Return codes as one text that is the same for the same codes."""
    return ";".join(sorted(set(codes.split(";"))))

"""Links that lead nowhere or to several records, told by the places of their rows.

In here: reading them from `core.links` for checks and the last words of a build. Not
in here: following links (`process/link.py`).
"""

from collections.abc import Collection

import pandas as pd

from pipeline.process.link import (
    AMBIGUOUS,
    LEADS_NOWHERE,
    NOT_SUPPLIED,
    NUMBERS_DISAGREE,
    QUARANTINED,
    SEVERAL_RECORDS,
    SEVERAL_SOURCES,
)
from pipeline.warehouse import Warehouse

NOT_SHOWN = "not shown"
BROKEN = (LEADS_NOWHERE, AMBIGUOUS)
WORDS = {
    NOT_SUPPLIED: "no record supplied has that number",
    QUARANTINED: "the record with that number is in quarantine",
    SEVERAL_RECORDS: "several records have that number",
    SEVERAL_SOURCES: "records of several sources have that number",
    NUMBERS_DISAGREE: "its two numbers lead to different records",
}
PLACE = "concat_ws('!', r.file, r.sheet, r.cell)"


def broken_links(
    warehouse: Warehouse, states: Collection[str] = BROKEN, most: int | None = None
) -> pd.DataFrame:
    """Return links that were not found, with the place of the row that names.

    Args:
        warehouse: with the links.
        states: which links are meant.
        most: how many rows at most; all where it is not told.

    Returns:
        `source_id`, `place` (file!sheet!cell), `from_record`, `to_record`, `to_id`,
        `reason`, and `may_mean`: places of the records that bear the number. What the
        row of a source that is not public names is not shown.
    """
    return warehouse.read(
        f"""
        WITH meant AS (
            SELECT c.record_no, c.to_record, c.to_id,
                string_agg({PLACE}, ', ' ORDER BY c.to_no) AS may_mean
            FROM core.link_candidates c
            JOIN meta.record r ON r.record_no = c.to_no GROUP BY ALL
        )
        SELECT l.source_id, {PLACE} AS place, l.from_record, l.to_record,
            CASE WHEN s.sensitivity = 'public' THEN l.to_id
                ELSE '{NOT_SHOWN}' END AS to_id,
            l.reason, coalesce(m.may_mean, '') AS may_mean
        FROM core.links l JOIN meta.record r USING (record_no)
        LEFT JOIN meta.source s ON s.source_id = l.source_id
        LEFT JOIN meant m USING (record_no, to_record, to_id)
        WHERE l.state IN (SELECT unnest(?))
        ORDER BY l.record_no, l.to_record, l.to_id
        {"" if most is None else f"LIMIT {most:d}"}
        """,
        [[*states]],
    )


def links_in_words(broken: pd.DataFrame) -> list[str]:
    """Return one line for each link: who names what, and why it is not found."""
    lines = []
    for row in broken.to_dict(orient="records"):
        line = f"{row['place']}: names {row['to_record']} {row['to_id']}; "
        meant = f": {row['may_mean']}" if row["may_mean"] else ""
        lines.append(line + WORDS[row["reason"]] + meant)
    return lines

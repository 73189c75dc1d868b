"""Until when the matters of a source are followed, through registers of any source.

In here: the last day of the least followed of some registers. Not in here: the last
day that a source names at all (`case_steps.py`), single waits (`promptness.py`).
"""

from collections.abc import Sequence

from pipeline.warehouse import Warehouse, checked_name, quoted

UNTIL = (
    "coalesce(max(c.last_day) FILTER (s.seen_in = s.source_id), max(c.last_day)) "
    "AS last_day"
)
"""Of sources `s` and the last days `c` of where they are seen: until when each is
followed, by itself where it can, else by the latest."""
LED = """
led AS (
    SELECT DISTINCT to_source_id AS source_id, source_id AS seen_in FROM core.links
    WHERE state = 'FOUND' AND to_source_id <> source_id
    UNION
    SELECT led.source_id, l.source_id FROM led
    JOIN core.links l ON l.to_source_id = led.seen_in AND l.state = 'FOUND'
)"""


def last_days(warehouse: Warehouse, registers: Sequence[str]) -> dict[str, object]:
    """Return source → the day until which its matters are followed.

    A register of the source itself is followed until the last day of the source;
    another is as far as the latest of the sources whose register leads to it, straight
    or by way of others. Of several registers the one followed least decides: what
    happened later would not be seen.

    Args:
        warehouse: with the prepared tables.
        registers: in which the matters go on.
    """
    supplied = " UNION ALL ".join(
        f"SELECT DISTINCT source_id, {quoted(name)} AS register "
        f"FROM core.{checked_name(name)}"
        for name in registers
    )
    found = warehouse.read(
        f"WITH RECURSIVE {LED}, supplied AS ({supplied}), seen AS ("
        "SELECT source_id, register, source_id AS seen_in FROM supplied UNION "
        "SELECT led.source_id, s.register, led.seen_in FROM led "
        "JOIN supplied s ON s.source_id = led.seen_in), "
        f"each_register AS (SELECT s.source_id, register, {UNTIL} "
        "FROM seen s JOIN cutoff c ON c.source_id = s.seen_in GROUP BY ALL) "
        "SELECT source_id, min(last_day) AS last_day FROM each_register GROUP BY ALL"
    )
    return dict(zip(found["source_id"], found["last_day"], strict=True))

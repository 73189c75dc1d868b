"""Which records each number of `flow` rests on.

In here: the leaves of flows, residuals and stocks, and the leaves of each cell. Not in
here: the numbers (`flow.py`).

A flow rests on its steps. A stock rests on one step of each open case, the last one
taken by then. A case that is open for years stands in the stock of every month; to
name it in each would cost cases × months. A step that holds from one month to another
is kept in the few blocks of 1, 2, 4, 8 … months that its time is made of, as in a
segment tree (de Berg et al. 2008, section 10.3), and a month rests on the one block of
each size that it lies in.
"""

import pandas as pd

from pipeline.analyse.case_steps import STEPS
from pipeline.analyse.traces import Traced, by_leaves
from pipeline.declarations.tables import TableSpec
from pipeline.warehouse import Warehouse

LEAF = "flow_leaf"

READ_FLOWS = f"""
SELECT source_id, holder AS handling_body, step AS component, month, year, record_no
FROM {STEPS} WHERE effect IN ('IN', 'OUT')
UNION ALL
SELECT source_id, was_holder, 'TRANSFERRED', month, year, record_no
FROM {STEPS} WHERE effect = 'MOVE' AND was_holder <> holder
UNION ALL
SELECT source_id, holder, 'RECEIVED', month, year, record_no
FROM {STEPS} WHERE effect = 'MOVE' AND was_holder IS DISTINCT FROM holder
"""


def odd_steps(freq: str, dated: str, since: str) -> str:
    """Return SQL for the steps that no flow explains, each with its reason.

    Args:
        freq: A or M.
        dated: SQL for the period of the step's date.
        since: SQL for the period in which it takes effect.
    """
    return f"""
SELECT *, '{freq}' AS freq, {dated} AS dated_in, {since} AS holds_from,
    CASE WHEN {dated} IS NULL THEN 'UNDATED'
        WHEN {dated} <> {since} THEN 'OUT_OF_ORDER'
        WHEN is_first THEN CASE WHEN effect <> 'IN' THEN 'NOT_OPENED' END
        WHEN NOT was_open THEN CASE WHEN effect = 'OUT' OR is_open
            OR (effect = 'MOVE' AND was_holder <> holder) THEN
            CASE WHEN effect <> 'IN' THEN 'AFTER_END' END END
        WHEN effect = 'IN' THEN 'ALREADY_OPEN'
        WHEN was_holder <> holder AND effect <> 'MOVE' THEN 'BODY_CHANGED'
        WHEN step = 'RESUMED' AND NOT was_interrupted THEN 'NOT_INTERRUPTED'
    END AS reason
FROM {STEPS} WHERE reason IS NOT NULL
"""


READ_ODD = " UNION ALL ".join(
    odd_steps(*grid) for grid in (("A", "year", "since // 12"), ("M", "month", "since"))
)
# What a step changed of the stock, less what it counts as a flow. A passage between
# bodies is no flow of the total.
READ_RESIDUALS = """
SELECT source_id, handling_body, freq, reason, period, record_no, value, is_between
FROM (
    SELECT *, was_holder AS handling_body, holds_from AS period, -1 AS value,
        false AS is_between FROM odd WHERE was_open
    UNION ALL
    SELECT *, holder, holds_from, 1, false FROM odd WHERE is_open
    UNION ALL
    SELECT *, holder, dated_in, CASE effect WHEN 'IN' THEN -1 ELSE 1 END, false
    FROM odd WHERE effect IN ('IN', 'OUT')
    UNION ALL
    SELECT *, was_holder, dated_in, 1, true
    FROM odd WHERE effect = 'MOVE' AND was_holder <> holder
    UNION ALL
    SELECT *, holder, dated_in, -1, true
    FROM odd WHERE effect = 'MOVE' AND was_holder IS DISTINCT FROM holder
)
"""
READ_LEAVES = f"""
WITH odd AS ({READ_ODD})
SELECT 'FLOW' AS kind, '' AS freq, source_id, handling_body, component, '_Z' AS reason,
    year, month, count(*) AS n, count(*) AS n_of_all, list(record_no) AS records
FROM ({READ_FLOWS}) GROUP BY source_id, handling_body, component, year, month
UNION ALL
SELECT 'ODD_STEP', freq, source_id, holder, 'ODD_STEP', reason,
    CASE freq WHEN 'A' THEN dated_in END, CASE freq WHEN 'M' THEN dated_in END,
    count(*), count(*), list(record_no)
FROM odd GROUP BY freq, source_id, holder, reason, dated_in
UNION ALL
SELECT 'RESIDUAL', freq, source_id, handling_body, 'RESIDUAL', reason,
    CASE freq WHEN 'A' THEN period END, CASE freq WHEN 'M' THEN period END,
    sum(value), coalesce(sum(value) FILTER (NOT is_between), 0),
    list_distinct(list(record_no))
FROM ({READ_RESIDUALS}) GROUP BY freq, source_id, handling_body, reason, period
"""

# Blocks of 2^level months, counted from the first month; all open cases without any
# date are one block of level -1.
READ_BLOCKS = f"""
WITH span AS (SELECT min(since) AS first, max(since) + 1 AS after FROM {STEPS}),
held AS (
    SELECT source_id, holder AS handling_body, record_no, is_interrupted,
        since - first AS s, coalesce(until, after) - first AS e
    FROM {STEPS}, span WHERE is_open AND since < coalesce(until, after)
),
levelled AS (
    SELECT *, (s + (1 << level) - 1) >> level AS l, e >> level AS r
    FROM held, (SELECT unnest(range(0, 14))::BIGINT AS level) WHERE l < r
),
blocks AS (
    SELECT *, l AS block FROM levelled WHERE l % 2 = 1
    UNION ALL
    SELECT *, r - 1 FROM levelled WHERE r % 2 = 1
    UNION ALL
    SELECT source_id, holder, record_no, is_interrupted, 0, 0, -1, 0, 0, 0
    FROM {STEPS} WHERE is_open AND since IS NULL AND is_last
)
SELECT source_id, handling_body, is_interrupted, level, block,
    list(record_no) AS records
FROM blocks GROUP BY source_id, handling_body, is_interrupted, level, block
"""

# One level for each list: two in one select would be read side by side.
RESTS_ON_STEPS = f"""
WITH of_periods AS (
    SELECT *, unnest(['_T', coalesce(year::VARCHAR, '_U'),
        (month // 12)::VARCHAR || '-' || lpad((month % 12 + 1)::VARCHAR, 2, '0')
    ]) AS time_period
    FROM {LEAF} WHERE freq <> 'M' OR month IS NOT NULL
),
of_bodies AS (
    SELECT *, unnest([handling_body, '_T']) AS of_body FROM of_periods
),
of_reasons AS (
    SELECT *, unnest(CASE kind WHEN 'FLOW' THEN [reason] ELSE ['_T', reason] END)
        AS of_reason
    FROM of_bodies
)
SELECT c.cell_id, l.leaf_no FROM of_reasons l
JOIN incoming c ON c.source_id = l.source_id AND c.handling_body = l.of_body
    AND c.component = l.component AND c.time_period = l.time_period
    AND c.reason = l.of_reason
    AND (l.freq = '' OR (l.freq = 'M') = (c.freq = 'M'))
"""
RESTS_ON_BLOCKS = f"""
SELECT c.cell_id, b.leaf_no FROM (
    SELECT cell_id, source_id, handling_body, component = 'INTERRUPTED_END' AS is_part,
        level, ((coalesce(least("at", last), last) - first)::BIGINT >> level) AS block
    FROM incoming, (SELECT min(since) AS first, max(since) AS last FROM {STEPS}),
        (SELECT unnest(range(0, 14))::BIGINT AS level)
    WHERE component IN ('OPEN_START', 'OPEN_END', 'INTERRUPTED_END')
        AND time_period <> '_U'
    UNION ALL
    SELECT cell_id, source_id, handling_body, component = 'INTERRUPTED_END', -1, 0
    FROM incoming WHERE component IN ('OPEN_END', 'INTERRUPTED_END')
        AND time_period IN ('_T', '_U')
) c JOIN (
    SELECT *, unnest([handling_body, '_T']) AS of_body FROM flow_block
) b ON b.source_id = c.source_id AND b.of_body = c.handling_body
    AND b.level = c.level AND b.block = c.block
    AND (b.is_interrupted OR NOT c.is_part)
"""


def make_leaves(warehouse: Warehouse) -> None:
    """Make temporary tables: `flow_leaf` of steps and `flow_block` of stocks.

    `n` counts for a body and `n_of_all` for the total; `year` or `month` is missing
    where the date does not tell it.
    """
    # In an order of their own: a release tells these numbers.
    warehouse.make_temporary(
        LEAF,
        "SELECT row_number() OVER (ORDER BY kind, freq, source_id, handling_body, "
        f"component, reason, year, month) AS leaf_no, * FROM ({READ_LEAVES})",
    )
    warehouse.make_temporary(
        "flow_block",
        "SELECT -row_number() OVER (ORDER BY source_id, handling_body, "
        f"is_interrupted, level, block) AS leaf_no, * FROM ({READ_BLOCKS})",
    )


def trace(warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame) -> Traced:
    """Keep the traces of every number of the table that is not 0."""
    columns = ["cell_id", "source_id", "handling_body", "time_period", "freq", "at"]
    numbers = frame[frame["obs_value"].fillna(0) != 0]
    with warehouse.registered(numbers[[*columns, "component", "reason"]]):
        warehouse.make_temporary(
            "flow_cell",
            "SELECT cell_id, list_distinct(list(leaf_no)) AS leaves FROM "
            f"({RESTS_ON_STEPS} UNION ALL {RESTS_ON_BLOCKS}) GROUP BY cell_id",
        )
    return by_leaves(
        warehouse,
        spec,
        "SELECT cell_id, leaves FROM flow_cell",
        f"SELECT leaf_no, records FROM {LEAF} UNION ALL "
        "SELECT leaf_no, records FROM flow_block",
        frame["source_id"].unique(),
    )

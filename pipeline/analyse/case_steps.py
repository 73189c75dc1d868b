"""The life of each case: which state it is in after each step, and in whose hands.

In here: SQL that reads the steps of `core.investigations` in their order and tells
what each changed. Not in here: counting them (`flow.py`, `promptness.py`).

A case is open after a step that opens, moves, interrupts or resumes it, and ended
after one that terminates it, joins it to another or sends it to court; any other step
leaves it as it was. A step takes effect on its date, but never before the step before
it; one without a date takes effect with the step before it (the first with the next).
A step whose body is not stated is in the hands of the step before it.
"""

STEPS, CUTOFF = "case_step", "cutoff"

CASE = "PARTITION BY case_id"
UPTO = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
AFTER = "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING"

# An act of investigation is a step of the case only where there is no other step.
READ_STEPS = """
SELECT i.source_id, i.record_no, s.case_id, i.step_no::BIGINT AS position, i.step,
    i.step_on, i.step_on_precision, nullif(s.body, '_U') AS told,
    coalesce(e.effect, '') AS effect,
    CASE WHEN step_on_precision <> 'UNKNOWN'
        THEN year(step_on) * 12 + month(step_on) - 1 END AS dated
FROM core.investigations i JOIN temp_step s USING (record_no)
LEFT JOIN (
    SELECT code, any_value(effect) AS effect FROM meta.codelist_step GROUP BY code
) e ON e.code = i.step
QUALIFY coalesce(e.effect, '') <> 'ACT'
    OR NOT bool_or(coalesce(e.effect, '') <> 'ACT') OVER (PARTITION BY s.case_id)
"""

# A transfer may be written by the body that gives or by the one that takes: where it
# names the body that had the case, the case goes to the next body named.
STATES = f"""
SELECT *,
    coalesce(max(dated) OVER (steps {UPTO}), first_value(dated IGNORE NULLS)
        OVER (steps {AFTER})) AS since,
    coalesce(last_value(CASE
        WHEN effect IN ('IN', 'MOVE') OR step IN ('INTERRUPTED', 'RESUMED') THEN true
        WHEN effect = 'OUT' THEN false END IGNORE NULLS) OVER (steps {UPTO}), true
    ) AS is_open,
    coalesce(last_value(CASE
        WHEN step = 'INTERRUPTED' THEN true
        WHEN step = 'RESUMED' OR effect IN ('IN', 'OUT') THEN false
        END IGNORE NULLS) OVER (steps {UPTO}), false) AS is_interrupted,
    CASE WHEN effect = 'MOVE' AND carried = lag(carried) OVER steps
        THEN next_told ELSE told END AS goes_to,
    coalesce(first_value(told IGNORE NULLS) OVER (steps {AFTER}), '_U') AS later
FROM (
    SELECT *,
        last_value(told IGNORE NULLS) OVER (steps {UPTO}) AS carried,
        first_value(told IGNORE NULLS) OVER (steps {AFTER}) AS next_told
    FROM ({READ_STEPS}) WINDOW steps AS ({CASE} ORDER BY position)
)
WINDOW steps AS ({CASE} ORDER BY position)
"""
IN_HANDS = f"""
SELECT *, coalesce(last_value(goes_to IGNORE NULLS) OVER (
    {CASE} ORDER BY position {UPTO}), carried, later) AS holder
FROM ({STATES})
"""

READ_CASES = f"""
SELECT source_id, case_id, record_no, position, step, effect, step_on,
    step_on_precision, told, holder, is_open, is_interrupted, since,
    CASE WHEN step_on_precision IN ('DAY', 'MONTH') THEN dated END AS month,
    dated // 12 AS year,
    lag(holder) OVER steps AS was_holder,
    coalesce(lag(is_open) OVER steps, false) AS was_open,
    coalesce(lag(is_interrupted) OVER steps, false) AS was_interrupted,
    lag(record_no) OVER steps IS NULL AS is_first,
    lead(since) OVER steps AS until,
    lead(record_no) OVER steps IS NULL AS is_last
FROM ({IN_HANDS})
WINDOW steps AS ({CASE} ORDER BY position)
"""
"""One row a step, with what it changed. `since`, `until` and `month` count months from
the year 0: `month` is the date of the step, `since` when it takes effect (missing where
no step of the case has a date), `until` when the next step does."""

DAYS = {
    "complaints": ("received_on", "withdrawn_on"),
    "checks": ("started_on", "ended_on", "forensic_exam_on"),
    "investigations": ("step_on",),
    "prosecutions": ("indicted_on", "decided_on"),
    "sentences": ("verdict_on", "in_force_on"),
}
NAMED = " UNION ALL ".join(
    f"SELECT source_id, max({day}) AS day FROM core.{register} "
    f"WHERE {day}_precision <> 'UNKNOWN' GROUP BY source_id"
    for register, days in DAYS.items()
    for day in days
)
READ_CUTOFF = f"""
SELECT source_id, least(max(n.day), any_value(d.delivered))::DATE AS last_day
FROM ({NAMED}) n LEFT JOIN (
    SELECT source_id, max(try_cast(vintage AS DATE)) AS delivered
    FROM meta.delivery GROUP BY source_id
) d USING (source_id) GROUP BY source_id
"""
"""Until when each source is followed: the last day that its registers name, or the day
of its newest delivery where a date lies after that."""

PREPARED = {STEPS: READ_CASES, CUTOFF: READ_CUTOFF}

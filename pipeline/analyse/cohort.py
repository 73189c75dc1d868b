"""`cohort`: what became of the complaints of a year, as far as registers follow them.

In here: the furthest stage that each complaint reached and how it stands. Not in here:
counting (`aggregate.py`), movements by period (`flow.py`).

A complaint that led to several checks and cases takes the furthest; among those equally
far, a conviction before what is open, and what is open before any other end. Open is a
state of its own, never a loss. Unknown is where the chain cannot be followed: a check
that registered a case which no case names, a matter handed to somebody whose register
is not here, a source that supplies nothing of the next stage. A withdrawal ends
nothing: torture is prosecuted whether or not the complaint stands.
"""

from pipeline.analyse.relations.parts import leading, told, year

STAGES = ("ST01", "ST03", "ST04", "ST10", "ST11", "ST13")
STATES = (
    *("_U", "NOT_CONFIRMED", "JOINED", "TERMINATED", "TERMINATED_IN_COURT"),
    *("ACQUITTED", "OPEN", "CONVICTED"),
)
"""Both from the least to the most: the place in the list decides between matters."""

OF_COURTS = """
SELECT d.case_id,
    bool_or(d.last_outcome = 'CONVICTED') AS is_convicted,
    bool_or(d.last_outcome = 'ACQUITTED') AS is_acquitted,
    bool_or(d.last_outcome = 'TERMINATED') AS is_terminated,
    bool_or(d.last_outcome IN ('PENDING', 'RETURNED')) AS is_waiting,
    -- Whose decision gives the state, that of the convicted first.
    coalesce(bool_or(d.final = 'YES' OR f.person IS NOT NULL)
            FILTER (d.last_outcome = 'CONVICTED'),
        bool_or(d.final = 'YES' OR f.person IS NOT NULL)) AS is_final
FROM temp_decided d LEFT JOIN (
    SELECT DISTINCT p.person FROM core.sentences s
    JOIN core.links l ON l.record_no = s.record_no AND l.state = 'FOUND'
        AND l.from_record = 'sentences' AND l.to_record = 'prosecutions'
    JOIN temp_decided p ON p.record_no = l.to_no
    WHERE s.in_force_on IS NOT NULL
) f USING (person)
WHERE d.from_last = 1 AND d.case_id IS NOT NULL GROUP BY d.case_id
"""

# The last step that opens, moves, interrupts, resumes or ends the case says how it
# stands; any other leaves it as it was.
OF_CASES = """
WITH steps AS (
    SELECT s.case_id, any_value(s.source_id) AS source_id,
        bool_or(s.step = 'SENT_TO_COURT') AS was_sent,
        coalesce(arg_max(e.ends, s.nth) FILTER (e.ends IS NOT NULL), '') AS ends
    FROM temp_step s LEFT JOIN (
        SELECT code, any_value(CASE WHEN effect = 'OUT' THEN code
            WHEN effect IN ('IN', 'MOVE') OR code IN ('INTERRUPTED', 'RESUMED')
            THEN '' END) AS ends
        FROM meta.codelist_step GROUP BY code
    ) e ON e.code = s.step GROUP BY s.case_id
),
supplied AS (
    SELECT DISTINCT source_id FROM core.prosecutions
    UNION
    SELECT DISTINCT to_source_id FROM core.links
    WHERE from_record = 'prosecutions' AND state = 'FOUND'
)
SELECT s.case_id,
    CASE WHEN c.is_convicted OR c.is_acquitted OR c.is_terminated
            THEN CASE WHEN c.is_final THEN 'ST13' ELSE 'ST11' END
        WHEN s.was_sent OR c.case_id IS NOT NULL THEN 'ST10'
        ELSE 'ST04' END AS stage,
    CASE WHEN c.is_convicted THEN 'CONVICTED'
        WHEN s.ends IN ('TERMINATED', 'JOINED') AND NOT coalesce(c.is_acquitted
            OR c.is_terminated, false) THEN s.ends
        WHEN c.is_waiting THEN 'OPEN'
        WHEN c.is_acquitted THEN 'ACQUITTED'
        WHEN c.is_terminated THEN 'TERMINATED_IN_COURT'
        WHEN s.ends = '' THEN 'OPEN'
        WHEN c.case_id IS NULL AND s.source_id IN (FROM supplied) THEN 'OPEN'
        ELSE '_U' END AS state,
    s.ends = '' AS is_investigated
FROM steps s LEFT JOIN temp_court c USING (case_id)
"""

# Of several checks of a complaint the last one says how it stands.
OF_COMPLAINTS = f"""
WITH supplied AS (
    SELECT DISTINCT source_id FROM core.checks
    UNION SELECT DISTINCT source_id FROM core.investigations
    UNION SELECT DISTINCT to_source_id FROM core.links
        WHERE to_record = 'complaints' AND state = 'FOUND'
),
matters AS (
    SELECT c.record_no, 'ST01' AS stage,
        CASE WHEN s.source_id IS NULL THEN '_U' ELSE 'OPEN' END AS state
    FROM core.complaints c LEFT JOIN supplied s USING (source_id)
    UNION ALL
    SELECT complaint, CASE outcome WHEN 'REGISTERED' THEN 'ST04' ELSE 'ST03' END,
        CASE WHEN outcome IN ('NOT_CONFIRMED', 'REFUSED') THEN 'NOT_CONFIRMED'
            WHEN outcome = 'JOINED' THEN 'JOINED'
            WHEN outcome = 'PENDING' THEN 'OPEN' ELSE '_U' END
    FROM (
        SELECT complaint, arg_max(coalesce(outcome, '_U'),
            {{'day': first_day, 'no': record_no}}) AS outcome
        FROM temp_check WHERE complaint IN (SELECT record_no FROM core.complaints)
        GROUP BY complaint
    )
    UNION ALL
    SELECT l.to_no, m.stage, m.state
    FROM core.links l JOIN temp_step s USING (record_no)
    JOIN temp_matter m USING (case_id)
    WHERE l.from_record = 'investigations' AND l.to_record = 'complaints'
        AND l.state = 'FOUND'
)
SELECT record_no, max({{
    'stage': list_position({[*STAGES]}, stage),
    'state': list_position({[*STATES]}, state)
}}) AS furthest
FROM matters GROUP BY record_no
"""

PREPARED = {
    "temp_court": OF_COURTS,
    "temp_matter": OF_CASES,
    "temp_furthest": OF_COMPLAINTS,
}
"""Temporary tables, name → SQL, after those of cases, checks and decisions."""

COHORT = f"""
SELECT {leading("c", year("c.received_on"), "COMPLAINT", "c.record_no")},
    ({[*STAGES]})[f.furthest.stage] AS furthest_stage,
    ({[*STATES]})[f.furthest.state] AS state,
    {told("c", "deprived_of_liberty", "complaints")}
FROM core.complaints c JOIN temp_source o USING (source_id)
JOIN temp_furthest f USING (record_no)
"""
READS = ("complaints", "checks", "investigations", "prosecutions", "sentences")
"""The registers that the relation reads; a complaint is one row of it."""

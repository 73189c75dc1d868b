"""From which day to which day: the matters whose promptness is measured.

In here: SQL that gives, for each declared step, every matter with its first day and
how and when it ended. Not in here: durations and estimates (`promptness.py`).

Each statement gives `source_id, handling_body, start` and `finish`; these are structs
of `day`, `precision`, `no` (the record that says so) and, of the finish, `kind` (the
end, missing while open). A body is named only where it is known at the start: one that
is known only of matters that were taken up would look prompt by that alone.
"""

from collections.abc import Sequence

DAY = "{{'day': {0}, 'precision': {0}_precision, 'no': {1}.record_no{2}}}"
NO_BODY = "'_T' AS handling_body"


def at(column: str, kind: str = "") -> str:
    """Return SQL for a date with its precision and record, and with its kind."""
    row = column.split(".", maxsplit=1)[0]
    return DAY.format(column, row, f", 'kind': {kind}" if kind else "")


def earliest(events: str) -> str:
    """Return SQL for the first event of each matter; one without a date comes last.

    Args:
        events: selects `matter` and `event`, a struct.
    """
    order = "{'day': coalesce(event.day, DATE '9999-12-31'), 'no': event.no}"
    return (
        f"SELECT matter, arg_min(event, {order}) AS event "
        f"FROM ({events}) GROUP BY matter"
    )


CASE_DAYS = """
SELECT case_id, any_value(source_id) AS source_id,
    CASE WHEN any_value(source_id) IN (SELECT source_id FROM core.investigations
        WHERE body IS NOT NULL) THEN arg_min(holder, position) ELSE '_X' END
        AS handling_body,
    arg_min({'day': CASE WHEN effect = 'IN' THEN step_on END,
        'precision': step_on_precision, 'no': record_no}, position) AS start,
    arg_min({'day': step_on, 'precision': step_on_precision, 'no': record_no,
        'kind': step}, position) FILTER (effect = 'OUT') AS first_end,
    arg_max({'day': step_on, 'precision': step_on_precision, 'no': record_no,
        'kind': step}, position) FILTER (effect = 'OUT') AS last_end,
    arg_max(is_open, position) AS is_open
FROM case_step GROUP BY case_id
"""
STEP_CASES = """
SELECT i.record_no, i.step, i.step_on, i.step_on_precision, s.case_id
FROM core.investigations i JOIN temp_step s USING (record_no)
"""
"""Every step, acts of investigation too, with its case."""
CASE_OF_COMPLAINT = """
SELECT DISTINCT l.to_no AS complaint, k.case_id
FROM core.links l JOIN step_case k ON k.record_no = l.record_no
WHERE l.from_record = 'investigations' AND l.to_record = 'complaints'
    AND l.state = 'FOUND'
"""
CHECK_OF_COMPLAINT = """
SELECT l.to_no AS complaint, x.* FROM core.links l
JOIN core.checks x ON x.record_no = l.record_no
WHERE l.from_record = 'checks' AND l.to_record = 'complaints' AND l.state = 'FOUND'
"""
PREPARED = {
    "step_case": STEP_CASES,
    "case_day": CASE_DAYS,
    "complaint_case": CASE_OF_COMPLAINT,
    "complaint_check": CHECK_OF_COMPLAINT,
}
"""Temporary tables of this table alone, name → SQL, in their order."""

CASES_OPENED = """
SELECT complaint AS matter, {'day': start.day, 'precision': start.precision,
    'no': start.no, 'kind': 'CASE'} AS event
FROM complaint_case JOIN case_day USING (case_id)
"""
CHECKS_BEGUN = f"""
SELECT complaint AS matter, {at("x.started_on", "'CHECK'")} AS event
FROM complaint_check x
"""
ACTS = f"""
SELECT complaint AS matter, {at("x.started_on", "'ACT'")} AS event
FROM complaint_check x
UNION ALL
SELECT complaint, {at("x.forensic_exam_on", "'ACT'")}
FROM complaint_check x WHERE forensic_exam_on IS NOT NULL
UNION ALL
SELECT c.complaint, {at("i.step_on", "'ACT'")}
FROM step_case i
JOIN (SELECT DISTINCT code FROM meta.codelist_step WHERE effect = 'ACT') e
    ON e.code = i.step
JOIN complaint_case c USING (case_id)
"""
# What became of the complaint: a case, or else the end of its last check. One that was
# handed on is open until then and no longer followed.
CHECK_ENDS = """
CASE WHEN x.outcome IN ('NOT_CONFIRMED', 'REFUSED') THEN 'NOT_CONFIRMED'
    WHEN x.outcome = 'REGISTERED' THEN 'CASE'
    WHEN x.outcome = 'JOINED' THEN 'JOINED'
    WHEN x.outcome IN ('PENDING', 'REFERRED') THEN NULL
    WHEN x.ended_on IS NOT NULL THEN '_O' END"""
DECISIONS = f"""
SELECT complaint AS matter, arg_max({at("x.ended_on", CHECK_ENDS)},
    {{'day': coalesce(x.started_on, DATE '0001-01-01'), 'no': x.record_no}}) AS event
FROM complaint_check x WHERE complaint NOT IN (SELECT complaint FROM complaint_case)
GROUP BY complaint
UNION ALL
{earliest(CASES_OPENED)}
"""


def of_complaints(finish: str) -> str:
    """Return SQL for complaints with what finished the wait of each."""
    return (
        f"SELECT c.source_id, {NO_BODY}, {at('c.received_on')} AS start, "
        f"f.event AS finish FROM core.complaints c "
        f"LEFT JOIN ({finish}) f ON f.matter = c.record_no"
    )


CHECKS_ENDED = f"""
SELECT x.source_id, coalesce(x.checking_body, CASE count(x.checking_body)
        OVER (PARTITION BY x.source_id) WHEN 0 THEN '_X' ELSE '_U' END)
        AS handling_body,
    {at("x.started_on")} AS start, CASE
        WHEN x.outcome = 'REFERRED' THEN {at("x.ended_on", "'REFERRED'")}
        ELSE {at("x.ended_on", CHECK_ENDS)} END AS finish
FROM core.checks x
"""
CASES_ENDED = """
SELECT source_id, handling_body, start, first_end AS finish FROM case_day
"""
COURT_END = """
CASE p.court_outcome WHEN 'TERMINATED' THEN 'COURT_TERMINATED' ELSE p.court_outcome END
"""
DECIDED = f"""
SELECT l.to_no AS matter, {at("p.decided_on", COURT_END)} AS event
FROM core.prosecutions p JOIN core.links l ON l.record_no = p.record_no
WHERE l.from_record = 'prosecutions' AND l.to_record = 'investigations'
    AND l.state = 'FOUND'
    AND p.court_outcome IN ('CONVICTED', 'ACQUITTED', 'TERMINATED')
"""
CASES_IN_COURT = f"""
SELECT k.source_id, k.handling_body, k.start,
    CASE WHEN d.event IS NOT NULL THEN d.event
        WHEN NOT k.is_open AND k.last_end.kind <> 'SENT_TO_COURT' THEN k.last_end
    END AS finish
FROM case_day k LEFT JOIN ({earliest(DECIDED)}) d ON d.matter = k.case_id
"""
# The persons of `penalties`: a verdict that fell, or that a later one replaced, never
# comes into force. Penalties of one decision come into force together.
VERDICTS = f"""
SELECT any_value(s.source_id) AS source_id, {NO_BODY},
    arg_min({at("s.verdict_on")}, s.record_no) AS start,
    arg_min({at("s.in_force_on", "'IN_FORCE'")}, s.record_no)
        FILTER (s.in_force_on IS NOT NULL) AS finish
FROM core.sentences s JOIN temp_imposed t USING (record_no) GROUP BY t.person
"""


def supplied(registers: Sequence[str], end: str) -> str:
    """Return SQL for the sources whose waits are seen to end, and where (`seen_in`).

    A source has the registers itself, or is led to by a link from one that has them.

    Args:
        registers: those in which a wait ends.
        end: register in which it began.
    """
    own = [seen_at_home(name) for name in registers]
    listed = ", ".join(f"'{name}'" for name in registers)
    led = (
        "SELECT to_source_id AS source_id, source_id AS seen_in FROM core.links "
        "WHERE state = 'FOUND' "
        f"AND to_record = '{end}' AND from_record IN ({listed})"
    )
    return " UNION ALL ".join([*own, led])


def seen_at_home(register: str, where: str = "true") -> str:
    """Return SQL for the sources that have a register themselves."""
    return f"SELECT source_id, source_id AS seen_in FROM core.{register} WHERE {where}"


TAKEN_UP = supplied(("checks", "investigations"), "complaints")
SEEN = {
    "COMPLAINT_CHECK": TAKEN_UP,
    "COMPLAINT_ACT": TAKEN_UP,
    "COMPLAINT_DECISION": TAKEN_UP,
    "CHECK_END": seen_at_home("checks"),
    "CASE_END": seen_at_home("investigations"),
    "CASE_COURT": supplied(("prosecutions",), "investigations"),
    "VERDICT_IN_FORCE": seen_at_home("sentences", "in_force_on IS NOT NULL"),
}
"""Step → SQL for the sources whose matters can be seen to end, and where."""
MATTERS = {
    "COMPLAINT_CHECK": of_complaints(
        earliest(f"{CHECKS_BEGUN} UNION ALL {CASES_OPENED}")
    ),
    "COMPLAINT_ACT": of_complaints(earliest(ACTS)),
    "COMPLAINT_DECISION": of_complaints(DECISIONS),
    "CHECK_END": CHECKS_ENDED,
    "CASE_END": CASES_ENDED,
    "CASE_COURT": CASES_IN_COURT,
    "VERDICT_IN_FORCE": VERDICTS,
}
"""Step → SQL. Every step of `schemas/promptness.yml` is one of these."""

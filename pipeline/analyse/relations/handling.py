"""Checks and cases: who handled a matter, and how it stands.

In here: `temp_step`, `temp_case`, `temp_case_complaint`, `temp_held`, `temp_check`,
and the relation of both stages. Not in here: whether the body was independent
(`independence.py`), grounds (`grounds.py`).

A case is the number of its first step everywhere. Its outcome is its last step that
moved it (an examination does not). A step whose body is not stated tells nothing where
another step of the case names one, and an act of investigation holds a case only where
there is no other step.
"""

from pipeline.analyse.relations.complaints import when
from pipeline.analyse.relations.parts import (
    act_span,
    first_dated,
    leading,
    named,
    span,
    told,
    within,
    year,
)
from pipeline.analyse.relations.sources import source

# A court is where a case goes or comes from; it investigates none.
STEPS = f"""
SELECT i.record_no, i.source_id, f.case_id, i.step_no::DOUBLE AS nth, i.step,
    {year("i.step_on")} AS step_year,
    {span("i.step_on").first} AS first_day, {span("i.step_on").last} AS last_day,
    CASE WHEN t.code IS NULL THEN i.body END AS body, i.ground,
    coalesce(last_value(CASE WHEN i.charge NOT IN ('_U', '_Z') THEN i.charge END
        IGNORE NULLS) OVER so_far, i.charge) AS charge,
    CASE WHEN e.effect = 'ACT' THEN 2
        WHEN coalesce(i.body, '_U') = '_U' OR t.code IS NOT NULL THEN 1
        ELSE 0 END AS weight
FROM core.investigations i
JOIN (
    SELECT source_id, case_no, arg_min(record_no,
        {{'nth': step_no::DOUBLE, 'record_no': record_no}}) AS case_id
    FROM core.investigations GROUP BY ALL
) f USING (source_id, case_no)
LEFT JOIN (SELECT code, any_value(effect) AS effect FROM meta.codelist_step
    GROUP BY code) e ON e.code = i.step
LEFT JOIN (SELECT DISTINCT code FROM meta.codelist_body_standing
    WHERE standing = 'COURT') t ON t.code = i.body
WINDOW so_far AS (PARTITION BY f.case_id ORDER BY i.step_no::DOUBLE, i.record_no)
"""

# Who held the case before court: the last body known up to the last time that it was
# sent there, or up to now.
CASES = """
WITH whole AS (
    SELECT case_id, any_value(source_id) AS source_id, min(weight) AS weight,
        arg_min(step_year, nth) AS opened,
        arg_max(step, nth) FILTER (weight < 2) AS last_step,
        arg_max(charge, nth) AS charge,
        coalesce(max(nth) FILTER (step = 'SENT_TO_COURT'), 'inf'::DOUBLE) AS sent
    FROM temp_step GROUP BY case_id
)
SELECT w.*, h.investigating_body FROM whole w LEFT JOIN (
    SELECT s.case_id, arg_max(s.body, s.nth) AS investigating_body
    FROM temp_step s JOIN whole USING (case_id)
    WHERE s.weight = 0 AND s.nth <= whole.sent GROUP BY s.case_id
) h USING (case_id)
"""

CASE_COMPLAINTS = f"""
SELECT DISTINCT s.case_id, c.accused_body, c.place_of_custody AS facility_type,
    k.personnel_class,
    {act_span("c").first} AS act_first, {act_span("c").last} AS act_last
FROM core.links l
JOIN temp_step s ON s.record_no = l.record_no
JOIN core.complaints c ON c.record_no = l.to_no
LEFT JOIN temp_class k ON k.code = c.accused_body
    AND {within("k", when("c").first, when("c").last)}
WHERE l.from_record = 'investigations' AND l.to_record = 'complaints'
    AND l.state = 'FOUND'
"""

# One row for each step that holds a case and each kind of complaint behind it.
HELD = """
SELECT s.record_no, s.source_id, s.case_id, k.opened, k.last_step, k.charge,
    CASE WHEN s.weight = 0 THEN s.body END AS handling_body,
    s.charge AS charge_then, s.first_day, s.last_day,
    c.accused_body, c.facility_type, c.personnel_class, c.act_first, c.act_last
FROM temp_step s JOIN temp_case k ON k.case_id = s.case_id AND k.weight = s.weight
LEFT JOIN temp_case_complaint c ON c.case_id = s.case_id
"""

# Checks of a complaint that is named but was not supplied are checks of one complaint;
# those whose complaint is not told apart are one for each check.
CHECKS = f"""
{named("checks", "complaints")}
SELECT x.record_no, x.source_id, {year("x.started_on")} AS started,
    coalesce(l.to_no, n.stands_for, x.record_no) AS complaint,
    {first_dated("x.started_on", "x.ended_on").first} AS first_day,
    {first_dated("x.started_on", "x.ended_on").last} AS last_day,
    x.checking_body, x.outcome, c.accused_body, c.place_of_custody AS facility_type,
    {act_span("c").first} AS act_first, {act_span("c").last} AS act_last
FROM core.checks x
LEFT JOIN linked l USING (record_no)
LEFT JOIN lost n ON n.source_id = x.source_id AND n.sought = l.sought
    AND l.to_no IS NULL
LEFT JOIN core.complaints c ON c.record_no = l.to_no
"""

PREPARED = {
    "temp_step": STEPS,
    "temp_case": CASES,
    "temp_case_complaint": CASE_COMPLAINTS,
    "temp_held": HELD,
    "temp_check": CHECKS,
}

CHECKED = f"""
SELECT {leading("x", "x.started", "COMPLAINT", "x.complaint")},
    'ST03' AS stage,
    {told("x", "accused_body", "check")},
    {told("x", "checking_body", "checks", "handling_body")},
    {told("x", "facility_type", "check")},
    '_Z' AS charge,
    {told("x", "outcome", "checks")}
FROM temp_check x JOIN {source("check")} USING (source_id)
"""

INVESTIGATED = f"""
SELECT {leading("k", "k.opened", "CASE", "k.case_id")},
    'ST05' AS stage,
    {told("k", "accused_body", "held")},
    coalesce(k.handling_body, o.investigations_body) AS handling_body,
    {told("k", "facility_type", "held")},
    coalesce(k.charge, o.investigations_charge) AS charge,
    coalesce(k.last_step, o.investigations_step) AS outcome
FROM temp_held k JOIN {source("held")} USING (source_id)
"""

HANDLED = f"{CHECKED} UNION ALL {INVESTIGATED}"

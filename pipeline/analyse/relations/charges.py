"""Persons accused: their charges at each stage, and what courts decided about them.

In here: `temp_decided`, `temp_person`, `temp_person_place`, and the relations of
persons prosecuted. Not in here: penalties (`penalties.py`).

A person acquitted twice is one person: the last decision counts. A matter that is
pending decides nothing, so a verdict under appeal stands until the appeal is decided.
Any later instance comes after the first; within these the day decides, an imprecise
one by its end. Accused persons whom the source does not tell apart are one for each
decision: counted as one, all but one of them would be lost.
"""

from pipeline.analyse.relations.parts import each, leading, span, told, within, year
from pipeline.analyse.relations.sources import source

LATER_INSTANCES = "('APPEAL', 'CASSATION', 'RETRIAL')"

# Of those acquitted the verdict names no charge: the indictment does.
LAST_KNOWN = """
CASE WHEN p.charge_verdict NOT IN ('_Z', '_U') THEN p.charge_verdict
    WHEN p.charge_indicted NOT IN ('_Z', '_U') THEN p.charge_indicted
    ELSE coalesce(p.charge_registered, p.charge_indicted, p.charge_verdict) END"""


def carried(column: str, only: str = "true") -> str:
    """Return SQL for a charge of a decision, or of the nearest one before it.

    An appeal often repeats neither the charge registered nor the verdict that it lets
    stand: what was said before still holds.
    """
    return (
        f"coalesce(first_value(CASE WHEN {column} NOT IN ('_U', '_Z') AND {only} "
        f"THEN {column} END IGNORE NULLS) OVER (PARTITION BY person ORDER BY from_last "
        f"ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), {column})"
    )


DECIDED = f"""
WITH placed AS (
    SELECT record_no, min(to_no) AS case_id FROM core.links
    WHERE from_record = 'prosecutions' AND to_record = 'investigations'
        AND state = 'FOUND' GROUP BY record_no
)
SELECT p.*, {LAST_KNOWN} AS last_known FROM (
SELECT * REPLACE (
        {carried("charge_registered")} AS charge_registered,
        {carried("charge_indicted")} AS charge_indicted,
        CASE WHEN court_outcome = 'CONVICTED' THEN
            {carried("charge_verdict", "court_outcome = 'CONVICTED'")}
            ELSE charge_verdict END AS charge_verdict
    ),
    first_value(court_outcome) OVER (PARTITION BY person ORDER BY from_last)
        AS last_outcome,
    first_value(final) OVER (PARTITION BY person ORDER BY from_last) AS last_final
FROM (SELECT *, row_number() OVER latest AS from_last FROM (
    SELECT p.record_no, p.source_id, p.prosecution_id, p.accused_body,
        p.charge_registered, p.charge_indicted, p.charge_verdict,
        p.court_outcome, p.instance, p.final, {year("p.decided_on")} AS decided,
        {span("p.event_from").first} AS act_first,
        {span("p.event_from").last} AS act_last,
        {span("p.decided_on").first} AS decided_first,
        {span("p.decided_on").last} AS decided_last,
        CASE WHEN coalesce(p.accused_key, '_U') = '_U' THEN p.record_no
            ELSE min(p.record_no) OVER one END AS person,
        placed.case_id
    FROM core.prosecutions p LEFT JOIN placed USING (record_no)
    WINDOW one AS (PARTITION BY p.source_id,
        coalesce(placed.case_id::VARCHAR, p.case_no), p.accused_key)
)
WINDOW latest AS (
    PARTITION BY person ORDER BY
        coalesce(court_outcome, 'PENDING') <> 'PENDING' DESC,
        coalesce(instance IN {LATER_INSTANCES}, false) DESC,
        isfinite(decided_last) DESC, decided_last DESC,
        coalesce(instance = 'CASSATION', false) DESC,
        length(prosecution_id) DESC, prosecution_id DESC
)))
p
"""

# The class of a person's body is that of the day of the act, else of the first act
# complained of in the case, else of the decision.
PERSONS = f"""
WITH acts AS (
    SELECT case_id, min(act_first) AS act_first, min(act_last) AS act_last
    FROM temp_case_complaint WHERE isfinite(act_first) GROUP BY case_id
),
placed AS (
    SELECT p.*, k.investigating_body,
        CASE WHEN isfinite(p.act_first) THEN p.act_first
            ELSE coalesce(a.act_first, p.decided_first) END AS class_first,
        CASE WHEN isfinite(p.act_first) THEN p.act_last
            ELSE coalesce(a.act_last, p.decided_last) END AS class_last
    FROM temp_decided p LEFT JOIN temp_case k USING (case_id)
    LEFT JOIN acts a USING (case_id)
    WHERE p.from_last = 1
)
SELECT p.*, c.personnel_class FROM placed p
LEFT JOIN temp_class c ON c.code = p.accused_body
    AND {within("c", "p.class_first", "greatest(p.class_first, p.class_last)")}
"""

PERSON_PLACES = """
SELECT p.record_no, p.source_id, p.person, c.facility_type FROM temp_person p
LEFT JOIN (SELECT DISTINCT case_id, facility_type FROM temp_case_complaint
    WHERE facility_type IS NOT NULL) c USING (case_id)
"""

PREPARED = {
    "temp_decided": DECIDED,
    "temp_person": PERSONS,
    "temp_person_place": PERSON_PLACES,
}

ORIGIN = f"FROM temp_person p JOIN {source('person')} USING (source_id)"
WITH_PLACE = (
    f"FROM temp_person p JOIN {source('person', 'person_place')} USING (source_id) "
    "JOIN temp_person_place f USING (record_no)"
)
LEADING = leading("p", "p.decided", "PERSON", "p.person")


def accused_at(stage: str, column: str, gap: str) -> str:
    """Return SQL for accused persons with their charges at one stage.

    Args:
        stage: code of the list `charge_stage`.
        column: column of `temp_person` with the charges, several joined by `;`.
        gap: column of `temp_source` that tells what its absence means.
    """
    return f"""
SELECT {LEADING},
    '{stage}' AS charge_stage,
    {each(f"coalesce(p.{column}, o.{gap})")} AS charge,
    {told("p", "accused_body", "prosecutions")},
    {told("p", "court_outcome", "prosecutions")}
{ORIGIN}
"""


CHARGED = " UNION ALL ".join(
    accused_at(stage, column, gap)
    for stage, column, gap in (
        ("REGISTERED", "charge_registered", "prosecutions_charge_registered"),
        ("INDICTED", "charge_indicted", "prosecutions_charge_indicted"),
        ("VERDICT", "charge_verdict", "prosecutions_charge_verdict"),
        ("LAST_KNOWN", "last_known", "person_last_known"),
    )
)

CHARGED_BY_BODY = f"""
SELECT {LEADING},
    {each("coalesce(p.last_known, o.person_last_known)")} AS charge,
    {told("p", "accused_body", "prosecutions")},
    {told("p", "investigating_body", "person")},
    {told("f", "facility_type", "person_place")},
    {told("p", "court_outcome", "prosecutions")}
{WITH_PLACE}
"""

# Every charge of one stage against every charge of the next: which became which is
# not told where there are several.
DRIFTED = f"""
SELECT * REPLACE ({each("charge_indicted")} AS charge_indicted) FROM (
    SELECT * REPLACE ({each("charge_verdict")} AS charge_verdict) FROM (
        SELECT {LEADING},
            {each("coalesce(p.charge_registered, o.prosecutions_charge_registered)")}
                AS charge_registered,
            {told("p", "charge_indicted", "prosecutions")},
            {told("p", "charge_verdict", "prosecutions")},
            {told("p", "court_outcome", "prosecutions")}
        {ORIGIN}
    )
)
"""

"""Complaints: what was received, about whom, from where, by whom, and what for.

In here: relations whose rows are complaints. Not in here: what became of them
(`handling.py`), persons accused (`charges.py`).

A complaint is one row and one unit, however many people it stands for: a source says
"12 people" of a group, never who they are, so it is not multiplied.
"""

from pipeline.analyse.relations.parts import (
    Span,
    act_span,
    each,
    first_dated,
    leading,
    told,
    year,
)

ORIGIN = "FROM core.complaints c JOIN temp_source o USING (source_id)"
LEADING = leading("c", year("c.received_on"), "COMPLAINT", "c.record_no")


def when(row: str) -> Span:
    """Return when a complaint is placed in time: its act, else when it was received."""
    return first_dated(f"{row}.event_from", f"{row}.received_on")


def shown(column: str, name: str = "") -> str:
    """Return SQL for one code of a complaint."""
    return told("c", column, "complaints", name)


COMPLAINT = f"""
SELECT {LEADING},
    {shown("deprived_of_liberty")},
    {shown("place_of_custody")},
    {shown("place_of_act")},
    {shown("accused_body")}
{ORIGIN}
"""

# A group is the unit before all changes of boundaries that contains the region; what
# has no such unit is its own group.
BY_REGION = f"""
SELECT {LEADING}, {shown("region")},
    coalesce(g.region_group, c.region, o.complaints_region) AS region_group,
    {shown("place_of_custody", "facility_type")}
{ORIGIN}
LEFT JOIN (SELECT code, any_value(nullif(group_2018, '')) AS region_group
    FROM meta.codelist_region GROUP BY code) g ON g.code = c.region
"""

PURPOSES = f"""
SELECT {LEADING},
    {each("coalesce(c.purpose, o.complaints_purpose)")} AS purpose,
    {shown("accused_body")},
    {shown("place_of_custody", "facility_type")}
{ORIGIN}
"""

# In the year in which somebody turns 18 the year of birth does not tell. An act without
# a date was before the complaint: who was a minor then was one at the act.
ACT = act_span("c")
AGE_GROUP = f"""
CASE WHEN c.age_at_event < 18 THEN 'MINOR'
    WHEN c.age_at_event >= 18 THEN 'ADULT'
    WHEN o.complaints_age_at_event = '_X' AND o.complaints_birth_year = '_X' THEN '_X'
    WHEN c.birth_year IS NULL THEN '_U'
    WHEN isfinite({ACT.last}) AND year({ACT.last}) - c.birth_year < 18 THEN 'MINOR'
    WHEN isfinite({ACT.first}) AND year({ACT.first}) - c.birth_year > 18 THEN 'ADULT'
    ELSE '_U' END
"""

COMPLAINANTS = f"""
SELECT {LEADING},
    {shown("sex")},
    {AGE_GROUP} AS age_group,
    {shown("custody_status")},
    {shown("citizenship")}
{ORIGIN}
"""

# One type alleged in one complaint is one allegation; a type without a parent is its
# own group. The list of a complaint has room for 64 types.
ALLEGATIONS = f"""
SELECT a.record_no, a.ref_area, a.synthetic, a.source_id, a.time_period,
    'ALLEGATION' AS unit_measure,
    a.record_no * 64 + a.nth AS unit_key,
    a.allegation,
    coalesce(nullif(t.parent, ''), a.allegation) AS allegation_group,
    a.sex
FROM (
    SELECT * EXCLUDE (alleged), unnest(alleged) AS allegation,
        generate_subscripts(alleged, 1) AS nth
    FROM (
        SELECT {LEADING}, {shown("sex")}, list_distinct(string_split(
            coalesce(c.allegations, o.complaints_allegations), ';')) AS alleged
        {ORIGIN}
    )
) a
LEFT JOIN (SELECT code, any_value(parent) AS parent FROM meta.codelist_allegation
    GROUP BY code) t ON t.code = a.allegation
"""

IS_WITHDRAWN = (
    "(c.withdrawn_on IS NOT NULL OR coalesce(c.withdrawal_reason, '_Z') <> '_Z')"
)
# Only those withdrawn or followed by a reprisal: a risk and what came of it. Every
# one of them is counted among the complaints too, whatever became of it.
WITHDRAWALS = f"""
SELECT {LEADING},
    CASE WHEN {IS_WITHDRAWN} THEN 'YES'
        WHEN o.complaints_withdrawn_on = '_X' AND o.complaints_withdrawal_reason = '_X'
        THEN '_X' ELSE 'NO' END AS withdrawn,
    CASE WHEN o.complaints_withdrawal_reason = '_X' THEN '_X'
        WHEN NOT {IS_WITHDRAWN} THEN '_Z'
        ELSE coalesce(c.withdrawal_reason, '_U') END AS withdrawal_reason,
    {shown("place_of_custody", "facility_type")},
    {shown("reprisal_reported")}
{ORIGIN}
WHERE {IS_WITHDRAWN} OR c.reprisal_reported = 'YES'
"""

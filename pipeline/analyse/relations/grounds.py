"""Cases terminated and interrupted, by ground, and what the law says of the ground.

In here: steps that end or interrupt a case. Not in here: sentences (`penalties.py`).

An interruption may be resumed and a termination may be reopened: they are two things,
and a ground of the one on the other is flagged.
"""

from pipeline.analyse.relations.parts import leading, told

# A ground of which only a part is barred may be that part.
BARS = """
SELECT g.code, any_value(g.effect) AS effect,
    min(nullif(g.forbidden_for_torture_from, ''))::DATE AS since,
    min(nullif(below.forbidden_for_torture_from, ''))::DATE AS part_since
FROM meta.codelist_ground g LEFT JOIN meta.codelist_ground below
    ON below.parent = g.code
WHERE NOT starts_with(g.code, '_') GROUP BY g.code
"""

PREPARED = {"temp_bar": BARS}

LEGALITY = """
CASE WHEN o.investigations_ground = '_X' THEN '_X'
    WHEN b.code IS NULL THEN '_U'
    WHEN coalesce(b.since, b.part_since) IS NULL
        OR s.last_day < coalesce(b.since, b.part_since) THEN 'NOT_BARRED'
    WHEN coalesce(c.offence_kind, '_U') = '_U' THEN '_U'
    WHEN NOT list_contains(string_split(c.includes, ','), 'TORTURE') THEN 'NOT_BARRED'
    WHEN s.first_day < coalesce(b.since, b.part_since) THEN '_U'
    WHEN c.includes <> 'TORTURE' OR b.since IS NULL THEN 'QUESTIONABLE'
    ELSE 'FORBIDDEN' END AS legality"""

FITS = """
CASE WHEN o.investigations_ground = '_X' THEN '_X'
    WHEN b.code IS NULL THEN '_U'
    WHEN (s.step = 'TERMINATED') = (b.effect = 'TERMINATION') THEN 'YES'
    ELSE 'NO' END AS ground_fits"""

GROUNDS = f"""
SELECT {leading("s", "s.step_year", "CASE", "s.case_id")},
    s.step,
    {told("s", "ground", "investigations")},
    {told("s", "charge", "investigations")},
    {LEGALITY},
    {FITS}
FROM temp_step s JOIN temp_source o USING (source_id)
LEFT JOIN temp_bar b ON b.code = s.ground
LEFT JOIN temp_charge c ON c.code = s.charge
WHERE s.step IN ('TERMINATED', 'INTERRUPTED')
"""

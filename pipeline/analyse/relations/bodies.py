"""Bodies through time: class of personnel, ministry, relation and competence.

In here: small tables made of the code lists alone, by body and period. Not in here:
any record.

The first period of a body reaches back and its last one forward without end: a list
that knows only the year in which a body began does not make an earlier act one of
nobody. Periods that give one answer are one period.
"""

from pipeline.analyse.relations.parts import LONG_AGO, NEVER

DATED_BODIES = f"""
dated AS (
    SELECT code, parent, ref_area, personnel_class,
        CASE WHEN row_number() OVER (PARTITION BY code ORDER BY valid_from) = 1
            THEN {LONG_AGO} ELSE valid_from::DATE END AS first_day,
        CASE WHEN valid_to = '' OR row_number()
                OVER (PARTITION BY code ORDER BY valid_from DESC) = 1
            THEN {NEVER} ELSE valid_to::DATE END AS last_day
    FROM meta.codelist_body WHERE code <> '_T'
)"""


def merged(keys: str, answer: str, of: str) -> str:
    """Return SQL that makes one period of neighbours with one answer.

    Args:
        keys: columns that tell what the periods are of.
        answer: the column that must be the same.
        of: name of the periods; a hole between two keeps them apart.
    """
    is_new = (
        f"({answer} IS DISTINCT FROM lag({answer}) OVER follow OR "
        "first_day IS DISTINCT FROM lag(last_day) OVER follow + 1) AS is_new"
    )
    return (
        f"SELECT {keys}, {answer}, min(first_day) AS first_day, "
        f"max(last_day) AS last_day FROM (SELECT *, sum(is_new::INTEGER) OVER follow "
        f"AS nth FROM (SELECT *, {is_new} FROM {of} "
        f"WINDOW follow AS (PARTITION BY {keys} ORDER BY first_day)) "
        f"WINDOW follow AS (PARTITION BY {keys} ORDER BY first_day)) "
        f"GROUP BY {keys}, {answer}, nth"
    )


CLASSES = f"WITH {DATED_BODIES} " + merged("code", "personnel_class", "dated")

MINISTRIES = f"""
WITH RECURSIVE {DATED_BODIES},
standing AS (SELECT code, standing FROM meta.codelist_body_standing),
above AS (SELECT code FROM standing WHERE standing = 'ABOVE'),
walked AS (
    SELECT DISTINCT code AS body, code AS at, {LONG_AGO} AS first_day,
        {NEVER} AS last_day
    FROM dated WHERE NOT starts_with(code, '_')
    UNION ALL
    SELECT w.body, d.parent, greatest(w.first_day, d.first_day),
        least(w.last_day, d.last_day)
    FROM walked w JOIN dated d ON d.code = w.at
        AND d.first_day <= w.last_day AND d.last_day >= w.first_day
    WHERE d.parent <> '' AND d.parent NOT IN (SELECT code FROM above)
),
reached AS (
    SELECT w.body, w.at AS ministry, d.ref_area,
        greatest(w.first_day, d.first_day) AS first_day,
        least(w.last_day, d.last_day) AS last_day
    FROM walked w JOIN dated d ON d.code = w.at
        AND d.first_day <= w.last_day AND d.last_day >= w.first_day
    WHERE (d.parent = '' OR d.parent IN (SELECT code FROM above))
        AND w.at NOT IN (SELECT code FROM standing WHERE standing = 'SEVERAL')
)
""" + merged("body, ref_area", "ministry", "reached")

RELATIONS_OF_BODIES = """
WITH pairs AS (
    SELECT a.body AS accused_body, h.body AS handling_body,
        CASE WHEN a.body = h.body THEN 'SAME_BODY'
            WHEN a.ministry = h.ministry THEN 'SAME_MINISTRY'
            ELSE 'OTHER' END AS relation,
        greatest(a.first_day, h.first_day) AS first_day,
        least(a.last_day, h.last_day) AS last_day
    FROM temp_ministry a JOIN temp_ministry h ON a.ref_area = h.ref_area
        AND a.first_day <= h.last_day AND a.last_day >= h.first_day
)
""" + merged("accused_body, handling_body", "relation", "pairs")

# Who opens a case (ST04) holds it too. A kind that mixes others has an answer only
# where the list knows each of them and has one answer for all; a check has no charge.
COMPETENCES = f"""
WITH named AS (
    SELECT CASE stage WHEN 'ST04' THEN 'ST05' ELSE stage END AS stage,
        offence_kind AS kind, body, ref_area,
        CASE practice WHEN 'law' THEN 'BY_LAW' ELSE 'IN_PRACTICE' END AS competence,
        coalesce(nullif(valid_from, '')::DATE, {LONG_AGO}) AS first_day,
        coalesce(nullif(valid_to, '')::DATE, {NEVER}) AS last_day
    FROM meta.codelist_body_competence
),
begins AS (
    SELECT DISTINCT ref_area, first_day FROM named
    UNION
    SELECT ref_area, last_day + 1 FROM named WHERE last_day < {NEVER}
    UNION
    SELECT ref_area, {LONG_AGO} FROM named
),
periods AS (
    SELECT ref_area, first_day, coalesce(lead(first_day) OVER (
        PARTITION BY ref_area ORDER BY first_day) - 1, {NEVER}) AS last_day
    FROM begins
),
bodies AS (
    SELECT DISTINCT code AS body, ref_area FROM meta.codelist_body
    WHERE NOT starts_with(code, '_') AND code NOT IN (
        SELECT code FROM meta.codelist_body_standing WHERE standing = 'SEVERAL')
),
kinds AS (
    SELECT code AS offence_kind, unnest(string_split(includes, ',')) AS kind,
        len(string_split(includes, ',')) AS mixes
    FROM meta.codelist_offence_kind WHERE includes <> ''
    UNION ALL
    SELECT DISTINCT '_Z', kind, 1 FROM named
),
known AS (
    SELECT DISTINCT n.stage, n.kind, p.* FROM periods p JOIN named n
        ON n.ref_area = p.ref_area AND n.first_day <= p.first_day
        AND n.last_day >= p.first_day
),
answers AS (
    SELECT k.stage, k.kind, k.first_day, k.last_day, b.body,
        coalesce(min(n.competence), 'NOT_NAMED') AS competence
    FROM known k JOIN bodies b ON b.ref_area = k.ref_area
    LEFT JOIN named n ON n.stage = k.stage AND n.kind = k.kind AND n.body = b.body
        AND n.first_day <= k.first_day AND n.last_day >= k.first_day
    GROUP BY ALL
),
of_kinds AS (
    SELECT a.stage, m.offence_kind, a.body, a.first_day, a.last_day,
        CASE WHEN count(DISTINCT a.competence) = 1 AND count(*) >= any_value(m.mixes)
            THEN min(a.competence) ELSE '_U' END AS competence
    FROM answers a JOIN kinds m USING (kind)
    GROUP BY a.stage, m.offence_kind, a.body, a.first_day, a.last_day
)
""" + merged("stage, offence_kind, body", "competence", "of_kinds")

PREPARED = {
    "temp_class": CLASSES,
    "temp_ministry": MINISTRIES,
    "temp_relation": RELATIONS_OF_BODIES,
    "temp_competence": COMPETENCES,
    "temp_charge": "SELECT c.code, any_value(c.offence_kind) AS offence_kind, "
    "any_value(c.wording_from) AS wording_from, "
    "coalesce(any_value(k.includes), '') AS includes "
    "FROM meta.codelist_charge c LEFT JOIN meta.codelist_offence_kind k "
    "ON k.code = c.offence_kind GROUP BY c.code",
}

"""What is counted: one relation per kind of table, as SQL over `core`.

In here: the rows that a cube counts, with their dimensions, the key of the unit and
the records behind them. Not in here: grouping (`aggregate.py`).

Every relation gives `record_id`, `ref_area`, `synthetic`, `source_id`, `time_period`,
`unit_measure`, `unit_key` (what is counted once) and its dimensions. A missing word
of a source becomes `_U` here, so that a total can never be mistaken for it.
"""

ORIGIN = """
origin AS (
    SELECT source_id, ref_area, synthetic FROM meta.source
)"""


def year(column: str) -> str:
    """Return SQL for the year of a date, `_U` where it has none."""
    return (
        f"CASE WHEN {column} IS NULL OR {column}_precision = 'UNKNOWN' THEN '_U' "
        f"ELSE strftime({column}, '%Y') END"
    )


def stated(column: str) -> str:
    """Return SQL for a code, `_U` where the source supplies none."""
    return f"coalesce({column}, '_U')"


COMPLAINT = f"""
SELECT c.record_id, o.ref_area, o.synthetic, c.source_id,
    {year("c.received_on")} AS time_period,
    'COMPLAINT' AS unit_measure,
    c.source_id || '!' || c.complaint_id AS unit_key,
    {stated("c.deprived_of_liberty")} AS deprived_of_liberty,
    {stated("c.place_of_custody")} AS place_of_custody,
    {stated("c.place_of_act")} AS place_of_act,
    {stated("c.accused_body")} AS accused_body,
    coalesce(c.event_from, c.received_on) AS day
FROM core.complaints c JOIN origin o USING (source_id)
"""

# A case is counted once for each body that held it; its total counts it once. Its
# outcome is its last step that moved it (an examination does not). A step whose body
# is not stated tells nothing where another step of the case names one, and an act of
# investigation holds a case only where there is no other step.
CASES = f"""
cases AS (
    SELECT * EXCLUDE (body, weight),
        CASE weight WHEN 0 THEN body ELSE '_U' END AS body,
        weight = min(weight) OVER (PARTITION BY source_id, case_no) AS holds_case
    FROM (
        SELECT i.source_id, i.case_no, i.record_id, i.complaint_ids, i.step_on AS day,
            {stated("i.body")} AS body,
            CASE WHEN e.effect = 'ACT' THEN 2 WHEN {stated("i.body")} = '_U' THEN 1
                ELSE 0 END AS weight,
            arg_min({year("i.step_on")}, i.step_no::DOUBLE) OVER whole AS opened,
            arg_max(i.step, i.step_no::DOUBLE) FILTER (e.effect IS DISTINCT FROM 'ACT')
                OVER whole AS last_step
        FROM core.investigations i
        LEFT JOIN (SELECT DISTINCT code, effect FROM meta.codelist_step) e
            ON e.code = i.step
        WINDOW whole AS (PARTITION BY i.source_id, i.case_no)
    )
)"""

CASE_COMPLAINTS = f"""
complained AS (
    SELECT k.*,
        {stated("c.accused_body")} AS accused_body,
        {stated("c.place_of_custody")} AS facility_type
    FROM (
        SELECT *, unnest(string_split(coalesce(complaint_ids, ''), ';')) AS complaint_id
        FROM cases
    ) k
    LEFT JOIN core.complaints c
        ON c.source_id = k.source_id AND c.complaint_id = k.complaint_id
)"""

CASE = f"""
SELECT k.record_id, o.ref_area, o.synthetic, k.source_id,
    k.opened AS time_period,
    'CASE' AS unit_measure,
    k.source_id || '!' || k.case_no AS unit_key,
    'ST05' AS stage,
    {stated("k.accused_body")} AS accused_body,
    k.body AS handling_body,
    {stated("k.facility_type")} AS facility_type,
    {stated("k.last_step")} AS outcome,
    k.day
FROM complained k JOIN origin o USING (source_id)
WHERE k.holds_case
"""

# Complaints that the source does not tell apart are one for each check.
CHECK = f"""
SELECT x.record_id, o.ref_area, o.synthetic, x.source_id,
    {year("x.started_on")} AS time_period,
    'COMPLAINT' AS unit_measure,
    x.source_id || '!' || CASE x.complaint_id
        WHEN '_U' THEN '_U!' || x.check_id ELSE x.complaint_id END AS unit_key,
    'ST03' AS stage,
    {stated("c.accused_body")} AS accused_body,
    {stated("x.checking_body")} AS handling_body,
    {stated("c.place_of_custody")} AS facility_type,
    {stated("x.outcome")} AS outcome,
    x.started_on AS day
FROM core.checks x JOIN origin o USING (source_id)
LEFT JOIN core.complaints c
    ON c.source_id = x.source_id AND c.complaint_id = x.complaint_id
"""

# A person acquitted twice is one person: the last decision counts. Any later instance
# comes after the first; within these the day decides, an imprecise one by its end.
# Accused persons whom the source does not tell apart are one for each decision:
# counted as one, all but one of them would be lost.
LATER_INSTANCES = "('APPEAL', 'CASSATION', 'RETRIAL')"
LAST_DECISION = f"""
decided AS (
    SELECT *,
        row_number() OVER latest AS from_last,
        first_value(court_outcome) OVER latest AS last_outcome
    FROM (
        SELECT *, source_id || '!' || case_no || '!' || CASE accused_key
            WHEN '_U' THEN '_U!' || prosecution_id ELSE accused_key END AS person,
            coalesce(instance IN {LATER_INSTANCES}, false) AS is_later,
            CASE decided_on_precision
                WHEN 'YEAR' THEN decided_on + INTERVAL 1 YEAR - INTERVAL 1 DAY
                WHEN 'MONTH' THEN decided_on + INTERVAL 1 MONTH - INTERVAL 1 DAY
                ELSE decided_on END AS decided_by
        FROM core.prosecutions
    )
    WINDOW latest AS (
        PARTITION BY person ORDER BY is_later DESC, decided_by DESC NULLS LAST,
        instance = 'CASSATION' DESC, length(prosecution_id) DESC, prosecution_id DESC
    )
)"""


def each_charge(name: str) -> str:
    """Return SQL for one row for each charge of a decision; see `accused_at`."""
    charges = stated(f"p.{name}")
    split = f"SELECT unnest(string_split({charges}, ';'))"
    return f"LATERAL ({split}) AS each_{name} (one_{name})"


def accused_at(stage: str, charges: str) -> str:
    """Return SQL for accused persons with their charges at one stage.

    Args:
        stage: code of the list `charge_stage`.
        charges: SQL for the charges, several joined by `;`.
    """
    return f"""
SELECT p.record_id, o.ref_area, o.synthetic, p.source_id,
    {year("p.decided_on")} AS time_period,
    'PERSON' AS unit_measure,
    p.person AS unit_key,
    '{stage}' AS charge_stage,
    unnest(string_split({stated(charges)}, ';')) AS charge,
    {stated("p.accused_body")} AS accused_body,
    {stated("p.court_outcome")} AS court_outcome,
    coalesce(p.event_from, p.decided_on) AS day
FROM decided p JOIN origin o USING (source_id)
WHERE p.from_last = 1
"""


# Of those acquitted the verdict names no charge: the indictment does.
LAST_KNOWN = """
CASE WHEN p.charge_verdict NOT IN ('_Z', '_U') THEN p.charge_verdict
    WHEN p.charge_indicted NOT IN ('_Z', '_U') THEN p.charge_indicted
    ELSE p.charge_registered END"""
CHARGED = " UNION ALL ".join(
    accused_at(stage, charges)
    for stage, charges in (
        ("REGISTERED", "p.charge_registered"),
        ("INDICTED", "p.charge_indicted"),
        ("VERDICT", "p.charge_verdict"),
        ("LAST_KNOWN", LAST_KNOWN),
    )
)

DRIFTED = f"""
SELECT p.record_id, o.ref_area, o.synthetic, p.source_id,
    {year("p.decided_on")} AS time_period,
    'PERSON' AS unit_measure,
    p.person AS unit_key,
    one_charge_registered AS charge_registered,
    one_charge_indicted AS charge_indicted,
    one_charge_verdict AS charge_verdict
FROM decided p JOIN origin o USING (source_id),
    {each_charge("charge_registered")},
    {each_charge("charge_indicted")},
    {each_charge("charge_verdict")}
WHERE p.from_last = 1 AND p.court_outcome = 'CONVICTED'
"""

TERM_BAND = """
CASE WHEN custodial.code IS NULL AND s.term_months_low IS NULL THEN '_Z'
    ELSE coalesce((
        SELECT b.code FROM bands b
        WHERE s.term_months_low >= b.low AND s.term_months_low < b.high
            AND s.term_months_high >= b.low AND s.term_months_high < b.high
    ), '_U') END
"""

# A sentence counts although its decision is not stated or was not supplied. It falls
# with its conviction, and one that a later decision replaced gives way to that.
IMPOSED = """
imposed AS (
    SELECT s.*, p.accused_body, p.final,
        coalesce(p.person, s.source_id || '!!' || s.sentence_id) AS unit_key
    FROM core.sentences s
    LEFT JOIN decided p
        ON p.source_id = s.source_id AND p.prosecution_id = s.prosecution_id
    WHERE s.main_or_additional = 'MAIN' AND coalesce(p.last_outcome, '_U')
        NOT IN ('ACQUITTED', 'TERMINATED', 'RETURNED')
    QUALIFY p.person IS NULL
        OR p.from_last = min(p.from_last) OVER (PARTITION BY p.person)
)"""

SENTENCED = f"""
SELECT s.record_id, o.ref_area, o.synthetic, s.source_id,
    {year("s.verdict_on")} AS time_period,
    'PERSON' AS unit_measure,
    s.unit_key,
    unnest(string_split({stated("s.charge")}, ';')) AS charge,
    {stated("s.accused_body")} AS accused_body,
    {stated("s.penalty")} AS penalty,
    {TERM_BAND} AS term_band,
    {stated("s.suspended")} AS suspended,
    {stated("s.final")} AS final
FROM imposed s JOIN origin o USING (source_id)
LEFT JOIN (SELECT code FROM meta.codelist_penalty WHERE custodial = 'yes') custodial
    ON custodial.code = s.penalty
"""

# The class of a body is that of the day: prison medicine has changed its ministry.
PERSONNEL = f"""
SELECT staged.*, coalesce(cls.personnel_class, '_U') AS personnel_class FROM (
    SELECT record_id, ref_area, synthetic, source_id, time_period, unit_measure,
        unit_key, 'ST01' AS stage, accused_body,
        place_of_custody AS facility_type, '_Z' AS outcome, day
    FROM ({COMPLAINT})
    UNION ALL
    SELECT record_id, ref_area, synthetic, source_id, time_period, unit_measure,
        unit_key, stage, accused_body, facility_type, outcome, day
    FROM ({CASE})
    UNION ALL
    SELECT record_id, ref_area, synthetic, source_id, time_period, unit_measure,
        unit_key, 'ST10', accused_body, '_U', court_outcome, day
    FROM ({accused_at("VERDICT", "p.charge_verdict")})
) staged
LEFT JOIN meta.codelist_body cls ON cls.code = staged.accused_body
    AND cls.valid_from <= coalesce(strftime(staged.day, '%Y-%m-%d'), '9999')
    AND (cls.valid_to = ''
        OR cls.valid_to >= coalesce(strftime(staged.day, '%Y-%m-%d'), '9999'))
"""

BANDS = """
bands AS (
    SELECT code, low_months::DOUBLE AS low,
        coalesce(nullif(high_months, '')::DOUBLE, 'inf'::DOUBLE) AS high
    FROM meta.codelist_term_band WHERE low_months <> ''
)"""

WITH_ORIGIN = (
    f"WITH {ORIGIN}, {BANDS}, {CASES}, {CASE_COMPLAINTS}, {LAST_DECISION}, {IMPOSED}"
)

RELATIONS = {
    "complaint": f"{WITH_ORIGIN} {COMPLAINT}",
    "handled": f"{WITH_ORIGIN} {CHECK} UNION ALL {CASE}",
    "charged": f"{WITH_ORIGIN} {CHARGED}",
    "drifted": f"{WITH_ORIGIN} {DRIFTED}",
    "sentenced": f"{WITH_ORIGIN} {SENTENCED}",
    "personnel": f"{WITH_ORIGIN} {PERSONNEL}",
}

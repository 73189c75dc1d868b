"""Penalties: what was imposed on persons found guilty, and what the law barred.

In here: `temp_sentence`, `temp_imposed`, and the relations of main penalties. Not in
here: compensation (`redress.py`).

A sentence counts although its decision is not stated or was not supplied; those that
name the same decision are of one person. A sentence falls with its conviction, and one
that a later decision replaced gives way to that.
"""

from pipeline.analyse.relations.parts import each, leading, named, span, told, year
from pipeline.analyse.relations.sources import source

SENTENCES = f"""
{named("sentences", "prosecutions")}
SELECT s.record_no, s.source_id, {year("s.verdict_on")} AS sentenced,
    {span("s.verdict_on").first} AS verdict_first,
    {span("s.verdict_on").last} AS verdict_last,
    s.charge, s.penalty, s.main_or_additional, s.suspended, s.changed_by,
    s.term_months_low, s.term_months_high,
    s.compensation_claimed AS claimed, s.compensation_awarded AS awarded,
    s.compensation_paid AS paid, s.currency,
    coalesce(p.person, n.stands_for, s.record_no) AS person,
    coalesce(p.from_last, 1) AS from_last, p.person AS accused,
    coalesce(p.last_outcome, '_U') IN ('ACQUITTED', 'TERMINATED', 'RETURNED')
        AS has_fallen,
    p.accused_body, p.last_final AS final, p.case_id, k.investigating_body
FROM core.sentences s
LEFT JOIN linked l USING (record_no)
LEFT JOIN lost n ON n.source_id = s.source_id AND n.sought = l.sought
    AND l.to_no IS NULL
LEFT JOIN temp_decided p ON p.record_no = l.to_no
LEFT JOIN temp_case k ON k.case_id = p.case_id
"""

# A term that crosses two bands, or has none though it must, is in no band.
IMPOSED = """
SELECT s.* EXCLUDE (penalty),
    s.penalty,
    CASE WHEN custodial.code IS NULL AND s.term_months_low IS NULL THEN '_Z'
        ELSE coalesce(b.code, '_U') END AS term_band
FROM (
    SELECT * FROM temp_sentence
    WHERE main_or_additional = 'MAIN' AND NOT has_fallen
    QUALIFY from_last = min(from_last) OVER (PARTITION BY person)
) s
LEFT JOIN (SELECT code FROM meta.codelist_penalty WHERE custodial = 'yes') custodial
    ON custodial.code = s.penalty
LEFT JOIN (
    SELECT code, low_months::DOUBLE AS low,
        coalesce(nullif(high_months, '')::DOUBLE, 'inf'::DOUBLE) AS high
    FROM meta.codelist_term_band WHERE low_months <> ''
) b ON s.term_months_low >= b.low AND s.term_months_low < b.high
    AND s.term_months_high >= b.low AND s.term_months_high < b.high
"""

PREPARED = {"temp_sentence": SENTENCES, "temp_imposed": IMPOSED}

ORIGIN = f"FROM temp_imposed s JOIN {source('sentence')} USING (source_id)"
LEADING = leading("s", "s.sentenced", "PERSON", "s.person")
CHARGE = f"{each('coalesce(s.charge, o.sentences_charge)')} AS charge"

SENTENCED = f"""
SELECT {LEADING}, {CHARGE},
    {told("s", "accused_body", "sentence")},
    {told("s", "penalty", "sentences")},
    s.term_band,
    {told("s", "suspended", "sentences")},
    {told("s", "final", "sentence")}
{ORIGIN}
"""

SENTENCED_BY_BODY = f"""
SELECT {LEADING}, {CHARGE},
    {told("s", "accused_body", "sentence")},
    {told("s", "investigating_body", "sentence")},
    coalesce(f.facility_type, g.person_place_facility_type, '_X') AS facility_type,
    {told("s", "penalty", "sentences")}
FROM temp_imposed s JOIN {source("sentence")} USING (source_id)
LEFT JOIN temp_person_place f ON f.person = s.accused
-- What a missing place means is told by the source of the person, not of the sentence.
LEFT JOIN temp_gap_person_place g
    ON g.source_id = coalesce(f.source_id, s.source_id)
"""

# The bar holds for torture, from its day on. A charge that mixes kinds, or one under
# the wording from before the bar, may be of an act that it does not reach.
LEGALITY = """
CASE WHEN bar.since IS NULL THEN '_U'
    WHEN s.verdict_last < bar.since THEN 'NOT_BARRED'
    WHEN c.code IS NULL OR c.offence_kind IN ('_U', '_X') THEN '_U'
    WHEN NOT list_contains(string_split(c.includes, ','), 'TORTURE') THEN 'NOT_BARRED'
    WHEN s.verdict_first < bar.since THEN '_U'
    WHEN c.includes <> 'TORTURE'
        OR (c.wording_from <> '' AND c.wording_from::DATE < bar.since)
        THEN 'QUESTIONABLE'
    ELSE 'FORBIDDEN' END"""

SUSPENDED = f"""
SELECT s.record_no, s.ref_area, s.synthetic, s.source_id, s.time_period,
    s.unit_measure, s.unit_key, s.charge, s.accused_body, s.penalty, s.final,
    {LEGALITY} AS legality
FROM (
    SELECT {LEADING}, {CHARGE}, s.verdict_first, s.verdict_last,
        {told("s", "accused_body", "sentence")},
        {told("s", "penalty", "sentences")},
        {told("s", "final", "sentence")}
    {ORIGIN} WHERE s.suspended = 'YES' OR s.penalty = 'SUSP'
) s
LEFT JOIN temp_charge c ON c.code = s.charge
LEFT JOIN (SELECT ref_area, min(valid_from)::DATE AS since
    FROM meta.codelist_barred_measure WHERE penalty = 'SUSP' GROUP BY ref_area) bar
    ON bar.ref_area = s.ref_area
"""

"""Independence: was a matter handled by those accused, and by who was competent?

In here: the relation of the two bodies at the date of the act and at that of the
handling, and the competence of the one that handled it. Not in here: the periods of
bodies (`bodies.py`).

An unknown body, ministry or date never becomes another ministry.
"""

from pipeline.analyse.relations.parts import leading, told, within
from pipeline.analyse.relations.sources import source

KIND_OF_CASE = """
CASE WHEN k.charge_then IS NULL THEN o.investigations_charge
    ELSE coalesce(q.offence_kind, '_U') END AS offence_kind"""

CHECKED = f"""
SELECT {leading("x", "x.started", "COMPLAINT", "x.complaint")},
    'ST03' AS stage, '_Z' AS offence_kind,
    {told("x", "accused_body", "check")},
    {told("x", "checking_body", "checks", "handling_body")},
    {told("x", "outcome", "checks")},
    x.act_first, x.act_last, x.first_day, x.last_day
FROM temp_check x JOIN {source("check")} USING (source_id)
"""

INVESTIGATED = f"""
SELECT {leading("k", "k.opened", "CASE", "k.case_id")},
    'ST05' AS stage, {KIND_OF_CASE},
    {told("k", "accused_body", "held")},
    coalesce(k.handling_body, o.investigations_body) AS handling_body,
    coalesce(k.last_step, o.investigations_step) AS outcome,
    coalesce(k.act_first, '-infinity'::DATE) AS act_first,
    coalesce(k.act_last, 'infinity'::DATE) AS act_last, k.first_day, k.last_day
FROM temp_held k JOIN {source("held")} USING (source_id)
LEFT JOIN temp_charge q ON q.code = k.charge_then
"""

HANDLED = f"({CHECKED} UNION ALL {INVESTIGATED})"
SHOWN = (
    "h.record_no, h.ref_area, h.synthetic, h.source_id, h.time_period, "
    "h.unit_measure, h.unit_key, h.stage"
)


def compared_at(basis: str, first: str, last: str) -> str:
    """Return SQL that compares both bodies at a date.

    Args:
        basis: code of the list `date_basis`.
        first: column with the first day that the date may be.
        last: column with the last one.
    """
    return f"""
SELECT {SHOWN}, '{basis}' AS date_basis, h.offence_kind, h.accused_body,
    h.handling_body,
    CASE WHEN '_X' IN (h.accused_body, h.handling_body) THEN '_X'
        ELSE coalesce(r.relation, '_U') END AS relation,
    h.outcome
FROM {HANDLED} h LEFT JOIN temp_relation r
    ON r.accused_body = h.accused_body AND r.handling_body = h.handling_body
    AND {within("r", f"h.{first}", f"h.{last}")}
"""


INDEPENDENT = " UNION ALL ".join(
    (
        compared_at("AT_ACT", "act_first", "act_last"),
        compared_at("AT_HANDLING", "first_day", "last_day"),
    )
)

COMPETENT = f"""
SELECT {SHOWN}, h.offence_kind, h.handling_body,
    CASE WHEN '_X' IN (h.offence_kind, h.handling_body) THEN '_X'
        ELSE coalesce(n.competence, '_U') END AS competence,
    h.outcome
FROM {HANDLED} h LEFT JOIN temp_competence n
    ON n.stage = h.stage AND n.offence_kind = h.offence_kind
    AND n.body = h.handling_body AND {within("n", "h.first_day", "h.last_day")}
"""

"""Point 27: complaints, cases and persons by class of personnel and place of custody.

In here: the three stages side by side, each in its own unit. Not in here: what a
complaint, a case or a person is.

The class of a body is that of the day: prison medicine has changed its ministry.
"""

from pipeline.analyse.relations import charges, complaints
from pipeline.analyse.relations.parts import leading, told, within
from pipeline.analyse.relations.sources import source


def class_of(row: str, body_gap: str, joined: str) -> str:
    """Return SQL for a class; without a body it is as unknown as the body is."""
    return (
        f"CASE WHEN {row}.accused_body IS NULL THEN o.{body_gap} "
        f"ELSE coalesce({joined}.personnel_class, '_U') END AS personnel_class"
    )


WHEN = complaints.when("c")
COMPLAINED = f"""
SELECT {complaints.LEADING},
    'ST01' AS stage,
    {class_of("c", "complaints_accused_body", "k")},
    {complaints.shown("accused_body")},
    {complaints.shown("place_of_custody", "facility_type")},
    '_Z' AS outcome
{complaints.ORIGIN}
LEFT JOIN temp_class k ON k.code = c.accused_body
    AND {within("k", WHEN.first, WHEN.last)}
"""

INVESTIGATED = f"""
SELECT {leading("k", "k.opened", "CASE", "k.case_id")},
    'ST05' AS stage,
    {class_of("k", "held_accused_body", "k")},
    {told("k", "accused_body", "held")},
    {told("k", "facility_type", "held")},
    coalesce(k.last_step, o.investigations_step) AS outcome
FROM temp_held k JOIN {source("held")} USING (source_id)
"""

PROSECUTED = f"""
SELECT {charges.LEADING},
    'ST10' AS stage,
    {class_of("p", "prosecutions_accused_body", "p")},
    {told("p", "accused_body", "prosecutions")},
    {told("f", "facility_type", "person_place")},
    {told("p", "court_outcome", "prosecutions", "outcome")}
{charges.WITH_PLACE}
"""

PERSONNEL = f"{COMPLAINED} UNION ALL {INVESTIGATED} UNION ALL {PROSECUTED}"

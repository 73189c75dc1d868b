"""Every relation by name, and the tables to be prepared before them.

In here: what each relation rests on. Not in here: its SQL.
"""

from dataclasses import dataclass

from pipeline.analyse import case_steps, cohort
from pipeline.analyse.relations import (
    bodies,
    charges,
    complaints,
    grounds,
    handling,
    independence,
    penalties,
    personnel,
    redress,
    sources,
)

ONE_EACH = "count(*)"


@dataclass(frozen=True, slots=True)
class Relation:
    """What one table counts.

    `sql` yields `record_no, ref_area, synthetic, source_id, time_period,
    unit_measure, unit_key` and the dimensions, none of them missing: a code, `_U`,
    `_Z`, or `_X` where the source never supplies the field. `unit_is_row`: no unit
    stands in two rows of one unit and one set of fixed dimensions. `registers`: those
    that it reads. `counts` is the SQL of what the rows of one kind amount to.
    """

    sql: str
    unit_is_row: bool
    registers: tuple[str, ...]
    counts: str = ONE_EACH


PREPARED: dict[str, str] = {
    **bodies.PREPARED,
    **grounds.PREPARED,
    **sources.PREPARED,
    **handling.PREPARED,
    **charges.PREPARED,
    **penalties.PREPARED,
    **redress.PREPARED,
    **sources.PREPARED_LAST,
    **cohort.PREPARED,
    **case_steps.PREPARED,
}
"""Tables that relations rest on, name → SQL, in the order in which they are made."""

COMPLAINTS, CHECKS, CASES = ("complaints",), ("checks",), ("investigations",)
PERSONS, SENTENCES = ("prosecutions",), ("sentences",)
PLACED = (*PERSONS, *CASES, *COMPLAINTS)

RELATIONS: dict[str, Relation] = {
    "complaint": Relation(complaints.COMPLAINT, True, COMPLAINTS),
    "complaint_by_region": Relation(complaints.BY_REGION, True, COMPLAINTS),
    "purpose": Relation(complaints.PURPOSES, False, COMPLAINTS),
    "complainant": Relation(complaints.COMPLAINANTS, True, COMPLAINTS),
    "allegation": Relation(complaints.ALLEGATIONS, True, COMPLAINTS),
    "withdrawn": Relation(complaints.WITHDRAWALS, True, COMPLAINTS),
    "handled": Relation(handling.HANDLED, False, (*CHECKS, *CASES, *COMPLAINTS)),
    "independent": Relation(
        independence.INDEPENDENT, False, (*CHECKS, *CASES, *COMPLAINTS)
    ),
    "competent": Relation(
        independence.COMPETENT, False, (*CHECKS, *CASES, *COMPLAINTS)
    ),
    "ground": Relation(grounds.GROUNDS, False, CASES),
    "charged": Relation(charges.CHARGED, False, PERSONS),
    "charged_by_body": Relation(charges.CHARGED_BY_BODY, False, PLACED),
    "drifted": Relation(charges.DRIFTED, False, PERSONS),
    "sentenced": Relation(penalties.SENTENCED, False, (*SENTENCES, *PERSONS)),
    "sentenced_by_body": Relation(
        penalties.SENTENCED_BY_BODY, False, (*SENTENCES, *PLACED)
    ),
    "suspended": Relation(penalties.SUSPENDED, False, (*SENTENCES, *PERSONS)),
    "personnel": Relation(personnel.PERSONNEL, False, PLACED),
    "redress": Relation(redress.REDRESS, True, (*SENTENCES, *PERSONS), "sum(amount)"),
    "cohort": Relation(cohort.COHORT, True, cohort.READS),
}

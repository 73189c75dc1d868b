"""The fan-out guard: no join may lose a unit that is counted, or make two of one.

In here: what each prepared table and each relation must hold after its joins, and the
check of it: distinct keys before and after, and rows, which may grow only where a
table is declared many to many. Not in here: the joins (`relations/`).

One case may have three convicted and twenty-four victims. A join that repeats rows
counts some of them twice, and no total would show it.
"""

from typing import Literal, NamedTuple

from pipeline.analyse.relations.complaints import IS_WITHDRAWN
from pipeline.errors import FanOutError
from pipeline.warehouse import Warehouse, checked_name

Rows = Literal["same", "one", "many"]


class Kept(NamedTuple):
    """What a joined table must hold of what it is made of.

    `of` is a table, or a query in brackets; empty where rows are left out on purpose,
    so that only repeated ones tell of a fault. `key` tells what must be the same
    before and after; `of_key` is what it is called before, if not the same. `rows`:
    as many as before, one of each key, or many to many.
    """

    of: str
    key: str
    rows: Rows = "same"
    of_key: str = ""


SENTENCED = (
    "(SELECT person FROM temp_sentence WHERE main_or_additional = 'MAIN' "
    "AND NOT has_fallen)"
)
KEPT: dict[str, tuple[Kept, ...]] = {
    "temp_source": (Kept("meta.source", "source_id"),),
    "temp_step": (
        Kept("core.investigations", "record_no"),
        Kept("core.investigations", "case_id", "many", "source_id, case_no"),
    ),
    "temp_case": (Kept("temp_step", "case_id", "one"),),
    "temp_held": (Kept("temp_step", "case_id", "many"),),
    "temp_check": (Kept("core.checks", "record_no"),),
    "temp_decided": (Kept("core.prosecutions", "record_no"),),
    "temp_person": (Kept("temp_decided", "person", "one"),),
    "temp_person_place": (Kept("temp_person", "person", "many"),),
    "temp_sentence": (Kept("core.sentences", "record_no"),),
    "temp_imposed": (
        Kept(SENTENCED, "person", "many"),
        Kept("", "record_no", "one"),
    ),
    "temp_redress": (Kept("", "record_no, compensation_state", "one"),),
    "temp_court": (Kept("", "case_id", "one"),),
    "temp_matter": (Kept("temp_step", "case_id", "one"),),
    "temp_furthest": (Kept("core.complaints", "record_no"),),
    "case_step": (Kept("temp_step", "case_id", "many"), Kept("", "record_no", "one")),
    "cutoff": (Kept("", "source_id", "one"),),
    **{
        f"temp_gap_{name}": (Kept("", "source_id", "one"),)
        for name in ("check", "held", "person", "person_place", "sentence")
    },
}
"""Prepared table → what it must hold. Tables made of code lists alone are not here."""

COMPLAINTS = "SELECT count(*) FROM core.complaints"
ALLEGATIONS = (
    "SELECT coalesce(sum(CASE WHEN allegations IS NULL THEN 1 "
    "ELSE len(list_distinct(string_split(allegations, ';'))) END), 0) "
    "FROM core.complaints"
)
WITHDRAWN = (
    f"SELECT count(*) FROM core.complaints c WHERE {IS_WITHDRAWN} "
    "OR c.reprisal_reported = 'YES'"
)
CHECKED = "SELECT count(DISTINCT (source_id, complaint)) FROM temp_check"
CASES = "SELECT count(*) FROM temp_case"
ENDED = (
    "SELECT count(DISTINCT case_id) FROM temp_step "
    "WHERE step IN ('TERMINATED', 'INTERRUPTED')"
)
PERSONS = "SELECT count(*) FROM temp_person"
PUNISHED = "SELECT count(DISTINCT (source_id, person)) FROM temp_imposed"
SUSPENDED = f"{PUNISHED} WHERE suspended = 'YES' OR penalty = 'SUSP'"
UNITS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("complaint", "complaint_by_region", "complainant", "purpose", "cohort"),
        (COMPLAINTS,),
    ),
    "allegation": (ALLEGATIONS,),
    "withdrawn": (WITHDRAWN,),
    **dict.fromkeys(("handled", "independent", "competent"), (CHECKED, CASES)),
    "ground": (ENDED,),
    **dict.fromkeys(("charged", "charged_by_body", "drifted"), (PERSONS,)),
    **dict.fromkeys(("sentenced", "sentenced_by_body"), (PUNISHED,)),
    "suspended": (SUSPENDED,),
    "personnel": (COMPLAINTS, CASES, PERSONS),
}
"""Relation → SQL for how many units of each kind it must count."""


def require_kept(warehouse: Warehouse, table: str) -> None:
    """Check a prepared table against what it was made of; call it once it is made.

    Raises:
        FanOutError: it has lost keys, or has rows that no many-to-many link explains.
    """
    for kept in KEPT.get(table, ()):
        before = counted(warehouse, kept.of, kept.of_key or kept.key)
        after = counted(warehouse, checked_name(table), kept.key)
        if kept.of and after.keys != before.keys:
            raise fault(table, kept.key, "distinct keys", before.keys, after.keys)
        expected = {"same": before.rows, "one": after.keys, "many": after.rows}
        if after.rows != expected[kept.rows]:
            raise fault(table, kept.key, "rows", expected[kept.rows], after.rows)


class Counted(NamedTuple):
    """How many rows a table has, and how many distinct keys."""

    rows: int
    keys: int


def counted(warehouse: Warehouse, table: str, key: str) -> Counted:
    """Return the rows and distinct keys of a table or query; no keys of none."""
    if not table:
        return Counted(0, 0)
    sql = f"SELECT count(*) AS rows, count(DISTINCT ({key})) AS keys FROM {table}"
    found = warehouse.read(sql).iloc[0]
    return Counted(int(found["rows"]), int(found["keys"]))


def require_units(warehouse: Warehouse, relation: str, table: str) -> None:
    """Check the units that were counted of a relation against its registers.

    Args:
        warehouse: with the prepared tables.
        relation: its name.
        table: has `units`, each unit in one row.

    Raises:
        FanOutError: units were lost, or counted twice.
    """
    if relation not in UNITS:
        return
    parts = ", ".join(f"({sql})" for sql in UNITS[relation])
    found = warehouse.read(
        f"SELECT list_sum([{parts}])::BIGINT AS expected, "
        f"(SELECT coalesce(sum(units), 0)::BIGINT FROM {checked_name(table)}) AS units"
    ).iloc[0]
    if found["units"] != found["expected"]:
        raise fault(relation, "unit_key", "units", found["expected"], found["units"])


def fault(of: str, key: str, what: str, before: int, after: int) -> FanOutError:
    """Return the error that names a relation and its key."""
    return FanOutError(
        f"{of}: {before:,} {what} by {key} before its joins, {after:,} after; a count "
        "of it would be wrong. This is a fault of the program, or of a code list that "
        "has one code twice for the same day"
    )

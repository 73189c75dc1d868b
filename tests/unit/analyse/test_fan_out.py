"""The fan-out guard: silent on many-to-many data, loud on a join that repeats rows."""

from collections.abc import Mapping

import pandas as pd
import pytest
from tiny_registers import declare_lists

from pipeline.analyse.aggregate import prepare
from pipeline.analyse.fan_out import KEPT, UNITS, require_kept, require_units
from pipeline.analyse.relations.bodies import PREPARED as OF_BODIES
from pipeline.analyse.relations.catalogue import PREPARED, RELATIONS
from pipeline.analyse.relations.grounds import PREPARED as OF_GROUNDS
from pipeline.declarations.codelists import CodeList
from pipeline.errors import FanOutError
from pipeline.warehouse import Warehouse

VICTIMS, CONVICTED = 24, 3
MANY_TO_MANY = {"temp_case_complaint"}
"""Each complaint of each case, once: made by DISTINCT, with no unit of its own."""

AMOUNTS = {"redress"}
"""Sums of money: what counts units does not guard them; `temp_redress` is guarded."""


NOTHING_OF = {"ground", "redress", "suspended", "withdrawn"}
"""What the case of many has nothing of."""


def complaints(number: int) -> list[dict[str, object]]:
    """Return complaints about one body in one place, each of another person."""
    return [
        {"complaint_id": f"C{n}", "received_on": "2023-02-01", "channel": "OMBUDSMAN",
         "event_from": "2023-01-20", "deprived_of_liberty": "YES",
         "place_of_custody": "SIZO", "accused_body": "POLICE",
         "allegations": "BEATING;THREATS"}
        for n in range(number)
    ]  # fmt: skip


def steps(case: str, named: str) -> list[dict[str, object]]:
    """Return the life of a case: opened by one body, sent to court by another."""
    return [
        {"case_no": case, "step_no": "1", "complaint_ids": named, "step": "OPENED",
         "step_on": "2023-02-03", "body": "POLICE", "charge": "CC14-146-2-W2015"},
        {"case_no": case, "step_no": "2", "step": "SENT_TO_COURT",
         "step_on": "2023-05-01", "body": "PROSECUTOR", "charge": "CC14-146-2-W2015"},
    ]  # fmt: skip


def decisions(person: int) -> list[dict[str, object]]:
    """Return a verdict on two charges, and the appeal that let it stand."""
    return [
        {"prosecution_id": f"P{person}-{instance}", "case_no": "N1",
         "accused_key": f"accused {person}", "accused_body": "POLICE",
         "charge_indicted": "CC14-146-2-W2015;CC14-362",
         "charge_verdict": "CC14-146-2-W2015;CC14-362", "court_outcome": "CONVICTED",
         "decided_on": day, "instance": instance, "final": "YES"}
        for instance, day in (("FIRST", "2024-11-01"), ("APPEAL", "2024-12-20"))
    ]  # fmt: skip


def sentences(person: int) -> list[dict[str, object]]:
    """Return a term in prison and a disqualification."""
    return [
        {"sentence_id": f"S{person}-{role}", "prosecution_id": f"P{person}-FIRST",
         "charge": "CC14-146-2-W2015", "verdict_on": "2024-11-01", "penalty": penalty,
         "main_or_additional": role, "suspended": "NO", "term_months_low": 42.0,
         "term_months_high": 42.0}
        for role, penalty in (("MAIN", "PRISON"), ("ADDITIONAL", "DISQUAL"))
    ]  # fmt: skip


def one_case_of_many() -> dict[str, list[dict[str, object]]]:
    """Return 24 victims, three convicted, and one complaint that led to two cases."""
    every = ";".join(f"C{n}" for n in range(VICTIMS))
    persons = range(CONVICTED)
    checks: list[dict[str, object]] = [
        {"check_id": f"K{n}", "complaint_id": "C0", "checking_body": "POLICE",
         "started_on": "2023-02-02", "outcome": "REGISTERED"}
        for n in range(2)
    ]  # fmt: skip
    return {
        "complaints": complaints(VICTIMS),
        "checks": checks,
        "investigations": [*steps("N1", every), *steps("N2", "C0")],
        "prosecutions": [row for n in persons for row in decisions(n)],
        "sentences": [row for n in persons for row in sentences(n)],
    }


@pytest.fixture(scope="module")
def registers(bench, lists: Mapping[str, CodeList]) -> Warehouse:
    """Return a warehouse with the case of many; a test that spoils it mends it."""
    declare_lists(bench.warehouse, lists)
    bench.fill(**one_case_of_many())
    return bench.warehouse


def counted(warehouse: Warehouse, relation: str) -> dict[str, int]:
    """Return the units of a relation by measure, all guards passed.

    What is filled in is prepared; a test that changes it afterwards prepares it again.
    """
    rows = RELATIONS[relation].sql
    units = f"SELECT DISTINCT source_id, unit_measure, unit_key FROM ({rows})"
    warehouse.make_temporary("unit", f"SELECT *, 1 AS units FROM ({units})")
    require_units(warehouse, relation, "unit")
    found = warehouse.read("SELECT unit_measure, count(*) AS n FROM unit GROUP BY ALL")
    return dict(zip(found["unit_measure"], found["n"], strict=True))


def test_every_relation_and_joined_table_is_guarded() -> None:
    assert set(RELATIONS) == set(UNITS) | AMOUNTS
    of_lists = set(OF_BODIES) | set(OF_GROUNDS)
    assert set(PREPARED) == set(KEPT) | of_lists | MANY_TO_MANY


def test_three_convicted_and_24_victims_of_one_case_are_counted_once(registers) -> None:
    assert counted(registers, "personnel") == {
        "COMPLAINT": VICTIMS,
        "CASE": 2,
        "PERSON": CONVICTED,
    }
    for relation in ("charged", "charged_by_body", "drifted"):
        assert counted(registers, relation) == {"PERSON": CONVICTED}
    for relation in ("sentenced", "sentenced_by_body"):
        assert counted(registers, relation) == {"PERSON": CONVICTED}
    assert counted(registers, "allegation") == {"ALLEGATION": 2 * VICTIMS}


def test_a_complaint_in_two_cases_is_one_complaint_and_two_cases(registers) -> None:
    for relation in ("handled", "independent", "competent"):
        assert counted(registers, relation) == {"COMPLAINT": 1, "CASE": 2}


def test_guards_are_silent_on_right_data_and_on_none(bench, registers) -> None:
    for relation in RELATIONS:
        assert counted(registers, relation) or relation in NOTHING_OF
    bench.fill()
    try:
        for relation in RELATIONS:
            assert counted(registers, relation) == {}
    finally:
        bench.fill(**one_case_of_many())


def repeat(warehouse: Warehouse, table: str, where: str) -> None:
    """Put a second copy of some rows into a table."""
    warehouse.connection.execute(f"INSERT INTO {table} FROM {table} WHERE {where}")


@pytest.mark.parametrize(
    ("table", "where", "relation", "told"),
    [
        ("core.complaints", "complaint_id = 'C0'", "handled",
         r"temp_check: 2 rows by record_no before its joins, 4 after"),
        ("meta.codelist_term_band", "low_months <> ''", "sentenced",
         r"temp_imposed: 3 rows by record_no before its joins, 6 after"),
        ("meta.source", "source_id = 'a_office'", "complaint",
         r"complaint: 24 units by unit_key before its joins, 48 after"),
        ("core.links", "from_record = 'prosecutions'", "charged", ""),
    ],
)  # fmt: skip
def test_a_key_that_stands_twice_stops_the_count(
    registers, table: str, where: str, relation: str, told: str
) -> None:
    before = registers.read(f"SELECT * FROM {table}")
    repeat(registers, table, where)
    try:
        if not told:
            prepare(registers)
            assert counted(registers, relation) == {"PERSON": CONVICTED}
            return
        with pytest.raises(FanOutError, match=told):
            count_rows(registers, relation)
    finally:
        registers.replace(table, before, "As it was.")
        prepare(registers)


def count_rows(warehouse: Warehouse, relation: str) -> None:
    """Prepare a relation and count its rows, each as a unit of its own."""
    prepare(warehouse)
    rows = RELATIONS[relation].sql
    warehouse.make_temporary("leaf", f"SELECT count(*) AS units FROM ({rows})")
    require_units(warehouse, relation, "leaf")


def test_a_unit_that_a_join_loses_stops_the_count(registers) -> None:
    before = registers.read("SELECT * FROM meta.source")
    others = before[before["source_id"] != "a_office"]
    registers.replace("meta.source", others, "Without the source.")
    try:
        with pytest.raises(FanOutError, match="complaint: 24 units by unit_key"):
            count_rows(registers, "complaint")
    finally:
        registers.replace("meta.source", before, "As it was.")


def test_a_class_twice_for_one_day_is_found_where_persons_are_joined(registers) -> None:
    # As if the code list knew two classes of one body on the same day.
    for name, made in PREPARED.items():
        registers.replace_by(name, made, "For a test.")
        if name == "temp_class":
            registers.connection.execute("INSERT INTO temp_class FROM temp_class")
        if name == "temp_person":
            with pytest.raises(FanOutError, match="temp_person: 3 rows by person"):
                require_kept(registers, name)


def test_the_guard_costs_a_few_queries_not_one_a_row(registers) -> None:
    rows = pd.DataFrame({"record_no": range(200_000)})
    registers.replace("core.checks", rows, "Many rows.")
    registers.replace_by("temp_check", "FROM core.checks", "For a test.")
    require_kept(registers, "temp_check")
    lost = "FROM core.checks WHERE record_no > 0"
    registers.replace_by("temp_check", lost, "For a test.")
    with pytest.raises(FanOutError, match="199,999 after"):
        require_kept(registers, "temp_check")

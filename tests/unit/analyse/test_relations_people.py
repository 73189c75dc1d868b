"""Who complained and of what (traps 46, 51), and what a source never supplies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_registers import Registers

from pipeline.analyse.relations.catalogue import RELATIONS
from pipeline.declarations.base import read_declaration
from pipeline.declarations.tables import TableSpec
from pipeline.workspace import REPOSITORY

FEW = settings(max_examples=8, deadline=None)
OF_PEOPLE = {"complainants", "allegations", "purposes", "complaints_by_region",
             "withdrawals"}  # fmt: skip


@pytest.fixture(scope="module")
def registers(bench) -> Registers:
    """Return registers to fill and to count."""
    return Registers(bench.warehouse, bench.fill)


@pytest.fixture(scope="module")
def cubes() -> dict[str, TableSpec]:
    """Return the declared tables that count relations of this package."""
    found = {}
    for path in sorted((REPOSITORY / "schemas" / "tables").glob("*.yml")):
        if "\nbuilt: cube\n" in path.read_text(encoding="utf-8"):
            found[path.stem] = read_declaration(path, TableSpec)
    return found


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"age_at_event": 17}, "MINOR"),
        ({"age_at_event": 18}, "ADULT"),
        ({"birth_year": 2000, "event_from": "2017-12-31"}, "MINOR"),
        ({"birth_year": 2000, "event_from": "2018-06-01"}, "_U"),  # 17 or 18
        ({"birth_year": 2000, "event_from": "2019-01-01"}, "ADULT"),
        # Of an act without a date nothing is known but that it came before.
        ({"birth_year": 2000, "received_on": "2024-01-01"}, "_U"),
        ({"birth_year": 2000, "received_on": "2017-01-01"}, "MINOR"),
        ({"birth_year": 2000}, "_U"),
        ({"birth_year": None, "event_from": "2019-01-01"}, "_X"),
    ],
)
def test_age_is_told_only_where_it_is_sure(registers, told, expected) -> None:
    registers.fill(complaints=[{"complaint_id": "C1", **told}])
    assert registers.codes("complainant", "age_group") == {expected: 1}


def test_sexual_violence_holds_what_stands_under_it(registers) -> None:
    registers.fill(
        complaints=[
            {"complaint_id": "C1", "allegations": "RAPE;BEATING;RAPE", "sex": "F"},
            {"complaint_id": "C2", "allegations": "SEXUAL_VIOLENCE"},
            {"complaint_id": "C3", "allegations": "DEATH"},
            {"complaint_id": "C4"},
        ]
    )
    groups = registers.codes("allegation", "allegation_group")
    assert groups == {"SEXUAL_VIOLENCE": 2, "PHYSICAL": 1, "DEATH": 1, "_U": 1}
    assert registers.count("allegation") == 5
    assert registers.count("allegation", sex="F") == 2


TYPES = ["RAPE", "BEATING", "SEXUAL_THREAT", "THREAT", "_U"]


@FEW
@given(
    alleged=st.lists(
        st.lists(st.sampled_from(TYPES), min_size=1, unique=True), max_size=6
    )
)
def test_codes_of_one_value_add_up_and_allegations_are_each_one(
    registers, alleged
) -> None:
    registers.fill(
        complaints=[{"complaint_id": f"C{n}", "allegations": ";".join(types)}
                    for n, types in enumerate(alleged)]
    )  # fmt: skip
    total = sum(map(len, alleged))
    assert registers.count("allegation") == len(registers.rows("allegation")) == total
    for dimension in ("allegation", "allegation_group", "sex"):
        assert sum(registers.codes("allegation", dimension).values()) == total
    for dimension in ("sex", "age_group", "custody_status", "citizenship"):
        counted = registers.codes("complainant", dimension)
        assert sum(counted.values()) == len(alleged)


def test_a_unit_that_is_a_row_stands_in_no_two(registers) -> None:
    registers.fill(
        complaints=[
            {"complaint_id": f"C{n}", "allegations": "RAPE;BEATING",
             "purpose": "COERCION;PUNISHMENT",
             "reprisal_reported": "YES"} for n in range(3)
        ],
        sentences=[{"sentence_id": f"S{n}", "prosecution_id": "P1",
                    "compensation_awarded": 5.0, "currency": "KZT"} for n in range(3)],
    )  # fmt: skip
    for name, relation in RELATIONS.items():
        rows = registers.rows(name)
        if relation.unit_is_row and relation.counts == "count(*)":
            assert rows["unit_key"].is_unique, name
            assert len(rows) > 0, name
    assert registers.count("purpose") == 3
    assert registers.codes("purpose", "purpose") == {"COERCION": 3, "PUNISHMENT": 3}


def test_never_supplied_is_not_unknown_and_each_source_is_its_own(registers) -> None:
    registers.fill(
        complaints=[
            {"complaint_id": "C1", "sex": "F"},
            {"complaint_id": "C2"},
            {"complaint_id": "C1", "source_id": "b_office", "region": "_U"},
        ]
    )
    first = {"source_id": "a_office"}
    assert registers.codes("complainant", "sex", **first) == {"F": 1, "_U": 1}
    assert registers.codes("complainant", "sex", source_id="b_office") == {"_X": 1}
    by_region = registers.codes("complaint_by_region", "region", source_id="b_office")
    assert by_region == {"_U": 1}
    assert registers.codes("complaint_by_region", "region", **first) == {"_X": 2}


def test_a_place_that_no_link_leads_to_is_not_supplied(registers) -> None:
    case = {"case_no": "N1", "step_no": "1", "step": "OPENED", "body": "PROS"}
    registers.fill(
        complaints=[{"complaint_id": "C1", "place_of_custody": "SIZO",
                     "accused_body": "KUIS"}],
        investigations=[{**case, "complaint_ids": "C1"},
                        {**case, "case_no": "N2", "complaint_ids": "_U"},
                        {**case, "source_id": "b_office"}],
    )  # fmt: skip
    first = registers.codes("handled", "facility_type", source_id="a_office")
    assert first == {"SIZO": 1, "_U": 1}
    second = registers.codes("handled", "facility_type", source_id="b_office")
    assert second == {"_X": 1}


def test_two_sources_never_share_a_unit(registers) -> None:
    same = {"case_no": "N1", "step_no": "1", "step": "OPENED", "body": "PROS"}
    person = {"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1"}
    other = {"source_id": "b_office"}
    registers.fill(
        investigations=[same, same | other], prosecutions=[person, person | other]
    )
    assert registers.count("handled") == 2
    assert registers.count("charged", charge_stage="VERDICT") == 2


def test_tables_of_people_are_protected_and_those_of_courts_are_not(cubes) -> None:
    assert {name for name, spec in cubes.items() if spec.disclosure == "frequency"} == (
        OF_PEOPLE
    )
    for name in ("prosecuted", "penalties", "drift", "suspended_sentences"):
        assert cubes[name].disclosure == "none"
        assert "in full" in cubes[name].small_counts


def test_only_tables_of_complaints_tell_sex_or_age(cubes) -> None:
    for name, spec in cubes.items():
        if {"sex", "age_group"} & set(spec.dimensions):
            assert spec.unit in {"complaint", "allegation"}, name


def test_every_cube_counts_a_relation_by_dimensions_that_it_has(
    registers, cubes
) -> None:
    assert {spec.relation for spec in cubes.values()} == set(RELATIONS)
    for name, spec in cubes.items():
        rows = registers.rows(spec.relation)
        has = set(rows.columns[7:]) - {"amount"}
        assert has == set(spec.dimensions), name
        assert len(spec.dimensions) - len(spec.fixed) <= 6, name


def test_a_region_is_compared_over_time_within_its_group(registers) -> None:
    places = ["KZ-10", "KZ-63", "KZ-79", "KZ-61", "KZ-11", "MILITARY", None]
    registers.fill(
        complaints=[
            {"complaint_id": f"C{n}", "region": one} for n, one in enumerate(places)
        ]
    )
    assert registers.codes("complaint_by_region", "region_group") == {
        "KZ-63": 2, "KZ-61": 2, "KZ-11": 1, "MILITARY": 1, "_U": 1,
    }  # fmt: skip

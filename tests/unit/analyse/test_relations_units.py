"""What one unit is: complaints, cases, persons (traps 3, 7, 8, 9, 20, 27, 28, 32)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_registers import LEADING, Registers

from pipeline.analyse.relations.catalogue import PREPARED, RELATIONS

FEW = settings(max_examples=8, deadline=None)
DAY = "2020-05-01"


@pytest.fixture(scope="module")
def registers(bench) -> Registers:
    """Return registers to fill and to count."""
    return Registers(bench.warehouse, bench.fill)


def complaint(number: int, **more: object) -> dict[str, object]:
    """Return one complaint against the police."""
    return {"complaint_id": f"C{number}", "received_on": DAY,
            "accused_body": "POLICE", **more}  # fmt: skip


def step(number: int, what: str, body: str, **more: object) -> dict[str, object]:
    """Return one step of a case."""
    return {"case_no": "N1", "step_no": str(number), "step": what, "body": body,
            "step_on": DAY, **more}  # fmt: skip


def decision(number: int, **more: object) -> dict[str, object]:
    """Return one decision about one accused person."""
    return {"prosecution_id": f"P{number}", "case_no": "N1", "accused_key": "k1",
            "accused_body": "POLICE", "court_outcome": "CONVICTED",
            "charge_verdict": "CC14-362", "decided_on": DAY, **more}  # fmt: skip


def test_every_relation_has_the_columns_of_all_and_no_missing_code(registers) -> None:
    registers.fill(
        complaints=[complaint(1)],
        checks=[{"check_id": "X1", "complaint_id": "C9"}],
        investigations=[step(1, "TERMINATED", "_U")],
        prosecutions=[decision(1, case_no="N9", accused_key=None)],
        sentences=[{"sentence_id": "S1", "main_or_additional": "MAIN",
                    "suspended": "YES", "compensation_claimed": 5.0}],
    )  # fmt: skip
    for name in RELATIONS:
        rows = registers.rows(name)
        assert tuple(rows.columns[: len(LEADING)]) == LEADING, name
        assert not rows.isna().any(axis=None), name
        assert len(rows) > 0 or name == "withdrawn", name


def test_each_prepared_table_needs_only_earlier_ones() -> None:
    later = list(PREPARED)
    while later:
        words = set(re.findall(r"\w+", PREPARED[later[0]]))
        assert not words & set(later), later[0]
        del later[0]


def test_a_complaint_checked_twice_is_one_complaint_and_no_case(registers) -> None:
    checks = [{"check_id": f"X{n}", "complaint_id": "C1", "started_on": DAY}
              for n in range(3)]  # fmt: skip
    registers.fill(complaints=[complaint(1), complaint(2)], checks=checks)
    assert registers.count("complaint") == 2
    assert registers.count("handled", stage="ST03") == 1
    assert registers.count("handled", stage="ST05") == 0


def test_checks_of_a_complaint_that_was_not_supplied_are_of_one(registers) -> None:
    checks = [{"check_id": f"X{n}", "complaint_id": of}
              for n, of in enumerate(("C8", "C8", "C9", "_U", "_U"))]  # fmt: skip
    registers.fill(checks=checks)
    assert registers.count("handled", stage="ST03") == 4


def test_one_case_of_many_complaints_and_accused_is_one_case(registers) -> None:
    many = [complaint(n, place_of_custody=place)
            for n, place in enumerate(("IVS", "SIZO", "SIZO"), 1)]  # fmt: skip
    registers.fill(
        complaints=many,
        investigations=[step(1, "OPENED", "PROS", complaint_ids="C1;C2;C3"),
                        step(2, "SENT_TO_COURT", "PROS")],
        prosecutions=[decision(n, accused_key=f"k{n}") for n in (1, 2, 3)],
    )  # fmt: skip
    assert registers.count("handled", stage="ST05") == 1
    assert registers.codes("handled", "facility_type") == {"IVS": 1, "SIZO": 1}
    assert registers.count("charged", charge_stage="VERDICT") == 3
    assert registers.codes("charged_by_body", "facility_type") == {"IVS": 3, "SIZO": 3}
    assert registers.count("charged_by_body") == 3
    assert registers.count("personnel", stage="ST10") == 3


def test_two_charges_of_one_person_are_two_cells_and_one_person(registers) -> None:
    registers.fill(prosecutions=[decision(1, charge_verdict="CC14-146-2;CC14-362")])
    by_charge = registers.codes("charged", "charge", charge_stage="VERDICT")
    assert by_charge == {"CC14-146-2": 1, "CC14-362": 1}
    assert registers.count("charged", charge_stage="VERDICT") == 1


def test_a_row_that_stands_for_a_group_is_one_complaint(registers) -> None:
    registers.fill(complaints=[complaint(1, persons_count=12), complaint(2)])
    for name in ("complaint", "complainant", "complaint_by_region", "purpose"):
        assert registers.count(name) == 2


def test_a_withdrawn_complaint_stays_in_every_other_count(registers) -> None:
    registers.fill(
        complaints=[
            complaint(1, withdrawn_on="2020-06-01", withdrawal_reason="FEAR",
                      reprisal_reported="YES", place_of_custody="SIZO"),
            complaint(2, reprisal_reported="YES"),
            complaint(3, withdrawal_reason="_Z", reprisal_reported="NO"),
        ],
        checks=[{"check_id": "X1", "complaint_id": "C1", "outcome": "PENDING"}],
    )  # fmt: skip
    for name in ("complaint", "complainant", "allegation", "complaint_by_region"):
        assert registers.count(name) == 3
    assert registers.count("personnel", stage="ST01") == 3
    assert registers.codes("handled", "outcome") == {"PENDING": 1}
    assert registers.codes("withdrawn", "withdrawn") == {"YES": 1, "NO": 1}
    reasons = registers.codes("withdrawn", "withdrawal_reason")
    assert reasons == {"FEAR": 1, "_Z": 1}


def test_a_verdict_under_appeal_stands_and_is_not_final(registers) -> None:
    registers.fill(
        prosecutions=[
            decision(1, instance="FIRST", final="NO"),
            decision(2, instance="APPEAL", court_outcome="PENDING", decided_on=None),
        ],
        sentences=[{"sentence_id": "S1", "prosecution_id": "P1", "penalty": "PRISON",
                    "main_or_additional": "MAIN", "verdict_on": DAY}],
    )  # fmt: skip
    outcomes = registers.codes("charged", "court_outcome", charge_stage="VERDICT")
    assert outcomes == {"CONVICTED": 1}
    assert registers.codes("sentenced", "final") == {"NO": 1}


def test_of_four_verdicts_two_persons_and_all_acquitted_at_last(registers) -> None:
    registers.fill(
        prosecutions=[
            decision(n, accused_key=f"k{n % 2}", court_outcome=outcome,
                     instance=instance, final="YES")
            for n, (outcome, instance) in enumerate(
                [("CONVICTED", "FIRST"), ("ACQUITTED", "FIRST"),
                 ("ACQUITTED", "APPEAL"), ("ACQUITTED", "CASSATION")]
            )
        ],
    )  # fmt: skip
    outcomes = registers.codes("charged", "court_outcome", charge_stage="VERDICT")
    assert outcomes == {"ACQUITTED": 2}


def test_torture_that_became_abuse_of_power_stays_visible(registers) -> None:
    registers.fill(
        prosecutions=[
            decision(1, charge_registered="TORTURE", charge_indicted="CC14-146-2"),
            decision(2, accused_key="k2", charge_registered="TORTURE",
                     charge_verdict="_Z", court_outcome="ACQUITTED"),
        ]
    )  # fmt: skip
    became = {"charge_registered": "TORTURE", "charge_verdict": "CC14-362"}
    assert registers.count("drifted", **became, court_outcome="CONVICTED") == 1
    assert registers.count("drifted", charge_registered="TORTURE") == 2
    assert registers.count("charged", charge_stage="REGISTERED", charge="TORTURE") == 2
    assert registers.count("charged", charge_stage="VERDICT", charge="CC14-362") == 1


@pytest.mark.parametrize("charge", ["CC14-146-2-W2015", "CC14-146-2-W2023"])
def test_a_charge_keeps_its_wording_in_any_year(registers, charge) -> None:
    registers.fill(
        prosecutions=[decision(1, charge_verdict=charge, decided_on="2024-12-01")]
    )
    found = registers.codes("charged", "charge", charge_stage="VERDICT")
    assert found == {charge: 1}


def test_the_body_that_held_the_case_last_before_court_investigated_it(
    registers,
) -> None:
    registers.fill(
        investigations=[
            step(1, "OPENED", "POLICE"), step(2, "TRANSFERRED", "ACA"),
            step(3, "INTERVIEW", "KNB"), step(4, "SENT_TO_COURT", "_U"),
            step(5, "RETURNED", "GPO"),
        ],
        prosecutions=[decision(1), decision(2, case_no="N9", accused_key="k2")],
    )  # fmt: skip
    found = registers.codes("charged_by_body", "investigating_body")
    assert found == {"ACA": 1, "_U": 1}


def test_the_year_is_that_of_the_event_that_the_table_counts(registers) -> None:
    registers.fill(
        complaints=[complaint(1, event_from="2011-08-28", received_on="2011-09-01")],
        checks=[{"check_id": "X1", "complaint_id": "C1", "started_on": "2012-01-01"}],
        investigations=[step(1, "OPENED", "PROS", step_on="2013-01-01"),
                        step(2, "TERMINATED", "PROS", step_on="2014-01-01")],
        prosecutions=[decision(1, event_from="2011-08-28", decided_on="2016-02-02")],
        sentences=[{"sentence_id": "S1", "prosecution_id": "P1", "penalty": "PRISON",
                    "main_or_additional": "MAIN", "verdict_on": "2015-01-01"}],
    )  # fmt: skip
    years = {
        name: set(registers.rows(name)["time_period"])
        for name in ("complaint", "ground", "charged", "sentenced")
    }
    assert years == {"complaint": {"2011"}, "ground": {"2014"},
                     "charged": {"2016"}, "sentenced": {"2015"}}  # fmt: skip
    assert registers.codes("handled", "time_period") == {"2012": 1, "2013": 1}


def test_no_relation_holds_a_rate(registers) -> None:
    registers.fill(complaints=[complaint(1)], prosecutions=[decision(1)])
    for name in RELATIONS:
        units = set(registers.rows(name)["unit_measure"])
        assert not units & {"PERCENT", "RATIO"}, name
    stages = registers.rows("personnel").groupby("stage")["unit_measure"].nunique()
    assert (stages == 1).all()


BODIES = st.sampled_from(["POLICE", "KUIS", "PROS", "_U", None])
CASES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 4), BODIES, st.integers(0, 2)),
    max_size=8,
    unique_by=lambda one: one[:2],
)


@FEW
@given(cases=CASES, bodies=st.lists(BODIES, min_size=3, max_size=3))
def test_each_case_is_in_the_count_once_whatever_its_steps(
    registers, cases, bodies
) -> None:
    told = [complaint(n, accused_body=body) for n, body in enumerate(bodies)]
    steps = [
        {"case_no": f"N{case}", "step_no": str(nth), "step": "OPENED", "body": body,
         "complaint_ids": ";".join(f"C{n}" for n in range(named + 1))}
        for case, nth, body, named in cases
    ]  # fmt: skip
    registers.fill(complaints=told, investigations=steps)
    numbers = {case for case, *_ in cases}
    assert registers.count("handled", stage="ST05") == len(numbers)
    for name in ("outcome", "charge", "time_period"):  # one for each case
        assert sum(registers.codes("handled", name).values()) == len(numbers)
    for name in ("accused_body", "handling_body"):  # several for some
        assert sum(registers.codes("handled", name).values()) >= len(numbers)


PERSONS = st.lists(
    st.tuples(
        st.sampled_from(["k1", "k2", "_U"]),
        st.sampled_from(["CONVICTED", "ACQUITTED", "PENDING"]),
        st.sampled_from(["FIRST", "APPEAL", "CASSATION"]),
    ),
    max_size=6,
)


@FEW
@given(rows=PERSONS)
def test_persons_are_never_more_than_decisions_and_have_one_outcome(
    registers, rows
) -> None:
    registers.fill(
        prosecutions=[
            decision(n, accused_key=key, court_outcome=outcome, instance=instance)
            for n, (key, outcome, instance) in enumerate(rows)
        ]
    )
    known = [key for key, *_ in rows]
    expected = len({*known} - {"_U"}) + known.count("_U")
    assert registers.count("charged", charge_stage="VERDICT") == expected <= len(rows)
    outcomes = registers.codes("charged", "court_outcome", charge_stage="VERDICT")
    assert sum(outcomes.values()) == expected
    decided = {key for key, outcome, _ in rows if outcome != "PENDING"} - {"_U"}
    pending = {*known} - decided - {"_U"}
    assert outcomes.get("PENDING", 0) == len(pending) + sum(
        key == "_U" and outcome == "PENDING" for key, outcome, _ in rows
    )

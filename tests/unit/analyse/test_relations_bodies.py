"""Independence and competence at a date (traps 20, 21, 22); unknown stays unknown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_registers import Registers

FEW = settings(max_examples=8, deadline=None)


@pytest.fixture(scope="module")
def registers(bench) -> Registers:
    """Return registers to fill and to count."""
    return Registers(bench.warehouse, bench.fill)


def checked(act: str | None, check: str | None, accused: object, by: object, **more):
    """Return one complaint and its check."""
    known = {"event_from": act, "received_on": check}
    return {
        "complaints": [{"complaint_id": "C1", "accused_body": accused, **known,
                        **more}],
        "checks": [{"check_id": "X1", "complaint_id": "C1", "checking_body": by,
                    "started_on": check}],
    }  # fmt: skip


def relation(registers: Registers, basis: str) -> str:
    """Return the one relation of bodies at a date."""
    (found,) = registers.codes("independent", "relation", date_basis=basis)
    return found


@pytest.mark.parametrize(
    ("act", "check", "at_act", "at_handling"),
    [
        ("2011-07-01", "2011-07-31", "OTHER", "OTHER"),
        ("2011-07-31", "2011-08-01", "OTHER", "SAME_MINISTRY"),
        ("2011-08-01", "2011-09-01", "SAME_MINISTRY", "SAME_MINISTRY"),
    ],
)
def test_the_prison_service_has_the_ministry_of_the_day(
    registers, act, check, at_act, at_handling
) -> None:
    registers.fill(**checked(act, check, "KUIS", "POLICE"))
    assert relation(registers, "AT_ACT") == at_act
    assert relation(registers, "AT_HANDLING") == at_handling


@pytest.mark.parametrize(
    ("accused", "by", "expected"),
    [
        ("POLICE", "POLICE", "SAME_BODY"),
        ("POLICE", "POLICE_INTSEC", "SAME_MINISTRY"),
        ("POLICE", "MIA", "SAME_MINISTRY"),
        ("KNB", "FINPOL", "OTHER"),  # both under the President, who is no ministry
        ("MOH", "MOE", "OTHER"),  # both in the Government, which is none either
        ("LAW_ENF", "POLICE", "_U"),  # several ministries together
        ("LAW_ENF", "LAW_ENF", "_U"),
        ("_U", "POLICE", "_U"),
        ("POLICE", "_U", "_U"),
        ("_O", "POLICE", "_U"),
        (None, "POLICE", "_X"),
    ],
)
def test_two_bodies_are_compared_by_what_is_known_of_both(
    registers, accused, by, expected
) -> None:
    registers.fill(**checked("2013-01-01", "2013-02-01", accused, by))
    assert relation(registers, "AT_HANDLING") == expected


@pytest.mark.parametrize(
    ("act", "precision", "expected"),
    [
        ("2011-01-01", "YEAR", "_U"),  # the ministry changed in that year
        ("2012-01-01", "YEAR", "SAME_MINISTRY"),
        ("2011-08-01", "MONTH", "SAME_MINISTRY"),
        (None, "UNKNOWN", "_U"),
    ],
)
def test_an_imprecise_date_answers_only_where_all_its_days_do(
    registers, act, precision, expected
) -> None:
    told = checked(act, "2013-02-01", "KUIS", "POLICE", event_from_precision=precision)
    registers.fill(**told)
    assert relation(registers, "AT_ACT") == expected
    assert relation(registers, "AT_HANDLING") == "SAME_MINISTRY"


def test_an_act_that_lasted_across_a_change_has_no_one_ministry(registers) -> None:
    told = checked("2011-07-01", "2013-02-01", "KUIS", "POLICE", event_to="2011-09-01")
    registers.fill(**told)
    assert relation(registers, "AT_ACT") == "_U"


BODIES = ["POLICE", "KUIS", "KNB", "PROS", "MOH", "LAW_ENF", "_U", "_O", None]


@FEW
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(BODIES), st.sampled_from(BODIES)), max_size=6
    )
)
def test_unknown_never_becomes_another_ministry(registers, pairs) -> None:
    registers.fill(
        complaints=[{"complaint_id": f"C{n}", "accused_body": accused}
                    for n, (accused, _) in enumerate(pairs)],
        checks=[{"check_id": f"X{n}", "complaint_id": f"C{n}", "checking_body": by,
                 "started_on": "2014-01-01"} for n, (_, by) in enumerate(pairs)],
    )  # fmt: skip
    rows = registers.rows("independent")
    told = rows["relation"].isin(["OTHER", "SAME_MINISTRY", "SAME_BODY"])
    unknown = ["_U", "_X", "_O", "LAW_ENF"]
    is_unknown = rows["accused_body"].isin(unknown) | rows["handling_body"].isin(
        unknown
    )
    assert not (told & is_unknown).any()
    at = {
        basis: registers.codes("independent", "relation", date_basis=basis)
        for basis in ("AT_ACT", "AT_HANDLING")
    }
    assert {sum(codes.values()) for codes in at.values()} == {len(pairs)}


def held(charge: str | None, body: str, day: str) -> dict[str, object]:
    """Return the step by which a body holds a case."""
    return {"case_no": f"{charge} {body}", "step_no": "1", "step": "TRANSFERRED",
            "body": body, "charge": charge, "step_on": day}  # fmt: skip


@pytest.mark.parametrize(
    ("charge", "body", "day", "expected"),
    [
        ("CC97-141-1-2", "FINPOL", "2011-09-23", "BY_LAW"),
        ("CC14-146-2-W2015", "SPEC_PROS", "2019-01-01", "BY_LAW"),
        ("CC14-146-2-W2015", "POLICE", "2019-01-01", "NOT_NAMED"),
        ("CC14-146-2-W2015", "POLICE", "2023-03-16", "NOT_NAMED"),
        ("CC14-146-2-W2023", "PROS", "2023-03-17", "BY_LAW"),
        ("CC14-146-2-W2023", "SPEC_PROS", "2023-03-17", "BY_LAW"),
        ("CC14-146-2-W2023", "ACA", "2023-03-17", "NOT_NAMED"),
        ("CC14-146-1-W2023", "POLICE", "2023-03-17", "BY_LAW"),
        ("CC14-146-1-W2023", "KUIS", "2023-03-17", "NOT_NAMED"),
        ("CC14-146-3-W2023", "POLICE", "2024-01-01", "_U"),  # mixes both kinds
        ("CC14-146-3-W2023", "KUIS", "2024-01-01", "NOT_NAMED"),
        ("CC14-362", "POLICE", "2024-01-01", "_U"),  # the list says nothing of it
        ("CC14-146-2-W2023", "_U", "2024-01-01", "_U"),
    ],
)
def test_competence_is_read_by_kind_of_offence_and_day(
    registers, charge, body, day, expected
) -> None:
    registers.fill(investigations=[held(charge, body, day)])
    assert registers.codes("competent", "competence") == {expected: 1}


def test_after_2023_the_ministry_is_told_apart_by_the_part_of_article_146(
    registers,
) -> None:
    steps = [held("CC14-146-1-W2023", "POLICE", "2024-01-01"),
             held("CC14-146-2-W2023", "PROS", "2024-01-01")]  # fmt: skip
    registers.fill(
        complaints=[{"complaint_id": "C1", "accused_body": "POLICE"}],
        investigations=[{**step, "complaint_ids": "C1"} for step in steps],
    )
    by_kind = {
        kind: registers.codes("independent", "relation", offence_kind=kind,
                              date_basis="AT_HANDLING")
        for kind in ("ILL_TREATMENT", "TORTURE")
    }  # fmt: skip
    assert by_kind == {"ILL_TREATMENT": {"SAME_BODY": 1}, "TORTURE": {"OTHER": 1}}


def test_a_body_is_judged_by_the_charge_when_it_held_the_case(registers) -> None:
    step = {"case_no": "N1", "step_on": "2024-01-01"}
    registers.fill(
        investigations=[
            {**step, "step_no": "1", "step": "OPENED", "body": "POLICE",
             "charge": "CC14-146-1-W2023"},
            {**step, "step_no": "2", "step": "RECLASSIFIED", "body": "PROS",
             "charge": "CC14-146-2-W2023"},
            {**step, "step_no": "3", "step": "INTERRUPTED", "body": "PROS"},
        ]
    )  # fmt: skip
    assert registers.codes("competent", "competence") == {"BY_LAW": 1}
    kinds = registers.codes("competent", "offence_kind", handling_body="PROS")
    assert kinds == {"TORTURE": 1}


def test_practice_is_not_law(registers) -> None:
    registers.fill(**checked("2019-01-01", "2019-02-01", "POLICE", "POLICE_INTSEC"))
    assert registers.codes("competent", "competence") == {"IN_PRACTICE": 1}


@pytest.mark.parametrize(
    ("day", "expected"), [("2022-06-30", "PRISON"), ("2022-07-01", "OTHER")]
)
def test_prison_medicine_changes_its_class_with_its_ministry(
    registers, day, expected
) -> None:
    body = "PRISON_MED_SIZO"
    registers.fill(
        complaints=[{"complaint_id": "C1", "accused_body": body, "event_from": day}],
        investigations=[{"case_no": "N1", "step_no": "1", "step": "OPENED",
                         "body": "PROS", "complaint_ids": "C1",
                         "step_on": "2023-05-01"}],
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "accused_body": body, "decided_on": "2024-01-01"}],
    )  # fmt: skip
    classes = registers.rows("personnel").groupby("stage")["personnel_class"].unique()
    assert {stage: list(found) for stage, found in classes.items()} == {
        stage: [expected] for stage in ("ST01", "ST05", "ST10")
    }


def test_every_body_of_no_ministry_is_a_body(lists) -> None:
    bodies = lists["body"].codes
    assert lists["body_standing"].codes <= bodies
    assert set(lists["body_standing"].rows["standing"]) == {
        "ABOVE",
        "SEVERAL",
        "COURT",
    }
    assert set(lists["barred_measure"].rows["penalty"]) <= lists["penalty"].codes
    kinds = lists["offence_kind"].rows["includes"].str.split(",").explode()
    assert set(kinds) - {""} <= lists["offence_kind"].codes

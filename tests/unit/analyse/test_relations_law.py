"""Grounds, suspended sentences and money (traps 18, 25, 26, 30, 31)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_registers import Registers

FEW = settings(max_examples=8, deadline=None)
TORTURE_NOW, ILL_TREATMENT = "CC14-146-2-W2023", "CC14-146-1-W2023"


@pytest.fixture(scope="module")
def registers(bench) -> Registers:
    """Return registers to fill and to count."""
    return Registers(bench.warehouse, bench.fill)


def ended(step: str, ground: str | None, charge: str, day: str) -> dict[str, object]:
    """Return a step that ends or interrupts a case."""
    return {"case_no": "N1", "step_no": "1", "step": step, "body": "PROS",
            "step_on": day, "ground": ground, "charge": charge}  # fmt: skip


@pytest.mark.parametrize(
    ("ground", "charge", "day", "expected"),
    [
        ("CPC35-1-3", TORTURE_NOW, "2024-01-01", "FORBIDDEN"),
        ("CPC35-1-4", "CC14-146-2-W2015", "2016-01-01", "FORBIDDEN"),
        ("CPC36-RECONC", "TORTURE", "2016-01-01", "FORBIDDEN"),
        ("CPC36", TORTURE_NOW, "2024-01-01", "FORBIDDEN"),
        ("CPC35-1-3", "CC14-362", "2024-01-01", "NOT_BARRED"),
        ("CPC35-1-3", ILL_TREATMENT, "2024-01-01", "NOT_BARRED"),
        ("CPC35-1-1", TORTURE_NOW, "2024-01-01", "NOT_BARRED"),
        ("CPC35-1-3", "CC97-141-1", "2014-01-01", "NOT_BARRED"),
        ("CPC35-1-3", "CC14-146-3-W2023", "2024-01-01", "QUESTIONABLE"),
        ("CPC35", TORTURE_NOW, "2024-01-01", "QUESTIONABLE"),  # item not stated
        ("CPC35-1-3", "_U", "2024-01-01", "_U"),
        ("_U", TORTURE_NOW, "2024-01-01", "_U"),
        (None, TORTURE_NOW, "2024-01-01", "_X"),
    ],
)
def test_a_ground_barred_for_torture_is_flagged_on_torture_alone(
    registers, ground, charge, day, expected
) -> None:
    registers.fill(investigations=[ended("TERMINATED", ground, charge, day)])
    assert registers.codes("ground", "legality") == {expected: 1}


def test_the_flag_and_its_grounds_name_the_article(lists) -> None:
    rows = lists["legality"].rows.set_index("code")
    for article in ("art. 36", "art. 63 part 6", "Art. 35 part 1 items 3 and 4"):
        assert article in rows.loc["FORBIDDEN", "note"].replace("art. 35", "Art. 35")
    assert "art. 63 part 6" in lists["barred_measure"].label("CC14-63-6")


@pytest.mark.parametrize(
    ("step", "ground", "expected"),
    [
        ("TERMINATED", "CPC35-1-2", "YES"),
        ("INTERRUPTED", "CPC45-7-9", "YES"),
        ("INTERRUPTED", "CPC35-1-2", "NO"),
        ("TERMINATED", "CPC45-7-9", "NO"),
        ("TERMINATED", "_U", "_U"),
    ],
)
def test_interrupted_and_terminated_have_grounds_of_their_own(
    registers, step, ground, expected
) -> None:
    registers.fill(investigations=[ended(step, ground, "CC14-362", "2019-01-01")])
    assert registers.codes("ground", "ground_fits") == {expected: 1}
    assert registers.codes("ground", "step") == {step: 1}


def test_a_case_interrupted_and_resumed_is_not_terminated(registers) -> None:
    first = ended("INTERRUPTED", "CPC45-7-9", TORTURE_NOW, "2024-01-01")
    registers.fill(
        investigations=[first, {**first, "step_no": "2", "step": "RESUMED",
                                "ground": None},
                        {**first, "step_no": "3"}]
    )  # fmt: skip
    assert registers.count("ground", step="TERMINATED") == 0
    assert registers.count("ground", step="INTERRUPTED") == 1
    assert registers.codes("handled", "outcome") == {"INTERRUPTED": 1}


def test_a_refusal_of_the_old_code_stays_a_refusal(registers) -> None:
    check = {"complaint_id": "C1", "checking_body": "POLICE"}
    registers.fill(
        complaints=[{"complaint_id": "C1"}],
        checks=[{**check, "check_id": "X1", "outcome": "REFUSED",
                 "started_on": "2013-01-01"}],
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "charge_verdict": "CC97-141-1-1"},
                      {"prosecution_id": "P2", "case_no": "N1", "accused_key": "k2",
                       "charge_verdict": "CC14-146-1-W2015"}],
    )  # fmt: skip
    assert registers.codes("handled", "outcome") == {"REFUSED": 1}
    charges = registers.codes("charged", "charge", charge_stage="VERDICT")
    assert charges == {"CC97-141-1-1": 1, "CC14-146-1-W2015": 1}


def sentence(number: int, **more: object) -> dict[str, object]:
    """Return one penalty imposed on one person."""
    return {"sentence_id": f"S{number}", "prosecution_id": f"P{number}",
            "penalty": "PRISON", "main_or_additional": "MAIN",
            "charge": TORTURE_NOW, "verdict_on": "2024-01-01", "suspended": "NO",
            **more}  # fmt: skip


@pytest.mark.parametrize(
    ("charge", "day", "expected"),
    [
        (TORTURE_NOW, "2024-01-01", "FORBIDDEN"),
        (TORTURE_NOW, "2023-03-17", "FORBIDDEN"),
        ("TORTURE", "2025-01-01", "FORBIDDEN"),
        ("CC14-146-2-W2015", "2024-01-01", "QUESTIONABLE"),  # an older act
        ("CC14-146-3-W2023", "2024-01-01", "QUESTIONABLE"),
        ("TORTURE", "2015-01-01", "NOT_BARRED"),
        ("CC14-146-1-W2015", "2023-03-16", "NOT_BARRED"),
        (ILL_TREATMENT, "2024-01-01", "NOT_BARRED"),
        ("CC14-362", "2025-01-01", "NOT_BARRED"),
        ("_U", "2025-01-01", "_U"),
        ("TORTURE", None, "_U"),
    ],
)
def test_a_suspended_sentence_for_torture_is_flagged_from_march_2023(
    registers, charge, day, expected
) -> None:
    suspended = sentence(1, charge=charge, verdict_on=day, suspended="YES")
    registers.fill(sentences=[suspended, sentence(2)])
    assert registers.codes("suspended", "legality") == {expected: 1}
    assert registers.codes("sentenced", "suspended") == {"YES": 1, "NO": 1}


def test_one_person_with_prison_and_a_ban_is_one_person_in_prison(registers) -> None:
    registers.fill(
        sentences=[sentence(1), sentence(2, prosecution_id="P1", penalty="DISQ",
                                         main_or_additional="ADDITIONAL")]
    )  # fmt: skip
    assert registers.codes("sentenced", "penalty") == {"PRISON": 1}


def test_sentences_of_a_decision_that_was_not_supplied_are_of_one_person(
    registers,
) -> None:
    registers.fill(
        sentences=[sentence(1, prosecution_id="P9"),
                   sentence(2, prosecution_id="P9", penalty="FINE"),
                   sentence(3, prosecution_id="_U"), sentence(4, prosecution_id="_U")]
    )  # fmt: skip
    assert registers.count("sentenced") == 3
    assert registers.codes("sentenced", "penalty") == {"PRISON": 3, "FINE": 1}


def test_penalties_carry_place_and_body_of_the_case_behind_them(registers) -> None:
    registers.fill(
        complaints=[{"complaint_id": "C1", "place_of_custody": "SIZO"}],
        investigations=[{**ended("SENT_TO_COURT", None, TORTURE_NOW, "2023-05-01"),
                         "complaint_ids": "C1"}],
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "court_outcome": "CONVICTED"}],
        sentences=[sentence(1), sentence(2, prosecution_id="_U")],
    )  # fmt: skip
    places = registers.codes("sentenced_by_body", "facility_type")
    assert places == {"SIZO": 1, "_U": 1}
    assert registers.codes("sentenced_by_body", "investigating_body") == {
        "PROS": 1, "_U": 1,
    }  # fmt: skip


def money(registers: Registers, unit: str) -> dict[str, float]:
    """Return what the rows of one unit amount to, by state of compensation."""
    rows = registers.rows("redress")
    of_unit = rows[rows["unit_measure"] == unit]
    return of_unit.groupby("compensation_state")["amount"].sum().to_dict()


def awarded(number: int, amount: float | None, **more: object) -> dict[str, object]:
    """Return one award of compensation."""
    return sentence(number, main_or_additional="CIVIL", penalty="COMP",
                    compensation_awarded=amount, currency="KZT", **more)  # fmt: skip


def test_claimed_awarded_and_paid_are_three_things(registers) -> None:
    registers.fill(
        sentences=[
            awarded(1, 5e6, compensation_claimed=61e6),
            awarded(2, 1e6, prosecution_id="P1", compensation_paid=0.0),
        ],
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "court_outcome": "CONVICTED"}],
    )  # fmt: skip
    assert money(registers, "KZT") == {"CLAIMED": 61e6, "AWARDED": 6e6, "PAID": 0.0}
    assert money(registers, "PERSON") == {"CLAIMED": 1, "AWARDED": 1}


def test_two_currencies_are_never_added_and_none_is_no_sum(registers) -> None:
    registers.fill(sentences=[awarded(1, 100.0), awarded(2, 7.0) | {"currency": "USD"},
                              awarded(3, 50.0) | {"currency": None}])  # fmt: skip
    assert money(registers, "KZT") == {"AWARDED": 100.0}
    assert money(registers, "USD") == {"AWARDED": 7.0}
    assert money(registers, "PERSON") == {"AWARDED": 3}
    assert set(registers.rows("redress")["unit_measure"]) == {"PERSON", "KZT", "USD"}


def test_what_an_appeal_took_away_is_shown_and_not_counted_twice(registers) -> None:
    person = {"case_no": "N1", "accused_key": "k1", "court_outcome": "CONVICTED"}
    registers.fill(
        prosecutions=[{**person, "prosecution_id": "P1", "instance": "FIRST"},
                      {**person, "prosecution_id": "P2", "instance": "APPEAL"}],
        sentences=[awarded(1, 5e6), awarded(2, 2e6)],
    )  # fmt: skip
    assert money(registers, "KZT") == {"AWARDED": 2e6, "REDUCED": 3e6}
    assert money(registers, "PERSON") == {"AWARDED": 1, "REDUCED": 1}


def test_an_award_falls_with_the_conviction(registers) -> None:
    registers.fill(
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "court_outcome": "ACQUITTED"}],
        sentences=[awarded(1, 5e6)],
    )  # fmt: skip
    assert registers.rows("redress").empty


AMOUNTS = st.lists(st.one_of(st.none(), st.integers(0, 9).map(float)), max_size=5)


@FEW
@given(amounts=AMOUNTS)
def test_money_is_the_sum_of_what_is_told_and_persons_no_more_than_rows(
    registers, amounts
) -> None:
    registers.fill(sentences=[awarded(n, one) for n, one in enumerate(amounts)])
    known = [one for one in amounts if one is not None]
    assert money(registers, "KZT").get("AWARDED", 0) == sum(known)
    persons = money(registers, "PERSON").get("AWARDED", 0)
    assert persons == sum(one > 0 for one in known)

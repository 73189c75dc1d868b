"""What one unit is, in registers as they arrive: appeals, unknown links, acts."""

import pytest


def total(table, **wanted: str) -> float:
    """Return one cell; a dimension that is not named is its total."""
    frame = table.frame
    free = ["time_period", *(d for d in table.spec.dimensions)]
    for name in free:
        if name in wanted or name not in table.spec.fixed:
            frame = frame[frame[name] == wanted.get(name, "_T")]
    return float(frame["obs_value"].sum())


def step(number: int, what: str, body: str, case: str = "N1") -> dict[str, object]:
    """Return one step of a case."""
    return {"case_no": case, "step_no": str(number), "step": what, "body": body}


@pytest.mark.parametrize(
    "steps",
    [
        [step(1, "OPENED", "_U"), step(2, "FORENSIC_EXAM", "PROS")],
        [step(1, "FORENSIC_EXAM", "PROS")],
        [step(1, "OPENED", "_U"), step(2, "TERMINATED", "_U")],
    ],
)
def test_no_case_vanishes_because_its_body_is_not_stated(bench, steps) -> None:
    bench.fill(investigations=steps)
    table = bench.build("investigated")
    assert total(table, stage="ST05") == 1
    assert total(table, stage="ST05", handling_body="_U") == 1
    assert total(table, stage="ST05", handling_body="PROS") == 0


def test_a_body_that_is_not_stated_says_nothing_beside_one_that_is(bench) -> None:
    bench.fill(investigations=[step(1, "OPENED", "PROS"), step(2, "TERMINATED", "_U")])
    table = bench.build("investigated")
    assert total(table, stage="ST05", handling_body="PROS", outcome="TERMINATED") == 1
    assert total(table, stage="ST05", handling_body="_U") == 0


def test_checks_of_complaints_not_told_apart_are_one_each(bench) -> None:
    checks = [{"check_id": f"X{n}", "complaint_id": "_U"} for n in range(3)]
    bench.fill(checks=checks)
    assert total(bench.build("investigated"), stage="ST03") == 3


def decision(key: str, instance: str, outcome: str, day: str, **more: object):
    """Return one decision about one accused person."""
    return {
        "prosecution_id": key, "case_no": "N1", "accused_key": "k1",
        "accused_body": "POLICE", "instance": instance, "court_outcome": outcome,
        "charge_verdict": "CC14-362", "decided_on": day, **more,
    }  # fmt: skip


def sentence(key: str, of: str, penalty: str = "PRISON") -> dict[str, object]:
    """Return the main penalty of one decision."""
    return {
        "sentence_id": key, "prosecution_id": of, "penalty": penalty,
        "charge": "CC14-362", "main_or_additional": "MAIN", "suspended": "NO",
        "verdict_on": "2023-05-01",
    }  # fmt: skip


def test_a_sentence_falls_with_its_conviction(bench) -> None:
    bench.fill(
        prosecutions=[
            decision("P1", "FIRST", "CONVICTED", "2023-05-01"),
            decision("P2", "APPEAL", "ACQUITTED", "2023-09-01"),
        ],
        sentences=[sentence("S1", "P1")],
    )
    assert bench.build("penalties").frame.empty
    prosecuted = bench.build("prosecuted")
    assert total(prosecuted, charge_stage="VERDICT", court_outcome="ACQUITTED") == 1


def test_a_sentence_that_a_later_decision_replaced_gives_way(bench) -> None:
    bench.fill(
        prosecutions=[
            decision("P1", "FIRST", "CONVICTED", "2023-05-01"),
            decision("P2", "APPEAL", "CONVICTED", "2023-09-01"),
        ],
        sentences=[sentence("S1", "P1"), sentence("S2", "P2", "FINE")],
    )
    table = bench.build("penalties")
    assert total(table, penalty="FINE") == 1
    assert total(table, penalty="PRISON") == 0
    assert total(table) == 1


def test_a_sentence_upheld_stays(bench) -> None:
    bench.fill(
        prosecutions=[
            decision("P1", "FIRST", "CONVICTED", "2023-05-01"),
            decision("P2", "APPEAL", "CONVICTED", "2023-09-01"),
        ],
        sentences=[sentence("S1", "P1")],
    )
    assert total(bench.build("penalties"), penalty="PRISON") == 1


def test_an_appeal_known_to_the_year_comes_after_the_first_instance(bench) -> None:
    bench.fill(
        prosecutions=[
            decision("P1", "FIRST", "CONVICTED", "2023-05-01"),
            decision("P2", "APPEAL", "ACQUITTED", "2023-01-01",
                     decided_on_precision="YEAR"),
        ]
    )  # fmt: skip
    table = bench.build("prosecuted")
    assert total(table, charge_stage="VERDICT", court_outcome="ACQUITTED") == 1
    assert total(table, charge_stage="VERDICT", court_outcome="CONVICTED") == 0


def test_the_charge_of_those_acquitted_is_that_of_the_indictment(bench) -> None:
    bench.fill(
        prosecutions=[
            decision("P1", "FIRST", "ACQUITTED", "2025-02-01", charge_verdict="_Z",
                     charge_indicted="CC14-146-3"),
        ]
    )  # fmt: skip
    table = bench.build("prosecuted")
    assert total(table, charge_stage="LAST_KNOWN", charge="CC14-146-3") == 1
    assert total(table, charge_stage="VERDICT", charge="_Z") == 1


@pytest.mark.parametrize(
    ("day", "expected"), [("2021-05-01", "PRISON"), ("2024-05-01", "OTHER")]
)
def test_prison_medicine_is_prison_staff_only_while_it_was(
    bench, day, expected
) -> None:
    complaint = {
        "complaint_id": "C1", "accused_body": "PRISON_MED_CAMP", "received_on": day,
    }  # fmt: skip
    bench.fill(complaints=[complaint])
    table = bench.build("point_27")
    assert total(table, stage="ST01", personnel_class=expected) == 1
    assert total(table, stage="ST01") == 1
    other = {"PRISON", "OTHER"} - {expected}
    assert total(table, stage="ST01", personnel_class=other.pop()) == 0

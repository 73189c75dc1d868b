"""What became of complaints: open is not lost, unknown is not open."""

import pytest

from pipeline.analyse.cohort import STAGES, STATES
from pipeline.analyse.disclosure import OutTable

DAY = "2020-01-10"
COMPLAINTS = [{"complaint_id": f"C{n}", "received_on": DAY} for n in range(1, 10)]


def check(complaint: str, outcome: str, day: str = DAY) -> dict:
    """Return one check of a complaint."""
    return {"check_id": f"K-{complaint}-{day}", "complaint_id": complaint,
            "started_on": day, "outcome": outcome}  # fmt: skip


def case(number: str, complaints: str, *steps: str) -> list[dict]:
    """Return the steps of a case, a month apart."""
    return [
        {"case_no": number, "step_no": str(n), "step": step, "body": "POLICE",
         "step_on": f"2020-{n + 1:02}-01", "complaint_ids": complaints}
        for n, step in enumerate(steps, start=1)
    ]  # fmt: skip


def verdict(number: str, key: str, outcome: str, **more: str) -> dict:
    """Return one decision about one accused person."""
    return {"prosecution_id": f"P-{number}-{key}", "case_no": number,
            "accused_key": key, "court_outcome": outcome, "decided_on": "2020-12-01",
            **more}  # fmt: skip


def standing(bench) -> dict[str, tuple[str, str]]:
    """Return complaint → furthest stage and state."""
    table = bench.build("cohort")
    whole = table.frame.query("time_period == '_T' and deprived_of_liberty == '_T'")
    assert whole["obs_value"].max() <= len(COMPLAINTS)
    rows = bench.warehouse.read(
        "SELECT c.complaint_id, f.furthest.stage, f.furthest.state "
        "FROM temp_furthest f JOIN core.complaints c USING (record_no)"
    )
    return {
        r.complaint_id: (STAGES[r.stage - 1], STATES[r.state - 1])
        for r in rows.itertuples()
    }


def cell(table: OutTable, **wanted: str) -> float:
    """Return one cell; what is not named is the total."""
    found = table.frame
    names = ("time_period", *table.spec.dimensions)
    for name, code in (dict.fromkeys(names, "_T") | wanted).items():
        found = found[found[name] == code]
    return float(found["obs_value"].sum())


def test_each_complaint_takes_its_furthest_matter(bench) -> None:
    bench.fill(
        complaints=COMPLAINTS,
        checks=[
            check("C2", "NOT_CONFIRMED"),
            check("C3", "NOT_CONFIRMED"), check("C3", "PENDING", "2020-03-01"),
            check("C4", "REGISTERED"),
            check("C5", "REFERRED"),
            check("C6", "NOT_CONFIRMED"),
        ],
        investigations=[
            *case("N1", "C6;C7", "OPENED", "TERMINATED"),
            *case("N2", "C7", "OPENED", "SENT_TO_COURT"),
            *case("N3", "C8", "OPENED", "TERMINATED", "REOPENED"),
            *case("N4", "C9", "OPENED", "SENT_TO_COURT"),
        ],
        prosecutions=[verdict("N4", "k1", "ACQUITTED"), verdict("N4", "k2", "CONVICTED",
                                                                final="YES")],
    )  # fmt: skip
    assert standing(bench) == {
        "C1": ("ST01", "OPEN"),
        "C2": ("ST03", "NOT_CONFIRMED"),
        "C3": ("ST03", "OPEN"),  # checked again
        "C4": ("ST04", "_U"),  # registered, and no case names it
        "C5": ("ST03", "_U"),  # handed to somebody whose register is not here
        "C6": ("ST04", "TERMINATED"),
        "C7": ("ST10", "OPEN"),  # one case terminated, the other before the court
        "C8": ("ST04", "OPEN"),  # reopened
        "C9": ("ST13", "CONVICTED"),
    }
    table = bench.build("cohort")
    assert cell(table) == 9
    assert cell(table, state="OPEN", time_period="2020") == 4
    assert cell(table, state="_U") == 2


def test_a_stage_that_a_source_does_not_supply_is_unknown_not_open(bench) -> None:
    bench.fill(complaints=COMPLAINTS[:1])
    assert standing(bench) == {"C1": ("ST01", "_U")}
    sent = case("N1", "C1", "OPENED", "SENT_TO_COURT")
    bench.fill(complaints=COMPLAINTS[:1], investigations=sent)
    assert standing(bench) == {"C1": ("ST10", "_U")}
    other = verdict("N9", "k9", "CONVICTED")
    bench.fill(complaints=COMPLAINTS[:1], investigations=sent, prosecutions=[other])
    assert standing(bench) == {"C1": ("ST10", "OPEN")}


def test_a_withdrawal_ends_nothing(bench) -> None:
    withdrawn = {**COMPLAINTS[0], "withdrawn_on": "2020-02-01"}
    bench.fill(complaints=[withdrawn], checks=[check("C1", "PENDING")])
    assert standing(bench) == {"C1": ("ST03", "OPEN")}


def test_a_court_that_gave_the_case_back_has_not_ended_it(bench) -> None:
    rows = case("N1", "C1", "OPENED", "SENT_TO_COURT", "RETURNED")
    bench.fill(
        complaints=COMPLAINTS[:1],
        investigations=rows,
        prosecutions=[verdict("N1", "k1", "RETURNED")],
    )
    assert standing(bench) == {"C1": ("ST10", "OPEN")}


@pytest.mark.parametrize("complaints", ["C1;C2", "C7", "_U"])
def test_open_cases_are_the_same_in_flow_and_cohort(bench, complaints: str) -> None:
    bench.fill(
        complaints=COMPLAINTS[:3],
        investigations=[
            *case("N1", "C1;C2", "OPENED", "TERMINATED", "REOPENED"),
            *case("N2", complaints, "OPENED", "INTERRUPTED"),
            *case("N3", "C3", "OPENED", "SENT_TO_COURT"),
            *case("N4", "C3", "TERMINATED", "RECLASSIFIED"),
            *case("N5", "C3", "INTERVIEW"),
        ],
        prosecutions=[verdict("N3", "k1", "PENDING")],
    )
    whole = bench.build("flow").frame.query(
        "time_period == '_T' and component == 'OPEN_END' and handling_body == '_T'"
    )
    both = bench.warehouse.read(
        "SELECT s.is_open, m.is_investigated, m.state FROM case_step s "
        "JOIN temp_matter m USING (case_id) WHERE s.is_last"
    )
    assert len(both) == 5
    assert (both["is_open"] == both["is_investigated"]).all()
    assert (both.loc[both["is_open"], "state"] == "OPEN").all()
    assert both["is_open"].sum() == whole["obs_value"].iloc[0] == 3


def test_a_year_that_was_not_followed_for_long_is_provisional(bench) -> None:
    held = {"deprived_of_liberty": "YES"}
    old = {"complaint_id": "C1", "received_on": "2015-03-01", **held}
    young = {"complaint_id": "C2", "received_on": "2019-03-01", **held}
    bench.fill(complaints=[old, young], checks=[check("C2", "PENDING", "2019-06-01")])
    frame = bench.build("cohort").frame
    marks = frame.groupby("time_period")["mark"].unique().map(list).to_dict()
    assert marks == {"2015": [""], "2019": ["p"], "_T": ["p"]}
    assert set(frame.loc[frame["mark"] == "p", "obs_status"]) == {"P"}
    assert frame["obs_value"].notna().all()


@pytest.mark.usefixtures("one_numbering")
def test_a_year_is_followed_as_far_as_its_least_followed_register(bench) -> None:
    rows = [{"complaint_id": f"C{n}", "received_on": day, "deprived_of_liberty": "YES"}
            for n, day in enumerate(("2019-03-01", "2025-12-01"), start=1)]  # fmt: skip
    court = {"source_id": "b_office"}
    for day, expected in (("2019-06-01", "p"), ("2022-06-01", "")):
        decided = verdict("N1", "k", "CONVICTED", **court) | {"decided_on": day}
        bench.fill(
            complaints=rows,
            investigations=case("N1", "C1", "OPENED", "SENT_TO_COURT"),
            prosecutions=[decided],
        )
        frame = bench.build("cohort").frame
        assert set(frame.loc[frame["time_period"] == "2019", "mark"]) == {expected}

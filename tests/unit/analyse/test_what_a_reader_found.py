"""Faults that a reader of the tables found, each by the data that showed it."""

import pandas as pd
import pytest

from pipeline.analyse.disclosure import OutTable, Refusal, protect
from pipeline.store.out import keep
from tests.small_tables import source

A, B = "a_office", "b_office"
CASE = {"case_no": "N1", "step_no": "1", "step": "OPENED", "step_on": "2021-02-01",
        "body": "POLICE"}  # fmt: skip
COMPLAINT = {"complaint_id": "1", "received_on": "2021-01-05", "channel": "PROSECUTOR",
             "deprived_of_liberty": "YES", "accused_body": "POLICE"}  # fmt: skip
DECISION = {
    "prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
    "accused_body": "POLICE", "charge_registered": "CC14-146-2-W2015",
    "charge_indicted": "CC14-146-2-W2015", "charge_verdict": "CC14-146-2-W2015",
    "court_outcome": "CONVICTED", "decided_on": "2021-10-03", "instance": "FIRST",
    "final": "NO",
}  # fmt: skip
SENTENCE = {
    "sentence_id": "S1", "prosecution_id": "P1", "charge": "CC14-146-2-W2015",
    "verdict_on": "2021-10-03", "penalty": "PRISON", "main_or_additional": "MAIN",
    "suspended": "NO",
}  # fmt: skip


def rows(table: OutTable, **wanted: str) -> pd.DataFrame:
    """Return the rows of a table that have the codes named."""
    frame = table.frame
    for name, code in wanted.items():
        frame = frame[frame[name] == code]
    return frame


def test_a_check_of_a_complaint_not_supplied_stops_no_cohort(bench) -> None:
    lost = {"check_id": "X1", "complaint_id": "999", "started_on": "2021-01-06",
            "checking_body": "POLICE", "outcome": "REGISTERED"}  # fmt: skip
    bench.fill(complaints=[COMPLAINT], checks=[lost])
    whole = rows(
        bench.build("cohort"), time_period="_T", furthest_stage="_T", state="_T"
    )
    assert set(whole["obs_value"]) == {1}


def test_an_appeal_that_repeats_no_charge_does_not_erase_torture(bench) -> None:
    appeal = {
        **DECISION, "prosecution_id": "P2", "instance": "APPEAL", "final": "YES",
        "decided_on": "2022-01-10", "charge_registered": None,
        "charge_indicted": "_U", "charge_verdict": "CC14-362",
    }  # fmt: skip
    bench.fill(investigations=[CASE], prosecutions=[DECISION, appeal])
    drift = bench.build("drift").frame
    one = drift[~drift.isin(["_T"]).any(axis=1)].iloc[0]
    assert one["charge_registered"] == "CC14-146-2-W2015"
    assert one["charge_indicted"] == "CC14-146-2-W2015"
    assert one["charge_verdict"] == "CC14-362"


def test_a_verdict_upheld_is_in_force_by_the_last_decision(bench) -> None:
    appeal = {**DECISION, "prosecution_id": "P2", "instance": "APPEAL", "final": "YES",
              "decided_on": "2022-01-10"}  # fmt: skip
    bench.fill(
        investigations=[CASE], prosecutions=[DECISION, appeal], sentences=[SENTENCE]
    )
    final = rows(bench.build("penalties"), time_period="2021", penalty="PRISON")
    assert set(final["final"]) == {"_T", "YES"}


def test_an_award_told_on_the_row_of_each_penalty_is_one_award(bench) -> None:
    award = {"compensation_awarded": 5e6, "currency": "KZT"}
    disqualified = {**SENTENCE, "sentence_id": "S2", "penalty": "DISQ",
                    "main_or_additional": "ADDITIONAL"}  # fmt: skip
    bench.fill(
        investigations=[CASE],
        prosecutions=[DECISION],
        sentences=[SENTENCE | award, disqualified | award],
    )
    money = rows(
        bench.build("redress"), time_period="2021", compensation_state="AWARDED"
    )
    assert set(money.loc[money["unit_measure"] == "KZT", "obs_value"]) == {5e6}


def test_one_conviction_in_force_is_not_made_by_another_s_acquittal(bench) -> None:
    acquitted = {**DECISION, "prosecution_id": "P2", "accused_key": "k2",
                 "court_outcome": "ACQUITTED", "final": "YES"}  # fmt: skip
    bench.fill(
        complaints=[COMPLAINT],
        investigations=[{**CASE, "complaint_ids": "1"}],
        prosecutions=[DECISION, acquitted],
    )
    cohort = rows(bench.build("cohort"), time_period="2021", state="CONVICTED")
    assert set(cohort["furthest_stage"]) == {"_T", "ST11"}


def test_where_no_register_tells_the_end_of_a_wait_nothing_is_estimated(bench) -> None:
    many = [{**COMPLAINT, "complaint_id": str(n)} for n in range(20)]
    bench.fill(complaints=many)
    waits = rows(bench.build("promptness"), step="COMPLAINT_DECISION")
    counted = waits["measure"] == "MATTERS"
    assert waits.loc[counted, "obs_value"].notna().all()
    assert waits.loc[~counted, "obs_value"].isna().all()
    assert set(waits.loc[~counted, "mark"]) == {"x"}


@pytest.mark.parametrize("name", ["promptness", "cohort", "prosecuted_by_body"])
def test_the_gate_judges_every_source_that_a_link_may_lead_from(bench, name) -> None:
    bench.fill(
        complaints=[COMPLAINT],
        investigations=[{**CASE, "complaint_ids": "1"}],
        prosecutions=[{**DECISION, "source_id": B}],
    )
    table = bench.build(name)
    assert table.sources == {A, B}
    closed = {A: source(source=A), B: source(source=B, sensitivity="restricted")}
    assert isinstance(protect(table, closed), Refusal)


def test_a_rate_without_a_denominator_rests_on_what_it_divides(bench) -> None:
    bench.fill(complaints=[COMPLAINT])
    keep(bench.warehouse, bench.build("complaints"))
    rates = bench.build("rates")
    assert rates.frame["obs_value"].isna().all()
    assert len(rates.frame) > 0
    assert rates.sources == {A}


def test_a_number_of_the_book_is_not_the_identifier_that_looks_like_it(bench) -> None:
    by_key = {"check_id": "X1", "complaint_id": "5", "started_on": "2021-01-06"}
    by_book = {"check_id": "X2", "register_no": "5", "started_on": "2021-01-06"}
    bench.fill(checks=[by_key, {**by_key, "check_id": "X3"}, by_book])
    whole = rows(
        bench.build("investigated"), time_period="_T", handling_body="_T", outcome="_T"
    )
    assert set(whole["obs_value"].dropna()) == {2}


def test_a_court_that_a_case_is_sent_to_never_held_it(bench) -> None:
    sent = {**CASE, "step_no": "2", "step": "SENT_TO_COURT", "step_on": "2021-05-01",
            "body": "COURT"}  # fmt: skip
    bench.fill(investigations=[CASE, sent], prosecutions=[DECISION])
    held = bench.build("investigated").frame
    assert set(held["handling_body"]) == {"_T", "POLICE"}
    accused = bench.build("prosecuted_by_body").frame
    assert set(accused["investigating_body"]) == {"_T", "POLICE"}
    flows = rows(bench.build("flow"), component="SENT_TO_COURT", time_period="2021")
    counted = flows[flows["obs_value"] > 0]
    assert set(counted["handling_body"]) == {"_T", "POLICE"}


@pytest.mark.usefixtures("one_numbering")
def test_a_wait_is_followed_as_far_as_the_register_of_its_end_goes(bench) -> None:
    decided = {**DECISION, "source_id": B, "decided_on": "2021-03-03"}
    waits = {**CASE, "case_no": "N2"}
    late = {**CASE, "case_no": "N3", "step_on": "2025-06-01"}
    bench.fill(investigations=[CASE, waits, late], prosecutions=[decided])
    bench.build("promptness")
    days = bench.warehouse.read(
        "SELECT days, \"end\" FROM matter_count WHERE step = 'CASE_COURT' ORDER BY ALL"
    )
    # One decided after 30 days; one open for 30, and one that began after all that.
    assert days["days"].tolist() == [0, 30, 30]
    assert days["end"].tolist() == ["", "", "CONVICTED"]

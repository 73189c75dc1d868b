"""Days from step to step: open matters wait, undated ones are counted apart."""

import numpy as np
import pandas as pd
import pytest

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.matter_days import MATTERS
from pipeline.analyse.promptness import with_limits
from pipeline.declarations.promptness import Limit, read_promptness
from pipeline.declarations.tables import TableSpec


def case(number: int, opened: str, ended: str | None = None, **more: object) -> list:
    """Return the steps of a case that was opened and perhaps terminated."""
    steps = [("OPENED", opened), *([("TERMINATED", ended)] if ended else [])]
    return [
        {"case_no": f"N{number}", "step_no": str(n), "step": step, "step_on": day,
         "body": "POLICE", **more}
        for n, (step, day) in enumerate(steps, start=1)
    ]  # fmt: skip


def row(table: OutTable, measure: str, **wanted: str) -> pd.Series:
    """Return one row; what is not named is the total, or no horizon."""
    codes = {"step": "CASE_END", "measure": measure, "end": "_T", "horizon": "_Z",
             "handling_body": "_T", "time_period": "_T"}  # fmt: skip
    found = table.frame
    for name, code in (codes | wanted).items():
        found = found[found[name] == code]
    assert len(found) == 1
    return found.iloc[0]


def day(number: int) -> str:
    """Return a day, counted from the first of 2020."""
    return str((pd.Timestamp("2020-01-01") + pd.Timedelta(days=number)).date())


def test_the_naive_median_misleads_and_the_estimate_does_not(bench) -> None:
    dice = np.random.default_rng(27)
    truth = dice.exponential(400, 300).astype(int)
    begun = dice.integers(0, 600, 300)
    rows = []
    for n, (start, lasts) in enumerate(zip(begun, truth, strict=True)):
        is_over = start + lasts <= 600
        rows += case(n, day(start), day(start + lasts) if is_over else None)
    rows += case(999, day(600), day(600))  # the last day of the register
    bench.fill(investigations=rows)
    table = bench.build("promptness")
    true_median = float(np.median(truth))
    estimate = row(table, "KM_MEDIAN")
    assert row(table, "NAIVE_MEDIAN")["obs_value"] < 0.5 * true_median
    assert estimate["low"] < true_median < estimate["high"]
    still = row(table, "STILL_WAITING")["obs_value"]
    assert still == (begun + truth > 600).sum()
    assert row(table, "MATTERS")["obs_value"] == 301


def test_shares_by_end_and_still_open_add_up_to_one_hundred(bench) -> None:
    rows = [*case(1, day(0), day(10)), *case(2, day(0)), *case(3, day(5), day(50)),
            *case(4, day(400), day(401))]  # fmt: skip
    bench.fill(investigations=rows)
    frame = bench.build("promptness").frame
    shares = frame[frame["measure"].isin(["INCIDENCE", "STILL_OPEN"])]
    key = ["step", "handling_body", "time_period", "horizon"]
    sums = shares.dropna(subset="obs_value").groupby(key)["obs_value"].sum()
    assert len(sums) > 0
    assert sums.to_numpy() == pytest.approx(100)


def test_undated_and_negative_durations_are_counted_and_not_dropped(bench) -> None:
    vague = {"step_on_precision": "MONTH"}
    rows = [*case(1, "2020-01-01", "2020-02-01"), *case(2, "2020-03-01", "2020-02-01"),
            *case(3, "2020-03-01", "2020-05-01", **vague),
            *case(4, "2020-03-01", "2020-03-01")]  # fmt: skip
    bench.fill(investigations=rows)
    table = bench.build("promptness")
    found = {
        name: row(table, name)["obs_value"]
        for name in ("MATTERS", "ENDED", "STILL_WAITING", "NOT_DATED", "NEGATIVE")
    }
    assert found == {
        "MATTERS": 4, "ENDED": 2, "STILL_WAITING": 0, "NOT_DATED": 1, "NEGATIVE": 1
    }  # fmt: skip
    assert row(table, "NAIVE_MEAN")["obs_value"] == 15.5  # 31 days, and 0 on one day
    traced = table.provenance.set_index("cell_id")["cell"]
    assert set(traced[row(table, "NEGATIVE")["cell_id"]]) == {"A4", "A5"}


def test_a_median_that_is_not_reached_has_no_value_and_says_so(bench) -> None:
    rows = [r for n in range(12) for r in case(n, day(0))]
    bench.fill(investigations=[*rows, *case(99, day(30), day(40))])
    table = bench.build("promptness")
    median = row(table, "KM_MEDIAN")
    assert np.isnan(median["obs_value"])
    assert (median["mark"], median["obs_status"]) == ("note", "O")
    beyond = row(table, "STILL_OPEN", horizon="365")
    assert (beyond["mark"], np.isnan(beyond["obs_value"])) == ("note", True)
    within = row(table, "STILL_OPEN", horizon="30")
    assert within["obs_value"] == pytest.approx(100 * 12 / 13)
    assert within["at_risk"] == 12


def test_few_at_risk_are_marked(bench) -> None:
    bench.fill(investigations=[*case(1, day(0), day(9)), *case(2, day(0), day(400))])
    median = row(bench.build("promptness"), "KM_MEDIAN")
    assert (median["obs_value"], median["mark"]) == (9, "low")


CHAIN = {
    "complaints": [{"complaint_id": f"C{n}", "received_on": day(0)} for n in range(6)],
    "checks": [
        {"check_id": "K1", "complaint_id": "C1", "started_on": day(3),
         "ended_on": day(9), "outcome": "NOT_CONFIRMED", "checking_body": "PROS"},
        {"check_id": "K2", "complaint_id": "C2", "started_on": day(4),
         "ended_on": day(8), "outcome": "REFERRED", "checking_body": "POLICE"},
    ],
    "investigations": [
        {"case_no": "N1", "step_no": "1", "step": "OPENED", "step_on": day(14),
         "body": "POLICE", "complaint_ids": "C3;C4"},
        {"case_no": "N1", "step_no": "2", "step": "INTERVIEW", "step_on": day(20)},
        {"case_no": "N1", "step_no": "3", "step": "SENT_TO_COURT", "step_on": day(60),
         "body": "POLICE"},
    ],
    "prosecutions": [
        {"prosecution_id": "P1", "case_no": "N1", "court_outcome": "CONVICTED",
         "decided_on": day(100)},
        {"prosecution_id": "P2", "case_no": "N1", "court_outcome": "ACQUITTED",
         "decided_on": day(130)},
    ],
    "sentences": [
        {"sentence_id": f"S{n}", "prosecution_id": "P1", "verdict_on": day(100),
         "main_or_additional": "MAIN", "in_force_on": day(115)} for n in range(2)
    ],
}  # fmt: skip
EXPECTED = {
    ("COMPLAINT_CHECK", "CHECK"): [3, 4],
    ("COMPLAINT_CHECK", "CASE"): [14, 14],
    ("COMPLAINT_ACT", "ACT"): [3, 4, 20, 20],
    ("COMPLAINT_DECISION", "CASE"): [14, 14],
    ("COMPLAINT_DECISION", "NOT_CONFIRMED"): [9],
    ("CHECK_END", "NOT_CONFIRMED"): [6],
    ("CHECK_END", "REFERRED"): [4],
    ("CASE_END", "SENT_TO_COURT"): [46],
    ("CASE_COURT", "CONVICTED"): [86],
    ("VERDICT_IN_FORCE", "IN_FORCE"): [15],
}


def test_each_wait_runs_from_its_first_day_to_its_first_end(bench) -> None:
    bench.fill(**CHAIN)
    bench.build("promptness")
    counts = bench.warehouse.read(
        'SELECT step, "end", list_sort(flatten(list(list_value(days).list_concat('
        "CASE WHEN n = 2 THEN [days] ELSE [] END)))) AS days "
        "FROM matter_count WHERE \"end\" <> '' GROUP BY ALL"
    )
    found = {(r.step, r.end): list(r.days) for r in counts.itertuples()}
    assert found == EXPECTED


def test_open_matters_wait_until_the_last_day_of_the_source(bench) -> None:
    bench.fill(**CHAIN)
    bench.build("promptness")
    waiting = bench.warehouse.read(
        "SELECT step, days, n FROM matter_count WHERE \"end\" = '' ORDER BY ALL"
    )
    found = [(r.step, r.days, r.n) for r in waiting.itertuples()]
    assert ("COMPLAINT_CHECK", 130, 2) in found
    # Handed to another body on day 8, and not followed from there.
    assert ("COMPLAINT_DECISION", 8, 1) in found
    assert ("COMPLAINT_DECISION", 130, 2) in found


def test_a_body_is_named_only_where_it_is_known_at_the_start(bench) -> None:
    bench.fill(**CHAIN)
    frame = bench.build("promptness").frame
    named = frame[frame["handling_body"] != "_T"]
    assert set(named["step"]) == {"CHECK_END", "CASE_END", "CASE_COURT"}


def test_a_source_that_never_names_the_body_is_not_unknown_but_not_supplied(
    bench,
) -> None:
    never_names = [*case(1, day(0), day(10), body=None)]
    bench.fill(investigations=never_names)
    frame = bench.build("promptness").frame
    of_body = frame.query("step == 'CASE_END' and handling_body == '_U'")
    assert len(of_body) > 0
    assert of_body["obs_value"].isna().all()
    assert (of_body["mark"] == "x").all()
    assert row(bench.build("promptness"), "ENDED")["obs_value"] == 1


def test_nothing_is_added_over_sources(bench) -> None:
    other = [{**r, "source_id": "b_office"} for r in case(1, day(0), day(30))]
    bench.fill(investigations=[*case(1, day(0), day(10)), *other])
    frame = bench.build("promptness").frame
    medians = frame.query(
        "measure == 'KM_MEDIAN' and step == 'CASE_END' and time_period == '_T' "
        "and handling_body == '_T'"
    )
    assert dict(zip(medians["source_id"], medians["obs_value"], strict=True)) == {
        "a_office": 10,
        "b_office": 30,
    }


def test_what_is_declared_can_be_measured_and_has_its_codes(lists) -> None:
    rules = read_promptness()
    assert set(rules.steps) == set(MATTERS) == plain(lists, "promptness_step")
    ends = {end for step in rules.steps.values() for end in step.ends}
    assert ends - {"_O"} == plain(lists, "promptness_end")
    assert {limit.step for limit in rules.limits} <= set(rules.steps)


def plain(lists, name: str) -> set[str]:
    """Return the codes of a list that are its own."""
    codes = lists[name].rows["code"]
    return set(codes[~codes.str.startswith("_")])


@pytest.mark.parametrize(("status", "shown"), [("V", 3.0), ("M", np.nan)])
def test_a_limit_is_printed_only_when_its_text_was_seen(status: str, shown) -> None:
    limit = Limit(step="CASE_END", days=3, article="article 1", status=status,
                  valid_from="2015-06-01", valid_to="2016-12-31")  # fmt: skip
    rules = read_promptness().model_copy(update={"limits": (limit,)})
    rows = pd.DataFrame(
        {"step": "CASE_END", "freq": "A", "time_period": ["2015", "2016", "2017"]}
    )
    told = with_limits(rows, rules)["limit_days"]
    assert told.isna().to_list() == [True, bool(np.isnan(shown)), True]


def test_registers_without_rows_give_a_table_without_rows(bench) -> None:
    bench.fill()
    table = bench.build("promptness")
    assert isinstance(table.spec, TableSpec)
    assert table.frame.empty
    assert list(table.frame.columns) == list(table.spec.columns)

"""The balance of cases: stocks case by case, flows from steps, the residual shown."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.flow import COMES, GOES, SHOWN

FEW = settings(max_examples=10, deadline=None)
DATES = [*(f"2020-{month:02}-15" for month in range(1, 7)), None]
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "case_no": st.sampled_from(["N1", "N2", "N3"]),
            "step": st.sampled_from(
                [
                    *("OPENED", "TRANSFERRED", "INTERRUPTED", "RESUMED", "TERMINATED"),
                    *("SENT_TO_COURT", "REOPENED", "JOINED", "RECLASSIFIED"),
                    "INTERVIEW",
                ]
            ),
            "body": st.sampled_from(["POLICE", "PROS", "_U"]),
            "step_on": st.sampled_from(DATES),
        }
    ),
    max_size=14,
)
CLEAN = {
    "N1": [("OPENED", "POLICE", "2020-01-05"), ("TRANSFERRED", "PROS", "2020-03-01"),
           ("INTERRUPTED", "PROS", "2020-04-01"), ("RESUMED", "PROS", "2020-05-01"),
           ("SENT_TO_COURT", "PROS", "2020-06-01")],
    "N2": [("OPENED", "POLICE", "2020-02-05"), ("TERMINATED", "POLICE", "2020-02-20"),
           ("REOPENED", "POLICE", "2020-04-20")],
    "N3": [("OPENED", "PROS", "2020-02-05"), ("INTERRUPTED", "PROS", "2020-03-20")],
}  # fmt: skip


def rows_of(cases: dict[str, list[tuple[str, str, str | None]]]) -> list[dict]:
    """Return steps as rows of the register."""
    return [
        {"case_no": case, "step_no": str(n), "step": s, "body": b, "step_on": d}
        for case, steps in cases.items()
        for n, (s, b, d) in enumerate(steps, start=1)
    ]


def value(table: OutTable, period: str, component: str, **wanted: str) -> float:
    """Return one number; the body is the total and the reason `_Z` unless named."""
    codes = {"time_period": period, "component": component, "handling_body": "_T"}
    found = table.frame
    for name, code in (codes | {"reason": "_Z"} | wanted).items():
        found = found[found[name] == code]
    assert len(found) == 1
    return float(found["obs_value"].iloc[0])


def assert_balanced(table: OutTable) -> None:
    """Check the printed identity in every period of every body."""
    one = table.frame[table.frame["reason"].isin(["_Z"])]
    key = ["source_id", "handling_body", "time_period"]
    wide = one.pivot(index=key, columns="component", values="obs_value").fillna(0)
    whole = table.frame.query("component == 'RESIDUAL' and reason == '_T'")
    left = whole.set_index(key)["obs_value"]
    moved = wide[[*COMES]].sum(axis=1) - wide[[*GOES]].sum(axis=1)
    expected = wide["OPEN_START"] + moved + left
    assert expected.to_numpy() == pytest.approx(wide["OPEN_END"].to_numpy())


@FEW
@given(rows=STEPS)
def test_whatever_the_register_says_the_balance_holds_and_is_explained(
    bench, rows
) -> None:
    numbered = [{**row, "step_no": str(n)} for n, row in enumerate(rows)]
    bench.fill(investigations=numbered)
    table = bench.build("flow")
    if not rows:
        assert table.frame.empty
        return
    assert_balanced(table)
    assert not (table.frame["reason"] == "_U").any()
    parts = table.frame[~table.frame["reason"].isin(["_T", "_Z"])]
    key = ["handling_body", "time_period", "component"]
    whole = table.frame[table.frame["reason"] == "_T"].set_index(key)["obs_value"]
    sums = parts.groupby(key)["obs_value"].sum().reindex(whole.index, fill_value=0)
    assert sums.to_list() == whole.to_list()


@FEW
@given(rows=STEPS)
def test_stocks_are_those_of_the_cases_one_by_one(bench, rows) -> None:
    numbered = [{**row, "step_no": str(n)} for n, row in enumerate(rows)]
    bench.fill(investigations=numbered)
    table = bench.build("flow")
    traced = table.provenance.groupby("cell_id")["record_id"].nunique()
    months = table.frame[table.frame["freq"] == "M"]
    for month in months["time_period"].unique():
        expected = open_cases(numbered, month)
        ends = months.query("time_period == @month and component == 'OPEN_END'")
        for row in ends.itertuples():
            own = [b for b in expected.values() if row.handling_body in (b, "_T")]
            assert row.obs_value == len(own), (month, row.handling_body)
            assert traced.get(row.cell_id, 0) == len(own)


def open_cases(rows: list[dict], month: str) -> dict[str, str]:
    """Return case → body of the cases open at the end of a month, one by one."""
    found = {}
    for case in {row["case_no"] for row in rows}:
        steps = [row for row in rows if row["case_no"] == case]
        used = [row for row in steps if row["step"] != "INTERVIEW"] or steps
        state = state_at(used, month)
        if state:
            found[case] = state
    return found


def state_at(steps: list[dict], month: str) -> str:
    """Return the body that holds an open case at the end of a month, or nothing."""
    dated = [row["step_on"][:7] for row in steps if row["step_on"]]
    if not dated:
        return ""
    since, state, body = dated[0], None, "_U"
    known = [row["body"] for row in steps if row["body"] != "_U"]
    body, held = (known[0] if known else "_U"), None
    for at, row in enumerate(steps):
        since = max(since, row["step_on"][:7]) if row["step_on"] else since
        if since > month:
            break
        ends = row["step"] in ("TERMINATED", "SENT_TO_COURT", "JOINED")
        stays = row["step"] in ("RECLASSIFIED", "INTERVIEW") and state is not None
        state = state if stays else not ends
        named = row["body"] if row["body"] != "_U" else None
        if row["step"] == "TRANSFERRED" and held and named in (held, None):
            after = [r["body"] for r in steps[at + 1 :] if r["body"] != "_U"]
            body = after[0] if after else body
        elif named:
            body = named
        held = named or held
    return body if state else ""


def test_a_clean_register_leaves_no_residual(bench) -> None:
    bench.fill(investigations=rows_of(CLEAN))
    table = bench.build("flow")
    left = table.frame[table.frame["component"].isin(["RESIDUAL", "ODD_STEP"])]
    assert len(left) > 0
    assert (left["obs_value"] == 0).all()
    assert (left["reason"] == "_T").all()
    assert_balanced(table)
    assert value(table, "2020", "OPENED") == 3
    assert value(table, "2020", "REOPENED") == 1
    assert value(table, "2020", "OPEN_END") == 2
    assert value(table, "2020-03", "OPEN_END") == 2
    assert value(table, "2020-03", "TRANSFERRED", handling_body="POLICE") == 1
    assert value(table, "2020-03", "RECEIVED", handling_body="PROS") == 1
    assert value(table, "2020-04", "INTERRUPTED_END") == 2
    assert value(table, "2020", "INTERRUPTED_END") == 1
    assert value(table, "_T", "OPEN_END") == 2
    none_of_total = table.frame.query("handling_body == '_T'")["component"]
    assert not none_of_total.isin(["TRANSFERRED", "RECEIVED"]).any()


def test_a_zero_has_its_source_and_period_and_is_no_gap(bench) -> None:
    bench.fill(investigations=rows_of(CLEAN))
    frame = bench.build("flow").frame
    june = frame.query("time_period == '2020-06' and reason == '_Z'")
    assert (june["source_id"] == "a_office").all()
    of_pros = june[june["handling_body"] == "PROS"]
    assert set(of_pros["component"]) == set(SHOWN) - {"RESIDUAL"}
    assert (june["mark"] == "").all()
    assert of_pros.set_index("component")["obs_value"]["OPENED"] == 0


WRONG = {
    "UNDATED": [("OPENED", "POLICE", "2020-01-05"), ("TERMINATED", "POLICE", None)],
    "OUT_OF_ORDER": [("OPENED", "POLICE", "2020-03-05"),
                     ("TERMINATED", "POLICE", "2020-01-05")],
    "NOT_OPENED": [("TERMINATED", "POLICE", "2020-01-05")],
    "AFTER_END": [("OPENED", "POLICE", "2020-01-05"),
                  ("TERMINATED", "POLICE", "2020-02-05"),
                  ("RESUMED", "POLICE", "2020-03-05")],
    "ALREADY_OPEN": [("OPENED", "POLICE", "2020-01-05"),
                     ("OPENED", "POLICE", "2020-02-05")],
    "BODY_CHANGED": [("OPENED", "POLICE", "2020-01-05"),
                     ("RECLASSIFIED", "PROS", "2020-02-05")],
    "NOT_INTERRUPTED": [("OPENED", "POLICE", "2020-01-05"),
                        ("RESUMED", "POLICE", "2020-02-05")],
}  # fmt: skip


@pytest.mark.parametrize("reason", WRONG)
def test_each_contradiction_is_told_by_its_reason(bench, reason: str) -> None:
    bench.fill(investigations=rows_of({"N1": WRONG[reason]}))
    table = bench.build("flow")
    odd = table.frame.query("component == 'ODD_STEP' and reason != '_T'")
    assert set(odd["reason"]) == {reason}
    assert (odd["obs_value"] == 1).all()
    assert_balanced(table)


def test_steps_that_cancel_each_other_are_still_counted(bench) -> None:
    twice = {"N1": WRONG["ALREADY_OPEN"], "N2": WRONG["NOT_OPENED"]}
    bench.fill(investigations=rows_of(twice))
    table = bench.build("flow")
    assert value(table, "2020", "RESIDUAL", reason="_T") == 0
    assert value(table, "2020", "ODD_STEP", reason="_T") == 2


def test_a_year_without_month_is_in_the_year_and_in_the_residual_of_no_month(
    bench,
) -> None:
    vague = {"case_no": "N1", "step_no": "2", "step": "TERMINATED", "body": "PROS",
             "step_on": "2020-01-01", "step_on_precision": "YEAR"}  # fmt: skip
    bench.fill(
        investigations=[*rows_of({"N1": [("OPENED", "PROS", "2019-11-05")]}), vague]
    )
    table = bench.build("flow")
    assert value(table, "2020", "TERMINATED") == 1
    assert value(table, "2020", "RESIDUAL", reason="_T") == 0
    assert value(table, "2020-01", "TERMINATED") == 0
    assert value(table, "2020-01", "RESIDUAL", reason="UNDATED") == -1


def test_a_case_without_any_date_is_in_no_period_but_in_the_whole(bench) -> None:
    cases = {"N1": [("OPENED", "PROS", None)], "N2": [("OPENED", "PROS", "2020-01-05")]}
    bench.fill(investigations=rows_of(cases))
    table = bench.build("flow")
    assert value(table, "2020", "OPEN_END") == 1
    assert value(table, "_U", "OPEN_END") == 1
    assert value(table, "_T", "OPEN_END") == 2
    traced = Counter(table.provenance["cell_id"])
    ends = table.frame.query("component == 'OPEN_END'").set_index("cell_id")
    assert all(traced[cell] == n for cell, n in ends["obs_value"].items())


def test_a_source_that_names_no_body_has_only_the_total(bench) -> None:
    rows = [{**row, "body": None} for row in rows_of(CLEAN)]
    bench.fill(investigations=rows)
    frame = bench.build("flow").frame
    of_bodies = frame[frame["handling_body"] != "_T"]
    assert (of_bodies["mark"] == "x").all()
    assert of_bodies["obs_value"].isna().all()
    assert frame.loc[frame["handling_body"] == "_T", "obs_value"].notna().all()


def test_nothing_is_added_over_sources(bench) -> None:
    other = [{**row, "source_id": "b_office"} for row in rows_of(CLEAN)]
    bench.fill(investigations=[*rows_of(CLEAN), *other])
    frame = bench.build("flow").frame
    whole = frame.query(
        "time_period == '_T' and component == 'OPENED' and handling_body == '_T'"
    )
    assert dict(zip(whole["source_id"], whole["obs_value"], strict=True)) == {
        "a_office": 3,
        "b_office": 3,
    }


def test_every_flow_of_the_list_of_steps_is_a_component(lists) -> None:
    steps = lists["step"].rows.query("effect in ['IN', 'OUT']")
    components = lists["flow_component"].rows.set_index("code")["sign"]
    expected = dict(zip(steps["code"], steps["effect"], strict=True))
    assert {code: components[code] for code in steps["code"]} == expected
    assert {*COMES, *GOES} - {"RECEIVED", "TRANSFERRED"} == set(expected)
    assert pd.Index([*COMES, *GOES]).isin(components.index).all()

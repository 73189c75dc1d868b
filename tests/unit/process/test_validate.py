"""Records are accepted or quarantined; none is lost, and each refusal is explained."""

from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import UnknownCodeError
from pipeline.model import Reviewed
from pipeline.process.validate import review
from schemas.records import RECORDS, ROW_CHECKS

Row = dict[str, str | None]
GOOD: dict[str, Row] = {
    "complaints": {
        "complaint_id": "C1", "received_on": "2020-03-05", "channel": "_U",
        "deprived_of_liberty": "yes", "accused_body": "police", "persons_count": "1",
        "event_from": "2020-03-01", "event_to": "2020-03-02",
    },
    "checks": {
        "check_id": "K1", "complaint_id": "C1", "checking_body": "police",
        "started_on": "2020-03-06", "ended_on": "2020-03-09", "outcome": "_U",
    },
    "investigations": {
        "case_no": "N1", "step_no": "1", "step": "OPENED", "step_on": "2020-04-01",
        "body": "PROS",
    },
    "prosecutions": {
        "prosecution_id": "P1", "case_no": "N1", "accused_key": "ab12",
        "accused_body": "police", "charge_indicted": "CC14-146-2",
        "court_outcome": "CONVICTED", "decided_on": "2021-02-01", "instance": "_U",
        "final": "yes", "event_from": "2020-03-01",
    },
    "sentences": {
        "sentence_id": "S1", "prosecution_id": "P1", "charge": "CC14-146-2",
        "verdict_on": "2021-02-01", "penalty": "PRISON", "main_or_additional": "MAIN",
        "suspended": "no", "term_months": "48-72", "compensation_claimed": "1 000,50",
        "compensation_awarded": "0", "compensation_paid": None,
    },
    "figures": {
        "figure_id": "F1", "indicator": "REGISTERED_CASE", "ref_area": "KZ",
        "period_start": "2014-01-01", "period_end": "2014-12-31",
        "period_type": "CALENDAR_YEAR", "value": "12", "unit": "CASE",
        "qualifier": "EXACT", "stated_by": "GPO", "document": "D1",
    },
    "claims": {
        "claim_id": "Q1", "kind": "range", "about": "F1;F2", "stated_by": "GPO",
        "document": "D1",
    },
    "codes": {"code_list": "B1", "code": "7", "label": "An office"},
    "documents": {"document": "D1", "publisher": "An office", "title": "A report"},
}  # fmt: skip

BAD_ROWS: list[tuple[str, str, Row]] = [
    ("complaints", "event_from_after_event_to", {"event_to": "2020-02-01"}),
    ("complaints", "event_from_after_received_on", {"received_on": "2020-02-01"}),
    ("complaints", "negative_persons_count", {"persons_count": "-1"}),
    ("checks", "started_on_after_ended_on", {"ended_on": "2020-03-05"}),
    ("checks", "neither_complaint_id", {"complaint_id": None}),
    ("complaints", "received_on_after_withdrawn_on", {"withdrawn_on": "2020-03-04"}),
    ("complaints", "birth_year_out_of_range", {"birth_year": "1891"}),
    ("complaints", "age_at_event_out_of_range", {"age_at_event": "130"}),
    ("prosecutions", "indicted_on_after_decided_on", {"indicted_on": "2021-03-01"}),
    ("sentences", "verdict_on_after_in_force_on", {"in_force_on": "2021-01-01"}),
    ("sentences", "negative_fine_mci", {"fine_mci": "-5"}),
    ("sentences", "fine_mci_year_out_of_range", {"fine_mci_year": "23"}),
    ("investigations", "step_no_no_number", {"step_no": "2a"}),
    ("complaints", "total_in_a_register", {"accused_body": "_T"}),
    ("complaints", "total_in_a_register", {"allegations": "_T;_U"}),
    ("checks", "total_in_a_register", {"checking_body": "_T"}),
    ("investigations", "total_in_a_register", {"body": "_T"}),
    ("prosecutions", "total_in_a_register", {"accused_body": "_T"}),
    ("sentences", "total_in_a_register", {"penalty": "_T"}),
    ("prosecutions", "event_from_after_decided_on", {"decided_on": "2020-02-01"}),
    ("sentences", "negative_term_months_low", {"term_months": "-6"}),
    ("sentences", "negative_compensation_claimed", {"compensation_claimed": "-1"}),
    ("sentences", "negative_compensation_awarded", {"compensation_awarded": "-1"}),
    ("sentences", "negative_compensation_paid", {"compensation_paid": "-1"}),
    ("figures", "period_start_after_period_end", {"period_end": "2013-12-31"}),
    ("figures", "whole_number_of_a_count", {"value": "32.27"}),
    ("figures", "value_missing", {"value": None}),
    ("figures", "value_withheld", {"obs_mark": "c"}),
]


@pytest.fixture(scope="session")
def judged(raw, sources, lists: dict[str, CodeList]):
    """Return a function that reviews rows of one kind of record."""

    def judge(name: str, rows: list[Row], source: str = "open") -> Reviewed:
        return review(raw(name, rows, source), RECORDS[name], sources, lists)

    return judge


@pytest.mark.parametrize("name", RECORDS)
def test_a_good_record_is_accepted(judged, name: str) -> None:
    found = judged(name, [GOOD[name]])
    assert found.reasons.empty, found.reasons.to_string()
    assert (len(found.accepted), len(found.quarantined)) == (1, 0)


@pytest.mark.parametrize("name", RECORDS)
def test_no_records_are_reviewed_to_none_with_all_columns(judged, name: str) -> None:
    found = judged(name, [])
    columns = {c for field in RECORDS[name].fields for c in field.core_columns}
    assert columns <= set(found.accepted.columns)
    assert found.accepted.empty
    assert found.quarantined.empty
    assert found.reasons.empty


@pytest.mark.parametrize(("name", "rule", "change"), BAD_ROWS)
def test_a_check_of_a_record_refuses_the_bad_and_keeps_the_good(
    judged, name: str, rule: str, change: Row
) -> None:
    key = RECORDS[name].key[0]
    found = judged(name, [GOOD[name], {**GOOD[name], key: "other", **change}])
    assert list(found.reasons["rule"]) == [rule]
    assert list(found.accepted[key]) == [GOOD[name][key]]
    assert list(found.quarantined[key]) == ["other"]
    assert found.reasons["expected"].iloc[0] != "a record that passes the check"


def test_every_check_of_a_record_is_shown_failing() -> None:
    declared = {(n, str(c.name)) for n, checks in ROW_CHECKS.items() for c in checks}
    assert {(name, rule) for name, rule, _ in BAD_ROWS} == declared


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_without_a_required_value_is_refused(judged, name: str) -> None:
    needed = [field.name for field in RECORDS[name].fields if field.required]
    found = judged(name, [{**GOOD[name], field: None} for field in needed])
    told = found.reasons[found.reasons["rule"] == "required"]
    assert sorted(told["field"]) == sorted(needed)
    assert len(found.quarantined) == len(needed)
    assert set(told["expected"]) == {
        "a value, or 'unknown' where the document does not say"
    }


@pytest.mark.parametrize(
    ("name", "field"), [("complaints", "received_on"), ("prosecutions", "accused_key"),
                        ("sentences", "prosecution_id"), ("checks", "outcome")]
)  # fmt: skip
def test_unknown_is_a_legal_filling(judged, name: str, field: str) -> None:
    found = judged(name, [{**GOOD[name], field: "n/k"}])
    assert found.reasons.empty
    assert len(found.accepted) == 1


def test_unknown_complaints_of_a_case_stay_unknown(judged) -> None:
    case = {**GOOD["investigations"], "complaint_ids": "unknown"}
    accepted = judged("investigations", [case]).accepted
    assert list(accepted["complaint_ids"]) == ["_U"]


@pytest.mark.parametrize(
    ("name", "field", "word", "rule"),
    [
        ("complaints", "received_on", "2014-02-30", "not_a_date"),
        ("complaints", "persons_count", "17~", "not_a_number"),
        ("sentences", "term_months", "72-48", "not_a_range"),
        ("figures", "value", "twelve", "not_a_number"),
    ],
)
def test_a_text_of_the_wrong_kind_is_refused_with_its_cell(
    judged, name: str, field: str, word: str, rule: str
) -> None:
    found = judged(name, [{**GOOD[name], field: word}])
    told = found.reasons[found.reasons["rule"] == rule].iloc[0]
    letter = chr(ord("A") + RECORDS[name].names.index(field))
    assert told["place"] == f"open.xlsx!{name}!{letter}2"
    assert repr(word) in told["what"]
    assert found.quarantined[field].tolist() == [word]


def test_the_text_of_a_restricted_cell_is_not_told(judged) -> None:
    bad = {"received_on": "Zzyzx", "persons_count": "Zzyzx"}
    found = judged("complaints", [{**GOOD["complaints"], **bad}], "closed")
    assert set(found.reasons["rule"]) >= {"not_a_date", "not_a_number"}
    assert "zzyzx" not in found.reasons.to_csv().casefold()


@pytest.mark.parametrize(
    "change", [{"unit": "PERCENT"}, {"unit": "KZT"}, {"period_type": "ANNUAL_RATE"}]
)
def test_what_is_no_count_may_have_a_part(judged, change: Row) -> None:
    part = {**GOOD["figures"], "value": "32.27", **change}
    assert len(judged("figures", [part]).accepted) == 1


def test_a_record_that_stands_twice_is_kept_once(judged) -> None:
    twice = [GOOD["complaints"], GOOD["complaints"]]
    found = judged("complaints", twice)
    assert list(found.reasons["rule"]) == ["duplicate"]
    assert (len(found.accepted), len(found.quarantined)) == (1, 1)


def test_steps_of_one_case_are_no_duplicates(judged) -> None:
    steps = [{**GOOD["investigations"], "step_no": str(n)} for n in (1, 2)]
    assert len(judged("investigations", steps).accepted) == 2


def test_dates_known_to_the_month_may_stand_in_either_order(judged) -> None:
    row = {**GOOD["complaints"], "received_on": "2020-03", "event_to": None}
    assert len(judged("complaints", [row]).accepted) == 1


def test_all_unknown_words_of_all_sources_are_told_at_once(raw, sources, lists) -> None:
    bad = {**GOOD["complaints"], "accused_body": "qqqq", "channel": "wwww"}
    both = pd.concat([raw("complaints", [bad]), raw("complaints", [bad], "closed")])
    with pytest.raises(UnknownCodeError) as told:
        review(both, RECORDS["complaints"], sources, lists)
    assert len(told.value.problems) == 4
    assert str(told.value).count("qqqq") == 1


def test_dates_outside_the_days_of_their_source_are_refused(
    raw, sources: dict[str, Source], lists: dict[str, CodeList]
) -> None:
    within = {"open": sources["open"].model_copy(
        update={"dates_within": ("2019-06-15", "2020-12-31")})}  # fmt: skip
    days = ["2019-06-14", "2019-06", "2019", "2018", "2021-01", "2020-12-31", "n/k"]
    rows = [
        {**GOOD["checks"], "check_id": str(n), "started_on": day, "ended_on": None}
        for n, day in enumerate(days)
    ]
    found = review(raw("checks", rows), RECORDS["checks"], within, lists)
    assert list(found.quarantined["started_on"]) == ["2019-06-14", "2018", "2021-01"]
    assert set(found.reasons["rule"]) == {"not_a_date"}


@pytest.mark.parametrize(
    ("meaning", "value", "mark"),
    [("withheld", None, "c"), ("not_supplied", None, "x"), ("zero", 0.0, None)],
)
def test_a_mark_in_the_place_of_a_number_says_why_there_is_none(
    raw, sources: dict[str, Source], lists: dict[str, CodeList], meaning, value, mark
) -> None:
    marked = sources["open"].model_copy(update={"marks": {"X": meaning}})
    rows = [
        {**GOOD["figures"], "value": "X"},
        {**GOOD["figures"], "figure_id": "F2", "value": "X", "obs_mark": "r"},
    ]
    found = review(raw("figures", rows), RECORDS["figures"], {"open": marked}, lists)
    assert found.reasons.empty
    told = found.accepted[["value", "obs_mark"]].astype("object")
    told = told.where(told.notna(), None)
    assert told["value"].tolist() == [value, value]
    both = ";".join(sorted(filter(None, [mark, "r"])))
    assert told["obs_mark"].tolist() == [mark, both]


def test_a_mark_of_numbers_means_nothing_in_a_code(
    raw, sources: dict[str, Source], lists: dict[str, CodeList]
) -> None:
    marked = sources["open"].model_copy(update={"marks": {"X": "withheld"}})
    row = {**GOOD["complaints"], "accused_body": "X"}
    with pytest.raises(UnknownCodeError, match="'X' is not in the code list"):
        review(raw("complaints", [row]), RECORDS["complaints"], {"open": marked}, lists)


def test_every_one_of_many_bad_rows_has_its_own_place(judged) -> None:
    rows = [
        {**GOOD["complaints"], "complaint_id": str(n), "persons_count": f"x{n}"}
        for n in range(500)
    ]
    reasons = judged("complaints", rows).reasons
    assert len(reasons) == 500
    letter = chr(ord("A") + RECORDS["complaints"].names.index("persons_count"))
    assert list(reasons["place"]) == [
        f"open.xlsx!complaints!{letter}{n}" for n in range(2, 502)
    ]
    assert "'x499'" in reasons["what"].iloc[-1]


FILLINGS: Mapping[str, list[str | None]] = {
    "complaint_id": ["C1", "C2", "C3", "C4", None],
    "received_on": ["2020-03-05", "2020-02-01", "2014-02-30", "n/k", None],
    "persons_count": ["1", "-1", "17~", None],
    "event_from": ["2020-03-01", "2020", "text", None],
    "event_to": ["2020-02-01", "2020-03-04", None],
    "accused_body": ["police", "n/k", None],
}
ROWS = st.lists(
    st.fixed_dictionaries({k: st.sampled_from(v) for k, v in FILLINGS.items()}),
    max_size=6,
)


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(rows=ROWS)
def test_accepted_and_quarantined_are_all_records_and_share_none(
    judged, rows: list[Row]
) -> None:
    found = judged("complaints", [{**GOOD["complaints"], **row} for row in rows])
    kept, refused = (
        set(found.accepted["record_id"]),
        set(found.quarantined["record_id"]),
    )
    assert len(found.accepted) + len(found.quarantined) == len(rows)
    assert kept | refused == {f"open!complaints!A{n}" for n in range(2, len(rows) + 2)}
    assert not kept & refused
    assert set(found.reasons["record_id"]) == refused

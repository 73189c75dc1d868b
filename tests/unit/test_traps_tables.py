"""Traps between the registers and the tables: years, retellings, disputes, places.

In here: small registers and figures, built into tables. Not in here: what one unit is
(`analyse/`), pictures and files (`test_traps_published.py`).
"""

from typing import get_args

import pytest
from unit.analyse import conftest as of_registers

from pipeline.declarations.rates import read_rates
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import read_tables
from pipeline.store.out import keep
from pipeline.workspace import REPOSITORY, Workspace

bench = of_registers.bench
YEAR = {"period_start": "2021-01-01", "period_end": "2021-12-31"}
FIGURE = {
    "figure_id": "F1", "indicator": "REGISTERED_CASE", "ref_area": "KZ", **YEAR,
    "value": 685.0, "period_type": "CALENDAR_YEAR", "unit": "CASE",
    "qualifier": "EXACT", "stated_by": "GPO", "document": "D1",
}  # fmt: skip
HELD = {"indicator": "COMPLAINT_RECEIVED", "unit": "COMPLAINT",
        "deprived_of_liberty": "YES"}  # fmt: skip
ANSWERS = ("complaints", "investigated", "prosecuted", "penalties")
SPECS = read_tables(Workspace(REPOSITORY))
PLACES = {"facility_type", "region"}
WITH_PLACES = sorted(
    name
    for name, spec in SPECS.items()
    if spec.built == "cube" and PLACES & set(spec.dimensions.values())
)


def stated(bench, *figures: dict[str, object]):
    """Return what answers 8(c), of some figures and no register."""
    bench.fill(figures=list(figures))
    for name in ANSWERS:
        keep(bench.warehouse, bench.build(name))
    frame = bench.build("answer_8c").frame
    return frame[frame["basis"] == "FIGURE"].set_index("figure_id")


def test_a_figure_without_a_year_is_shown_and_answers_for_no_year(bench) -> None:
    lost = {**FIGURE, "figure_id": "F2", "period_start": None, "period_end": None}
    answers = stated(bench, FIGURE, lost)
    assert list(answers.index) == ["F1"]
    shown = bench.build("reported_figures").frame.set_index("figure_id")
    assert shown["time_period"].to_dict() == {"F1": "2021", "F2": "_U"}
    assert shown.loc["F2", "obs_value"] == 685
    counted = bench.build("coverage")
    assert set(counted.provenance["record_id"]) == {"a_office!figures!A2"}


def test_so_many_a_year_answers_for_no_year(bench) -> None:
    rate = {**FIGURE, **HELD, "figure_id": "F2", "period_type": "ANNUAL_RATE"}
    answers = stated(bench, {**FIGURE, **HELD}, rate)
    assert answers["scope"].to_dict() == {"F1": "ASKED", "F2": "BESIDE"}
    assert answers.loc["F2", "period_type"] == "ANNUAL_RATE"


def test_a_retelling_is_no_second_voice(bench) -> None:
    retold = {**FIGURE, "figure_id": "F2", "stated_by": "GPO_VIA_VLAST"}
    other = {**FIGURE, "figure_id": "F3", "stated_by": "OMBUDSMAN", "value": 766.0}
    alone = stated(bench, FIGURE, retold)
    assert set(alone["preferred"]) == {""}
    disputed = stated(bench, FIGURE, retold, other)
    preferred = disputed["preferred"].to_dict()
    assert preferred == {"F1": "YES", "F2": "YES", "F3": ""}


def test_both_sides_of_a_dispute_stand_with_their_definitions(bench) -> None:
    complaints = {**FIGURE, **HELD}
    sides = [
        {**complaints, "stated_by": "NGO_COAL", "definition": "TORTURE_CIDT"},
        {**complaints, "figure_id": "F2", "stated_by": "OMBUDSMAN", "value": 63.0,
         "definition": "TORTURE"},
    ]  # fmt: skip
    answers = stated(bench, *sides)
    assert answers["obs_value"].to_dict() == {"F1": 685, "F2": 63}
    assert answers["stated_by"].to_dict() == {"F1": "NGO_COAL", "F2": "OMBUDSMAN"}
    assert set(answers["preferred"]) == {""}  # of two things none is preferred
    told = answers["breakdown"].str.extract(r"definition=(\w+)")[0]
    assert told.to_dict() == {"F1": "TORTURE_CIDT", "F2": "TORTURE"}
    shown = bench.build("reported_figures").frame
    assert sorted(shown["obs_value"]) == [63, 685]


def test_tables_with_places_are_those_tested() -> None:
    assert {"investigated", "point_27", "withdrawals"} <= set(WITH_PLACES)
    monthly = SPECS["flow"]
    assert not PLACES & set(monthly.dimensions.values())


@pytest.mark.parametrize("name", WITH_PLACES)
def test_a_place_is_a_type_and_is_never_told_by_month(bench, name: str) -> None:
    day, key = "2020-03-05", "0f1e2d3c4b5a6978"
    case = {"case_no": "N1", "body": "PROS", "step_on": day, "complaint_ids": "C1"}
    bench.fill(
        complaints=[{"complaint_id": "C1", "received_on": day, "event_from": day,
                     "place_of_custody": "SIZO", "place_of_act": "SIZO",
                     "facility_key": key, "region": "KZ-11", "accused_body": "KUIS",
                     "deprived_of_liberty": "YES", "purpose": "COERCION",
                     "allegations": "BEATING", "withdrawn_on": "2020-04-01",
                     "reprisal_reported": "YES"}],
        checks=[{"check_id": "X1", "complaint_id": "C1", "checking_body": "KUIS",
                 "started_on": day, "outcome": "REGISTERED"}],
        investigations=[{**case, "step_no": "1", "step": "OPENED"},
                        {**case, "step_no": "2", "step": "SENT_TO_COURT"}],
        prosecutions=[{"prosecution_id": "P1", "case_no": "N1", "accused_key": "k1",
                       "accused_body": "KUIS", "court_outcome": "CONVICTED",
                       "decided_on": day, "charge_verdict": "CC14-362"}],
        sentences=[{"sentence_id": "S1", "prosecution_id": "P1", "penalty": "PRISON",
                    "main_or_additional": "MAIN", "verdict_on": day,
                    "suspended": "NO", "charge": "CC14-362"}],
    )  # fmt: skip
    frame = bench.build(name).frame
    assert set(frame["time_period"]) == {"2020", "_T"}
    assert not frame.astype("str").eq(key).any(axis=None)
    told = [d for d, of in SPECS[name].dimensions.items() if of in PLACES]
    assert frame[told].isin(["SIZO", "KZ-11"]).any(axis=None)


def test_a_mark_of_a_source_reaches_the_published_tables(bench) -> None:
    told = {
        "F1": {"value": None, "obs_mark": "c"},
        "F2": {"value": None, "obs_mark": "x"},
        "F3": {"value": 0.0},
        "F4": {"value": 5.0, "obs_mark": "r"},
        "F5": {"value": 6.0, "obs_mark": "p;r;p"},
    }
    rows = [FIGURE | {"figure_id": name} | facts for name, facts in told.items()]
    answers = stated(bench, *rows)
    figures = bench.build("reported_figures").frame.set_index("figure_id")
    for published in (answers, figures):
        assert published["mark"].to_dict() == {
            "F1": "c", "F2": "x", "F3": "", "F4": "r", "F5": "p;r",
        }  # fmt: skip
        assert published["obs_status"].to_dict() == {
            "F1": "Q", "F2": "M", "F3": "A", "F4": "A", "F5": "P",
        }  # fmt: skip


def test_a_year_that_a_source_only_marks_as_not_supplied_has_no_answer(bench) -> None:
    asked = {**FIGURE, **HELD}
    stated(bench, asked | {"value": None, "obs_mark": "x"})
    answers = bench.build("answer_8c").frame
    empty = answers[(answers["basis"] == "NOTHING") & (answers["question"] == "8C1")]
    assert "2021" in set(empty["year"])
    stated(bench, asked)
    answers = bench.build("answer_8c").frame
    empty = answers[(answers["basis"] == "NOTHING") & (answers["question"] == "8C1")]
    assert "2021" not in set(empty["year"])


def test_of_those_who_came_to_an_organisation_there_is_no_rate() -> None:
    allowed = read_rates()
    assert {c for one in allowed.values() for c in one.coverage} == {"register"}
    assert "caseload" in get_args(Source.model_fields["coverage"].annotation)


def test_a_figure_without_its_number_is_no_answer_and_never_preferred(bench) -> None:
    asked = {**FIGURE, **HELD}
    empty = {**asked, "figure_id": "F2", "value": None, "obs_mark": "x"}
    other = {**asked, "figure_id": "F3", "stated_by": "NGO_COAL", "value": 9.0}
    answers = stated(bench, empty, other)
    assert set(answers["preferred"]) == {""}
    bench.fill(figures=[empty])
    told = bench.build("coverage").frame
    year = told[(told["question"] == "8C1") & (told["time_period"] == "2021")]
    assert "PUBLISHED" not in set(year["state"])


def test_a_whole_register_answers_and_a_part_of_all_does_not(bench) -> None:
    complaint = {"complaint_id": "1", "received_on": "2021-01-05",
                 "deprived_of_liberty": "YES", "place_of_custody": "SIZO"}  # fmt: skip
    for source, is_answered in (("a_office", True), ("b_office", False)):
        bench.fill(complaints=[{**complaint, "source_id": source}])
        for name in ANSWERS:
            keep(bench.warehouse, bench.build(name))
        answers = bench.build("answer_8c").frame
        of_year = answers[(answers["question"] == "8C1") & (answers["year"] == "2021")]
        assert "NOTHING" not in set(of_year["basis"]) or not is_answered
        assert ("REGISTER" in set(of_year["basis"])) == is_answered
        assert ("NOTHING" in set(of_year["basis"])) != is_answered

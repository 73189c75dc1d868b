"""Tables built of a small warehouse: traces required, figures and registers apart."""

import pandas as pd
import pytest

from pipeline.analyse.build import require_trace
from pipeline.errors import ProvenanceError
from pipeline.store.out import keep

FIGURE = {
    "figure_id": "F1", "indicator": "REGISTERED_CASE", "ref_area": "KZ",
    "period_start": "2023-01-01", "period_end": "2023-12-31", "value": 462.0,
    "period_type": "CALENDAR_YEAR", "unit": "CASE", "qualifier": "EXACT",
    "stated_by": "GPO", "document": "D1",
}  # fmt: skip
COMPLAINT = {
    "complaint_id": "C1", "received_on": "2023-05-01", "deprived_of_liberty": "YES",
    "place_of_custody": "CAMP", "accused_body": "KUIS", "source_id": "b_office",
}  # fmt: skip


def test_a_number_without_a_trace_stops_the_build(bench) -> None:
    bench.fill(complaints=[COMPLAINT])
    table = bench.build("complaints")
    require_trace(bench.warehouse, table)
    lost = table.frame.assign(cell_id="0" * 16)
    with pytest.raises(ProvenanceError, match="no trace"):
        require_trace(bench.warehouse, table._replace(frame=lost))


def test_an_empty_value_and_a_zero_need_no_trace(bench) -> None:
    table = bench.build("quarantine")
    frame = pd.DataFrame({"cell_id": ["1", "2"], "obs_value": [0.0, None]})
    require_trace(bench.warehouse, table._replace(frame=frame))


@pytest.mark.parametrize(
    ("start", "end", "mark"),
    [
        ("2022-01-01", "2022-12-31", ""),
        ("2023-01-01", "2023-12-31", "b"),
        ("2023-01-01", "2023-03-16", ""),
        ("2023-03-17", "2023-12-31", "b"),
        ("2023-03-18", "2023-12-31", ""),
        ("2015-01-01", "2015-12-31", "b"),
        (None, None, ""),
    ],
)
def test_a_period_that_holds_a_break_is_marked(
    bench, start: str | None, end: str | None, mark: str
) -> None:
    bench.fill(figures=[{**FIGURE, "period_start": start, "period_end": end}])
    assert list(bench.build("reported_figures").frame["mark"]) == [mark]


def test_a_break_marks_only_the_series_that_it_touches(bench) -> None:
    bench.fill(figures=[{**FIGURE, "indicator": "NPM_VISIT", "unit": "VISIT"}])
    assert list(bench.build("reported_figures").frame["mark"]) == [""]


def test_a_figure_keeps_its_cell_when_its_value_is_revised(bench) -> None:
    bench.fill(figures=[FIGURE])
    first = bench.build("reported_figures").frame
    bench.fill(figures=[{**FIGURE, "figure_id": "F0"}, {**FIGURE, "value": 460.0}])
    second = bench.build("reported_figures").frame
    assert first["cell_id"].iloc[0] in set(second["cell_id"])
    assert second.set_index("cell_id").loc[first["cell_id"].iloc[0], "obs_value"] == 460


@pytest.mark.parametrize("name", ["answer_8c", "coverage"])
def test_figures_and_registers_are_in_rows_of_their_own(bench, name: str) -> None:
    received = {**FIGURE, "indicator": "COMPLAINT_RECEIVED", "unit": "COMPLAINT",
                "deprived_of_liberty": "YES"}  # fmt: skip
    bench.fill(figures=[received], complaints=[COMPLAINT])
    for cube in ("complaints", "investigated", "prosecuted", "penalties"):
        table = bench.build(cube)
        keep(bench.warehouse, table)
    table = bench.build(name)
    kinds = table.provenance["sheet"].groupby(table.provenance["cell_id"]).nunique()
    assert (kinds == 1).all()
    assert table.sources == frozenset({"a_office", "b_office"})
    empty = table.frame[table.frame["mark"] == "x"]
    assert empty["obs_value"].isna().all()
    if name == "answer_8c":  # an empty cell of coverage traces to what lacks it
        assert not empty["cell_id"].isin(table.provenance["cell_id"]).any()


def test_only_of_a_list_declared_so_a_count_is_a_documented_minimum(bench) -> None:
    whole = COMPLAINT | {"complaint_id": "C2", "source_id": "a_office"}
    bench.fill(complaints=[COMPLAINT, whole])
    for cube in ("complaints", "investigated", "prosecuted", "penalties"):
        keep(bench.warehouse, bench.build(cube))
    frame = bench.build("answer_8c").frame
    counted = frame[frame["obs_value"].notna()].set_index("source_id")
    columns = ["basis", "qualifier", "reason", "obs_value"]
    assert counted.loc["a_office", columns].tolist() == ["REGISTER", "EXACT", "", 1]
    assert counted.loc["b_office", columns].tolist() == [
        *("MINIMUM", "AT_LEAST", "documented minimum", 1)
    ]


def test_records_refused_are_counted_by_rule_and_once_in_total(bench) -> None:
    bench.fill(complaints=[COMPLAINT, {**COMPLAINT, "complaint_id": "C2"}])
    refused = bench.warehouse.read("SELECT * FROM meta.record").assign(
        state="QUARANTINED"
    )
    bench.warehouse.replace("meta.record", refused, "Records.")
    reasons = pd.DataFrame(
        {"record_id": refused["record_id"].iloc[[0, 0, 1]].to_list(),
         "source_id": "b_office", "record": "complaints",
         "rule": ["required", "not_a_date", "required"], "state": "OPEN"}
    )  # fmt: skip
    kept = bench.warehouse.read("SELECT * FROM quarantine.reason")
    bench.warehouse.replace("quarantine.reason", reasons, "Reasons.")
    try:
        frame = bench.build("quarantine").frame.set_index(["state", "rule"])
    finally:
        bench.warehouse.replace("quarantine.reason", kept, "Reasons.")
    assert frame["obs_value"].to_dict() == {
        ("QUARANTINED", "_T"): 2,
        ("QUARANTINED", "required"): 2,
        ("QUARANTINED", "not_a_date"): 1,
    }

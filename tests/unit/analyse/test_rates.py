"""Rates: only where declared, one for each denominator, none of a minimum."""

import pandas as pd
import pytest

from pipeline.analyse.disclosure import OutTable

COMPLAINTS = [
    {"complaint_id": f"C{n}", "received_on": "2020-03-01", "deprived_of_liberty": told,
     "place_of_custody": place}
    for n, (told, place) in enumerate(
        [("YES", "SIZO"), ("YES", "CAMP"), ("YES", "CAMP"), ("NO", "_Z")]
    )
]  # fmt: skip
FIGURE = {
    "indicator": "PERSONS_DETAINED", "unit": "PERSON", "period_type": "SNAPSHOT",
    "period_start": "2020-12-31", "period_end": "2020-12-31", "ref_area": "KZ",
    "qualifier": "EXACT", "value": 3000.0, "figure_id": "F1", "stated_by": "MIA",
    "source_id": "b_office",
}  # fmt: skip


@pytest.fixture
def rates(bench):
    """Return what builds the rates of some complaints and figures."""

    def build(complaints: list[dict], figures: list[dict]) -> OutTable:
        bench.fill(complaints=complaints, figures=figures)
        cube = bench.build("complaints")
        bench.warehouse.replace("out.complaints", cube.frame, "Complaints.")
        kept = pd.DataFrame({"table_name": "complaints", "source_id": ["a_office"]})
        bench.warehouse.replace("meta.table_source", kept, "Sources.")
        return bench.build("rates")

    return build


def test_a_rate_is_the_count_over_the_figure_and_traces_to_both(rates) -> None:
    camp = {**FIGURE, "figure_id": "F2", "value": 500.0, "facility_type": "CAMP"}
    table = rates(COMPLAINTS, [FIGURE, camp])
    found = table.frame.set_index("place_of_custody")
    assert found["obs_value"].to_dict() == {"_T": 1.0, "CAMP": 4.0}
    assert found["numerator"].to_dict() == {"_T": 3, "CAMP": 2}
    traced = table.provenance[
        table.provenance["cell_id"] == found.loc["CAMP", "cell_id"]
    ]
    assert sorted(traced["sheet"]) == ["complaints", "complaints", "figures"]
    assert table.sources == frozenset({"a_office", "b_office"})


def test_two_who_state_the_denominator_give_two_rates(rates) -> None:
    other = {**FIGURE, "figure_id": "F2", "value": 6000.0, "stated_by": "GPO"}
    table = rates(COMPLAINTS, [FIGURE, other])
    assert sorted(table.frame["obs_value"]) == [0.5, 1.0]
    assert set(table.frame["stated_by"]) == {"MIA", "GPO"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "CASE"},
        {"period_type": "CALENDAR_YEAR"},
        {"period_end": "2019-12-31", "period_start": "2019-12-31"},
        {"sex": "F"},
        {"value": 0.0},
    ],
)
def test_without_a_denominator_that_fits_there_is_no_rate(rates, wrong) -> None:
    table = rates(COMPLAINTS, [{**FIGURE, **wrong}])
    assert table.frame["place_of_custody"].to_list() == ["_T"]
    assert table.frame["mark"].to_list() == ["x"]
    assert table.frame["obs_value"].isna().all()


def test_of_a_documented_minimum_there_is_no_rate(rates) -> None:
    minimum = [{**row, "source_id": "b_office"} for row in COMPLAINTS]
    assert rates(minimum, [FIGURE]).frame.empty

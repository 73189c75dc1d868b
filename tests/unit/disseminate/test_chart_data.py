"""What a chart shows, without drawing it."""

from datetime import date

import pytest
from small_tables import spec

from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.chart_data import (
    Break,
    Point,
    breaks_of,
    chart_rows,
    grid,
    joined,
    lines,
    panels,
    years_between,
)
from pipeline.disseminate.wording import Words
from pipeline.errors import DeclarationError

BARS = ChartSpec(
    chart="bars", table="penalties", kind="stacked_bars", title="T", unit="persons",
    x="penalty", by="charge", alt="Bars.",
)  # fmt: skip
SERIES = ChartSpec(
    chart="s", table="reported", kind="series", title="T", unit="as stated",
    x="time_period", by="stated_by", panel="indicator", free=("figure_id",),
    breaks=("BR2012_REG", "BR2015_CODES", "BR2023_146"), alt="Points.",
)  # fmt: skip
REPORTED = spec(
    "reported",
    {"figure_id": "", "indicator": "indicator", "stated_by": "stating_party",
     "charge": "charge"},
)  # fmt: skip
CODES = Break("B", "New codes", date(2015, 1, 1))
SPLIT = Break("S", "Split", date(2023, 3, 17))


def figure(year, value, party="OMBUDSMAN", **more):
    row = {"figure_id": f"F{year}{party}", "indicator": "REGISTERED_CASE"}
    row |= {"stated_by": party, "time_period": str(year), "obs_value": value}
    return row | {"unit_measure": "CASE"} | more


def test_what_a_chart_leaves_out_is_shown_as_its_total(penalties, lists):
    data = grid(penalties, BARS, Words(lists))
    assert data.values["CC14-146-2-W2015", "PRISON"] == 12
    assert data.totals["CC14-146-2-W2015"] == 14
    assert "_T" not in data.rows + data.columns


def test_a_withheld_cell_has_its_mark_and_no_value(penalties, lists):
    data = grid(penalties, BARS, Words(lists))
    assert data.marks == {("_U", "FINE"): "c"}
    assert ("_U", "FINE") not in data.values


def test_rows_stand_in_the_order_of_their_list_and_unknown_last(penalties, lists):
    data = grid(penalties, BARS, Words(lists))
    assert data.rows == ("CC97-141-1", "CC14-146-2-W2015", "_U")


def test_two_rows_on_one_place_stop_the_run(penalties, lists):
    loose = BARS.model_copy(update={"free": ("term_band",)})
    with pytest.raises(DeclarationError, match="CC14-146-2-W2015/PRISON"):
        grid(penalties, loose, Words(lists))


def test_a_column_that_the_table_lacks_stops_the_run(penalties):
    with pytest.raises(DeclarationError, match="prison"):
        chart_rows(penalties, BARS.model_copy(update={"x": "prison"}))


def test_neighbours_of_one_side_are_joined():
    points = [Point(2019, 850), Point(2020, 766), Point(2022, 920)]
    assert joined(points, [CODES]) == [(points[0], points[1])]


@pytest.mark.parametrize("first", [2022, 2023])
def test_a_year_that_holds_a_break_is_joined_to_none(first):
    assert joined([Point(first, 1), Point(first + 1, 2)], [SPLIT]) == []


def test_a_break_on_new_years_day_parts_two_years_only():
    assert joined([Point(2014, 1), Point(2015, 2)], [CODES]) == []
    assert len(joined([Point(2015, 1), Point(2016, 2)], [CODES])) == 1
    assert len(joined([Point(2013, 1), Point(2014, 2)], [CODES])) == 1


def test_no_line_joins_two_parties_or_two_charges(build):
    rows = [
        figure(2019, 850), figure(2020, 766), figure(2021, 63, "CLSSA"),
        figure(2021, 685, charge="CC14-146"),
    ]  # fmt: skip
    wide = SERIES.model_copy(update={"where": {"charge": ("_T", "CC14-146")}})
    found = lines(build(REPORTED, rows), wide, [], "REGISTERED_CASE")
    assert found["OMBUDSMAN"].segments == ((Point(2019, 850), Point(2020, 766)),)
    assert len(found["OMBUDSMAN"].points) == 3
    assert found["CLSSA"].segments == ()


def test_a_period_that_is_no_year_stops_the_run(build):
    table = build(REPORTED, [figure("2021-02", 88)])
    with pytest.raises(DeclarationError, match="2021-02 is no year"):
        lines(table, SERIES, [], "REGISTERED_CASE")


def test_breaks_are_read_from_the_code_list(lists):
    found = breaks_of(SERIES, lists)
    assert [b.day for b in found] == [
        date(2012, 1, 1), date(2015, 1, 1), date(2023, 3, 17)
    ]  # fmt: skip
    assert found[0].place == 2012
    assert 2023.2 < found[2].place < 2023.21


def test_an_unknown_break_stops_the_run(lists):
    with pytest.raises(DeclarationError, match="BR1999"):
        breaks_of(SERIES.model_copy(update={"breaks": ("BR1999",)}), lists)


def test_panels_name_their_unit_where_units_differ(build, lists):
    rows = [
        figure(2019, 850),
        figure(2019, 9, indicator="COMPLAINT_RECEIVED", unit_measure="COMPLAINT"),
    ]
    found = panels(build(REPORTED, rows), SERIES, Words(lists))
    assert [panel.code for panel in found] == ["COMPLAINT_RECEIVED", "REGISTERED_CASE"]
    assert found[1].heading == "Cases registered. Unit: Case (criminal file)"


def test_a_gap_in_the_years_is_a_column_of_its_own():
    assert years_between(["2012", "2009", "_U"]) == (
        "2009", "2010", "2011", "2012", "_U"
    )  # fmt: skip

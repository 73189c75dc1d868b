"""A year-to-date series: twelve months, one missing, one revised, one that falls."""

import pandas as pd
from small_figures import fig, table

from pipeline.process.year_to_date import increments
from schemas.figures import FIGURES

MONTHS = pd.date_range("2024-01-31", periods=12, freq="ME").strftime("%Y-%m-%d")
TOTALS = [3, 5, 9, 9, 14, 20, 21, 25, 30, 33, 35, 40]
V1, V2 = "2025-01-15", "2025-02-15"


def series(values, vintage=V1, **fields):
    """Return a year-to-date figure for each end that has a value."""
    rows = [
        fig(f"{vintage}-{end}", value, start="2024-01-01", end=end,
            period_type="CUMULATIVE_YTD", **fields)
        for end, value in values.items()
    ]  # fmt: skip
    frame = table(rows, FIGURES).assign(vintage=vintage)
    return frame.assign(period_start_precision="DAY", period_end_precision="DAY")


def year(**fields):
    """Return the figures of twelve months."""
    return series(dict(zip(MONTHS, TOTALS, strict=True)), **fields)


def told(figures):
    """Return period → value of the increments."""
    found = increments(figures)
    return dict(zip(found["time_period"], found["value"], strict=True))


def test_twelve_months_become_twelve_increments_that_add_up_to_the_year():
    found = increments(year())
    assert list(found["value"]) == [3, 2, 4, 0, 5, 6, 1, 4, 5, 3, 2, 5]
    assert found["value"].sum() == TOTALS[-1]
    assert list(found["freq"].unique()) == ["M"]
    assert list(found["missing"]) == [0] * 12
    assert list(found["fell"].unique()) == ["NO"]
    assert list(found["from_figure"])[:2] == ["", f"{V1}-2024-01-31"]


def test_an_increment_spans_a_missing_month_and_says_so():
    figures = year()
    figures = figures[figures["figure_id"] != f"{V1}-2024-05-31"]
    found = increments(figures).set_index("time_period")
    assert found.loc["2024-05-01/2024-06-30", "value"] == 11
    assert found.loc["2024-05-01/2024-06-30", "missing"] == 1
    assert found["missing"].sum() == 1
    assert found["value"].sum() == TOTALS[-1]


def test_the_first_figure_covers_what_was_before_it():
    figures = year()
    figures = figures[figures["figure_id"] != f"{V1}-2024-01-31"]
    first = increments(figures).iloc[0]
    assert (first["time_period"], first["value"]) == ("2024-01-01/2024-02-29", 5)
    assert first["missing"] == 1


def test_the_latest_vintage_of_each_end_counts():
    revised = series({"2024-03-31": 10}, V2)
    found = told(pd.concat([year(), revised], ignore_index=True))
    assert found["2024-03"] == 10 - 5
    assert found["2024-04"] == 9 - 10


def test_a_fall_is_told_and_not_hidden():
    revised = series({"2024-03-31": 10}, V2)
    found = increments(pd.concat([year(), revised], ignore_index=True))
    fallen = found[found["fell"] == "YES"]
    assert list(fallen["time_period"]) == ["2024-04"]
    assert list(fallen["from_vintage"]) == [V2]
    assert list(fallen["to_vintage"]) == [V1]


def test_a_series_by_quarters_misses_no_months():
    found = increments(series({"2024-03-31": 5, "2024-06-30": 9, "2024-12-31": 20}))
    assert list(found["time_period"]) == ["2024-Q1", "2024-Q2", "2024-S2"]
    assert list(found["missing"]) == [0, 0, 1]


def test_every_dimension_has_a_series_of_its_own():
    figures = pd.concat([year(), year(region="KZ-75")], ignore_index=True)
    assert len(increments(figures)) == 24


def test_years_are_not_differenced_across():
    figures = year()
    next_year = figures.assign(
        period_start=figures["period_start"] + pd.DateOffset(years=1),
        period_end=figures["period_end"] + pd.DateOffset(years=1),
        record_id=figures["record_id"] + "b",
    )
    found = told(pd.concat([figures, next_year], ignore_index=True))
    assert found["2025-01"] == 3


def test_what_is_not_exact_or_stated_twice_is_left_out():
    figures = year()
    is_march = figures["period_end"] == pd.Timestamp("2024-03-31")
    about = figures.assign(qualifier=figures["qualifier"].mask(is_march, "ABOUT"))
    other = figures[is_march].assign(value=8.0, record_id="other", figure_id="other")
    for case in (about, pd.concat([figures, other], ignore_index=True)):
        found = told(case)
        assert found["2024-03-01/2024-04-30"] == 4


def test_no_figures_make_no_increments():
    assert increments(year().iloc[:0]).empty

"""Totals that a sheet prints: marks in their place, rounding, a total of totals.

Also what stands in the way of a sum: blank codes and months kept in two columns.
"""

from dataclasses import replace

import pytest
from collected import WHERE, lay, only, sheet_of

from pipeline.declarations.layouts import CrosstabSheet, FlatSheet

BY_REGION = {
    "sheet": "S",
    "record": "figures",
    "layout": "crosstab",
    "stub": "Region",
    "rows_like": {".+": {"region": "{label}"}},
    "columns": {"Cases": {"indicator": "REGISTERED_CASE"}},
}


def states(rows, where=WHERE, **change):
    """Return cell → state of the printed totals of a crosstab."""
    layout = CrosstabSheet.model_validate({**BY_REGION, **change})
    controls = lay(sheet_of(rows), layout, where).controls
    return dict(zip(controls["cell"], controls["state"], strict=True))


def rows_with(total, *parts):
    """Return the rows of a table with one column of numbers."""
    named = [[f"R{number}", part] for number, part in enumerate(parts)]
    return [["Region", "Cases"], *named, ["Total", total]]


@pytest.mark.parametrize(
    ("total", "state"),
    [("3", "HOLDS"), ("4", "DIFFERS"), ("NULL", "NOT_STATED"), ("abc", "DIFFERS")],
)
def test_a_mark_in_the_place_of_a_total_is_none(total, state):
    where = replace(WHERE, marks={"NULL": "not_supplied"})
    rows = rows_with(total, "1", "2", "NULL")
    assert states(rows, where, row_controls={"Total": {}}) == {"B5": state}


def test_a_mark_that_means_zero_is_a_total_of_zero():
    where = replace(WHERE, marks={"-": "zero"})
    rows = rows_with("-", "0", "-")
    assert states(rows, where, row_controls={"Total": {}}) == {"B4": "HOLDS"}


@pytest.mark.parametrize(
    ("total", "parts", "state"),
    [
        ("100.0", ("33.3", "33.3", "33.3"), "EXPLAINED"),
        ("100.0", ("33.3", "33.3", "33.1"), "DIFFERS"),
        ("100", ("33", "33", "33"), "DIFFERS"),
    ],
)
def test_only_fractions_are_rounded(total, parts, state):
    control = {"Total": {"rounded": True}}
    assert states(rows_with(total, *parts), row_controls=control) == {"B5": state}


def test_rounding_is_declared_or_it_is_a_difference():
    rows = rows_with("100.0", "33.3", "33.3", "33.3")
    assert states(rows, row_controls={"Total": {}}) == {"B5": "DIFFERS"}


@pytest.mark.parametrize(("corner", "state"), [("10", "HOLDS"), ("11", "DIFFERS")])
def test_the_total_of_totals_is_tried_too(corner, state):
    rows = [
        ["Region", "Cases", "Charges", "All"],
        ["A", "1", "2", "3"],
        ["B", "3", "4", "7"],
        ["Total", "4", "6", corner],
    ]
    columns = {"Cases": {}, "Charges": {}}
    found = states(
        rows,
        columns=columns,
        row_controls={"Total": {}},
        column_controls={"All": {}},
    )
    assert found == dict.fromkeys(("B4", "C4", "D2", "D3"), "HOLDS") | {"D4": state}


FLAT = {
    "sheet": "S",
    "record": "figures",
    "layout": "flat",
    "columns": {"Region": "region", "Hearings": "value"},
    "join": {"period": {"columns": ["Month", "Year"], "with": "."}},
}
HEARINGS = [
    ["Region", "Month", "Year", "Hearings"],
    ["SP", "4", "2016", "1"],
    [None, "4", "2016", "2"],
    ["SP", None, None, "3"],
]


def flat(where=WHERE):
    """Return the records of a flat table and the layout of its sheet."""
    return lay(sheet_of(HEARINGS), FlatSheet.model_validate(FLAT), where)


def test_a_blank_code_that_has_a_meaning_is_kept_apart_from_no_column():
    records = only(flat(replace(WHERE, marks={"": "unknown"})))
    assert records["region"].tolist() == ["SP", "", "SP"]
    assert "channel" not in records
    assert only(flat())["region"].isna().tolist() == [False, True, False]


def test_every_column_of_a_joined_field_is_understood():
    laid = flat()
    assert laid.cells_read == laid.cells_non_data + only(laid)["cells"].sum()
    assert only(laid)["period_start"].fillna("").tolist() == [
        "2016-04-01",
        "2016-04-01",
        "",
    ]
    assert only(laid)["columns"].iloc[0] == "A:region D:value B:period C:period"

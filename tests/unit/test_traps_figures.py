"""Traps of published figures, each on a handful of figures that one can read.

In here: what may not be held against each other, and what must be. Not in here: each
rule with its counter-example (`process/test_reconcile_rules.py`); how figures are
published (`test_traps_tables.py`).
"""

import math

import pytest
from small_figures import (
    COMPLAINTS,
    LATE,
    PERSONS,
    VICTIMS,
    claim,
    fig,
    found,
    run,
    table,
    tried,
)

from pipeline.process.year_to_date import increments
from schemas.figures import FIGURES

RATE = {"period_type": "ANNUAL_RATE"}


def test_a_zero_that_another_party_contradicts_is_found_and_divides_nothing():
    figures = [fig("a", 0), fig("b", 151, stated_by="OMBUDSMAN")]
    [row] = run(figures).conflicts.itertuples()
    assert row.kind == "SAME_QUANTITY"
    assert (row.first_value, row.second_value, row.difference) == (0, 151, 151)
    assert math.isnan(row.ratio)


@pytest.mark.parametrize(
    "other",
    [
        fig("b", 63, COMPLAINTS, stated_by="OMBUDSMAN"),
        fig("b", 12, COMPLAINTS, start="2019-01-01", end="2019-12-31"),
        fig("b", 900, COMPLAINTS, end="2020-02-29", period_type="CUMULATIVE_YTD"),
    ],
    ids=["the same year", "the year before", "a part of the year"],
)
def test_so_many_a_year_is_held_against_no_year(other):
    rate = fig("a", 700, COMPLAINTS, RATE, qualifier="ABOUT")
    both = run([rate, other])
    assert both.conflicts.empty
    assert both.identities.empty
    observed = {**rate, "period_type": "CALENDAR_YEAR", "qualifier": "EXACT"}
    assert not run([observed, other]).conflicts.empty


def test_figures_without_a_year_are_held_against_nothing():
    no_year = {"start": None, "end": None}
    pair = [fig("a", 63, no_year), fig("b", 766, no_year, stated_by="OMBUDSMAN")]
    parts = [fig("t", 9, no_year), fig("g", 4, no_year, gravity="GRAVE"),
             fig("m", 6, no_year, gravity="MEDIUM")]  # fmt: skip
    for figures in (pair, parts):
        both = run(figures)
        assert both.conflicts.empty
        assert both.identities.empty


def test_detained_prosecuted_disciplined_and_sentenced_are_four_things():
    kinds = ("DETAINED_PERSON", "PROSECUTED_PERSON", "DISCIPLINED_PERSON", "SENTENCE")
    figures = [
        fig(f"f{value}", value, unit="PERSON", indicator=kind, stated_by=party)
        for value, kind, party in zip(
            (39, 42, 33, 9), kinds, ("GPO", "CLSSA", "GPO", "OMBUDSMAN"), strict=True
        )
    ]
    both = run(figures)
    assert both.conflicts.empty
    assert both.identities.empty


def test_held_accountable_is_not_the_same_quantity_as_convicted():
    vague = fig("a", 33, PERSONS, definition="HELD_ACCOUNTABLE", stated_by="GPO")
    convicted = fig("b", 9, PERSONS)
    assert found("SAME_QUANTITY", [vague, convicted]) == []


def test_an_end_of_a_range_is_no_exact_number():
    low = fig("l", 350, COMPLAINTS, qualifier="RANGE_LOW")
    high = fig("h", 400, COMPLAINTS, qualifier="RANGE_HIGH")
    within, above = (
        fig("o", value, COMPLAINTS, stated_by="OMBUDSMAN") for value in (380, 420)
    )
    assert found("SAME_QUANTITY", [low, high, within]) == []
    assert found("SAME_QUANTITY", [high, above]) == ["h;o"]


def test_women_and_minors_of_one_list_are_no_parts_of_one_sum():
    people = [
        fig("t", 10, VICTIMS), fig("w", 6, VICTIMS, victim_group="WOMAN"),
        fig("m", 4, VICTIMS, victim_group="MINOR"),
    ]  # fmt: skip
    assert tried(people) == []
    mixed = [fig("t", 10, PERSONS), fig("f", 6, PERSONS, sex="F"),
             fig("m", 4, PERSONS, age_group="MINOR")]  # fmt: skip
    assert tried(mixed) == []
    above = [people[0], fig("w", 11, VICTIMS, victim_group="WOMAN")]
    assert found("SUBSET_ABOVE_SET", above) == ["w;t"]


def test_one_case_with_a_minor_is_not_one_minor():
    case = fig("c", 1, LATE, victim_group="MINOR")
    minors = fig("p", 3, VICTIMS, LATE, victim_group="MINOR")
    for kind in ("SAME_QUANTITY", "SUBSET_ABOVE_SET"):
        assert found(kind, [case, minors]) == []
    said = claim("PART_OF", "c;p")
    assert found("UNIT_CONFLICT", [case, minors], said) == ["c;p"]


def test_gross_and_net_are_two_series_of_a_year_to_date():
    rows = [
        fig(f"{basis}{end}", value, basis=basis, end=end, period_type="CUMULATIVE_YTD")
        for basis, values in {"GROSS": (70, 88), "NET": (9, 12)}.items()
        for end, value in zip(("2020-01-31", "2020-02-29"), values, strict=True)
    ]
    dated = {"period_start_precision": "DAY", "period_end_precision": "DAY"}
    added = increments(table(rows, FIGURES).assign(vintage="2020-03-01", **dated))
    values = added.groupby("basis")["value"].apply(list).to_dict()
    assert values == {"GROSS": [70, 18], "NET": [9, 3]}


def test_one_large_number_of_nine_and_of_ten_months_is_told():
    ytd = {"period_type": "CUMULATIVE_YTD", "start": "2024-01-01"}
    for number, expected in ((297, 1), (3, 0)):
        nine, ten = (
            fig(name, number, ytd, end=day)
            for name, day in (("a", "2024-09-30"), ("b", "2024-10-31"))
        )
        assert len(run([nine, ten]).conflicts) == expected

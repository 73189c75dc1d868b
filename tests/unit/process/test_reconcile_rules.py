"""Each rule on a small table: one that fires, and one like it that does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_figures import (
    COMPLAINTS,
    DETAINED,
    HOME,
    JANUARY,
    PERSONS,
    SHARE,
    TWO_MONTHS,
    VICTIMS,
    YEAR_BEFORE,
    fig,
    found,
    run,
    tried,
)

CHAPTER = [fig("t", 10, charge="CC14-CONST"), fig("a", 7, charge="CC14-146")]
GRAVE = [fig("g", 4, gravity="GRAVE"), fig("m", 5, gravity="MEDIUM")]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([*CHAPTER, fig("b", 3, HOME)], [("ADDS_UP", 0)]),
        ([*CHAPTER, fig("b", 1, HOME)], [("RESIDUAL", 2)]),
        ([*CHAPTER, fig("b", 4, HOME)], [("DOES_NOT_ADD_UP", -1)]),
        ([fig("t", 9), *GRAVE], [("ADDS_UP", 0)]),
        ([fig("t", 12), *GRAVE], [("DOES_NOT_ADD_UP", 3)]),
        ([fig("t", 12, qualifier="AT_LEAST"), *GRAVE], [("DOES_NOT_ADD_UP", 3)]),
        ([fig("t", 8, qualifier="AT_LEAST"), *GRAVE], [("ADDS_UP", -1)]),
        (
            [
                fig("t", 9),
                fig("d", 4, indicator="DISCONTINUED"),
                fig("s", 1, indicator="SUSPENDED", ground="CPC45-7"),
            ],
            [("RESIDUAL", 4)],
        ),
        (
            [
                fig("t", 6, COMPLAINTS),
                fig("n", 1, COMPLAINTS, indicator="COMPLAINT_NOT_CONFIRMED"),
                fig("o", 2, COMPLAINTS, indicator="CHECK_ONGOING"),
                fig("i", 3, indicator="INVESTIGATION_ONGOING"),
            ],
            [("UNIT_MIXED_SUM", 0)],
        ),
        (
            [
                fig("p", 3, PERSONS),
                fig("x", 2, PERSONS, indicator="SENTENCE", penalty="PRISON"),
                fig("y", 1, PERSONS, indicator="SENTENCE", penalty="SUSP"),
            ],
            [("ADDS_UP", 0)],
        ),
    ],
)
def test_a_sum_is_tried_and_says_what_is_left(figures, expected):
    assert tried(figures) == expected


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(CHAPTER, id="one part is no split"),
        pytest.param(
            [*CHAPTER, fig("b", 3, HOME, document="OTHER")], id="two documents"
        ),
        pytest.param([*CHAPTER, fig("b", 3, HOME, TWO_MONTHS)], id="two periods"),
        pytest.param(
            [*CHAPTER, fig("b", 3, HOME), fig("u", 11, charge="CC14-CONST")],
            id="two wholes",
        ),
        pytest.param(
            [*CHAPTER, fig("b", 3, HOME), fig("c", 4, HOME)], id="two values of a part"
        ),
        pytest.param(
            [fig("t", 9), fig("g", 4, gravity="GRAVE_OR_ESPECIALLY"), GRAVE[1]],
            id="overlapping codes",
        ),
        pytest.param(
            [
                fig("t", 9, COMPLAINTS),
                fig("a", 4, COMPLAINTS, channel="NGO"),
                fig("b", 5, COMPLAINTS, channel="POLICE"),
            ],
            id="channels",
        ),
        pytest.param([fig("t", 9, period_type="ANNUAL_RATE"), *GRAVE], id="a rate"),
    ],
)
def test_a_sum_is_not_tried_where_it_would_mean_nothing(figures):
    assert tried(figures) == []


HEADLINE = [
    fig("a", 8, DETAINED, accused_body="KNB", statement="one"),
    fig("b", 1, DETAINED, accused_body="POLICE", statement="one;two"),
]

CASES = {
    "two values": (
        "SAME_QUANTITY",
        [fig("a", 63), fig("b", 766, stated_by="OMBUDSMAN")],
    ),
    "gross and net": (
        "GROSS_NET",
        [fig("a", 63, basis="NET"), fig("b", 76, basis="GROSS")],
    ),
    "definitions": (
        "DEFINITION",
        [
            fig("a", 84, VICTIMS, victim_status="IN_INDICTMENT"),
            fig("b", 190, VICTIMS, victim_status="ALLEGED"),
        ],
    ),
    "a retelling": (
        "RELABELLING",
        [
            fig("a", 201, COMPLAINTS, channel="NGO"),
            fig(
                "b",
                200,
                COMPLAINTS,
                definition="POLICE_ABUSE",
                qualifier="MORE_THAN",
                origin="a",
            ),
        ],
    ),
    "an equal number": (
        "RELABELLING",
        [
            fig("a", 201, COMPLAINTS, channel="NGO"),
            fig("b", 201, COMPLAINTS, channel="PROSECUTOR", stated_by="OMBUDSMAN"),
        ],
    ),
    "a part above": ("SUBSET_ABOVE_SET", [fig("a", 5), fig("b", 6, charge="CC14-146")]),
    "victims": (
        "SUBSET_ABOVE_SET",
        [
            fig("a", 13, VICTIMS),
            fig("b", 18, VICTIMS, indicator="VICTIM_RECOGNISED", end="2024-04-18"),
        ],
    ),
    "a jump": ("SERIES_BREAK", [fig("a", 52, YEAR_BEFORE), fig("b", 602)]),
    "two months": (
        "YTD_ABOVE_YEAR",
        [fig("a", 63, YEAR_BEFORE), fig("b", 88, TWO_MONTHS)],
    ),
    "same year": (
        "YTD_ABOVE_YEAR",
        [fig("a", 63), fig("b", 88, TWO_MONTHS, stated_by="OMBUDSMAN")],
    ),
    "snapshots": (
        "RUNNING_TOTAL",
        [
            fig("a", 91, JANUARY, end="2022-01-22"),
            fig("b", 301, JANUARY, end="2022-03-14"),
        ],
    ),
    "a fall": (
        "RUNNING_TOTAL",
        [fig("a", 91, TWO_MONTHS, end="2020-01-31"), fig("b", 88, TWO_MONTHS)],
    ),
    "channels": (
        "CHANNEL_OVERLAP",
        [
            fig("a", 301, COMPLAINTS, channel="PROSECUTOR"),
            fig("b", 137, COMPLAINTS, channel="OMBUDSMAN", stated_by="OMBUDSMAN"),
        ],
    ),
    "units": (
        "UNIT_CONFLICT",
        [fig("a", 5, PERSONS), fig("b", 4, PERSONS, unit="VERDICT")],
    ),
    "deaths": (
        "UNIT_CONFLICT",
        [
            fig("a", 9, JANUARY, definition="DEATH_IN_CUSTODY", end="2022-03-14"),
            fig(
                "b",
                6,
                JANUARY,
                indicator="DEATH_IN_CUSTODY",
                unit="PERSON",
                end="2022-02-23",
            ),
        ],
    ),
    "words": (
        "UNIT_CONFLICT",
        [
            fig("a", 9, unit_as_stated="жалоб"),
            fig("b", 8, YEAR_BEFORE, unit_as_stated="фактов"),
        ],
    ),
    "a split": (
        "SPLIT_DISAGREES",
        [
            *HEADLINE,
            fig(
                "c", 8, DETAINED, accused_body="POLICE", region="KZ-19", statement="two"
            ),
        ],
    ),
    "a ratio": (
        "RATIO_BASE",
        [fig("a", 10, SHARE), fig("b", 3), fig("c", 14, COMPLAINTS)],
    ),
    "a ground": (
        "OUTCOME_GROUND",
        [fig("a", 3, indicator="SUSPENDED", ground="CPC35-1-1")],
    ),
    "a barred ground": (
        "OUTCOME_GROUND",
        [fig("a", 3, indicator="DISCONTINUED", ground="CPC35-1-3", charge="CC14-146")],
    ),
    "a retrial": ("REPEAT_OUTCOME", [fig("a", 12, PERSONS, instance="RETRIAL")]),
    "another charge": (
        "RECLASSIFICATION",
        [fig("a", 5, PERSONS, charge="CC14-362", definition="TORTURE")],
    ),
}

QUIET = {
    "rounding": ("SAME_QUANTITY", [fig("a", 63), fig("b", 60, qualifier="AT_LEAST")]),
    "a restatement": ("SAME_QUANTITY", [fig("a", 63), fig("b", 63, source_id="other")]),
    "a rate": (
        "SAME_QUANTITY",
        [fig("a", 63), fig("b", 700, period_type="ANNUAL_RATE")],
    ),
    "not known": (
        "SAME_QUANTITY",
        [fig("a", 6, region="_U"), fig("b", 7, region="_U")],
    ),
    "no definition": (
        "DEFINITION",
        [fig("a", 84, VICTIMS), fig("b", 190, VICTIMS, victim_status="ALLEGED")],
    ),
    "an honest retelling": ("RELABELLING", [fig("a", 201), fig("b", 201, origin="a")]),
    "small numbers": (
        "RELABELLING",
        [
            fig("a", 2, COMPLAINTS, channel="NGO"),
            fig("b", 2, COMPLAINTS, channel="PROSECUTOR", stated_by="OMBUDSMAN"),
        ],
    ),
    "a part": ("SUBSET_ABOVE_SET", [fig("a", 5), fig("b", 5, charge="CC14-146")]),
    "growth": ("SERIES_BREAK", [fig("a", 52, YEAR_BEFORE), fig("b", 104)]),
    "small jump": ("SERIES_BREAK", [fig("a", 1, YEAR_BEFORE), fig("b", 9)]),
    "part of a year": ("YTD_ABOVE_YEAR", [fig("a", 63), fig("b", 20, TWO_MONTHS)]),
    "another party": (
        "YTD_ABOVE_YEAR",
        [fig("a", 63, YEAR_BEFORE), fig("b", 88, TWO_MONTHS, stated_by="OMBUDSMAN")],
    ),
    "a rise in a year": (
        "RUNNING_TOTAL",
        [fig("a", 41, TWO_MONTHS, end="2020-01-31"), fig("b", 88, TWO_MONTHS)],
    ),
    "parties that differ": (
        "RUNNING_TOTAL",
        [
            fig("a", 91, JANUARY, end="2022-01-22"),
            fig("b", 30, JANUARY, end="2022-03-14", stated_by="OMBUDSMAN"),
        ],
    ),
    "one party's channels": (
        "CHANNEL_OVERLAP",
        [
            fig("a", 3, COMPLAINTS, channel="PROSECUTOR"),
            fig("b", 1, COMPLAINTS, channel="OMBUDSMAN"),
        ],
    ),
    "one amount": (
        "UNIT_CONFLICT",
        [
            fig("a", 9, indicator="COMPENSATION_AWARDED", unit="KZT"),
            fig("b", 2, indicator="COMPENSATION_AWARDED", unit="USD"),
        ],
    ),
    "one word": (
        "UNIT_CONFLICT",
        [
            fig("a", 9, unit_as_stated="дел"),
            fig("b", 8, YEAR_BEFORE, unit_as_stated="cases"),
        ],
    ),
    "a split that agrees": (
        "SPLIT_DISAGREES",
        [
            *HEADLINE,
            fig("c", 8, DETAINED, accused_body="KNB", region="KZ-19", statement="two"),
        ],
    ),
    "a true ratio": (
        "RATIO_BASE",
        [fig("a", 21.4, SHARE), fig("b", 3), fig("c", 14, COMPLAINTS)],
    ),
    "a fit ground": (
        "OUTCOME_GROUND",
        [fig("a", 3, indicator="SUSPENDED", ground="CPC45-7")],
    ),
    "first instance": ("REPEAT_OUTCOME", [fig("a", 12, PERSONS, instance="FIRST")]),
    "same charge": (
        "RECLASSIFICATION",
        [fig("a", 5, PERSONS, charge="CC14-146-2-W2015", definition="TORTURE")],
    ),
}


@pytest.mark.parametrize(("kind", "figures"), CASES.values(), ids=CASES)
def test_a_rule_finds_its_conflict(kind, figures):
    ids = {figure["figure_id"] for figure in figures}
    assert [set(one.split(";")) for one in found(kind, figures)] == [ids]


@pytest.mark.parametrize(("kind", "figures"), QUIET.values(), ids=QUIET)
def test_a_rule_keeps_quiet(kind, figures):
    assert found(kind, figures) == []


COUNTS = st.integers(0, 10**6)


@settings(deadline=None, max_examples=20)
@given(st.lists(COUNTS, min_size=2, max_size=4), st.integers(-50, 50))
def test_a_total_holds_exactly_when_it_is_the_sum_of_its_parts(parts, off):
    codes = ("ESPECIALLY_GRAVE", "GRAVE", "MEDIUM", "MINOR")
    members = [fig(f"p{n}", v, gravity=codes[n]) for n, v in enumerate(parts)]
    [row] = run([fig("t", sum(parts) + off), *members]).identities.itertuples()
    assert row.residual == row.whole - row.parts == off
    assert row.holds == ("YES" if off == 0 else "NO")


def test_a_ground_barred_for_torture_is_not_barred_for_others():
    figures = [
        fig("a", 3, indicator="DISCONTINUED", ground="CPC35-1-3", charge="CC14-362")
    ]
    assert found("OUTCOME_GROUND", figures) == []

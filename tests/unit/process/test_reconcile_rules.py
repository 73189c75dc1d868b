"""Each rule on a small table: one that fires, and one like it that does not."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.reconciliation import DeclaredCase, Preference, read_rules
from pipeline.errors import DeclarationError
from pipeline.process.reconcile import reconcile
from pipeline.process.validate import core_types
from pipeline.workspace import REPOSITORY, Workspace
from schemas.figures import CLAIMS, DIMENSIONS, FIGURES

HERE = Workspace(REPOSITORY)
LISTS = read_codelists(HERE)
RULES = read_rules(HERE).model_copy(update={"declared": ()})
USUAL = {
    **{field.name: "_T" for field in DIMENSIONS},
    **{"source_id": "test", "document": "DOC", "ref_area": "KZ", "unit": "CASE"},
    **{"indicator": "REGISTERED_CASE", "qualifier": "EXACT", "stated_by": "CLSSA"},
    **{"start": "2020-01-01", "end": "2020-12-31", "period_type": "CALENDAR_YEAR"},
}
COMPLAINTS = {"indicator": "COMPLAINT_RECEIVED", "unit": "COMPLAINT"}
TWO_MONTHS = {"end": "2020-02-29", "period_type": "CUMULATIVE_YTD"}
JANUARY = {"matter": "JAN2022", "period_type": "CUMULATIVE_EVENT", "start": "2022-01-05"}
VICTIMS = {**JANUARY, "indicator": "VICTIM", "unit": "PERSON", "end": "2022-12-23"}
PERSONS = {"indicator": "CONVICTED_PERSON", "unit": "PERSON"}
DETAINED = {"indicator": "DETAINED_PERSON", "unit": "PERSON"}
SHARE = {"indicator": "RATIO_CASES_TO_COMPLAINTS", "unit": "PERCENT"}
YEAR_BEFORE = {"start": "2019-01-01", "end": "2019-12-31"}
LATE, LATER = ({"start": f"{y}-01-01", "end": f"{y}-12-31"} for y in (2022, 2023))


def fig(figure_id, value, *more, **fields):
    """Return one figure; `more` are dictionaries of fields that belong together."""
    row = {**USUAL, "figure_id": figure_id, "record_id": f"r{figure_id}", "value": value}
    for part in (*more, fields):
        row |= part
    return {**row, "period_start": row.pop("start"), "period_end": row.pop("end")}


def claim(kind, about, low="", high="", word=""):
    return {
        **{"claim_id": "C", "source_id": "test", "kind": kind, "about": about},
        **{"low": low, "high": high, "word": word, "stated_by": "CLSSA"},
    }


def table(rows, record):
    types = core_types(record)
    frame = pd.DataFrame(list(rows), columns=list(types))
    for name in ("row", "cells"):
        frame[name] = 1
    dates = [name for name, kind in types.items() if kind.startswith("datetime")]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates}).astype(types)


def run(figures, *claims, rules=RULES):
    return reconcile(table(figures, FIGURES), table(claims, CLAIMS), LISTS, rules)


def found(kind, figures, *claims):
    """Return the figures of the conflicts of one kind."""
    conflicts = run(figures, *claims).conflicts
    return list(conflicts.loc[conflicts["kind"] == kind, "figure_ids"])


def tried(figures):
    """Return kind and residual of each identity."""
    table = run(figures).identities
    return list(zip(table["kind"], table["residual"], strict=True))


CHAPTER = [fig("t", 10, charge="CC14-CONST"), fig("a", 7, charge="CC14-146")]
HOME = {"charge": "CC14-HOME"}
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
            [fig("t", 9), fig("d", 4, indicator="DISCONTINUED"),
             fig("s", 1, indicator="SUSPENDED", ground="CPC45-7")],
            [("RESIDUAL", 4)],
        ),
        (
            [fig("t", 6, COMPLAINTS), fig("n", 1, COMPLAINTS, indicator="COMPLAINT_NOT_CONFIRMED"),
             fig("o", 2, COMPLAINTS, indicator="CHECK_ONGOING"),
             fig("i", 3, indicator="INVESTIGATION_ONGOING")],
            [("UNIT_MIXED_SUM", 0)],
        ),
        (
            [fig("p", 3, PERSONS), fig("x", 2, PERSONS, indicator="SENTENCE", penalty="PRISON"),
             fig("y", 1, PERSONS, indicator="SENTENCE", penalty="SUSP")],
            [("ADDS_UP", 0)],
        ),
    ],
)  # fmt: skip
def test_a_sum_is_tried_and_says_what_is_left(figures, expected):
    assert tried(figures) == expected


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(CHAPTER, id="one part is no split"),
        pytest.param([*CHAPTER, fig("b", 3, HOME, document="OTHER")], id="two documents"),
        pytest.param([*CHAPTER, fig("b", 3, HOME, TWO_MONTHS)], id="two periods"),
        pytest.param([*CHAPTER, fig("b", 3, HOME), fig("u", 11, charge="CC14-CONST")],
                     id="two wholes"),
        pytest.param([*CHAPTER, fig("b", 3, HOME), fig("c", 4, HOME)],
                     id="two values of a part"),
        pytest.param([fig("t", 9), fig("g", 4, gravity="GRAVE_OR_ESPECIALLY"), GRAVE[1]],
                     id="overlapping codes"),
        pytest.param([fig("t", 9, COMPLAINTS), fig("a", 4, COMPLAINTS, channel="NGO"),
                      fig("b", 5, COMPLAINTS, channel="POLICE")], id="channels"),
        pytest.param([fig("t", 9, period_type="ANNUAL_RATE"), *GRAVE], id="a rate"),
    ],
)  # fmt: skip
def test_a_sum_is_not_tried_where_it_would_mean_nothing(figures):
    assert tried(figures) == []


HEADLINE = [fig("a", 8, DETAINED, accused_body="KNB", statement="one"),
            fig("b", 1, DETAINED, accused_body="POLICE", statement="one;two")]  # fmt: skip

CASES = {
    "two values": ("SAME_QUANTITY", [fig("a", 63), fig("b", 766, stated_by="OMBUDSMAN")]),
    "gross and net": ("GROSS_NET", [fig("a", 63, basis="NET"), fig("b", 76, basis="GROSS")]),
    "definitions": ("DEFINITION", [fig("a", 84, VICTIMS, victim_status="IN_INDICTMENT"),
                                   fig("b", 190, VICTIMS, victim_status="ALLEGED")]),
    "a retelling": ("RELABELLING", [fig("a", 201, COMPLAINTS, channel="NGO"),
                                    fig("b", 200, COMPLAINTS, definition="POLICE_ABUSE",
                                        qualifier="MORE_THAN", origin="a")]),
    "an equal number": ("RELABELLING", [
        fig("a", 201, COMPLAINTS, channel="NGO"),
        fig("b", 201, COMPLAINTS, channel="PROSECUTOR", stated_by="OMBUDSMAN")]),
    "a part above": ("SUBSET_ABOVE_SET", [fig("a", 5), fig("b", 6, charge="CC14-146")]),
    "victims": ("SUBSET_ABOVE_SET", [fig("a", 13, VICTIMS), fig(
        "b", 18, VICTIMS, indicator="VICTIM_RECOGNISED", end="2024-04-18")]),
    "a jump": ("SERIES_BREAK", [fig("a", 52, YEAR_BEFORE), fig("b", 602)]),
    "two months": ("YTD_ABOVE_YEAR", [fig("a", 63, YEAR_BEFORE), fig("b", 88, TWO_MONTHS)]),
    "same year": ("YTD_ABOVE_YEAR", [fig("a", 63), fig(
        "b", 88, TWO_MONTHS, stated_by="OMBUDSMAN")]),
    "snapshots": ("RUNNING_TOTAL", [fig("a", 91, JANUARY, end="2022-01-22"),
                                    fig("b", 301, JANUARY, end="2022-03-14")]),
    "a fall": ("RUNNING_TOTAL", [fig("a", 91, TWO_MONTHS, end="2020-01-31"),
                                 fig("b", 88, TWO_MONTHS)]),
    "channels": ("CHANNEL_OVERLAP", [fig("a", 301, COMPLAINTS, channel="PROSECUTOR"), fig(
        "b", 137, COMPLAINTS, channel="OMBUDSMAN", stated_by="OMBUDSMAN")]),
    "units": ("UNIT_CONFLICT", [fig("a", 5, PERSONS), fig("b", 4, PERSONS, unit="VERDICT")]),
    "deaths": ("UNIT_CONFLICT", [
        fig("a", 9, JANUARY, definition="DEATH_IN_CUSTODY", end="2022-03-14"),
        fig("b", 6, JANUARY, indicator="DEATH_IN_CUSTODY", unit="PERSON", end="2022-02-23")]),
    "words": ("UNIT_CONFLICT", [fig("a", 9, unit_as_stated="жалоб"),
                                fig("b", 8, YEAR_BEFORE, unit_as_stated="фактов")]),
    "a split": ("SPLIT_DISAGREES", [*HEADLINE, fig(
        "c", 8, DETAINED, accused_body="POLICE", region="KZ-19", statement="two")]),
    "a ratio": ("RATIO_BASE", [fig("a", 10, SHARE), fig("b", 3),
                               fig("c", 14, COMPLAINTS)]),
    "a ground": ("OUTCOME_GROUND", [fig("a", 3, indicator="SUSPENDED", ground="CPC35-1-1")]),
    "a barred ground": ("OUTCOME_GROUND", [
        fig("a", 3, indicator="DISCONTINUED", ground="CPC35-1-3", charge="CC14-146")]),
    "a retrial": ("REPEAT_OUTCOME", [fig("a", 12, PERSONS, instance="RETRIAL")]),
    "another charge": ("RECLASSIFICATION", [
        fig("a", 5, PERSONS, charge="CC14-362", definition="TORTURE")]),
}  # fmt: skip

QUIET = {
    "rounding": ("SAME_QUANTITY", [fig("a", 63), fig("b", 60, qualifier="AT_LEAST")]),
    "a restatement": ("SAME_QUANTITY", [fig("a", 63), fig("b", 63, source_id="other")]),
    "a rate": ("SAME_QUANTITY", [fig("a", 63), fig("b", 700, period_type="ANNUAL_RATE")]),
    "not known": ("SAME_QUANTITY", [fig("a", 6, region="_U"), fig("b", 7, region="_U")]),
    "no definition": ("DEFINITION", [fig("a", 84, VICTIMS),
                                     fig("b", 190, VICTIMS, victim_status="ALLEGED")]),
    "an honest retelling": ("RELABELLING", [fig("a", 201), fig("b", 201, origin="a")]),
    "small numbers": ("RELABELLING", [
        fig("a", 2, COMPLAINTS, channel="NGO"),
        fig("b", 2, COMPLAINTS, channel="PROSECUTOR", stated_by="OMBUDSMAN")]),
    "a part": ("SUBSET_ABOVE_SET", [fig("a", 5), fig("b", 5, charge="CC14-146")]),
    "growth": ("SERIES_BREAK", [fig("a", 52, YEAR_BEFORE), fig("b", 104)]),
    "small jump": ("SERIES_BREAK", [fig("a", 1, YEAR_BEFORE), fig("b", 9)]),
    "part of a year": ("YTD_ABOVE_YEAR", [fig("a", 63), fig("b", 20, TWO_MONTHS)]),
    "another party": ("YTD_ABOVE_YEAR", [
        fig("a", 63, YEAR_BEFORE), fig("b", 88, TWO_MONTHS, stated_by="OMBUDSMAN")]),
    "a rise in a year": ("RUNNING_TOTAL", [fig("a", 41, TWO_MONTHS, end="2020-01-31"),
                                           fig("b", 88, TWO_MONTHS)]),
    "parties that differ": ("RUNNING_TOTAL", [
        fig("a", 91, JANUARY, end="2022-01-22"),
        fig("b", 30, JANUARY, end="2022-03-14", stated_by="OMBUDSMAN")]),
    "one party's channels": ("CHANNEL_OVERLAP", [
        fig("a", 3, COMPLAINTS, channel="PROSECUTOR"),
        fig("b", 1, COMPLAINTS, channel="OMBUDSMAN")]),
    "one amount": ("UNIT_CONFLICT", [
        fig("a", 9, indicator="COMPENSATION_AWARDED", unit="KZT"),
        fig("b", 2, indicator="COMPENSATION_AWARDED", unit="USD")]),
    "one word": ("UNIT_CONFLICT", [fig("a", 9, unit_as_stated="дел"),
                                   fig("b", 8, YEAR_BEFORE, unit_as_stated="cases")]),
    "a split that agrees": ("SPLIT_DISAGREES", [*HEADLINE, fig(
        "c", 8, DETAINED, accused_body="KNB", region="KZ-19", statement="two")]),
    "a true ratio": ("RATIO_BASE", [fig("a", 21.4, SHARE), fig("b", 3),
                                    fig("c", 14, COMPLAINTS)]),
    "a fit ground": ("OUTCOME_GROUND", [fig("a", 3, indicator="SUSPENDED", ground="CPC45-7")]),
    "first instance": ("REPEAT_OUTCOME", [fig("a", 12, PERSONS, instance="FIRST")]),
    "same charge": ("RECLASSIFICATION", [
        fig("a", 5, PERSONS, charge="CC14-146-2-W2015", definition="TORTURE")]),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "figures"), CASES.values(), ids=CASES)
def test_a_rule_finds_its_conflict(kind, figures):
    ids = {figure["figure_id"] for figure in figures}
    assert [set(one.split(";")) for one in found(kind, figures)] == [ids]


@pytest.mark.parametrize(("kind", "figures"), QUIET.values(), ids=QUIET)
def test_a_rule_keeps_quiet(kind, figures):
    assert found(kind, figures) == []


PAIR = [fig("b", 238), fig("l", 263, JANUARY, end="2022-12-31")]
FELL = [fig("b", 920, LATE), fig("l", 462, LATER)]


@pytest.mark.parametrize(
    ("kind", "figures", "said"),
    [
        ("PERCENTAGE_WRONG", PAIR, claim("CHANGE_PCT", "l;b", "9.5", word="at least")),
        ("PERCENTAGE_WRONG", PAIR, claim("TIMES", "l;b", "2")),
        ("PERCENTAGE_WRONG", PAIR, claim("RATIO", "b;l", "50")),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "b;l", "200", "250")),
        ("SUBSET_ABOVE_SET", PAIR, claim("PART_OF", "l;b")),
        ("UNIT_CONFLICT", [PAIR[0], fig("l", 9, unit="VISIT")], claim("PART_OF", "b;l")),
        ("PERIOD_BASIS", PAIR, claim("EXAMPLE_DATE", "b", "2011-09-14")),
        ("SERIES_BREAK", FELL, claim("CHANGE_PCT", "l;b", "-50")),
    ],
)
def test_a_claim_that_its_figures_do_not_bear_out_is_found(kind, figures, said):
    assert found(kind, figures, said)


@pytest.mark.parametrize(
    ("kind", "figures", "said"),
    [
        ("PERCENTAGE_WRONG", PAIR, claim("CHANGE_PCT", "l;b", "10.5")),
        ("PERCENTAGE_WRONG", FELL, claim("TIMES", "l;b", "2", word="almost")),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "b;l", "200", "300")),
        ("SUBSET_ABOVE_SET", PAIR, claim("PART_OF", "b;l")),
        ("PERIOD_BASIS", PAIR, claim("EXAMPLE_DATE", "b", "2020-09-14")),
        ("SERIES_BREAK", [fig("b", 9, YEAR_BEFORE), fig("l", 5)],
         claim("CHANGE_PCT", "l;b", "-44")),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "gone", "1", "2")),
    ],
)  # fmt: skip
def test_a_claim_that_holds_is_no_conflict(kind, figures, said):
    assert found(kind, figures, said) == []


def test_a_percentage_on_the_other_base_is_explained():
    said = claim("CHANGE_PCT", "l;b", "9.5")
    [cause] = run(PAIR, said).conflicts.query("kind == 'PERCENTAGE_WRONG'")["likely_cause"]
    assert cause == RULES.claims.likely_cause_wrong_base


def test_a_party_preferred_by_declaration_comes_first():
    choice = Preference(indicator="REGISTERED_CASE", stated_by=("OMBUDSMAN",), reason="why")
    rules = RULES.model_copy(update={"preferences": (choice,)})
    row = run(CASES["two values"][1], rules=rules).conflicts.iloc[0]
    assert (row["first_figure"], row["decision"], row["reason"]) == ("b", "PREFERRED", "why")


def declared(*figures):
    return DeclaredCase(
        id="case", kind="SAME_QUANTITY", source="test", figures=figures,
        likely_cause="cause", decision="DECLARED", reason="why",
    )  # fmt: skip


def test_a_declared_case_decides_what_a_rule_found():
    rules = RULES.model_copy(update={"declared": (declared("a", "b"),)})
    [row] = run(CASES["two values"][1], rules=rules).conflicts.itertuples()
    assert (row.found_by, row.decision, row.reason) == ("RULE", "DECLARED", "why")


def test_a_declared_case_that_no_rule_sees_is_on_record():
    rules = RULES.model_copy(update={"declared": (declared("a", "b"),)})
    [row] = run([fig("a", 2), fig("b", 1, HOME)], rules=rules).conflicts.itertuples()
    assert (row.found_by, row.figure_ids) == ("DECLARED", "a;b")


def test_a_declared_case_whose_figure_is_gone_stops_the_run():
    rules = RULES.model_copy(update={"declared": (declared("a", "gone"),)})
    with pytest.raises(DeclarationError, match="gone is not among the accepted"):
        run([fig("a", 1)], rules=rules)


def test_no_figures_give_no_findings():
    both = run([])
    assert both.identities.empty and both.conflicts.empty


COUNTS = st.integers(0, 10**6)


@settings(deadline=None, max_examples=40)
@given(st.lists(COUNTS, min_size=2, max_size=4), st.integers(-50, 50))
def test_a_total_holds_exactly_when_it_is_the_sum_of_its_parts(parts, off):
    codes = ("ESPECIALLY_GRAVE", "GRAVE", "MEDIUM", "MINOR")
    members = [fig(f"p{n}", v, gravity=codes[n]) for n, v in enumerate(parts)]
    [row] = run([fig("t", sum(parts) + off), *members]).identities.itertuples()
    assert row.residual == row.whole - row.parts == off
    assert row.holds == ("YES" if off == 0 else "NO")


def test_a_ground_barred_for_torture_is_not_barred_for_others():
    figures = [fig("a", 3, indicator="DISCONTINUED", ground="CPC35-1-3", charge="CC14-362")]
    assert found("OUTCOME_GROUND", figures) == []

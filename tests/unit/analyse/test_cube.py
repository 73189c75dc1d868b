"""Counts of registers: each person once, true totals, every cell with its records."""

import math
from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.disclosure import OutTable
from schemas.outputs import LEADING, PROVENANCE, TRAILING

FEW = settings(max_examples=6, deadline=None)
BODIES = ["POLICE", "KUIS", "KNB", "_U", None]
YEARS = ["2019-05-01", "2020-05-01", None]
CHARGES = st.lists(
    st.sampled_from(["CC14-146-1", "CC14-362", "CC14-414", "_U"]),
    min_size=1,
    unique=True,
)
DECISIONS = st.lists(
    st.fixed_dictionaries(
        {
            "source_id": st.sampled_from(["a_office", "b_office"]),
            "case_no": st.sampled_from(["N1", "N2"]),
            "accused_key": st.sampled_from(["k1", "k2", "k3"]),
            "accused_body": st.sampled_from(BODIES),
            "charge_verdict": CHARGES.map(lambda codes: ";".join(sorted(codes))),
            "court_outcome": st.sampled_from(["CONVICTED", "ACQUITTED"]),
            "decided_on": st.sampled_from(YEARS),
        }
    ),
    max_size=8,
)


def numbered(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return decisions with a number of their own."""
    return [{**row, "prosecution_id": f"P{n}"} for n, row in enumerate(rows)]


def persons(rows: list[Mapping[str, object]]) -> set[tuple[object, ...]]:
    """Return the distinct persons accused."""
    return {(row["source_id"], row["case_no"], row["accused_key"]) for row in rows}


def value(table: OutTable, **wanted: str) -> float:
    """Return one cell of each source, added; a dimension not named is its total."""
    frame = table.frame
    free = [
        "time_period",
        *(d for d in table.spec.dimensions if d not in table.spec.fixed),
    ]
    for name, code in (dict.fromkeys(free, "_T") | wanted).items():
        frame = frame[frame[name] == code]
    assert frame["source_id"].is_unique
    return float(frame["obs_value"].sum())


@FEW
@given(rows=DECISIONS)
def test_a_person_counts_once_whatever_the_charges_and_decisions(bench, rows) -> None:
    bench.fill(prosecutions=numbered(rows))
    table = bench.build("prosecuted")
    assert value(table, charge_stage="VERDICT") == len(persons(rows))
    for body in ("POLICE", "KUIS", "KNB"):
        by_charge = table.frame[
            (table.frame["accused_body"] == body) & (table.frame["charge"] != "_T")
        ]
        counted = by_charge["obs_value"].dropna()
        assert (counted <= value(table, charge_stage="VERDICT")).all()


@FEW
@given(rows=DECISIONS)
def test_each_cell_traces_to_exactly_the_records_it_counts(bench, rows) -> None:
    bench.fill(prosecutions=numbered(rows))
    table = bench.build("prosecuted")
    expected = brute_force(bench.warehouse.read("SELECT * FROM core.prosecutions"))
    traced = table.provenance.groupby("cell_id")["record_id"].agg(frozenset)
    named = ["source_id", "charge_stage", "time_period"]
    named += ["charge", "accused_body", "court_outcome"]
    cells = table.frame.set_index(named)
    assert len(cells) == len(expected)
    for key, (records, units) in expected.items():
        cell = cells.loc[key]
        assert traced[cell["cell_id"]] == records
        if cell["mark"] == "x":  # a field that the source never supplies
            assert math.isnan(cell["obs_value"])
        else:
            assert cell["obs_value"] == len(units)


def brute_force(core: pd.DataFrame) -> dict[tuple[str, ...], tuple[frozenset, set]]:
    """Return cell → records and persons, counted one by one over the last decisions."""
    order = ["decided_on", "prosecution_id"]
    last = core.sort_values(order, ascending=[False, False], na_position="last")
    last = last.drop_duplicates(["source_id", "case_no", "accused_key"])
    found: dict[tuple[str, ...], tuple[set, set]] = {}
    stages = {
        "REGISTERED": "charge_registered",
        "INDICTED": "charge_indicted",
        "VERDICT": "charge_verdict",
        # No other charge is generated: the last known is that of the verdict.
        "LAST_KNOWN": "charge_verdict",
    }
    for row in last.itertuples():
        unit = (row.source_id, row.case_no, row.accused_key)
        year = "_U" if pd.isna(row.decided_on) else str(row.decided_on.year)
        for stage, column in stages.items():
            charges = getattr(row, column)
            for charge in ("_U" if pd.isna(charges) else charges).split(";"):
                for key in totals(
                    year, charge, told(row.accused_body), told(row.court_outcome)
                ):
                    cell = (row.source_id, stage, *key)
                    records, units = found.setdefault(cell, (set(), set()))
                    records.add(row.record_id)
                    units.add(unit)
    return {key: (frozenset(records), units) for key, (records, units) in found.items()}


def told(code: object) -> str:
    """Return a code, `_U` where the source supplies none."""
    return "_U" if pd.isna(code) else str(code)


def totals(*codes: str) -> set[tuple[str, ...]]:
    """Return every cell that one combination of codes is counted in."""
    keys: set[tuple[str, ...]] = {()}
    for code in codes:
        keys = {(*key, one) for key in keys for one in (code, "_T")}
    return keys


def test_a_total_is_not_the_sum_of_cells_when_a_person_is_in_two(bench) -> None:
    bench.fill(
        prosecutions=numbered(
            [
                {
                    "case_no": "N1",
                    "accused_key": key,
                    "decided_on": "2020-05-01",
                    "charge_verdict": "CC14-146-1;CC14-362",
                }
                for key in ("k1", "k2")
            ]
        )
    )
    table = bench.build("prosecuted")
    cells = [
        value(table, charge_stage="VERDICT", charge=c)
        for c in ("CC14-146-1", "CC14-362")
    ]
    assert cells == [2, 2]
    assert value(table, charge_stage="VERDICT") == 2


def test_a_case_that_passed_between_bodies_counts_for_each_and_once_in_total(
    bench,
) -> None:
    step = {"case_no": "N1", "step_on": "2011-09-14", "complaint_ids": "C1;C2"}
    bench.fill(
        complaints=[
            {"complaint_id": c, "accused_body": "POLICE"} for c in ("C1", "C2")
        ],
        investigations=[
            {**step, "step_no": "1", "step": "OPENED", "body": "PROS"},
            {**step, "step_no": "10", "step": "TERMINATED", "body": "FINPOL"},
            {**step, "step_no": "9", "step": "TRANSFERRED", "body": "FINPOL"},
        ],
    )
    table = bench.build("investigated")
    for body in ("PROS", "FINPOL"):
        assert value(table, stage="ST05", handling_body=body) == 1
    assert value(table, stage="ST05") == 1
    assert value(table, stage="ST05", outcome="TERMINATED", time_period="2011") == 1
    assert value(table, stage="ST05", accused_body="POLICE") == 1


def test_unknown_and_total_are_two_things(bench) -> None:
    bench.fill(
        complaints=[
            {
                "complaint_id": "C1",
                "accused_body": "POLICE",
                "received_on": "2020-01-01",
            },
            {"complaint_id": "C2", "accused_body": "_U"},
            {"complaint_id": "C3", "accused_body": None},
        ]
    )
    table = bench.build("complaints")
    assert value(table) == 3
    assert value(table, accused_body="_U") == 2
    assert value(table, time_period="_U") == 2
    assert value(table, time_period="2020") == 1
    assert not table.frame["cell_id"].duplicated().any()


@settings(max_examples=3, deadline=None)
@given(rows=DECISIONS, seed=st.integers(0, 99))
def test_order_and_other_rows_leave_a_cell_its_identifier(bench, rows, seed) -> None:
    given_rows = numbered(rows)
    bench.fill(prosecutions=given_rows)
    first = bench.build("prosecuted").frame
    mixed = pd.Series(given_rows, dtype="object").sample(frac=1, random_state=seed)
    more = {
        "case_no": "N9",
        "accused_key": "k9",
        "prosecution_id": "P99",
        "decided_on": "2021-01-01",
    }
    bench.fill(prosecutions=list(mixed))
    pd.testing.assert_frame_equal(first, bench.build("prosecuted").frame)
    bench.fill(prosecutions=[more, *given_rows])
    later = bench.build("prosecuted").frame
    assert set(first["cell_id"]) <= set(later["cell_id"])


CUBES = [
    *("complaints", "investigated", "prosecuted", "prosecuted_by_body", "penalties"),
    *("penalties_by_body", "suspended_sentences", "point_27", "independence"),
    *("competent_body", "grounds", "drift", "redress", "complainants", "allegations"),
    *("purposes", "complaints_by_region", "withdrawals"),
]


@pytest.mark.parametrize("name", CUBES)
def test_registers_without_rows_give_a_table_without_rows(bench, name: str) -> None:
    bench.fill()
    table = bench.build(name)
    assert table.frame.empty
    assert table.provenance.empty
    assert table.sources == frozenset()
    columns = [*LEADING, *table.spec.dimensions, *TRAILING, *table.spec.attributes]
    assert list(table.frame.columns) == columns
    assert list(table.provenance.columns) == list(PROVENANCE)


def test_two_sources_with_the_same_numbers_are_two_matters(bench) -> None:
    same = {"complaint_id": "C1", "accused_body": "KUIS", "received_on": "2020-01-01"}
    bench.fill(complaints=[same, {**same, "source_id": "b_office"}])
    table = bench.build("complaints")
    assert value(table) == 2
    totals = table.frame[table.frame["obs_value"] == 2]
    assert totals.empty  # nothing is added over sources
    assert table.sources == frozenset({"a_office", "b_office"})


def test_accused_whom_the_source_does_not_tell_apart_are_not_one_person(bench) -> None:
    row = {"case_no": "N1", "accused_key": "_U", "decided_on": "2020-05-01"}
    bench.fill(prosecutions=numbered([row, row, row]))
    assert value(bench.build("prosecuted"), charge_stage="VERDICT") == 3


def test_a_sentence_counts_although_its_decision_is_not_supplied(bench) -> None:
    sentence = {
        "penalty": "PRISON",
        "main_or_additional": "MAIN",
        "charge": "CC14-414",
        "verdict_on": "2020-05-01",
        "term_months_low": 36,
        "term_months_high": 36,
        "suspended": "NO",
    }
    bench.fill(
        prosecutions=[
            {
                "prosecution_id": "P1",
                "case_no": "N1",
                "accused_key": "k1",
                "accused_body": "POLICE",
                "final": "YES",
            }
        ],
        sentences=[
            {**sentence, "sentence_id": "S1", "prosecution_id": "P1"},
            {**sentence, "sentence_id": "S2", "prosecution_id": "_U"},
            {**sentence, "sentence_id": "S3", "prosecution_id": "P9"},
            {
                **sentence,
                "sentence_id": "S4",
                "prosecution_id": "P1",
                "main_or_additional": "ADDITIONAL",
            },
        ],
    )
    table = bench.build("penalties")
    assert value(table) == 3
    assert value(table, accused_body="POLICE", final="YES") == 1
    assert value(table, accused_body="_U", final="_U") == 2


@pytest.mark.parametrize(
    ("low", "high", "suspended", "penalty"),
    [
        (36, 36, "NO", "PRISON"),
        (12, 120, "NO", "PRISON"),
        (None, None, "_Z", "NONCUST"),
    ],
)
def test_a_term_is_in_one_band_or_not_stated_or_cannot_be(
    bench, low: object, high: object, suspended: str, penalty: str
) -> None:
    bench.fill(
        sentences=[
            {
                "sentence_id": "S1",
                "prosecution_id": "_U",
                "penalty": penalty,
                "main_or_additional": "MAIN",
                "term_months_low": low,
                "term_months_high": high,
                "suspended": suspended,
            }
        ]
    )
    frame = bench.build("penalties").frame
    bands = set(frame["term_band"]) - {"_T"}
    assert len(bands) == 1
    special = {12: {"_U"}, None: {"_Z"}}.get(low)
    assert bands == special if special else not bands & {"_U", "_Z"}

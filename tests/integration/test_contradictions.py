"""Every known contradiction of the published figures is found, with its numbers."""

import pandas as pd
import pytest

from pipeline.collect.deliveries import find_deliveries
from pipeline.collect.intake import take_in
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.reconciliation import read_rules
from pipeline.declarations.sources import read_sources
from pipeline.process.reconcile import reconcile
from pipeline.process.validate import review
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

HERE = Workspace(REPOSITORY)
SOURCES = ("kz_form_1m", "kz_published_figures")

# Group → kind expected, and figures of which one finding must hold all.
GROUPS = {
    "SEED-1": [("OUTCOME_GROUND", {4}), ("RESIDUAL", {3, 4})],
    "SEED-2": [("PERIOD_BASIS", {4})],
    "SEED-3": [("UNIT_CONFLICT", {1, 2})],
    "KZ-A": [("SERIES_BREAK", {7, 8}), ("RATIO_BASE", {18, 9, 14})],
    "KZ-B": [("RELABELLING", {15, 16, 17})],
    "KZ-C": [("RATIO_BASE", {22, 23})],
    "KZ-D": [("SAME_QUANTITY", {39, 44, 50})],
    "KZ-E": [("YTD_ABOVE_YEAR", {44, 59}), ("RESIDUAL", {59, 68, 69, 70, 71})],
    "KZ-F": [("RANGE_CLAIM", {38, 39, 40, 41})],
    "KZ-G": [("UNIT_CONFLICT", {38, 41, 42, 43}), ("SERIES_BREAK", {41, 42})],
    "KZ-H": [("DOES_NOT_ADD_UP", {53, 54, 55, 56, 57})],
    "KZ-H2": [("ADDS_UP", {58, 59, 60, 61, 62, 63, 64})],
    "KZ-I": [
        ("RUNNING_TOTAL", {72, 78, 81}),
        ("CHANNEL_OVERLAP", {81, 90}),
        ("ADDS_UP", {82, 83, 84}),
    ],
    "KZ-J": [("UNIT_CONFLICT", {84, 91}), ("ADDS_UP", {91, 92, 93, 94})],
    "KZ-K": [("SPLIT_DISAGREES", {85, 86, 87, 88})],
    "KZ-L": [
        ("DEFINITION", {98, 111}),
        ("DEFINITION", {111, 115}),
        ("DEFINITION", {100, 115}),
    ],
    "KZ-M": [("RUNNING_TOTAL", {107, 108}), ("UNIT_CONFLICT", {99, 107})],
    "KZ-N": [("PERCENTAGE_WRONG", {102, 103})],
    "KZ-O": [("DEFINITION", {123, 125, 127}), ("DEFINITION", {126, 127})],
    "KZ-P": [("SUBSET_ABOVE_SET", {135, 136})],
    "KZ-Q": [("RECLASSIFICATION", {131}), ("ADDS_UP", {131, 132, 133})],
    "KZ-R": [("REPEAT_OUTCOME", {134})],
    "KZ-T": [("UNIT_MIXED_SUM", {72, 73, 74, 75})],
}
# Arithmetic, units, dates and codes do not show these; a reader declared them.
SEEN_BY_READER: set[tuple[str, str]] = set()
# Sums are tried by rules only; nobody declares one.
SUMS = {"ADDS_UP", "DOES_NOT_ADD_UP", "RESIDUAL", "UNIT_MIXED_SUM"}
NUMBERS = ["second_value", "difference", "ratio"]
EXPECTED = [(group, *one) for group, many in GROUPS.items() for one in many]


@pytest.fixture(scope="module")
def core():
    """Return the accepted figures and claims of the shipped sources."""
    sources, lists = read_sources(HERE), read_codelists(HERE)
    taken = [
        take_in(sources[name], find_deliveries(HERE, sources[name]), b"0" * 32).records
        for name in SOURCES
    ]
    found = {}
    for kind in ("figures", "claims"):
        raw = pd.concat([records[kind] for records in taken if kind in records])
        raw = raw.reset_index(drop=True)
        found[kind] = review(raw, RECORDS[kind], sources, lists).accepted
    return found


@pytest.fixture(scope="module")
def reconciled(core):
    """Return what reconciliation makes of them."""
    rules = read_rules(HERE)
    return reconcile(core["figures"], core["claims"], read_codelists(HERE), rules)


def holding(table, kind, figures):
    """Return the rows of one kind that hold all these figures."""
    wanted = {f"KAZ-{number:03}" for number in figures}
    holds = table["figure_ids"].map(lambda ids: wanted <= set(ids.split(";")))
    return table[(table["kind"] == kind) & holds]


def test_all_groups_are_expected():
    assert len(GROUPS) == 23


@pytest.mark.parametrize(("group", "kind", "figures"), EXPECTED)
def test_each_known_contradiction_is_found(reconciled, group, kind, figures):
    identities, conflicts = (holding(table, kind, figures) for table in reconciled)
    if kind in SUMS:
        assert len(identities)
    else:
        by = "DECLARED" if (group, kind) in SEEN_BY_READER else "RULE"
        assert set(conflicts["found_by"]) == {by}


IDENTITIES = [
    ({58, 59, 60, 61, 62, 63, 64}, "366 = 88 + 16 + 4 + 61 + 5 + 192", 0, "YES", "NO"),
    ({53, 54, 55, 56, 57}, "459 + 7,607 + 14,281 + 5,491 = 27,838", 4432, "NO", "NO"),
    ({72, 73, 74, 75}, "19 COMPLAINT + 56 COMPLAINT + 16 CASE", 0, "YES", "YES"),
    ({82, 83, 84}, "243 = 234 + 9", 0, "YES", "NO"),
    ({59, 68, 69, 70, 71}, "88 = 1 + 1 + 40 + 8 + 38 not stated", 38, "NO", "NO"),
    ({91, 92, 93, 94}, "6 = 2 + 3 + 1", 0, "YES", "NO"),
    ({85, 86, 87, 88}, "8 + 1 = 9 against 1 + 6 + 2 = 9", 0, "YES", "NO"),
]


@pytest.mark.parametrize(("figures", "text", "residual", "holds", "mixed"), IDENTITIES)
def test_known_sums_come_out(reconciled, figures, text, residual, holds, mixed):
    table = reconciled.identities
    wanted = {f"KAZ-{number:03}" for number in figures}
    same = table["figure_ids"].map(lambda ids: wanted == set(ids.split(";")))
    [row] = table[same].itertuples()
    assert text in row.statement
    assert (row.residual, row.holds, row.units_mixed) == (residual, holds, mixed)
    assert row.whole - row.parts == row.residual


CONFLICTS = [
    ("SAME_QUANTITY", {39, 44}, 63, 766, "766"),
    ("SERIES_BREAK", {7, 8}, 52, 602, "52 (2011) to 602 (2012)"),
    ("SPLIT_DISAGREES", {85, 87}, 8, 6, "the total agrees, the split does not"),
    ("SUBSET_ABOVE_SET", {135, 136}, 18, 13, "18 of 13"),
    ("YTD_ABOVE_YEAR", {44, 59}, 63, 88, "88 in 2021-01-01/2021-02-28 is above 63"),
    ("RUNNING_TOTAL", {72, 81}, 91, 301, "91 (2022-01-22) → 148 (2022-02-04) → 301"),
    ("CHANNEL_OVERLAP", {81, 90}, 301, 137, "between 301 and 438"),
    ("PERCENTAGE_WRONG", {102, 103}, 238, 263, "+10.5 %"),
    ("RATIO_BASE", {18, 14}, 10, 19, "18 of 602 = 3.0 % (2012)"),
    ("UNIT_CONFLICT", {84, 91}, 9, 6, "9 CASE"),
]


@pytest.mark.parametrize(("kind", "figures", "first", "second", "text"), CONFLICTS)
def test_known_conflicts_have_their_numbers(
    reconciled, kind, figures, first, second, text
):
    [row] = holding(reconciled.conflicts, kind, figures).itertuples()
    assert (row.first_value, row.second_value) == (first, second)
    assert text in row.statement


def test_a_conflict_with_a_claim_rests_on_the_cell_of_the_claim(core, reconciled):
    claims = core["claims"].query("kind == 'RANGE'").set_index("record_id")
    for row in holding(reconciled.conflicts, "RANGE_CLAIM", {38, 41}).itertuples():
        [claim] = set(row.record_ids.split(";")) & set(claims.index)
        assert f"{claims.at[claim, 'low']} to {claims.at[claim, 'high']}" in (
            row.statement
        )


def test_the_claims_that_hold_are_no_conflict(reconciled):
    wrong = reconciled.conflicts.query("kind == 'PERCENTAGE_WRONG'")
    assert list(wrong["first_figure"]) == ["KAZ-102"]


def test_a_source_is_never_held_against_its_own_restatement(core, reconciled):
    value = core["figures"].set_index("figure_id")["value"]
    for row in reconciled.conflicts.query("kind == 'SAME_QUANTITY'").itertuples():
        assert value[row.first_figure] != value[row.second_figure]
    pairs = reconciled.conflicts[["first_figure", "second_figure"]]
    total = "kz_form_1m!form_1m_2021-02.xlsx!1-М!C15"
    assert total in value
    assert not pairs.isin([total]).to_numpy().any()


def test_both_sources_of_the_same_sum_are_tried(reconciled):
    sums = reconciled.identities.query("whole == 366")
    assert sorted(sums["source_id"]) == list(SOURCES)


def test_every_finding_can_be_traced_and_named(core, reconciled):
    lists = read_codelists(HERE)
    records = {*core["figures"]["record_id"], *core["claims"]["record_id"]}
    for table in reconciled:
        assert table.iloc[:, 0].is_unique
        assert set(table["kind"]) <= lists["conflict_kind"].codes
        assert table.notna().drop(columns=NUMBERS, errors="ignore").all(axis=None)
        assert all(set(ids.split(";")) <= records for ids in table["record_ids"])
    assert set(reconciled.conflicts["decision"]) <= lists["decision"].codes


def test_findings_stay_few(reconciled):
    """More findings than this on these 162 figures would be alarms, not findings."""
    assert len(reconciled.conflicts) <= 40
    assert len(reconciled.identities) <= 20

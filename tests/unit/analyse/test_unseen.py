"""What no list saw: both families on known populations, and why the gate refuses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.analyse.made_lists import LISTS, declare_lists, known_overlap, model

from pipeline.analyse.linkage import coverage, loglinear
from pipeline.analyse.unseen import Stratum, judged

GATE = model().gate
SEEDS = range(40)


def population(
    size: int, chances: list[float], seed: int, copied: float = 0.0
) -> tuple[np.ndarray, float]:
    """Return counts by pattern of a known population, and how many no list saw.

    Args:
        size: complaints.
        chances: of each list.
        seed: of the draw.
        copied: share of complaints that the second list takes over from the first.
    """
    draw = np.random.default_rng(seed)
    held = draw.random((size, len(chances))) < np.array(chances)
    copies = draw.random(size) < copied
    held[copies, 1] = held[copies, 0]
    patterns = held @ (2 ** np.arange(len(chances)))
    counts = np.bincount(patterns, minlength=2 ** len(chances)).astype("float64")
    unseen = float(counts[0])
    counts[0] = 0
    return counts, unseen


def stratum(counts: np.ndarray, **more: object) -> Stratum:
    lists = tuple(f"list_{one}" for one in range(int(np.log2(len(counts)))))
    told = {"unsure": 0.0, "shared": 100.0, "is_modelled": True} | more
    return Stratum(lists, counts, **told)


def result(one: Stratum) -> tuple[pd.DataFrame, pd.Series]:
    """Return all rows of the gate, and the row of the result."""
    rows = pd.DataFrame(judged(one, model()))
    return rows, rows[rows["item"].eq("RESULT")].iloc[0]


def test_odds_that_are_one_throughout_leave_one_answer() -> None:
    # Each list more halves the count, so the pattern of no list is twice that of one.
    counts = np.array([0, 40, 40, 20, 40, 20, 20, 10], dtype="float64")
    found = loglinear.fit_observed(counts, (), 3)
    assert found is not None
    assert found.unseen == pytest.approx(80, rel=1e-6)
    assert found.p_value == pytest.approx(1, abs=1e-9)


@given(st.integers(20, 200), *[st.floats(0.2, 0.7)] * 3)
def test_perfectly_independent_lists_are_reproduced(size, one, two, three) -> None:
    chances = np.array([one, two, three])
    patterns = np.arange(8)
    held = (patterns[:, None] >> np.arange(3)) & 1
    shares = np.where(held == 1, chances, 1 - chances).prod(axis=1)
    counts = size * 10 * shares
    unseen, counts[0] = counts[0], 0
    found = loglinear.fit_observed(counts, (), 3)
    assert found is not None
    assert found.unseen == pytest.approx(unseen, rel=1e-4)
    whole = coverage.covered(counts[None, :]).complaints[0]
    assert whole == pytest.approx(size * 10, rel=1e-6)


@pytest.mark.parametrize(
    ("chances", "copied"), [([0.5, 0.4, 0.35], 0.0), ([0.5, 0.4, 0.35], 0.2)]
)
def test_the_intervals_hold_the_truth_as_often_as_they_say(chances, copied) -> None:
    by_model = by_coverage = 0
    for seed in SEEDS:
        counts, unseen = population(800, chances, seed, copied)
        one = loglinear.estimate(counts, GATE.confidence, GATE.bic_within)
        other = coverage.estimate(counts, GATE.confidence, 300, seed)
        assert one is not None
        assert other is not None
        by_model += one.low <= unseen <= one.high
        by_coverage += other.low <= unseen <= other.high
    assert by_model >= 0.9 * len(SEEDS)
    assert by_coverage >= 0.9 * len(SEEDS)


def test_more_lists_than_three_are_taken_together_for_the_second_family() -> None:
    hits = 0
    for seed in SEEDS:
        counts, unseen = population(2000, [0.4, 0.4, 0.3, 0.2], seed)
        assert coverage.of_three(counts)[1:].sum() == counts[1:].sum()
        found = coverage.estimate(counts, GATE.confidence, 300, seed)
        assert found is not None
        hits += found.low <= unseen <= found.high
    assert hits >= 0.9 * len(SEEDS)


def test_the_gate_lets_good_lists_through_and_shows_the_union() -> None:
    counts, unseen = population(800, [0.5, 0.4, 0.35], 3)
    rows, last = result(stratum(counts))
    assert set(rows.loc[rows["item"].eq("CONDITION"), "holds"]) == {"YES"}
    families = rows[rows["item"].eq("MODEL")]
    assert last["low"] == families["low"].min()
    assert last["high"] == families["high"].max()
    assert last["low"] <= unseen <= last["high"]
    assert np.isnan(last["obs_value"])


def refused(one: Stratum) -> str:
    rows, last = result(one)
    assert not rows["item"].eq("MODEL").any()
    assert np.isnan([last["low"], last["high"], last["obs_value"]]).all()
    assert last["holds"] == "NO"
    assert last["reason"].startswith("No estimate: ")
    return str(last["reason"])


def test_two_lists_are_refused() -> None:
    reason = refused(stratum(np.array([0.0, 200, 200, 100])))
    assert "lists: 2 of at least 30 complaints, needed 3" in reason


def test_an_empty_overlap_is_refused_with_the_number_found() -> None:
    counts = np.array([0, 200, 200, 50, 200, 0, 50, 0], dtype="float64")
    reason = refused(stratum(counts))
    assert "overlap list_0+list_2: 0, needed at least 10" in reason


def test_uncertain_links_are_refused() -> None:
    counts, _ = population(800, [0.5, 0.4, 0.35], 3)
    assert (
        "uncertain links over shared complaints: 0.300, needed at most 0.1"
        in refused(stratum(counts, unsure=30.0))
    )


def test_lists_that_the_model_could_not_link_are_refused() -> None:
    counts, _ = population(800, [0.5, 0.4, 0.35], 3)
    reason = refused(stratum(counts, is_modelled=False))
    assert "linkage: refused in part, needed model used for every list" in reason


def test_low_coverage_is_refused() -> None:
    counts, _ = population(3000, [0.12, 0.12, 0.12], 3)
    assert "sample coverage: 0." in refused(stratum(counts))


def test_lists_that_no_model_of_pairs_fits_are_refused() -> None:
    # All three lists together far more often than pairs let expect.
    counts = np.array([0, 60, 60, 15, 60, 15, 15, 400], dtype="float64")
    reason = refused(stratum(counts))
    assert "fit of the log-linear models" in reason


def test_families_that_disagree_are_refused(monkeypatch) -> None:
    counts, _ = population(800, [0.5, 0.4, 0.35], 3)
    far = loglinear.Estimate(900.0, 800.0, 1000.0, 0.9, "another population")
    monkeypatch.setattr(coverage, "estimate", lambda *_: far)
    reason = refused(stratum(counts))
    assert "distance between the intervals of the families" in reason


def test_models_without_a_maximum_give_no_estimate() -> None:
    counts = np.array([0, 50, 50, 0, 50, 0, 0, 0], dtype="float64")
    assert loglinear.estimate(counts, GATE.confidence, GATE.bic_within) is None
    assert coverage.estimate(counts, GATE.confidence, 300, 1) is None


def test_the_table_tells_conditions_and_assumptions_for_each_period(bench) -> None:
    declare_lists(bench.warehouse, LISTS[:2])
    bench.fill(complaints=known_overlap(300, LISTS[:2]).rows)
    table = bench.build("unseen_estimate")
    for _, part in table.frame.groupby("time_period"):
        assert part["item"].eq("ASSUMPTION").sum() == len(model().assumptions)
        last = part[part["item"].eq("RESULT")].iloc[0]
        assert (last["mark"], last["obs_status"]) == ("x", "M")
        assert "needed 3" in last["reason"]
    assert table.frame["obs_value"].isna().all()
    assert table.sources == set(LISTS[:2])


def test_an_estimate_is_marked_and_leads_to_its_complaints(bench) -> None:
    declare_lists(bench.warehouse)
    bench.fill(complaints=known_overlap(500, share=0.6).rows)
    table = bench.build("unseen_estimate")
    whole = table.frame[table.frame["time_period"].eq("_T")]
    models = whole[whole["item"].eq("MODEL")]
    assert set(models["family"]) == {"LOG_LINEAR", "SAMPLE_COVERAGE"}
    assert set(models["mark"]) == {"e"}
    rows = table.provenance[table.provenance["cell_id"].isin(models["cell_id"])]
    assert set(rows["source_id"]) == set(LISTS)


def test_codes_of_the_table_are_in_their_lists(bench, lists) -> None:
    frame = bench.build("unseen_estimate").frame
    assert set(frame["item"]) <= lists["unseen_item"].codes
    assert set(frame["family"]) <= lists["model_family"].codes

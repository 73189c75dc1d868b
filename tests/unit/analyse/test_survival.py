"""Open matters are not lost: estimates against published examples and identities."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from pipeline.analyse.survival import (
    OPEN,
    at_horizons,
    incidence,
    interval,
    life_table,
    naive,
    quantiles,
)

FEW = settings(max_examples=30, deadline=None)
MATTERS = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([OPEN, "A", "B"])),
    min_size=1,
    max_size=60,
)


def counted(matters: list[tuple[int, str]], group: int = 0) -> pd.DataFrame:
    """Return matters (days, end) as counts of one group."""
    frame = pd.DataFrame(matters, columns=["days", "end"]).assign(group=group, n=1)
    return frame.groupby(["group", "days", "end"], as_index=False)["n"].sum()


# Remission of 21 patients under 6-MP: Freireich et al. 1963; the estimates are those of
# Klein & Moeschberger 2003, table 4.1A.
FREIREICH = [
    *[(6, "A")] * 3, (6, OPEN), (7, "A"), (9, OPEN), (10, "A"), (10, OPEN), (11, OPEN),
    (13, "A"), (16, "A"), (17, OPEN), (19, OPEN), (20, OPEN), (22, "A"), (23, "A"),
    (25, OPEN), (32, OPEN), (32, OPEN), (34, OPEN), (35, OPEN),
]  # fmt: skip
FREIREICH_SURVIVAL = {
    6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068),
    16: (0.627, 0.1141), 22: (0.538, 0.1282), 23: (0.448, 0.1346),
}  # fmt: skip

# 35 patients after transplantation: Scrucca, Santucci & Aversa 2010 (data), relapse 1
# and death 2; incidences as R's cmprsk gives them.
BMT = {
    (0, "1"): 1, (0, "2"): 1, (1, "1"): 1, (1, "2"): 1, (2, "2"): 1, (2, OPEN): 1,
    (3, "1"): 3, (3, "2"): 1, (4, "1"): 2, (4, OPEN): 1, (4, "2"): 1, (5, "2"): 1,
    (7, "2"): 2, (7, OPEN): 1, (8, "1"): 1, (8, "2"): 1, (8, OPEN): 1, (9, "2"): 1,
    (10, "2"): 1, (12, "1"): 1, (13, "2"): 1, (14, "2"): 1, (22, "2"): 1,
    (26, "2"): 1, (32, OPEN): 1, (35, OPEN): 2, (67, OPEN): 1, (68, OPEN): 1,
    (70, OPEN): 1, (72, OPEN): 1,
}  # fmt: skip


def test_kaplan_meier_gives_the_published_example() -> None:
    table = life_table(counted(FREIREICH), ["A"]).set_index("days")
    for day, (survival, error) in FREIREICH_SURVIVAL.items():
        row = table.loc[day]
        assert row["survival"] == pytest.approx(survival, abs=6e-4)
        spread = row["survival"] * np.sqrt(row["greenwood"])
        assert spread == pytest.approx(error, abs=6e-5)
    median = quantiles(table.reset_index(), 0.5, 0.95).loc[0]
    assert median["value"] == 23
    assert np.isnan(median["high"])  # the upper limit is never reached


def test_incidences_give_the_published_example() -> None:
    counts = pd.DataFrame(
        [(0, days, end, n) for (days, end), n in BMT.items()],
        columns=["group", "days", "end", "n"],
    )
    assert counts["n"].sum() == 35
    table = life_table(counts, ["1", "2"])
    for end, expected in (("1", 0.27283899), ("2", 0.48126955)):
        assert incidence(table, end)[0].iloc[-1] == pytest.approx(expected, abs=1e-8)
    at = table.set_index("days").index.get_loc(4)
    assert incidence(table, "1")[0][at] == pytest.approx(0.20492611, abs=1e-8)
    assert incidence(table, "2")[0][at] == pytest.approx(0.14482759, abs=1e-8)


@FEW
@given(matters=MATTERS)
def test_survival_and_interval_are_those_of_scipy(matters) -> None:
    table = life_table(counted(matters), ["A", "B"])
    ended = [days for days, end in matters if end != OPEN]
    still = [days for days, end in matters if end == OPEN]
    theirs = ecdf(CensoredData(ended, right=still)).sf
    assert table["survival"].to_numpy() == pytest.approx(
        theirs.evaluate(table["days"].to_numpy(dtype=float))
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # undefined before the first end
        band = theirs.confidence_interval(method="log-log")
    error = table["survival"] * np.sqrt(table["greenwood"])
    low, high = interval(table["survival"], error, 0.95)
    known = low.notna().to_numpy()
    days = table["days"].to_numpy(dtype=float)[known]
    assert low[known].to_numpy() == pytest.approx(band.low.evaluate(days), abs=1e-9)
    assert high[known].to_numpy() == pytest.approx(band.high.evaluate(days), abs=1e-9)


@FEW
@given(matters=MATTERS)
def test_incidences_and_survival_add_up_to_one(matters) -> None:
    table = life_table(counted(matters), ["A", "B"])
    whole = table["survival"] + incidence(table, "A")[0] + incidence(table, "B")[0]
    assert whole.to_numpy() == pytest.approx(1)
    told = at_horizons(table, ["A", "B"], [0, 5, 30], 0.95)
    sums = told.groupby("horizon")["value"].sum(min_count=1).dropna()
    assert sums.to_numpy() == pytest.approx(1)


@FEW
@given(matters=MATTERS)
def test_with_one_end_incidence_is_one_minus_kaplan_meier(matters) -> None:
    table = life_table(counted([(d, e and "A") for d, e in matters]), ["A"])
    share, error = incidence(table, "A")
    assert share.to_numpy() == pytest.approx(1 - table["survival"].to_numpy())
    greenwood = table["survival"] * np.sqrt(table["greenwood"])
    inside = table["survival"] > 0
    assert error[inside].to_numpy() == pytest.approx(
        greenwood[inside].to_numpy(), abs=1e-7
    )


@FEW
@given(one=MATTERS, other=MATTERS)
def test_groups_do_not_touch_each_other(one, other) -> None:
    both = pd.concat([counted(one, 1), counted(other, 2)])
    table = life_table(both, ["A", "B"])
    for group, matters in ((1, one), (2, other)):
        alone = life_table(counted(matters, group), ["A", "B"])
        mine = table[table["group"] == group].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, alone)
        shared = at_horizons(table, ["A", "B"], [3, 30], 0.95).query("group == @group")
        pd.testing.assert_frame_equal(
            shared.reset_index(drop=True), at_horizons(alone, ["A", "B"], [3, 30], 0.95)
        )


@FEW
@given(matters=MATTERS)
def test_at_risk_are_those_not_gone_before_the_day(matters) -> None:
    told = at_horizons(life_table(counted(matters), ["A", "B"]), ["A", "B"], [7], 0.95)
    expected = sum(days >= 7 for days, _ in matters)
    assert (told["at_risk"] == expected).all()
    nobody = expected == 0 and any(end == OPEN for _, end in matters)
    if nobody and life_table(counted(matters), ["A", "B"])["survival"].min() > 0:
        assert told["value"].isna().all()


@FEW
@given(matters=MATTERS)
def test_naive_figures_are_those_of_the_ended(matters) -> None:
    ended = [days for days, end in matters if end != OPEN]
    told = naive(counted(matters))
    if not ended:
        assert told.empty
        return
    assert told.loc[0, "mean"] == pytest.approx(np.mean(ended))
    assert told.loc[0, "median"] == np.median(ended)


def test_the_naive_median_misleads_when_much_is_open() -> None:
    """The truth is known here: the naive median is far too low, the estimate is not."""
    dice = np.random.default_rng(27)
    truth = dice.exponential(400, 600).astype(int)
    followed = dice.integers(0, 600, 600)
    seen = [
        (min(days, until), "A" if days <= until else OPEN)
        for days, until in zip(truth, followed, strict=True)
    ]
    counts = counted(seen)
    true_median = np.median(truth)
    assert naive(counts).loc[0, "median"] < 0.5 * true_median
    estimate = quantiles(life_table(counts, ["A"]), 0.5, 0.95).loc[0]
    assert estimate["low"] < true_median < estimate["high"]
    assert estimate["value"] == pytest.approx(true_median, rel=0.15)


def test_a_quantile_that_is_not_reached_is_missing_not_zero() -> None:
    found = quantiles(
        life_table(counted([(5, "A"), *[(9, OPEN)] * 9]), ["A"]), 0.5, 0.95
    )
    assert np.isnan(found.loc[0, "value"])

"""What no list holds, from how much of each list the others cover.

In here: the estimate by sample coverage for three lists, and its interval. Not in
here: whether an estimate is shown (`unseen.py`).

Source of the method: Chao and Tsay, A sample coverage approach to multiple-system
estimation with application to census undercount, JASA 93 (1998); for three lists as in
Chao, Tsay, Lin, Shau and Chao, Statistics in Medicine 20 (2001). Interval from
bootstrapped standard errors on a logarithmic scale: Chao, Biometrics 43 (1987). It
makes no choice of interactions, so it fails otherwise than log-linear models do.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from pipeline.analyse.linkage.loglinear import Estimate, Numbers

THREE = 3
MOST_LOST = 0.05
"""Share of replicates without an estimate above which there is no interval."""


class Covered(NamedTuple):
    """Sample coverage and estimated complaints, one value for each table of counts."""

    coverage: Numbers
    complaints: Numbers


def estimate(
    counts: Numbers, confidence: float, replicates: int, seed: int
) -> Estimate | None:
    """Return the estimate; None where it is no number, or below what was seen.

    Args:
        counts: complaints by pattern (see `loglinear.estimate`); of more than three
            lists the shortest are taken as one.
        confidence: of the interval.
        replicates: tables drawn for the interval.
        seed: of the draws.
    """
    three = of_three(counts)
    seen = float(three[1:].sum())
    found = covered(three[None, :])
    unseen = float(found.complaints[0]) - seen
    if not np.isfinite(unseen) or unseen <= 0:
        return None
    filled = three.copy()
    filled[0] = unseen
    draws = np.random.default_rng(seed).multinomial(
        round(seen + unseen), filled / filled.sum(), size=replicates
    )
    drawn = covered(draws.astype("float64")).complaints
    sound = drawn[np.isfinite(drawn)]
    told = f"sample coverage {found.coverage[0]:.2f}"
    if len(sound) < replicates * (1 - MOST_LOST):
        return Estimate(unseen, 0.0, float("inf"), float(found.coverage[0]), told)
    low, high = interval(unseen, float(sound.std(ddof=1)), confidence)
    return Estimate(unseen, low, high, float(found.coverage[0]), told)


def interval(unseen: float, error: float, confidence: float) -> tuple[float, float]:
    """Return an interval of what is unseen, symmetric on a logarithmic scale."""
    spread = np.sqrt(np.log1p((error / unseen) ** 2))
    factor = float(np.exp(scipy.stats.norm.ppf((1 + confidence) / 2) * spread))
    return unseen / factor, unseen * factor


def of_three(counts: Numbers) -> Numbers:
    """Return the counts of three lists: of more, the shortest are taken as one."""
    lists = int(np.log2(len(counts)))
    patterns = np.arange(len(counts))
    sizes = [counts[(patterns >> one) & 1 == 1].sum() for one in range(lists)]
    longest = sorted(range(lists), key=lambda one: (-sizes[one], one))
    place = {one: min(at, THREE - 1) for at, one in enumerate(longest)}
    merged = np.zeros(2**THREE)
    for pattern, count in enumerate(counts):
        held = {place[one] for one in range(lists) if pattern >> one & 1}
        merged[sum(2**at for at in held)] += count
    return merged


def covered(tables: Numbers) -> Covered:
    """Return coverage and complaints of many tables of three lists at once.

    With C the coverage, n the lists and Z the patterns, the estimate is
    (Z11+ + Z1+1 + Z+11) / 3C over
    1 − Σ (only j with or without third + the same of k) · Zjk / (nj nk) / 3C.

    Args:
        tables: rows of eight counts.
    """
    held = held_by(3)
    sizes = tables @ held.T
    alone = tables[:, [1, 2, 4]]
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = 1 - (alone / sizes).sum(axis=1) / THREE
        shared = np.zeros(len(tables))
        lent = np.zeros(len(tables))
        for one, other in ((0, 1), (0, 2), (1, 2)):
            both = tables @ (held[one] * held[other])
            apart = held[one] + held[other] - 2 * held[one] * held[other]
            third = ({0, 1, 2} - {one, other}).pop()
            lent_by = apart * (1 - held[third]) + 2 * held_exactly(one, other)
            lent += (tables @ lent_by) * both / (sizes[:, one] * sizes[:, other])
            shared += both
        whole = (shared / (THREE * coverage)) / (1 - lent / (THREE * coverage))
    return Covered(coverage, np.where(whole > 0, whole, np.nan))


def held_by(lists: int) -> npt.NDArray[np.float64]:
    """Return which patterns each list holds: a row for each list."""
    patterns = np.arange(2**lists)
    rows = [(patterns >> one) & 1 for one in range(lists)]
    return np.array(rows, dtype="float64")


def held_exactly(one: int, other: int) -> npt.NDArray[np.float64]:
    """Return which pattern is that of two of three lists and not of the third."""
    found = np.zeros(2**THREE)
    found[2**one + 2**other] = 1
    return found

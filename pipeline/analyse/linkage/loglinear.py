"""Log-linear models of the lists that complaints are in, and what none of them holds.

In here: fitting, choice and intervals. Not in here: whether an estimate is shown
(`unseen.py`).

Source of the method: Fienberg, The multiple recapture census for closed populations
and incomplete 2^k contingency tables, Biometrika 59 (1972); Bishop, Fienberg and
Holland, Discrete Multivariate Analysis (1975), chapter 6. Interval by profile
likelihood: Cormack, Biometrics 48 (1992). All models near the best take part: an
interval that trusts one chosen model is too narrow.
"""

from collections.abc import Iterator
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]
Interactions = tuple[tuple[int, int], ...]
STEPS = 60
FARTHEST = 1000.0
"""Beyond so many times what was seen, an interval has no upper end."""


class Fitted(NamedTuple):
    """One model: what it adds to the lists' own effects, and how well it fits."""

    interactions: Interactions
    unseen: float
    bic: float
    p_value: float


class Estimate(NamedTuple):
    """What no list holds, by one family: the best model's value and an interval."""

    unseen: float
    low: float
    high: float
    fit: float
    told: str


def estimate(counts: Numbers, confidence: float, bic_within: float) -> Estimate | None:
    """Return the estimate of the models near the best; None where none can be fitted.

    Args:
        counts: complaints by pattern; bit j of the index tells list j, index 0 is
            what no list holds and is not read. 2^k values, k of 3 to 5.
        confidence: of the interval.
        bic_within: how far from the best a model may be and still take part.
    """
    lists = int(np.log2(len(counts)))
    models = [one for one in fits(counts, lists) if one is not None]
    if not models:
        return None
    best = min(models, key=lambda one: one.bic)
    near = [one for one in models if one.bic <= best.bic + bic_within]
    sound = [one for one in near if one.p_value >= 1 - confidence] or [best]
    ends = [profile(counts, one, lists, confidence) for one in sound]
    return Estimate(
        best.unseen,
        min(low for low, _ in ends),
        max(high for _, high in ends),
        best.p_value,
        f"{len(sound)} of {len(models)} models; best: {worded(best.interactions)}",
    )


def worded(interactions: Interactions) -> str:
    """Return the interactions of a model in words."""
    if not interactions:
        return "independent lists"
    pairs = (f"{one + 1}-{other + 1}" for one, other in interactions)
    return "lists depend in pairs " + ", ".join(pairs)


def fits(counts: Numbers, lists: int) -> Iterator[Fitted | None]:
    """Yield each model with lists' effects and some of their pairs, where it fits.

    A model with as many parameters as cells fits anything: its fit cannot be tried,
    and it is left out.
    """
    pairs = [*combinations(range(lists), 2)]
    cells = len(counts) - 1
    most = min(len(pairs), cells - lists - 2)
    chosen = chain.from_iterable(combinations(pairs, n) for n in range(most + 1))
    for interactions in chosen:
        yield fit_observed(counts, interactions, lists)


def design(lists: int, interactions: Interactions) -> Numbers:
    """Return the design matrix of all 2^k patterns, pattern 0 first."""
    patterns = np.arange(2**lists)
    held = [(patterns >> one) & 1 for one in range(lists)]
    both = [held[one] * held[other] for one, other in interactions]
    columns = [np.ones_like(patterns), *held, *both]
    return np.column_stack(columns).astype("float64")


def fit_observed(
    counts: Numbers, interactions: Interactions, lists: int
) -> Fitted | None:
    """Return a model fitted to what was seen; None where no maximum is found."""
    matrix, seen = design(lists, interactions)[1:], counts[1:]
    beta = poisson(matrix, seen)
    if beta is None:
        return None
    expected = np.exp(matrix @ beta)
    likelihood = float(
        np.sum(seen * np.log(expected) - expected - scipy.special.gammaln(seen + 1))
    )
    positive = seen > 0
    gaps = np.sum(seen[positive] * np.log(seen[positive] / expected[positive]))
    deviance = float(2 * (gaps - np.sum(seen - expected)))
    freedom = len(seen) - len(beta)
    return Fitted(
        interactions,
        float(np.exp(beta[0])),
        -2 * likelihood + len(beta) * float(np.log(seen.sum())),
        float(scipy.stats.chi2.sf(max(deviance, 0.0), freedom)),
    )


def poisson(matrix: Numbers, counts: Numbers) -> Numbers | None:
    """Return coefficients of a Poisson regression with a logarithmic link.

    Iteratively reweighted least squares (Nelder and Wedderburn 1972). None where it
    does not settle: with empty overlaps the maximum lies at infinity.
    """
    eta = np.log(counts + 0.5)
    beta: Numbers = np.zeros(matrix.shape[1])
    for _ in range(STEPS):
        mean = np.exp(eta)
        working = eta + (counts - mean) / mean
        root = np.sqrt(mean)[:, None]
        solved = np.linalg.lstsq(matrix * root, working * root[:, 0], rcond=None)[0]
        new: Numbers = np.asarray(solved, dtype="float64")
        eta = matrix @ new
        if not np.isfinite(eta).all() or np.abs(eta).max() > 30:
            return None
        if np.abs(new - beta).max() < 1e-9:
            return new
        beta = new
    return None


def profile(
    counts: Numbers, model: Fitted, lists: int, confidence: float
) -> tuple[float, float]:
    """Return the interval of what no list holds in which the likelihood falls little.

    Infinite at the top where the data set no bound.
    """
    matrix = design(lists, model.interactions)
    seen = float(counts[1:].sum())
    best = likelihood_at(counts, matrix, model.unseen)
    allowed = float(scipy.stats.chi2.ppf(confidence, 1)) / 2

    def excess(unseen: float) -> float:
        return best - likelihood_at(counts, matrix, unseen) - allowed

    low = 0.0
    if model.unseen > 0 and excess(0.0) > 0:
        low = float(scipy.optimize.brentq(excess, 0.0, model.unseen, xtol=0.01))
    top = max(2 * model.unseen, 1.0)
    while excess(top) < 0:
        top *= 2
        if top > FARTHEST * seen:
            return low, float("inf")
    return low, float(scipy.optimize.brentq(excess, model.unseen, top, xtol=0.01))


def likelihood_at(counts: Numbers, matrix: Numbers, unseen: float) -> float:
    """Return the multinomial log-likelihood where so many complaints are unseen."""
    filled = np.concatenate([[unseen], counts[1:]])
    beta = poisson(matrix, filled)
    if beta is None:
        return float("-inf")
    whole = filled.sum()
    shares = matrix @ beta - np.log(whole)
    return float(
        scipy.special.gammaln(whole + 1)
        - scipy.special.gammaln(unseen + 1)
        + np.sum(filled * shares)
    )

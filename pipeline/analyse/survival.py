"""How long matters take when some are still open: from counts, many groups at once.

In here: Kaplan–Meier and Aalen–Johansen estimates with their intervals, and the naive
figures that stand beside them. Not in here: which matters, and between which dates.

A matter that is still open has not ended *yet*: it counts as at risk until the day on
which it was last seen (it is censored), and never as ended or as lost. Sources: Kaplan
& Meier 1958; Greenwood 1926; Brookmeyer & Crowley 1982 (intervals of quantiles); Aalen
& Johansen 1978; Marubini & Valsecchi 1995, formula 10.12 (variance of an incidence);
intervals by log(-log), as in Kalbfleisch & Prentice and Choudhury 2002.
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

OPEN = ""
"""In place of an end: the matter was still open on its last day."""
ROUNDING = 1e-12


def life_table(counts: pd.DataFrame, ends: Sequence[str]) -> pd.DataFrame:
    """Return, for each group and day, who was at risk and what ended.

    Args:
        counts: `group` (int), `days` (int, at least 0), `end` (`OPEN` or one of the
            ends) and `n` (matters).
        ends: all ends that compete.

    Returns:
        One row per group and day, in order: `at_risk` at the day, `ended`, `gone`
        (ended or last seen), one column per end, `survival` on the day and `before`
        it, and `greenwood`, the sum in the variance of the survival.
    """
    wide = counts.pivot_table(
        index=["group", "days"], columns="end", values="n", aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=[OPEN, *ends], fill_value=0).astype("float64")
    table = wide.reset_index()
    table["ended"] = table[list(ends)].sum(axis=1)
    table["gone"] = table["ended"] + table[OPEN]
    gone = table.groupby("group")["gone"]
    table["at_risk"] = gone.transform("sum") - gone.cumsum() + table["gone"]
    kept = table["at_risk"] - table["ended"]
    table["survival"] = (kept / table["at_risk"]).groupby(table["group"]).cumprod()
    table["before"] = table.groupby("group")["survival"].shift(1).fillna(1.0)
    # Where the last at risk end, nothing follows that the term could weigh on.
    product = (table["at_risk"] * kept).where(kept > 0, np.inf)
    table["step"] = table["ended"] / product
    table["greenwood"] = table.groupby("group")["step"].cumsum()
    return table.drop(columns=OPEN)


def interval(
    share: pd.Series, error: pd.Series, level: float
) -> tuple[pd.Series, pd.Series]:
    """Return the log(-log) interval of a probability; none for exactly 0 or 1.

    Args:
        share: probabilities.
        error: their standard errors.
        level: confidence level, such as 0.95.
    """
    inside = share.where((share > ROUNDING) & (share < 1 - ROUNDING))
    z = NormalDist().inv_cdf((1 + level) / 2)
    wide = np.exp(z * error / (inside * np.log(inside)).abs())
    return inside**wide, inside ** (1 / wide)


def quantiles(table: pd.DataFrame, share: float, level: float) -> pd.DataFrame:
    """Return the day by which a share of each group has ended.

    Args:
        table: a life table.
        share: 0.5 for the median.
        level: confidence level.

    Returns:
        By group: `value`, `low`, `high` in days and `at_risk` on that day; missing
        where the data do not reach: fewer than the share had ended when last seen.
    """
    error = table["survival"] * np.sqrt(table["greenwood"])
    low, high = interval(table["survival"], error, level)
    left = 1 - share + ROUNDING
    groups = pd.Index(table["group"].unique(), name="group")
    reached = table[table["survival"] <= left].drop_duplicates("group")
    found = {"value": reached, "low": table[low <= left], "high": table[high <= left]}
    days = {
        name: rows.drop_duplicates("group").set_index("group")["days"]
        for name, rows in found.items()
    }
    at_risk = reached.set_index("group")["at_risk"]
    return pd.DataFrame({**days, "at_risk": at_risk}, index=groups, dtype="float64")


def incidence(table: pd.DataFrame, end: str) -> tuple[pd.Series, pd.Series]:
    """Return the cumulative incidence of one end, and its standard error, by row.

    The share of all matters that have ended in this way by that day, the other ends
    being what they are (Aalen–Johansen). One minus the Kaplan–Meier estimate of one end
    alone, the others censored, is too high.
    """
    by, at_risk, ended = table["group"], table["at_risk"], table[end]
    gained = table["before"] * ended / at_risk
    share = gained.groupby(by).cumsum()
    cross = gained / at_risk
    own = table["before"] ** 2 * (at_risk - ended) * ended / at_risk**3

    def total(terms: pd.Series) -> pd.Series:
        return terms.groupby(by).cumsum()

    step = table["step"]
    spread = share**2 * total(step) - 2 * share * total(share * step)
    spread += total(share**2 * step)
    variance = spread + total(own) - 2 * (share * total(cross) - total(share * cross))
    return share, variance.clip(lower=0) ** 0.5


def at_horizons(
    table: pd.DataFrame, ends: Sequence[str], horizons: Sequence[int], level: float
) -> pd.DataFrame:
    """Return what share has ended in each way, or is open, after so many days.

    Returns:
        `group`, `horizon`, `end` (`OPEN`: still open), `value`, `low`, `high` as shares
        and `at_risk` on the day; no value where nobody was followed so long.
    """
    curves = {end: incidence(table, end) for end in ends}
    survival = table["survival"]
    curves[OPEN] = (survival, survival * table["greenwood"] ** 0.5)
    places = pd.concat([place_at(table, day) for day in horizons]).reset_index()
    parts = []
    for end, curve in curves.items():
        at_first = 1.0 if end == OPEN else 0.0
        share, error = (one.reindex(places["row"]).to_numpy() for one in curve)
        told = places.assign(value=share, error=error, end=end)
        told.loc[told["row"] < 0, "value"] = at_first
        told.loc[~told["is_followed"], "value"] = np.nan
        low, high = interval(told["value"], told["error"], level)
        parts.append(told.assign(low=low, high=high))
    found = pd.concat(parts, ignore_index=True)
    return found.drop(columns=["row", "is_followed", "error"])


def place_at(table: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Return for each group the row of a life table that holds on a day.

    Returns:
        By group: `row` (-1 before the first day), `at_risk` and whether anybody
        `is_followed` until that day, or all had ended by then.
    """
    is_past = table["days"] <= horizon
    groups = pd.Index(table["group"].unique(), name="group")
    rows = pd.Series(table.index, index=table["group"])
    last = rows[is_past.to_numpy()].groupby(level=0).last().reindex(groups)
    earlier = table["gone"].where(table["days"] < horizon, 0.0)
    later = table["gone"] - earlier
    at_risk = later.groupby(table["group"]).sum()
    all_ended = table["survival"].groupby(table["group"]).min() <= ROUNDING
    return pd.DataFrame(
        {
            "horizon": horizon,
            "row": last.fillna(-1).astype("int64"),
            "at_risk": at_risk,
            "is_followed": (at_risk > 0) | all_ended,
        },
        index=groups,
    )


def naive(counts: pd.DataFrame) -> pd.DataFrame:
    """Return mean and median of the days of ended matters alone, by group.

    Those that take longest are still open and missing here: both are too low.
    """
    ended = counts[counts["end"] != OPEN]
    ended = ended.groupby(["group", "days"])["n"].sum().reset_index()
    by = ended["group"]
    total = ended["n"].groupby(by).transform("sum")
    upto = ended["n"].groupby(by).cumsum()
    # The two middle ones, which are one where their number is odd.
    lower = ended[upto >= (total + 1) // 2].groupby("group")["days"].first()
    upper = ended[upto >= total // 2 + 1].groupby("group")["days"].first()
    weighted = (ended["days"] * ended["n"]).groupby(by).sum()
    return pd.DataFrame(
        {"mean": weighted / ended["n"].groupby(by).sum(), "median": (lower + upper) / 2}
    )

"""Percentages that are figures: their numerators, and what stored numbers give.

In here: indicators whose code list names a numerator and a denominator. Not in here:
percentages that are claims about two figures (`claims.py`).
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import Observations, Ratios
from pipeline.process.rules.claims import Claim, unit_words_of
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import PERIOD, Figures, groups, shown

MOST_SHOWN = 6
ONE_BASE = ("source_id", "document", "party", "ref_area", "matter", *PERIOD)
ONE_PERCENTAGE = ("ref_area", "matter", *PERIOD, "value", "denominator")
PARTS = ("numerator", "denominator")


def ratio_bases(
    figures: Figures, claims: list[Claim], rule: Ratios, indicators: CodeList
) -> Iterator[Conflict]:
    """Yield one percentage that is told of several numerators."""
    rows = stated_ratios(figures.frame, indicators)
    rows = rows.assign(at=rows.index, key=groups(rows, ONE_PERCENTAGE))
    based = rows[["key", "at", "numerator"]]
    worded = based.merge(unit_words_of(claims), on="at", how="left")
    several = worded.groupby("key")[["numerator", "word"]].transform("nunique")
    worded = worded[several.max(axis=1) > 1].sort_values(["key", "at"])
    for _, one in worded.groupby("key", sort=False):
        ats = tuple(int(at) for at in one["at"].unique())
        told = ", ".join(dict.fromkeys([*one["numerator"], *one["word"].dropna()]))
        yield Conflict(
            rule.rule, "RATIO_BASE", ats[0], ats[1] if len(ats) > 1 else None,
            f"{shown(figures.rows[ats[0]].value)} % is told of {told}",
            rule.likely_cause_base, ats, tuple(one["claim"].dropna()),
        )  # fmt: skip


def stated_ratios(frame: pd.DataFrame, indicators: CodeList) -> pd.DataFrame:
    """Return the percentages that are figures, with numerator and denominator."""
    rows = frame[frame["is_original"] & frame["unit"].eq("PERCENT")]
    rows = rows.assign(
        **{n: rows["indicator"].map(indicators.column(n)) for n in PARTS}
    )
    return rows[rows["numerator"].fillna("").ne("")]


def ratios_recomputed(
    figures: Figures, rule: Ratios, facts: Observations, indicators: CodeList
) -> Iterator[Conflict]:
    """Yield a percentage that no stored numerator and denominator gives.

    Components are of one document, party, matter and period. Those whose period
    overlaps that of the percentage decide; where there are none, all of them.
    """
    ratios = stated_ratios(figures.frame, indicators)
    for pair, stated in ratios.groupby(list(PARTS), sort=False):
        given = components(figures.frame, *(str(code) for code in pair))
        by_place = dict(list(given.groupby(["ref_area", "matter"])))
        ratio: Any
        for ratio in stated.itertuples():
            there = by_place.get((ratio.ref_area, ratio.matter))
            if there is not None:
                yield from recomputed(ratio, there, rule, facts)


def recomputed(
    ratio: Any, given: pd.DataFrame, rule: Ratios, facts: Observations
) -> Iterator[Conflict]:
    """Yield a percentage unless one of its components gives it."""
    inside = given[overlaps(given, ratio)]
    asked = inside if len(inside) else given
    is_about = ratio.qualifier in facts.approximate
    slack = rule.tolerance_about if is_about else rule.tolerance
    endless = float("inf")
    low = -endless if ratio.qualifier in facts.upper_bounds else ratio.value - slack
    high = endless if ratio.qualifier in facts.lower_bounds else ratio.value + slack
    if asked["percent"].between(low, high).any():
        return
    parts = tuple(int(at) for at in (*asked["part"], *asked["whole"]))
    yield Conflict(
        rule.rule, "RATIO_BASE", int(ratio.Index), parts[0],
        f"{shown(ratio.value)} % is stated; stored numbers give {listed(given)}",
        rule.likely_cause_recomputed, parts,
    )  # fmt: skip


def components(frame: pd.DataFrame, numerator: str, denominator: str) -> pd.DataFrame:
    """Return stored numerators and denominators of one base with their percentage."""
    rows = frame[frame["is_observation"] & frame["is_original"]]
    rows = rows.assign(at=rows.index).sort_values(["detail", "at"], kind="stable")
    part, whole = (
        rows[rows["indicator"] == code].drop_duplicates(list(ONE_BASE))
        for code in (numerator, denominator)
    )
    columns = [*ONE_BASE, "at", "value", "time_period"]
    both = part[columns].merge(
        whole[columns], on=list(ONE_BASE), suffixes=("", "_whole")
    )
    both = both[both["value_whole"] > 0]
    percent = both["value"] / both["value_whole"] * 100
    both = both.assign(percent=percent, part=both["at"], whole=both["at_whole"])
    return both.sort_values(list(PERIOD))


def overlaps(given: pd.DataFrame, ratio: Any) -> pd.Series:
    """Return which components have a day in common with the period of a ratio."""
    begun = given["period_start"] <= ratio.period_end
    both: pd.Series = begun & (given["period_end"] >= ratio.period_start)
    return both


def listed(given: pd.DataFrame) -> str:
    """Return what the components give, period by period, the latest ones."""
    names = ["value", "value_whole", "percent", "time_period"]
    rows: Any = given.tail(MOST_SHOWN)[names].itertuples(index=False)
    return ", ".join(
        f"{shown(part)} of {shown(whole)} = {percent:.1f} % ({period})"
        for part, whole, percent, period in rows
    )

"""Percentages that are figures: their numerators, and what stored numbers give.

In here: indicators whose code list names a numerator and a denominator. Not in here:
percentages that are claims about two figures (`claims.py`).
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import Observations, Ratios
from pipeline.process.rules.claims import Claim
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import PERIOD, groups, shown

MOST_SHOWN = 6
ONE_BASE = ("source_id", "document", "party", "ref_area", "matter", *PERIOD)


def ratio_bases(
    frame: pd.DataFrame, claims: list[Claim], rule: Ratios, indicators: CodeList
) -> Iterator[Conflict]:
    """Yield one percentage that is told of several numerators."""
    rows = stated_ratios(frame, indicators)
    words = pd.DataFrame(
        [(at, c.word) for c in claims if c.kind == "UNIT_WORD" for at in c.about],
        columns=["at", "told"],
    )
    rows = rows.assign(at=rows.index, key=groups(rows, ["ref_area", "matter", *PERIOD, "value", "denominator"]))
    told = pd.concat([rows[["key", "at"]].assign(told=rows["numerator"]), rows[["key", "at"]].merge(words, on="at")])
    for _, one in told.sort_values(["key", "at"]).groupby("key", sort=False):
        ats = tuple(int(at) for at in one["at"].unique())
        labels = list(dict.fromkeys(one["told"]))
        numerators = one.merge(rows[["at", "numerator"]], on="at")["numerator"].nunique()
        by_words = one.loc[~one["told"].isin(rows["numerator"]), "told"].nunique()
        if max(numerators, by_words) > 1:
            yield Conflict(
                rule.rule, "RATIO_BASE", ats[0], ats[1] if len(ats) > 1 else None,
                f"{shown(frame.at[ats[0], 'value'])} % is told of {', '.join(labels)}",
                rule.likely_cause_base, ats,
            )  # fmt: skip


def stated_ratios(frame: pd.DataFrame, indicators: CodeList) -> pd.DataFrame:
    """Return the percentages that are figures, with numerator and denominator."""
    parts = {name: indicators.column(name) for name in ("numerator", "denominator")}
    rows = frame[frame["is_original"]]
    rows = rows.assign(**{n: rows["indicator"].map(code) for n, code in parts.items()})
    return rows[rows["numerator"].fillna("").ne("") & rows["unit"].eq("PERCENT")]


def ratios_recomputed(
    frame: pd.DataFrame, rule: Ratios, facts: Observations, indicators: CodeList
) -> Iterator[Conflict]:
    """Yield a percentage that no stored numerator and denominator gives.

    Components are of one document, party, matter and period. Those whose period
    overlaps that of the percentage decide; where there are none, all of them.
    """
    for ratio in stated_ratios(frame, indicators).itertuples():
        given = components(frame, ratio)
        if given.empty:
            continue
        inside = given[overlaps(given, ratio)]
        asked = inside if len(inside) else given
        is_about = ratio.qualifier in facts.approximate
        slack = rule.tolerance_about if is_about else rule.tolerance
        low = -float("inf") if ratio.qualifier in facts.upper_bounds else ratio.value - slack
        high = float("inf") if ratio.qualifier in facts.lower_bounds else ratio.value + slack
        if not asked["percent"].between(low, high).any():
            first = asked.iloc[0]
            yield Conflict(
                rule.rule, "RATIO_BASE", int(ratio.Index), int(first["part"]),
                f"{shown(ratio.value)} % is stated; stored numbers give {listed(given)}",
                rule.likely_cause_recomputed,
                tuple(int(at) for at in (*asked["part"], *asked["whole"])),
            )  # fmt: skip


def components(frame: pd.DataFrame, ratio: tuple) -> pd.DataFrame:
    """Return stored numerators and denominators of one base with their percentage."""
    rows = frame[frame["is_observation"] & frame["is_original"]]
    rows = rows[(rows["ref_area"] == ratio.ref_area) & (rows["matter"] == ratio.matter)]
    rows = rows.assign(at=rows.index).sort_values(["detail", "at"], kind="stable")
    part, whole = (
        rows[rows["indicator"] == code].drop_duplicates(list(ONE_BASE))
        for code in (ratio.numerator, ratio.denominator)
    )
    columns = [*ONE_BASE, "at", "value", "time_period"]
    both = part[columns].merge(whole[columns], on=list(ONE_BASE), suffixes=("", "_whole"))
    both = both[both["value_whole"] > 0]
    percent = both["value"] / both["value_whole"] * 100
    both = both.assign(percent=percent, part=both["at"], whole=both["at_whole"])
    return both.sort_values(list(PERIOD))


def overlaps(given: pd.DataFrame, ratio: tuple) -> pd.Series:
    """Return which components have a day in common with the period of a ratio."""
    starts = given["period_start"] <= ratio.period_end
    return starts & (given["period_end"] >= ratio.period_start)


def listed(given: pd.DataFrame) -> str:
    """Return what the components give, period by period, the latest ones."""
    return ", ".join(
        f"{shown(row.value)} of {shown(row.value_whole)} = {row.percent:.1f} % "
        f"({row.time_period})"
        for row in given.tail(MOST_SHOWN).itertuples()
    )

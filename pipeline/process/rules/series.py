"""Figures over time: jumps, part of a year above a year, running totals, channels.

In here: figures of one series, event or year against each other. Not in here: two
values for one period (`quantities.py`).
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import (
    Channels,
    Jumps,
    PartOfYear,
    RunningTotals,
)
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import (
    DIMENSION_NAMES,
    TERM,
    Figure,
    Figures,
    comparable,
    dimensions_but,
    groups,
    is_stated,
    matter_or_period,
    shown,
)

ONE_DAY = pd.Timedelta(days=1)
SERIES = ("indicator", "ref_area", "unit", *DIMENSION_NAMES, *TERM)


def jumps(
    figures: Figures, rule: Jumps, lists: Mapping[str, CodeList]
) -> Iterator[Conflict]:
    """Yield adjacent periods of one series between which the number jumps."""
    rows = comparable(figures.frame)
    rows = rows[rows["freq"].ne("N") & rows["statement"].isna()]
    rows = rows.assign(key=groups(rows, ["party", "freq", *SERIES]), at=rows.index)
    rows = rows.sort_values(["key", "period_start", "at"], kind="stable")
    rows = rows.drop_duplicates(["key", "period_start"])
    before = rows.shift()
    adjacent = (before["key"] == rows["key"]) & (
        rows["period_start"] - before["period_end"] == ONE_DAY
    )
    pair = pd.DataFrame({"a": before["value"], "b": rows["value"]})
    smaller, larger = pair.min(axis=1), pair.max(axis=1)
    leaps = (smaller > 0) & (larger >= smaller * rule.times)
    chosen = adjacent & leaps & (larger >= rule.least_value)
    for first, second in zip(
        before.loc[chosen, "at"], rows.loc[chosen, "at"], strict=True
    ):
        yield jump(figures, int(first), int(second), rule, lists)


def jump(
    figures: Figures,
    first: int,
    second: int,
    rule: Jumps,
    lists: Mapping[str, CodeList],
) -> Conflict:
    """Return the conflict of one jump, with the breaks declared at that time."""
    a, b = figures.rows[first], figures.rows[second]
    broken = breaks_between(a, b, rule, lists)
    known = f" Declared breaks: {', '.join(broken)}." if broken else ""
    rise = b.value / a.value
    times = f": ×{rise:.1f}" if rise > 1 else f": ÷{1 / rise:.1f}"
    return Conflict(
        rule.rule, "SERIES_BREAK", first, second,
        f"{shown(a.value)} ({a.time_period}) to {shown(b.value)} "
        f"({b.time_period}){'' if broken else times}", rule.likely_cause + known,
    )  # fmt: skip


def breaks_between(
    a: Figure, b: Figure, rule: Jumps, lists: Mapping[str, CodeList]
) -> list[str]:
    """Return breaks of their country after the first day, before the last of both."""
    early, late = sorted([a, b], key=lambda one: one.period_start)
    scopes = set(rule.break_scopes.get(b.unit, ()))
    breaks = lists["break"]
    dates, declared = breaks.column("date"), breaks.column("scope")
    areas = breaks.column("ref_area")
    low = early.period_start.strftime("%Y-%m-%d")
    high = late.period_end.strftime("%Y-%m-%d")
    return [
        code for code, day in dates.items()
        if day and low < day <= high and areas[code] in ("", a.ref_area)
        and scopes & set(declared[code].split(","))
    ]  # fmt: skip


def parts_above_year(figures: Figures, rule: PartOfYear) -> Iterator[Conflict]:
    """Yield part of a year above the year, or above a neighbouring one of its party."""
    rows = comparable(figures.frame)
    rows = rows.assign(year=rows["period_start"].dt.year, at=rows.index)
    within = rows["period_end"].dt.year == rows["year"]
    part = rows[
        rows["period_type"].isin(rule.part_types) & within & rows["freq"].ne("A")
    ]
    year = rows[rows["freq"] == "A"]
    neighbour = [*SERIES, "year", "party"]
    yield from higher(part, year, [*SERIES, "year"], rule.rule, rule.likely_cause)
    for apart in (-1, 1):
        moved = year.assign(year=year["year"] + apart)
        yield from higher(
            part, moved, neighbour, rule.rule, rule.likely_cause_neighbour
        )


def higher(
    part: pd.DataFrame, year: pd.DataFrame, shared: list[str], rule: str, cause: str
) -> Iterator[Conflict]:
    """Yield the largest part of a year where it is above the smallest year."""
    columns = [*shared, "at", "low", "high", "value", "time_period"]
    part = part.sort_values(["value", "at"])[columns].drop_duplicates(
        shared, keep="last"
    )
    year = year.sort_values(["value", "at"])[columns].drop_duplicates(shared)
    pairs = part.merge(year, on=shared, suffixes=("", "_year"))
    pairs = pairs[pairs["low"] > pairs["high_year"]]
    pair: Any
    for pair in pairs.itertuples():
        yield Conflict(
            rule, "YTD_ABOVE_YEAR", int(pair.at_year), int(pair.at),
            f"{shown(pair.value)} in {pair.time_period} is above "
            f"{shown(pair.value_year)} in {pair.time_period_year}", cause,
        )  # fmt: skip


def running_totals(figures: Figures, rule: RunningTotals) -> Iterator[Conflict]:
    """Yield snapshots of one running total: of an event, or of a year if they fall."""
    rows = comparable(figures.frame)
    rows = rows[rows["statement"].isna()]
    of_event = rows["period_type"].isin(rule.event_types) & is_stated(rows["matter"])
    yield from totals_of_events(rows[of_event], rule)
    in_year = rows[rows["period_type"].isin(rule.year_types)]
    for snapshots in series_of(in_year, ["party", "period_start", *SERIES]):
        if not snapshots["value"].is_monotonic_increasing:
            yield snapshots_of(snapshots, rule)
        yield from standing_still(snapshots, rule)


def standing_still(snapshots: pd.DataFrame, rule: RunningTotals) -> Iterator[Conflict]:
    """Yield neighbouring snapshots of a year with one number, too large for chance."""
    days = snapshots["period_end"].dt.strftime("%Y-%m-%d")
    told = zip(snapshots["at"], snapshots["value"], days, strict=True)
    for (first, before, day), (second, value, later) in pairwise(told):
        if value == before >= rule.least_still:
            yield Conflict(
                rule.rule, "RUNNING_TOTAL", int(first), int(second),
                f"{shown(value)} both up to {day} and up to {later}: nothing more in "
                "a longer period", rule.likely_cause_still,
            )  # fmt: skip


def totals_of_events(rows: pd.DataFrame, rule: RunningTotals) -> Iterator[Conflict]:
    """Yield snapshots of the running total of an event.

    Those by several parties are taken for one running total only where the number
    never falls.
    """
    shared = ["indicator", "ref_area", "unit", *dimensions_but(*rule.free)]
    known: set[int] = set()
    for snapshots in series_of(rows, [*shared, "party"]):
        known |= set(snapshots["at"])
        yield snapshots_of(snapshots, rule)
    for snapshots in series_of(rows, shared):
        is_one = snapshots["value"].is_monotonic_increasing
        is_by_several = snapshots["party"].nunique() > 1
        if is_one and is_by_several and not known >= set(snapshots["at"]):
            yield snapshots_of(snapshots, rule, several_parties=True)


def series_of(rows: pd.DataFrame, shared: list[str]) -> Iterator[pd.DataFrame]:
    """Yield the snapshots of each series, one per date, the most general, by date."""
    rows = rows.assign(key=groups(rows, shared), at=rows.index)
    rows = rows.sort_values(["key", "period_end", "detail", "at"], kind="stable")
    rows = rows.drop_duplicates(["key", "period_end"])
    rows = rows[rows.duplicated("key", keep=False)]
    for _, snapshots in rows[["key", "at", "value", "party", "period_end"]].groupby(
        "key"
    ):
        yield snapshots


def snapshots_of(
    snapshots: pd.DataFrame, rule: RunningTotals, *, several_parties: bool = False
) -> Conflict:
    """Return the finding that numbers are snapshots of one running total."""
    days = snapshots["period_end"].dt.strftime("%Y-%m-%d")
    told = [f"{shown(v)} ({d})" for v, d in zip(snapshots["value"], days, strict=True)]
    falls = not snapshots["value"].is_monotonic_increasing
    cause = rule.likely_cause_fall if falls else rule.likely_cause
    if several_parties:
        cause = rule.likely_cause_parties
    ats = tuple(int(at) for at in snapshots["at"])
    return Conflict(
        rule.rule, "RUNNING_TOTAL", ats[0], ats[-1],
        f"{' → '.join(told)}: one running total{', which falls' if falls else ''}; "
        "never added up", cause, ats,
    )  # fmt: skip


def overlapping_channels(figures: Figures, rule: Channels) -> Iterator[Conflict]:
    """Yield complaints to several channels that several parties count."""
    rows = comparable(figures.frame)
    rows = rows[rows["indicator"].isin(rule.indicators) & is_stated(rows["channel"])]
    shared = ["indicator", "ref_area", "unit", "place"]
    shared += dimensions_but("channel", "matter", *rule.free)
    rows = rows.assign(place=matter_or_period(rows), at=rows.index)
    rows = rows.assign(key=groups(rows, shared))
    rows = rows.sort_values(["key", "channel", "period_end", "at"], kind="stable")
    latest = rows.drop_duplicates(["key", "channel"], keep="last")
    latest = latest[latest.duplicated("key", keep=False)]
    parties = latest.groupby("key")["party"].transform("nunique")
    latest = latest[parties > 1].sort_values("value", ascending=False, kind="stable")
    for _, told in latest.groupby("key"):
        ats = tuple(int(at) for at in told["at"])
        counts = zip(told["channel"], told["value"], strict=True)
        named = ", ".join(f"{channel} {shown(value)}" for channel, value in counts)
        yield Conflict(
            rule.rule, "CHANNEL_OVERLAP", ats[0], ats[1],
            f"{named}: between {shown(told['value'].max())} and "
            f"{shown(told['value'].sum())} different complaints; never added up",
            rule.likely_cause, ats,
        )  # fmt: skip

"""Sums: do the parts that a document gives reach the whole that it gives?

In here: choosing whole and parts of each identity and trying it; two splits of one
number. Not in here: a part above its whole (`quantities.py`).
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import (
    LIST_OF_DIMENSION,
    Additive,
    Observations,
)
from pipeline.model import TOTAL
from pipeline.process.rules.found import Identity
from pipeline.process.rules.prepared import (
    DIMENSION_NAMES,
    PERIOD,
    Figure,
    Figures,
    dimensions_but,
    groups,
    is_stated,
    shown,
)

ONE_TEXT = ("source_id", "document", "party", "ref_area", *PERIOD)
MOST_LEVELS = 4
"""How far up a code list a part looks for the figure it is part of."""

SMALL = 1e-9


def try_sums(
    figures: Figures, rule: Additive, facts: Observations, lists: Mapping[str, CodeList]
) -> Iterator[Identity]:
    """Yield every identity that one rule finds to try, document by document."""
    rows = candidates(figures.frame, rule, facts)
    if rule.by and not is_stated(rows[rule.by]).any():
        return
    whole, parts = wholes(rows, rule), parts_of(rows, rule)
    if whole.empty or parts.empty:
        return
    parts = parts.assign(of=belongs_to(parts, whole, rule, lists))
    whole, parts = unambiguous(whole, parts)
    gathered = parts.groupby(["key", "of"], sort=False).agg(
        parts=("at", list), several=("part", "nunique")
    )
    gathered = gathered[gathered["several"] >= rule.least_parts]
    sums = whole.merge(gathered.reset_index(), on=["key", "of"])
    for at, members in zip(sums["at"], sums["parts"], strict=True):
        yield tried(figures.rows, rule, (int(at), *members))


def candidates(
    frame: pd.DataFrame, rule: Additive, facts: Observations
) -> pd.DataFrame:
    """Return the counts that can take part, with the number of what they share."""
    concerned = frame["is_observation"] & ~frame["unit"].isin(facts.shares)
    if rule.parts:
        concerned &= frame["indicator"].isin((*rule.whole, *rule.parts))
    rows = frame[concerned & frame["statement"].isna()]
    shared = [*ONE_TEXT, *dimensions_but(rule.by, *rule.free)]
    if not rule.whole:
        shared += ["indicator", "unit"]
    exact = [*shared, "indicator", *DIMENSION_NAMES, "unit", "value"]
    rows = rows.drop_duplicates(list(dict.fromkeys(exact)))
    return rows.assign(key=groups(rows, shared), at=rows.index)


def wholes(rows: pd.DataFrame, rule: Additive) -> pd.DataFrame:
    """Return the figures that may be a whole; `of` says of which code."""
    if rule.whole:
        rows = rows[rows["indicator"].isin(rule.whole)]
    return rows.assign(of=rows[rule.by] if rule.by else TOTAL)


def parts_of(rows: pd.DataFrame, rule: Additive) -> pd.DataFrame:
    """Return the figures that may be a part; `part` says which."""
    if rule.parts:
        rows = rows[rows["indicator"].isin(rule.parts)]
    if not rule.by:
        return rows.assign(part=rows["indicator"])
    rows = rows.assign(part=rows[rule.by])
    return rows[is_stated(rows["part"]) & ~rows["part"].isin(rule.leaves_out)]


def belongs_to(
    parts: pd.DataFrame,
    whole: pd.DataFrame,
    rule: Additive,
    lists: Mapping[str, CodeList],
) -> pd.Series:
    """Return of which code each part's whole is: the nearest parent stated, or all."""
    of = pd.Series(TOTAL, index=parts.index, dtype="str")
    if not rule.by:
        return of
    parent = lists[LIST_OF_DIMENSION[rule.by]].column("parent")
    there = pd.MultiIndex.from_frame(whole[["key", "of"]])
    above, is_open = parts["part"], pd.Series(True, index=parts.index)
    for _ in range(MOST_LEVELS):
        above = above.map(parent).astype("str").fillna("")
        asked = pd.MultiIndex.from_arrays([parts["key"], above])
        found = is_open & asked.isin(there) & above.ne("")
        of, is_open = of.mask(found, above), is_open & ~found
    return of


def unambiguous(
    whole: pd.DataFrame, parts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one whole for each identity, the least detailed, and the parts likewise.

    An identity with two equally general wholes, or with two numbers for one part, is
    not tried: which of them is meant only a reader can tell.
    """
    whole = least_detailed(whole, ["key", "of"])
    whole = whole[~whole.duplicated(["key", "of"], keep=False)]
    parts = least_detailed(parts, ["key", "of", "part"])
    twice = parts.duplicated(["key", "of", "indicator", *DIMENSION_NAMES], keep=False)
    bad = pd.MultiIndex.from_frame(parts.loc[twice, ["key", "of"]])
    parts = parts[~pd.MultiIndex.from_frame(parts[["key", "of"]]).isin(bad)]
    return whole, parts


def least_detailed(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return in each group the figures that are totals in most dimensions."""
    least = rows.groupby(columns, sort=False)["detail"].transform("min")
    return rows[rows["detail"] == least]


def tried(rows: list[Figure], rule: Additive, at: tuple[int, ...]) -> Identity:
    """Return one identity with its result. `at`: the whole first, then its parts."""
    whole, *parts = (rows[one] for one in at)
    reached = sum(part.value for part in parts)
    holds = overlap(
        (whole.low, whole.high),
        (sum(part.low for part in parts), sum(part.high for part in parts)),
    )
    mixed = any(part.unit != whole.unit for part in parts)
    kind = kind_of(rule, whole.value - reached, holds=holds, mixed=mixed)
    return Identity(
        rule.rule, kind, at, whole.value, reached, holds, mixed,
        sentence(whole, parts, kind), rule.likely_cause,
    )  # fmt: skip


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Return whether two ranges have a number in common, but for rounding."""
    slack = SMALL * max(1.0, *(abs(end) for end in (*one, *other) if abs(end) < 1e300))
    return one[0] <= other[1] + slack and other[0] <= one[1] + slack


def kind_of(rule: Additive, residual: float, *, holds: bool, mixed: bool) -> str:
    """Return the kind of an identity that was tried."""
    if mixed:
        return "UNIT_MIXED_SUM"
    if holds:
        return "ADDS_UP"
    return "RESIDUAL" if residual > 0 and not rule.exhaustive else "DOES_NOT_ADD_UP"


def sentence(whole: Figure, parts: list[Figure], kind: str) -> str:
    """Return an identity in figures, as it would be written by hand."""
    is_mixed = kind == "UNIT_MIXED_SUM"
    total, *members = (
        shown(one.value) + (f" {one.unit}" if is_mixed else "")
        for one in (whole, *parts)
    )
    summed, reached = " + ".join(members), sum(part.value for part in parts)
    rest = whole.value - reached
    if abs(rest) < SMALL:
        return f"{total} = {summed}" + (" only if one is one" if is_mixed else "")
    if kind == "RESIDUAL":
        return f"{total} = {summed} + {shown(rest)} not stated"
    against = summed if len(members) == 1 else f"{summed} = {shown(reached)}"
    return f"{total} against {against}; residual {shown(rest)}"

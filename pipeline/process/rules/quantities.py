"""One quantity stated twice: other values, other definitions, other labels.

In here: figures of one period or one matter against each other, and parts above
their whole. Not in here: series over time (`series.py`), sums (`additive.py`).
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.declarations.reconciliation import (
    Definitions,
    Preference,
    Relabelling,
    SameQuantity,
    Subset,
    SubsetByDimension,
)
from pipeline.model import SPECIAL_CODES, TOTAL
from pipeline.process.rules.found import BOTH_KEPT, KEPT_REASON, Conflict
from pipeline.process.rules.prepared import (
    DIMENSION_NAMES,
    PERIOD,
    TERM,
    Figure,
    Figures,
    comparable,
    dimensions_but,
    groups,
    has_unknown,
    is_stated,
    matter_or_period,
    shown,
)

ONE_PERIOD = ("ref_area", *PERIOD)
ONE_DOCUMENT = ("source_id", "document")


def same_quantity(
    figures: Figures, rule: SameQuantity, preferences: tuple[Preference, ...]
) -> Iterator[Conflict]:
    """Yield two values for one indicator, period, unit and set of dimensions.

    Each further value is held against the first: that of the party preferred for the
    indicator where one is declared, else the smallest. Qualifiers are heeded: "at
    least 5" and 7 agree.
    """
    rows = comparable(figures.frame)
    rows = rows[rows["statement"].isna() & ~has_unknown(rows)]
    rows = rows.assign(
        key=groups(rows, ["indicator", *ONE_PERIOD, *DIMENSION_NAMES, *TERM, "unit"]),
        at=rows.index,
        rank=ranks(rows, preferences),
    ).sort_values(["key", "rank", "value", "at"], kind="stable")
    rows = rows.drop_duplicates(["key", "party", "value", "qualifier"])
    first = rows.groupby("key", sort=False)[["at", "low", "high", "rank"]].transform(
        "first"
    )
    apart = (rows["low"] > first["high"]) | (first["low"] > rows["high"])
    pairs = zip(first.loc[apart, "at"], rows.loc[apart, "at"], strict=True)
    preferred = {preference.indicator: preference for preference in preferences}
    for one, other in pairs:
        yield two_values(figures, int(one), int(other), rule, preferred)


def ranks(rows: pd.DataFrame, preferences: tuple[Preference, ...]) -> pd.Series:
    """Return the place of each figure's party in the order declared, the best 0."""
    rank = pd.Series(len(rows), index=rows.index)
    for preference in preferences:
        of = rows["indicator"] == preference.indicator
        for place, party in enumerate(preference.stated_by):
            rank = rank.mask(of & rows["party"].eq(party), place)
    return rank


def two_values(
    figures: Figures,
    one: int,
    other: int,
    rule: SameQuantity,
    preferred: dict[str, Preference],
) -> Conflict:
    """Return the conflict of two values for one quantity."""
    a, b = figures.rows[one], figures.rows[other]
    bases = {row.basis for row in (a, b) if is_known(row.basis)}
    several_bases = len(bases) > 1
    cause = rule.likely_causes.get(a.indicator, rule.likely_cause)
    if several_bases:
        cause = rule.likely_cause_basis
    elif a.party == b.party:
        cause = rule.likely_cause_same_party
    choice = preferred.get(a.indicator)
    chosen = choice is not None and a.party in choice.stated_by
    return Conflict(
        rule.rule, "GROSS_NET" if several_bases else "SAME_QUANTITY", one, other,
        f"{said(a)} and {said(b)} for one quantity", cause,
        decision="PREFERRED" if chosen else BOTH_KEPT,
        reason=choice.reason if choice and chosen else KEPT_REASON,
    )  # fmt: skip


def is_known(basis: str) -> bool:
    """Return whether a basis was stated."""
    return basis not in ("", *SPECIAL_CODES)


def said(one: Figure) -> str:
    """Return a figure in words: 63 CASE (CLSSA, EXACT)."""
    return f"{shown(one.value)} {one.unit} ({one.stated_by}, {one.qualifier})"


def definitions(figures: Figures, rule: Definitions) -> Iterator[Conflict]:
    """Yield neighbouring numbers of one subject that rest on different definitions.

    Only stated definitions are compared: of a figure without one nobody can tell.
    """
    rows = labelled(comparable(figures.frame), rule)
    shared = ["family", "ref_area", "unit", "place"]
    shared += dimensions_but(*rule.labels, *rule.free, "matter")
    rows = rows.assign(key=groups(rows, shared))
    rows = rows.sort_values(["key", "label", "period_end", "detail"], kind="stable")
    latest = rows.drop_duplicates(["key", "label"], keep="last")
    for one, other in neighbours(latest.sort_values(["key", "value"])):
        if one.value != other.value:
            yield Conflict(
                rule.rule, "DEFINITION", one.at, other.at,
                f"{shown(one.value)} ({one.label}) and {shown(other.value)} "
                f"({other.label}) of one subject", rule.likely_cause,
            )  # fmt: skip


def labelled(rows: pd.DataFrame, rule: Definitions) -> pd.DataFrame:
    """Return the figures of the rule's families that state a definition, with both."""
    family = {code: str(n) for n, codes in enumerate(rule.families) for code in codes}
    labels = list(rule.labels)
    stated = pd.concat([is_stated(rows[name]) for name in labels], axis=1)
    rows = rows[rows["indicator"].isin(family) & stated.any(axis=1)]
    return rows.assign(
        family=rows["indicator"].map(family), place=matter_or_period(rows),
        label=rows[labels].agg("/".join, axis=1) if len(rows) else "", at=rows.index,
    )  # fmt: skip


def neighbours(rows: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    """Yield each two rows that follow each other in one group."""
    last: Any = None
    columns = [
        name for name in ("key", "at", "value", "label", "party") if name in rows
    ]
    row: Any
    for row in rows[columns].itertuples():
        if last is not None and last.key == row.key:
            yield last, row
        last = row


def relabelled(figures: Figures, rule: Relabelling) -> Iterator[Conflict]:
    """Yield retellings that change a label, and equal numbers that may be one."""
    yield from changed_retellings(figures, rule)
    rows = comparable(figures.frame)
    rows = rows[(rows["value"] >= rule.least_value) & (rows["origin_at"] == rows.index)]
    shared = ["indicator", *ONE_PERIOD, "value", "unit", *dimensions_but(*rule.labels)]
    rows = rows.assign(
        key=groups(rows, shared), at=rows.index,
        label=rows[list(rule.labels)].agg("/".join, axis=1) if len(rows) else "",
    ).sort_values(["key", "at"])  # fmt: skip
    repeated = rows[rows.duplicated("key", keep=False)]
    for one, other in neighbours(repeated):
        if one.label != other.label and one.party != other.party:
            yield Conflict(
                rule.rule, "RELABELLING", one.at, other.at,
                f"{shown(one.value)} as {one.label} and as {other.label}: perhaps one "
                "number told twice", rule.likely_cause,
            )  # fmt: skip


def changed_retellings(figures: Figures, rule: Relabelling) -> Iterator[Conflict]:
    """Yield retellings whose label differs from that of the figure first told."""
    frame, own = figures.frame, figures.frame.index.to_numpy()
    retold = frame[frame["origin_at"].to_numpy() != own]
    first = frame.loc[retold["origin_at"]]
    for name in ("indicator", "unit", *rule.labels):
        changed = first[name].to_numpy() != retold[name].to_numpy()
        for at, origin in zip(retold.index[changed], first.index[changed], strict=True):
            told, retelling = figures.rows[int(origin)], figures.rows[int(at)]
            yield Conflict(
                rule.rule, "RELABELLING", int(origin), int(at),
                f"{said(told)} retold as {said(retelling)}; {name}: "
                f"{frame.loc[origin, name]!s} becomes {frame.loc[at, name]!s}",
                rule.likely_cause,
            )  # fmt: skip


def parts_above_total(figures: Figures, rule: SubsetByDimension) -> Iterator[Conflict]:
    """Yield a number for one code of a dimension above the number for all codes."""
    frame = figures.frame
    rows = frame[frame["is_observation"] & frame["statement"].isna()]
    for name in (one for one in rule.by if is_stated(rows[one]).any()):
        shared = [*ONE_DOCUMENT, "party", *ONE_PERIOD, "indicator", "unit"]
        shared += [*dimensions_but(name), *TERM]
        concerned = rows.assign(key=groups(rows, shared), at=rows.index)
        part = concerned[is_stated(concerned[name])]
        whole = concerned[concerned[name] == TOTAL]
        yield from above(part, whole, rule.rule, rule.likely_cause)


def parts_above_whole(figures: Figures, rule: Subset) -> Iterator[Conflict]:
    """Yield a number for a subset above the number for its set, in one document."""
    frame = figures.frame
    rows = frame[frame["indicator"].isin((*rule.part, *rule.whole))]
    shared = [*ONE_DOCUMENT, "ref_area", "unit", *dimensions_but(*rule.free)]
    if rule.one_matter:
        rows = rows[is_stated(rows["matter"])]
    else:
        rows = rows[rows["is_observation"]]
        shared += PERIOD
    rows = rows.assign(key=groups(rows, shared), at=rows.index)
    part = rows[rows["indicator"].isin(rule.part)]
    whole = rows[rows["indicator"].isin(rule.whole)]
    yield from above(part, whole, rule.rule, rule.likely_cause)


def above(
    part: pd.DataFrame, whole: pd.DataFrame, rule: str, cause: str
) -> Iterator[Conflict]:
    """Yield, group by group, the largest part where it is above the largest whole."""
    columns = ["key", "at", "low", "high", "value"]
    largest, largest_whole = (
        rows.sort_values(["value", "at"])[columns].drop_duplicates("key", keep="last")
        for rows in (part, whole)
    )
    pairs = largest.merge(largest_whole, on="key", suffixes=("_part", "_whole"))
    pairs = pairs[pairs["low_part"] > pairs["high_whole"]]
    pair: Any
    for pair in pairs.itertuples():
        yield Conflict(
            rule, "SUBSET_ABOVE_SET", int(pair.at_part), int(pair.at_whole),
            f"{shown(pair.value_part)} of {shown(pair.value_whole)}", cause,
        )  # fmt: skip

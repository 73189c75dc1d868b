"""What sources say about their own figures, recomputed from these figures.

In here: claims of a range, a change, a ratio, a part, a date. Not in here: words for
a unit (`units.py`) and stated ratios that are figures (`ratios.py`).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.reconciliation import Claims, ReconciliationRules
from pipeline.model import SEPARATOR
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import Figures, shown
from pipeline.process.rules.series import breaks_between

RULE = "claims"


class Claim(NamedTuple):
    """One claim with its record and the positions of the figures it is about."""

    record_id: str
    kind: str
    about: tuple[int, ...]
    low: str
    high: str
    word: str

    @property
    def number(self) -> float:
        """Return the number claimed, or not a number."""
        return float(pd.to_numeric(self.low, errors="coerce"))

    @property
    def pair(self) -> tuple[int, int]:
        """Return the two figures, in the order of the claim."""
        return self.about[0], self.about[1]


def placed_claims(figures: Figures, claims: pd.DataFrame) -> list[Claim]:
    """Return the claims whose figures are all there, with their positions."""
    frame = figures.frame
    at = pd.Series(frame.index, index=frame["source_id"] + "\x1f" + frame["figure_id"])
    at = at[~at.index.duplicated()]
    asked = claims.reset_index(drop=True).assign(claim=range(len(claims)))
    asked = asked.assign(figure=asked["about"].str.split(SEPARATOR)).explode("figure")
    sources = asked["source_id"].astype("str")
    found = (sources + "\x1f" + asked["figure"].str.strip()).map(at)
    positions = found.groupby(asked["claim"]).agg(list)
    told = claims[["record_id", "kind"]]
    texts = claims[["low", "high", "word"]].fillna("")
    return [
        Claim(record, kind, tuple(int(p) for p in about), low, high, word)
        for (record, kind), about, (low, high, word) in zip(
            told.itertuples(index=False, name=None),
            positions,
            texts.itertuples(index=False, name=None),
            strict=True,
        )
        if not pd.isna(about).any()
    ]


def unit_words_of(claims: list[Claim]) -> pd.DataFrame:
    """Return figure, word and record of each claim that gives a unit its word."""
    told = [c for c in claims if c.kind == "UNIT_WORD"]
    rows = [(at, c.word, c.record_id) for c in told for at in c.about]
    return pd.DataFrame(rows, columns=["at", "word", "claim"])


def check_claims(
    figures: Figures,
    claims: list[Claim],
    rules: ReconciliationRules,
    lists: Mapping[str, CodeList],
) -> Iterator[Conflict]:
    """Yield the claims that the figures they are about do not bear out."""
    judged = {
        "RANGE": outside_range,
        "PART_OF": part_of,
        "CHANGE_PCT": wrong_change,
        "RATIO": wrong_ratio,
        "TIMES": wrong_times,
        "EXAMPLE_DATE": example_outside,
    }
    for claim in claims:
        found: list[Conflict] = []
        if claim.kind in judged:
            found += judged[claim.kind](figures, claim, rules)
        if claim.kind in ("CHANGE_PCT", "TIMES"):
            found += change_across_break(figures, claim, rules, lists)
        yield from (one._replace(claims=(claim.record_id,)) for one in found)


def outside_range(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield each figure that lies outside the range claimed for it."""
    low, high = (
        pd.to_numeric(text, errors="coerce") for text in (claim.low, claim.high)
    )
    for at in claim.about:
        value = figures.rows[at].value
        if value < low or value > high:
            yield Conflict(
                RULE, "RANGE_CLAIM", at, None,
                f"{shown(value)} ({figures.rows[at].time_period}) lies outside "
                f"{claim.low} to {claim.high}", rules.claims.likely_cause_range,
                claim.about,
            )  # fmt: skip


def part_of(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield a part in another unit than its whole, or larger than it."""
    part, whole = claim.pair
    units = figures.rows[part].unit, figures.rows[whole].unit
    numbers = shown(figures.rows[part].value), shown(figures.rows[whole].value)
    if units[0] != units[1]:
        yield Conflict(
            RULE, "UNIT_CONFLICT", part, whole,
            f"{numbers[0]} {units[0]} said to be part of {numbers[1]} {units[1]}",
            rules.claims.likely_cause_part_units,
        )  # fmt: skip
    elif figures.rows[part].low > figures.rows[whole].high:
        yield Conflict(
            RULE, "SUBSET_ABOVE_SET", part, whole, f"{numbers[0]} of {numbers[1]}",
            rules.claims.likely_cause_part_above,
        )  # fmt: skip


def wrong_change(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield a percentage change that the two figures do not give."""
    later, base = claim.pair
    a, b = figures.rows[base].value, figures.rows[later].value
    if a == 0 or b == 0:
        return
    on_base, on_later = (b / a - 1) * 100, (1 - a / b) * 100
    slack = tolerance(claim, rules)
    if pd.isna(claim.number) or abs(on_base - claim.number) <= slack:
        return
    swapped = abs(on_later - claim.number) <= slack
    causes = rules.claims
    yield Conflict(
        RULE, "PERCENTAGE_WRONG", base, later,
        f"{claim.low} % is claimed; {shown(b)} against {shown(a)} is {on_base:+.1f} % "
        f"of the base, {on_later:+.1f} % of the later number",
        causes.likely_cause_wrong_base if swapped else causes.likely_cause_wrong,
    )  # fmt: skip


def wrong_ratio(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield a percentage that the part and the whole do not give."""
    part, whole = claim.pair
    a, b = figures.rows[part].value, figures.rows[whole].value
    if b == 0 or pd.isna(claim.number):
        return
    percent = a / b * 100
    if abs(percent - claim.number) > tolerance(claim, rules):
        yield Conflict(
            RULE, "PERCENTAGE_WRONG", part, whole,
            f"{claim.low} % is claimed; {shown(a)} of {shown(b)} is {percent:.1f} %",
            rules.claims.likely_cause_wrong,
        )  # fmt: skip


def wrong_times(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield a number of times, up or down, that the two figures do not give."""
    later, base = claim.pair
    values = sorted((figures.rows[later].value, figures.rows[base].value))
    if values[0] <= 0 or pd.isna(claim.number):
        return
    times = values[1] / values[0]
    # The tolerance of a percentage, applied to the number of times.
    if abs(times / claim.number - 1) * 100 > tolerance(claim, rules):
        yield Conflict(
            RULE, "PERCENTAGE_WRONG", base, later,
            f"{claim.low} times is claimed; {shown(values[1])} is {times:.2f} times "
            f"{shown(values[0])}", rules.claims.likely_cause_wrong,
        )  # fmt: skip


def tolerance(claim: Claim, rules: ReconciliationRules) -> float:
    """Return by how many percent a claim may be off, more where it says "about"."""
    words = {normalise(word) for word in rules.observations.words_for_about}
    limits: Claims = rules.claims
    is_about = normalise(claim.word) in words
    return limits.tolerance_about if is_about else limits.tolerance


def change_across_break(
    figures: Figures,
    claim: Claim,
    rules: ReconciliationRules,
    lists: Mapping[str, CodeList],
) -> Iterator[Conflict]:
    """Yield a change that is claimed across a declared break of the series."""
    later, base = (figures.rows[at] for at in claim.pair)
    if not (later.is_observation and base.is_observation):
        return
    broken = breaks_between(base, later, rules.jumps, lists)
    if broken and base.period_start != later.period_start:
        yield Conflict(
            RULE, "SERIES_BREAK", claim.pair[1], claim.pair[0],
            f"A change from {shown(base.value)} ({base.time_period}) to "
            f"{shown(later.value)} ({later.time_period}) is claimed across "
            f"{', '.join(broken)}", rules.jumps.likely_cause_claim,
        )  # fmt: skip


def example_outside(
    figures: Figures, claim: Claim, rules: ReconciliationRules
) -> Iterator[Conflict]:
    """Yield an example whose dates lie outside the period of its figure."""
    at = claim.about[0]
    start, end = figures.rows[at].period_start, figures.rows[at].period_end
    days = pd.to_datetime(pd.Series([claim.low, claim.high]), errors="coerce").dropna()
    outside = days[(days < start) | (days > end)]
    if len(outside):
        shown_days = ", ".join(outside.dt.strftime("%Y-%m-%d"))
        yield Conflict(
            RULE, "PERIOD_BASIS", at, None,
            f"An example dated {shown_days} stands for a number of "
            f"{figures.rows[at].time_period}", rules.claims.likely_cause_example,
        )  # fmt: skip

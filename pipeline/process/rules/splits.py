"""Two splits of one number in one text: the totals, and how they are divided.

In here: figures whose column `statement` says which split they belong to. Not in
here: sums with a whole of their own (`additive.py`).
"""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from pipeline.declarations.reconciliation import Splits
from pipeline.model import SEPARATOR
from pipeline.process.rules.additive import ONE_TEXT, SMALL
from pipeline.process.rules.found import Conflict, Identity
from pipeline.process.rules.prepared import Figures, groups, is_stated, shown

SHARED = (*ONE_TEXT, "indicator", "unit", "matter")


def in_splits(figures: Figures) -> pd.DataFrame:
    """Return one row per figure and split that it belongs to."""
    statement = figures.frame["statement"]
    rows = figures.frame[statement.notna() & is_stated(statement)]
    rows = rows.assign(key=groups(rows, SHARED), at=rows.index)
    return rows.assign(split=rows["statement"].str.split(SEPARATOR)).explode("split")


def pairs_of_splits(rows: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the figures of each two splits of one number, in the order of the text."""
    for _, text in rows.groupby("key", sort=False):
        named = [part for _, part in text.groupby("split", sort=False)]
        yield from combinations(named, 2)


def try_split_totals(figures: Figures, rule: Splits) -> Iterator[Identity]:
    """Yield whether two splits of one number have the same total."""
    for one, other in pairs_of_splits(in_splits(figures)):
        whole, parts = float(one["value"].sum()), float(other["value"].sum())
        holds = abs(whole - parts) < SMALL
        yield Identity(
            rule.rule, "ADDS_UP" if holds else "DOES_NOT_ADD_UP",
            tuple(dict.fromkeys((*one["at"], *other["at"]))), whole, parts,
            holds, False, f"{spoken(one)} against {spoken(other)}", rule.likely_cause,
        )  # fmt: skip


def splits_that_disagree(figures: Figures, rule: Splits) -> Iterator[Conflict]:
    """Yield each dimension in which two splits of one number differ."""
    for one, other in pairs_of_splits(in_splits(figures)):
        for name in rule.by:
            if is_stated(one[name]).all() and is_stated(other[name]).all():
                yield from disagreement(one, other, name, rule)


def disagreement(
    one: pd.DataFrame, other: pd.DataFrame, name: str, rule: Splits
) -> Iterator[Conflict]:
    """Yield how two splits differ by one dimension, shown by the code farthest off."""
    sums = [part.groupby(name, sort=False)["value"].sum() for part in (one, other)]
    apart = sums[0].sub(sums[1], fill_value=0).abs()
    if apart.max() < SMALL:
        return
    worst = str(apart.idxmax())
    ats = [best(part, name, worst) for part in (one, other)]
    agrees = abs(sums[0].sum() - sums[1].sum()) < SMALL
    named = zip((one, other), sums, strict=True)
    texts = [f"{spoken(part)} ({by(by_code)})" for part, by_code in named]
    yield Conflict(
        rule.rule, "SPLIT_DISAGREES", ats[0], ats[1],
        f"{' against '.join(texts)}: the total {'agrees' if agrees else 'differs'}, "
        "the split does not",
        rule.likely_cause, tuple(dict.fromkeys((*one["at"], *other["at"]))),
    )  # fmt: skip


def best(part: pd.DataFrame, name: str, code: str) -> int:
    """Return the figure that shows a code of a split, or its first figure."""
    same = part.loc[part[name] == code, "at"]
    return int(same.iloc[0] if len(same) else part["at"].iloc[0])


def spoken(part: pd.DataFrame) -> str:
    """Return a split in figures: 8 + 1 = 9."""
    values = part["value"]
    return " + ".join(shown(value) for value in values) + f" = {shown(values.sum())}"


def by(sums: pd.Series) -> str:
    """Return a split by code: KNB 8, POLICE 1."""
    return ", ".join(f"{code} {shown(value)}" for code, value in sums.items())

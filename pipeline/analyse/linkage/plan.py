"""What of the declared model the data can bear, and why not all of it.

In here: counts of rows and pairs against the declared limits, before anything is
compared. Not in here: estimating (`model.py`).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.analyse.linkage.rules import columns_of, pairs_made
from pipeline.declarations.linkage import Comparison, Linkage

USED, REFUSED, NOT_OBSERVED = "USED", "REFUSED", "NOT_OBSERVED"


class Plan(NamedTuple):
    """What of the declaration the data can bear."""

    lists: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    sure: tuple[tuple[str, ...], ...]
    blocking: tuple[tuple[str, ...], ...]
    training: tuple[tuple[str, ...], ...]
    items: tuple[dict[str, object], ...]

    @property
    def is_refused(self) -> bool:
        """Return whether no model can be estimated."""
        last = self.items[-1] if self.items else {}
        return last.get("item") == "MODEL" and last.get("state") == REFUSED


def told(item: str, name: str, state: str = USED, **more: object) -> dict[str, object]:
    """Return one thing to be said of the model."""
    empty = {"level": "", "reason": ""}
    return {"item": item, "name": name, "state": state} | empty | more


def planned(rows: pd.DataFrame, linkage: Linkage) -> Plan:
    """Return what a model can use of lists, comparisons and rules, and why."""
    limits = linkage.limits
    sizes = {str(name): len(part) for name, part in rows.groupby("list_id")}
    lists = tuple(name for name, n in sizes.items() if n >= limits.rows_per_list)
    items = [
        told("LIST", name, USED if name in lists else REFUSED, value=n,
             reason="" if name in lists else
             f"{n} rows, at least {limits.rows_per_list} needed")
        for name, n in sizes.items()
    ]  # fmt: skip
    known = rows[rows["list_id"].isin(lists)]
    most = limits.pairs_per_rule
    blocking = Rules("BLOCKING", known, 1, most).of(
        linkage.blocking, in_all=limits.pairs_in_all
    )
    sure = Rules("SURE", known, 1, most).of(linkage.sure)
    # Where matches are rare among the pairs, what is learnt is of something else.
    matches = max(sure.made, default=0) / linkage.sure_recall
    most = min(most, int(matches / limits.training_share))
    training = Rules("TRAINING", known, limits.training_pairs, most).of(
        linkage.training
    )
    comparisons, left = comparable(known, linkage.comparisons, training.used)
    items += [*blocking.items, *training.items, *sure.items, *left]
    plan = Plan(lists, comparisons, sure.used, blocking.used, training.used, ())
    if reason := why_not(plan, sure.made, linkage):
        items.append(told("MODEL", "probabilistic", REFUSED, reason=reason))
    return plan._replace(items=tuple(items))


class Rules:
    """Rules of one kind, each with the pairs that it makes."""

    def __init__(self, kind: str, rows: pd.DataFrame, least: int, most: int) -> None:
        """Take the rows, and how many pairs of them a rule that is used may make."""
        self.kind, self.rows, self.least, self.most = kind, rows, least, most
        self.used: tuple[tuple[str, ...], ...] = ()
        self.items: list[dict[str, object]] = []
        self.made: list[int] = []

    def of(self, rules: Sequence[tuple[str, ...]], in_all: float = math.inf) -> "Rules":
        """Count the pairs of each rule; none is made.

        Args:
            rules: columns that agree, the narrowest rule first.
            in_all: how many pairs the rules that are used may make together.
        """
        for rule in rules:
            pairs = pairs_made(self.rows, rule)
            most = min(self.most, in_all - sum(self.made))
            fits = self.least <= pairs <= most
            reason = (
                ""
                if fits
                else (f"{pairs} pairs; from {self.least} to {most} can be borne")
            )
            state = USED if fits else REFUSED
            name = " + ".join(rule)
            self.items.append(told(self.kind, name, state, value=pairs, reason=reason))
            if fits:
                self.used += (rule,)
                self.made.append(pairs)
        return self


def comparable(
    rows: pd.DataFrame,
    comparisons: Sequence[Comparison],
    training: Sequence[tuple[str, ...]],
) -> tuple[tuple[Comparison, ...], list[dict[str, object]]]:
    """Return the comparisons that can be learnt, and why the others cannot."""
    used, left = [], []
    for one in comparisons:
        columns = sorted(columns_of(one))
        lists = rows.loc[rows[columns].notna().any(axis=1), "list_id"].nunique()
        if lists < 2:
            reason = "fewer than two lists supply it"
        elif all(columns_of(one) & set(rule) for rule in training):
            reason = "every training rule that can be used fixes it"
        else:
            used.append(one)
            continue
        left.append(told("COMPARISON", one.comparison, REFUSED, reason=reason))
    return tuple(used), left


def why_not(plan: Plan, sure: Sequence[int], linkage: Linkage) -> str:
    """Return why no model can be estimated; empty where it can."""
    limits = linkage.limits
    least = f"at least {limits.sure_pairs} needed"
    reasons = {
        f"{len(plan.lists)} lists are long enough, 2 needed": len(plan.lists) < 2,
        "no training rule has enough pairs": not plan.training,
        f"{max(sure, default=0)} pairs are nearly sure, {least}": (
            max(sure, default=0) < limits.sure_pairs
        ),
        "no blocking rule can be used": not plan.blocking,
        f"{len(plan.comparisons)} comparisons can be learnt, 2 needed": (
            len(plan.comparisons) < 2
        ),
    }
    return "; ".join(reason for reason, holds in reasons.items() if holds)

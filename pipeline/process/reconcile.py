"""Hold the published figures against each other: sums that were tried, and conflicts.

In here: which rules are applied, in which order, and cases that a reader declared.
Not in here: any rule (`rules/`), or what it takes from `schemas/reconciliation.yml`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import (
    DeclaredCase,
    ReconciliationRules,
    check_rules,
)
from pipeline.errors import DeclarationError
from pipeline.process.rules.additive import try_sums
from pipeline.process.rules.claims import Claim, check_claims, placed_claims
from pipeline.process.rules.found import (
    BY_READER,
    Conflict,
    Identity,
    conflict_table,
    identity_table,
)
from pipeline.process.rules.outcomes import reclassified, repeated, unfit_grounds
from pipeline.process.rules.prepared import Figures, prepare
from pipeline.process.rules.quantities import (
    definitions,
    parts_above_total,
    parts_above_whole,
    relabelled,
    same_quantity,
)
from pipeline.process.rules.ratios import ratio_bases, ratios_recomputed
from pipeline.process.rules.series import (
    jumps,
    overlapping_channels,
    parts_above_year,
    running_totals,
)
from pipeline.process.rules.splits import splits_that_disagree, try_split_totals
from pipeline.process.rules.units import (
    unit_words,
    units_of_indicator,
    units_of_subject,
)

Lists = Mapping[str, CodeList]


class Reconciled(NamedTuple):
    """What came of comparing figures: every sum tried, and every conflict."""

    identities: pd.DataFrame
    conflicts: pd.DataFrame


def reconcile(
    figures: pd.DataFrame,
    claims: pd.DataFrame,
    lists: Lists,
    rules: ReconciliationRules,
) -> Reconciled:
    """Return the sums tried on published figures and the conflicts among them.

    Args:
        figures: accepted figures of any number of sources (`core.figures`).
        claims: what sources say about their own figures (`core.claims`).
        lists: code lists by name.
        rules: what to compare, and cases declared by a reader.

    Raises:
        DeclarationError: a rule names a code that does not exist, or a declared case
            a figure that its source no longer has.
    """
    check_rules(rules, lists)
    prepared = prepare(figures, lists["stating_party"], rules.observations)
    placed = placed_claims(prepared, claims)
    found = [*ruled(prepared, placed, rules, lists)]
    found = decided(prepared.frame, each_once(prepared.frame, found), rules.declared)
    return Reconciled(
        identity_table(prepared, identities(prepared, rules, lists)),
        conflict_table(prepared, found),
    )


def identities(
    figures: Figures, rules: ReconciliationRules, lists: Lists
) -> Iterator[Identity]:
    """Yield every sum that the rules find to try."""
    for rule in rules.additive:
        yield from try_sums(figures, rule, rules.observations, lists)
    yield from try_split_totals(figures, rules.splits)


def ruled(
    figures: Figures, claims: list[Claim], rules: ReconciliationRules, lists: Lists
) -> Iterator[Conflict]:
    """Yield what each rule finds, claims first: they are the source's own words."""
    indicators = lists["indicator"]
    return chain(
        check_claims(figures, claims, rules, lists),
        unit_words(figures, claims, rules.units, lists["unit"]),
        units_of_indicator(figures, rules.units),
        units_of_subject(figures, rules.units),
        splits_that_disagree(figures, rules.splits),
        same_quantity(figures, rules.same_quantity, rules.preferences),
        definitions(figures, rules.definitions),
        relabelled(figures, rules.relabelling),
        parts_above_total(figures, rules.subsets_by_dimension),
        *(parts_above_whole(figures, rule) for rule in rules.subsets),
        jumps(figures, rules.jumps, lists),
        parts_above_year(figures, rules.part_of_year),
        running_totals(figures, rules.running_totals),
        overlapping_channels(figures, rules.channels),
        ratio_bases(figures, claims, rules.ratios, indicators),
        ratios_recomputed(figures, rules.ratios, rules.observations, indicators),
        unfit_grounds(figures, rules.outcome_ground, lists["ground"], lists["charge"]),
        repeated(figures, rules.repeat_outcome),
        reclassified(figures, rules.reclassification, lists["charge"]),
    )


def each_once(frame: pd.DataFrame, found: Iterable[Conflict]) -> list[Conflict]:
    """Return each conflict of two statements once, as the first rule found it."""
    said = frame["said"].to_numpy()
    kept: dict[tuple[object, ...], Conflict] = {}
    for one in found:
        first = int(said[one.first])
        second = None if one.second is None else int(said[one.second])
        pair = frozenset(
            (one.first, one.second) if first == second else (first, second)
        )
        key = (one.kind, pair, one.statement if one.second is None else "")
        kept.setdefault(key, one)
    return list(kept.values())


def decided(
    frame: pd.DataFrame, found: list[Conflict], declared: tuple[DeclaredCase, ...]
) -> list[Conflict]:
    """Return the conflicts with what readers declared: a decision, or a case more."""
    sources = set(frame["source_id"])
    for case in declared:
        if case.source not in sources:
            continue
        at = positions(frame, case)
        same = [one.kind == case.kind and set(one.figures) <= set(at) for one in found]
        if any(same):
            found = [
                with_decision(one, case) if is_same else one
                for one, is_same in zip(found, same, strict=True)
            ]
        else:
            found = [*found, by_reader(at, case)]
    return found


def positions(frame: pd.DataFrame, case: DeclaredCase) -> tuple[int, ...]:
    """Return where the figures of a declared case stand."""
    mine = frame[frame["source_id"] == case.source]
    at = dict(zip(mine["figure_id"], mine.index, strict=True))
    if gone := [name for name in case.figures if name not in at]:
        raise DeclarationError(
            f"reconciliation.yml: declared {case.id!r}: {', '.join(gone)} is not among "
            f"the accepted figures of {case.source}; review the case"
        )
    return tuple(int(at[name]) for name in case.figures)


def with_decision(one: Conflict, case: DeclaredCase) -> Conflict:
    """Return a conflict that a rule found, with the decision declared on it."""
    return one._replace(
        likely_cause=case.likely_cause, decision=case.decision, reason=case.reason
    )


def by_reader(at: tuple[int, ...], case: DeclaredCase) -> Conflict:
    """Return a conflict that only a reader can see."""
    return Conflict(
        case.id, case.kind, at[0], at[1] if len(at) > 1 else None, case.statement,
        case.likely_cause, at, (), BY_READER, case.decision, case.reason,
    )  # fmt: skip

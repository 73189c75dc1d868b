"""Hold the published figures against each other: sums that were tried, and conflicts.

In here: which rules are applied, in which order, and cases that a reader declared.
Not in here: any rule (`rules/`), or what it takes from `schemas/reconciliation.yml`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import (
    DeclaredCase,
    ReconciliationRules,
    Rule,
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
Finder = Callable[[], Iterator[Conflict]]


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
    for area, of in figures.by_area().items():
        for rule in rules.additive:
            if rule.concerns(area):
                yield from try_sums(of, rule, rules.observations, lists)
        if rules.splits.concerns(area):
            yield from try_split_totals(of, rules.splits)


def ruled(
    figures: Figures, claims: list[Claim], rules: ReconciliationRules, lists: Lists
) -> Iterator[Conflict]:
    """Yield what each rule finds, claims first: they are the source's own words."""
    yield from check_claims(figures, claims, rules, lists)
    for area, of in figures.by_area().items():
        there = set(of.frame.index)
        told = [claim for claim in claims if there.issuperset(claim.about)]
        for rule, find in finders(of, told, rules, lists):
            if rule.concerns(area):
                yield from find()


def finders(
    of: Figures, claims: list[Claim], rules: ReconciliationRules, lists: Lists
) -> Iterator[tuple[Rule, Finder]]:
    """Yield each rule with what finds its conflicts among the figures of a country."""
    yield rules.units, lambda: unit_words(of, claims, rules.units, lists["unit"])
    yield rules.units, lambda: units_of_indicator(of, rules.units)
    yield rules.units, lambda: units_of_subject(of, rules.units)
    yield rules.splits, lambda: splits_that_disagree(of, rules.splits)
    yield from finders_of_quantities(of, rules)
    yield rules.jumps, lambda: jumps(of, rules.jumps, lists)
    yield rules.part_of_year, lambda: parts_above_year(of, rules.part_of_year)
    yield rules.running_totals, lambda: running_totals(of, rules.running_totals)
    yield rules.channels, lambda: overlapping_channels(of, rules.channels)
    yield from finders_of_outcomes(of, claims, rules, lists)


def finders_of_quantities(
    of: Figures, rules: ReconciliationRules
) -> Iterator[tuple[Rule, Finder]]:
    """Yield the rules about one quantity stated twice, and parts above a whole."""
    same, by = rules.same_quantity, rules.subsets_by_dimension
    yield same, lambda: same_quantity(of, same, rules.preferences)
    yield rules.definitions, lambda: definitions(of, rules.definitions)
    yield rules.relabelling, lambda: relabelled(of, rules.relabelling)
    yield by, lambda: parts_above_total(of, by)
    for rule in rules.subsets:
        yield rule, partial(parts_above_whole, of, rule)


def finders_of_outcomes(
    of: Figures, claims: list[Claim], rules: ReconciliationRules, lists: Lists
) -> Iterator[tuple[Rule, Finder]]:
    """Yield the rules about percentages, outcomes, and charges on the way."""
    facts, ratios, unfit = rules.observations, rules.ratios, rules.outcome_ground
    indicators, charges = lists["indicator"], lists["charge"]
    again, changed = rules.repeat_outcome, rules.reclassification
    yield ratios, lambda: ratio_bases(of, claims, ratios, indicators)
    yield ratios, lambda: ratios_recomputed(of, ratios, facts, indicators)
    yield unfit, lambda: unfit_grounds(of, unfit, lists["ground"], charges)
    yield again, lambda: repeated(of, again)
    yield changed, lambda: reclassified(of, changed, charges)


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

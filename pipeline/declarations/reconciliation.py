"""Rules by which published figures are compared: the shape of `reconciliation.yml`.

In here: reading the rules and checking that what they name exists. Not in here:
applying them (`process/reconcile.py`, `process/rules`).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.declarations.base import Declaration, own_or_builtin, read_declaration
from pipeline.declarations.codelists import CodeList
from pipeline.errors import DeclarationError
from pipeline.workspace import Workspace
from schemas.figures import DIMENSIONS

Codes = tuple[str, ...]
Percent = Annotated[float, Field(ge=0, le=100)]
FILE = "reconciliation.yml"
EVERYWHERE = "*"
LIST_OF_DIMENSION = {field.name: field.codelist for field in DIMENSIONS}


class Observations(Declaration):
    """Which figures are observations, and how near "about" is."""

    rates: Codes
    shares: Codes
    about: Percent
    lower_bounds: Codes
    upper_bounds: Codes
    approximate: Codes
    words_for_about: Codes


class Rule(Declaration):
    """What every rule has: its name, and the countries whose figures it compares."""

    rule: str
    ref_area: Annotated[Codes, Field(min_length=1)]

    @model_validator(mode="after")
    def _everywhere_stands_alone(self) -> "Rule":
        if EVERYWHERE in self.ref_area and len(self.ref_area) > 1:
            raise ValueError(f"{self.rule}: ref_area: {EVERYWHERE} beside a country")
        return self

    def concerns(self, area: str) -> bool:
        """Return whether the rule was made for the figures of a country."""
        return self.ref_area == (EVERYWHERE,) or area in self.ref_area


class Additive(Rule):
    """A whole and its parts, in one document.

    Attributes:
        whole: indicators of the whole; empty where it is the parts' own indicator.
        parts: indicators of the parts; empty where any.
        by: dimension in which the parts differ; empty where they differ in indicator.
        free: dimensions in which a part may say more, or less, than the whole.
        leaves_out: codes of `by` that overlap with others and are no part.
        exhaustive: whether the parts are all there are; else a rest is a residual.
        least_parts: how many different parts make it worth trying.
    """

    whole: Codes = ()
    parts: Codes = ()
    by: str = ""
    free: Codes = ()
    leaves_out: Codes = ()
    exhaustive: bool
    least_parts: Annotated[int, Field(ge=1)]
    likely_cause: str

    @model_validator(mode="after")
    def _parts_can_be_told_apart(self) -> "Additive":
        if not self.by and not (self.whole and self.parts):
            raise ValueError(f"{self.rule}: name `by`, or both `whole` and `parts`")
        return self


class Splits(Rule):
    """Two splits of one number in one text."""

    by: Codes
    likely_cause: str


class SubsetByDimension(Rule):
    """A figure for one code of a dimension against the figure for all."""

    by: Codes
    likely_cause: str


class Subset(Rule):
    """One indicator is part of another. `one_matter`: in a matter, at any date."""

    part: Codes
    whole: Codes
    free: Codes = ()
    one_matter: bool = False
    likely_cause: str


class SameQuantity(Rule):
    """Two values for one quantity; the cause may depend on the indicator."""

    likely_cause: str
    likely_cause_same_party: str
    likely_cause_basis: str
    likely_causes: dict[str, str] = Field(default_factory=dict)


class Preference(Declaration):
    """Which party is preferred for an indicator, first first, and why."""

    indicator: str
    stated_by: Codes
    reason: str


class Definitions(Rule):
    """Families of indicators that count one subject by several definitions."""

    families: tuple[Codes, ...]
    labels: Codes
    free: Codes
    likely_cause: str


class Relabelling(Rule):
    """One number under another label."""

    labels: Codes
    least_value: float
    likely_cause: str


class Jumps(Rule):
    """A jump between adjacent periods of one series, and changes across a break."""

    times: Annotated[float, Field(gt=1)]
    least_value: float
    break_scopes: dict[str, Codes]
    likely_cause: str
    likely_cause_claim: str


class PartOfYear(Rule):
    """Part of a year against the whole of this or a neighbouring year."""

    part_types: Codes
    likely_cause: str
    likely_cause_neighbour: str


class RunningTotals(Rule):
    """Snapshots of one running total."""

    event_types: Codes
    year_types: Codes
    free: Codes
    least_still: float = Field(gt=0)
    likely_cause: str
    likely_cause_fall: str
    likely_cause_still: str
    likely_cause_parties: str


class Channels(Rule):
    """Channels that may hold the same complaints."""

    indicators: Codes
    free: Codes
    likely_cause: str


class Subject(Declaration):
    """One subject, counted directly by indicators or through cases about it."""

    indicators: Codes
    definitions: Codes


class Units(Rule):
    """Different units under one word or for one subject; `leaves_out` compares none."""

    leaves_out: Codes
    subjects: dict[str, Subject]
    likely_cause_words: str
    likely_cause_units: str
    likely_cause_subject: str


class Counted(Declaration):
    """Indicators and outcomes that count one effect of a decision."""

    indicators: Codes
    outcomes: Codes


class OutcomeGround(Rule):
    """Outcomes and grounds that do not fit. `effects`: effect → what it fits."""

    effects: dict[str, Counted]
    torture_kinds: Codes
    likely_cause: str
    likely_cause_forbidden: str


class RepeatOutcome(Rule):
    """Persons whose matter was decided more than once."""

    indicators: Codes
    later_instances: Codes
    likely_cause: str


class Reclassification(Rule):
    """Torture alleged or registered, another charge at the end."""

    indicators: Codes
    definitions: Codes
    torture_kinds: Codes
    other_kinds: Codes
    likely_cause: str


class Ratios(Rule):
    """Stated percentages against each other and against stored components."""

    tolerance: Percent
    tolerance_about: Percent
    likely_cause_base: str
    likely_cause_recomputed: str


class Claims(Declaration):
    """What sources say about their own figures."""

    tolerance: Percent
    tolerance_about: Percent
    likely_cause_range: str
    likely_cause_part_above: str
    likely_cause_part_units: str
    likely_cause_wrong_base: str
    likely_cause_wrong: str
    likely_cause_example: str


class DeclaredCase(Declaration):
    """A conflict that only a reader can see, or a decision on one that a rule found."""

    id: str
    kind: str
    source: str
    figures: Annotated[tuple[str, ...], Field(min_length=1)]
    statement: str = ""
    likely_cause: str
    decision: Literal["BOTH_KEPT", "PREFERRED", "DECLARED", "NOT_A_CONFLICT"]
    reason: str


class ReconciliationRules(Declaration):
    """All rules, in the order of `schemas/reconciliation.yml`."""

    observations: Observations
    additive: tuple[Additive, ...]
    splits: Splits
    subsets_by_dimension: SubsetByDimension
    subsets: tuple[Subset, ...]
    same_quantity: SameQuantity
    definitions: Definitions
    relabelling: Relabelling
    jumps: Jumps
    part_of_year: PartOfYear
    running_totals: RunningTotals
    channels: Channels
    units: Units
    outcome_ground: OutcomeGround
    repeat_outcome: RepeatOutcome
    reclassification: Reclassification
    ratios: Ratios
    claims: Claims
    preferences: tuple[Preference, ...] = ()
    declared: tuple[DeclaredCase, ...] = ()

    def each(self) -> Iterator[Rule]:
        """Yield every rule; claims and declared cases are of their own source."""
        yield from self.additive
        yield from self.subsets
        told = (getattr(self, name) for name in type(self).model_fields)
        yield from (one for one in told if isinstance(one, Rule))


def read_rules(workspace: Workspace) -> ReconciliationRules:
    """Return the rules of a workspace, or the built-in ones where it has none.

    Raises:
        DeclarationError: a key is unknown or missing, or a value is not legal.
    """
    return read_declaration(own_or_builtin(workspace, FILE), ReconciliationRules)


def check_rules(rules: ReconciliationRules, lists: Mapping[str, CodeList]) -> None:
    """Raise DeclarationError when a rule names a code or dimension that is missing."""
    known = {name: one.codes for name, one in lists.items()}
    known["ref_area"] |= {EVERYWHERE}
    lines = [
        f"{FILE}: {rule}: {word!r} is not in the code list {name!r}"
        for rule, name, words in named_codes(rules)
        for word in words
        if word not in known[name]
    ]
    lines += [
        f"{FILE}: {rule}: {word!r} is not a dimension of a figure"
        for rule, words in named_dimensions(rules)
        for word in words
        if word not in LIST_OF_DIMENSION
    ]
    if lines:
        raise DeclarationError("\n".join(lines))


def named_dimensions(rules: ReconciliationRules) -> Iterator[tuple[str, Codes]]:
    """Yield the dimensions that each rule names."""
    for one in rules.additive:
        yield one.rule, (*one.free, *([one.by] if one.by else []))
    for subset in rules.subsets:
        yield subset.rule, subset.free
    for by in (rules.splits, rules.subsets_by_dimension):
        yield by.rule, by.by
    for labelled in (rules.definitions, rules.relabelling):
        yield labelled.rule, labelled.labels
    for freed in (rules.definitions, rules.running_totals, rules.channels):
        yield freed.rule, freed.free


def named_codes(rules: ReconciliationRules) -> Iterator[tuple[str, str, Codes]]:
    """Yield each rule, a code list and the codes of it that the rule names."""
    yield from codes_of_observations(rules.observations)
    for rule in rules.each():
        yield rule.rule, "ref_area", rule.ref_area
    for one in rules.additive:
        yield one.rule, "indicator", (*one.whole, *one.parts)
        if one.by:
            yield one.rule, LIST_OF_DIMENSION.get(one.by, "indicator"), one.leaves_out
    for subset in rules.subsets:
        yield subset.rule, "indicator", (*subset.part, *subset.whole)
    for family in rules.definitions.families:
        yield rules.definitions.rule, "indicator", family
    yield "preferences", "indicator", tuple(p.indicator for p in rules.preferences)
    for preference in rules.preferences:
        yield "preferences", "stating_party", preference.stated_by
    yield "declared", "conflict_kind", tuple(case.kind for case in rules.declared)
    yield from codes_of_series(rules)
    yield from codes_of_outcomes(rules)


def codes_of_observations(facts: Observations) -> Iterator[tuple[str, str, Codes]]:
    """Yield the codes that say which figures are observations."""
    yield "observations", "period_type", facts.rates
    yield "observations", "unit", facts.shares
    bounds = (*facts.lower_bounds, *facts.upper_bounds, *facts.approximate)
    yield "observations", "qualifier", bounds


def codes_of_series(rules: ReconciliationRules) -> Iterator[tuple[str, str, Codes]]:
    """Yield the codes named by rules about series."""
    totals, jumps = rules.running_totals, rules.jumps
    yield totals.rule, "period_type", (*totals.event_types, *totals.year_types)
    yield rules.part_of_year.rule, "period_type", rules.part_of_year.part_types
    yield rules.channels.rule, "indicator", rules.channels.indicators
    yield jumps.rule, "unit", tuple(jumps.break_scopes)
    for scopes in jumps.break_scopes.values():
        yield jumps.rule, "break_scope", scopes
    same = rules.same_quantity
    yield same.rule, "indicator", tuple(same.likely_causes)
    yield rules.units.rule, "unit", rules.units.leaves_out
    for subject in rules.units.subjects.values():
        yield rules.units.rule, "indicator", subject.indicators
        yield rules.units.rule, "definition", subject.definitions


def codes_of_outcomes(rules: ReconciliationRules) -> Iterator[tuple[str, str, Codes]]:
    """Yield the codes named by rules about outcomes, charges and persons."""
    for counted in rules.outcome_ground.effects.values():
        yield rules.outcome_ground.rule, "indicator", counted.indicators
        yield rules.outcome_ground.rule, "figure_outcome", counted.outcomes
    repeat, reclass = rules.repeat_outcome, rules.reclassification
    yield repeat.rule, "indicator", repeat.indicators
    yield repeat.rule, "instance", repeat.later_instances
    yield reclass.rule, "indicator", reclass.indicators
    yield reclass.rule, "definition", reclass.definitions
    kinds = (*reclass.torture_kinds, *reclass.other_kinds)
    yield reclass.rule, "offence_kind", kinds

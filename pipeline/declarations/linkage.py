"""How lists of complaints that share no number are compared: `linkage.yml`.

In here: the shape of the model (fields, levels of agreement, blocking rules, limits)
and of the gate before an estimate. Not in here: linking (`analyse/linkage`), estimating
(`analyse/unseen.py`).
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY, Workspace

FILE = "linkage.yml"
Words = Literal[
    "person_key", "sex", "region", "facility_key", "place_of_custody", "accused_body",
    "register_no", "allegations",
]  # fmt: skip
Numbers = Literal[
    "birth_year", "event_day", "event_month", "event_year", "received_day",
    "received_month", "received_year",
]  # fmt: skip
Column = Words | Numbers | Literal["born"]

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class Test(Declaration):
    """One test of one column of both rows.

    `same`: equal; `near`: numbers at most `within` apart; `meets`: ranges of years of
    birth, `within` years apart at most; `shares`: a code in common.
    """

    column: Column
    test: Literal["same", "near", "meets", "shares"]
    within: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _test_fits_column(self) -> "Test":
        only = {"meets": {"born"}, "shares": {"allegations"}}
        if self.test in only and self.column not in only[self.test]:
            raise ValueError(f"{self.test!r} is no test of {self.column!r}")
        if self.column == "born" and self.test != "meets":
            raise ValueError("years of birth are ranges: use `meets`")
        if self.test == "near" and self.column not in get_args(Numbers):
            raise ValueError(f"{self.column!r} is no number: nothing is near it")
        return self


class Level(Declaration):
    """One level of agreement: all its tests hold."""

    level: str
    all: Annotated[tuple[Test, ...], Field(min_length=1)]


class Comparison(Declaration):
    """What is compared, from the strongest agreement down.

    Below the last level stands `OTHER`; where no level can be tried, nothing is said.
    """

    comparison: str
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


class Certain(Declaration):
    """Links that need no model: a number that each list holds once.

    A pair that differs in one of `not_against`, both known, is left to the model.
    """

    same: Words
    not_against: tuple[Words, ...]


class Thresholds(Declaration):
    """From which probability a pair is a match, and from which it is uncertain."""

    match: Share
    clerical: Share

    @model_validator(mode="after")
    def _in_order(self) -> "Thresholds":
        if self.clerical >= self.match:
            raise ValueError("clerical must be below match")
        return self


class Limits(Declaration):
    """What it takes to estimate a model, and how much may be compared."""

    rows_per_list: Count
    training_pairs: Count
    training_share: Share
    sure_pairs: Count
    pairs_per_rule: Count
    pairs_in_all: Count
    sampled_pairs: Count
    clerical_sample: Count


class Gate(Declaration):
    """Conditions under which an estimate of what no list saw is shown."""

    lists: Annotated[int, Field(ge=3)]
    most_lists: Annotated[int, Field(ge=3, le=5)]
    rows_per_list: Count
    pair_overlap: Count
    uncertain_share: Share
    goodness_of_fit: Share
    sample_coverage: Share
    widest: Annotated[float, Field(gt=1)]
    bic_within: Annotated[float, Field(gt=0)]
    confidence: Share
    replicates: Annotated[int, Field(ge=100)]


class Linkage(Declaration):
    """The whole model. A source in no list of `lists` is a list of its own."""

    seed: int
    lists: dict[str, tuple[str, ...]] = {}
    certain: Certain
    sure: Annotated[tuple[tuple[Column, ...], ...], Field(min_length=1)]
    sure_recall: Share
    least: Share
    comparisons: Annotated[tuple[Comparison, ...], Field(min_length=2)]
    blocking: Annotated[tuple[tuple[Column, ...], ...], Field(min_length=1)]
    training: Annotated[tuple[tuple[Column, ...], ...], Field(min_length=1)]
    thresholds: Thresholds
    limits: Limits
    gate: Gate
    assumptions: tuple[str, ...]

    @model_validator(mode="after")
    def _each_source_is_in_one_list(self) -> "Linkage":
        named = [source for sources in self.lists.values() for source in sources]
        if len(named) != len(set(named)):
            raise ValueError("lists: a source stands in two lists")
        return self

    @model_validator(mode="after")
    def _rules_compare_what_is_equal(self) -> "Linkage":
        rules = (*self.sure, *self.blocking, *self.training)
        if any("born" in rule for rule in rules):
            raise ValueError("a rule joins equal values; years of birth are ranges")
        return self

    @model_validator(mode="after")
    def _training_fixes_whole_levels(self) -> "Linkage":
        first = [one.levels[0].all for one in self.comparisons]
        whole = {tests[0].column for tests in first if len(tests) == 1}
        same = {tests[0].column for tests in first if tests[0].test == "same"}
        used = {column for rule in self.training for column in rule}
        if wrong := sorted(used - (whole & same)):
            raise ValueError(
                f"training: {', '.join(wrong)}: no comparison has it alone, as the "
                "same, in its first level"
            )
        return self

    def list_of(self, source: str) -> str:
        """Return the list that a source belongs to."""
        found = (name for name, sources in self.lists.items() if source in sources)
        return next(found, source)


def read_linkage(workspace: Workspace) -> Linkage:
    """Return the model of a workspace, or the built-in one where it has none.

    Raises:
        DeclarationError: a key is unknown or missing, or a value is not legal.
    """
    own = workspace.schemas / FILE
    path = own if own.is_file() else REPOSITORY / "schemas" / FILE
    return read_declaration(path, Linkage)

"""How often things happen in the made-up world, as `schemas/demo/world.yml` says.

In here: the shape of that declaration, and drawing from its shares. Not in here: what
is drawn (`complaints.py`, `handling.py`, `courts.py`).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY

DECLARATIONS = REPOSITORY / "schemas" / "demo"
Texts = npt.NDArray[np.object_]
Days = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Shares = dict[str, float]


class Place(Declaration):
    """A kind of place: how many there are, and how often acts happen there."""

    count: int
    weight: float


class Before(Declaration):
    """What something was before the day on which it begins."""

    from_: date = Field(alias="from")
    was: str


class Era(Declaration):
    """Shares from a day on, until the next era begins."""

    from_: date = Field(alias="from")
    shares: Shares


class World(Declaration):
    """Every number by which the world is made; see the file for what each means."""

    last_day: date
    years: dict[int, float]
    sources: Shares
    also_with_prosecutor: Shares
    ombudsman_with_coalition: float
    comes_back: float
    bad_rows: float
    odd_letters: float
    unknown_words: float
    blank: float
    facilities: dict[str, Place]
    regions: Shares
    regions_before: dict[str, Before]
    bodies: dict[str, Shares]
    bodies_before: dict[str, Before]
    custody: dict[str, Shares]
    released: float
    moved: float
    sex: Shares
    citizenship: Shares
    complainant_type: Shares
    groups: float
    allegations: Shares
    purposes: Shares
    injuries: Shares
    evidence: Shares
    withdrawn: float
    withdrawal_reasons: Shares
    reprisals: Shares
    channels: Shares
    checked: float
    checked_twice: float
    check_bodies: tuple[Era, ...]
    check_outcomes: tuple[Era, ...]
    referred_to: Shares
    interviewed: Shares
    examined: float
    link_by: Shares
    wrong_numbers: float
    shared_statements: float
    registered_unchecked: float
    complaints_per_case: dict[int, float]
    second_case: float
    case_bodies: tuple[Era, ...]
    charges: tuple[Era, ...]
    milder: dict[str, str]
    wordings: dict[str, date]
    worded: tuple[str, ...]
    not_in_wording: dict[str, tuple[str, ...]]
    steps: Shares
    ends: Shares
    ends_again: Shares
    grounds: tuple[Era, ...]
    interruptions: tuple[Era, ...]
    in_court_list: float
    accused_per_case: dict[int, float]
    accused_known: float
    accused_again: float
    ranks: Shares
    second_charge: float
    suspended_from_duty: float
    first_decisions: Shares
    appealed: float
    appeal_changes: Shares
    then_cassation: float
    then_retrial: float
    milder_in_verdict: float
    act_told: float
    wording_told: float
    penalties: Shares
    suspended: float
    term_is_range: float
    in_addition: Shares
    compensated: float
    changed_later: Shares
    book_numbers_passed_on: float
    detained: dict[str, int]
    detained_headers: dict[str, str]


@cache
def read_world() -> World:
    """Return the made-up world.

    Raises:
        DeclarationError: the declaration has a wrong key or value.
    """
    return read_declaration(DECLARATIONS / "world.yml", World)


class Dice:
    """Draws from shares. The same seed and year give the same draws."""

    def __init__(self, *seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def pick(self, shares: Mapping[Any, float], count: int) -> Texts:
        """Return so many keys of some shares."""
        keys = np.array([*shares], dtype=object)
        weights = np.cumsum(np.array([*shares.values()], dtype=np.float64))
        at = np.searchsorted(weights, self.rng.random(count) * weights[-1], "right")
        drawn: Texts = keys.take(np.minimum(at, len(keys) - 1))
        return drawn

    def pick_by(self, shares: Mapping[str, Mapping[Any, float]], of: Texts) -> Texts:
        """Return for each key of `of` one of its own shares."""
        drawn = np.empty(len(of), dtype=object)
        for key in shares:
            here = of == key
            drawn[here] = self.pick(shares[key], int(here.sum()))
        return drawn

    def pick_at(self, eras: tuple[Era, ...], days: Days) -> Texts:
        """Return for each day one of the shares of its era."""
        drawn = np.empty(len(days), dtype=object)
        for era, last in zip(eras, (*eras[1:], None), strict=True):
            here = days >= np.datetime64(era.from_)
            if last is not None:
                here &= days < np.datetime64(last.from_)
            drawn[here] = self.pick(era.shares, int(here.sum()))
        return drawn

    def chance(self, share: float, count: int) -> Mask:
        """Return which of so many things happen, each with a chance."""
        return self.rng.random(count) < share

    def days(self, mean: float, count: int) -> Whole:
        """Return numbers of days, most of them short, with a mean."""
        return np.floor(self.rng.exponential(mean, count)).astype(np.int64)

    def of_some(self, chances: Mapping[str, float], count: int) -> Texts:
        """Return which of several things are true, sorted and joined by `;`.

        Each thing has its own chance; where none came, the first is true.
        """
        names = sorted(chances)
        limits = np.array([chances[name] for name in names])
        drawn = self.rng.random((count, len(names))) < limits
        first = names.index(next(iter(chances)))
        drawn[~drawn.any(axis=1), first] = True
        masks = drawn @ (1 << np.arange(len(names)))
        found, at = np.unique(masks, return_inverse=True)
        told = [
            ";".join(name for bit, name in enumerate(names) if mask >> bit & 1)
            for mask in found.tolist()
        ]
        whole: Texts = np.array(told, dtype=object).take(at)
        return whole


def earlier_name(codes: Texts, days: Days, before: Mapping[str, Before]) -> Texts:
    """Return codes as of a day: a region or body that came later is its former one."""
    named = codes.copy()
    for code, was in before.items():
        named[(codes == code) & (days < np.datetime64(was.from_))] = was.was
    return named

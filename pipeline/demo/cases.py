"""The cases that complaints were made into, step by step.

In here: which complaints made a case, and every step in its life until the last day of
the world. Not in here: checks (`handling.py`), courts (`courts.py`).
"""

from dataclasses import dataclass, field

import numpy as np

from pipeline.demo.complaints import Scene
from pipeline.demo.dates import Columns, tell
from pipeline.demo.handling import own_body
from pipeline.demo.mess import Fault, spoil, unknown
from pipeline.demo.wording import worded, wording_on
from pipeline.demo.world import Days, Mask, Texts, Whole, World

STEP_FAULTS = (
    Fault("not_a_date", "step_on", "30.02.2019"),
    Fault("required", "step"),
    Fault("step_no_no_number", "step_no", "б/н"),
    Fault("duplicate", twice=True),
)
EXACT = {"DAY": 0.965, "MONTH": 0.025, "YEAR": 0.01}
"""How exactly the day of a step is known."""

ACTS = ("INTERVIEW", "FORENSIC_EXAM")


@dataclass
class Cases:
    """The cases of a year while they go on: one entry each, and what has happened.

    `member` and `of` are pairs of a case and the row of a complaint, by case.
    """

    member: Whole
    of: Whole
    day: Days
    body: Texts
    charge: Texts
    opened: Days
    first_charge: Texts
    goes_on: Mask
    happened: list[Columns] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many cases there are."""
        return len(self.day)


def cases_of(complaints: Columns, checks: Columns, scene: Scene) -> Cases:
    """Return the cases that complaints of a year were made into, just opened."""
    world, dice = scene.world, scene.dice
    of, ready = registered(complaints, checks, scene)
    order = np.lexsort((ready, complaints["accused_body"][of].astype(str)))
    of, ready = of[order], ready[order]
    sizes = dice.pick(world.complaints_per_case, len(of)).astype(np.int64)
    member = np.searchsorted(np.cumsum(sizes), np.arange(len(of)), "right")
    count = int(member.max(initial=-1)) + 1
    opened = np.full(count, np.datetime64("1900-01-01", "D"))
    np.maximum.at(opened, member, ready)
    opened = np.minimum(opened + dice.days(3, count), np.datetime64(world.last_day))
    lead = of[np.searchsorted(member, np.arange(count))]
    charge = dice.pick_at(world.charges, complaints["_true_event"][lead])
    bodies = dice.pick_at(world.case_bodies, opened)
    body = own_body(bodies, complaints["accused_body"][lead])
    member, of = with_others(member, of, count, scene)
    goes_on = np.ones(count, dtype=bool)
    return Cases(member, of, opened, body, charge, opened, charge, goes_on)


def registered(
    complaints: Columns, checks: Columns, scene: Scene
) -> tuple[Whole, Days]:
    """Return the complaints that were registered as an offence, and from which day."""
    count = len(complaints["matter"])
    is_so = (checks["outcome"] == "REGISTERED") & checks["is_last"]
    of, ready = checks["of"][is_so], checks["ended"][is_so]
    unchecked = np.setdiff1d(np.arange(count), checks["of"])
    at_once = scene.dice.chance(scene.world.registered_unchecked, len(unchecked))
    direct = unchecked[at_once]
    wait = scene.dice.days(4, len(direct))
    both = np.concatenate([of, direct])
    days = np.concatenate([ready, complaints["_received_on"][direct] + wait])
    # A row that stands twice in the list is one complaint.
    is_meant = (days <= np.datetime64(scene.world.last_day)) & (
        complaints["rule"][both] != "duplicate"
    )
    return both[is_meant], days[is_meant]


def with_others(
    member: Whole, of: Whole, count: int, scene: Scene
) -> tuple[Whole, Whole]:
    """Return the pairs with few more: complaints that other cases rest on, too."""
    also = np.flatnonzero(scene.dice.chance(scene.world.second_case, count))
    extra = scene.dice.rng.choice(of, len(also)) if len(also) else of[:0]
    pairs = np.stack([np.concatenate([member, also]), np.concatenate([of, extra])])
    case, row = np.unique(pairs, axis=1)
    return case, row


def lived(cases: Cases, scene: Scene) -> Cases:
    """Let cases live until the last day of the world."""
    world, dice = scene.world, scene.dice
    steps, every = world.steps, np.ones(cases.count, dtype=bool)

    def some(step: str) -> Mask:
        return dice.chance(steps[step], cases.count)

    put(cases, "OPENED", every)
    take(cases, "INTERVIEW", some("INTERVIEW"), 10, scene)
    take(cases, "FORENSIC_EXAM", some("FORENSIC_EXAM"), 10, scene)
    transfer(cases, some("TRANSFERRED"), scene)
    milder = np.array([world.milder.get(one, "") for one in cases.charge], object)
    reclassified = some("RECLASSIFIED") & (milder != "")
    take(cases, "RECLASSIFIED", reclassified, 30, scene, charge=milder)
    grounds = dice.pick_at(world.interruptions, cases.day)
    stopped = take(cases, "INTERRUPTED", some("INTERRUPTED"), 40, scene, ground=grounds)
    resumed = take(cases, "RESUMED", stopped & some("RESUMED"), 60, scene)
    cases.goes_on &= ~stopped | resumed
    again = end(cases, world.ends, scene)
    cases.goes_on = again
    end(cases, world.ends_again, scene)
    return cases


def end(cases: Cases, shares: dict[str, float], scene: Scene) -> Mask:
    """Let cases end; return those that come back from the end."""
    dice, steps = scene.dice, scene.world.steps
    ends = dice.pick(shares, cases.count)
    grounds = dice.pick_at(scene.world.grounds, cases.day)
    take(cases, "JOINED", ends == "JOINED", 30, scene)
    closed = take(cases, "TERMINATED", ends == "TERMINATED", 60, scene, ground=grounds)
    sent = take(cases, "SENT_TO_COURT", ends == "SENT_TO_COURT", 90, scene)
    reopened = take(
        cases,
        "REOPENED",
        closed & dice.chance(steps["REOPENED"], cases.count),
        80,
        scene,
    )
    returned = take(
        cases, "RETURNED", sent & dice.chance(steps["RETURNED"], cases.count), 90, scene
    )
    return reopened | returned


def transfer(cases: Cases, which: Mask, scene: Scene) -> None:
    """Pass some cases to another body."""
    shares = {"PROS": 0.4, "SPEC_PROS": 0.2, "POLICE_INTSEC": 0.4}
    body = scene.dice.pick(shares, cases.count)
    take(cases, "TRANSFERRED", which & (body != cases.body), 15, scene, body=body)


def take(
    cases: Cases, step: str, which: Mask, wait: float, scene: Scene, **becomes: Texts
) -> Mask:
    """Let a step happen in some cases that go on; return in which it did.

    A case whose step would come after the last day of the world stays as it is.

    Args:
        cases: the cases.
        step: what happens.
        which: the cases in which it would happen.
        wait: days in the mean until it happens.
        scene: the year.
        becomes: body, charge or ground from then on.
    """
    when = cases.day + 1 + scene.dice.days(wait, cases.count)
    is_late = when > np.datetime64(scene.world.last_day)
    happens = which & cases.goes_on & ~is_late
    cases.goes_on = cases.goes_on & ~(which & is_late)
    cases.day = np.where(happens, when, cases.day)
    cases.body = np.where(happens, becomes.get("body", cases.body), cases.body)
    cases.charge = np.where(happens, becomes.get("charge", cases.charge), cases.charge)
    put(cases, step, happens, becomes.get("ground"))
    return happens


def put(cases: Cases, step: str, happens: Mask, ground: Texts | None = None) -> None:
    """Write down a step of some cases."""
    none = np.full(cases.count, "", dtype=object)
    cases.happened.append(
        {
            "happens": happens,
            "step": np.full(cases.count, step, dtype=object),
            "day": cases.day,
            "body": cases.body,
            "charge": cases.charge,
            "ground": none if ground is None else ground,
        }
    )


def case_numbers(count: int, scene: Scene) -> Texts:
    """Return numbers of the register of pre-trial investigations: 15 digits."""
    short = scene.year % 100
    return np.array([f"{short:02d}7500{n:09d}" for n in range(1, count + 1)], object)


def step_list(cases: Cases, complaints: Columns, scene: Scene) -> Columns:
    """Return every step of the cases as the prosecutor's list knows them, by case."""
    world, dice = scene.world, scene.dice
    whole = {
        name: np.stack([one[name] for one in cases.happened], axis=1)
        for name in cases.happened[0]
    }
    happens = whole.pop("happens")
    case, _ = np.nonzero(happens)
    told: Columns = {name: column[happens] for name, column in whole.items()}
    numbers = np.cumsum(happens, axis=1)[happens]
    told["step_no"] = numbers.astype(str).astype(object)
    told["case_no"] = case_numbers(cases.count, scene)[case]
    told["case"] = case
    told |= {
        name: column[case] for name, column in named(cases, complaints, world).items()
    }
    days, is_known = told.pop("act"), told.pop("is_act_known")
    told["charge"] = worded(told["charge"], days, is_known, world)
    told["plain_charge"] = whole["charge"][happens]
    for name in ("charge", "plain_charge"):
        told[name][np.isin(told["step"], ACTS)] = ""
    tell(told, "step_on", told.pop("day"), EXACT, dice)
    unknown(told, ("body",), world.unknown_words, dice)
    return spoil(told, STEP_FAULTS, world.bad_rows, dice)


def named(cases: Cases, complaints: Columns, world: World) -> Columns:
    """Return for each case the complaints that it names, and what they tell of acts.

    The wording is known where the list tells the day of the act of every complaint,
    and one wording was in force on all of them.
    """
    ids = complaints["complaint_id"][cases.of]
    days = complaints["_event_from"][cases.of]
    is_day = complaints["event_from_precision"][cases.of] == "DAY"
    starts = np.searchsorted(cases.member, np.arange(cases.count))
    ends = np.searchsorted(cases.member, np.arange(cases.count), "right")
    joined = [
        ";".join(ids[start:stop].tolist())
        for start, stop in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    if not cases.count:
        none = np.array([], dtype=object)
        return {"complaint_ids": none, "act": days[:0], "is_act_known": is_day[:0]}
    earliest, latest = (
        np.minimum.reduceat(days, starts),
        np.maximum.reduceat(days, starts),
    )
    return {
        "complaint_ids": np.array(joined, dtype=object),
        "act": earliest,
        "is_act_known": np.logical_and.reduceat(is_day, starts)
        & (wording_on(earliest, world) == wording_on(latest, world)),
    }

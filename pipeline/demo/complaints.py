"""What is true of the complaints of one year, and which lists have them.

In here: matters (who, where, when, by whom), and for each of three lists its
complaints. Not in here: what became of them (`handling.py`); how a list writes them
(`shapes.py`).

A matter may be in several lists: that is the overlap that nobody may add up.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.demo.dates import NO_DAY, Columns, tell
from pipeline.demo.people import IDENTIFIED, fixed_draw, labels, people_of
from pipeline.demo.world import Days, Dice, Texts, Whole, World, earlier_name

PROSECUTOR, COALITION, OMBUDSMAN = "demo_prosecutor", "demo_coalition", "demo_ombudsman"
LISTS = (PROSECUTOR, COALITION, OMBUDSMAN)
SHARED_LABEL, OWN_LABEL, NO_LABEL = 0.65, 0.85, 1.0
"""Up to which draw a list knows a person by the shared label, by its own, or not."""

LABEL = "АК"
OWN = {PROSECUTOR: "ПР", COALITION: "КЦ", OMBUDSMAN: "ОМ"}
DAY_ONLY = {"DAY": 1.0}
EXACT: dict[str, dict[str, float]] = {
    PROSECUTOR: {"DAY": 0.93, "MONTH": 0.03, "BLANK": 0.04},
    COALITION: {"DAY": 0.70, "MONTH": 0.12, "SEASON": 0.05, "YEAR": 0.06,
                "UNKNOWN": 0.04, "BLANK": 0.03},
    OMBUDSMAN: {"DAY": 0.60, "MONTH": 0.2, "YEAR": 0.15, "BLANK": 0.05},
}  # fmt: skip
"""How exactly a list knows the day of the act."""

RECEIVED: dict[str, dict[str, float]] = {
    PROSECUTOR: DAY_ONLY,
    COALITION: {"DAY": 0.95, "MONTH": 0.05},
    OMBUDSMAN: {"DAY": 0.97, "MONTH": 0.03},
}
DELAY = {PROSECUTOR: 0.0, COALITION: 10.0, OMBUDSMAN: 25.0}
"""Days, in the mean, after which a matter reaches a list."""


class Scene(NamedTuple):
    """One year of the made-up world, as far as it has gone, and what makes it."""

    world: World
    places: pd.DataFrame
    first: np.datetime64
    last: np.datetime64
    dice: Dice

    @property
    def year(self) -> int:
        """Return the year."""
        return int(str(self.first)[:4])


def scene_of(world: World, places: pd.DataFrame, year: int, seed: int) -> Scene:
    """Return a year, up to the last day of the world."""
    last = min(np.datetime64(f"{year}-12-31"), np.datetime64(world.last_day))
    first = np.datetime64(f"{year}-01-01")
    return Scene(world, places, first, last, Dice(seed, year))


def matters_of(scene: Scene, count: int, known: int) -> Columns:
    """Return so many matters of a year, in the order in which they are complained of.

    Args:
        scene: the year.
        count: how many.
        known: how many people have complained in earlier years.
    """
    world, dice = scene.world, scene.dice
    length = int((scene.last - scene.first).astype(np.int64)) + 1
    received = scene.first + np.sort(dice.rng.integers(0, length, count))
    long_ago = dice.chance(0.1, count)
    event = received - dice.days(25, count) - long_ago * dice.days(400, count)
    lasts = dice.chance(0.15, count)
    ended = np.minimum(event + dice.days(3, count), received)
    told: Columns = {
        "received": received,
        "event": event,
        "event_to": np.where(lasts, ended, NO_DAY),
        "person": persons(dice, world, count, known),
    }
    told |= places_of(scene, event) | nature_of(scene, count)
    return told | footing_of(scene, told["place_of_act"])


def persons(dice: Dice, world: World, count: int, known: int) -> Whole:
    """Return who is concerned: somebody new, or one of those already known."""
    fresh = known + 1 + np.arange(count)
    again = dice.rng.integers(1, fresh) if known else fresh
    return np.where(dice.chance(world.comes_back, count), again, fresh)


def places_of(scene: Scene, event: Days) -> Columns:
    """Return where acts happened and who is accused of them."""
    world, dice, places = scene.world, scene.dice, scene.places
    shares = {kind: place.weight for kind, place in world.facilities.items()}
    kind = dice.pick(shares, len(event))
    number = np.zeros(len(event), dtype=np.int64)
    region = dice.pick(world.regions, len(event))
    for one, those in places.groupby("kind", sort=False):
        here = kind == one
        at = dice.rng.integers(0, len(those), int(here.sum()))
        number[here] = those["number"].to_numpy()[at]
        region[here] = those["region"].to_numpy(dtype=object)[at]
    body = dice.pick_by(world.bodies, kind)
    return {
        "place_of_act": kind,
        "facility": number,
        "region": earlier_name(region, event, world.regions_before),
        "accused_body": earlier_name(body, event, world.bodies_before),
    }


def nature_of(scene: Scene, count: int) -> Columns:
    """Return what is alleged and who complains of it."""
    world, dice = scene.world, scene.dice
    is_group = dice.chance(world.groups, count)
    injuries = dice.pick(world.injuries, count)
    evidence = dice.pick(world.evidence, count)
    evidence[injuries == "NO"] = "NOT_EXAMINED"
    return {
        "allegations": dice.of_some(world.allegations, count),
        "purpose": dice.of_some(world.purposes, count),
        "injuries_documented": injuries,
        "evidence_grade": evidence,
        "complainant_type": dice.pick(world.complainant_type, count),
        "persons_count": np.where(is_group, dice.rng.integers(2, 20, count), 1),
        "reprisal_reported": dice.pick(world.reprisals, count),
        "withdrawn": dice.chance(world.withdrawn, count),
        "withdrawal_reason": dice.pick(world.withdrawal_reasons, count),
    }


def footing_of(scene: Scene, kind: Texts) -> Columns:
    """Return on what footing and where people are held when they complain."""
    world, dice = scene.world, scene.dice
    status = dice.pick_by(world.custody, kind)
    held = kind.copy()
    moved = dice.chance(world.moved, len(kind)) & np.isin(kind, ["POLSTN", "IVS"])
    held[moved], status[moved] = "SIZO", "PRETRIAL"
    status[dice.chance(world.released, len(kind))] = "AT_LIBERTY"
    free = status == "AT_LIBERTY"
    held[free] = "_Z"
    return {
        "custody_status": status,
        "place_of_custody": held,
        "deprived_of_liberty": np.where(free, "NO", "YES").astype(object),
    }


def shared_among(counts: dict[str, int], scene: Scene) -> tuple[int, dict[str, Whole]]:
    """Return how many matters there are, and which of them each list has."""
    world, rng = scene.world, scene.dice.rng
    first, second, third = (counts[name] for name in LISTS)
    with_first = {
        name: min(round(world.also_with_prosecutor[name] * counts[name]), first)
        for name in LISTS[1:]
    }
    own = second - with_first[COALITION]
    both = min(round(world.ombudsman_with_coalition * third), own)
    last = max(third - with_first[OMBUDSMAN] - both, 0)
    total = first + own + last
    coalition = np.arange(first, first + own)
    chosen = {
        PROSECUTOR: np.arange(first),
        COALITION: np.concatenate(
            [rng.choice(first, with_first[COALITION], replace=False), coalition]
        ),
        OMBUDSMAN: np.concatenate(
            [
                rng.choice(first, with_first[OMBUDSMAN], replace=False),
                rng.choice(coalition, both, replace=False),
                np.arange(first + own, total),
            ]
        ),
    }
    return total, scattered(chosen, total, scene)


def scattered(chosen: dict[str, Whole], total: int, scene: Scene) -> dict[str, Whole]:
    """Return the matters of each list, spread over the whole year."""
    order = scene.dice.rng.permutation(total)
    return {name: order[at].astype(np.int64) for name, at in chosen.items()}


def listed(name: str, matters: Columns, at: Whole, scene: Scene) -> Columns:
    """Return the complaints of one list, in the order in which it received them."""
    delay = scene.dice.days(DELAY[name], len(at)) if DELAY[name] else 0
    received = np.minimum(matters["received"][at] + delay, scene.last)
    order = np.argsort(received, kind="stable")
    at, received = at[order], received[order]
    told = {field: column[at] for field, column in matters.items()}
    told["matter"] = at
    tell(told, "received_on", received, RECEIVED[name], scene.dice)
    told["_true_event"] = told.pop("event")
    tell(told, "event_from", told["_true_event"], EXACT[name], scene.dice)
    tell(told, "event_to", told.pop("event_to"), DAY_ONLY, scene.dice)
    withdrawn = received + 1 + scene.dice.days(40, len(at))
    is_told = told.pop("withdrawn") & (withdrawn <= np.datetime64(scene.world.last_day))
    tell(told, "withdrawn_on", np.where(is_told, withdrawn, NO_DAY),
         {"DAY": 0.9, "MONTH": 0.1}, scene.dice)  # fmt: skip
    told["withdrawal_reason"][~is_told] = "_Z"
    return told | person_of(name, told, scene.world)


def person_of(name: str, told: Columns, world: World) -> Columns:
    """Return what a list knows of the persons concerned."""
    numbers = told["person"]
    people = people_of(numbers, world)
    # The same person is known to a list in the same way, whenever they complain.
    draw = fixed_draw(numbers, IDENTIFIED + LISTS.index(name))
    shared, own = draw < SHARED_LABEL, (draw >= SHARED_LABEL) & (draw < OWN_LABEL)
    label = labels(LABEL, numbers, shared)
    label[own] = labels(OWN[name], numbers, own)[own]
    act = told["_event_from"].astype("datetime64[Y]").astype(np.int64) + 1970
    return {
        "person_label": label,
        "sex": people.sex,
        "birth_year": people.birth_year,
        "age_at_event": act - people.birth_year,
        "citizenship": people.citizenship,
    }

"""The penalties imposed on those convicted, and what was awarded to the victims.

In here: main and additional penalties, their terms, fines, compensation. Not in here:
who was convicted (`courts.py`).
"""

import numpy as np

from pipeline.demo.complaints import Scene
from pipeline.demo.dates import NO_DAY, Columns, retell, tell
from pipeline.demo.handling import DAY_ONLY
from pipeline.demo.mess import Fault, spoil
from pipeline.demo.wording import worded
from pipeline.demo.world import Texts

FAULTS = (
    Fault("not_a_number", "fine_mci", "около ста"),
    Fault("required", "penalty"),
    Fault("verdict_on_after_in_force_on", "verdict_on", later="in_force_on"),
    Fault("duplicate", twice=True),
)
WITH_TERM = ("PRISON", "RESTR")
WITH_FINE = ("FINE", "CORRWORK")
LINK_UNKNOWN = 0.02
PAID = {"": 0.5, "ALL": 0.25, "NONE": 0.25}
CARRIED = (
    *("of", "prosecution_id", "case_no", "act", "is_act_known", "is_wording_told"),
    *("final", "day"),
)


def sentences_of(decisions: Columns, scene: Scene) -> Columns:
    """Return every penalty and award, as the list of the courts knows them.

    A decision that left the former as it was imposes nothing anew.
    """
    dice = scene.dice
    imposes = (decisions["court_outcome"] == "CONVICTED") & decisions["changes"]
    imposes &= decisions["rule"] != "duplicate"
    at = np.flatnonzero(imposes)
    count, more = len(at), scene.world.in_addition
    parts = [(at, dice.pick(scene.world.penalties, count), "MAIN")]
    for penalty, share in more.items():
        some = at[dice.chance(share, count)]
        parts.append((some, np.full(len(some), penalty, dtype=object), "ADDITIONAL"))
    paid = at[dice.chance(scene.world.compensated, count)]
    parts.append((paid, np.full(len(paid), "COMP", dtype=object), "CIVIL"))
    where = np.concatenate([rows for rows, _, _ in parts])
    order = np.argsort(where, kind="stable")
    told: Columns = {name: decisions[name][where[order]] for name in CARRIED}
    told["plain_charge"] = decisions["plain_charge_verdict"][where[order]]
    told["penalty"] = np.concatenate([kinds for _, kinds, _ in parts])[order]
    roles = np.array([role for _, _, role in parts], dtype=object)
    told["main_or_additional"] = np.repeat(roles, [len(p[0]) for p in parts])[order]
    return sentence_list(told, scene)


def sentence_list(told: Columns, scene: Scene) -> Columns:
    """Return penalties and awards with their number, dates and amounts."""
    world, dice = scene.world, scene.dice
    count, short = len(told["of"]), scene.year % 100
    names = [f"Н-{short:02d}-{n}" for n in range(1, count + 1)]
    told["sentence_id"] = np.array(names, dtype=object)
    told["true_prosecution_id"] = told["prosecution_id"].copy()
    lost = dice.chance(LINK_UNKNOWN, count)
    told["prosecution_id"][lost] = "_U"
    # A penalty without its decision has the wording only if its own words tell it.
    is_known = (told["is_act_known"] & ~lost) | told["is_wording_told"]
    told["charge"] = worded(told["plain_charge"], told["act"], is_known, world)
    in_force = np.where(told["final"] == "YES", told["day"] + 15, NO_DAY)
    tell(told, "verdict_on", told["day"], DAY_ONLY, dice)
    tell(told, "in_force_on", in_force, DAY_ONLY, dice)
    terms(told, scene)
    amounts(told, scene)
    changed = dice.pick(world.changed_later | {"": 1.0}, count)
    changed[told["main_or_additional"] != "MAIN"] = ""
    told["changed_by"] = changed
    made = spoil(told, FAULTS, world.bad_rows, dice)
    retell(made, "verdict_on", made["_verdict_on"], made["_verdict_on_form"])
    return made


def terms(told: Columns, scene: Scene) -> None:
    """Put in terms in months, fines in calculation indices, and what is suspended."""
    world, dice = scene.world, scene.dice
    count = len(told["penalty"])
    half_years = dice.rng.integers(2, 15, count) * 6.0
    ban = dice.rng.integers(1, 4, count) * 12.0
    has_term = np.isin(told["penalty"], WITH_TERM)
    low = np.where(
        has_term, half_years, np.where(told["penalty"] == "DISQ", ban, np.nan)
    )
    is_range = has_term & dice.chance(world.term_is_range, count)
    told["term_months_low"] = low
    told["term_months_high"] = np.where(is_range, low + 12, low)
    fined = np.isin(told["penalty"], WITH_FINE)
    size = dice.rng.integers(1, 41, count) * 50.0
    told["fine_mci"] = np.where(fined, size, np.nan)
    year = told["day"].astype("datetime64[Y]").astype(np.int64) + 1970.0
    told["fine_mci_year"] = np.where(fined, year, np.nan)
    suspended = (told["penalty"] == "PRISON") & dice.chance(world.suspended, count)
    told["suspended"] = np.where(suspended, "YES", "NO").astype(object)
    told["suspended"][told["main_or_additional"] != "MAIN"] = "_Z"


def amounts(told: Columns, scene: Scene) -> None:
    """Put in what was claimed, awarded and paid, in tenge."""
    dice = scene.dice
    is_award = told["penalty"] == "COMP"
    count = len(is_award)
    claimed = dice.rng.integers(5, 200, count) * 50_000.0
    awarded = np.floor(claimed * dice.rng.random(count) / 10_000) * 10_000
    how: Texts = dice.pick(PAID, count)
    paid = np.select([how == "ALL", how == "NONE"], [awarded, 0.0], np.nan)
    for name, amount in (("claimed", claimed), ("awarded", awarded), ("paid", paid)):
        told[f"compensation_{name}"] = np.where(is_award, amount, np.nan)
    told["currency"] = np.where(is_award, "KZT", "").astype(object)

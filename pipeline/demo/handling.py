"""The checks of the complaints that a prosecutor received.

In here: who checked what, when, and with what outcome, until the last day of the
world. Not in here: the cases that some were made into (`cases.py`).
"""

import numpy as np

from pipeline.demo.complaints import Scene
from pipeline.demo.dates import NO_DAY, Columns, tell
from pipeline.demo.mess import Fault, spoil, unknown
from pipeline.demo.world import Texts

SAME = "SAME"
DAY_ONLY = {"DAY": 1.0}
NOWHERE = "99"
"""Stands for the region in numbers of the book that no complaint has."""

CHECK_FAULTS = (
    Fault("not_a_date", "started_on", "00.01.2020"),
    Fault("required", "outcome"),
    Fault("started_on_after_ended_on", "started_on", later="ended_on"),
    Fault("duplicate", twice=True),
)


def checks_of(complaints: Columns, scene: Scene) -> Columns:
    """Return the checks of the complaints, in the order in which they began.

    `of` is the row of the complaint. A second check follows a first that was
    referred to another body.
    """
    world, dice = scene.world, scene.dice
    of = np.flatnonzero(dice.chance(world.checked, len(complaints["matter"])))
    started = complaints["_received_on"][of] + dice.days(3, len(of))
    ended = started + 1 + dice.days(15, len(of))
    again = dice.chance(world.checked_twice, len(of))
    later = ended[again] + dice.days(5, int(again.sum()))
    is_referred = np.concatenate([again, np.zeros(len(later), dtype=bool)])
    told: Columns = {
        "of": np.concatenate([of, of[again]]),
        "started": np.concatenate([started, later]),
        "ended": np.concatenate([ended, later + 1 + dice.days(15, len(later))]),
        "is_last": ~is_referred,
    }
    told["referred"] = is_referred
    begun = told["started"] <= np.datetime64(world.last_day)
    order = np.argsort(told["started"], kind="stable")
    at = order[begun[order]]
    return checked({name: column[at] for name, column in told.items()}, scene)


def checked(told: Columns, scene: Scene) -> Columns:
    """Return checks with their outcome and its dates."""
    world, dice = scene.world, scene.dice
    count = len(told["of"])
    outcome = dice.pick_at(world.check_outcomes, told["started"])
    outcome[told["referred"]] = "REFERRED"
    is_open = told["ended"] > np.datetime64(world.last_day)
    outcome[is_open] = "PENDING"
    referred = dice.pick(world.referred_to, count)
    referred[outcome != "REFERRED"] = "_Z"
    ended = np.where(is_open, NO_DAY, told["ended"])
    examined = dice.chance(world.examined, count) & ~is_open
    exam = told["started"] + (told["ended"] - told["started"]) // 2
    tell(told, "started_on", told["started"], DAY_ONLY, dice)
    tell(told, "ended_on", ended, DAY_ONLY, dice)
    tell(told, "forensic_exam_on", np.where(examined, exam, NO_DAY), DAY_ONLY, dice)
    return told | {
        "outcome": outcome,
        "referred_to": referred,
        "complainant_interviewed": dice.pick(world.interviewed, count),
    }


def check_list(told: Columns, complaints: Columns, scene: Scene) -> Columns:
    """Return the checks as the prosecutor's list knows them."""
    world, dice = scene.world, scene.dice
    count, of = len(told["of"]), told["of"]
    told["checking_body"] = own_body(
        dice.pick_at(world.check_bodies, told["started"]),
        complaints["accused_body"][of],
    )
    short = scene.year % 100
    names = [f"ДП-{short:02d}-{n}" for n in range(1, count + 1)]
    told["check_id"] = np.array(names, dtype=object)
    by = dice.pick(world.link_by, count)
    told["complaint_id"] = complaints["complaint_id"][of].copy()
    told["complaint_id"][by == "register_no"] = ""
    told["register_no"] = complaints["register_no"][of].copy()
    told["register_no"][by == "complaint_id"] = ""
    lost = np.flatnonzero(
        dice.chance(world.wrong_numbers, count) & (by != "complaint_id")
    )
    told["complaint_id"][lost] = ""
    told["register_no"][lost] = [f"{short:02d}{NOWHERE}{n:08d}" for n in lost.tolist()]
    told["true_complaint_id"] = complaints["complaint_id"][of]
    unknown(told, ("checking_body",), world.unknown_words, dice)
    return spoil(told, CHECK_FAULTS, world.bad_rows, dice)


def own_body(bodies: Texts, accused: Texts) -> Texts:
    """Return bodies, in the place of SAME the body that is accused itself."""
    here = bodies == SAME
    told = bodies.copy()
    told[here] = accused[here]
    told[here & np.isin(told, ["_U", ""])] = "PROS"
    return told

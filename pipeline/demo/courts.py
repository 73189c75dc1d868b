"""What the courts decided about the accused of the cases sent to them.

In here: the accused, the decisions of each instance, their charges. Not in here:
penalties (`penalties.py`); cases (`cases.py`).
"""

import numpy as np

from pipeline.demo.cases import Cases, case_numbers
from pipeline.demo.complaints import Scene
from pipeline.demo.dates import NO_DAY, Columns, tell
from pipeline.demo.handling import DAY_ONLY
from pipeline.demo.mess import Fault, spoil, unknown
from pipeline.demo.people import labels
from pipeline.demo.wording import worded
from pipeline.demo.world import Days, Dice, Mask, Texts, Whole, World

LABEL = "СТ"
NOWHERE = "9900"
"""Stands in numbers of cases that no register has."""

FAULTS = (
    Fault("not_a_date", "decided_on", "31.11.2022"),
    Fault("required", "court_outcome"),
    Fault("indicted_on_after_decided_on", "indicted_on", later="decided_on"),
    Fault("duplicate", twice=True),
)
OPEN = ("PENDING", "RETURNED")
FINAL_AFTER = 30
"""Days after which a decision that nobody appealed is in force."""

SECOND = {"CC97": "CC97-307", "CC14": "CC14-415"}
"""Law → the charge that is sometimes brought beside another."""


def accused_of(cases: Cases, complaints: Columns, known: int, scene: Scene) -> Columns:
    """Return the accused of cases sent to court, one entry each.

    Args:
        cases: the cases of the year, after their lives.
        complaints: of the prosecutor's list.
        known: how many accused there have been in earlier years.
        scene: the year.
    """
    world, dice = scene.world, scene.dice
    case, sent = sent_to_court(cases)
    case, sent = thinned(case, sent, dice.chance(world.in_court_list, len(case)))
    many = dice.pick(world.accused_per_case, len(case)).astype(np.int64)
    at = np.repeat(case, many)
    lead = cases.of[np.searchsorted(cases.member, at)]
    fresh = known + 1 + np.arange(len(at))
    again = dice.rng.integers(1, fresh) if known else fresh
    number = np.where(dice.chance(world.accused_again, len(at)), again, fresh)
    numbers = case_numbers(cases.count, scene)
    lost = dice.chance(world.wrong_numbers, len(case))
    told_no = numbers[case].copy()
    told_no[lost] = [one[:2] + NOWHERE + one[6:] for one in told_no[lost]]
    return {
        "case": at,
        "case_no": np.repeat(told_no, many),
        "sent": np.repeat(sent, many),
        "accused": number,
        "accused_body": complaints["accused_body"][lead],
        "region": complaints["region"][lead],
        "act": complaints["_true_event"][lead],
        "first_charge": cases.first_charge[at],
        "last_charge": cases.charge[at],
        "rank_group": dice.pick(world.ranks, len(at)),
    }


def thinned(case: Whole, sent: Days, keeps: Mask) -> tuple[Whole, Days]:
    """Return the cases that the list of the courts has."""
    return case[keeps], sent[keeps]


def sent_to_court(cases: Cases) -> tuple[Whole, Days]:
    """Return the cases whose last step sent them to court, and the day."""
    last = np.full(cases.count, "", dtype=object)
    day = np.full(cases.count, NO_DAY)
    for one in cases.happened:
        here = one["happens"]
        last[here], day[here] = one["step"][here], one["day"][here]
    at = np.flatnonzero(last == "SENT_TO_COURT")
    return at, day[at]


def decisions_of(accused: Columns, scene: Scene) -> Columns:
    """Return the decisions about each accused person, instance by instance."""
    world, dice = scene.world, scene.dice
    count = len(accused["case"])
    outcome = dice.pick(world.first_decisions, count)
    day = accused["sent"] + 20 + dice.days(120, count)
    outcome[day > np.datetime64(world.last_day)] = "PENDING"
    every = np.ones(count, dtype=bool)
    first: Columns = {
        "of": np.arange(count),
        "outcome": outcome,
        "day": day,
        "changes": every,
    }
    retried = later(first, outcome == "RETURNED", world.then_retrial, 200, scene)
    anew = {k: v for k, v in world.first_decisions.items() if k not in OPEN}
    retried["outcome"] = dice.pick(anew, len(retried["of"]))
    may = ~np.isin(outcome, OPEN)
    appealed = changed(later(first, may, world.appealed, 70, scene), scene)
    may = ~np.isin(appealed["outcome"], OPEN)
    further = later(appealed, may, world.then_cassation, 190, scene)
    parts = {
        "FIRST": first,
        "RETRIAL": retried,
        "APPEAL": appealed,
        "CASSATION": changed(further, scene),
    }
    return put_together(parts, accused, scene)


def later(
    before: Columns, may: Mask, share: float, wait: float, scene: Scene
) -> Columns:
    """Return the decisions that followed some of those before them."""
    day = before["day"] + 1 + scene.dice.days(wait, len(may))
    happens = may & scene.dice.chance(share, len(may))
    happens &= day <= np.datetime64(scene.world.last_day)
    return {
        "of": before["of"][happens],
        "outcome": before["outcome"][happens].copy(),
        "day": day[happens],
        "changes": np.ones(int(happens.sum()), dtype=bool),
    }


def changed(decisions: Columns, scene: Scene) -> Columns:
    """Return decisions of a higher court: most leave the former as it is."""
    drawn = scene.dice.pick(scene.world.appeal_changes, len(decisions["of"]))
    changes = drawn != "SAME"
    outcome = np.where(changes, drawn, decisions["outcome"])
    return decisions | {"outcome": outcome, "changes": changes}


def put_together(parts: dict[str, Columns], accused: Columns, scene: Scene) -> Columns:
    """Return all decisions, by accused person and day."""
    told: Columns = {
        name: np.concatenate([part[name] for part in parts.values()])
        for name in ("of", "outcome", "day", "changes")
    }
    sizes = [len(part["of"]) for part in parts.values()]
    told["instance"] = np.repeat(np.array([*parts], dtype=object), sizes)
    order = np.lexsort((told["day"], told["of"]))
    told = {name: column[order] for name, column in told.items()}
    is_last = np.concatenate([told["of"][1:] != told["of"][:-1], [True]])[: len(order)]
    in_force = told["day"] + FINAL_AFTER <= np.datetime64(scene.world.last_day)
    final = is_last & in_force & ~np.isin(told["outcome"], OPEN)
    told["final"] = np.where(final, "YES", "NO").astype(object)
    return told | {name: column[told["of"]] for name, column in accused.items()}


def decision_list(told: Columns, scene: Scene) -> Columns:
    """Return the decisions as the list of the courts knows them."""
    world, dice = scene.world, scene.dice
    count, short = len(told["of"]), scene.year % 100
    names = [f"С-{short:02d}-{n}" for n in range(1, count + 1)]
    told["prosecution_id"] = np.array(names, dtype=object)
    label_of(told, world, dice)
    told["court_outcome"] = told.pop("outcome")
    pending = told["court_outcome"] == "PENDING"
    indicted = told["sent"] - np.minimum(dice.days(9, count), 20)
    off_duty = dice.chance(world.suspended_from_duty, count)
    duty = np.where(off_duty, indicted - 10, NO_DAY)
    decided = np.where(pending, NO_DAY, told["day"])
    tell(told, "decided_on", decided, {"DAY": 0.97, "MONTH": 0.03}, dice)
    told["decided_on_precision"][pending] = "UNKNOWN"
    told["_decided_on_form"][pending] = "UNKNOWN"
    tell(told, "indicted_on", indicted, DAY_ONLY, dice)
    tell(told, "suspended_from_duty_on", duty, DAY_ONLY, dice)
    shown = dice.chance(world.act_told, count)
    tell(told, "event_from", np.where(shown, told["act"], NO_DAY), DAY_ONLY, dice)
    told["is_wording_told"] = ~shown & dice.chance(world.wording_told, count)
    told["is_act_known"] = shown | told["is_wording_told"]
    charged(told, scene)
    unknown(told, ("accused_body", "rank_group"), world.unknown_words, dice)
    told["accused_body"][told["accused_body"] == ""] = "_U"
    return spoil(told, FAULTS, world.bad_rows, dice)


def label_of(told: Columns, world: World, dice: Dice) -> None:
    """Put in the label of each accused, for all decisions about them the same."""
    _, at = np.unique(told["of"], return_inverse=True)
    known = dice.chance(world.accused_known, int(at.max(initial=-1)) + 1)[at]
    told["accused_label"] = labels(LABEL, told["accused"], known, "_U")


def charged(told: Columns, scene: Scene) -> None:
    """Put in the charges: when registered, in the indictment, in the verdict."""
    world, dice = scene.world, scene.dice
    _, at = np.unique(told["of"], return_inverse=True)
    people = int(at.max(initial=-1)) + 1
    more = dice.chance(world.second_charge, people)[at]
    mild = dice.chance(world.milder_in_verdict, people)[at]
    other = np.array([SECOND[one[:4]] for one in told["last_charge"]], dtype=object)
    with_more = both(told["last_charge"], other, more)
    milder = np.array(
        [world.milder.get(one, one) for one in told["last_charge"]], dtype=object
    )
    verdict = np.where(mild, milder, with_more)
    verdict[told["court_outcome"] != "CONVICTED"] = "_Z"
    plain = {
        "charge_registered": told["first_charge"],
        "charge_indicted": with_more,
        "charge_verdict": verdict,
    }
    for name, codes in plain.items():
        told[f"plain_{name}"] = codes
        told[name] = worded(codes, told["act"], told["is_act_known"], world)


def both(one: Texts, other: Texts, more: Mask) -> Texts:
    """Return charges, some with another beside them."""
    told = one.copy()
    at = np.flatnonzero(more & (one != other))
    told[at] = [";".join(sorted((one[n], other[n]))) for n in at.tolist()]
    return told

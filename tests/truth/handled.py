"""Tables of checks and cases, computed by hand from the truth.

In here: who handled what, whether independently, on which grounds it ended. Not in
here: persons accused (`accused.py`).
"""

from collections.abc import Iterator
from datetime import date

from truth.bodies import class_within, relation_within
from truth.world import (
    FIRST_DAY,
    LAST_DAY,
    PROSECUTOR,
    Row,
    World,
    act_of,
    codelist,
    column_of,
    span,
    when_of,
    year,
)

EFFECT = column_of("step", "effect")
KIND = column_of("charge", "offence_kind")
INCLUDES = column_of("offence_kind", "includes")
GROUNDS = {row["code"]: row for row in codelist("ground")}
NO_CHARGE = (None, "_U", "_Z")
ALWAYS = (FIRST_DAY, LAST_DAY)


def checks(world: World) -> Iterator[Row]:
    """Yield each check with the complaint behind it; unit: complaints."""
    for check in world.checks:
        state, found = world.complaint_of(check)
        key = {"FOUND": ("complaint", id(found)), "LOST": ("lost", found)}
        complaint = found if isinstance(found, dict) else {}
        yield {
            "source": PROSECUTOR,
            "period": year(check, "started_on"),
            "unit": "COMPLAINT",
            "key": key.get(state, ("check", check["no"])),
            "stage": "ST03",
            "accused_body": complaint.get("accused_body") or "_U",
            "facility_type": complaint.get("place_of_custody") or "_U",
            "handling_body": check.get("checking_body") or "_U",
            "charge": "_Z",
            "outcome": check.get("outcome") or "_U",
            "offence_kind": "_Z",
            "act": act_of(complaint) if complaint else ALWAYS,
            "handling": when_of(check, "started_on", "ended_on") or ALWAYS,
        }


def charges_so_far(steps: list[Row]) -> list[str]:
    """Return for each step of a case the last charge known by then."""
    told, last = [], "_U"
    for step in steps:
        if step.get("charge") not in NO_CHARGE:
            last = step["charge"]
        told.append(last)
    return told


def is_act(step: Row) -> bool:
    """Return whether a step is an act of investigation, which moves nothing."""
    return EFFECT.get(step["step"]) == "ACT"


def weight(step: Row) -> int:
    """Return how little a step tells of who held the case: 0 most, 2 least."""
    return 2 if is_act(step) else 0 if step.get("body") not in (None, "_U") else 1


def behind(world: World, case_no: str) -> list[Row]:
    """Return what is told of the complaints behind a case, one empty row where none."""
    found = [
        {
            "accused_body": row.get("accused_body") or "_U",
            "facility_type": row.get("place_of_custody") or "_U",
            "personnel_class": class_within(
                row, when_of(row, "event_from", "received_on")
            ),
            "act": act_of(row),
        }
        for row in world.complaints_of(case_no)
    ]
    nothing = {"accused_body": "_U", "facility_type": "_U", "personnel_class": "_U"}
    return found or [nothing | {"act": ALWAYS}]


def cases(world: World) -> Iterator[Row]:
    """Yield each case once for each body that held it and each complaint behind it."""
    for case_no, steps in world.cases.items():
        charges = charges_so_far(steps)
        moves = [step for step in steps if not is_act(step)]
        least = min(weight(step) for step in steps)
        for complaint in behind(world, case_no):
            for step, charge in zip(steps, charges, strict=True):
                if weight(step) == least:
                    yield complaint | {
                        "source": PROSECUTOR,
                        "period": year(steps[0], "step_on"),
                        "unit": "CASE",
                        "key": case_no,
                        "stage": "ST05",
                        "handling_body": step["body"] if not weight(step) else "_U",
                        "charge": charges[-1],
                        "outcome": moves[-1]["step"] if moves else "_U",
                        "offence_kind": KIND.get(charge) or "_U",
                        "handling": span(step, "step_on") or ALWAYS,
                    }


def handled(world: World) -> Iterator[Row]:
    """Yield checks and cases."""
    yield from checks(world)
    yield from cases(world)


def independent(world: World) -> Iterator[Row]:
    """Yield checks and cases with the relation of the two bodies, at both dates."""
    for row in handled(world):
        pair = row["accused_body"], row["handling_body"]
        for basis, when in (("AT_ACT", row["act"]), ("AT_HANDLING", row["handling"])):
            yield row | {
                "date_basis": basis,
                "relation": relation_within(*pair, when),
            }


def grounds(world: World) -> Iterator[Row]:
    """Yield the steps that terminate or interrupt a case."""
    for case_no, steps in world.cases.items():
        for step, charge in zip(steps, charges_so_far(steps), strict=True):
            if step["step"] in ("TERMINATED", "INTERRUPTED"):
                ground = step.get("ground") or "_U"
                yield {
                    "source": PROSECUTOR,
                    "period": year(step, "step_on"),
                    "unit": "CASE",
                    "key": case_no,
                    "step": step["step"],
                    "ground": ground,
                    "charge": charge,
                    "legality": legality(step, ground, charge),
                    "ground_fits": fits(step["step"], ground),
                }


def barred_from(ground: str) -> tuple[date | None, date | None]:
    """Return from when a ground is barred for torture, and from when a part of it."""
    below = [g for g in GROUNDS.values() if g["parent"] == ground]
    parts = [g["forbidden_for_torture_from"] for g in below]
    own = GROUNDS[ground]["forbidden_for_torture_from"]
    days = sorted(date.fromisoformat(day) for day in parts if day)
    return (date.fromisoformat(own) if own else None), (days[0] if days else None)


def legality(step: Row, ground: str, charge: str) -> str:
    """Return whether the law allowed a ground for a charge on the day of the step."""
    if ground.startswith("_"):
        return "_U"
    whole, part = barred_from(ground)
    since = whole or part
    when = span(step, "step_on") or ALWAYS
    if since is None or when[1] < since:
        return "NOT_BARRED"
    kind = KIND.get(charge) or "_U"
    if kind == "_U":
        return "_U"
    if "TORTURE" not in INCLUDES.get(kind, "").split(","):
        return "NOT_BARRED"
    if when[0] < since:
        return "_U"
    is_sure = INCLUDES[kind] == "TORTURE" and whole is not None
    return "FORBIDDEN" if is_sure else "QUESTIONABLE"


def fits(step: str, ground: str) -> str:
    """Return whether a ground is one of what it stands on."""
    if ground.startswith("_"):
        return "_U"
    of_end = GROUNDS[ground]["effect"] == "TERMINATION"
    return "YES" if of_end == (step == "TERMINATED") else "NO"

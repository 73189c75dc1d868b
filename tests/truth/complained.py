"""Tables of complaints, computed by hand from the truth.

In here: who complained of what, where. Not in here: what became of it.
"""

from collections.abc import Iterator

from truth.bodies import class_within
from truth.counts import LACKING, code
from truth.world import (
    FIRST_DAY,
    LAST_DAY,
    Row,
    World,
    act_of,
    column_of,
    span,
    when_of,
    year,
)

PARENTS = column_of("allegation", "parent")
GROUPS = column_of("region", "group_2018")


def complaints(world: World) -> Iterator[Row]:
    """Yield each complaint with every code of it; a list that lacks a field has _X."""
    names = (
        *("deprived_of_liberty", "place_of_custody", "place_of_act", "accused_body"),
        *("sex", "custody_status", "citizenship", "region", "reprisal_reported"),
        *("allegations", "purpose"),
    )
    for source, rows in world.complaints.items():
        lacking = {name: not world.supplies(rows, name) for name in names}
        of_age = {n: world.supplies(rows, n) for n in ("age_at_event", "birth_year")}
        has_withdrawn = world.supplies(rows, "withdrawn_on")
        has_reason = world.supplies(rows, "withdrawal_reason")
        for row in rows:
            told = {n: code(row, n, lacking=lacking[n]) for n in names}
            told |= {"source": source, "period": year(row, "received_on")}
            told |= {"unit": "COMPLAINT", "key": row["no"]}
            told["facility_type"] = told["place_of_custody"]
            told["region_group"] = GROUPS.get(told["region"]) or told["region"]
            told["age_group"] = age_group(row) if any(of_age.values()) else LACKING
            told["personnel_class"] = class_within(
                row, when_of(row, "event_from", "received_on")
            )
            yield told | withdrawal(row, has_withdrawn, has_reason)


def age_group(row: Row) -> str:
    """Return whether somebody was under 18 at the act, where that is certain."""
    if age := row.get("age_at_event"):
        return "MINOR" if float(age) < 18 else "ADULT"
    if row.get("birth_year") is None:
        return "_U"
    first, last = act_of(row)
    born = float(row["birth_year"])
    if last != LAST_DAY and last.year - born < 18:
        return "MINOR"
    return "ADULT" if first != FIRST_DAY and first.year - born > 18 else "_U"


def withdrawal(row: Row, has_day: bool, has_reason: bool) -> Row:
    """Return whether a complaint was withdrawn, and why."""
    reason = row.get("withdrawal_reason")
    is_so = span(row, "withdrawn_on") is not None or reason not in (None, "_Z")
    withdrawn = "YES" if is_so else "NO" if has_day or has_reason else LACKING
    why = reason or "_U" if is_so else "_Z"
    return {
        "withdrawn": withdrawn,
        "withdrawal_reason": why if has_reason else LACKING,
        "is_withdrawn": is_so,
    }


def allegations(world: World) -> Iterator[Row]:
    """Yield one row for each thing that a complaint alleges."""
    for row in complaints(world):
        for one in sorted(set(row["allegations"].split(";"))):
            yield row | {
                "unit": "ALLEGATION",
                "key": (row["key"], one),
                "allegation": one,
                "allegation_group": PARENTS.get(one) or one,
            }


def purposes(world: World) -> Iterator[Row]:
    """Yield one row for each purpose that a complaint names."""
    for row in complaints(world):
        for one in sorted(set(row["purpose"].split(";"))):
            yield row | {"purpose": one}


def withdrawals(world: World) -> Iterator[Row]:
    """Yield the complaints withdrawn, and those followed by a reported reprisal."""
    for row in complaints(world):
        if row["is_withdrawn"] or row["reprisal_reported"] == "YES":
            yield row

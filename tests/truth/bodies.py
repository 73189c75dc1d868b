"""Which class, ministry and relation a body has on a day, from the code lists by hand.

In here: looking up rows that are valid on a day. Not in here: any matter.
"""

from datetime import date, timedelta
from functools import cache

from truth.world import FIRST_DAY, LAST_DAY, Row, codelist

Span = tuple[date, date]
ABOVE = {row["code"] for row in codelist("body_standing") if row["standing"] == "ABOVE"}
SEVERAL = {r["code"] for r in codelist("body_standing") if r["standing"] == "SEVERAL"}
BODIES = codelist("body")


@cache
def body_on(body: str, day: date) -> tuple[str, str] | None:
    """Return parent and class of a body on a day.

    Its first row reaches back and its last one forward without end.
    """
    rows = sorted(
        (r for r in BODIES if r["code"] == body), key=lambda r: r["valid_from"]
    )
    for at, row in enumerate(rows):
        first = date.fromisoformat(row["valid_from"]) if at else FIRST_DAY
        is_last = at == len(rows) - 1 or not row["valid_to"]
        last = LAST_DAY if is_last else date.fromisoformat(row["valid_to"])
        if first <= day <= last:
            return row["parent"], row["personnel_class"]
    return None


@cache
def ministry_on(body: str, day: date) -> str | None:
    """Return the highest body above a body and below those that are above all."""
    if body.startswith("_"):
        return None
    at = body
    while True:
        found = body_on(at, day)
        if found is None:
            return None
        if not found[0] or found[0] in ABOVE:
            return None if at in SEVERAL else at
        at = found[0]


@cache
def relation_on(accused: str, handling: str, day: date) -> str:
    """Return how two bodies stand to each other on a day."""
    one, other = ministry_on(accused, day), ministry_on(handling, day)
    if one is None or other is None:
        return "_U"
    if accused == handling:
        return "SAME_BODY"
    return "SAME_MINISTRY" if one == other else "OTHER"


def turning_points(span: Span) -> list[date]:
    """Return days of a span that stand for all of its days."""
    days = {span[0], span[1]}
    for row in BODIES:
        for name, shift in (("valid_from", 0), ("valid_to", 1)):
            if row[name]:
                turn = date.fromisoformat(row[name]) + timedelta(days=shift)
                days |= {turn, turn - timedelta(days=1)}
    return sorted(day for day in days if span[0] <= day <= span[1])


def relation_within(accused: str, handling: str, span: Span) -> str:
    """Return the relation of two bodies where it is the same on every day of a span."""
    if "_X" in (accused, handling):
        return "_X"
    found = {relation_on(accused, handling, day) for day in turning_points(span)}
    return found.pop() if len(found) == 1 else "_U"


def class_within(row: Row, span: Span | None) -> str:
    """Return the class of the body accused where it is the same within a span."""
    body = row.get("accused_body")
    if body is None or span is None:
        return "_U"
    told = {body_on(body, day) for day in turning_points(span)}
    found = {one[1] if one else "_U" for one in told}
    return found.pop() if len(found) == 1 else "_U"

"""Tables of persons accused and sentenced, computed by hand from the truth.

In here: who was decided upon last, for what, with which penalty and redress. Not in
here: cases (`handled.py`).

A person is counted once, by the last decision that decides anything.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from truth.bodies import class_within
from truth.complained import complaints
from truth.handled import behind, cases
from truth.world import COURT, FIRST_DAY, Row, World, codelist, column_of, span, year

LATER = ("APPEAL", "CASSATION", "RETRIAL")
NONE = ("_Z", "_U", None)
FALLEN = ("ACQUITTED", "TERMINATED", "RETURNED")
CUSTODIAL = column_of("penalty", "custodial")
BANDS = [
    (row["code"], float(row["low_months"]), float(row["high_months"] or "inf"))
    for row in codelist("term_band")
    if row["low_months"]
]


def person_of(decision: Row) -> tuple[str, ...]:
    """Return who is meant: nobody but the decision itself where nobody is told."""
    label = decision.get("accused_label")
    if label in NONE:
        return ("decision", decision["prosecution_id"])
    return (decision["case_no"], label)


def rank(decision: Row) -> tuple[object, ...]:
    """Return what makes a decision come after another about the same person."""
    when = span(decision, "decided_on")
    return (
        decision.get("court_outcome") not in ("PENDING", None),
        decision.get("instance") in LATER,
        when is not None,
        when[1] if when else FIRST_DAY,
        decision.get("instance") == "CASSATION",
        len(decision["prosecution_id"]),
        decision["prosecution_id"],
    )


def by_person(world: World) -> dict[tuple[str, ...], list[Row]]:
    """Return person → decisions, the last one first."""
    found = defaultdict(list)
    for decision in world.decisions:
        found[person_of(decision)].append(decision)
    return {who: sorted(those, key=rank, reverse=True) for who, those in found.items()}


def several(cell: str | None) -> list[str]:
    """Return the codes of a cell."""
    return sorted(set((cell or "_U").split(";")))


def last_known(decision: Row) -> str:
    """Return the charge of the verdict, else of the indictment, else at first."""
    for name in ("charge_verdict", "charge_indicted"):
        if decision.get(name) not in NONE:
            return str(decision[name])
    return decision.get("charge_registered") or "_U"


def persons(world: World) -> Iterator[Row]:
    """Yield each person with the last decision."""
    for who, (last, *_) in by_person(world).items():
        yield last | {
            "source": COURT,
            "period": year(last, "decided_on"),
            "unit": "PERSON",
            "key": who,
            "accused_body": last.get("accused_body") or "_U",
            "court_outcome": last.get("court_outcome") or "_U",
        }


def charged(world: World) -> Iterator[Row]:
    """Yield each person once for each charge at each stage."""
    for person in persons(world):
        at = {
            "REGISTERED": person.get("charge_registered"),
            "INDICTED": person.get("charge_indicted"),
            "VERDICT": person.get("charge_verdict"),
            "LAST_KNOWN": last_known(person),
        }
        for stage, cell in at.items():
            for charge in several(cell):
                yield person | {"charge_stage": stage, "charge": charge}


def drifted(world: World) -> Iterator[Row]:
    """Yield each person once for each way from charge to charge."""
    for person in persons(world):
        for first in several(person.get("charge_registered")):
            for second in several(person.get("charge_indicted")):
                for third in several(person.get("charge_verdict")):
                    yield person | {
                        "charge_registered": first,
                        "charge_indicted": second,
                        "charge_verdict": third,
                    }


def sentences(world: World) -> Iterator[Row]:
    """Yield penalties and awards that stand: the conviction has not fallen.

    `nth` tells how many decisions about the person came after the one that imposed it.
    """
    order = {
        one["prosecution_id"]: (nth, who, decisions[0])
        for who, decisions in by_person(world).items()
        for nth, one in enumerate(decisions)
    }
    for row in world.sentences:
        named = row.get("prosecution_id")
        nth, who, last = order.get(named, (0, None, {}))
        if who is None:
            lost = named not in NONE
            who = ("lost", named) if lost else ("sentence", row["sentence_id"])
        if last.get("court_outcome") in FALLEN:
            continue
        yield row | {
            "source": COURT,
            "period": year(row, "verdict_on"),
            "unit": "PERSON",
            "key": who,
            "nth": nth,
            "decision": world.decision_by_id.get(named or "", {}),
            "last": last,
        }


def newest(rows: list[Row], *of: str) -> list[Row]:
    """Return of each person (and more) the rows of the last decision that has any."""
    least: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = (row["key"], *(row[name] for name in of))
        least[key] = min(row["nth"], least.get(key, row["nth"]))
    return [r for r in rows if r["nth"] == least[(r["key"], *(r[n] for n in of))]]


def sentenced(world: World) -> Iterator[Row]:
    """Yield each person once for each charge and main penalty that stands."""
    main = [r for r in sentences(world) if r["main_or_additional"] == "MAIN"]
    for row in newest(main):
        for charge in several(row.get("charge")):
            yield row | {
                "charge": charge,
                "accused_body": row["decision"].get("accused_body") or "_U",
                "penalty": row.get("penalty") or "_U",
                "term_band": band(row),
                "suspended": row.get("suspended") or "_U",
                "final": row["last"].get("final") or "_U",
            }


def band(row: Row) -> str:
    """Return the band of a term; none where it has none, unknown where it has two."""
    low, high = row.get("term_months_low"), row.get("term_months_high")
    if low is None:
        return "_U" if CUSTODIAL.get(row["penalty"]) == "yes" else "_Z"
    found = [
        code
        for code, least, most in BANDS
        if least <= float(low) < most and least <= float(high or low) < most
    ]
    return found[0] if found else "_U"


def redress(world: World) -> Iterator[Row]:
    """Yield persons with an amount, and the amounts themselves in their currency."""
    states = {"CLAIMED": "claimed", "AWARDED": "awarded", "PAID": "paid"}
    told = [
        row
        | {"compensation_state": state, "amount": float(row[f"compensation_{name}"])}
        | {"currency": row.get("currency") or "_U"}
        for row in sentences(world)
        for state, name in states.items()
        if row.get(f"compensation_{name}") is not None
    ]
    rows = [*newest(told, "compensation_state"), *reduced(told)]
    years: dict[tuple[object, ...], str] = {}
    for row in rows:
        if row["amount"] > 0:
            line = (row["key"], row["compensation_state"], row["currency"])
            years[line] = max(row["period"], years.get(line, ""))
    for row in rows:
        line = (row["key"], row["compensation_state"], row["currency"])
        if row["amount"] > 0:
            yield row | {"unit": "PERSON", "period": years[line], "amount": 1.0}
        if not row["currency"].startswith("_"):
            yield row | {"unit": row["currency"]}


def reduced(told: list[Row]) -> Iterator[Row]:
    """Yield what a later decision took away of an award."""
    sums: dict[tuple[object, str], dict[int, float]] = defaultdict(dict)
    for row in told:
        if row["compensation_state"] == "AWARDED":
            of = sums[(row["key"], row["currency"])]
            of[row["nth"]] = of.get(row["nth"], 0.0) + row["amount"]
    for (who, currency), by_decision in sums.items():
        taken = max(by_decision.values()) - by_decision[min(by_decision)]
        if taken > 0:
            nth = min(by_decision)
            row = next(
                row
                for row in told
                if (row["key"], row["currency"], row["nth"]) == (who, currency, nth)
                and row["compensation_state"] == "AWARDED"
            )
            yield row | {"compensation_state": "REDUCED", "amount": taken}


def amount_of(rows: list[Row]) -> float:
    """Return what rows of redress amount to: persons each once, money added."""
    if rows[0]["unit"] == "PERSON":
        return float(len({row["key"] for row in rows}))
    return sum(row["amount"] for row in rows)


def class_of_person(world: World, person: Row) -> str:
    """Return the class of the body in which somebody served, on the day of the act."""
    own = span(person, "event_from")
    if own is None and person["case_no"] in world.cases:
        acts = [c["act"] for c in behind(world, person["case_no"])]
        dated: list[tuple[date, date]] = [a for a in acts if a[0] != FIRST_DAY]
        if dated:
            own = min(a[0] for a in dated), min(a[1] for a in dated)
            own = own[0], max(own)
    body = {"accused_body": person["accused_body"]}
    return class_within(body, own or span(person, "decided_on"))


def personnel(world: World) -> Iterator[Row]:
    """Yield complaints, cases and persons by class of personnel and place."""
    for row in complaints(world):
        yield row | {"stage": "ST01", "outcome": "_Z"}
    yield from cases(world)
    for person in persons(world):
        told = person | {
            "stage": "ST10",
            "outcome": person["court_outcome"],
            "personnel_class": class_of_person(world, person),
        }
        is_known = person["case_no"] in world.cases
        places = behind(world, person["case_no"]) if is_known else []
        for place in sorted({p["facility_type"] for p in places} - {"_U"}) or ["_U"]:
            yield told | {"facility_type": place}

"""What became of complaints, and the balance of cases, computed by hand.

In here: the furthest stage of each complaint; stocks and flows of cases by month. Not
in here: who handled them (`handled.py`).
"""

from collections import defaultdict
from collections.abc import Iterator

from truth.accused import persons
from truth.counts import code
from truth.handled import EFFECT, is_act
from truth.world import Row, World, span, when_of, year

STAGES = ("ST01", "ST03", "ST04", "ST10", "ST11", "ST13")
STATES = (
    *("_U", "NOT_CONFIRMED", "JOINED", "TERMINATED", "TERMINATED_IN_COURT"),
    *("ACQUITTED", "OPEN", "CONVICTED"),
)
Reached = tuple[int, int]


def reached(stage: str, state: str) -> Reached:
    """Return a stage and a state by how far they are."""
    return STAGES.index(stage), STATES.index(state)


def checked(world: World) -> dict[int, Reached]:
    """Return complaint → what its last check says."""
    found: dict[int, tuple[tuple[object, int], Row]] = {}
    for check in world.checks:
        state, complaint = world.complaint_of(check)
        if state == "FOUND" and isinstance(complaint, dict):
            when = when_of(check, "started_on", "ended_on")
            order = (when[0] if when else None, check["no"])
            if id(complaint) not in found or order > found[id(complaint)][0]:
                found[id(complaint)] = (order, check)
    ends = {
        "NOT_CONFIRMED": "NOT_CONFIRMED", "REFUSED": "NOT_CONFIRMED",
        "JOINED": "JOINED", "PENDING": "OPEN",
    }  # fmt: skip
    return {
        who: reached(
            "ST04" if check["outcome"] == "REGISTERED" else "ST03",
            ends.get(check["outcome"], "_U"),
        )
        for who, (_, check) in found.items()
    }


def is_going_on(step: Row) -> bool:
    """Return whether a case goes on after a step of its own."""
    is_stop = step["step"] in ("INTERRUPTED", "RESUMED")
    return is_stop or EFFECT.get(step["step"]) in ("IN", "MOVE")


def ends_of(steps: list[Row]) -> str:
    """Return the step that ended a case, nothing while it goes on."""
    last = ""
    for step in steps:
        if EFFECT.get(step["step"]) == "OUT":
            last = step["step"]
        elif is_going_on(step):
            last = ""
    return last


def in_force(world: World) -> set[str]:
    """Return the cases of which a penalty has come into force."""
    told = (
        world.decision_by_id.get(s.get("prosecution_id") or "")
        for s in world.sentences
        if s.get("in_force_on")
    )
    return {decision["case_no"] for decision in told if decision}


def decided(world: World) -> dict[str, dict[str, bool]]:
    """Return case → what courts made of its accused, by the last decision of each."""
    final = in_force(world)
    found: dict[str, dict[str, bool]] = defaultdict(lambda: defaultdict(bool))
    for person in persons(world):
        case = found[person["case_no"]]
        case[person["court_outcome"]] = True
        case["final"] |= person.get("final") == "YES" or person["case_no"] in final
    return found


def case_reached(steps: list[Row], court: dict[str, bool] | None) -> Reached:
    """Return how far a case has come, and how it stands."""
    ended, told = ends_of(steps), court or {}
    judged = any(told.get(n) for n in ("CONVICTED", "ACQUITTED", "TERMINATED"))
    was_sent = any(step["step"] == "SENT_TO_COURT" for step in steps)
    stage = "ST04"
    if judged:
        stage = "ST13" if told.get("final") else "ST11"
    elif was_sent or court is not None:
        stage = "ST10"
    is_other = told.get("ACQUITTED") or told.get("TERMINATED")
    if told.get("CONVICTED"):
        state = "CONVICTED"
    elif ended in ("TERMINATED", "JOINED") and not is_other:
        state = ended
    elif told.get("PENDING") or told.get("RETURNED"):
        state = "OPEN"
    elif is_other:
        state = "ACQUITTED" if told.get("ACQUITTED") else "TERMINATED_IN_COURT"
    else:
        # Not ended, or sent to courts whose list does not have it yet.
        state = "OPEN"
    return reached(stage, state)


def cohort(world: World) -> Iterator[Row]:
    """Yield each complaint with the furthest stage that it reached, and its state."""
    furthest: dict[int, list[Reached]] = defaultdict(list)
    for who, told in checked(world).items():
        furthest[who].append(told)
    courts = decided(world)
    for case_no, steps in world.cases.items():
        told = case_reached(steps, courts.get(case_no))
        for complaint in world.complaints_of(case_no):
            furthest[id(complaint)].append(told)
    for source, rows in world.complaints.items():
        is_followed = any(id(row) in furthest for row in rows)
        start = reached("ST01", "OPEN" if is_followed else "_U")
        for row in rows:
            stage, state = max([start, *furthest.get(id(row), [])])
            yield {
                "source": source,
                "period": year(row, "received_on"),
                "unit": "COMPLAINT",
                "key": row["no"],
                "furthest_stage": STAGES[stage],
                "state": STATES[state],
                "deprived_of_liberty": code(row, "deprived_of_liberty", lacking=False),
            }


COMES = ("OPENED", "REOPENED", "RETURNED")
GOES = ("TERMINATED", "SENT_TO_COURT", "JOINED")
Stay = tuple[int, int | None, str, bool]
"""From which month, until which, in whose hands, and whether interrupted."""


class Balance:
    """Stocks and flows of cases by body and month, counted case by case."""

    def __init__(self, world: World) -> None:
        self.stays: list[Stay] = []
        self.flows: dict[tuple[str, str, int], int] = defaultdict(int)
        for steps in world.cases.values():
            moves = [step for step in steps if not is_act(step)]
            self.follow(moves or steps)

    def follow(self, steps: list[Row]) -> None:
        """Walk through the steps of one case."""
        hands, since = holders(steps), months(steps)
        is_open, stopped = True, False
        for at, step in enumerate(steps):
            effect = EFFECT.get(step["step"])
            before = hands[at - 1] if at else None
            self.count(step, effect, hands[at], before)
            if effect == "OUT":
                is_open = False
            elif is_going_on(step):
                is_open = True
            if step["step"] == "INTERRUPTED":
                stopped = True
            elif step["step"] == "RESUMED" or effect in ("IN", "OUT"):
                stopped = False
            until = since[at + 1] if at + 1 < len(steps) else None
            if is_open and until != since[at]:
                self.stays.append((since[at], until, hands[at], stopped))

    def count(
        self, step: Row, effect: str | None, body: str, before: str | None
    ) -> None:
        """Count what a step adds to the flows of its own month."""
        when = span(step, "step_on")
        if when is None:
            return
        month = when[0].year * 12 + when[0].month - 1
        if step["step_on_precision"] == "YEAR":
            month = -month  # of that year, and of no month
        if effect in ("IN", "OUT"):
            self.flows[step["step"], body, month] += 1
            self.flows[step["step"], "_T", month] += 1
        if effect == "MOVE" and before != body:
            self.flows["RECEIVED", body, month] += 1
            if before is not None:
                self.flows["TRANSFERRED", before, month] += 1

    def open_at(self, month: int, body: str, *, interrupted: bool = False) -> int:
        """Return how many cases are open at the end of a month."""
        return sum(
            1
            for since, until, hands, stopped in self.stays
            if since <= month and (until is None or month < until)
            and body in ("_T", hands) and (stopped or not interrupted)
        )  # fmt: skip

    def flow(self, component: str, body: str, first: int, last: int) -> int:
        """Return a flow over some months."""
        return sum(
            number
            for (name, of, month), number in self.flows.items()
            if name == component
            and of == body
            and first <= (month if first == last else abs(month)) <= last
        )

    def of(self, component: str, body: str, period: str) -> int:
        """Return one number of the balance of a month, a year, or of all."""
        first, last = 0, 10**6
        if period != "_T":
            year_, _, month = period.partition("-")
            first = last = int(year_) * 12 + int(month or 1) - 1
            last += 0 if month else 11
        if component == "OPEN_START":
            return self.open_at(first - 1, body)
        if component in ("OPEN_END", "INTERRUPTED_END"):
            return self.open_at(last, body, interrupted=component != "OPEN_END")
        return self.flow(component, body, first, last)


def months(steps: list[Row]) -> list[int]:
    """Return the month in which each step takes effect, never before the one before."""
    told, last = [], 0
    for step in steps:
        when = span(step, "step_on")
        assert when is not None
        last = max(last, when[0].year * 12 + when[0].month - 1)
        told.append(last)
    return told


def holders(steps: list[Row]) -> list[str]:
    """Return in whose hands a case is after each step.

    A transfer may name the body that gives: then the next body named takes.
    """
    named = [None if step.get("body") == "_U" else step.get("body") for step in steps]
    told: list[str] = []
    for at, step in enumerate(steps):
        before = [one for one in named[:at] if one]
        after = [one for one in named[at + 1 :] if one]
        now = named[at]
        carried = now or (before[-1] if before else None)
        is_move = EFFECT.get(step["step"]) == "MOVE"
        if is_move and before and carried == before[-1]:
            now = after[0] if after else None
        hands = now or (told[-1] if told and told[-1] != "?" else None)
        told.append(hands or carried or (after[0] if after else "_U"))
    return told

"""The complaints of each list as the list knows them: numbers, gaps, faults.

In here: what each of the three lists supplies, and what is unknown, blank or wrong in
it. Not in here: what is true of a matter (`complaints.py`); the form of a list
(`shapes.py`).
"""

import numpy as np

from pipeline.demo.complaints import COALITION, OMBUDSMAN, PROSECUTOR, Scene
from pipeline.demo.dates import Columns
from pipeline.demo.mess import Fault, blank, spoil, unknown
from pipeline.demo.people import facility_codes
from pipeline.demo.world import Texts

NEVER = Fault("not_a_date", "received_on", "31.02.2021")
NOBODY = Fault("required", "accused_body")
TOO_LATE = Fault("event_from_after_received_on", "event_from", later="received_on")
TWICE = Fault("duplicate", twice=True)
FAULTS = {
    PROSECUTOR: (
        *(NEVER, NOBODY, TOO_LATE, TWICE),
        Fault("age_at_event_out_of_range", "age_at_event", "340"),
    ),
    COALITION: (
        *(NEVER, NOBODY, TOO_LATE, TWICE),
        Fault("birth_year_out_of_range", "birth_year", "2150"),
    ),
    OMBUDSMAN: (
        *(NEVER, NOBODY, TWICE),
        Fault("not_a_number", "birth_year", "1987?"),
    ),
}
UNKNOWN = {
    PROSECUTOR: ("accused_body", "custody_status", "deprived_of_liberty"),
    COALITION: ("accused_body", "place_of_custody", "deprived_of_liberty", "region"),
    OMBUDSMAN: ("accused_body", "place_of_custody", "deprived_of_liberty"),
}
BLANK = {
    PROSECUTOR: ("sex", "region", "place_of_custody", "age_at_event"),
    COALITION: ("sex", "birth_year", "purpose", "citizenship"),
    OMBUDSMAN: ("birth_year", "sex", "region", "allegations"),
}
NUMBERED = {
    PROSECUTOR: "{:02d}/{:06d}",
    COALITION: "{1}/{0:02d}",
    OMBUDSMAN: "О-{:02d}-{}",
}
OTHER_ACT = "_O"
AND_OTHERS = 0.03
"""Share of allegations of the coalition that end in "and others"."""


def as_known(name: str, told: Columns, scene: Scene) -> Columns:
    """Return the complaints of a list as it knows them, faulty rows among them."""
    world, dice = scene.world, scene.dice
    count = len(told["matter"])
    short = scene.year % 100
    form = NUMBERED[name]
    serial = range(1, count + 1)
    told["complaint_id"] = np.array([form.format(short, n) for n in serial], object)
    told["facility_code"] = facility_codes(told["facility"])
    told["channel"] = channels(name, count, scene)
    if name == PROSECUTOR:
        told["register_no"] = book_numbers(told["region"], scene)
    if name == COALITION:
        also = dice.chance(AND_OTHERS, count)
        told["allegations"][also] = [
            ";".join(sorted((*text.split(";"), OTHER_ACT)))
            for text in told["allegations"][also]
        ]
    unknown(told, UNKNOWN[name], world.unknown_words, dice)
    blank(told, BLANK[name], world.blank, dice)
    return spoil(told, FAULTS[name], world.bad_rows, dice)


def channels(name: str, count: int, scene: Scene) -> Texts:
    """Return where the complaints of a list were made."""
    if name == PROSECUTOR:
        return scene.dice.pick(scene.world.channels, count)
    code = "NGO_COAL" if name == COALITION else "OMBUDSMAN"
    return np.full(count, code, dtype=object)


def book_numbers(region: Texts, scene: Scene) -> Texts:
    """Return numbers of the book of information; few stand for two complaints."""
    short = scene.year % 100
    told = [
        f"{short:02d}{where[-2:]}{n:08d}" for n, where in enumerate(region.tolist(), 1)
    ]
    numbers = np.array(told, dtype=object)
    shared = scene.dice.chance(scene.world.shared_statements, len(numbers))
    shared[:1] = False
    at = np.flatnonzero(shared)
    numbers[at] = numbers[at - 1]
    return numbers


def pass_numbers_on(told: dict[str, Columns], scene: Scene) -> None:
    """Let the ombudsman know some of the numbers under which a prosecutor books."""
    book, form = told[PROSECUTOR], told[OMBUDSMAN]
    first, at = np.unique(book["matter"], return_index=True)
    numbers = np.full(len(form["matter"]), "", dtype=object)
    is_there = np.isin(form["matter"], first)
    is_there &= scene.dice.chance(scene.world.book_numbers_passed_on, len(is_there))
    where = np.searchsorted(first, form["matter"][is_there])
    numbers[is_there] = book["register_no"][at[where]]
    form["register_no"] = numbers

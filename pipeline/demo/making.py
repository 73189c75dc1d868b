"""Making the made-up world, year after year, and letting its offices write it down.

In here: how many complaints each list has in each year, and the order of the work. Not
in here: what happens (`complaints.py`, `cases.py`, `courts.py`), where the workspace
comes from (`store/demo_workspace.py`).

One year is in memory at a time.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from pipeline.demo import cases as life
from pipeline.demo import courts, handling, lists, penalties
from pipeline.demo.complaints import (
    COALITION,
    LISTS,
    OMBUDSMAN,
    PROSECUTOR,
    Scene,
    listed,
    matters_of,
    scene_of,
    shared_among,
)
from pipeline.demo.dates import Columns
from pipeline.demo.offices import Coalition, Court, Job, Ombudsman, Prosecutor
from pipeline.demo.people import facilities_of
from pipeline.demo.shapes import (
    COALITION_COMPLAINTS,
    COURT_DECISIONS,
    COURT_PENALTIES,
    OMBUDSMAN_COMPLAINTS,
    PROSECUTOR_CHECKS,
    PROSECUTOR_COMPLAINTS,
    PROSECUTOR_STEPS,
    Shape,
)
from pipeline.demo.totals import write_totals
from pipeline.demo.truth import Truth, overlap_of, truth_of
from pipeline.demo.world import read_world

DOCUMENT = "DEMO"
LEAST, MOST = 100, 5_000_000
"""How few and how many complaints a made-up world can have."""


Key = TypeVar("Key")


@dataclass
class Met:
    """How many people, accused and matters there have been so far."""

    people: int = 0
    accused: int = 0
    matters: int = 0


@dataclass(frozen=True)
class Pens:
    """Who writes what: the four offices, and the truth."""

    coalition: Coalition
    ombudsman: Ombudsman
    prosecutor: Prosecutor
    court: Court
    truth: Truth

    def true(self, told: Shape, columns: Columns) -> None:
        """Write down what a perfect reading of a list gives."""
        name = f"{told.source}_{told.register}"
        document = f"{DOCUMENT}-{told.source.removeprefix('demo_').upper()}"
        self.truth.add(name, truth_of(told, columns, document))


def write_world(folder: Path, complaints: int, seed: int) -> None:
    """Write the lists of the made-up world into raw/, and its truth into truth/.

    Args:
        folder: a workspace without files.
        complaints: how many complaints all lists have together.
        seed: the same seed gives the same bytes.
    """
    world = read_world()
    totals = shared_out(world.sources, complaints)
    by_year = {name: shared_out(world.years, totals[name]) for name in LISTS}
    places = facilities_of(world, seed)
    job = Job(folder / "raw", complaints, world.odd_letters)
    met = Met()
    with ExitStack() as stack:
        truth = Truth(folder, complaints)
        stack.callback(truth.close)
        pens = Pens(
            Coalition(job, stack), Ombudsman(job, stack), Prosecutor(job, stack),
            Court(job, stack), truth,
        )  # fmt: skip
        for year in world.years:
            scene = scene_of(world, places, year, seed)
            counts = {name: by_year[name][year] for name in LISTS}
            live(scene, counts, totals, met, pens)
        pens.court.end()
        received = by_year[PROSECUTOR]
        write_totals(job.raw, received, world, seed, truth)


def shared_out(shares: dict[Key, float], total: int) -> dict[Key, int]:
    """Return whole parts of a total in the given shares (largest remainder)."""
    weights = np.array([*shares.values()], dtype=np.float64)
    exact = weights / weights.sum() * total
    parts = np.floor(exact).astype(np.int64)
    rest = np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]
    parts[rest] += 1
    return dict(zip(shares, parts.tolist(), strict=True))


def live(
    scene: Scene, counts: dict[str, int], totals: dict[str, int], met: Met, pens: Pens
) -> None:
    """Let one year happen and be written down."""
    count, chosen = shared_among(counts, scene)
    matters = matters_of(scene, count, met.people)
    told = {
        name: lists.as_known(name, listed(name, matters, chosen[name], scene), scene)
        for name in LISTS
    }
    lists.pass_numbers_on(told, scene)
    pens.truth.add("overlap", overlap_of(told, met.matters))
    for columns in told.values():
        columns["matter"] = columns["matter"] + met.matters
    met.people += count
    met.matters += count
    shapes = {COALITION: COALITION_COMPLAINTS, OMBUDSMAN: OMBUDSMAN_COMPLAINTS}
    for name, columns in told.items():
        pens.true(shapes.get(name, PROSECUTOR_COMPLAINTS), columns)
    for pen, name in ((pens.coalition, COALITION), (pens.ombudsman, OMBUDSMAN)):
        if counts[name]:
            pen.write(told[name], scene.year, scene.dice, totals[name])
    handled(scene, told[PROSECUTOR], met, pens)


def handled(scene: Scene, complaints: Columns, met: Met, pens: Pens) -> None:
    """Let the prosecutor's complaints of a year be handled, up to the courts."""
    checks = handling.checks_of(complaints, scene)
    cases = life.cases_of(complaints, checks, scene)
    checks = handling.check_list(checks, complaints, scene)
    steps = life.step_list(life.lived(cases, scene), complaints, scene)
    accused = courts.accused_of(cases, complaints, met.accused, scene)
    met.accused += len(accused["case"])
    decisions = courts.decision_list(courts.decisions_of(accused, scene), scene)
    imposed = penalties.sentences_of(decisions, scene)
    for told, columns in (
        (PROSECUTOR_CHECKS, checks),
        (PROSECUTOR_STEPS, steps),
        (COURT_DECISIONS, decisions),
        (COURT_PENALTIES, imposed),
    ):
        pens.true(told, columns)
    pens.prosecutor.write((complaints, checks, steps), scene.dice)
    pens.court.write(decisions, imposed, scene.dice)

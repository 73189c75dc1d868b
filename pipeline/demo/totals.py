"""Totals that a made-up office publishes: persons detained, complaints of a year.

In here: the numbers, and the workbook that they stand in. Not in here: registers
(`making.py`).
"""

from pathlib import Path

import numpy as np

from pipeline.demo.offices import NEWEST, SYNTHETIC
from pipeline.demo.sheets import Book
from pipeline.demo.truth import Truth
from pipeline.demo.world import Dice, World

POPULATION = "demo_population"
ALL = "_T"


def write_totals(
    folder: Path, complaints: dict[int, int], world: World, seed: int, truth: Truth
) -> None:
    """Write the published totals and their truth.

    Args:
        folder: where deliveries stand.
        complaints: year → how many the prosecutor received.
        world: how many are detained.
        seed: the same seed gives the same numbers.
        truth: where the truth goes.
    """
    detained = {year: detained_in(year, world, seed) for year in complaints}
    with Book(folder / POPULATION / NEWEST / "chislennost.xlsx") as book:
        sheet = book.sheet("Численность")
        sheet.line([f"Численность лиц, содержащихся под стражей. {SYNTHETIC}"])
        sheet.skip()
        sheet.line(["На дату", "Всего", *world.detained_headers.values()])
        for year, numbers in detained.items():
            parts = [numbers[kind] or "-" for kind in world.detained_headers]
            sheet.line([f"на 01.01.{year}", numbers[ALL], *parts])
        sheet = book.sheet("Жалобы")
        sheet.line([f"Опубликованные итоги. {SYNTHETIC}"])
        sheet.line(["Период", "Поступило жалоб в прокуратуру"])
        for year, count in complaints.items():
            sheet.line([f"{year} год", count])
    true_totals(detained, complaints, truth)


def detained_in(year: int, world: World, seed: int) -> dict[str, int]:
    """Return how many persons are detained on 1 January, by kind of place and all."""
    rng = Dice(seed, year, 1).rng
    found = {
        kind: int(number * rng.uniform(0.9, 1.1))
        for kind, number in world.detained.items()
    }
    return {ALL: sum(found.values())} | found


def true_totals(
    detained: dict[int, dict[str, int]], complaints: dict[int, int], truth: Truth
) -> None:
    """Write down the totals as a perfect reading gives them."""
    rows = [
        ("PERSONS_DETAINED", f"{year}-01-01", f"{year}-01-01", kind, "_T", number)
        for year, numbers in detained.items()
        for kind, number in numbers.items()
    ] + [
        ("COMPLAINT_RECEIVED", f"{year}-01-01", f"{year}-12-31", "_T", "PROSECUTOR", n)
        for year, n in complaints.items()
    ]
    names = (
        "indicator",
        "period_start",
        "period_end",
        "facility_type",
        "channel",
        "value",
    )
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    truth.add(f"{POPULATION}_figures", dict(zip(names, columns, strict=True)))

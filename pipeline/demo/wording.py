"""Which wording of an article a charge is under, as far as a list lets one know.

In here: the code that the words of a list stand for. Not in here: which charge it is
(`cases.py`, `courts.py`).

"146 part 1" is torture until 16 March 2023 and ill-treatment from 17 March 2023: the
day of the act decides, and where nobody tells it the charge has no wording.
"""

import numpy as np

from pipeline.demo.world import Days, Mask, Texts, World


def wording_on(days: Days, world: World) -> Texts:
    """Return the wording in force on each day, nothing where there is none."""
    told = np.full(len(days), "", dtype=object)
    for name, first in world.wordings.items():
        told[days >= np.datetime64(first)] = name
    return told


def worded(charges: Texts, days: Days, is_known: Mask, world: World) -> Texts:
    """Return charges with the wording of the day of the act, where it is known.

    Args:
        charges: codes without a wording, several joined by `;`.
        days: the day of the act.
        is_known: whether the list tells that day, or the wording itself.
        world: knows which charges have wordings.
    """
    wording = np.where(is_known, wording_on(days, world), "")
    keys = charges + "\x1f" + wording.astype(object)
    found, at = np.unique(keys.astype(str), return_inverse=True)
    told = []
    for key in found.tolist():
        cell, _, name = key.partition("\x1f")
        told.append(in_wording(cell, name, world))
    return np.array(told, dtype=object)[at]


def in_wording(cell: str, wording: str, world: World) -> str:
    """Return the charges of one cell in a wording."""
    codes = {
        f"{code}-{wording}"
        if wording
        and code in world.worded
        and code not in world.not_in_wording.get(wording, ())
        else code
        for code in cell.split(";")
    }
    return ";".join(sorted(codes))

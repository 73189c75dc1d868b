"""Where a table stands on its sheet, by texts on its edges.

In here: the tables of a sheet, and the area of each among others. Not in here: finding
them (`regions.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.declarations.codelists import normalise
from pipeline.lineage import address
from pipeline.propose.cross_frame import Part
from pipeline.propose.looks import View
from pipeline.propose.nodes import FILL_IN, Flow, Remark
from pipeline.propose.personal import names_people
from pipeline.propose.regions import Region, first_text

LEAST_CUT = 4
MOST_WORDS = 6
"""Words of the longest text that an edge is told by, if fewer do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet with its tables; `has_end` where a heading begins its notes."""

    view: View
    parts: Sequence[Part]
    file: str
    has_end: bool

    @property
    def regions(self) -> list[Region]:
        """Return the regions of the tables."""
        return [part.region for part in self.parts]


def place_keys(place: Place, number: int) -> dict[str, Any]:
    """Return where a table stands: for a person, and among others for the layout."""
    region = place.regions[number]
    left, right = address(0, region.left)[:-1], address(0, region.right - 1)[:-1]
    told = f"rows {region.top + 1} to {region.stop}, columns {left} to {right}"
    keys: dict[str, Any] = {"remark": {"#": Remark(told)}}
    if len(place.parts) > 1:
        keys["area"] = Flow(area_of(place.view, place.regions, number))
    return keys


def area_of(view: View, regions: Sequence[Region], number: int) -> dict[str, str]:
    """Return the edges of a table among others, by texts that stand on them."""
    region = regions[number]
    area = {"from": edge_text(view, region)}
    below = next((one for one in regions[number + 1 :] if one.top >= region.stop), None)
    if below is not None:
        area["to"] = edge_text(view, below)
    side = [one for one in regions if one.top == region.top]
    if len(side) > 1:
        at = side.index(region)
        area["left"] = first_of_column(view, region)
        if at + 1 < len(side):
            area["right"] = first_of_column(view, side[at + 1])
    return area


def edge_text(view: View, region: Region) -> str:
    """Return what the first row of a table begins with, its caption where it has one.

    As few words as no other cell of the sheet above it begins with.
    """
    row = region.caption if region.caption >= 0 else region.top
    if names_people(first_text(view, row)):
        row = region.top
    return shortest(view, first_text(view, row), row)


def shortest(view: View, text: str, row: int) -> str:
    """Return as few first words of a text as no cell outside its row begins with."""
    others = [
        normalise(str(one))
        for at, cells in enumerate(view.texts)
        if at != row
        for one in cells
        if one
    ]
    words = re.findall(r"\S+\s*", text.partition("\n")[0])
    if len(words) <= LEAST_CUT:
        return text
    for count in range(min(2, len(words)), min(MOST_WORDS, len(words)) + 1):
        start = "".join(words[:count]).strip()
        if not any(one.startswith(normalise(start)) for one in others):
            return start
    return text


def first_of_column(view: View, region: Region) -> str:
    """Return the first text of the first column of a table."""
    texts = (str(t) for t in view.texts[region.top : region.stop, region.left] if t)
    return next(texts, FILL_IN)

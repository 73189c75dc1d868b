"""Lists of made-up complaints whose truth is known, and a warehouse that holds them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.declarations.linkage import Linkage, read_linkage
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace

LISTS = ("ngo_list", "npm_list", "state_list")
FIRST_DAY = pd.Timestamp("2019-01-01")


class Made(NamedTuple):
    """Rows of all lists, and the complaint that each is of."""

    rows: list[dict[str, object]]
    complaint: dict[str, int]


def model() -> Linkage:
    """Return the built-in model."""
    return read_linkage(Workspace(REPOSITORY))


def known_overlap(
    complaints: int, lists: Sequence[str] = LISTS, seed: int = 1, share: float = 0.4
) -> Made:
    """Return lists that each hold a share of the same complaints, with some mess.

    Keys are missing or misspelt, dates less precise, some State numbers are quoted.
    """
    draw = np.random.default_rng(seed)
    matters = [one_matter(draw, number) for number in range(complaints)]
    rows, truth = [], {}
    for name in lists:
        for number in np.flatnonzero(draw.random(complaints) < share):
            row = seen_by(draw, matters[number], name, int(number))
            truth[f"{name}!complaints!A{len(rows) + 2}"] = int(number)
            rows.append(row)
    return Made(rows, truth)


def one_matter(draw: np.random.Generator, number: int) -> dict[str, object]:
    """Return what is true of one complaint."""
    facility = int(draw.integers(0, 40))
    happened = FIRST_DAY + pd.Timedelta(days=int(draw.integers(0, 1000)))
    return {
        "person_key": f"p{number}",
        "sex": "M" if draw.random() < 0.9 else "F",
        "birth_year": int(draw.integers(1955, 2004)),
        "event_from": happened.date().isoformat(),
        "received_on": (happened + pd.Timedelta(days=5)).date().isoformat(),
        "region": f"R{facility % 17}",
        "facility_key": f"f{facility}",
        "place_of_custody": ["CAMP", "SIZO", "IVS", "POLSTN"][facility % 4],
        "accused_body": ["KUIS", "POLICE", "KNB"][facility % 3],
        "allegations": ";".join(sorted(draw.choice([*"ABCDE"], 2, replace=False))),
        "deprived_of_liberty": "YES",
        "register_no": f"K-{number}",
    }


def seen_by(
    draw: np.random.Generator, matter: dict[str, object], name: str, number: int
) -> dict[str, object]:
    """Return a complaint as one list has it."""
    row = matter | {"source_id": name, "complaint_id": f"{name}-{number}"}
    for field, missing in (("person_key", 0.15), ("facility_key", 0.2), ("sex", 0.05),
                           ("birth_year", 0.1), ("register_no", 0.9)):  # fmt: skip
        if draw.random() < missing:
            row[field] = None
    if row["person_key"] and draw.random() < 0.05:
        row["person_key"] = f"misspelt in {name} {number}"
    if draw.random() < 0.1:
        row["event_from_precision"] = "MONTH"
    return row


def declare_lists(
    warehouse: Warehouse, lists: Sequence[str] = LISTS, *, area: str = "KZ"
) -> None:
    """Put made-up sources, one for each list, in the place of all others."""
    sources = pd.DataFrame(
        {"source_id": [*lists], "ref_area": area, "synthetic": True,
         "sensitivity": "public"}
    )  # fmt: skip
    warehouse.replace("meta.source", sources, "Sources.")
    deliveries = sources.assign(
        delivery_id="of " + sources["source_id"], sha256="hash", vintage="2030-01-01"
    )
    warehouse.replace("meta.delivery", deliveries, "Deliveries.")

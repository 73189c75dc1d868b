"""Make figures comparable: who first said them, how exact they are, how detailed.

In here: columns that several rules need, computed once. Not in here: any rule.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import Observations
from pipeline.model import SPECIAL_CODES, TOTAL, UNKNOWN
from pipeline.process.period import time_period
from schemas.figures import DIMENSIONS

DIMENSION_NAMES = tuple(field.name for field in DIMENSIONS)
TERM = ("term_months_low", "term_months_high")
PERIOD = ("period_start", "period_end")
SAME_STATEMENT = (
    *("indicator", "ref_area", *PERIOD, *DIMENSION_NAMES, *TERM),
    *("unit", "value", "qualifier", "party"),
)
TEXTS = (
    *("figure_id", "record_id", "source_id", "document", "indicator", "ref_area"),
    *("period_type", *DIMENSION_NAMES, "statement", "unit", "unit_as_stated"),
    *("basis", "qualifier", "stated_by", "origin"),
)
"""What rules read, and no more: a narrow table of one type is quick to select from."""

MOST_RETELLINGS = 4
"""A retelling of a retelling is followed this far."""


class Figure(NamedTuple):
    """What is said of one figure in a finding."""

    figure_id: str
    record_id: str
    source_id: str
    ref_area: str
    indicator: str
    matter: str
    period_start: pd.Timestamp
    period_end: pd.Timestamp
    time_period: str
    is_observation: bool
    value: float
    unit: str
    qualifier: str
    basis: str
    stated_by: str
    party: str
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """The figures prepared: as a table, and one by one by their position.

    A finding reads single figures, and a table is slow at giving them.
    """

    frame: pd.DataFrame
    rows: list[Figure]

    def by_area(self) -> dict[str, "Figures"]:
        """Return country → its figures alone, each at the position it had.

        A retelling is of the country of what it retells.
        """
        areas = self.frame["ref_area"].to_numpy()[self.frame["origin_at"].to_numpy()]
        parts = self.frame.groupby(areas)
        return {str(area): Figures(part, self.rows) for area, part in parts}


def prepare(figures: pd.DataFrame, parties: CodeList, facts: Observations) -> Figures:
    """Return the figures with what rules need to compare them."""
    frame = prepared(figures, parties, facts)
    filled = frame[list(Figure._fields)].assign(basis=frame["basis"].fillna(""))
    plain = filled.itertuples(index=False, name=None)
    return Figures(frame, [Figure(*row) for row in plain])


def prepared(
    figures: pd.DataFrame, parties: CodeList, facts: Observations
) -> pd.DataFrame:
    """Return the table of figures by position, with further columns.

    Adds `origin_at` (position of the figure first told, or its own), `party` (who
    said it first), `said` (position that stands for all figures that are the same
    statement), `is_original` (`said` is its own), `detail` (dimensions in which it is
    no total), `low` and `high` (what the number may be), `time_period`, `freq` and
    `is_observation` (a count of a known period, not a rate).
    """
    frame = narrowed(figures)
    at = origins(frame)
    told = first_parties(frame["stated_by"], parties)
    frame = frame.assign(origin_at=at, party=told.take(at).to_numpy())
    frame["said"] = same_statements(frame)
    low, high = bounds(frame, facts)
    has_period = frame[list(PERIOD)].notna().all(axis=1)
    return frame.assign(
        is_original=frame["said"] == frame.index,
        detail=(frame[list(DIMENSION_NAMES)] != TOTAL).sum(axis=1),
        low=low,
        high=high,
        is_observation=has_period & ~frame["period_type"].isin(facts.rates),
        **time_period(frame["period_start"], frame["period_end"]),
    )


def narrowed(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that rules read, a dimension not stated being a total."""
    frame = figures[[*TEXTS, *PERIOD, *TERM, "value"]].reset_index(drop=True)
    frame = frame.astype(dict.fromkeys(TEXTS, "object"))
    names = list(DIMENSION_NAMES)
    frame[names] = frame[names].fillna(TOTAL)
    return frame


def origins(frame: pd.DataFrame) -> np.ndarray:
    """Return the position of the figure of which each is a retelling, or its own."""
    ids = frame["source_id"] + "\x1f" + frame["figure_id"]
    positions = pd.Series(frame.index, index=ids)
    positions = positions[~positions.index.duplicated()]
    named = (frame["source_id"] + "\x1f" + frame["origin"]).map(positions)
    own = pd.Series(frame.index, index=frame.index)
    parent = named.fillna(own).astype("int64").to_numpy()
    root = parent
    for _ in range(MOST_RETELLINGS):
        root = parent[root]
    return root


def first_parties(stated_by: pd.Series, parties: CodeList) -> pd.Series:
    """Return whose words the stating party retells, or the party itself."""
    retells = {
        code: party for code, party in parties.column("retells").items() if party
    }
    return stated_by.replace(retells)


def same_statements(frame: pd.DataFrame) -> np.ndarray:
    """Return the position of the figure that stands for each one's statement.

    A retelling with the same number stands behind its origin; figures alike in all
    that is said stand behind the first of them that is no retelling.
    """
    own = frame.index.to_numpy()
    root = frame["origin_at"].to_numpy()
    alike = (frame["value"].to_numpy()[root] == frame["value"].to_numpy()) & (
        frame["unit"].to_numpy()[root] == frame["unit"].to_numpy()
    )
    base = np.where(alike, root, own)
    group = groups(frame, SAME_STATEMENT).to_numpy()
    order = np.argsort(root != own, kind="stable")
    first = pd.Series(own[order], index=group[order])
    of_group = first[~first.index.duplicated()].sort_index()
    said: np.ndarray = of_group.to_numpy()[group[base]]
    return said


def bounds(frame: pd.DataFrame, facts: Observations) -> tuple[pd.Series, pd.Series]:
    """Return the least and the greatest number that each figure may stand for."""
    slack = frame["value"].abs() * facts.about / 100
    slack = slack.where(frame["qualifier"].isin(facts.approximate), 0.0)
    low = (frame["value"] - slack).mask(
        frame["qualifier"].isin(facts.upper_bounds), -np.inf
    )
    high = (frame["value"] + slack).mask(
        frame["qualifier"].isin(facts.lower_bounds), np.inf
    )
    return low, high


def groups(frame: pd.DataFrame, columns: tuple[str, ...] | list[str]) -> pd.Series:
    """Return the number of the group that each row belongs to."""
    grouped = frame.groupby(list(columns), sort=False, dropna=False)
    return grouped.ngroup()


def dimensions_but(*left_out: str) -> list[str]:
    """Return the dimensions without those named."""
    return [name for name in DIMENSION_NAMES if name not in left_out]


def is_stated(codes: pd.Series) -> pd.Series:
    """Return which codes are real ones, not total, unknown or not applicable."""
    return ~codes.isin(SPECIAL_CODES)


def has_unknown(frame: pd.DataFrame) -> pd.Series:
    """Return which figures have a dimension that nobody stated."""
    return (frame[list(DIMENSION_NAMES)] == UNKNOWN).any(axis=1)


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each statement once, where it observes a period."""
    return frame[frame["is_original"] & frame["is_observation"]]


def matter_or_period(frame: pd.DataFrame) -> pd.Series:
    """Return what places a figure: its matter, or its period where it has none."""
    return frame["matter"].where(is_stated(frame["matter"]), frame["time_period"])


def shown(value: float) -> str:
    """Return a number as people write it: 7,607 or 9.5."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"

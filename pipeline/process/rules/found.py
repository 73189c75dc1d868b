"""What a rule found: an identity it tried, or two statements that disagree.

In here: the shape of both and their tables. Not in here: finding anything.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from pipeline.lineage import stable_id
from pipeline.model import SEPARATOR
from pipeline.process.period import time_period
from pipeline.process.rules.prepared import Figure, Figures

BY_RULE, BY_READER = "RULE", "DECLARED"
BOTH_KEPT = "BOTH_KEPT"
KEPT_REASON = "No rule of evidence prefers one of them."

IDENTITY_COLUMNS = (
    *("identity_id", "rule", "kind", "ref_area", "time_period", "freq", "source_id"),
    *("matter", "statement", "whole", "parts", "residual", "holds", "units_mixed"),
    *("figure_ids", "record_ids", "likely_cause"),
)
CONFLICT_COLUMNS = (
    *("conflict_id", "rule", "kind", "ref_area", "time_period", "freq", "matter"),
    *("indicator", "first_figure", "second_figure", "first_value", "second_value"),
    *("first_stated_by", "second_stated_by", "difference", "ratio", "statement"),
    *("likely_cause", "found_by", "decision", "reason", "figure_ids", "record_ids"),
)
NUMBERS = (
    *("whole", "parts", "residual"),
    *("first_value", "second_value", "difference", "ratio"),
)


class Identity(NamedTuple):
    """One sum that was tried. `figures` are positions, the whole's first."""

    rule: str
    kind: str
    figures: tuple[int, ...]
    whole: float
    parts: float
    holds: bool
    units_mixed: bool
    statement: str
    likely_cause: str


class Conflict(NamedTuple):
    """Two statements that disagree, by position; or one that contradicts itself.

    `claims` are the records of what a source says about the figures, where that
    takes part in the conflict.
    """

    rule: str
    kind: str
    first: int
    second: int | None
    statement: str
    likely_cause: str
    others: tuple[int, ...] = ()
    claims: tuple[str, ...] = ()
    found_by: str = BY_RULE
    decision: str = BOTH_KEPT
    reason: str = KEPT_REASON

    @property
    def figures(self) -> tuple[int, ...]:
        """Return the positions of all figures concerned, each once."""
        pair = (self.first,) if self.second is None else (self.first, self.second)
        return tuple(dict.fromkeys((*pair, *self.others)))


def identity_table(figures: Figures, tried: Iterable[Identity]) -> pd.DataFrame:
    """Return one row per identity tried."""
    rows = [identity_row(figures.rows, one) for one in tried]
    table = with_period(figures.frame, rows, IDENTITY_COLUMNS)
    return table.sort_values(["ref_area", "time_period", "rule", "identity_id"])[
        list(IDENTITY_COLUMNS)
    ].reset_index(drop=True)


def identity_row(rows: list[Figure], one: Identity) -> dict[str, object]:
    """Return the row of one identity."""
    ids, records = joined_ids(rows, one.figures)
    first = rows[one.figures[0]]
    return {
        "identity_id": stable_id((one.rule, first.source_id, ids)),
        "rule": one.rule,
        "kind": one.kind,
        "ref_area": first.ref_area,
        "span": one.figures,
        "source_id": first.source_id,
        "matter": first.matter,
        "statement": one.statement,
        "whole": one.whole,
        "parts": one.parts,
        "residual": one.whole - one.parts,
        "holds": "YES" if one.holds else "NO",
        "units_mixed": "YES" if one.units_mixed else "NO",
        "figure_ids": ids,
        "record_ids": records,
        "likely_cause": "" if one.kind == "ADDS_UP" else one.likely_cause,
    }


def conflict_table(figures: Figures, found: Iterable[Conflict]) -> pd.DataFrame:
    """Return one row per conflict.

    `difference` is the second value minus the first and `ratio` the second over the
    first. A figure that restates the first or second stands in `figure_ids` too, and
    `record_ids` ends with the claims that the conflict rests on.
    """
    twins = twins_of(figures.frame)
    rows = [conflict_row(figures.rows, one, twins) for one in found]
    table = with_period(figures.frame, rows, CONFLICT_COLUMNS)
    return table.sort_values(["kind", "ref_area", "time_period", "conflict_id"])[
        list(CONFLICT_COLUMNS)
    ].reset_index(drop=True)


def twins_of(frame: pd.DataFrame) -> dict[int, list[int]]:
    """Return for each statement made more than once the positions of its figures."""
    several = frame[frame.duplicated("said", keep=False)]
    twins: dict[int, list[int]] = {}
    for at, said in zip(several.index, several["said"], strict=True):
        twins.setdefault(int(said), []).append(int(at))
    return twins


def conflict_row(
    rows: list[Figure], one: Conflict, twins: dict[int, list[int]]
) -> dict[str, object]:
    """Return the row of one conflict."""
    restated = [at for key in one.figures for at in twins.get(key, ())]
    figures = tuple(dict.fromkeys((*one.figures, *restated)))
    ids, records = joined_ids(rows, figures)
    first = rows[one.first]
    second = None if one.second is None else rows[one.second]
    claims = dict.fromkeys(one.claims)
    return {
        "conflict_id": stable_id((one.rule, one.kind, sources(rows, figures), ids)),
        "rule": one.rule,
        "kind": one.kind,
        "ref_area": first.ref_area,
        "span": one.figures,
        "matter": first.matter,
        "indicator": first.indicator,
        **side_by_side(first, second),
        "statement": one.statement,
        "likely_cause": one.likely_cause,
        "found_by": one.found_by,
        "decision": one.decision,
        "reason": one.reason,
        "figure_ids": ids,
        "record_ids": SEPARATOR.join([records, *claims]),
    }


def side_by_side(first: Figure, second: Figure | None) -> dict[str, object]:
    """Return the two statements of a conflict; the second is empty where it has one."""
    a, b = first.value, second.value if second else float("nan")
    return {
        "first_figure": first.figure_id,
        "second_figure": second.figure_id if second else "",
        "first_value": a,
        "second_value": b,
        "first_stated_by": first.stated_by,
        "second_stated_by": second.stated_by if second else "",
        "difference": b - a,
        "ratio": b / a if a else float("nan"),
    }


def joined_ids(rows: list[Figure], figures: tuple[int, ...]) -> tuple[str, str]:
    """Return the identifiers of figures and of their records, each joined."""
    return (
        SEPARATOR.join(rows[at].figure_id for at in figures),
        SEPARATOR.join(rows[at].record_id for at in figures),
    )


def sources(rows: list[Figure], figures: tuple[int, ...]) -> str:
    """Return the sources of figures, joined, each once."""
    return SEPARATOR.join(sorted({rows[at].source_id for at in figures}))


def with_period(
    frame: pd.DataFrame, rows: list[dict[str, object]], columns: tuple[str, ...]
) -> pd.DataFrame:
    """Return the rows as a table, each with the period that its figures span."""
    table = pd.DataFrame(rows, columns=[*dict.fromkeys([*columns, "span"])])
    flat = table["span"].explode().dropna().astype("int64")
    start, end = frame["period_start"], frame["period_end"]
    known = start.notna() & end.notna()
    all_known = (
        flat.map(known).groupby(level=0).all().reindex(table.index, fill_value=True)
    )
    # By position, not by map(): a map of no figures would be one of numbers.
    starts, ends = (
        day.take(flat.tolist()).set_axis(flat.index).astype("datetime64[us]")
        for day in (start, end)
    )
    first = starts.groupby(level=0).min().reindex(table.index).where(all_known)
    last = ends.groupby(level=0).max().reindex(table.index).where(all_known)
    named = time_period(first, last)
    table = table.drop(columns=["span", *named]).join(named)
    kinds = {name: "float64" if name in NUMBERS else "str" for name in table.columns}
    return table.astype(kinds)

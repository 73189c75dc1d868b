"""Published tables that list reported figures, one row a statement.

In here: figures as rows of `out`, with their break marks. Not in here: registers
(`aggregate.py`); the two never share a row.
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Question, Questions
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import SEPARATOR, TOTAL, UNKNOWN
from pipeline.process.period import time_period
from pipeline.warehouse import Warehouse

STATUS = (
    *(("c", "Q"), ("x", "M"), ("z", "M")),
    *(("b", "B"), ("e", "E"), ("p", "P"), ("low", "U")),
)
"""Mark and its status, of which one row has one; those without a value come first."""
NORMAL = "A"
CHARGE_146 = ("CC14-146", "TORTURE", "CC97-141-1", "CC97-347-1", "CC97-TORTURE")


def build_statements(
    warehouse: Warehouse, spec: TableSpec, lists: dict[str, CodeList]
) -> OutTable:
    """Return a table of reported figures, each with its unit, source and marks."""
    figures = select(published_figures(warehouse, lists), spec)
    identity = ["source_id", "figure_id"]
    frame = figures.assign(cell_id=stable_ids(figures[identity], spec.table))
    frame = frame.sort_values(["time_period", *identity], ignore_index=True)
    traced = by_pairs(warehouse, spec, frame[["cell_id", "record_id"]])
    return OutTable(spec, frame[list(spec.columns)], *traced)


def published_figures(warehouse: Warehouse, lists: dict[str, CodeList]) -> pd.DataFrame:
    """Return all accepted figures with the columns that every table of `out` has."""
    figures = warehouse.read(
        "SELECT f.*, s.synthetic "
        "FROM core.figures f JOIN meta.source s USING (source_id)"
    )
    periods = time_period(figures["period_start"], figures["period_end"])
    stated = figures["obs_mark"].fillna("").astype("str")
    marks = (break_marks(figures, lists) + SEPARATOR + stated).map(each_once)
    return figures.assign(
        time_period=periods["time_period"],
        freq=periods["freq"],
        unit_measure=figures["unit"],
        obs_value=figures["value"],
        mark=marks,
        obs_status=marks.map(status_of).astype("str"),
        conf_status="F",
    )


def each_once(marks: str) -> str:
    """Return marks joined by `;`, each once, in their order."""
    told = dict.fromkeys(mark for mark in marks.split(SEPARATOR) if mark)
    return SEPARATOR.join(told)


def status_of(marks: str) -> str:
    """Return the SDMX status of a value with marks: that of the first in rank."""
    told = set(marks.split(SEPARATOR))
    return next((status for mark, status in STATUS if mark in told), NORMAL)


def select(figures: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return the figures that fit one of the alternatives of a declaration."""
    if not spec.any_of:
        return figures
    fits = pd.Series(False, index=figures.index)
    for alternative in spec.any_of:
        all_fit = pd.Series(True, index=figures.index)
        for column, codes in alternative.items():
            all_fit &= figures[column].isin(codes)
        fits |= all_fit
    return figures[fits]


def near(
    figures: pd.DataFrame, question: Question, questions: Questions, charges: CodeList
) -> pd.DataFrame:
    """Return the figures that have to do with a question of 8(c).

    Of the country asked and a listed indicator, about a period with an end, and not
    about another offence.
    """
    kinds = figures["charge"].map(charges.column("offence_kind"))
    is_about = kinds.isin(questions.offence_kinds)
    is_about |= figures["charge"].isin([TOTAL, UNKNOWN])
    return figures[
        is_about
        & figures["ref_area"].eq(questions.ref_area)
        & figures["indicator"].isin(question.indicators)
        & figures["period_type"].isin(questions.period_types)
        & figures["period_end"].notna()
    ]


def break_marks(figures: pd.DataFrame, lists: dict[str, CodeList]) -> pd.Series:
    """Return `b` for each figure whose period holds a break of its series, else "".

    A break at the first day of a period is one: the period before was counted
    otherwise.
    """
    series = series_of(figures, lists)
    marked = pd.Series(False, index=figures.index)
    for _, change in lists["break"].rows.iterrows():
        day = pd.Timestamp(change["date"])
        holds = (figures["period_start"] <= day) & (figures["period_end"] >= day)
        holds &= figures["ref_area"].eq(change["ref_area"]) | (change["ref_area"] == "")
        for scope in change["scope"].split(","):
            marked |= holds & series.get(scope, False)
    return marked.map({True: "b", False: ""}).astype("str")


def series_of(
    figures: pd.DataFrame, lists: dict[str, CodeList]
) -> dict[str, pd.Series]:
    """Return scope of a break → which figures are of a series that it touches."""
    subject = figures["indicator"].map(lists["indicator"].column("subject"))
    return {
        "ALL": pd.Series(True, index=figures.index),
        "COMPLAINTS": subject.eq("COMPLAINT"),
        "CASES": subject.eq("CASE"),
        "CHARGE_146": figures["charge"].str.startswith(CHARGE_146),
        "REGION": figures["region"].ne(TOTAL),
        "BODY_KUIS": figures["accused_body"].eq("KUIS"),
        "INVESTIGATING_BODY": figures["investigating_body"].ne(TOTAL),
    }

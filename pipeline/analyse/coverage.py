"""`coverage`: what the Committee asked × year × what exists.

In here: counting, for each breakdown that 8(c) asks, how many published figures and
register records give it and how many do not. Not in here: the answers themselves.
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.statements import near, published_figures
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Axis, Question, Questions
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import TOTAL, UNKNOWN
from pipeline.warehouse import Warehouse, checked_name
from schemas.figures import DIMENSIONS

FIGURES, REGISTERS = "figures", "registers"
UNTOLD = (TOTAL, UNKNOWN)
STATEMENT = ("indicator", "time_period", "stated_by", "value", "unit")
"""With the dimensions: what makes two figures one statement, read in two places."""
DATE_OF_RECORD = {
    "complaints": "received_on",
    "checks": "started_on",
    "investigations": "step_on",
    "prosecutions": "decided_on",
    "sentences": "verdict_on",
}


def build_coverage(
    warehouse: Warehouse,
    spec: TableSpec,
    lists: dict[str, CodeList],
    questions: Questions,
) -> OutTable:
    """Return one row for each question, breakdown, year and kind of source.

    A year in which nothing exists is a row with the mark `x`, never a missing row.
    """
    figures = published_figures(warehouse, lists)
    counted = []
    for question in questions.questions:
        stated = near(figures, question, questions, lists["charge"])
        stated = stated.drop_duplicates([*STATEMENT, *(d.name for d in DIMENSIONS)])
        for axis in question.axes:
            counted.append(of_figures(stated, question, axis))
            counted.append(of_registers(warehouse, question, axis, questions.ref_area))
    frame = complete(pd.concat(counted, ignore_index=True), questions)
    identity = ["question", "axis", "kind", "time_period"]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    frame = frame.sort_values(identity, ignore_index=True)
    pairs = frame[["cell_id", "records"]].explode("records", ignore_index=True).dropna()
    traced = by_pairs(warehouse, spec, pairs.rename(columns={"records": "record_id"}))
    return OutTable(spec, frame[list(spec.columns)], *traced)


def of_figures(figures: pd.DataFrame, question: Question, axis: Axis) -> pd.DataFrame:
    """Return per year how many statements near a question give the breakdown.

    A year is whole only where a calendar-year figure for the whole country is broken
    down into enough categories: one category alone, or one event, is a part.
    """
    units = question.asked.get("unit", ())
    column = figures[axis.field]
    gives = column.notna() & ~column.isin(UNTOLD)
    gives &= figures["unit"].isin(units) if units else True
    gives &= figures["value"].notna()
    is_national = figures["period_type"].eq("CALENDAR_YEAR")
    is_national &= figures["matter"].eq(TOTAL)
    return tally(
        figures.assign(
            gives=gives,
            category=column.astype("str").where(gives & is_national),
            time_period=figures["period_end"].dt.strftime("%Y"),
        ),
        question,
        axis,
        FIGURES,
    )


def of_registers(
    warehouse: Warehouse, question: Question, axis: Axis, ref_area: str
) -> pd.DataFrame:
    """Return per year how many register records of a country give the breakdown."""
    parts = []
    for register, field in axis.records.items():
        day = DATE_OF_RECORD[register]
        rows = warehouse.read(
            f"SELECT record_id, r.source_id, synthetic, "
            f"CASE WHEN {day} IS NULL THEN '_U' ELSE strftime({day}, '%Y') END "
            "AS time_period, "
            f"coalesce({checked_name(field)}::VARCHAR NOT IN ('_T', '_U'), false) "
            "AS gives, "
            "NULL::VARCHAR AS category "
            f"FROM core.{checked_name(register)} r JOIN meta.source s "
            "USING (source_id) WHERE s.ref_area = ?",
            [ref_area],
        )
        parts.append(rows)
    columns = ["record_id", "synthetic", "time_period", "gives", "category"]
    rows = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return tally(rows, question, axis, REGISTERS)


def tally(
    rows: pd.DataFrame, question: Question, axis: Axis, kind: str
) -> pd.DataFrame:
    """Return per year how many rows give a breakdown and how many do not."""
    rows = rows.assign(gives=rows["gives"].astype(bool))
    grouped = rows.groupby("time_period", as_index=False).agg(
        obs_value=("gives", "sum"),
        total=("gives", "size"),
        categories=("category", "nunique"),
        synthetic=("synthetic", "any"),
        records=("record_id", list),
    )
    return grouped.assign(
        question=question.question,
        axis=axis.axis,
        asks=axis.asks,
        kind=kind,
        is_whole=grouped["categories"] >= axis.categories,
    )


def complete(counted: pd.DataFrame, questions: Questions) -> pd.DataFrame:
    """Return the counts with a row for every year, and the state of each."""
    years = [str(y) for y in range(questions.first_year, questions.last_year + 1)]
    axes = pd.DataFrame(
        [
            (question.question, axis.axis, axis.asks, kind, year)
            for question in questions.questions
            for axis in question.axes
            for kind in (FIGURES, REGISTERS)
            for year in years
        ],
        columns=["question", "axis", "asks", "kind", "time_period"],
    )
    keys = list(axes.columns)
    frame = axes.merge(counted, on=keys, how="outer")
    given, total = frame["obs_value"].fillna(0), frame["total"].fillna(0)
    is_whole = frame["is_whole"].astype("boolean").fillna(False).astype(bool)
    state = pd.Series("PARTIAL", index=frame.index)
    state[is_whole] = "PUBLISHED"
    state[given == 0] = "NOT_SUPPLIED"
    nothing = given == 0
    return frame.assign(
        ref_area=questions.ref_area,
        freq="A",
        unit_measure=frame["kind"].map({FIGURES: "FIGURE", REGISTERS: "RECORD"}),
        obs_value=given.mask(nothing),
        missing=total - given,
        mark=nothing.map({True: "x", False: ""}).astype("str"),
        obs_status=nothing.map({True: "M", False: "A"}).astype("str"),
        conf_status="F",
        source_id=frame["kind"],
        synthetic=frame["synthetic"].astype("boolean").fillna(False).astype(bool),
        state=state.astype("str"),
    )

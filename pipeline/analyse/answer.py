"""`answer_8c`: the four questions × year × who says so, and what nobody answers.

In here: putting figures and register counts side by side, each in rows of its own,
and a visible `x` where a question has no answer for a year. Not in here: deciding
which figure is right; a declared order of precedence may only mark one as preferred.
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.statements import near, published_figures
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Question, Questions
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL, UNKNOWN
from pipeline.warehouse import Warehouse
from schemas.figures import DIMENSIONS
from schemas.outputs import LEADING, TRAILING

ASKED, BESIDE = "ASKED", "BESIDE"
FIGURE, REGISTER, NOTHING = "FIGURE", "REGISTER", "NOTHING"
MINIMUM = "MINIMUM"
"""Counted in a list that holds less than there is."""
MINIMA = {
    "documented_minimum": "documented minimum",
    "caseload": "those who came to the organisation: a minimum",
    "published_total": "not declared a whole register: a minimum",
}
"""Coverage of such a list → what is said of its counts."""

QUANTITY = (
    *("question", "scope", "time_period", "indicator", "breakdown"),
    "unit_measure",
)
"""What is the same in two statements of one quantity."""
STATEMENT = (
    *QUANTITY,
    *("ref_area", "stated_by", "obs_value", "mark", "period_type", "qualifier"),
)
"""What is the same in one statement that is read in two places."""
TAKEN_OVER = ("cell_id", "of_table", "of_cell")
"""Of a count of registers: its cell here, and the cell of the table that counted."""
BROKEN_DOWN_BY = tuple(field.name for field in DIMENSIONS)


def build_answer(
    warehouse: Warehouse,
    spec: TableSpec,
    lists: dict[str, CodeList],
    questions: Questions,
) -> OutTable:
    """Return the answers, those that stand beside a question, and the empty ones."""
    figures = published_figures(warehouse, lists)
    parts, pairs = [], []
    for question in questions.questions:
        nearby = near(figures, question, questions, lists["charge"])
        stated = statements(nearby, question, questions)
        documented = registered(warehouse, question, questions.ref_area)
        once = stated.drop_duplicates("statement", ignore_index=True)
        parts.append(preferred(once, questions, lists["stating_party"]))
        parts.append(documented)
        empty = empty_years(stated, documented, questions)
        parts.append(unanswered(empty, question, questions.ref_area))
        pairs.append(stated[["statement", "record_id"]])
    named = ["question", "basis", "year", "time_period", *spec.dimensions]
    identity = list(dict.fromkeys([*named, "source_id", "unit_measure"]))
    frame = pd.concat(parts, ignore_index=True).sort_values(
        [*identity, "obs_value"], ignore_index=True
    )
    frame["cell_id"] = stable_ids(
        frame[identity].assign(nth=nth(frame, identity)), spec.table
    )
    records = pd.concat(pairs).merge(frame[["statement", "cell_id"]], on="statement")
    borrowed = frame.loc[frame["basis"].isin([REGISTER, MINIMUM]), [*TAKEN_OVER]]
    traced = by_pairs(warehouse, spec, records, borrowed)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def nth(frame: pd.DataFrame, identity: list[str]) -> pd.Series:
    """Return an empty text for the first row of an identity, then 1, 2 and so on.

    One party may state two values of one quantity: both are kept, each with its own
    cell.
    """
    counted = frame.groupby(identity, dropna=False).cumcount()
    return counted.astype("str").mask(counted.eq(0), "").astype("str")


def statements(
    figures: pd.DataFrame, question: Question, questions: Questions
) -> pd.DataFrame:
    """Return the figures near a question, with the statement that each makes.

    The same statement read in two places (same party, period, breakdown and value)
    has the same `statement`, and becomes one row that traces to both.
    """
    scope = is_asked(figures, question, questions).map({True: ASKED, False: BESIDE})
    year = figures["period_end"].dt.year
    stated: pd.DataFrame = figures.assign(
        question=question.question,
        year=year.astype("Int64").astype("str"),
        scope=scope.astype("str"),
        basis=FIGURE,
        breakdown=breakdown(figures),
    )[year.between(questions.first_year, questions.last_year)]
    stated["statement"] = stable_ids(stated[list(STATEMENT)], FIGURE)
    return stated.sort_values(["statement", "record_id"], ignore_index=True)


def is_asked(
    figures: pd.DataFrame, question: Question, questions: Questions
) -> pd.Series:
    """Return which figures tell all that the question asks, of the country and a year.

    One event, one channel or a part of a year does not answer for the year.
    """
    asked = pd.Series(True, index=figures.index)
    for field, codes in (questions.national | question.asked).items():
        column = figures[field]
        told = column.isin(codes) if codes else ~column.isin([TOTAL, UNKNOWN])
        asked &= told & column.notna()
    return asked


def breakdown(figures: pd.DataFrame) -> pd.Series:
    """Return what each figure is broken down by, as `dimension=code` pairs."""
    parts = [
        figures[name].map(lambda code, n=name: "" if code == TOTAL else f"{n}={code} ")
        for name in BROKEN_DOWN_BY
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + part
    return joined.str.strip().replace("", TOTAL).astype("str")


def preferred(
    stated: pd.DataFrame, questions: Questions, parties: CodeList
) -> pd.DataFrame:
    """Return statements with the preferred of each quantity marked, and the reason.

    Only where several parties state one quantity, and one comes first in the order. A
    retelling counts as a statement of the party that it retells.
    """
    order = {party: rank for rank, party in enumerate(questions.precedence.order)}
    told = stated["stated_by"].map(parties.column("retells"))
    origin = told.where(told.fillna("").ne(""), stated["stated_by"])
    quantity = [stated[column] for column in QUANTITY]
    tells = stated["obs_value"].notna()
    rank, origin = origin.map(order).where(tells), origin.where(tells)
    first = rank.groupby(quantity).transform("min")
    several = origin.groupby(quantity).transform("nunique") > 1
    chosen = several & rank.notna() & (rank == first)
    return stated.assign(
        preferred=chosen.map({True: "YES", False: ""}).astype("str"),
        reason=chosen.map({True: questions.precedence.reason, False: ""}).astype("str"),
    )


def registered(warehouse: Warehouse, question: Question, ref_area: str) -> pd.DataFrame:
    """Return what is counted in a country's registers.

    A minimum, and never a total, where the source says so of its list.
    """
    conditions = " AND ".join(
        f"{column} = '{code}'" for column, code in question.where.items()
    )
    others = other_dimensions(warehouse, question)
    totals = " AND ".join([f"{column} = '_T'" for column in others] + ["true"])
    rows = warehouse.read(
        "SELECT t.*, cell_id AS statement, cell_id AS of_cell, s.coverage "
        f"FROM out.{question.table} t "
        f"JOIN meta.source s USING (source_id) WHERE {question.by} <> '_T' "
        f"AND time_period <> '_T' AND {totals} AND {conditions or 'true'} "
        "AND obs_value IS NOT NULL AND t.ref_area = ?",
        [ref_area],
    )
    is_minimum = rows["coverage"].isin(MINIMA)
    return rows.assign(
        question=question.question,
        year=rows["time_period"],
        scope=ASKED,
        basis=is_minimum.map({True: MINIMUM, False: REGISTER}).astype("str"),
        of_table=question.table,
        indicator=question.table.upper(),
        breakdown=question.by + "=" + rows[question.by],
        stated_by=NOT_APPLICABLE,
        period_type="CALENDAR_YEAR",
        qualifier=is_minimum.map({True: "AT_LEAST", False: "EXACT"}).astype("str"),
        figure_id="",
        preferred="",
        reason=rows["coverage"].map(MINIMA).fillna("").astype("str"),
    )


def other_dimensions(warehouse: Warehouse, question: Question) -> list[str]:
    """Return the dimensions of a register table that an answer does not use."""
    columns = warehouse.read(f"SELECT * FROM out.{question.table} LIMIT 0").columns
    used = {*LEADING, *TRAILING, question.by, *question.where, "stage"}
    return [column for column in columns if column not in used]


def empty_years(
    stated: pd.DataFrame, documented: pd.DataFrame, questions: Questions
) -> list[str]:
    """Return the years in which nobody answers a question as asked.

    A whole register answers; a list that holds a part does not.
    """
    tells = (stated["scope"] == ASKED) & stated["obs_value"].notna()
    answered = set(stated.loc[tells, "year"])
    answered |= set(documented.loc[documented["basis"] == REGISTER, "year"])
    years = [str(y) for y in range(questions.first_year, questions.last_year + 1)]
    return [year for year in years if year not in answered]


def unanswered(empty: list[str], question: Question, ref_area: str) -> pd.DataFrame:
    """Return one `x` row for each year that has no answer."""
    return pd.DataFrame(
        {
            "question": question.question,
            "year": empty,
            "time_period": empty,
            "freq": "A",
            "ref_area": ref_area,
            "scope": ASKED,
            "basis": NOTHING,
            "indicator": question.indicators[0],
            "breakdown": TOTAL,
            "stated_by": NOT_APPLICABLE,
            "unit_measure": NOT_APPLICABLE,
            "obs_value": float("nan"),
            "mark": "x",
            "obs_status": "M",
            "conf_status": "F",
            "source_id": NOT_APPLICABLE,
            "synthetic": False,
            "period_type": "CALENDAR_YEAR",
            "qualifier": "",
            "figure_id": "",
            "preferred": "",
            "reason": "no figure and no whole register answers the question as asked",
            "statement": "",
        }
    )

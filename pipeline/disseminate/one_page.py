"""8(c) on one page: the four questions down, the years across.

In here: turning the rows of `answer_8c` into one line for each thing stated, with a
column a year. Not in here: the table itself, which keeps one row a statement and its
trace.
"""

from typing import Any

import pandas as pd

from pipeline.analyse.disclosure import ProtectedTable
from pipeline.disseminate.files import plain_number
from pipeline.disseminate.sheets import Content, Line, folded
from pipeline.disseminate.wording import Words, bracketed, header
from pipeline.model import NOT_APPLICABLE, TOTAL, UNKNOWN

NAME = "8c_on_one_page"
LINE = ["question", "order", "breakdown", "indicator", "unit_measure", "said_by"]
ORDER = {
    ("NOTHING", "ASKED"): 0,
    ("FIGURE", "ASKED"): 1,
    ("FIGURE", "BESIDE"): 2,
    ("REGISTER", "ASKED"): 3,
    ("MINIMUM", "ASKED"): 4,
}
COUNTED = ("REGISTER", "MINIMUM")
"""What is counted in the list of a source, whole or not."""
QUESTIONS = {
    "8C1": "1 Complaints",
    "8C2": "2 Investigated",
    "8C3": "3 Prosecuted",
    "8C4": "4 Penalties",
}
KINDS = ("Nobody answers as asked", "Answers as asked", "Stands beside")
"""What each line is, by its order; a count of a list has the label of its basis."""
HEAD = ("Question", "What it is", "What is counted", "Who says so")
WIDTHS = {
    "Question": 19.0,
    "What it is": 24.0,
    "What is counted": 88.0,
    "Who says so": 30.0,
}
RATE = "ANNUAL_RATE"
"""Type of period of "so many a year", which counts no year."""
YEAR_WIDTH = 11.0
YEAR_DIGITS, DAY_OF_YEAR = 4, 5
BEFORE = {
    "ABOUT": "~",
    "AT_LEAST": "≥",
    "MORE_THAN": ">",
    "UP_TO": "≤",
    "LESS_THAN": "<",
    "RANGE_LOW": "from ",
    "RANGE_HIGH": "to ",
}
"""What stands before a number that is not exact, by its qualifier."""
HOW_TO_READ = (
    "Numbers stand as published, never added, averaged or compared across a break. "
    "[x] nobody answers the question as the Committee put it. [b] the law or the "
    "practice of counting changed within the period. A date behind a number is the "
    "last day it covers, where that is not the whole year. Several numbers in a cell "
    "are several statements. 'Stands beside' tells less than was asked. 'Count of a "
    "whole register' counts the records of the register named, and of no other. 'A "
    "minimum' counts a list that holds a part of all: what public documents describe, "
    "or those who came to an organisation. 'A year' is a rate, not a count."
)


def one_page(table: ProtectedTable, words: Words) -> Content:
    """Return the sheet that answers 8(c) on one page."""
    frame = table.frame.copy()
    pairs = zip(frame["basis"], frame["scope"], strict=True)
    frame["order"] = [ORDER[pair] for pair in pairs]
    # A register is a list of its own: its numbers share no line with another's.
    said = frame["stated_by"].map(lambda party: words.label("stating_party", party))
    said = said.where(frame["stated_by"] != NOT_APPLICABLE, "")
    frame["said_by"] = said.mask(frame["basis"].isin(COUNTED), frame["source_id"])
    frame["shown"] = [shown(row) for row in frame.to_dict("records")]
    years = sorted(set(frame["year"]) - {UNKNOWN})
    years += [UNKNOWN] if (frame["year"] == UNKNOWN).any() else []
    lines = frame.groupby(LINE, sort=True)
    rows = [line_of(key, rows, years, words) for key, rows in lines]
    spans = [words.label("", UNKNOWN) if year == UNKNOWN else year for year in years]
    above = [Line("Recommendation 8(c) on one page", "title")]
    above += [Line("Contents", "link", "internal:'contents'!A1"), *folded(HOW_TO_READ)]
    widths = WIDTHS | dict.fromkeys(spans, YEAR_WIDTH)
    head = (*HEAD, *spans)
    return Content(NAME, above, head, rows, frozenset(spans), widths, on_one_page=True)


def shown(row: dict[Any, Any]) -> str | int | float:
    """Return what a cell shows of one statement: a number, and what limits it."""
    if pd.isna(row["obs_value"]):
        return bracketed(row["mark"])
    period = str(row["time_period"])
    until = f" (to {period[-DAY_OF_YEAR:]})" if "/" in period else ""
    half = f" ({period[YEAR_DIGITS + 1 :]})" if "-S" in period or "-Q" in period else ""
    rate = " a year" if row["period_type"] == RATE else ""
    limits = rate + until + half + (f" {bracketed(row['mark'])}" if row["mark"] else "")
    before = BEFORE.get(row["qualifier"], "") if row["basis"] == "FIGURE" else ""
    number = plain_number(row["obs_value"])
    return f"{before}{number:,}{limits}" if before or limits else number


def line_of(
    key: tuple[Any, ...], rows: pd.DataFrame, years: list[str], words: Words
) -> tuple[str | int | float, ...]:
    """Return one line of the page: what is stated, by whom, and its cells by year."""
    question, order, breakdown, indicator, unit, said_by = key
    by_year = {year: list(cells["shown"]) for year, cells in rows.groupby("year")}
    counted = words.label("indicator", indicator).capitalize()
    of_what = [part.partition("=") for part in breakdown.split() if part != TOTAL]
    told = "; ".join(f"{header(name)}: {label(name, code, words)}"
                     for name, _, code in of_what)  # fmt: skip
    what = (
        f"{counted} ({words.label('unit', unit).lower()}){'. ' if told else ''}{told}"
    )
    return (
        QUESTIONS.get(question, question),
        kind_of(order, words),
        "" if order == 0 else what,
        said_by,
        *(joined(by_year.get(year, [])) for year in years),
    )


def kind_of(order: int, words: Words) -> str:
    """Return what a line of the page is."""
    if order < len(KINDS):
        return KINDS[order]
    return words.label("answer_basis", COUNTED[order - len(KINDS)])


LIST_OF_BREAKDOWN = {
    "accused_body": "body",
    "investigating_body": "body",
    "handling_body": "body",
    "place_of_custody": "facility_type",
    "outcome": "figure_outcome",
    "deprived_of_liberty": "yes_no",
}


def label(name: str, code: str, words: Words) -> str:
    """Return the label of a code of a breakdown."""
    return words.label(LIST_OF_BREAKDOWN.get(name, name), code)


def joined(cells: list[str | int | float]) -> str | int | float:
    """Return one number as a number, several as a text, none as an empty cell."""
    if len(cells) == 1:
        return cells[0]
    return "; ".join(
        f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells
    )

"""Small tables of published figures, and what reconciliation makes of them."""

import pandas as pd

from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.reconciliation import read_rules
from pipeline.process.reconcile import reconcile
from pipeline.process.validate import core_types
from pipeline.workspace import REPOSITORY, Workspace
from schemas.figures import CLAIMS, DIMENSIONS, FIGURES

HERE = Workspace(REPOSITORY)
LISTS = read_codelists(HERE)
RULES = read_rules(HERE).model_copy(update={"declared": ()})
USUAL = {
    **{field.name: "_T" for field in DIMENSIONS},
    "source_id": "test",
    "document": "DOC",
    "ref_area": "KZ",
    "unit": "CASE",
    "indicator": "REGISTERED_CASE",
    "qualifier": "EXACT",
    "stated_by": "CLSSA",
    "start": "2020-01-01",
    "end": "2020-12-31",
    "period_type": "CALENDAR_YEAR",
}
COMPLAINTS = {"indicator": "COMPLAINT_RECEIVED", "unit": "COMPLAINT"}
TWO_MONTHS = {"end": "2020-02-29", "period_type": "CUMULATIVE_YTD"}
JANUARY = {
    "matter": "JAN2022",
    "period_type": "CUMULATIVE_EVENT",
    "start": "2022-01-05",
}
VICTIMS = {**JANUARY, "indicator": "VICTIM", "unit": "PERSON", "end": "2022-12-23"}
HOME = {"charge": "CC14-HOME"}
PERSONS = {"indicator": "CONVICTED_PERSON", "unit": "PERSON"}
DETAINED = {"indicator": "DETAINED_PERSON", "unit": "PERSON"}
SHARE = {"indicator": "RATIO_CASES_TO_COMPLAINTS", "unit": "PERCENT"}
YEAR_BEFORE = {"start": "2019-01-01", "end": "2019-12-31"}
LATE, LATER = ({"start": f"{y}-01-01", "end": f"{y}-12-31"} for y in (2022, 2023))


def fig(figure_id, value, *more, **fields):
    """Return one figure; `more` are dictionaries of fields that belong together."""
    row = {
        **USUAL,
        "figure_id": figure_id,
        "record_id": f"r{figure_id}",
        "value": value,
    }
    for part in (*more, fields):
        row |= part
    return {**row, "period_start": row.pop("start"), "period_end": row.pop("end")}


def claim(kind, about, low="", high="", word=""):
    """Return one claim about figures."""
    return {
        "claim_id": "C",
        "record_id": "rC",
        "source_id": "test",
        "kind": kind,
        "about": about,
        "low": low,
        "high": high,
        "word": word,
        "stated_by": "CLSSA",
    }


def table(rows, record):
    """Return records as they stand in core."""
    types = core_types(record)
    frame = pd.DataFrame(list(rows), columns=list(types))
    for name in ("row", "cells"):
        frame[name] = 1
    dates = [name for name, kind in types.items() if kind.startswith("datetime")]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates}).astype(
        types
    )


def run(figures, *claims, rules=RULES):
    """Return what reconciliation makes of figures and claims."""
    return reconcile(table(figures, FIGURES), table(claims, CLAIMS), LISTS, rules)


def found(kind, figures, *claims):
    """Return the figures of the conflicts of one kind."""
    conflicts = run(figures, *claims).conflicts
    return list(conflicts.loc[conflicts["kind"] == kind, "figure_ids"])


def tried(figures):
    """Return kind and residual of each identity."""
    table = run(figures).identities
    return list(zip(table["kind"], table["residual"], strict=True))

"""`flow`: open at the start, what came, what went, open at the end; and what is left.

In here: the balance of each body and period, case by case. Not in here: the state of a
case (`case_steps.py`), the records behind each number (`flow_traces.py`).

The two sides are counted apart. Stocks come from the state of every case on each date,
flows from its steps; what the flows do not explain is the residual, told by reason. A
register without contradictions has a residual of 0 in every row.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.analyse.case_steps import CUTOFF, STEPS
from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.flow_traces import make_leaves, trace
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL, UNKNOWN
from pipeline.warehouse import Warehouse

COMES = ("OPENED", "REOPENED", "RETURNED", "RECEIVED")
GOES = ("TERMINATED", "SENT_TO_COURT", "JOINED", "TRANSFERRED")
BETWEEN = ("RECEIVED", "TRANSFERRED")
"""No flow at all where all bodies are taken together."""
OPEN_START, OPEN_END, INTERRUPTED = "OPEN_START", "OPEN_END", "INTERRUPTED_END"
RESIDUAL, ODD = "RESIDUAL", "ODD_STEP"
SHOWN = (OPEN_START, *COMES, *GOES, RESIDUAL, OPEN_END, INTERRUPTED)
MONTHS = {"A": 12, "M": 1}
"""Months in a period of each frequency."""
LINE = ["source_id", "handling_body"]
ROW = [*LINE, "period"]

# `opened` and `interrupted` are changes of state, at the period in which they hold.
READ_CHANGES = f"""
SELECT source_id, body AS handling_body, since // $months AS period,
    sum(opened)::BIGINT AS opened, sum(interrupted)::BIGINT AS interrupted
FROM (
    SELECT source_id, was_holder AS body, since, -was_open::BIGINT AS opened,
        -was_interrupted::BIGINT AS interrupted
    FROM {STEPS} WHERE was_open
    UNION ALL
    SELECT source_id, holder, since, is_open::BIGINT, is_interrupted::BIGINT
    FROM {STEPS} WHERE is_open
) GROUP BY ALL
"""


def build_flow(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return the balance of every source, body, month and year.

    Rows of all periods together (`_T`) and of steps without a year (`_U`) keep what no
    period can hold.
    """
    make_leaves(warehouse)
    flows = warehouse.read("SELECT * EXCLUDE (records) FROM flow_leaf")
    parts = [of_frequency(warehouse, flows, freq) for freq in MONTHS]
    frame = pd.concat(parts, ignore_index=True)
    frame = published(warehouse, spec, frame)
    traced = trace(warehouse, spec, frame)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def of_frequency(warehouse: Warehouse, flows: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return the balances by month, or those by year, of all years and of no year."""
    mine = flows.rename(columns={"year" if freq == "A" else "month": "period"})
    mine = mine[mine["freq"].isin([freq, ""])]
    changes = warehouse.read(READ_CHANGES.replace("$months", str(MONTHS[freq])))
    dated = changes.dropna(subset="period"), mine.dropna(subset="period")
    found = [labelled(balanced(*dated, lasts(warehouse, freq)), freq)]
    if freq == "A":
        undated = changes[changes["period"].isna()], mine[mine["period"].isna()]
        for label, (states, steps) in {
            TOTAL: (changes, mine),
            UNKNOWN: undated,
        }.items():
            whole = states.assign(period=0), steps.assign(period=0)
            once = balanced(*whole, pd.Series(0, index=lasts(warehouse, freq).index))
            found.append(once.assign(time_period=label, freq="N", at=np.nan))
    return pd.concat(found, ignore_index=True)


def lasts(warehouse: Warehouse, freq: str) -> pd.Series:
    """Return the last period of each source: a stock lasts until it is last seen."""
    found = warehouse.read(
        f"SELECT source_id, greatest(max(s.since), any_value(year(c.last_day) * 12 "
        f"+ month(c.last_day) - 1)) AS last FROM {STEPS} s "
        f"LEFT JOIN {CUTOFF} c USING (source_id) GROUP BY source_id"
    )
    return found.set_index("source_id")["last"] // MONTHS[freq]


def balanced(
    changes: pd.DataFrame, steps: pd.DataFrame, last: pd.Series
) -> pd.DataFrame:
    """Return every number of each balance, long: one row for each component.

    Args:
        changes: `opened` and `interrupted` by source, body and period.
        steps: flows, and the parts of the residual, by source, body and period.
        last: the last period of each source.
    """
    changes = with_total(changes)
    flows = with_total(steps[steps["kind"] == "FLOW"], leave_out=BETWEEN)
    rows = periods(pd.concat([changes[ROW], flows[ROW]]), last)
    came = flows.pivot_table(index=ROW, columns="component", values="n", aggfunc="sum")
    came = came.reindex(columns=[*COMES, *GOES])
    state = changes.groupby(ROW)[["opened", "interrupted"]].sum()
    table = rows.join(state, on=ROW).join(came, on=ROW).fillna(0.0)
    stock = table.groupby(LINE)[["opened", "interrupted"]].cumsum()
    table[OPEN_END], table[INTERRUPTED] = stock["opened"], stock["interrupted"]
    table[OPEN_START] = table[OPEN_END] - table["opened"]
    moved = table[list(COMES)].sum(axis=1) - table[list(GOES)].sum(axis=1)
    table[RESIDUAL] = table["opened"] - moved
    long = table.melt(ROW, list(SHOWN), "component", "obs_value")
    is_between = long["component"].isin(BETWEEN) & long["handling_body"].eq(TOTAL)
    long = long[~is_between].assign(reason=NOT_APPLICABLE)
    long.loc[long["component"] == RESIDUAL, "reason"] = TOTAL
    return pd.concat([long, by_reason(steps, table)], ignore_index=True)


def with_total(rows: pd.DataFrame, leave_out: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows of bodies and, once more, under the total of all bodies."""
    total = rows.assign(handling_body=TOTAL)
    if leave_out:
        total = total[~total["component"].isin(leave_out)]
    return pd.concat([rows, total], ignore_index=True)


def periods(known: pd.DataFrame, last: pd.Series) -> pd.DataFrame:
    """Return one row for each source, body and period, from its first to the last."""
    first = known.groupby(LINE)["period"].min().astype("int64").reset_index()
    count = first["source_id"].map(last).astype("int64") - first["period"] + 1
    rows = first.loc[first.index.repeat(count.to_numpy())].reset_index(drop=True)
    return rows.assign(period=rows["period"] + rows.groupby(LINE).cumcount())


def by_reason(steps: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the residual by reason, and how many steps contradict others.

    Steps that cancel each other leave no residual; their number still tells of them.
    """
    odd = steps[steps["kind"].isin([RESIDUAL, ODD])]
    total = odd.assign(handling_body=TOTAL, n=odd["n_of_all"])
    sums = pd.concat([odd, total]).groupby([*ROW, "component", "reason"])["n"].sum()
    told = sums[sums != 0].rename("obs_value").reset_index()
    of_row = told.groupby([*ROW, "component"])["obs_value"].sum().unstack()
    of_row = of_row.reindex(columns=[RESIDUAL, ODD])
    known = table[[*ROW, RESIDUAL]].join(of_row.add_suffix("_told"), on=ROW).fillna(0)
    number = known[ROW].assign(
        component=ODD, reason=TOTAL, obs_value=known[f"{ODD}_told"]
    )
    left = known[ROW].assign(
        component=RESIDUAL,
        reason=UNKNOWN,
        obs_value=known[RESIDUAL] - known[f"{RESIDUAL}_told"],
    )
    return pd.concat([told, number, left[left["obs_value"] != 0]], ignore_index=True)


def labelled(rows: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return rows with their period as text, and the month at which a stock is taken.

    A stock at the start is that at the end of the month before.
    """
    number = rows["period"].astype("int64")
    year = (number * MONTHS[freq] // 12).astype("str")
    month = (number % 12 + 1).astype("str").str.zfill(2)
    at_start = rows["component"].eq(OPEN_START)
    at = (number + (~at_start).astype("int64")) * MONTHS[freq] - 1
    text = year if freq == "A" else year + "-" + month
    return rows.assign(time_period=text, freq=freq, at=at)


def published(
    warehouse: Warehouse, spec: TableSpec, rows: pd.DataFrame
) -> pd.DataFrame:
    """Return balances with the columns that every table of `out` has.

    Of a source that never says which body holds a case, only the total has a value.
    """
    sources = warehouse.read(
        "SELECT source_id, ref_area, synthetic, source_id NOT IN (SELECT source_id "
        "FROM core.investigations WHERE body IS NOT NULL) AS lacks_body "
        "FROM meta.source"
    )
    frame = rows.merge(sources, on="source_id")
    lacks = frame["lacks_body"] & frame["handling_body"].ne(TOTAL)
    frame = frame.assign(
        unit_measure="CASE",
        obs_value=frame["obs_value"].astype("float64").mask(lacks),
        mark=lacks.map({True: "x", False: ""}).astype("str"),
        obs_status=lacks.map({True: "M", False: "A"}).astype("str"),
        conf_status="F",
    )
    identity = ["source_id", "ref_area", "time_period", *spec.dimensions]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    return frame.sort_values(identity, ignore_index=True)

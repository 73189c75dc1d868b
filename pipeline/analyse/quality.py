"""Tables that say how good the data are: conflicts, reconciliation, quarantine.

In here: putting what `process` found into published rows. Not in here: the rules
(`process/reconcile.py`) and the checks of records (`process/validate.py`).
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.traces import by_leaves, by_pairs
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import SEPARATOR, TOTAL
from pipeline.process.period import frequency_of
from pipeline.warehouse import Warehouse

SEVERAL_SOURCES = "figures"
REFUSED_NOW = """
SELECT DISTINCT source_id AS source, record, 'QUARANTINED' AS state, rule, record_id
FROM quarantine.reason q
WHERE q.state = 'OPEN' AND record_id IN (SELECT record_id FROM meta.record)
"""
COUNTED = f"""
WITH refused AS ({REFUSED_NOW})
SELECT r.source_id AS source, r.record, 'ACCEPTED' AS state, '_Z' AS rule,
    count(*) AS obs_value
FROM meta.record r WHERE r.state = 'ACCEPTED' GROUP BY ALL
UNION ALL
SELECT r.source_id, r.record, 'QUARANTINED', '_T',
    count(*) FILTER (r.state = 'QUARANTINED')
FROM meta.record r GROUP BY ALL
UNION ALL
SELECT source, record, state, rule, count(*) FROM refused GROUP BY ALL
"""
JUDGED = f"""
SELECT cell_id, row_number() OVER (ORDER BY cell_id) AS leaf_no, records FROM (
    SELECT cell_id, list(record_no) AS records FROM incoming JOIN (
        SELECT source_id AS source, record, state,
            CASE state WHEN 'ACCEPTED' THEN '_Z' ELSE '_T' END AS rule, record_no
        FROM meta.record
        UNION ALL
        SELECT q.source, q.record, q.state, q.rule, r.record_no
        FROM ({REFUSED_NOW}) q JOIN meta.record r USING (record_id)
    ) USING (source, record, state, rule) GROUP BY cell_id
)
"""
"""The records behind each row of the quarantine table, which is `incoming`."""
NOT_COMPARED = ("SERIES_BREAK", "UNIT_CONFLICT")


def build_conflicts(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return one row for each conflict between published statements."""
    found = warehouse.read("SELECT * FROM core.conflicts")
    # Across a break, or between units, a difference is a change that nobody measured.
    no_change = found["kind"].isin(NOT_COMPARED)
    frame = found.assign(
        obs_value=found["difference"].mask(no_change),
        ratio=found["ratio"].mask(no_change),
        unit_measure="_Z",
    )
    table = of_figures(warehouse, spec, frame, "conflict_id")
    empty = table.frame["obs_value"].isna()
    is_break = table.frame["kind"].eq("SERIES_BREAK")
    table.frame["mark"] = table.frame["mark"].mask(empty, "z").mask(is_break, "b")
    table.frame["obs_status"] = table.frame["obs_status"].mask(empty, "M")
    return table


def build_reconciliation(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return one row for each identity tried; the value is what is left over."""
    found = warehouse.read("SELECT * FROM core.identities")
    frame = found.assign(obs_value=found["residual"], unit_measure="_Z")
    return of_figures(warehouse, spec, frame, "identity_id")


def of_figures(
    warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame, key: str
) -> OutTable:
    """Return a table whose rows rest on figures named in `record_ids`."""
    frame = frame.assign(
        cell_id=stable_ids(frame[[key]], spec.table),
        freq=frame["time_period"].map(frequency_of).astype("str"),
        mark="",
        obs_status="A",
        conf_status="F",
        source_id=SEVERAL_SOURCES,
    )
    pairs = frame[["cell_id", "record_ids"]].rename(columns={"record_ids": "record_id"})
    pairs["record_id"] = pairs["record_id"].str.split(SEPARATOR)
    pairs = pairs.explode("record_id", ignore_index=True).dropna()
    traced = by_pairs(warehouse, spec, pairs)
    frame["synthetic"] = synthetic_cells(warehouse, frame, traced.places().listed())
    frame = frame.sort_values(["time_period", key], ignore_index=True)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def synthetic_cells(
    warehouse: Warehouse, frame: pd.DataFrame, provenance: pd.DataFrame
) -> pd.Series:
    """Return which rows rest on a synthetic source."""
    sources = warehouse.read("SELECT source_id FROM meta.source WHERE synthetic")
    made_up = provenance[provenance["source_id"].isin(sources["source_id"])]
    return frame["cell_id"].isin(made_up["cell_id"])


def build_quarantine(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return how many records of each source were accepted, and refused by rule.

    A kind of record from which nothing was refused is a row with 0: that zero has a
    source and a period, and is the point of the table.
    """
    counted = warehouse.read(COUNTED)
    frame = counted.merge(
        warehouse.read(
            "SELECT source_id AS source, source_id, ref_area, synthetic "
            "FROM meta.source"
        ),
        on="source",
    )
    frame = frame.assign(
        cell_id=stable_ids(frame[["source", "record", "state", "rule"]], spec.table),
        time_period=TOTAL,
        freq="N",
        unit_measure="RECORD",
        obs_value=frame["obs_value"].astype("float64"),
        mark="",
        obs_status="A",
        conf_status="F",
    ).sort_values(["source", "record", "state", "rule"], ignore_index=True)
    with warehouse.registered(frame[["source", "record", "state", "rule", "cell_id"]]):
        warehouse.make_temporary("judged", JUDGED)
    traced = by_leaves(
        warehouse,
        spec,
        "SELECT cell_id, [leaf_no] AS leaves FROM judged",
        "SELECT leaf_no, records FROM judged",
        frame["source"],
    )
    return OutTable(spec, frame[list(spec.columns)], *traced)

"""`linkage_model` and `clerical_sample`: what links rest on, for others to judge.

In here: parameters, thresholds, refusals, and how pairs near the thresholds agree. Not
in here: estimating them (`model.py`). No row of a register is in either.
"""

import math

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.linkage.linked import CLERICAL, MATCH, declared, linked
from pipeline.analyse.linkage.model import PART, SAYS
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.linkage import Linkage
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL
from pipeline.warehouse import Warehouse

SEVERAL = "registers"


def build_linkage_model(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return the model: rules and the pairs they make, what was learnt, thresholds."""
    linkage = declared(warehouse)
    found = linked(warehouse, linkage)
    thresholds = pd.DataFrame(
        [
            {"item": "THRESHOLD", "name": name, "value": value, "state": "USED",
             "ref_area": area}
            for area in found.items["ref_area"].unique()
            for name, value in linkage.thresholds.model_dump().items()
        ]
    )  # fmt: skip
    frame = pd.concat([found.items, thresholds], ignore_index=True)
    frame["reason"] = frame["reason"].fillna("")
    frame["level"] = frame["level"].fillna("").replace("", NOT_APPLICABLE)
    return without_counts(warehouse, spec, frame.rename(columns={"value": "number"}))


def build_clerical_sample(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return pairs near the thresholds, a row for each field that was compared."""
    linkage = declared(warehouse)
    found = linked(warehouse, linkage)
    sample = near_thresholds(found.pairs, linkage).assign(
        agreement=lambda pairs: pairs["agreement"].str.split(PART)
    )
    rows = sample.explode("agreement", ignore_index=True)
    said = rows["agreement"].astype("str").str.split(SAYS, n=1)
    frame = rows.assign(
        pair=rows["pair"], comparison=said.str[0], level=said.str[1],
        match_weight=rows["weight"],
    )  # fmt: skip
    return without_counts(warehouse, spec, frame)


def near_thresholds(pairs: pd.DataFrame, linkage: Linkage) -> pd.DataFrame:
    """Return the pairs whose weight is nearest to a threshold, with a number each.

    The number is the order by weight and agreement: it leads to no record.
    """
    scored = pairs[pairs["band"].isin([MATCH, CLERICAL])]
    bounds = linkage.thresholds
    away = [
        (scored["weight"] - math.log2(bound / (1 - bound))).abs()
        for bound in (bounds.match, bounds.clerical)
    ]
    nearest = scored.assign(away=pd.concat(away, axis=1).min(axis=1))
    order = ["ref_area", "away", "weight", "agreement"]
    shown = nearest.sort_values(order).groupby("ref_area", sort=True)
    sample = shown.head(linkage.limits.clerical_sample)
    sample = sample.sort_values(["ref_area", "weight", "agreement"], ignore_index=True)
    number = sample.groupby("ref_area").cumcount() + 1
    return sample.assign(pair=number.astype("str").str.zfill(4))


def without_counts(
    warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame
) -> OutTable:
    """Return a table that counts nothing: its numbers are attributes of its rows.

    It rests on every complaint of every list, and is judged by all their sources.
    """
    identity = ["ref_area", *spec.dimensions]
    frame = frame.assign(
        time_period=TOTAL,
        freq="N",
        unit_measure=NOT_APPLICABLE,
        obs_value=math.nan,
        mark="z",
        obs_status="M",
        conf_status="F",
        source_id=SEVERAL,
        synthetic=frame["ref_area"].isin(made_up_areas(warehouse)),
    )
    texts = [*identity, *(c for c in frame if frame[c].dtype == object)]
    frame = frame.astype(dict.fromkeys(texts, "str"))
    frame = frame.assign(cell_id=stable_ids(frame[identity], spec.table))
    frame = frame.sort_values(identity, ignore_index=True)
    no_pairs = pd.DataFrame({"cell_id": [], "record_id": []}, dtype="str")
    traced = by_pairs(warehouse, spec, no_pairs)
    return OutTable(
        spec, frame[list(spec.columns)], traced.places, sources_of_lists(warehouse)
    )


def made_up_areas(warehouse: Warehouse) -> set[str]:
    """Return the countries whose sources are made up."""
    sql = "SELECT DISTINCT ref_area FROM meta.source WHERE synthetic"
    return set(warehouse.read(sql)["ref_area"])


def sources_of_lists(warehouse: Warehouse) -> frozenset[str]:
    """Return every source that supplies complaints."""
    found = warehouse.read("SELECT DISTINCT source_id FROM core.complaints")
    return frozenset(found["source_id"])

"""Complaints of all lists, linked: done once for a state of the data, then kept.

In here: the order of the steps, and keeping what came of them. Not in here: the steps.

What is kept (`core.list_member`, `core.list_pair`, `meta.linkage_item`) feeds `overlap`
and the tables that explain it, and nothing else.
"""

import hashlib
from typing import NamedTuple

import pandas as pd

from pipeline.analyse.linkage.entities import CERTAIN_WEIGHT, certain_links, grouped
from pipeline.analyse.linkage.model import ITEMS, PAIRS, Scored, score
from pipeline.analyse.linkage.plan import REFUSED, told
from pipeline.analyse.linkage.prepare import listed_rows
from pipeline.declarations.linkage import Linkage, read_linkage
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace

CERTAIN, MATCH, CLERICAL = "CERTAIN", "MATCH", "CLERICAL"
RULES = "meta.linkage_rules"
STATE = "meta.linkage_state"
KEPT = {
    "core.list_member": "Complaints of each list, and which of them are one.",
    "core.list_pair": "Pairs of complaints that are, or may be, one.",
    "meta.linkage_item": "The linkage model, and what of it was refused.",
}
MEMBERS = ["row_no", "record_id", "source_id", "list_id", "ref_area", "year"]


class Linked(NamedTuple):
    """Lists that were linked.

    `members`: `row_no`, `record_id`, `source_id`, `list_id`, `ref_area`, `year`,
    `entity_no`, `is_duplicate`. `pairs`: `ref_area`, `row_l`, `row_r`, `weight`,
    `probability`, `band`, `agreement`. `items`: what is to be said of the model.
    """

    members: pd.DataFrame
    pairs: pd.DataFrame
    items: pd.DataFrame


def declared(warehouse: Warehouse) -> Linkage:
    """Return the model of the workspace that fills the warehouse, else the built-in."""
    if not warehouse.has(RULES):
        return read_linkage(Workspace(REPOSITORY))
    kept = warehouse.read(f"SELECT rules FROM {RULES}")["rules"].iloc[0]
    return Linkage.model_validate_json(kept)


def linked(warehouse: Warehouse, linkage: Linkage) -> Linked:
    """Return the lists linked; as kept, where neither they nor the model changed."""
    rows = listed_rows(warehouse, linkage)
    state = fingerprint(rows, linkage)
    if is_kept(warehouse, state):
        return Linked(*(warehouse.read(f"SELECT * FROM {name}") for name in KEPT))
    found = link(warehouse, rows, linkage)
    with warehouse.transaction():
        for (name, told_of), frame in zip(KEPT.items(), found, strict=True):
            warehouse.replace(name, frame, told_of)
        kept = pd.DataFrame({"fingerprint": [state]}, dtype="str")
        warehouse.replace(STATE, kept, "State of the data that was linked.")
    return found


def is_kept(warehouse: Warehouse, state: str) -> bool:
    """Return whether this very state of the data is linked already."""
    if not warehouse.has(STATE):
        return False
    return state in set(warehouse.read(f"SELECT fingerprint FROM {STATE}").iloc[:, 0])


def fingerprint(rows: pd.DataFrame, linkage: Linkage) -> str:
    """Return what differs where a row, the model or the library differs."""
    from importlib.metadata import version  # noqa: PLC0415  (only here)

    hashed = pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes()
    told_of = linkage.model_dump_json() + version("splink")
    return hashlib.sha256(hashed + told_of.encode()).hexdigest()


def link(warehouse: Warehouse, rows: pd.DataFrame, linkage: Linkage) -> Linked:
    """Link the lists of each country; those of two countries share no complaint."""
    parts = [
        of_area(warehouse, str(area), part, linkage)
        for area, part in rows.groupby("ref_area", sort=True)
    ]
    if not parts:
        nothing = of_area(warehouse, "", rows, linkage)
        return nothing._replace(items=nothing.items.iloc[:0])
    members, pairs, items = (
        pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True)
    )
    return Linked(members.sort_values("row_no", ignore_index=True), pairs, items)


def of_area(
    warehouse: Warehouse, area: str, rows: pd.DataFrame, linkage: Linkage
) -> Linked:
    """Link the lists of one country: shared numbers first, then the model."""
    certain = certain_links(rows, linkage.certain)
    scored = (
        score(warehouse, rows, linkage)
        if rows["list_id"].nunique() > 1
        else one_list(rows)
    )
    pairs = banded(certain, scored.pairs, linkage).assign(ref_area=area)
    groups = grouped(rows, pairs[pairs["band"] != CLERICAL])
    members = rows[MEMBERS].merge(groups, on="row_no", validate="1:1")
    return Linked(members, pairs, scored.items.assign(ref_area=area))


def one_list(rows: pd.DataFrame) -> Scored:
    """Return that there is nothing to link."""
    lists = rows["list_id"].nunique()
    item = told("MODEL", "probabilistic", REFUSED, reason=f"{lists} list, 2 needed")
    items = pd.DataFrame({name: [item.get(name)] for name in ITEMS}).astype(ITEMS)
    return Scored(pd.DataFrame(columns=list(PAIRS)).astype(PAIRS), items)


def banded(
    certain: pd.DataFrame, scored: pd.DataFrame, linkage: Linkage
) -> pd.DataFrame:
    """Return certain and scored pairs together, each once, with its band."""
    sure = certain.assign(
        weight=CERTAIN_WEIGHT, probability=1.0, agreement="", band=CERTAIN
    )
    is_match = scored["probability"] >= linkage.thresholds.match
    bands = is_match.map({True: MATCH, False: CLERICAL}).astype("str")
    both = pd.concat([sure, scored.assign(band=bands)], ignore_index=True)
    once = both.drop_duplicates(["row_l", "row_r"])
    return once.sort_values(["row_l", "row_r"], ignore_index=True)

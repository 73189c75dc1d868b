"""`unseen_estimate`: what no list saw, behind a gate that says why it refuses.

In here: the conditions, and the rows of the table. Not in here: the two families of
models (`linkage/loglinear.py`, `linkage/coverage.py`), the lists (`overlap.py`).

Experimental. Nothing else rests on it, and it rests on no count of 8(c).
"""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.linkage import coverage, loglinear
from pipeline.analyse.linkage.explained import (
    SEVERAL,
    made_up_areas,
    sources_of_lists,
)
from pipeline.analyse.linkage.leaves import PLUS, Leaves, Sized, in_leaves
from pipeline.analyse.linkage.linked import Linked, declared, linked
from pipeline.analyse.linkage.loglinear import Estimate, Numbers
from pipeline.analyse.linkage.plan import REFUSED, USED
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.linkage import Gate, Linkage
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL
from pipeline.warehouse import Warehouse

LOG_LINEAR, COVERAGE, UNION = "LOG_LINEAR", "SAMPLE_COVERAGE", "UNION"
YES, NO = "YES", "NO"
ROW = ("item", "family", "name", "found", "needed", "holds", "low", "high",
       "obs_value", "reason")  # fmt: skip
Row = dict[str, object]


class Stratum(NamedTuple):
    """Complaints of one country and period, by the lists that hold them.

    `counts` has 2^k values: bit j of the index tells `lists[j]`. `unsure` are the
    complaints that perhaps are in one more list, `shared` those in two or more.
    """

    lists: tuple[str, ...]
    counts: Numbers
    unsure: float
    shared: float
    is_modelled: bool


class Condition(NamedTuple):
    """One condition of the gate."""

    name: str
    found: str
    needed: str
    holds: bool


def build_unseen(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return for each period the conditions and, where all hold, the interval."""
    linkage = declared(warehouse)
    found = linked(warehouse, linkage)
    leaves = in_leaves(found)
    parts = []
    for area, mine in leaves.of_area.items():
        for period in [*sorted({one.leaf.year for one in mine}), TOTAL]:
            of_period = [one for one in mine if period in (one.leaf.year, TOTAL)]
            stratum = stratum_of(of_period, linkage.gate, is_modelled(found, area))
            rows = [*judged(stratum, linkage), *assumed(linkage)]
            parts.append(pd.DataFrame(rows).assign(ref_area=area, time_period=period))
    empty = pd.DataFrame(columns=["ref_area", "time_period", *ROW])
    frame = pd.concat([empty, *parts], ignore_index=True)
    return published(warehouse, spec, frame, leaves)


def is_modelled(found: Linked, area: str) -> bool:
    """Return whether the lists of a country were linked by the model."""
    items = found.items[found.items["ref_area"].eq(area)]
    refused = items["item"].eq("MODEL") & items["state"].eq(REFUSED)
    short = items["item"].eq("LIST") & items["state"].ne(USED)
    return not (refused | short).any()


def stratum_of(leaves: list[Sized], gate: Gate, modelled: bool) -> Stratum:
    """Return the complaints of a period by pattern of the lists that are long enough.

    Of more lists than the gate allows, the longest.
    """
    single = [one for one in leaves if not one.leaf.is_duplicate]
    sizes: dict[str, int] = {}
    for one in single:
        sizes[one.leaf.list_id] = sizes.get(one.leaf.list_id, 0) + one.rows
    long = [name for name in sizes if sizes[name] >= gate.rows_per_list]
    longest = sorted(long, key=lambda name: (-sizes[name], name))[: gate.most_lists]
    lists = tuple(sorted(longest))
    counts = np.zeros(2 ** len(lists))
    unsure = shared = 0.0
    for one in single:
        held = one.leaf.lists & set(lists)
        if not held or one.leaf.list_id != min(held):
            continue
        counts[sum(2 ** lists.index(name) for name in held)] += one.rows
        unsure += one.rows if one.leaf.unsure & set(lists) else 0
        shared += one.rows if len(held) > 1 else 0
    return Stratum(lists, counts, unsure, shared, modelled)


def judged(stratum: Stratum, linkage: Linkage) -> Iterator[Row]:
    """Yield the conditions, and the estimate where all of them hold."""
    conditions = [*data_conditions(stratum, linkage.gate)]
    estimates: tuple[Estimate, Estimate] | None = None
    if all(one.holds for one in conditions):
        estimates, more = modelled(stratum, linkage)
        conditions += more
    yield from (condition_row(one) for one in conditions)
    failed = [one for one in conditions if not one.holds]
    if failed or estimates is None:
        yield refusal_row(failed)
        return
    for family, one in zip((LOG_LINEAR, COVERAGE), estimates, strict=True):
        yield estimate_row("MODEL", family, one)
    yield estimate_row("RESULT", UNION, joint(*estimates))


def data_conditions(stratum: Stratum, gate: Gate) -> Iterator[Condition]:
    """Yield what the lists must be like before any model is tried."""
    lists = stratum.lists
    words = "model used for every list" if stratum.is_modelled else "refused in part"
    yield Condition("linkage", words, "model used for every list", stratum.is_modelled)
    yield Condition(
        "lists", f"{len(lists)} of at least {gate.rows_per_list} complaints",
        f"{gate.lists}", len(lists) >= gate.lists,
    )  # fmt: skip
    least = gate.pair_overlap
    for one, other in combinations(range(len(lists)), 2):
        patterns = np.arange(len(stratum.counts))
        both = int(stratum.counts[(patterns >> one & patterns >> other & 1) == 1].sum())
        name = f"overlap {lists[one]}{PLUS}{lists[other]}"
        yield Condition(name, f"{both}", f"at least {least}", both >= least)
    share = stratum.unsure / stratum.shared if stratum.shared else math.inf
    yield Condition(
        "uncertain links over shared complaints", f"{share:.3f}",
        f"at most {gate.uncertain_share}", share <= gate.uncertain_share,
    )  # fmt: skip


def modelled(
    stratum: Stratum, linkage: Linkage
) -> tuple[tuple[Estimate, Estimate] | None, list[Condition]]:
    """Return the estimates of both families, and how well they fit and agree."""
    gate = linkage.gate
    one = loglinear.estimate(stratum.counts, gate.confidence, gate.bic_within)
    other = coverage.estimate(
        stratum.counts, gate.confidence, gate.replicates, linkage.seed
    )
    fit = one.fit if one else math.nan
    covered = other.fit if other else math.nan
    conditions = [
        Condition("fit of the log-linear models", f"p = {fit:.3f}",
                  f"at least {gate.goodness_of_fit}", fit >= gate.goodness_of_fit),
        Condition("sample coverage", f"{covered:.3f}",
                  f"at least {gate.sample_coverage}", covered >= gate.sample_coverage),
    ]  # fmt: skip
    if one is None or other is None:
        return None, conditions
    both, seen = joint(one, other), float(stratum.counts.sum())
    ratio = (seen + both.high) / (seen + both.low)
    apart = max(one.low, other.low) - min(one.high, other.high)
    conditions += [
        Condition("distance between the intervals of the families",
                  f"{max(apart, 0.0):.0f}", "0", apart <= 0),
        Condition("highest over lowest number of complaints", f"{ratio:.2f}",
                  f"at most {gate.widest}", ratio <= gate.widest),
    ]  # fmt: skip
    return (one, other), conditions


def joint(one: Estimate, other: Estimate) -> Estimate:
    """Return the union of two intervals; it has no value of its own."""
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Estimate(math.nan, low, high, math.nan, "union of both intervals")


def condition_row(one: Condition) -> Row:
    """Return the row of a condition."""
    held = YES if one.holds else NO
    reason = f"{one.found}; needed: {one.needed}"
    return row("CONDITION", NOT_APPLICABLE, one.name) | {
        "found": one.found, "needed": one.needed, "holds": held, "reason": reason,
    }  # fmt: skip


def estimate_row(item: str, family: str, one: Estimate) -> Row:
    """Return the row of an estimate: whole complaints, outwards at both ends."""
    return row(item, family, "complaints that no list saw") | {
        "low": float(math.floor(one.low)), "high": float(math.ceil(one.high)),
        "obs_value": round(one.unseen) if math.isfinite(one.unseen) else math.nan,
        "holds": YES, "reason": one.told,
    }  # fmt: skip


def refusal_row(failed: list[Condition]) -> Row:
    """Return the row that says why there is no estimate."""
    why = "; ".join(f"{one.name}: {one.found}, needed {one.needed}" for one in failed)
    reason = f"No estimate: {why}" if why else "No estimate: no model could be fitted"
    return row("RESULT", UNION, "complaints that no list saw") | {
        "holds": NO, "reason": reason,
    }  # fmt: skip


def assumed(linkage: Linkage) -> Iterator[Row]:
    """Yield the assumptions that any estimate of this kind rests on."""
    for number, text in enumerate(linkage.assumptions, start=1):
        yield row("ASSUMPTION", NOT_APPLICABLE, f"{number}") | {"reason": text}


def row(item: str, family: str, name: str) -> Row:
    """Return a row with nothing in it yet."""
    empty: Row = dict.fromkeys(("found", "needed", "holds", "reason"), "")
    numbers: Row = dict.fromkeys(("low", "high", "obs_value"), math.nan)
    return {"item": item, "family": family, "name": name} | empty | numbers


def published(
    warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame, leaves: Leaves
) -> OutTable:
    """Return the table with marks, identifiers and the traces of its estimates."""
    numbers = ["low", "high", "obs_value"]
    texts = ["ref_area", "time_period", *(c for c in ROW if c not in numbers)]
    frame = frame.astype(dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "float"))
    identity = ["ref_area", "time_period", *spec.dimensions]
    is_estimate = frame["low"].notna()
    is_refusal = frame["item"].eq("RESULT") & ~is_estimate
    frame = frame.assign(
        cell_id=stable_ids(frame[identity], spec.table),
        freq=frame["time_period"].str.fullmatch(r"\d{4}").map({True: "A", False: "N"}),
        unit_measure=is_estimate.map({True: "COMPLAINT", False: NOT_APPLICABLE}),
        mark=is_refusal.map({True: "x", False: "z"}).mask(is_estimate, "e"),
        obs_status=is_estimate.map({True: "E", False: "M"}),
        conf_status="F",
        source_id=SEVERAL,
        synthetic=frame["ref_area"].isin(made_up_areas(warehouse)),
    ).sort_values(identity, ignore_index=True)
    traced = by_pairs(warehouse, spec, behind(frame[is_traced(frame)], leaves))
    sources = sources_of_lists(warehouse)
    return OutTable(spec, frame[list(spec.columns)], traced.places, sources)


def is_traced(frame: pd.DataFrame) -> pd.Series:
    """Return which rows are estimates, and so rest on complaints."""
    return frame["low"].notna()


def behind(estimates: pd.DataFrame, leaves: Leaves) -> pd.DataFrame:
    """Return each estimate with the complaints of its period."""
    years = {one.number: one.leaf.year for mine in leaves.of_area.values()
             for one in mine}  # fmt: skip
    members = leaves.members[["ref_area", "record_id", "leaf_no"]]
    dated = members.assign(time_period=members["leaf_no"].map(years).astype("str"))
    every = pd.concat([dated, dated.assign(time_period=TOTAL)])
    keys = ["ref_area", "time_period"]
    return estimates[["cell_id", *keys]].merge(every, on=keys)[["cell_id", "record_id"]]

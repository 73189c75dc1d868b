"""The chain of stages: complaint → check → case → accused → sentence.

In here: following the identifiers of one source from register to register, and
telling which lead nowhere. Not in here: matching people or lists without a common
number.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.model import SEPARATOR, UNKNOWN


class Link(NamedTuple):
    """One register's column that names records of another."""

    start: str
    column: str
    end: str
    key: str


LINKS = (
    Link("checks", "complaint_id", "complaints", "complaint_id"),
    Link("investigations", "complaint_ids", "complaints", "complaint_id"),
    Link("prosecutions", "case_no", "investigations", "case_no"),
    Link("sentences", "prosecution_id", "prosecutions", "prosecution_id"),
)
COLUMNS = ("source_id", "from_record", "record_id", "to_record", "to_id", "state")
FOUND, NOT_STATED, LEADS_NOWHERE = "FOUND", "NOT_STATED", "LEADS_NOWHERE"


def link(registers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every link between the registers and whether it finds its end.

    Args:
        registers: accepted records by register.

    Returns:
        One row per record and identifier named: `state` is FOUND, NOT_STATED (the
        source says that it is unknown) or LEADS_NOWHERE.
    """
    followed = [follow(one, registers) for one in LINKS]
    return pd.concat(followed, ignore_index=True)


def acts_named(start: pd.DataFrame, one: Link, ends: pd.DataFrame) -> pd.DataFrame:
    """Return first and last day of the acts that each record names, by a link.

    Args:
        start: records that name others.
        one: the link from them.
        ends: what they may name: `source_id`, the key, `event_from` and its precision.

    Returns:
        `first` and `last` by the index of `start`; no day unless all acts have one.
    """
    key = ["source_id", one.key]
    days = ends["event_from"].where(ends["event_from_precision"] == "DAY")
    acts = ends[key].assign(day=days).dropna(subset=key).drop_duplicates(key)
    named = start[["source_id"]].assign(at=start.index)
    named[one.key] = start[one.column].str.split(SEPARATOR)
    named = named.explode(one.key).astype({one.key: "str"})
    told = named.merge(acts, on=key, how="left")
    found = told.groupby("at")["day"].agg(["min", "max", "count", "size"])
    is_certain = found["count"] == found["size"]
    both = found[["min", "max"]].where(is_certain).set_axis(["first", "last"], axis=1)
    return both.reindex(start.index)


def follow(one: Link, registers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the links of one column. Several identifiers in a cell are several."""
    start, end = registers[one.start], registers[one.end]
    named = start[["source_id", "record_id", one.column]].dropna()
    named = named.assign(to_id=named[one.column].str.split(SEPARATOR))
    named = named.drop(columns=one.column).explode("to_id", ignore_index=True)
    known = set(zip(end["source_id"], end[one.key], strict=True))
    pairs = zip(named["source_id"], named["to_id"], strict=True)
    states = [
        NOT_STATED if pair[1] == UNKNOWN else FOUND if pair in known else LEADS_NOWHERE
        for pair in pairs
    ]
    linked = named.assign(from_record=one.start, to_record=one.end, state=states)
    return linked.reindex(columns=COLUMNS).astype("str")

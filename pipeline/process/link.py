"""The chain of stages: complaint → check → case → accused → sentence.

In here: following the numbers that one register names in another, and telling which
lead nowhere or to several records. Not in here: which records a number leads to
(`reach.py`); matching people or lists without a common number.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.model import NOT_APPLICABLE, SEPARATOR, UNKNOWN
from pipeline.process.reach import Flags, Way, reach
from pipeline.process.shared_numbers import Shared


class Link(NamedTuple):
    """One register's column that names records of another by their key.

    `other` is a number that both may have besides, such as that of a book of
    information: where the column is empty it names the record, and where both are
    filled they have to lead to the same one.
    """

    start: str
    column: str
    end: str
    key: str
    other: str = ""

    @property
    def ways(self) -> tuple[Way, ...]:
        """Return the numbers that name a record: by column of `named_by` and field."""
        by_key = Way("first", self.key)
        return (by_key, Way("second", self.other)) if self.other else (by_key,)


class Linked(NamedTuple):
    """Every link, and for the ambiguous ones the records that may be meant."""

    links: pd.DataFrame
    candidates: pd.DataFrame


LINKS = (
    Link("checks", "complaint_id", "complaints", "complaint_id", "register_no"),
    Link("investigations", "complaint_ids", "complaints", "complaint_id"),
    Link("prosecutions", "case_no", "investigations", "case_no"),
    Link("sentences", "prosecution_id", "prosecutions", "prosecution_id"),
    Link("sentences", "case_no", "investigations", "case_no"),
)

START = ("source_id", "from_record", "record_id", "record_no", "to_record", "to_id")
END = ("to_source_id", "to_record_id", "to_no")
COLUMNS = (*START, "to_field", "state", *END, "reason")
FOUND, NOT_STATED = "FOUND", "NOT_STATED"
LEADS_NOWHERE, AMBIGUOUS = "LEADS_NOWHERE", "AMBIGUOUS"
STATES = pd.CategoricalDtype([FOUND, NOT_STATED, LEADS_NOWHERE, AMBIGUOUS])
NOT_SUPPLIED, QUARANTINED = "NOT_SUPPLIED", "QUARANTINED"
SEVERAL_RECORDS, SEVERAL_SOURCES = "SEVERAL_RECORDS", "SEVERAL_SOURCES"
NUMBERS_DISAGREE = "NUMBERS_DISAGREE"
REASONS = pd.CategoricalDtype(
    [
        *(NOT_APPLICABLE, NOT_SUPPLIED, QUARANTINED),
        *(SEVERAL_RECORDS, SEVERAL_SOURCES, NUMBERS_DISAGREE),
    ]
)
REGISTER_NAMES = pd.CategoricalDtype(
    [*dict.fromkeys(name for one in LINKS for name in (one.start, one.end))]
)


def link(
    registers: Mapping[str, pd.DataFrame],
    refused: Mapping[str, pd.DataFrame] | None = None,
    shared: Shared | None = None,
) -> Linked:
    """Return every link between the registers and whether it finds its end.

    Args:
        registers: accepted records by register.
        refused: quarantined records by register, of which only the numbers matter.
        shared: source → field → numbering, where several sources share one.

    Returns:
        `links`: one row per record and identifier named. `state` is FOUND, NOT_STATED
        (the source says that it is unknown), LEADS_NOWHERE or AMBIGUOUS; `reason` tells
        why in the last two. Only a link that is found has `to_source_id`,
        `to_record_id` and `to_no`. `candidates`: the ends of the ambiguous ones.
    """
    ways = [follow(one, registers, refused or {}, shared or {}) for one in LINKS]
    links, candidates = zip(*ways, strict=True)
    return Linked(
        pd.concat(links, ignore_index=True), pd.concat(candidates, ignore_index=True)
    )


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


def follow(
    one: Link,
    registers: Mapping[str, pd.DataFrame],
    refused: Mapping[str, pd.DataFrame],
    shared: Shared,
) -> Linked:
    """Return the links of one column. Several identifiers in a cell are several.

    A link to a case leads to its first step, which stands for the case everywhere.
    """
    named = named_by(one, registers[one.start])
    ends = ends_of(one, registers[one.end])
    pairs, is_torn = reach(named, ends, one.ways, shared)
    number = np.bincount(pairs["at"], minlength=len(named))
    is_found = (number == 1) & ~is_torn
    is_unsure = (number > 0) & ~is_found
    is_lost = (number == 0) & is_stated(named)
    may_mean = pairs[is_unsure[pairs["at"]]]
    why = {
        NUMBERS_DISAGREE: is_torn,
        SEVERAL_SOURCES: is_unsure & of_several_sources(may_mean, ends, len(named)),
        SEVERAL_RECORDS: is_unsure,
        QUARANTINED: is_refused(one, named, is_lost, refused, shared),
        NOT_SUPPLIED: is_lost,
    }
    where = {FOUND: is_found, AMBIGUOUS: is_unsure, LEADS_NOWHERE: is_lost}
    told = named.assign(
        from_record=constant(one.start, len(named)),
        to_record=constant(one.end, len(named)),
        to_id=told_id(named, is_torn),
        to_field=np.where(is_by_key(named), one.key, one.other or one.key),
        state=first_true(STATES, where, NOT_STATED),
        reason=first_true(REASONS, why, NOT_APPLICABLE),
    )
    links = pd.concat([told, ends_at(ends, sole_end(pairs, is_found))], axis=1)
    starts = told.loc[may_mean["at"], list(START)].reset_index(drop=True)
    candidates = [starts, ends_at(ends, may_mean["end"].to_numpy())]
    return Linked(links[list(COLUMNS)], pd.concat(candidates, axis=1))


def named_by(one: Link, start: pd.DataFrame) -> pd.DataFrame:
    """Return what records name: `first` by the key, `second` by the other number.

    One row for each identifier in a cell. Where there are several, the other number
    cannot tell which of them it means, and is left out.
    """
    none = pd.Series(None, index=start.index, dtype="str")
    rows = start[["source_id", "record_id", "record_no"]].assign(
        first=start[one.column].astype("str"),
        second=start[one.other].astype("str") if one.other else none,
    )
    rows = rows[rows["first"].notna() | rows["second"].notna()]
    is_list = rows["first"].str.contains(SEPARATOR, regex=False).fillna(False)
    is_list = is_list.astype(bool)
    if not is_list.any():
        return rows.reset_index(drop=True)
    lists = rows[is_list].assign(second=none)
    each = lists.assign(first=lists["first"].str.split(SEPARATOR)).explode("first")
    each["first"] = each["first"].astype("str").str.strip()
    each = each[each["first"] != ""].drop_duplicates(["record_no", "first"])
    whole = pd.concat([rows[~is_list], each]).sort_index(kind="stable")
    return whole.reset_index(drop=True)


def ends_of(one: Link, end: pd.DataFrame) -> pd.DataFrame:
    """Return the records that a link can lead to; a case once, by its first step."""
    if "step_no" in end.columns:
        end = end.assign(order=end["step_no"].astype("float64"))
        end = end.sort_values(["order", "record_no"])
        end = end.drop_duplicates(["source_id", one.key])
    fields = [way.field for way in one.ways]
    return end[["source_id", "record_id", "record_no", *fields]].reset_index(drop=True)


def is_stated(named: pd.DataFrame) -> Flags:
    """Return whether a number is named that is not the word for unknown."""
    stated = [
        named[column].notna() & (named[column] != UNKNOWN)
        for column in ("first", "second")
    ]
    return (stated[0] | stated[1]).to_numpy(dtype=bool)


def is_by_key(named: pd.DataFrame) -> pd.Series:
    """Return whether the key is what is named, not the other number."""
    first, second = named["first"], named["second"]
    return first.notna() & ((first != UNKNOWN) | second.isna())


def told_id(named: pd.DataFrame, is_torn: Flags) -> pd.Series:
    """Return the number named: the key where it is stated; both where they disagree."""
    first, second = named["first"], named["second"]
    told = first.where(is_by_key(named), second)
    return told.mask(is_torn, first + SEPARATOR + second) if is_torn.any() else told


def of_several_sources(pairs: pd.DataFrame, ends: pd.DataFrame, size: int) -> Flags:
    """Return which records may mean records of more than one source."""
    whose = ends["source_id"].iloc[pairs["end"]].to_numpy()
    each = pd.DataFrame({"at": pairs["at"].to_numpy(), "whose": whose})
    number = each.drop_duplicates()["at"]
    several: Flags = np.bincount(number, minlength=size) > 1
    return several


def sole_end(pairs: pd.DataFrame, is_found: Flags) -> npt.NDArray[np.int_]:
    """Return the position of the one end that each record leads to, else -1."""
    only = pairs[is_found[pairs["at"]]]
    at_end = np.full(len(is_found), -1)
    at_end[only["at"]] = only["end"]
    return at_end


def is_refused(
    one: Link,
    named: pd.DataFrame,
    is_lost: Flags,
    refused: Mapping[str, pd.DataFrame],
    shared: Shared,
) -> Flags:
    """Return which of those that lead nowhere name a record that was quarantined."""
    is_met = np.zeros(len(named), dtype=bool)
    if one.end in refused and is_lost.any():
        lost = named[is_lost].reset_index(drop=True)
        ends = refused[one.end].reset_index(drop=True)
        pairs = reach(lost, ends, one.ways, shared).pairs
        is_met[np.flatnonzero(is_lost)[pairs["at"]]] = True
    return is_met


def constant(word: str, size: int) -> pd.Categorical:
    """Return the name of a register, many times."""
    code = REGISTER_NAMES.categories.get_loc(word)
    return pd.Categorical.from_codes(np.full(size, code), dtype=REGISTER_NAMES)


def first_true(
    words: pd.CategoricalDtype, where: Mapping[str, Flags], otherwise: str
) -> pd.Categorical:
    """Return for each row the first word whose flag is set."""
    codes = words.categories.get_indexer(pd.Index([*where, otherwise]))
    chosen = np.select([*where.values()], codes[:-1], codes[-1])
    return pd.Categorical.from_codes(chosen, dtype=words)


def ends_at(ends: pd.DataFrame, at: npt.NDArray[np.int_]) -> pd.DataFrame:
    """Return what is told of the ends at some positions; nothing at -1."""
    number = ends["record_no"].astype("Int64").array
    return pd.DataFrame(
        {
            "to_source_id": ends["source_id"].array.take(at, allow_fill=True),
            "to_record_id": ends["record_id"].array.take(at, allow_fill=True),
            "to_no": number.take(at, allow_fill=True),
        }
    )

"""Numbers of records, and when those of two sources are one number.

In here: the form in which shared numbers are compared (`19-7500 001`, `’19–7500-001`
and `197500001` are one), and seeking numbers that records name among those that others
bear. Not in here: which registers name which (`link.py`), what follows where two
numbers of a record disagree (`reach.py`), which numberings there are
(`schemas/sources`).
"""

import re
import unicodedata
from collections.abc import Mapping

import pandas as pd

from pipeline.collect.identity import CAPITALS
from pipeline.model import UNKNOWN
from pipeline.process.distinct import per_distinct

Shared = Mapping[str, Mapping[str, str]]
"""Source → field → the numbering that its numbers belong to."""

MARK = "-"
PARTED = re.compile(r"[\s\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
QUOTES = "'`´‘’ʼ′"
"""An apostrophe before a number tells a spreadsheet to leave it as text."""

PLAIN = r"[0-9]+(?:-[0-9]+)*"
SHOWN = 5
"""Of the records of a source that bear one number, how many are told."""


def normal_form(number: str) -> str:
    """Return a number as it is compared with those of other sources.

    Unicode NFC, capitals, look-alike Latin letters as Cyrillic ones; any run of blanks
    and dashes as one hyphen; no apostrophe before it. Every digit stays, and no letter
    becomes one: O is never 0.
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", number))
    text = PARTED.sub(MARK, text).lstrip(QUOTES + MARK).rstrip(MARK)
    return text.upper().translate(CAPITALS)


def normal_forms(numbers: pd.Series) -> pd.Series:
    """Return `normal_form` of each number; digits and hyphens alone are in it."""
    is_plain = numbers.isna() | numbers.str.fullmatch(PLAIN)
    if is_plain.all():
        return numbers
    made = per_distinct(
        numbers[~is_plain], lambda texts: texts.map(normal_form).astype("str")
    )
    return numbers.where(is_plain, made.reindex(numbers.index))


def numbers_of(
    records: pd.DataFrame, column: str, field: str, shared: Shared
) -> pd.DataFrame:
    """Return the number in a column of each record, with its source and numbering.

    Args:
        records: with `source_id`, one row each.
        column: where the number stands.
        field: the field by which sources declare its numbering.
        shared: what they declare.

    Returns:
        `source_id`, `text` (none where it is missing or unknown) and `numbering` (none
        where it is the source's own), with the index of the records.
    """
    numbering = {name: own[field] for name, own in shared.items() if field in own}
    text = records[column].astype("str")
    whose = per_distinct(
        records["source_id"], lambda names: names.map(numbering).astype("str")
    )
    return pd.DataFrame(
        {
            "source_id": records["source_id"],
            "text": text.mask(text == UNKNOWN),
            "numbering": whose,
        }
    )


def sought(named: pd.DataFrame, borne: pd.DataFrame) -> pd.DataFrame:
    """Return which records bear the numbers that others name.

    A number is sought as written in its own source; then, if it belongs to a shared
    numbering, in its normal form: in its own source first, then in all others with
    that numbering.

    Args:
        named: `numbers_of` those who name, with unique index.
        borne: `numbers_of` those who may be named, with unique index.

    Returns:
        `at` (index of `named`), `end` (index of `borne`) and `is_own`; at most `SHOWN`
        records for each spelling of a number in a source.
    """
    keys = ["source_id", "text"]
    here = named.dropna(subset="text").rename_axis("at").reset_index()
    there = borne.dropna(subset="text").rename_axis("end").reset_index()
    if there.duplicated(keys).any():
        there = there[there.groupby(keys).cumcount() < SHOWN]
    own = here[["at", *keys]].merge(there[["end", *keys]], on=keys)
    own = own[["at", "end"]].assign(is_own=True)
    left = here[here["numbering"].notna() & ~here["at"].isin(own["at"])]
    if left.empty:
        return own
    shared = sought_shared(left, there[there["numbering"].notna()])
    return pd.concat([own, shared], ignore_index=True)


def sought_shared(named: pd.DataFrame, borne: pd.DataFrame) -> pd.DataFrame:
    """Return which records bear shared numbers, by the nearest of their forms only."""
    here, there = with_forms(named), with_forms(borne)
    pairs = here.merge(there, on=["numbering", "bare"], suffixes=("", "_borne"))
    pairs = pairs[is_one_number(pairs)]
    is_own = pairs["source_id"] == pairs["source_id_borne"]
    is_same = pairs["form"] == pairs["form_borne"]
    pairs = pairs.assign(is_own=is_own, rank=2 * ~is_own + 1 * ~is_same)
    is_nearest = pairs["rank"] == pairs.groupby("at")["rank"].transform("min")
    return pairs.loc[is_nearest, ["at", "end", "is_own"]]


def with_forms(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return numbers with their `form`, and `bare`: the form without hyphens."""
    form = normal_forms(numbers["text"])
    return numbers.assign(form=form, bare=form.str.replace(MARK, "", regex=False))


def is_one_number(pairs: pd.DataFrame) -> pd.Series:
    """Return whether two forms with the same bare one are one number.

    A number without hyphens is the same as one with them; two that part their digits
    otherwise are not (12-3 and 1-23).
    """
    is_whole = (pairs["form"] == pairs["bare"]) | (pairs["form_borne"] == pairs["bare"])
    is_same = pairs["form"] == pairs["form_borne"]
    return (is_same | is_whole) & (pairs["bare"] != "")


def agree(named: pd.DataFrame, borne: pd.DataFrame) -> pd.Series:
    """Return whether two numbers are one, row by row of two frames alike."""
    own = (named["source_id"] == borne["source_id"]) & (named["text"] == borne["text"])
    is_shared = (named["numbering"] == borne["numbering"]).fillna(False).astype(bool)
    is_shared &= named["text"].notna() & borne["text"].notna()
    own = own.fillna(False).astype(bool)
    if not is_shared.any():
        return own
    here, there = with_forms(named[is_shared]), with_forms(borne[is_shared])
    pairs = here.join(there.add_suffix("_borne"))
    is_met = is_one_number(pairs) & (pairs["bare"] == pairs["bare_borne"])
    return own | is_met.reindex(own.index, fill_value=False)

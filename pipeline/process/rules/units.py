"""Units: several words for one series, several units of one indicator or subject.

In here: finding them. Not in here: sums across units (`additive.py`) and parts in
another unit than their whole (`claims.py`).
"""

from collections.abc import Iterator

import pandas as pd

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.reconciliation import Units
from pipeline.process.rules.claims import Claim, unit_words_of
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import (
    Figures,
    comparable,
    dimensions_but,
    groups,
    is_stated,
    matter_or_period,
    shown,
)

ONE_SERIES = ("source_id", "document", "indicator", "ref_area")


def unit_words(
    figures: Figures, claims: list[Claim], rule: Units, units: CodeList
) -> Iterator[Conflict]:
    """Yield a series of one document that is called by words for several units."""
    frame = figures.frame
    stated = frame.loc[frame["unit_as_stated"].notna(), ["unit_as_stated"]]
    words = pd.concat(
        [
            unit_words_of(claims),
            pd.DataFrame({"at": stated.index, "word": stated["unit_as_stated"]}),
        ]
    )
    told = frame[["source_id", "ref_area"]]
    words = words.join(told, on="at").rename(columns={"source_id": "source"})
    words = words.assign(unit=as_units(words, units)).dropna(subset="unit")
    key = groups(frame, [*ONE_SERIES, *dimensions_but()])
    words = words.assign(key=words["at"].map(key))
    words = words.sort_values(["key", "at"], kind="stable").drop_duplicates(
        ["key", "unit", "at"]
    )
    several = words.groupby("key")["unit"].transform("nunique") > 1
    for _, told in words[several].groupby("key", sort=False):
        yield words_of_series(told, rule)


def as_units(words: pd.DataFrame, units: CodeList) -> pd.Series:
    """Return the unit that each word means to its source, missing where unknown."""
    names = ["source", "ref_area", "word"]
    triples = words[names].drop_duplicates().itertuples(index=False)
    found = {(s, a, w): units.known(s, {a}).get(normalise(w)) for s, a, w in triples}
    asked = zip(*(words[name] for name in names), strict=True)
    return pd.Series([found[one] for one in asked], index=words.index, dtype="object")


def words_of_series(told: pd.DataFrame, rule: Units) -> Conflict:
    """Return the finding that one series is called by words for several units."""
    ats = tuple(int(at) for at in told["at"].unique())
    by_unit = told.drop_duplicates("unit")
    named = ", ".join(
        f"{w!r} ({u})" for w, u in zip(by_unit["word"], by_unit["unit"], strict=True)
    )
    return Conflict(
        rule.rule, "UNIT_CONFLICT", ats[0], ats[-1] if len(ats) > 1 else None,
        f"One series is called {named}", rule.likely_cause_words, ats,
        tuple(told["claim"].dropna()),
    )  # fmt: skip


def units_of_indicator(figures: Figures, rule: Units) -> Iterator[Conflict]:
    """Yield one indicator in several units, in one matter or one period."""
    rows = comparable(figures.frame)
    rows = rows[is_stated(rows["unit"]) & ~rows["unit"].isin(rule.leaves_out)]
    shared = [
        "indicator",
        "ref_area",
        "place",
        *dimensions_but("matter", "charge", "penalty"),
    ]
    rows = rows.assign(place=matter_or_period(rows), at=rows.index)
    rows = rows.assign(key=groups(rows, shared))
    yield from several_units(rows, rule, rule.likely_cause_units)


def units_of_subject(figures: Figures, rule: Units) -> Iterator[Conflict]:
    """Yield one subject of a matter, counted directly and through cases about it."""
    rows = comparable(figures.frame)
    rows = rows[is_stated(rows["matter"]) & is_stated(rows["unit"])]
    for subject in rule.subjects.values():
        of = rows["indicator"].isin(subject.indicators)
        of |= rows["definition"].isin(subject.definitions)
        concerned = rows[of].assign(at=rows.index[of])
        concerned = concerned.assign(key=groups(concerned, ["ref_area", "matter"]))
        yield from several_units(concerned, rule, rule.likely_cause_subject)


def several_units(rows: pd.DataFrame, rule: Units, cause: str) -> Iterator[Conflict]:
    """Yield, group by group, the latest and most general number in each unit."""
    rows = rows.assign(general=-rows["detail"])
    rows = rows.sort_values(
        ["key", "unit", "general", "period_end", "at"], kind="stable"
    )
    rows = rows.drop_duplicates(["key", "unit"], keep="last")
    rows = rows[rows.duplicated("key", keep=False)].sort_values(["key", "at"])
    for _, told in rows.groupby("key", sort=False):
        ats = tuple(int(at) for at in told["at"])
        counted = zip(told["value"], told["unit"], told["time_period"], strict=True)
        named = ", ".join(f"{shown(v)} {unit} ({when})" for v, unit, when in counted)
        yield Conflict(rule.rule, "UNIT_CONFLICT", ats[0], ats[1], named, cause, ats)

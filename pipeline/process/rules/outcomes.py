"""Outcomes: with a ground that does not fit, decided twice, under another charge.

In here: rules about single figures and their codes. Not in here: the same rules for
registers, which have their own checks.
"""

from collections.abc import Iterator

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.reconciliation import (
    OutcomeGround,
    Reclassification,
    RepeatOutcome,
)
from pipeline.process.rules.found import Conflict
from pipeline.process.rules.prepared import Figures, is_stated, shown


def unfit_grounds(
    figures: Figures, rule: OutcomeGround, grounds: CodeList, charges: CodeList
) -> Iterator[Conflict]:
    """Yield outcomes whose ground has another effect, and grounds that are barred."""
    frame = figures.frame
    rows = frame[frame["is_original"] & is_stated(frame["ground"])]
    effect = rows["ground"].map(grounds.column("effect")).fillna("")
    for name, fits in rule.effects.items():
        counted = rows["indicator"].isin(fits.indicators)
        counted |= rows["outcome"].isin(fits.outcomes)
        for at in rows.index[counted & effect.ne(name) & effect.ne("")]:
            row = rows.loc[at]
            yield Conflict(
                rule.rule, "OUTCOME_GROUND", int(at), None,
                f"{shown(row['value'])} {row['unit']}, {row['indicator']}, on a ground "
                f"of {effect[at].lower()} ({row['ground']})", rule.likely_cause,
            )  # fmt: skip
    yield from forbidden_grounds(rows, rule, grounds, charges)


def forbidden_grounds(
    rows: pd.DataFrame, rule: OutcomeGround, grounds: CodeList, charges: CodeList
) -> Iterator[Conflict]:
    """Yield grounds that the law bars for torture, used after the bar."""
    bars = rows["ground"].map(grounds.column("forbidden_for_torture_from"))
    since = pd.to_datetime(bars.astype("str").mask(bars.eq("")), errors="coerce")
    kinds = rows["charge"].map(charges.column("offence_kind"))
    barred = kinds.isin(rule.torture_kinds) & (rows["period_start"] >= since)
    for at in rows.index[barred]:
        yield Conflict(
            rule.rule, "OUTCOME_GROUND", int(at), None,
            f"{rows.loc[at, 'ground']!s} is barred for torture since "
            f"{bars[at]}",
            rule.likely_cause_forbidden,
        )  # fmt: skip


def repeated(figures: Figures, rule: RepeatOutcome) -> Iterator[Conflict]:
    """Yield persons whose matter was decided again: count them by the last decision."""
    frame = figures.frame
    rows = frame[frame["is_original"] & frame["unit"].eq("PERSON")]
    rows = rows[rows["indicator"].isin(rule.indicators)]
    later = rows[rows["instance"].isin(rule.later_instances)]
    earlier = rows[
        ~rows["instance"].isin(rule.later_instances) & is_stated(rows["matter"])
    ]
    before = dict(zip(earlier["matter"], earlier.index, strict=True))
    for at in later.index:
        row = later.loc[at]
        yield Conflict(
            rule.rule, "REPEAT_OUTCOME", int(at), before.get(row["matter"]),
            f"{shown(row['value'])} persons, {row['indicator']}, instance "
            f"{row['instance']}: decided before; each person counts once",
            rule.likely_cause,
        )  # fmt: skip


def reclassified(
    figures: Figures, rule: Reclassification, charges: CodeList
) -> Iterator[Conflict]:
    """Yield decisions under another charge where torture was alleged or registered."""
    frame = figures.frame
    rows = frame[frame["is_original"]]
    kind = rows["charge"].map(charges.column("offence_kind"))
    alleged = rows["definition"].isin(rule.definitions)
    alleged |= rows["alleged"].isin(rule.definitions)
    other = rows[rows["indicator"].isin(rule.indicators) & kind.isin(rule.other_kinds)]
    in_matter = is_stated(rows["matter"]) & (kind.isin(rule.torture_kinds) | alleged)
    sources = rows[in_matter].drop_duplicates("matter")
    torture = dict(zip(sources["matter"], sources.index, strict=True))
    changed = other[alleged[other.index] | other["matter"].isin(torture)]
    for at in changed.index:
        row, origin = changed.loc[at], torture.get(changed.at[at, "matter"])
        yield Conflict(
            rule.rule, "RECLASSIFICATION",
            int(at) if origin is None else int(origin),
            None if origin in (None, at) else int(at),
            f"Torture alleged; {shown(row['value'])} {row['unit']} "
            f"({row['indicator']}) under {row['charge']}", rule.likely_cause,
        )  # fmt: skip

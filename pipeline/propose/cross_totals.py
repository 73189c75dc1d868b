"""The totals of a crosstab as controls, and label columns that say nothing.

In here: which rows and columns of a frame repeat others, written as controls. Not in
here: telling by words and numbers (`totals.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.collect.layout import LEVELS
from pipeline.propose.context import Context
from pipeline.propose.cross_frame import Frame
from pipeline.propose.cross_labels import is_share
from pipeline.propose.looks import View
from pipeline.propose.nodes import FILL_IN, Flow, Noted
from pipeline.propose.totals import (
    Total,
    numbers_of,
    says_total,
    starred,
    totals_of,
)

MOST_CONTROLS = 3
"""Totals by label; more are told by a pattern over a label column."""


def totals_of_frame(
    view: View, frame: Frame, context: Context
) -> tuple[dict[int, Total], dict[int, Total]]:
    """Return the rows and the columns that repeat others, by position on the sheet.

    Columns of shares are left out: shares are rounded.
    """
    values = [at for at in frame.values if not is_share(frame.heads[at])]
    rows = [*frame.labels]
    block = numbers_of(view.texts[rows][:, values])
    labels = [frame.labels[row] for row in rows]
    down = totals_of(block, labels, context.words)
    down = {n: one for n, one in down.items() if has_parts(labels, n, one)}
    heads = [frame.heads[at] for at in values]
    across = totals_of(block.T, heads, context.words)
    return (
        {rows[n]: placed(total, rows, values) for n, total in down.items()},
        {values[n]: placed(total, values, rows) for n, total in across.items()},
    )


def has_parts(labels: Sequence[str], at: int, total: Total) -> bool:
    """Return whether a total has parts: "Firearms | Total Firearms" alone has none."""
    group, _, rest = labels[at].partition(LEVELS)
    if total.agrees or not rest:
        return True
    return sum(label.startswith(f"{group}{LEVELS}") for label in labels) > 1


def placed(total: Total, own: Sequence[int], others: Sequence[int]) -> Total:
    """Return a total with positions on the sheet in place of those in its block."""
    of = total.of if isinstance(total.of, str) else tuple(own[n] for n in total.of)
    differs = {others[n]: by for n, by in total.differs.items()}
    return Total(total.kind, of, total.agrees, differs, total.by_words)


def controls_of(
    labels: Mapping[int, str], totals: Mapping[int, Total], others: Mapping[int, str]
) -> dict[str, Any]:
    """Return the totals of one axis as controls, with what was seen of their sums."""
    told: dict[str, Any] = {}
    for at, total in totals.items():
        if isinstance(total.of, str):
            one: dict[str, Any] = {"of": total.of}
            name = {"all": "all others"}.get(total.of, f"those {total.of} it")
        else:
            one = {"of": Flow([labels[n] for n in total.of])}
            name = "these"
        why = "" if total.by_words else "no word says so; "
        seen = f"{why}{total.agrees:.0%} of its numbers are the sum of {name}"
        if total.agrees >= 0.5 and total.differs and len(total.differs) <= 3:
            one["differs"] = {
                others[n]: Flow({"by": number(by), "because": FILL_IN})
                for n, by in total.differs.items()
            }
        if total.agrees < 0.5:
            one["additive"] = Noted(False, "its parts may overlap")
        told[labels[at]] = Noted(one, seen)
    return told


def number(value: float) -> str:
    """Return a difference as it is declared."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def pattern_controls(
    view: View,
    headers: Mapping[int, str],
    totals: Mapping[int, Total],
    context: Context,
) -> list[Any]:
    """Return many totals as patterns over one label column.

    A total of all other rows is told apart from those of rows with the same labels.
    """
    found: list[Any] = []
    for at, header in headers.items():
        said: dict[bool, list[str]] = {True: [], False: []}
        for row, total in totals.items():
            text = str(view.texts[row, at])
            if header and says_total(text, context.words):
                said[total.of == "all" and total.agrees > 0.5].append(text)
        found += [{"rows": {header: text}, "of": "all"} for text in said[True]]
        if said[False]:
            others = [h for n, h in headers.items() if n != at and h]
            seen = f"{len(said[False])} rows; parts have the same texts there"
            one = {"rows": {header: starred(said[False])}}
            found.append(one | {"by": Noted(Flow(others), seen)})
    return found


def silent_stubs(
    view: View, frame: Frame, headers: Mapping[int, str]
) -> dict[int, str]:
    """Return the label columns that say nothing or the same as another, with why."""
    found: dict[int, str] = {}
    if len(frame.stubs) < 2 or len(frame.labels) < 5:
        return found
    texts = {at: [str(view.texts[row, at]) for row in frame.labels] for at in headers}
    for at in headers:
        if len(set(texts[at])) == 1 and headers[at]:
            found[at] = "the same words in every row"
    left = [at for at in headers if at not in found]
    for at, other in ((a, b) for a in left for b in left if a < b):
        pairs = set(zip(texts[at], texts[other], strict=True))
        is_same = len(pairs) == len(set(texts[at])) == len(set(texts[other]))
        if is_same and headers[at] and len(pairs) < len(frame.labels):
            found[at] = f"tells the same as {headers[other]}"
    return found

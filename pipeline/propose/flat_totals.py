"""The rows of totals in a flat table, told by words in their labels.

In here: the controls of a flat table. Not in here: those of a crosstab
(`cross_totals.py`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.propose.context import Context
from pipeline.propose.flat_fields import Column
from pipeline.propose.heads import Head
from pipeline.propose.looks import View
from pipeline.propose.nodes import Flow, Noted
from pipeline.propose.regions import Region
from pipeline.propose.totals import numbers_of, says_total, starred


def flat_controls(
    view: View,
    region: Region,
    head: Head,
    columns: Mapping[int, Column],
    context: Context,
) -> list[Any]:
    """Return the rows of totals of a flat table, told by words in their labels."""
    found = []
    rows = range(head.start, region.stop)
    numbers = [at for at, one in columns.items() if one.facts.kind == "number"]
    for at, one in columns.items():
        if one.facts.kind == "number":
            continue
        texts = [str(view.texts[row, at]) for row in rows]
        hits = [n for n, t in enumerate(texts) if t and says_total(t, context.words)]
        if not hits or len(hits) > 0.34 * len(texts):
            continue
        sums = [columns[n].header for n in numbers]
        labels = [texts[n] for n in hits]
        is_told = len(set(labels)) > 1 or not one.personal
        pattern = starred(labels) if is_told else f"{labels[0].partition(' ')[0]}*"
        found.append(
            {
                "rows": {one.header: pattern},
                "sums": Flow(sums),
                "of": Noted("above", agreement(view, head, numbers, hits)),
            }
        )
    return found


def agreement(view: View, head: Head, numbers: list[int], hits: list[int]) -> str:
    """Return how many of the totals are the sum of the rows above each."""
    if not numbers:
        return "no column of numbers"
    block = numbers_of(view.texts[head.start :][:, numbers])
    agree, start = 0, 0
    for hit in hits:
        sums = np.nansum(block[start:hit], axis=0)
        agree += bool(np.allclose(np.nan_to_num(block[hit]), sums, atol=0.005))
        start = hit + 1
    return f"{agree} of {len(hits)} rows equal the sum of the rows above them"

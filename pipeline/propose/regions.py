"""Where tables stand on a sheet: below each other, beside each other.

In here: rows and columns of each table, its caption, the texts below it. Not in here:
header rows (`heads.py`); the edges as a layout tells them (`drafts.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.declarations.codelists import normalise
from pipeline.propose.looks import Look, View

LEAST_ROWS = 2
"""Rows of the smallest table: a header and one row."""


@dataclass(frozen=True, slots=True)
class Region:
    """The rows and columns of a table, header and all; stops are outside of it.

    `caption` is the row of the text above it, -1 where there is none; `after` are rows
    of texts below the last row and before the next caption.
    """

    top: int
    stop: int
    left: int
    right: int
    caption: int = -1
    after: tuple[int, ...] = ()
    repeats_header: bool = False


def regions_of(view: View, table_words: Sequence[str]) -> list[Region]:
    """Return the tables of a sheet, from top to bottom and from left to right.

    Args:
        view: the sheet.
        table_words: with which a caption begins ("table", "таблица" …).
    """
    runs = joined_runs(view, wide_runs(view), table_words)
    tables = [one for one in runs if one[1] - one[0] >= LEAST_ROWS]
    found: list[Region] = []
    for number, (top, stop) in enumerate(tables):
        before = tables[number - 1][1] if number else 0
        after = tables[number + 1][0] if number + 1 < len(tables) else len(view.texts)
        parts = beside(view, top, stop)
        caption = caption_of(view, before, top)
        texts = texts_between(view, stop, after)
        if number + 1 < len(tables):
            next_caption = caption_of(view, stop, after)
            texts = [row for row in texts if next_caption < 0 or row < next_caption]
        found += [
            Region(top, stop, left, right, caption, tuple(texts))
            for left, right in parts
        ]
    return merged_repeats(view, found)


def wide_runs(view: View) -> list[tuple[int, int]]:
    """Return the runs of rows with two filled cells or more, as first row and stop."""
    wide = view.filled.sum(axis=1) >= 2
    edges = np.flatnonzero(np.diff(np.concatenate(([0], wide.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def joined_runs(
    view: View, runs: list[tuple[int, int]], table_words: Sequence[str]
) -> list[tuple[int, int]]:
    """Return the runs, those that go on after a gap joined to the one before.

    A run goes on when it has numbers where the one before has them, in its first row:
    so it has no header of its own. Rows with a single text between do not end a table
    unless they begin as a caption does.
    """
    found: list[tuple[int, int]] = []
    for top, stop in runs:
        if found and goes_on(view, found[-1], top, table_words):
            found[-1] = (found[-1][0], stop)
        else:
            found.append((top, stop))
    return found


def goes_on(
    view: View, before: tuple[int, int], top: int, table_words: Sequence[str]
) -> bool:
    """Return whether a row goes on with the table that ended above it."""
    between = texts_between(view, before[1], top)
    if any(is_caption(first_text(view, row), table_words) for row in between):
        return False
    body = view.looks[before[0] : before[1]]
    share = (body == Look.NUMBER).sum(axis=0) / max(len(body), 1)
    numbers = np.flatnonzero(share >= 0.5)
    here = view.looks[top]
    if not len(numbers):
        return len(between) == 0 and before[1] - before[0] > 3
    is_number = here[numbers] == Look.NUMBER
    held = here[numbers] != Look.EMPTY
    return bool(held.any() and (is_number.sum() >= 0.7 * held.sum()))


def beside(view: View, top: int, stop: int) -> list[tuple[int, int]]:
    """Return first column and stop of the tables that stand beside each other.

    An empty column parts two tables only where words begin on both its sides: else
    it is a spacer within one.
    """
    block = view.filled[top:stop] | view.covered[top:stop]
    used = np.flatnonzero(block.any(axis=0))
    if not len(used):
        return []
    parts: list[list[int]] = [[int(used[0])]]
    for at in used[1:]:
        if at - parts[-1][-1] > 1 and begins_with_words(view, top, stop, int(at)):
            parts.append([])
        parts[-1].append(int(at))
    return [(part[0], part[-1] + 1) for part in parts]


def begins_with_words(view: View, top: int, stop: int, at: int) -> bool:
    """Return whether a column holds labels, and numbers stand at its right."""
    looks = view.looks[top + 1 : stop, at]
    if at + 1 >= view.looks.shape[1] or not (looks == Look.WORDS).sum() * 2 > len(
        looks
    ):
        return False
    right = view.looks[top + 1 : stop, at + 1 : at + 3]
    return bool((right == Look.NUMBER).sum() > 0.3 * len(looks))


def texts_between(view: View, start: int, stop: int) -> list[int]:
    """Return the rows with any text between two positions."""
    rows = view.filled[start:stop].any(axis=1)
    return [start + int(row) for row in np.flatnonzero(rows)]


def caption_of(view: View, start: int, top: int) -> int:
    """Return the row of the last text right above a table, or -1.

    At most one blank row may stand between.
    """
    texts = texts_between(view, max(start, top - 2), top)
    return texts[-1] if texts else -1


def first_text(view: View, row: int) -> str:
    """Return the first text of a row."""
    return next(iter(view.row(row).values()), "")


def is_caption(text: str, table_words: Sequence[str]) -> bool:
    """Return whether a text begins as the caption of a table: "Table 3.2 …"."""
    form = normalise(text)
    return any(
        form.startswith(f"{word} ") and any(c.isdigit() for c in form[: len(word) + 8])
        for word in table_words
    )


def merged_repeats(view: View, regions: list[Region]) -> list[Region]:
    """Return the regions; those with one and the same header as one region.

    A page that is printed again begins with the header of the page before, without a
    caption of its own.
    """
    found: list[Region] = []
    for one in regions:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.left, last.right) == (one.left, one.right)
            and view.row(last.top) == view.row(one.top)
            and view.row(last.top + 1) != view.row(one.top + 1)
            and one.caption < 0
        ):
            found[-1] = replace(
                last, stop=one.stop, after=one.after, repeats_header=True
            )
        else:
            found.append(one)
    return found

"""The header of a table: which rows it has, and which columns hold labels or numbers.

In here: header rows of one region, a row of variable names, a row of column numbers,
columns of row labels. Not in here: whether it is flat or a crosstab (`drafts.py`).
"""

import re
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from pipeline.collect.layout import paths, spread
from pipeline.propose.looks import Look, View
from pipeline.propose.regions import Region

MOST_HEADER_ROWS = 6
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
VALUES = (Look.NUMBER, Look.YEAR, Look.PERIOD, Look.DATE)


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a region.

    `main` has the look that most cells of each column below it have. `late` is a row
    of headers that stands below a first row of numbers, or -1. `other_names` are the
    descriptions above a row of variable names.
    """

    rows: tuple[int, ...]
    start: int
    main: dict[int, Look]
    texts: dict[int, str]
    name: str = "path"
    has_column_numbers: bool = False
    late: int = -1
    other_names: dict[int, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[int]:
        """Return the columns of numbers that are not years."""
        return [at for at, look in self.main.items() if look == Look.NUMBER]


def head_of(view: View, region: Region) -> Head:
    """Return the header of a region."""
    main = main_looks(view, region)
    rows = header_rows(view, region, main)
    start = rows[-1] + 1 if rows else region.top
    late = late_header(view, region, start)
    name, texts = named(view, region, rows)
    numbered = has_column_numbers(view, region, start, main)
    other = view.row(rows[0], region.left, region.right) if name == "last" else {}
    return Head(tuple(rows), start + numbered, main, texts, name, numbered, late, other)


def main_looks(view: View, region: Region) -> dict[int, Look]:
    """Return the look that most filled cells of each column have, header left out.

    Numbers that could be years are numbers where other numbers stand.
    """
    skip = min(MOST_HEADER_ROWS, (region.stop - region.top) // 2)
    body = view.looks[region.top + skip : region.stop, region.left : region.right]
    found = {}
    for offset in range(body.shape[1]):
        counts = np.bincount(body[:, offset], minlength=len(Look))
        counts[[Look.EMPTY, Look.MARK]] = 0
        if not counts.any():  # all its cells stand near the top
            whole = view.looks[region.top + 1 : region.stop, region.left + offset]
            if (whole != Look.EMPTY).sum() > 1:
                counts = np.bincount(whole, minlength=len(Look))
                counts[[Look.EMPTY, Look.MARK]] = 0
        if counts[Look.NUMBER]:
            counts[Look.NUMBER] += counts[Look.YEAR]
            counts[Look.YEAR] = 0
        look = Look(int(counts.argmax())) if counts.any() else Look.EMPTY
        found[region.left + offset] = look
    return found


def header_rows(view: View, region: Region, main: dict[int, Look]) -> list[int]:
    """Return the rows at the top of a region that are no data."""
    values = [at for at, look in main.items() if look in VALUES]
    last = min(region.stop - 1, region.top + MOST_HEADER_ROWS)
    if not values:
        second = view.row(region.top + 1, region.left, region.right).values()
        is_named = len(second) > 1 and all(VARIABLE.fullmatch(text) for text in second)
        first = view.row(region.top, region.left, region.right).values()
        both = is_named and not all(VARIABLE.fullmatch(text) for text in first)
        return [region.top, region.top + 1] if both else [region.top]
    rows = []
    for row in range(region.top, last):
        if is_data(view, row, values, main):
            break
        rows.append(row)
    return rows


def is_data(view: View, row: int, values: list[int], main: dict[int, Look]) -> bool:
    """Return whether a row has a cell like those below it, or nothing but marks.

    "Not stated" beside other words is a header; alone it stands for a number.
    """
    here = {at: view.looks[row, at] for at in values if view.filled[row, at]}
    if any(look == main[at] for at, look in here.items()):
        return True
    return bool(here) and all(look == Look.MARK for look in here.values())


def late_header(view: View, region: Region, start: int) -> int:
    """Return the row of headers below a first row of numbers, or -1.

    It has words in two columns or more and no numbers; the row above has numbers, and
    has so few labels that it does not belong to the body.
    """
    row = start + 1
    if row + 1 >= region.stop or start == region.top:
        return -1
    here, above = view.looks[row], view.looks[start]
    is_header = (here == Look.WORDS).sum() >= 2 and not (here == Look.NUMBER).any()
    was_empty = view.looks[start - 1, region.left] == Look.EMPTY
    has_numbers = (above == Look.NUMBER).sum() >= 2
    return row if is_header and was_empty and has_numbers else -1


def named(view: View, region: Region, rows: list[int]) -> tuple[str, dict[int, str]]:
    """Return how headers are named (path, first, last), and the text of each column.

    Where the last of several rows has a variable name in every column, it names them.
    """
    if not rows:
        return "path", {}
    last = view.row(rows[-1], region.left, region.right)
    first = view.row(rows[0], region.left, region.right)
    are_variables = all(VARIABLE.fullmatch(text) for text in last.values())
    if len(rows) == 2 and are_variables and len(last) >= len(first) > 1:
        return "last", last
    levels = [spread_in(view, row, region) for row in rows]
    return "path", paths(levels, range(region.left, region.right))


def spread_in(view: View, row: int, region: Region) -> dict[int, str]:
    """Return position → text of a row, a merged text in each of its columns."""
    texts_at = partial(view.row, left=region.left, right=region.right)
    return spread(texts_at, view.sheet.merged, row)


def has_column_numbers(
    view: View, region: Region, row: int, main: dict[int, Look]
) -> bool:
    """Return whether a row under the header holds the numbers of the columns."""
    if row + 1 >= region.stop:
        return False
    texts = [
        text for _, text in sorted(view.row(row, region.left, region.right).items())
    ]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 4]
    letters = [text for text in texts if not text.isdecimal()]
    is_run = len(numbers) >= 3 and numbers == [
        *range(numbers[0], numbers[0] + len(numbers))
    ]
    return (
        is_run
        and numbers[0] in (1, 2, 3)
        and all(len(text) == 1 for text in letters)
        and len(texts) >= 0.7 * len(main)
    )

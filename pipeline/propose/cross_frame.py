"""The frame of a crosstab: its header levels, label columns, labels and numbers.

In here: where these are in a region. Not in here: what labels stand for
(`cross_labels.py`), which repeat others (`cross_totals.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.collect.layout import LEVELS
from pipeline.propose.heads import Head, head_of, spread_in
from pipeline.propose.looks import Look, View
from pipeline.propose.regions import Region, first_text

Level = tuple[int, str]
"""A header row, and where it stands seen from its values."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A crosstab on a sheet.

    `levels` are the header rows that name the columns, `is_simple` tells that the
    layout finds them by itself. `band` has the texts above them.
    """

    region: Region
    head: Head
    stubs: tuple[int, ...]
    values: tuple[int, ...]
    levels: tuple[Level, ...]
    is_simple: bool
    heads: dict[int, str]
    labels: dict[int, str]
    band: tuple[str, ...] = ()

    @property
    def body(self) -> range:
        """Return the rows below the header."""
        return range(self.head.start, self.region.stop)


@dataclass(frozen=True, slots=True)
class Part:
    """A region with its header; `shared` are header rows of a region above."""

    region: Region
    head: Head
    shared: tuple[int, ...] = ()


def parts_of(view: View, regions: Sequence[Region]) -> list[Part]:
    """Return the regions with their headers; one with two headers becomes two.

    A table whose columns of numbers have no header of their own stands under that of
    the table above it.
    """
    found: list[Part] = []
    for region in regions:
        head = head_of(view, region)
        if head.late >= 0:
            upper = replace(region, stop=head.late, after=())
            lower = replace(region, top=head.late, caption=-1)
            found.append(Part(upper, head_of(view, upper)))
            found.append(sharing(view, Part(lower, head_of(view, lower)), found[-1]))
            continue
        part = Part(region, head)
        found.append(sharing(view, part, found[-1]) if found else part)
    return found


def sharing(view: View, part: Part, above: Part) -> Part:
    """Return a part, with the header rows above it where its own lack most columns."""
    numbers = part.head.numbers
    named = [at for at in numbers if at in part.head.texts]
    over = [
        row
        for row in (*above.shared, *above.head.rows)
        if sum(bool(view.texts[row, at]) for at in numbers) > len(numbers) / 2
    ]
    if numbers and len(named) * 2 <= len(numbers) and over:
        return replace(part, shared=tuple(over))
    return part


def is_crosstab(view: View, part: Part) -> bool:
    """Return whether the cells of a region, and not its rows, are what is counted."""
    region, head = part.region, part.head
    numbers = value_columns(view, region, head)
    if not numbers or Look.DATE in head.main.values():
        return False
    named = part.head.texts
    words = [at for at, look in head.main.items() if look == Look.WORDS and at in named]
    if sum(at > numbers[0] for at in words) > 1:
        return False
    stubs = stub_columns(region, head, numbers)
    rows = [tuple(view.texts[row, stubs]) for row in range(head.start, region.stop)]
    is_told_apart = bool(stubs) and len(set(rows)) >= 0.9 * len(rows)
    return is_told_apart and (len(numbers) > 1 or region.top > 0)


def value_columns(view: View, region: Region, head: Head) -> list[int]:
    """Return the columns of numbers, without one that counts the rows at the left."""
    numbers = head.numbers
    if len(numbers) > 1 and is_row_number(view, region, head, numbers[0]):
        return numbers[1:]
    return numbers


def is_row_number(view: View, region: Region, head: Head, at: int) -> bool:
    """Return whether a column holds 1, 2, 3 … down the rows."""
    texts = [str(t) for t in view.texts[head.start : region.stop, at] if t]
    whole = [int(t) for t in texts if t.isdecimal()]
    return len(whole) > 2 and whole == [*range(whole[0], whole[0] + len(texts))]


def stub_columns(region: Region, head: Head, numbers: Sequence[int]) -> list[int]:
    """Return the columns of row labels: those left of the first number."""
    return [
        at
        for at in range(region.left, numbers[0])
        if head.main[at] not in (Look.EMPTY, Look.NUMBER)
    ]


def frame_of(view: View, part: Part) -> Frame:
    """Return the frame of a crosstab."""
    region, head = part.region, part.head
    numbers = value_columns(view, region, head)
    stubs = stub_columns(region, head, numbers)
    levels, is_simple = levels_of(view, part, stubs, numbers)
    others = [at for at in range(region.left, region.right) if at not in stubs]
    heads = paths(view, region, levels, others)
    first = levels[0][0] if levels else region.top
    band = [
        text
        for row in range(region.top, min(first + 1, head.start))
        for text in view.row(row, region.left, region.right).values()
        if row < first
    ]
    if region.caption == region.top - 1 >= 0:
        band.append(first_text(view, region.caption))
    return Frame(
        region,
        head,
        tuple(stubs),
        tuple(at for at in numbers if at in heads),
        tuple(levels),
        is_simple,
        heads,
        labels_of(view, region, head, stubs),
        tuple(band),
    )


def levels_of(
    view: View, part: Part, stubs: Sequence[int], numbers: Sequence[int]
) -> tuple[list[Level], bool]:
    """Return the header rows that name the columns, and whether that goes by itself.

    The rows beside the header of the first label column name them, where that is
    enough to tell the columns apart: the layout finds those by itself.
    """
    region, head = part.region, part.head
    corner = [(row, "up") for row in corner_rows(view, head, stubs)]
    simple = paths(view, region, corner, numbers)
    if corner and len(set(simple.values())) == len(simple) == len(numbers):
        return corner, True
    levels = []
    rows = [*part.shared, *head.rows]
    texts = {row: set(spread_in(view, row, region)) & set(numbers) for row in rows}
    for row in rows:
        has_stub = any(view.texts[row, at] for at in stubs)
        if len(texts[row]) > 1 or (texts[row] and len(rows) == 1) or has_stub:
            below = set().union(*(texts[one] for one in rows if one > row))
            is_band = len(texts[row] & below) > 1 and bool(below - texts[row])
            levels.append((row, "up-left" if is_band else "up"))
    return levels or [(row, "up") for row in head.rows], False


def corner_rows(view: View, head: Head, stubs: Sequence[int]) -> list[int]:
    """Return the rows that the header of the first label column stands in."""
    for row in reversed(head.rows):
        if stubs and view.looks[row, stubs[0]] != Look.EMPTY:
            for merge in view.sheet.merged:
                if (merge.top, merge.left) == (row, stubs[0]):
                    return [*range(merge.top, merge.bottom + 1)]
            return [row]
    return []


def paths(
    view: View, region: Region, levels: Sequence[Level], columns: Sequence[int]
) -> dict[int, str]:
    """Return position → header, its levels joined as the layout joins them."""
    found: dict[int, dict[str, None]] = {at: {} for at in columns}
    own: set[int] = set()
    for row, stands in levels:
        texts = spread_in(view, row, region)
        last = ""
        for at in columns:
            own |= {at} & set(texts)
            last = texts.get(at, last if stands == "up-left" else "")
            if last:
                found[at][last] = None
    return {
        at: LEVELS.join(texts) for at, texts in found.items() if at in own and texts
    }


def labels_of(
    view: View, region: Region, head: Head, stubs: Sequence[int]
) -> dict[int, str]:
    """Return row → its labels joined, of the rows that have a label of their own."""
    labels: dict[int, str] = {}
    above: dict[int, str] = {}
    down = {at for at in stubs[:-1] if is_sparse(view, region, head, at)}
    for row in range(head.start, region.stop):
        own = {at: t for at, t in spread_in(view, row, region).items() if at in stubs}
        if not own:
            continue
        above |= own
        parts = [
            own.get(at) or (above.get(at) if at in down and at < min(own) else None)
            for at in stubs
        ]
        labels[row] = LEVELS.join(dict.fromkeys(part for part in parts if part))
    return labels


def is_sparse(view: View, region: Region, head: Head, at: int) -> bool:
    """Return whether the texts of a label column count for the rows below them, too."""
    filled = view.filled[head.start : region.stop, at]
    return bool(filled.sum() < 0.7 * len(filled))

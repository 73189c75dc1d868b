"""Tell what differs between two editions: in lines for people, as JSON for programs.

In here: words. Not in here: comparing (`compare.py`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from pipeline.inspect.difference import (
    FileDifference,
    Revision,
    SheetDifference,
    Texts,
)

MOST_LINES = 20
"""How many of one kind are told to people. JSON has them all."""

LONGEST, HALF = 90, 40
"""Characters of a text on a line, and of one of two."""


def lines_of(found: FileDifference) -> Iterator[str]:
    """Yield what differs, for a person, what matters most first."""
    yield summary(found)
    if found.is_same:
        return
    yield from listed("sheet removed", found.sheets_removed)
    yield from listed("sheet added", found.sheets_added)
    for one in found.sheets:
        if one.has_changed or one.has_moved or one.name[0] != one.name[1]:
            yield ""
            yield from sheet_lines(one)
    if found.not_as_declared:
        yield ""
        yield from listed("not as its layout declares", found.not_as_declared)
        yield "  (compared as far as it is understood; see: point27 preview)"
    if found.is_masked:
        yield ""
        yield "Texts are not told: the source is restricted, or nobody has declared it."


def summary(found: FileDifference) -> str:
    """Return the whole comparison in one line."""
    old, new = found.files
    named = f"{new} against {old}" if old != new else new
    if found.is_same:
        return f"{named}: the same."
    if not found.has_changed:
        return f"{named}: moved, no value changed."
    revised = sum(len(one.revised) for one in found.sheets)
    parts = [
        counted(revised, "cell revised", "cells revised"),
        *side(found, "header"),
        *side(found, "row"),
        counted(len(found.sheets_added), "sheet added", "sheets added"),
        counted(len(found.sheets_removed), "sheet removed", "sheets removed"),
        counted(len(found.sheets_renamed), "sheet renamed", "sheets renamed"),
    ]
    told = ", ".join(part for part in parts if part)
    return f"{named}: {told or 'other texts differ'}."


def side(found: FileDifference, what: str) -> Iterator[str]:
    """Yield how many headers or rows were added, removed and reworded."""
    texts = [one.headers if what == "header" else one.rows for one in found.sheets]
    for kind in ("added", "removed", "reworded"):
        count = sum(len(getattr(one, kind)) for one in texts)
        yield counted(count, f"{what} {kind}", f"{what}s {kind}")


def counted(count: int, one: str, several: str) -> str:
    """Return a number with its noun; nothing for none."""
    return f"{count:,} {one if count == 1 else several}" if count else ""


def sheet_lines(one: SheetDifference) -> Iterator[str]:
    """Yield what differs on one sheet."""
    old, new = one.name
    yield f"Sheet {new!r}" + (f" (was {old!r})" if old != new else "")
    before, after = one.number_of_rows
    if before != after:
        yield f"  rows: {before:,} → {after:,}"
    yield from texts_lines("header", one.headers)
    yield from texts_lines("record" if one.has_identifiers else "row", one.rows)
    for field, texts in one.words.items():
        yield from texts_lines(f"word of {field}", texts)
    yield from revision_lines(one.revised)
    yield from texts_lines("other text", one.others)
    if one.hidden[0] != one.hidden[1]:
        before_hidden, after_hidden = (part or "nothing" for part in one.hidden)
        yield f"  hidden: {before_hidden} → {after_hidden}"
    yield from moved_lines(one)


def texts_lines(what: str, texts: Texts) -> Iterator[str]:
    """Yield texts that were added, removed and reworded."""
    yield from listed(f"{what} added", texts.added)
    yield from listed(f"{what} removed", texts.removed)
    swaps = [f"{short(old)} → {short(new)}" for old, new in texts.reworded]
    yield from listed(f"{what} reworded", swaps, 2 * LONGEST + 3)


def listed(what: str, texts: Sequence[str], most: int = LONGEST) -> Iterator[str]:
    """Yield a line for each text, as far as a person reads on."""
    for text in texts[:MOST_LINES]:
        yield f"  {what}: {short(text, most)}"
    if len(texts) > MOST_LINES:
        yield f"  {what}: {len(texts) - MOST_LINES:,} more"


def revision_lines(revised: Sequence[Revision]) -> Iterator[str]:
    """Yield the revised cells, the greatest difference first."""
    if not revised:
        return
    yield f"  {counted(len(revised), 'cell revised', 'cells revised')}:"
    for one in revised[:MOST_LINES]:
        row, column = (short(text, HALF) for text in (one.row, one.column))
        yield f"    {places(one)}  {row} × {column}: {change(one)}"
    if len(revised) > MOST_LINES:
        yield f"    and {len(revised) - MOST_LINES:,} more (all of them: --json)"


def places(one: Revision) -> str:
    """Return where a revised cell stands, and stood."""
    old, new = one.cells
    return f"{old} → {new}" if old and new and old != new else new or old


def change(one: Revision) -> str:
    """Return what became of a cell; no more than that where it may not be told."""
    if one.old is None or one.new is None or one.old == one.new:
        return "changed"
    if not one.old or not one.new:
        return (
            f"filled: {short(one.new)}" if one.new else f"emptied, was {short(one.old)}"
        )
    amount = f" ({one.difference:+,})" if one.difference is not None else ""
    return f"{short(one.old)} → {short(one.new)}{amount}"


def moved_lines(one: SheetDifference) -> Iterator[str]:
    """Yield what stands elsewhere."""
    told = [
        f"{short(name, HALF)} {old} → {new}" for name, old, new in one.moved_columns
    ]
    yield from listed("column moved", told)
    if one.moved_rows:
        yield f"  {counted(one.moved_rows, 'row', 'rows')} moved"


def short(text: str, most: int = LONGEST) -> str:
    """Return a text on one line, cut where it is long."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def as_json(found: FileDifference) -> str:
    """Return the comparison as JSON, everything in it."""
    told = asdict(found) | {
        "is_same": found.is_same,
        "has_changed": found.has_changed,
        "sheets_renamed": found.sheets_renamed,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)

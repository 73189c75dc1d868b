"""Compare two editions of a form, sheet by sheet and cell by cell.

In here: what was added, removed, renamed, revised, moved. Not in here: which cells
belong together (`editions.py`, `matching.py`), the words for it
(`compare_words.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from rapidfuzz import fuzz

from pipeline.collect.controls import number_of
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Numbers
from pipeline.inspect.difference import (
    FileDifference,
    Revision,
    SheetDifference,
    Texts,
)
from pipeline.inspect.editions import Edition, EditionCell, Key, edition_of
from pipeline.inspect.matching import Pairs, best_pairs, paired
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.lineage import address

LIKE_SHEETS = 50
"""Likeness in percent from which sheets of different names are one sheet, renamed."""

UNTOLD = "(text not told)"
"""In the place of a text that may not be told."""


def compare(
    old: SeenFile, new: SeenFile, lists: Mapping[str, CodeList]
) -> FileDifference:
    """Return what differs between a previous edition and this one."""
    olds = {seen.sheet.name: seen for seen in old.sheets}
    news = {seen.sheet.name: seen for seen in new.sheets}
    same = [name for name in olds if name in news]
    others = sheet_pairs(
        {n: edition_of(old, one, lists) for n, one in olds.items() if n not in news},
        {n: edition_of(new, one, lists) for n, one in news.items() if n not in olds},
    )
    pairs = dict(zip(same, same, strict=True)) | others
    numbers = new.source.numbers if new.source else Numbers()
    return FileDifference(
        (old.delivery.file, new.delivery.file),
        told_sheets(old, [name for name in olds if name not in pairs]),
        told_sheets(new, [name for name in news if name not in pairs.values()]),
        tuple(
            compare_sheets(*editions, numbers)
            for one, other in pairs.items()
            for editions in (editions_of((old, olds[one]), (new, news[other]), lists),)
        ),
        tuple(
            f"{file.delivery.file}, {seen.sheet.name}"
            for file in (old, new)
            for seen in file.sheets
            if seen.laid.problems
        ),
        new.is_restricted,
    )


def editions_of(
    old: tuple[SeenFile, SeenSheet],
    new: tuple[SeenFile, SeenSheet],
    lists: Mapping[str, CodeList],
) -> tuple[Edition, Edition]:
    """Return both editions of a sheet, by its layout if that fits both of them."""
    fits = {bool(seen.laid.parts) for _, seen in (old, new)}
    by_layout = len(fits) == 1
    return (
        edition_of(*old, lists, by_layout=by_layout),
        edition_of(*new, lists, by_layout=by_layout),
    )


def told_sheets(file: SeenFile, names: Iterable[str]) -> tuple[str, ...]:
    """Return how some sheets of a file are called."""
    told = {
        seen.sheet.name: file.told_name(seen, number)
        for number, seen in enumerate(file.sheets, 1)
    }
    return tuple(told[name] for name in names)


def sheet_pairs(
    olds: Mapping[str, Edition], news: Mapping[str, Edition]
) -> dict[str, str]:
    """Return old name → new name of sheets that are called otherwise now."""
    scores = {
        (one, other): score
        for one in olds
        for other in news
        if (score := sheet_likeness(olds[one], news[other])) >= LIKE_SHEETS
    }
    return best_pairs(scores)


def sheet_likeness(old: Edition, new: Edition) -> float:
    """Return how alike two sheets are: by their headers and row labels, or names."""
    one, other = ({*sheet.headers, *sheet.rows, *sheet.others} for sheet in (old, new))
    shared = 100 * len(one & other) / max(1, len(one | other))
    return max(shared, fuzz.ratio(old.name, new.name) - 25)


def compare_sheets(old: Edition, new: Edition, numbers: Numbers) -> SheetDifference:
    """Return what differs between two editions of a sheet."""
    columns = paired(old.headers, new.headers)
    is_loose = not (old.has_identifiers or new.has_identifiers)
    rows = paired(old.rows, new.rows, loosely=is_loose)
    revised = revisions(old, new, (columns, rows), numbers)
    return SheetDifference(
        (old.name, new.name),
        (len(old.rows), len(new.rows)),
        told_pairs(columns, *(named(one.headers) for one in (old, new))),
        told_pairs(rows, *(named(one.rows) for one in (old, new))),
        words_between(old, new),
        revised,
        others_between(old, new),
        (old.hidden, new.hidden),
        tuple(
            (new.headers[other][0], old.headers[one][1], new.headers[other][1])
            for one, other in both(columns).items()
            if old.headers[one][1] != new.headers[other][1]
        ),
        sum(old.rows[a][1] != new.rows[b][1] for a, b in both(rows).items()),
        not is_loose,
    )


def both(pairs: Pairs) -> dict[str, str]:
    """Return old → new of what is in both editions, reworded or not."""
    return pairs.same | pairs.reworded


def named(told: Mapping[str, tuple[str, object]]) -> dict[str, str]:
    """Return key → how it is called."""
    return {key: words[0] for key, words in told.items()}


def told_pairs(pairs: Pairs, old: Mapping[str, str], new: Mapping[str, str]) -> Texts:
    """Return what was added, removed and reworded, as it may be told."""
    return Texts(
        tuple(old[key] for key in pairs.removed),
        tuple(new[key] for key in pairs.added),
        tuple((old[one], new[other]) for one, other in pairs.reworded.items()),
    )


def revisions(
    old: Edition, new: Edition, pairs: tuple[Pairs, Pairs], numbers: Numbers
) -> tuple[Revision, ...]:
    """Return the cells that hold something else, the greatest difference first."""
    columns, rows = (both(one) for one in pairs)
    kept_rows, kept_columns = {*rows.values()}, {*columns.values()}
    there = {
        (rows[row], columns[column], number): cell
        for (row, column, number), cell in old.cells.items()
        if row in rows and column in columns
    }
    here = {
        key: cell
        for key, cell in new.cells.items()
        if key[0] in kept_rows and key[1] in kept_columns
    }
    found = [
        revision(key, there.get(key), here.get(key), new, numbers)
        for key in dict.fromkeys((*here, *there))
        if text_of(there.get(key)) != text_of(here.get(key))
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.difference or Decimal(0))))


def text_of(cell: EditionCell | None) -> str:
    """Return what a cell holds; nothing where there is none."""
    return cell.text if cell else ""


def told(cell: EditionCell | None) -> str | None:
    """Return what may be told of a cell; an empty text where there is none."""
    return cell.told if cell else ""


def revision(
    key: Key,
    old: EditionCell | None,
    new: EditionCell | None,
    edition: Edition,
    numbers: Numbers,
) -> Revision:
    """Return one revised cell."""
    row, column, _ = key
    before, after = told(old), told(new)
    amounts = [number_of(text, numbers) for text in (before, after) if text]
    plain = [amount for amount in amounts if amount is not None]
    return Revision(
        edition.rows[row][0],
        edition.headers[column][0],
        (address(*old.at) if old else "", address(*new.at) if new else ""),
        before,
        after,
        plain[1] - plain[0] if len(plain) == 2 else None,
    )


def words_between(old: Edition, new: Edition) -> dict[str, Texts]:
    """Return the words of coded columns that only one edition has, by field."""
    found = {}
    for field in sorted({*old.words, *new.words}):
        one, other = old.words.get(field, {}), new.words.get(field, {})
        texts = Texts(
            tuple(one[word] for word in one if word not in other),
            tuple(other[word] for word in other if word not in one),
        )
        if texts:
            found[field] = texts
    return found


def others_between(old: Edition, new: Edition) -> Texts:
    """Return titles, notes and other texts that only one edition has."""
    one, other = (
        Counter({text: len(cells) for text, cells in sheet.others.items()})
        for sheet in (old, new)
    )
    return Texts(
        tuple(other_text(old, text) for text in (one - other).elements()),
        tuple(other_text(new, text) for text in (other - one).elements()),
    )


def other_text(edition: Edition, text: str) -> str:
    """Return how a text is told of: itself with its place, or its place alone."""
    cell = edition.others[text][-1]
    return f"{address(*cell.at)} {cell.told or UNTOLD}"

"""What differs between two editions of a form.

In here: the nouns of a comparison. Not in here: comparing (`compare.py`), telling
(`compare_words.py`).
"""

from dataclasses import dataclass
from decimal import Decimal

Swap = tuple[str, str]
"""What stood in the previous edition, and what stands in this one."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One cell that both editions have, and that holds something else now.

    `old` and `new` are empty where the cell was or is, and None where they may not be
    told.
    """

    row: str
    column: str
    cells: Swap
    old: str | None
    new: str | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class Texts:
    """What one edition has and the other lacks, in words fit to be told."""

    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    reworded: tuple[Swap, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.reworded)


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """What differs on one sheet."""

    name: Swap
    number_of_rows: tuple[int, int]
    headers: Texts
    rows: Texts
    words: dict[str, Texts]
    revised: tuple[Revision, ...]
    others: Texts
    hidden: Swap
    moved_columns: tuple[tuple[str, str, str], ...]
    moved_rows: int
    has_identifiers: bool = False

    @property
    def has_changed(self) -> bool:
        """Return whether anything differs beyond places."""
        found = (self.headers, self.rows, self.words, self.revised, self.others)
        return any(found) or len(set(self.hidden)) > 1

    @property
    def has_moved(self) -> bool:
        """Return whether anything stands elsewhere."""
        return bool(self.moved_columns or self.moved_rows)


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What differs between two files."""

    files: Swap
    sheets_removed: tuple[str, ...]
    sheets_added: tuple[str, ...]
    sheets: tuple[SheetDifference, ...]
    not_as_declared: tuple[str, ...] = ()
    is_masked: bool = False

    @property
    def sheets_renamed(self) -> tuple[Swap, ...]:
        """Return the sheets that are called otherwise now."""
        return tuple(one.name for one in self.sheets if one.name[0] != one.name[1])

    @property
    def has_changed(self) -> bool:
        """Return whether anything differs beyond places."""
        swapped = (self.sheets_removed, self.sheets_added, self.sheets_renamed)
        return any(swapped) or any(one.has_changed for one in self.sheets)

    @property
    def is_same(self) -> bool:
        """Return whether nothing differs, not even a place."""
        return not self.has_changed and not any(one.has_moved for one in self.sheets)

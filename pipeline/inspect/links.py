"""Links from a finding to the cells that it is about.

In here: identifiers of cells on the page. Not in here: which cells are drawn
(`drawn.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.inspect.addresses import Position, first_cell
from pipeline.inspect.drawn import Table
from pipeline.lineage import address


class Link(NamedTuple):
    """What a link says, and where it leads; nowhere if the cell is not drawn."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links into one sheet. `prefix` is what the identifiers of it begin with."""

    prefix: str
    table: Table

    def to(self, cells: Iterable[Position]) -> tuple[Link, ...]:
        """Return a link to each of some cells."""
        return self.of(address(*cell) for cell in cells)

    def of(self, texts: Iterable[str]) -> tuple[Link, ...]:
        """Return a link to each of some addresses or ranges."""
        return tuple(Link(text, self.href(first_cell(text))) for text in texts)

    def href(self, cell: Position) -> str:
        """Return where the link to a cell leads."""
        drawn = self.table.drawn_at(cell)
        return f"#{self.prefix}-{address(*drawn)}" if drawn else ""

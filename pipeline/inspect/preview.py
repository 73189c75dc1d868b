"""A file as the page shows it: sheets, cells, what is to be mended. No HTML.

In here: the model of the page. Not in here: reading (`seen.py`), what may be shown
(`showing.py`), markup (`page.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.declarations.codelists import CodeList
from pipeline.errors import Problem
from pipeline.inspect.addresses import ranges
from pipeline.inspect.drawn import Table, counts_of, table_of
from pipeline.inspect.field_words import FieldWords
from pipeline.inspect.findings import findings_of, not_understood
from pipeline.inspect.judged import Judged, judge
from pipeline.inspect.links import Link, Links
from pipeline.inspect.placement import placement_of
from pipeline.inspect.roles import ORDER, RoleWords
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.inspect.totals import PrintedTotals, totals_of

MOST_LINKS = 12
"""How many cells of one finding are linked; all of them are marked on the sheet."""

MOST_RANGES = 40


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with links to its cells; `more` are not linked."""

    what: str
    expected: str
    do: str
    links: tuple[Link, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """One sheet of the page."""

    name: str
    anchor: str
    is_declared: bool
    is_hidden: bool
    records: tuple[str, ...]
    counts: tuple[tuple[RoleWords, int], ...]
    unread: tuple[Link, ...]
    unread_more: int
    findings: tuple[ShownFinding, ...]
    totals: PrintedTotals
    everywhere: tuple[str, ...]
    remarks: tuple[str, ...]
    table: Table

    @property
    def unread_count(self) -> int:
        """Return how many cells nobody understands."""
        return self.count("unread")

    @property
    def is_good(self) -> bool:
        """Return whether nothing on the sheet is to be mended."""
        return not self.findings and not self.unread_count

    def count(self, key: str) -> int:
        """Return how many cells have a role."""
        return sum(number for role, number in self.counts if role.key == key)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows of a file."""

    file: str
    source: str
    source_title: str
    is_masked: bool
    sheets: tuple[ShownSheet, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def cells(self) -> int:
        """Return how many filled cells the file has."""
        return sum(number for sheet in self.sheets for _, number in sheet.counts)

    def count(self, key: str) -> int:
        """Return how many cells of all sheets have a role."""
        return sum(sheet.count(key) for sheet in self.sheets)

    @property
    def would_stop(self) -> bool:
        """Return whether a build would stop at the file as a whole or its layouts."""
        return bool(self.problems) or self.count("unread") > 0

    @property
    def is_good(self) -> bool:
        """Return whether nothing in the file is to be mended."""
        return not self.problems and all(sheet.is_good for sheet in self.sheets)


def preview_of(file: SeenFile, lists: Mapping[str, CodeList]) -> Preview:
    """Return what the page shows of a file."""
    judged, words = judge(file, lists), FieldWords(file, lists)
    sheets = tuple(
        shown_sheet(judged, words, seen, number)
        for number, seen in enumerate(file.sheets, 1)
    )
    return Preview(
        file.delivery.file,
        file.source.source if file.source else "",
        file.source.title if file.source else "",
        file.is_restricted,
        sheets,
        file.problems,
        judged.remarks,
    )


def shown_sheet(
    judged: Judged, words: FieldWords, seen: SeenSheet, number: int
) -> ShownSheet:
    """Return one sheet as the page shows it."""
    file, placement = words.file, placement_of(seen, words)
    findings = findings_of(file, seen, judged.cells)
    unread = not_understood(seen)
    totals = totals_of(seen.laid.controls)
    to_mend = [cell for finding in findings for cell in finding.cells]
    to_mend += totals.cells_that_differ + (unread if seen.layout else [])
    table = table_of(file, seen, judged, placement, to_mend)
    counts = counts_of(seen, judged)
    links = Links(f"s{number}", table)
    blocks = ranges(unread)
    return ShownSheet(
        file.told_name(seen, number),
        links.prefix,
        seen.layout is not None,
        seen.sheet.is_hidden,
        tuple(dict.fromkeys(part.record for part in seen.laid.parts)),
        tuple((role, counts[role.key]) for role in ORDER if counts.get(role.key)),
        links.of(blocks[:MOST_RANGES]),
        max(0, len(blocks) - MOST_RANGES),
        tuple(
            ShownFinding(
                one.what, one.expected, one.do, linked, one.count - len(linked)
            )
            for one in findings
            for linked in (links.to(one.cells[:MOST_LINKS]),)
        ),
        totals.linked(links),
        placement.everywhere,
        seen.sheet.remarks,
        table,
    )

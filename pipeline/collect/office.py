"""The facts of a workbook of the present kind (.xlsx, .xlsm), beside its values.

In here: which part is which sheet, number formats, comments, what is never opened.
Not in here: the sheets themselves (`sheet_xml.py`), the binary kind (`xlsb.py`).

openpyxl tells the same, but reads each cell into an object, and twice: once for the
formulas and once for their values.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS

from pipeline.collect.grid import Facts
from pipeline.collect.package import Package
from pipeline.collect.peculiarities import GENERAL, comments_remark
from pipeline.collect.safe_xml import Element, elements, refuse_declarations
from pipeline.collect.sheet_xml import scan_sheet
from pipeline.collect.size import LARGE_BYTES, refuse_bomb

WORKBOOK = "xl/workbook.xml"


class SheetPart(NamedTuple):
    """A sheet of a workbook: its name and the part it stands in."""

    name: str
    part: str


def office_facts(path: Path) -> dict[str, Facts]:
    """Return the facts of each sheet by name.

    Raises:
        TooLargeError: reading it would exhaust the memory.
        TrickError, HostileXmlError: it is made to mislead.
        BadZipFile, ExpatError, ValueError, KeyError: it is damaged.
    """
    with ZipFile(path) as archive:
        refuse_bomb(archive)
        package = Package(archive)
        for part in package.related(WORKBOOK, "sharedStrings"):
            with package.open(part) as stream:
                refuse_declarations(stream)
        formats = cell_formats(package)
        listed = elements(package.read(WORKBOOK))
        reckoned = reckoned_at_opening(listed)
        found = {}
        for name, part in worksheets(package, listed):
            facts = scan_sheet(
                partial(package.open, part),
                package.size(part),
                formats,
                is_first=path.stat().st_size < LARGE_BYTES,
            )
            facts.remarks += [*reckoned] if facts.remarks else []
            facts.remarks += [*comment_remarks(package, part), *package.remarks()]
            found[name] = facts
    return found


def worksheets(package: Package, listed: Sequence[Element]) -> Iterator[SheetPart]:
    """Yield each sheet of cells with the part that it stands in."""
    relations = package.relations(WORKBOOK)
    for parent, tag, at in listed:
        if (parent, tag) == ("sheets", "sheet"):
            relation = relations.get(at.get("id", ""))
            if relation and relation.kind == "worksheet" and package.has(relation.part):
                yield SheetPart(at.get("name", ""), relation.part)


def cell_formats(package: Package) -> list[str]:
    """Return the number format of each style that cells refer to."""
    parts = [*package.related(WORKBOOK, "styles")]
    custom: dict[int, str] = {}
    numbers = []
    for parent, tag, at in elements(package.read(parts[0])) if parts else ():
        if (parent, tag) == ("numFmts", "numFmt"):
            custom[int(at["numFmtId"])] = at.get("formatCode", GENERAL)
        elif (parent, tag) == ("cellXfs", "xf"):
            numbers.append(int(at.get("numFmtId", 0)))
    known = BUILTIN_FORMATS | custom
    return [known.get(number, GENERAL) for number in numbers]


def reckoned_at_opening(listed: Sequence[Element]) -> list[str]:
    """Return a remark where formulas may hold values that nobody worked out.

    Libraries that write workbooks put 0 there and ask the program to reckon anew.
    """
    asks = any(
        tag == "calcPr" and at.get("fullCalcOnLoad") in ("1", "true")
        for _, tag, at in listed
    )
    return ["the values of its formulas may be stale: open and save it"] if asks else []


def comment_remarks(package: Package, part: str) -> list[str]:
    """Return a remark on the comments of a sheet, where it has any."""
    count = sum(
        tag == "comment"
        for comments in package.related(part, "comments")
        for _, tag, _ in elements(package.read(comments))
    )
    return comments_remark(count)

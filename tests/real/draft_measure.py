"""How little of a draft has to be changed: drafts beside the declarations in use.

In here: the facts that a declaration states of its tables, and the share of them that
the draft of `point27 propose` states as well. Not in here: codes and citations, which
no program can know: they are marked in a draft as to be filled.

`python tests/real/draft_measure.py` writes the table.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import TypeAdapter

from pipeline.declarations.base import FILL_IN, PlainLoader, read_declaration
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layouts import (
    CrosstabTable,
    FlatTable,
    NonDataSheet,
    SheetLayout,
    tables_of,
)
from pipeline.declarations.sources import Source, SourceFile
from pipeline.propose.source_draft import propose
from pipeline.propose.trial import with_granted
from pipeline.workspace import REPOSITORY, Workspace

FOLDER = REPOSITORY.parent / "shared" / "data" / "real"
SOURCES = Path(__file__).parent / "schemas" / "sources"
Fact = tuple[str, ...]


class Measure(NamedTuple):
    """What of one source its draft had right, and what was left to be filled."""

    source: str
    sheets: int
    sheets_right: int
    facts: int
    facts_right: int
    facts_wrong: int
    to_fill: int
    sheets_read: int

    @property
    def share(self) -> float:
        """Return the share of the facts that the draft states."""
        return self.facts_right / self.facts


def measured(path: Path) -> Measure:
    """Return the measure of one source; its files stand in the shared folder."""
    source = read_declaration(path, Source)
    totals = [0] * 7
    for declared in source.files:
        folder = FOLDER / path.stem.replace("_", "-")
        for file in sorted(folder.glob(declared.file)):
            draft = propose(file, Workspace(REPOSITORY))
            totals = [
                a + b for a, b in zip(totals, of_file(declared, draft), strict=True)
            ]
    return Measure(path.stem, *totals)


def of_file(declared: SourceFile, draft: str) -> list[int]:
    """Return the counts of one file."""
    tree = with_granted(yaml.load(draft, PlainLoader)["files"][0])  # noqa: S506
    drafted = TypeAdapter(SourceFile).validate_python(tree)
    found = {normalise(one.sheet): one for one in drafted.sheets}
    sheets_right, facts, right, wrong = 0, 0, 0, 0
    for layout in declared.sheets:
        other = found.get(normalise(layout.sheet))
        if other is None and len(drafted.sheets) == len(declared.sheets) == 1:
            other = drafted.sheets[0]
        if other is None:
            other = next(
                (one for one in drafted.sheets if one.sheet.endswith("*")), None
            )
        wanted = {*facts_of(layout)}
        stated = {*facts_of(other)} if other is not None else set()
        sheets_right += shape_of(layout) == shape_of(other)
        facts += len(wanted)
        right += len(wanted & stated)
        wrong += len(stated - wanted)
    read = draft.count("# Read by this layout")
    open_ones = sum(
        line.count(FILL_IN) for line in draft.splitlines() if not line.startswith("#")
    )
    return [len(declared.sheets), sheets_right, facts, right, wrong, open_ones, read]


def shape_of(layout: SheetLayout | None) -> tuple[str, ...]:
    """Return what a sheet holds: nothing, or tables of which layouts."""
    if layout is None:
        return ("absent",)
    return tuple(table.layout for table in tables_of(layout))


def facts_of(layout: SheetLayout) -> Iterator[Fact]:
    """Yield what the declaration of a sheet states, as texts that can be compared."""
    if isinstance(layout, NonDataSheet):
        yield ("no data",)
        return
    if layout.notes_from:
        yield ("notes from", layout.notes_from)
    for number, table in enumerate(tables_of(layout)):
        for fact in table_facts(table):
            yield (str(number), *fact)


def table_facts(table: FlatTable | CrosstabTable) -> Iterator[Fact]:
    """Yield what the declaration of a table states."""
    yield ("record", table.record)
    yield from (("sign", sign) for sign in table.footnotes)
    if table.area.from_:
        yield ("from", normalise(table.area.from_))
    if table.fiscal_start:
        yield ("fiscal start",)
    if table.period:
        yield ("period",)
    for name in table.constants:
        if name not in ("figure_id", "period_type", "period_start", "period_end"):
            yield ("constant or column", name)
    if isinstance(table, FlatTable):
        yield from flat_facts(table)
    else:
        yield from cross_facts(table)


def flat_facts(table: FlatTable) -> Iterator[Fact]:
    """Yield what the declaration of a flat table states of its columns."""
    yield ("header", str(table.header_rows), table.header_name)
    for header, names in table.columns.items():
        for name in (names,) if isinstance(names, str) else names:
            yield ("column", normalise(header), name)
    yield from (("dropped", normalise(header)) for header in table.dropped)
    yield from (("split", normalise(header)) for header in table.split)
    yield from (("fill down", normalise(header)) for header in table.fill_down)
    yield from (("join", name, *join.columns) for name, join in table.join.items())
    for control in table.controls:
        yield ("totals", *(normalise(header) for header in control.rows), *control.by)


def cross_facts(table: CrosstabTable) -> Iterator[Fact]:
    """Yield what the declaration of a crosstab states of its labels."""
    for stub in table.stub_columns:
        yield ("labels in", normalise(stub.header) or stub.column, stub.stands)
        if stub.field:
            yield ("labels are", stub.field)
    for axis, exact, like, controls in (
        ("row", table.rows, table.rows_like, table.row_controls),
        ("column", table.columns, table.columns_like, table.column_controls),
    ):
        yield from fields_of(axis, exact)
        yield from fields_of(axis, like)
        yield from ((f"{axis} total", normalise(text)) for text in controls)
        yield from ((axis, normalise(text)) for text in exact)
        yield from ((f"{axis} pattern",) for _ in like if axis == "column")
    for control in table.controls:
        yield ("totals", *(normalise(header) for header in control.rows), *control.by)
    ignored = (*table.ignore_columns, *table.ignore_rows)
    yield from (("ignored", normalise(text)) for text in ignored)


def fields_of(axis: str, told: Mapping[str, Mapping[str, str]]) -> Iterator[Fact]:
    """Yield the fields that the labels of one axis are values of, each once."""
    names = {name for fields in told.values() for name in fields}
    for name in sorted(names - {"unit", "unit_as_stated", "indicator"}):
        yield ("labels are" if axis == "row" else "columns are", name)
    if "indicator" in names:
        yield ("constant or column", "indicator")
    if "unit" in names:
        yield ("constant or column", "unit")


def table_of(measures: list[Measure]) -> str:
    """Return the measures as a table in Markdown."""
    lines = [
        "| source | right shape | read as is | facts right | share | wrong | open |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in measures:
        lines.append(
            f"| {one.source} | {one.sheets_right} of {one.sheets} "
            f"| {one.sheets_read} | "
            f"{one.facts_right} of {one.facts} | {one.share:.0%} | "
            f"{one.facts_wrong} | {one.to_fill} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    every = [measured(path) for path in sorted(SOURCES.glob("*.yml"))]
    sys.stdout.write(table_of(every))

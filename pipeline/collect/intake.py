"""Take in a source: its files read, laid out and pseudonymised, every cell counted.

In here: the order of the steps of `collect` for one source. Not in here: any of the
steps.
"""

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import NamedTuple

import pandas as pd

from pipeline.collect.apart import Job, Readers
from pipeline.collect.controls import no_controls
from pipeline.collect.identity import pseudonymise
from pipeline.collect.layout import Where
from pipeline.collect.tables import lay_sheet
from pipeline.collect.workbook import TEXT_SUFFIXES
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layouts import REFUSED_SHEET, NonDataSheet, SheetLayout
from pipeline.declarations.sources import Source, SourceFile
from pipeline.errors import InputError, Problem
from pipeline.model import LINEAGE, Delivery, Laid, LaidSheet, Sheet
from schemas.records import RECORDS


class Intake(NamedTuple):
    """What came in: records by kind, cells and remarks by sheet, printed totals."""

    records: dict[str, pd.DataFrame]
    cells: pd.DataFrame
    controls: pd.DataFrame


class LaidOut(NamedTuple):
    """One sheet of one delivery, laid out."""

    delivery: Delivery
    sheet: Sheet
    laid: LaidSheet


def take_in(source: Source, deliveries: list[Delivery], key: bytes) -> Intake:
    """Return the records of the deliveries of one source, persons as pseudonyms.

    Raises:
        InputError: with every problem of every file, not only the first.
    """
    intake, problems = look_at(source, deliveries, key)
    if problems:
        raise InputError(problems)
    return intake


def look_at(
    source: Source, deliveries: list[Delivery], key: bytes
) -> tuple[Intake, list[Problem]]:
    """Return the records of all sheets that are as declared, and every problem."""
    problems: list[Problem] = []
    laid: list[LaidOut] = []
    for _, sheets, found in laid_files(source, deliveries):
        laid += sheets
        problems += found
    return intake_of(laid, source, key), problems


def take_in_each(
    source: Source, deliveries: list[Delivery], key: bytes
) -> Iterator[tuple[Delivery, Intake, list[Problem]]]:
    """Yield each delivery with its records and every problem of it, one at a time.

    Ten files take no more memory than the largest of them.
    """
    for delivery, sheets, problems in laid_files(source, deliveries):
        yield delivery, intake_of(sheets, source, key), problems


def laid_files(
    source: Source, deliveries: list[Delivery]
) -> Iterator[tuple[Delivery, list[LaidOut], list[Problem]]]:
    """Yield the sheets of each delivery laid out, and every problem of it."""
    files = [(one, source.file_for(one.file)) for one in deliveries]
    known = [(one, declared) for one, declared in files if declared is not None]
    jobs = [Job(o.path, o.file, d.encoding, d.delimiter) for o, d in known]
    with Readers() as readers:
        reads = readers.read_all(jobs)
        for (delivery, declared), (_, sheets) in zip(known, reads, strict=True):
            if isinstance(sheets, InputError):
                yield delivery, [], [*sheets.problems]
            else:
                yield delivery, *lay_file(source, delivery, declared, sheets)


def lay_file(
    source: Source, delivery: Delivery, declared: SourceFile, sheets: list[Sheet]
) -> tuple[list[LaidOut], list[Problem]]:
    """Return the sheets of a file laid out, and every problem of the file."""
    sheets = named_as_declared(delivery, declared, sheets)
    declared = with_our_sheet(declared, sheets)
    problems = sheet_problems(delivery, source, declared, sheets)
    laid = []
    for sheet, layout in declared_sheets(declared, sheets):
        where = where_of(source, delivery, sheet.name)
        one = lay_sheet(sheet, layout, where)
        laid.append(LaidOut(delivery, sheet, one))
        problems += one.problems
    return laid, problems


def where_of(source: Source, delivery: Delivery, sheet: str) -> Where:
    """Return the place of a sheet, with what its source says of all sheets."""
    is_restricted = source.sensitivity == "restricted"
    return Where(delivery, sheet, is_restricted, source.marks, source.numbers)


def intake_of(laid: list[LaidOut], source: Source, key: bytes) -> Intake:
    """Return the records of laid out sheets, gathered by kind."""
    parts = [part for one in laid for part in one.laid.parts]
    names = dict.fromkeys(part.record for part in parts)
    controls = [one.laid.controls for one in laid]
    return Intake(
        {name: gather(name, parts, source, key) for name in names},
        pd.DataFrame([count_cells(one) for one in laid]),
        pd.concat([no_controls(), *controls], ignore_index=True),
    )


def named_as_declared(
    delivery: Delivery, declared: SourceFile, sheets: list[Sheet]
) -> list[Sheet]:
    """Return the one sheet of a text file under its declared name: it has none."""
    if delivery.path.suffix.lower() not in TEXT_SUFFIXES or len(declared.sheets) != 1:
        return sheets
    return [replace(sheet, name=declared.sheets[0].sheet) for sheet in sheets]


def with_our_sheet(declared: SourceFile, sheets: list[Sheet]) -> SourceFile:
    """Return the declaration with our sheet of reasons, if it came back with a file."""
    if all(normalise(sheet.name) != REFUSED_SHEET for sheet in sheets):
        return declared
    ours = NonDataSheet(sheet=REFUSED_SHEET, non_data="why point27 refused records")
    return declared.model_copy(update={"sheets": (*declared.sheets, ours)})


def declared_sheets(
    declared: SourceFile, sheets: list[Sheet]
) -> Iterator[tuple[Sheet, SheetLayout]]:
    """Yield each sheet that is declared, with its layout."""
    for sheet in sheets:
        layout = layout_for(declared, sheet.name)
        if layout is not None:
            yield sheet, layout


def layout_for(declared: SourceFile, name: str) -> SheetLayout | None:
    """Return the layout of a sheet: that of its name, else of a pattern it matches."""
    form = normalise(name)
    exact = (one for one in declared.sheets if normalise(one.sheet) == form)
    like = (one for one in declared.sheets if fnmatchcase(form, normalise(one.sheet)))
    return next(exact, None) or next(like, None)


def sheet_problems(
    delivery: Delivery, source: Source, declared: SourceFile, sheets: list[Sheet]
) -> list[Problem]:
    """Return the problem of sheets missing or not declared, if there is one."""
    layouts = {sheet.name: layout_for(declared, sheet.name) for sheet in sheets}
    used = {id(layout) for layout in layouts.values()}
    missing = [repr(one.sheet) for one in declared.sheets if id(one) not in used]
    where = where_of(source, delivery, "")
    extra = [where.shown(name) for name, layout in layouts.items() if layout is None]
    if not missing and not extra:
        return []
    return [
        Problem(
            delivery.file,
            f"sheets declared but missing: {', '.join(missing) or 'none'}. "
            f"sheets in the file but not declared: {', '.join(extra) or 'none'}",
            "exactly the sheets "
            + ", ".join(repr(layout.sheet) for layout in declared.sheets),
            f"rename or remove the sheet, or declare it in {where.declaration}",
        )
    ]


def gather(name: str, laid: list[Laid], source: Source, key: bytes) -> pd.DataFrame:
    """Return all records of one kind as one frame, all fields there, all text."""
    record = RECORDS[name]
    parts = [part.records for part in laid if part.record == name]
    frame = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    extra = ["value_as_printed"] if name == "figures" else []
    frame = frame.reindex(columns=[*LINEAGE, *record.names, *extra])
    kept = frozenset(word.casefold() for word in source.marks) | {"unknown", "_u"}
    for field in record.fields:
        column = frame[field.name].astype("str")
        if field.kind == "pseudonym":
            column = pseudonymise(column, key, kept)
        frame[field.name] = column
    return frame


def count_cells(one: LaidOut) -> dict[str, object]:
    """Return the cell count of one sheet, and how it was read."""
    delivery, laid = one.delivery, one.laid
    return {
        "source_id": delivery.source_id,
        "delivery_id": delivery.delivery_id,
        "file": delivery.file,
        "sheet": one.sheet.name,
        "record": "; ".join(dict.fromkeys(part.record for part in laid.parts)),
        "cells_read": laid.cells_read,
        "cells_non_data": laid.cells_non_data,
        "remarks": "; ".join(one.sheet.remarks),
    }

"""Take in a source: its files read, laid out and pseudonymised, every cell counted.

In here: the order of the steps of `collect` for one source. Not in here: any of the
steps.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from pipeline.collect.crosstab import lay_crosstab
from pipeline.collect.flat import lay_flat
from pipeline.collect.identity import pseudonymise
from pipeline.collect.layout import Where, filled, refuse_faults
from pipeline.collect.workbook import read_sheets
from pipeline.declarations.codelists import normalise
from pipeline.declarations.sources import (
    FlatSheet,
    NonDataSheet,
    SheetLayout,
    Source,
    SourceFile,
)
from pipeline.errors import InputError, LayoutError, Problem
from pipeline.model import LINEAGE, Delivery, Laid, Sheet
from schemas.records import RECORDS

Layout = NonDataSheet | SheetLayout


class Intake(NamedTuple):
    """What came in: records by kind, and the count of cells by sheet."""

    records: dict[str, pd.DataFrame]
    cells: pd.DataFrame


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
    laid: list[tuple[Delivery, str, Laid]] = []
    for delivery in deliveries:
        declared = source.file_for(delivery.file)
        if declared is None:
            continue
        try:
            sheets = read_sheets(delivery.path, delivery.file, declared.encoding)
        except InputError as error:
            problems += error.problems
            continue
        sheets = named_as_declared(delivery, declared, sheets)
        problems += sheet_problems(delivery, source, declared, sheets)
        for sheet, layout in declared_sheets(declared, sheets):
            where = Where(delivery, sheet.name, source.sensitivity == "restricted")
            try:
                laid.append((delivery, sheet.name, lay_sheet(sheet, layout, where)))
            except LayoutError as error:
                problems += error.problems
    return intake_of(laid, source, key), problems


def intake_of(
    laid: list[tuple[Delivery, str, Laid]], source: Source, key: bytes
) -> Intake:
    """Return the records of laid out sheets, gathered by kind."""
    names = dict.fromkeys(part.record for _, _, part in laid if part.record)
    return Intake(
        {name: gather(name, [p for _, _, p in laid], source, key) for name in names},
        pd.DataFrame([count_cells(*part) for part in laid]),
    )


def named_as_declared(
    delivery: Delivery, declared: SourceFile, sheets: list[Sheet]
) -> list[Sheet]:
    """Return the one sheet of a CSV under its declared name: the file has none."""
    if delivery.path.suffix.lower() != ".csv" or len(declared.sheets) != 1:
        return sheets
    return [replace(sheet, name=declared.sheets[0].sheet) for sheet in sheets]


def declared_sheets(
    declared: SourceFile, sheets: list[Sheet]
) -> Iterator[tuple[Sheet, Layout]]:
    """Yield each sheet that is declared, with its layout."""
    layouts = {normalise(layout.sheet): layout for layout in declared.sheets}
    for sheet in sheets:
        layout = layouts.get(normalise(sheet.name))
        if layout is not None:
            yield sheet, layout


def lay_sheet(sheet: Sheet, layout: Layout, where: Where) -> Laid:
    """Return one sheet after its layout."""
    if isinstance(layout, NonDataSheet):
        read = int(filled(sheet.values).to_numpy().sum())
        return Laid("", pd.DataFrame(), read, read)
    refuse_faults(where, sheet)
    if isinstance(layout, FlatSheet):
        return lay_flat(sheet, layout, where)
    return lay_crosstab(sheet, layout, where)


def sheet_problems(
    delivery: Delivery, source: Source, declared: SourceFile, sheets: list[Sheet]
) -> list[Problem]:
    """Return the problem of sheets missing or not declared, if there is one."""
    wanted = {normalise(layout.sheet): layout.sheet for layout in declared.sheets}
    present = {normalise(sheet.name): sheet.name for sheet in sheets}
    missing = [repr(name) for form, name in wanted.items() if form not in present]
    where = Where(delivery, "", source.sensitivity == "restricted")
    extra = [where.shown(name) for form, name in present.items() if form not in wanted]
    if not missing and not extra:
        return []
    return [
        Problem(
            delivery.file,
            f"sheets declared but missing: {', '.join(missing) or 'none'}. "
            f"sheets in the file but not declared: {', '.join(extra) or 'none'}",
            "exactly the sheets " + ", ".join(repr(name) for name in wanted.values()),
            f"rename or remove the sheet, or declare it in {where.declaration}",
        )
    ]


def gather(name: str, laid: list[Laid], source: Source, key: bytes) -> pd.DataFrame:
    """Return all records of one kind as one frame, all fields there, all text."""
    record = RECORDS[name]
    frame = pd.concat([part.records for part in laid if part.record == name])
    extra = ["value_as_printed"] if name == "figures" else []
    frame = frame.reindex(columns=[*LINEAGE, *record.names, *extra])
    kept = frozenset(word.casefold() for word in source.marks) | {"unknown", "_u"}
    for field in record.fields:
        column = frame[field.name].astype("str").str.strip()
        column = column.mask(column.eq(""))
        if field.kind == "pseudonym":
            column = pseudonymise(column, key, kept)
        frame[field.name] = column
    return frame.reset_index(drop=True)


def count_cells(delivery: Delivery, sheet: str, laid: Laid) -> dict[str, object]:
    """Return the cell count of one sheet."""
    return {
        "source_id": delivery.source_id,
        "delivery_id": delivery.delivery_id,
        "file": delivery.file,
        "sheet": sheet,
        "record": laid.record,
        "cells_read": laid.cells_read,
        "cells_non_data": laid.cells_non_data,
    }

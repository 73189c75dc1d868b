"""Take in a source: its files read, laid out and pseudonymised, every cell counted.

In here: the order of the steps of `collect` for one source. Not in here: any of the
steps.
"""

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
    Source,
    SourceFile,
)
from pipeline.errors import InputError, LayoutError, Problem
from pipeline.model import LINEAGE, Delivery, Laid, Sheet
from schemas.records import RECORDS


class Intake(NamedTuple):
    """What came in: records by kind, and the count of cells by sheet."""

    records: dict[str, pd.DataFrame]
    cells: pd.DataFrame


def take_in(source: Source, deliveries: list[Delivery], key: bytes) -> Intake:
    """Return the records of the deliveries of one source, persons as pseudonyms.

    Raises:
        InputError: with every problem of every file, not only the first.
    """
    problems: list[Problem] = []
    laid: list[tuple[Delivery, str, Laid]] = []
    for delivery in deliveries:
        declared = source.file_for(delivery.file)
        try:
            laid += lay_file(delivery, declared) if declared else []
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    names = dict.fromkeys(part.record for _, _, part in laid if part.record)
    return Intake(
        {name: gather(name, [p for _, _, p in laid], source, key) for name in names},
        pd.DataFrame([count_cells(*part) for part in laid]),
    )


def lay_file(
    delivery: Delivery, declared: SourceFile
) -> list[tuple[Delivery, str, Laid]]:
    """Return every sheet of a file after its layout.

    Raises:
        InputError: the file cannot be read, a sheet is missing or not declared, or a
            sheet is not as declared.
    """
    sheets = read_sheets(delivery.path, delivery.file, declared.encoding)
    refuse_other_sheets(delivery, declared, sheets)
    layouts = {normalise(layout.sheet): layout for layout in declared.sheets}
    laid, problems = [], []
    for sheet in sheets:
        layout = layouts[normalise(sheet.name)]
        try:
            laid.append((delivery, sheet.name, lay_sheet(sheet, layout, delivery)))
        except LayoutError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return laid


def lay_sheet(sheet: Sheet, layout: object, delivery: Delivery) -> Laid:
    """Return one sheet after its layout."""
    where = Where(delivery, sheet.name)
    if isinstance(layout, NonDataSheet):
        read = int(filled(sheet.values).to_numpy().sum())
        return Laid("", pd.DataFrame(), read, read)
    refuse_faults(where, sheet)
    if isinstance(layout, FlatSheet):
        return lay_flat(sheet, layout, where)
    return lay_crosstab(sheet, layout, where)


def refuse_other_sheets(
    delivery: Delivery, declared: SourceFile, sheets: list[Sheet]
) -> None:
    """Raise LayoutError when a sheet is missing or not declared."""
    wanted = {normalise(layout.sheet): layout.sheet for layout in declared.sheets}
    present = {normalise(sheet.name): sheet.name for sheet in sheets}
    missing = [name for form, name in wanted.items() if form not in present]
    extra = [name for form, name in present.items() if form not in wanted]
    if missing or extra:
        raise LayoutError(
            [
                Problem(
                    delivery.file,
                    f"sheets missing: {', '.join(missing) or 'none'}; "
                    f"sheets not declared: {', '.join(extra) or 'none'}",
                    "exactly the sheets " + ", ".join(wanted.values()),
                    "rename or remove the sheet, or declare it in "
                    f"schemas/sources/{delivery.source_id}.yml",
                )
            ]
        )


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

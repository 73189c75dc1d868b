"""Lay out a sheet: every table declared on it, and a role for every cell.

In here: the order of tables on a sheet, and what is left over when all are read. Not
in here: the shapes of tables (`flat.py`, `crosstab.py`).
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.collect.area import title_rows
from pipeline.collect.controls import no_controls
from pipeline.collect.crosstab import lay_crosstab
from pipeline.collect.flat import lay_flat
from pipeline.collect.layout import (
    Board,
    Where,
    board_of,
    refuse_faults,
    refuse_hidden,
    starts_with,
    stray_problem,
)
from pipeline.declarations.layouts import (
    CrosstabTable,
    FlatTable,
    NonDataSheet,
    SheetLayout,
    SheetOfTables,
    tables_of,
)
from pipeline.errors import LayoutError, Problem
from pipeline.model import Laid, LaidSheet, Role, Sheet


def lay_sheet(sheet: Sheet, layout: SheetLayout, where: Where) -> LaidSheet:
    """Return a sheet after its layout: records, totals, a role for each cell.

    Problems are returned with it, and then it has no records: whoever looks at the
    sheet still sees what was understood.
    """
    laid = lay_what_fits(sheet, layout, where)
    if laid.problems:
        return replace(laid, parts=(), controls=no_controls())
    return laid


def lay_what_fits(sheet: Sheet, layout: SheetLayout, where: Where) -> LaidSheet:
    """Return a sheet as `lay_sheet` does, with the records of tables without a fault.

    They are there whatever else is wrong on the sheet: to be looked at, not loaded.
    """
    board = board_of(sheet, where)
    if isinstance(layout, NonDataSheet):
        board.give(slice(None), range(board.roles.shape[1]), Role.NON_DATA)
        return LaidSheet((), no_controls(), board.roles)
    parts, controls, problems = lay_tables(board, layout)
    if not problems and (stray := stray_problem(board)):
        problems = [stray]
    return LaidSheet(tuple(parts), controls, board.roles, tuple(problems))


def lay_tables(
    board: Board, layout: SheetLayout
) -> tuple[list[Laid], pd.DataFrame, list[Problem]]:
    """Return records and totals of all tables of a sheet, and every problem."""
    parts: list[Laid] = []
    controls = [no_controls()]
    problems: list[Problem] = []
    try:
        refuse_faults(board.where, board.sheet)
        if not isinstance(layout, NonDataSheet) and layout.hidden == "refuse":
            refuse_hidden(board.where, board.sheet)
    except LayoutError as error:
        problems += error.problems
    if not isinstance(layout, NonDataSheet) and layout.notes_from:
        take_notes(board, layout.notes_from)
    for table in tables_of(layout):
        try:
            records, totals = lay_table(board, table)
            parts += records
            controls.append(totals)
        except LayoutError as error:
            problems += error.problems
    give_the_rest(board, layout)
    return parts, pd.concat(controls, ignore_index=True), problems


def take_notes(board: Board, start: str) -> None:
    """Mark all from the first row that begins with a text as notes."""
    left = board.roles == Role.NOT_UNDERSTOOD
    rows = np.flatnonzero(starts_with(board.texts, left, (start,)))
    if len(rows):
        board.stop = int(rows[0])
        board.give(slice(board.stop, None), range(board.roles.shape[1]), Role.NOTE)


def lay_table(
    board: Board, table: FlatTable | CrosstabTable
) -> tuple[list[Laid], pd.DataFrame]:
    """Return the records of one table and its totals. Raises LayoutError."""
    if isinstance(table, FlatTable):
        return lay_flat(board, table)
    return lay_crosstab(board, table)


def give_the_rest(board: Board, layout: SheetLayout) -> None:
    """Mark what stands above all tables as titles, and declared notes as notes."""
    understood = board.roles > Role.NOT_UNDERSTOOD
    if not understood.any():
        return
    first = int(np.argmax(understood.any(axis=1)))
    columns = range(board.roles.shape[1])
    board.give(title_rows(board, 0, first, columns), columns, Role.TITLE)
    if isinstance(layout, SheetOfTables) and layout.notes:
        left = board.roles == Role.NOT_UNDERSTOOD
        rows = starts_with(board.texts, left, layout.notes)
        for row in np.flatnonzero(rows):
            free = [at for at in columns if left[row, at]]
            board.give([int(row)], free, Role.NOTE)

"""What tests of `collect` share: a sheet from rows, and the place it was read at."""

from pathlib import Path

import pandas as pd

from pipeline.collect.layout import Where
from pipeline.collect.tables import lay_sheet
from pipeline.declarations.layouts import SheetLayout
from pipeline.errors import LayoutError
from pipeline.model import Delivery, LaidSheet, Merge, Sheet

DELIVERY = Delivery("src", "2026-01-31", "f.xlsx", "0" * 64, 1, Path("f.xlsx"))
WHERE = Where(DELIVERY, "S")


def sheet_of(rows: list[list[str | None]], *merged: Merge, **facts: object) -> Sheet:
    """Return a sheet of these rows, with its merged ranges."""
    width = max(len(row) for row in rows)
    frame = pd.DataFrame(
        [row + [None] * (width - len(row)) for row in rows], dtype="str"
    )
    shown = facts.get("shown", {})
    return Sheet("S", frame.mask(frame.eq("")), shown, merged)  # type: ignore[arg-type]


def lay(sheet: Sheet, layout: SheetLayout, where: Where = WHERE) -> LaidSheet:
    """Return a sheet after its layout. Raises LayoutError with its problems."""
    laid = lay_sheet(sheet, layout, where)
    if laid.problems:
        raise LayoutError(laid.problems)
    return laid


def only(laid: LaidSheet) -> pd.DataFrame:
    """Return the records of a sheet that is made into one kind."""
    (part,) = laid.parts
    return part.records

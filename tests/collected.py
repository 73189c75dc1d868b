"""What tests of `collect` share: a sheet from rows, and the place it was read at."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.collect.layout import Where
from pipeline.collect.tables import lay_sheet
from pipeline.declarations.layouts import SheetLayout
from pipeline.errors import LayoutError
from pipeline.model import Delivery, LaidSheet, Merge, Sheet

DELIVERY = Delivery("src", "2026-01-31", "f.xlsx", "0" * 64, 1, Path("f.xlsx"))
WHERE = Where(DELIVERY, "S")
PLAIN: Mapping[tuple[int, int], str] = {}


def sheet_of(
    rows: list[list[str | None]],
    *merged: Merge,
    shown: Mapping[tuple[int, int], str] = PLAIN,
) -> Sheet:
    """Return a sheet of these rows, with its merged ranges and what cells show."""
    width = max(len(row) for row in rows)
    frame = pd.DataFrame(
        [row + [None] * (width - len(row)) for row in rows], dtype="str"
    )
    return Sheet("S", frame.mask(frame.eq("")), dict(shown), merged)


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

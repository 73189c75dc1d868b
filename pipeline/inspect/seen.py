"""A file as it is looked at: every sheet with the role of each of its cells.

In here: reading a file, with or without a source, so that something can be shown of
it whatever is wrong. Not in here: what may be shown (`showing.py`), judging records
(`judged.py`).
"""

from dataclasses import dataclass
from pathlib import Path

from pipeline.collect.apart import read_apart
from pipeline.collect.controls import no_controls
from pipeline.collect.intake import (
    LaidOut,
    layout_for,
    named_as_declared,
    sheet_problems,
    where_of,
)
from pipeline.collect.layout import Where, board_of
from pipeline.collect.tables import lay_what_fits
from pipeline.declarations.layouts import SheetLayout
from pipeline.declarations.sources import Source, SourceFile
from pipeline.errors import Problem
from pipeline.lineage import sha256_of
from pipeline.model import Delivery, LaidSheet, Sheet

NO_VINTAGE = "0000-00-00"
NOBODY = "no_source"


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """One sheet with its layout; without one, no cell of it is understood."""

    sheet: Sheet
    layout: SheetLayout | None
    laid: LaidSheet


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file with all its sheets, and what is wrong with it as a whole."""

    delivery: Delivery
    source: Source | None
    sheets: tuple[SeenSheet, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_restricted(self) -> bool:
        """Return whether texts may be private: also where nobody has said."""
        return self.source is None or self.source.sensitivity == "restricted"

    @property
    def laid_out(self) -> list[LaidOut]:
        """Return the sheets that have a layout, as `collect` hands them on."""
        return [
            LaidOut(self.delivery, seen.sheet, seen.laid)
            for seen in self.sheets
            if seen.layout is not None
        ]

    def told_name(self, seen: SeenSheet, number: int) -> str:
        """Return how its sheet of a number is called.

        One that is not declared may be called by a person's name.
        """
        if seen.layout is None and self.is_restricted:
            return f"sheet {number}"
        return seen.sheet.name


def see_file(
    path: Path, source: Source | None, declared: SourceFile | None = None
) -> SeenFile:
    """Return a file with the role of each cell.

    Args:
        path: the file.
        source: whose it is, if that is known.
        declared: what the source declares of it; by default, by its name.

    Raises:
        UnreadableFileError: it cannot be opened.
    """
    name = source.source if source else NOBODY
    size = path.stat().st_size
    delivery = Delivery(name, NO_VINTAGE, path.name, sha256_of(path), size, path)
    declared = declared or (source.file_for(path.name) if source else None)
    encoding, delimiter = (
        (declared.encoding, declared.delimiter) if declared else ("", "")
    )
    sheets = read_apart(path, path.name, encoding, delimiter)
    if source is None or declared is None:
        seen = tuple(see_sheet(one, None, Where(delivery, one.name)) for one in sheets)
        return SeenFile(delivery, source, seen, wrong_name(path, source))
    sheets = named_as_declared(delivery, declared, sheets)
    laid = tuple(
        see_sheet(
            sheet,
            layout_for(declared, sheet.name),
            where_of(source, delivery, sheet.name),
        )
        for sheet in sheets
    )
    problems = sheet_problems(delivery, source, declared, sheets)
    return SeenFile(delivery, source, laid, tuple(problems))


def see_sheet(sheet: Sheet, layout: SheetLayout | None, where: Where) -> SeenSheet:
    """Return a sheet laid out, or not understood where it has no layout.

    Tables without a fault keep their records, whatever else is wrong on the sheet:
    what is to be mended in them is told at the same time.
    """
    if layout is None:
        nothing = LaidSheet((), no_controls(), board_of(sheet, where).roles)
        return SeenSheet(sheet, None, nothing)
    return SeenSheet(sheet, layout, lay_what_fits(sheet, layout, where))


def wrong_name(path: Path, source: Source | None) -> tuple[Problem, ...]:
    """Return the problem of a file that its source does not declare."""
    if source is None:
        return ()
    return (
        Problem(
            path.name,
            f"not the name of a file of {source.source}",
            " or ".join(file.file for file in source.files),
            "give the file the name that its source declares",
        ),
    )

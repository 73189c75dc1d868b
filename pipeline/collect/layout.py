"""Turn a grid of cells into records, by a declared layout. No cleaning of values.

In here: what flat tables and crosstabs share: where a sheet was read, the two-sided
comparison of headers, notes, lineage. Not in here: the two shapes themselves
(`flat.py`, `crosstab.py`), reading (`workbook.py`), coding (`process/`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.declarations.codelists import normalise
from pipeline.errors import LayoutError, Problem
from pipeline.lineage import address, place
from pipeline.model import Delivery, Laid, Sheet

MOST_SHOWN = 12
"""How many cells of one kind a message names."""


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a sheet was read at, and the file that says how."""

    delivery: Delivery
    sheet: str
    is_restricted: bool = False

    def at(self, cell: str = "") -> str:
        """Return file!sheet!cell."""
        return place(self.delivery.file, self.sheet, cell)

    def shown(self, text: str) -> str:
        """Return a text of the sheet for a message: itself only of a public source.

        In a restricted one it may be a person's name in a wrong place.
        """
        return f"a text of {len(text)} characters" if self.is_restricted else repr(text)

    @property
    def declaration(self) -> str:
        """Return the file in which the layout is declared."""
        return f"schemas/sources/{self.delivery.source_id}.yml"


def two_sided(
    where: Where, what: str, declared: Iterable[str], found: dict[str, str]
) -> None:
    """Raise when what is declared and what stands on the sheet differ.

    Args:
        where: the sheet.
        what: "column" or "row", for the message.
        declared: texts of the layout.
        found: text on the sheet → its cell.

    Raises:
        LayoutError: prints both lists, the missing and the unmapped.
    """
    wanted = {normalise(text): text for text in declared}
    present = {normalise(text): text for text in found}
    missing = [text for form, text in wanted.items() if form not in present]
    extra = [text for form, text in present.items() if form not in wanted]
    if not missing and not extra:
        return
    listed_missing = "; ".join(repr(text) for text in missing) or "none"
    listed_extra = (
        "; ".join(f"{where.shown(text)} at {found[text]}" for text in extra) or "none"
    )
    raise refusal(
        where.at(found[extra[0]] if extra else ""),
        f"{what}s declared but missing: {listed_missing}. "
        f"{what}s on the sheet but not declared: {listed_extra}",
        f"exactly the {what}s that the layout declares",
        f"mend the sheet, or declare the change in {where.declaration}",
    )


def refusal(place: str, what: str, expected: str, do: str) -> LayoutError:
    """Return the error of a sheet that is not as declared."""
    return LayoutError([Problem(place, what, expected, do)])


def refuse_repeated(where: Where, what: str, texts: dict[str, str]) -> None:
    """Raise LayoutError when two columns or rows have the same text.

    Args:
        where: the sheet.
        what: "header" or "row label", for the message.
        texts: cell → its text.
    """
    first: dict[str, str] = {}
    for cell, text in texts.items():
        other = first.setdefault(normalise(text), cell)
        if other != cell:
            raise refusal(
                where.at(cell),
                f"the {what} {where.shown(text)} stands twice, at {other} and {cell}",
                f"each {what} once",
                f"rename one of the two; declare the new name in {where.declaration}",
            )


def refuse_faults(where: Where, sheet: Sheet) -> None:
    """Raise LayoutError when cells hold errors or formulas without a saved value."""
    problems = [
        Problem(
            where.at(address(row, column)),
            f"the cell holds {fault}",
            "a value",
            "open the workbook in a spreadsheet program, mend the cell and save it",
        )
        for row, column, fault in sheet.faults
    ]
    if problems:
        raise LayoutError(problems)


def filled(values: pd.DataFrame) -> pd.DataFrame:
    """Return which cells hold anything but blanks."""
    has_text = values.apply(lambda column: column.str.strip().ne(""))
    is_filled: pd.DataFrame = values.notna() & has_text.astype(bool)
    return is_filled


def texts_of(cells: pd.Series) -> dict[int, str]:
    """Return position → text of the cells of a row or column that are not empty."""
    held = cells.dropna()
    return {int(at): str(text) for at, text in zip(held.index, held, strict=True)}


def is_note(values: pd.DataFrame, starts: Sequence[str]) -> pd.Series:
    """Return which rows begin with one of the declared starts of a note."""
    if not starts:
        return pd.Series(False, index=values.index)
    first = values.bfill(axis=1).iloc[:, 0].astype("str").str.strip()
    return first.str.startswith(tuple(starts)).fillna(False).astype(bool)


def refuse_stray(where: Where, stray: pd.DataFrame) -> None:
    """Raise LayoutError when filled cells stand where the layout expects none."""
    places = [
        address(int(row), int(column))
        for column in stray.columns
        for row in stray.index[stray[column]]
    ]
    if places:
        listed = ", ".join(places[:MOST_SHOWN]) + (" …" if places[MOST_SHOWN:] else "")
        cells = f"{len(places)} filled cells" if places[1:] else "a filled cell"
        raise refusal(
            where.at(places[0]),
            f"{cells} outside the declared table: {listed}",
            "every filled cell to be a title, a header, a value or a note",
            f"empty the cells, or declare them in {where.declaration} (a column under "
            "`columns:` or `dropped:`, a note by its first words under `notes:`)",
        )


def with_lineage(
    records: pd.DataFrame, where: Where, cells: pd.Series, columns: str
) -> pd.DataFrame:
    """Return records with the columns of `model.LINEAGE`.

    Args:
        records: fields and a column `cell`; the index is the row, counted from 0.
        where: the sheet.
        cells: how many filled cells each record is made of.
        columns: letter:field of a flat table, or an empty text.
    """
    delivery = where.delivery
    return records.assign(
        record_id=f"{delivery.delivery_id}!{where.sheet}!" + records["cell"],
        source_id=delivery.source_id,
        delivery_id=delivery.delivery_id,
        file=delivery.file,
        sheet=where.sheet,
        row=records.index + 1,
        cells=cells.astype("int64"),
        columns=columns,
    ).reset_index(drop=True)


def laid(record: str, records: pd.DataFrame, cells_read: int) -> Laid:
    """Return a sheet after its layout; what is in no record is declared non-data."""
    return Laid(record, records, cells_read, cells_read - int(records["cells"].sum()))

"""Writing made-up lists as workbooks and texts, the same bytes each time.

In here: sheets that grow row by row in bounded memory. Not in here: what stands in
them (`shapes.py`, `offices.py`).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import xlsxwriter

from pipeline.demo.world import Texts

CREATED = datetime(2026, 7, 1)  # noqa: DTZ001  no clock is read: a fixed day for all
ROWS_OF_A_PART = 500_000


class Sheet:
    """A sheet that is written from the top, row by row."""

    def __init__(self, sheet: Any, date_format: Any, merged: Any) -> None:
        self._sheet, self._date, self._merged = sheet, date_format, merged
        self.row = 0

    def line(self, cells: Sequence[object]) -> None:
        """Write one row of cells; None is a blank one."""
        for at, value in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, str):
                self._sheet.write_string(self.row, at, value)
            elif isinstance(value, date):
                self._sheet.write_datetime(self.row, at, value, self._date)
            else:
                self._sheet.write_number(self.row, at, value)
        self.row += 1

    def band(self, text: str, width: int) -> None:
        """Write one cell merged over the whole row."""
        self._sheet.merge_range(self.row, 0, self.row, width - 1, text, self._merged)
        self.row += 1

    def bands(self, texts: Sequence[tuple[str, int]]) -> None:
        """Write one row of cells, each merged over so many columns."""
        at = 0
        for text, width in texts:
            if width > 1:
                self._sheet.merge_range(
                    self.row, at, self.row, at + width - 1, text, self._merged
                )
            else:
                self._sheet.write_string(self.row, at, text)
            at += width
        self.row += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows blank."""
        self.row += rows

    def table(self, cells: Mapping[str, Texts], order: Iterable[str]) -> None:
        """Write the cells of columns, row by row."""
        for line in zip(*(cells[header].tolist() for header in order), strict=True):
            self.line(line)


class Book:
    """A workbook of growing sheets."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(path.parent)}
        )
        self._book.set_properties({"created": CREATED, "comments": "SYNTHETIC DATA"})
        self._date = self._book.add_format({"num_format": "dd.mm.yyyy"})
        self._merged = self._book.add_format({"align": "center"})
        self._sheets: dict[str, Sheet] = {}

    def sheet(self, name: str) -> Sheet:
        """Return the sheet of that name, made now if there is none."""
        if name not in self._sheets:
            made = self._book.add_worksheet(name)
            self._sheets[name] = Sheet(made, self._date, self._merged)
        return self._sheets[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()


class Parts:
    """A long list in text files of so many rows each, in an old encoding."""

    def __init__(self, folder: Path, name: str, header: Sequence[str]) -> None:
        self._folder, self._name, self._header = folder, name, [*header]
        self._rows = ROWS_OF_A_PART
        self._number = 0
        self._file: Any = None
        self._writer: Any = None

    def table(self, cells: Mapping[str, Texts]) -> None:
        """Write the cells of columns, row by row, into as many parts as they need."""
        lines = zip(*(cells[header].tolist() for header in self._header), strict=True)
        for line in lines:
            if self._rows == ROWS_OF_A_PART:
                self.begin()
            self._writer.writerow(["" if cell is None else cell for cell in line])
            self._rows += 1

    def begin(self) -> None:
        """Begin the next part."""
        self.close()
        self._number, self._rows = self._number + 1, 0
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._name}_{self._number:03d}.csv"
        self._file = path.open("w", encoding="cp1251", newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._writer.writerow(self._header)

    def close(self) -> None:
        """End the part that was begun."""
        if self._file is not None:
            self._file.close()

"""Open a delivered file and return its sheets as grids of text.

In here: choosing a reader, and telling what a file really is when it cannot be read.
Not in here: what the cells mean (`layout.py`); what only a slow reader knows of a
workbook (`peculiarities.py`).
"""

import csv
from pathlib import Path

import fastexcel
import msoffcrypto
import pandas as pd
import pyarrow as pa
from charset_normalizer import from_bytes

from pipeline.collect.peculiarities import Peculiarities, peculiarities
from pipeline.errors import Problem, UnreadableFileError
from pipeline.model import Sheet

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
TEXT_SUFFIXES = (".csv",)
ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_sheets(path: Path, name: str, encoding: str = "utf-8") -> list[Sheet]:
    """Return every sheet of a file; a CSV is one sheet called by its stem.

    Args:
        path: the file.
        name: how messages call it.
        encoding: of a CSV, as its source declares it.

    Raises:
        UnreadableFileError: empty, truncated, protected, or not what its name says.
    """
    suffix = path.suffix.lower()
    if path.stat().st_size == 0:
        raise unreadable(name, "the file is empty", "a spreadsheet with data")
    if suffix in TEXT_SUFFIXES:
        return [read_csv(path, name, encoding)]
    if suffix not in WORKBOOK_SUFFIXES:
        raise unreadable(
            name, f"files ending in {suffix!r} are not read", "a file .xlsx or .csv"
        )
    refuse_what_is_no_workbook(path, name)
    return read_workbook(path, name)


def unreadable(name: str, what: str, expected: str, do: str = "") -> UnreadableFileError:
    """Return the error of a file that cannot be read."""
    return UnreadableFileError(
        [Problem(name, what, expected, do or "ask the supplier for the file again")]
    )


def refuse_what_is_no_workbook(path: Path, name: str) -> None:
    """Raise UnreadableFileError when the bytes are not those of an .xlsx file."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(ZIP_START):
        return
    if start.startswith(OLE_START):
        raise unreadable_ole(path, name)
    if b"<html" in start.lower() or b"<table" in start.lower():
        raise unreadable(
            name,
            "a web page (HTML) saved under the name of a workbook",
            "an .xlsx workbook",
            "open it in a spreadsheet program and save it as .xlsx",
        )
    raise unreadable(name, "not a workbook (it is no zip archive)", "an .xlsx workbook")


def unreadable_ole(path: Path, name: str) -> UnreadableFileError:
    """Return the error of an old binary file: protected, or an .xls renamed."""
    with path.open("rb") as file:
        try:
            protected = msoffcrypto.OfficeFile(file).is_encrypted()
        except Exception:  # the library raises many kinds on foreign OLE files
            protected = False
    if protected:
        return unreadable(
            name,
            "protected with a password",
            "a workbook without a password",
            "open it with the password and save it without one",
        )
    return unreadable(
        name,
        "an old .xls workbook under the name of an .xlsx",
        "an .xlsx workbook",
        "open it in a spreadsheet program and save it as .xlsx",
    )


def read_workbook(path: Path, name: str) -> list[Sheet]:
    """Return every sheet of an .xlsx file."""
    try:
        facts = peculiarities(path)
        reader = fastexcel.read_excel(path)
        return [
            read_sheet(reader, sheet, facts.get(sheet, Peculiarities()))
            for sheet in reader.sheet_names
        ]
    except (fastexcel.FastExcelError, KeyError, OSError, ValueError) as error:
        raise unreadable(
            name,
            "damaged or cut off: it cannot be read to its end",
            "a whole .xlsx workbook",
        ) from error


def read_sheet(reader: fastexcel.ExcelReader, name: str, facts: Peculiarities) -> Sheet:
    """Return one sheet, its first column being column A."""
    read = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    table = pa.Table.from_batches([read.to_arrow()])
    frame = table.to_pandas(types_mapper=lambda _: pd.StringDtype(na_value=float("nan")))
    return Sheet(
        name,
        placed(frame, facts.first_column),
        facts.shown,
        facts.merged,
        facts.faults,
    )


def placed(frame: pd.DataFrame, first_column: int) -> pd.DataFrame:
    """Return the grid with one column per position from A, counted from 0.

    The fast reader leaves empty columns at the left out.
    """
    frame.columns = range(first_column, first_column + frame.shape[1])
    return frame.reindex(columns=range(first_column + frame.shape[1]))


def read_csv(path: Path, name: str, encoding: str) -> Sheet:
    """Return a CSV as one sheet; the delimiter is found, the encoding declared."""
    text = decode(path.read_bytes(), name, encoding)
    try:
        dialect = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
        rows = list(csv.reader(text.splitlines(), dialect))
    except csv.Error:
        rows = list(csv.reader(text.splitlines()))
    frame = pd.DataFrame(rows, dtype="str")
    return Sheet(path.stem, frame.mask(frame.eq("")), {})


def decode(data: bytes, name: str, encoding: str) -> str:
    """Return the text of a CSV. Raises UnreadableFileError on another encoding."""
    wanted = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return data.decode(wanted)
    except UnicodeDecodeError as error:
        best = from_bytes(data).best()
        guess = f"; it looks like {best.encoding}" if best else ""
        raise unreadable(
            name,
            f"not in the encoding {encoding}{guess}",
            f"text in {encoding}",
            "save it as UTF-8, or declare `encoding:` of the file in its source",
        ) from error

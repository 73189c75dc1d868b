"""Open a delivered file and return its sheets as grids of text.

In here: choosing a reader by the name of the file. Not in here: telling what a file
really is (`disguise.py`); what the cells mean (`layout.py`); what only a slow reader
knows of a workbook (`peculiarities.py`).
"""

import zlib
from pathlib import Path
from zipfile import BadZipFile

import fastexcel
import pandas as pd
import pyarrow as pa

from pipeline.collect.delimited import read_csv
from pipeline.collect.disguise import (
    SAVE_AS,
    refuse_what_is_no_text,
    refuse_what_is_no_workbook,
    unreadable,
)
from pipeline.collect.peculiarities import Peculiarities, peculiarities
from pipeline.collect.size import TooLargeError
from pipeline.model import Sheet

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
TEXT_SUFFIXES = (".csv",)
ASK_FOR_VALUES = (
    "copy its cells as values into a new workbook, without merged cells, formulas and "
    "empty columns at the left, or split it"
)


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
        raise unreadable(name, "the file is empty (0 bytes)", "a spreadsheet with data")
    if suffix in TEXT_SUFFIXES:
        refuse_what_is_no_text(path, name)
        return [read_csv(path, name, encoding)]
    if suffix not in WORKBOOK_SUFFIXES:
        raise unreadable(
            name, f"files ending in {suffix!r} are not read", "a file .xlsx or .csv",
            SAVE_AS,
        )  # fmt: skip
    refuse_what_is_no_workbook(path, name)
    return read_workbook(path, name)


def read_workbook(path: Path, name: str) -> list[Sheet]:
    """Return every sheet of an .xlsx file."""
    try:
        facts = peculiarities(path)
        reader = fastexcel.read_excel(path)
        return [
            read_sheet(reader, sheet, facts.get(sheet, Peculiarities()))
            for sheet in reader.sheet_names
        ]
    except TooLargeError as error:
        raise unreadable(
            name, str(error), "a workbook that fits into memory", ASK_FOR_VALUES
        ) from error
    except (
        *(BadZipFile, EOFError, zlib.error, SyntaxError),  # of XML, too
        *(fastexcel.FastExcelError, KeyError, OSError, ValueError, TypeError),
    ) as error:
        raise unreadable(
            name,
            "damaged or cut off: it cannot be read to its end",
            "a whole .xlsx workbook",
            half_written(path),
        ) from error


def half_written(path: Path) -> str:
    """Return what to do where a program still has the damaged file open."""
    lock = path.with_name(f"~${path.name}")
    other = path.with_name(f".~lock.{path.name}#")
    found = next((one.name for one in (lock, other) if one.exists()), "")
    if not found:
        return ""
    return (
        f"{found} beside it says that a spreadsheet program has it open: save it and "
        "close it there, then try again"
    )


def read_sheet(reader: fastexcel.ExcelReader, name: str, facts: Peculiarities) -> Sheet:
    """Return one sheet, its first column being column A."""
    read = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    table = pa.Table.from_batches([read.to_arrow()])
    text = pd.StringDtype(na_value=float("nan"))
    frame = table.to_pandas(types_mapper=lambda _: text)
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
    end = first_column + frame.shape[1]
    placed = frame.set_axis(pd.RangeIndex(first_column, end), axis="columns")
    return placed.reindex(columns=pd.RangeIndex(end))

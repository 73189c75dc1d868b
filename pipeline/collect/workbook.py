"""Open a delivered file and return its sheets as grids of text.

In here: choosing a reader by the name of the file, and the values by the fast reader.
Not in here: telling what a file really is (`disguise.py`); what the cells mean
(`layout.py`); what only a slower look tells (`office.py`, `xlsb.py`, `xls.py`);
OpenDocument (`opendocument.py`) and text (`delimited.py`), which one pass reads whole.
"""

import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.parsers.expat import ExpatError

import fastexcel
import pyarrow as pa

from pipeline.collect.delimited import read_delimited
from pipeline.collect.disguise import BAD_ARCHIVE, SAVE_AS, refuse_disguise, unreadable
from pipeline.collect.grid import Facts, Grid, OverlapError, named, placed, sheet_of
from pipeline.collect.office import office_facts
from pipeline.collect.opendocument import read_opendocument
from pipeline.collect.peculiarities import NO_DATE, UNTOLD, error_value
from pipeline.collect.safe_xml import HostileXmlError
from pipeline.collect.size import LARGE_BYTES, TooLargeError, TrickError
from pipeline.collect.xls import xls_facts
from pipeline.collect.xlsb import xlsb_facts
from pipeline.errors import UnreadableFileError
from pipeline.model import Sheet

FACTS: dict[str, Callable[[Path], dict[str, Facts]]] = {
    ".xlsx": office_facts,
    ".xlsm": office_facts,
    ".xlsb": xlsb_facts,
    ".xls": xls_facts,
}
OPEN_DOCUMENT = ".ods"
WORKBOOK_SUFFIXES = (*FACTS, OPEN_DOCUMENT)
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
SUFFIXES = (*WORKBOOK_SUFFIXES, *TEXT_SUFFIXES)

DAMAGES = (
    *BAD_ARCHIVE,
    *(ExpatError, LookupError, ValueError, TypeError, ArithmeticError),
    *(struct.error, fastexcel.FastExcelError, pa.ArrowException),
)
"""What the libraries say of a damaged file."""

ERROR_VALUES = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!",
    "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip


def read_sheets(
    path: Path, name: str, encoding: str = "", delimiter: str = ""
) -> list[Sheet]:
    """Return every sheet of a file; a text is one sheet called by its stem.

    Args:
        path: the file.
        name: how messages call it.
        encoding: of a text, as its source declares it; empty to find it.
        delimiter: of a text, as its source declares it; empty to find it.

    Raises:
        UnreadableFileError: empty, truncated, protected, or not what its name says.
    """
    return sheets_of(read_grids(path, name, encoding, delimiter), name)


def sheets_of(grids: list[Grid], name: str) -> list[Sheet]:
    """Return sheets as layouts read them.

    Raises:
        UnreadableFileError: merged ranges overlap.
    """
    try:
        return [sheet_of(grid) for grid in grids]
    except OverlapError as error:
        raise unreadable(
            name,
            f"damaged: {error}",
            "merged ranges apart from each other",
            "unmerge the cells in a spreadsheet program and save it",
        ) from error


def read_grids(
    path: Path, name: str, encoding: str = "", delimiter: str = ""
) -> list[Grid]:
    """Return every sheet of a file as `read_sheets` does, before pandas.

    Raises:
        UnreadableFileError: as `read_sheets`.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise unreadable(
            name, "no file of data (a folder, a pipe, a device)", "a spreadsheet"
        )
    if path.stat().st_size == 0:
        raise unreadable(name, "the file is empty (0 bytes)", "a spreadsheet with data")
    if suffix not in SUFFIXES:
        raise unreadable(
            name,
            f"files ending in {suffix!r} are not read",
            "a file " + ", ".join(SUFFIXES),
            SAVE_AS,
        )
    refuse_disguise(path, name)
    try:
        if suffix in TEXT_SUFFIXES:
            return [read_delimited(path, name, encoding, delimiter)]
        return read_workbook(path, name)
    except TooLargeError as error:
        raise too_large(name, str(error)) from error
    except MemoryError as error:
        raise too_large(name, "too large: it takes more memory than it may") from error


def read_workbook(path: Path, name: str) -> list[Grid]:
    """Return every sheet of a workbook, with what goes wrong in our words.

    Raises:
        UnreadableFileError: damaged, too large, or made to mislead.
    """
    try:
        return grids_of(path, name)
    except BaseException as error:
        # The fast reader panics on some damages, and its panic is no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path, name) from None


def grids_of(path: Path, name: str) -> list[Grid]:
    """Return every sheet of a workbook, as `read_workbook` does.

    Raises:
        UnreadableFileError: as `read_workbook`, but for panics.
    """
    try:
        if path.suffix.lower() == OPEN_DOCUMENT:
            return read_opendocument(path)
        return with_values(path)
    except (TooLargeError, MemoryError):  # before what Arrow says of memory
        raise
    except (HostileXmlError, TrickError) as error:
        raise unreadable(
            name, f"made to mislead: {error}", "a workbook as a spreadsheet program "
            "writes it", "do not open it; ask the supplier for the file again",
        ) from error  # fmt: skip
    except DAMAGES as error:
        raise damaged(path, name) from error


def damaged(path: Path, name: str) -> UnreadableFileError:
    """Return the error of a file that cannot be read to its end."""
    return unreadable(
        name,
        "damaged or cut off: it cannot be read to its end",
        f"a whole {path.suffix.lower()} workbook",
        half_written(path),
    )


def too_large(name: str, what: str) -> UnreadableFileError:
    """Return the error of a file that is too large to be read."""
    return unreadable(
        name,
        what,
        "a file that fits into memory",
        "delete what is empty or far off, or split it",
    )


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


def with_values(path: Path) -> list[Grid]:
    """Return the sheets of a workbook: values by the fast reader, facts by ours."""
    look = FACTS[path.suffix.lower()]
    if path.stat().st_size < LARGE_BYTES:
        facts = look(path)
        grids = values(path)
    else:
        with ThreadPoolExecutor(1) as beside:  # the fast reader leaves Python alone
            looking = beside.submit(look, path)
            grids = values(path)
            facts = looking.result()
    for grid in grids:
        merge_facts(grid.facts, facts.get(grid.name, Facts(remarks=[UNTOLD])))
    return grids


def values(path: Path) -> list[Grid]:
    """Return the sheets of a workbook by the fast reader."""
    reader = fastexcel.read_excel(path)
    return [values_of(reader, name) for name in reader.sheet_names]


def merge_facts(into: Facts, other: Facts) -> None:
    """Put the facts of a slower look beside those of the fast reader."""
    into.shown |= other.shown
    into.merged += other.merged
    into.faults = sorted({at[:2]: at for at in into.faults + other.faults}.values())
    into.hidden_rows += other.hidden_rows
    into.hidden_columns += other.hidden_columns
    into.remarks += other.remarks


def values_of(reader: fastexcel.ExcelReader, name: str) -> Grid:
    """Return one sheet, its first column being column A."""
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    is_hidden = sheet.visible != "visible"
    if not sheet.width:
        return Grid(name, named([]), Facts(is_hidden=is_hidden))
    batch, errors = sheet.to_arrow_with_errors()
    # It leaves empty columns at the left out, and counts from the first that is not.
    first = sheet.available_columns()[0].absolute_index
    del sheet
    faults = [
        (error.position[0], error.position[1] + first, fault_of(error.detail))
        for error in (errors.errors if errors else ())
    ]
    return Grid(name, placed(batch, first), Facts(faults=faults, is_hidden=is_hidden))


def fault_of(detail: str) -> str:
    """Return why the fast reader gives no value; never the value, as it does."""
    _, _, told = detail.partition("got '")
    if told.startswith("Error("):
        kind = told.removeprefix("Error(").partition(")")[0]
        return error_value(ERROR_VALUES.get(kind, f"#{kind}"))
    if told.startswith("DateTime("):
        return NO_DATE
    return "a value of a kind that is not read"

"""Bring sheets from the process that reads them into ours.

In here: the answer of a reading process, and taking it. Not in here: the process
(`apart.py`). Large sheets cross as Arrow files in a private folder: they are mapped
and not copied, and the files have lost their names by then.
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.ipc

from pipeline.collect.grid import Facts, Grid
from pipeline.collect.workbook import read_grids, sheets_of
from pipeline.errors import Problem, UnreadableFileError
from pipeline.model import Sheet

LARGEST_SENT = 1_000_000
"""Bytes of a sheet above which it crosses as a file."""


class Parcel(NamedTuple):
    """A sheet on its way: its cells as bytes, or as the file that holds them."""

    name: str
    cells: bytes | Path
    facts: Facts


class Answer(NamedTuple):
    """What a reading process found: sheets, or problems (errors do not cross)."""

    parcels: list[Parcel]
    problems: tuple[Problem, ...] = ()


def answer(
    path: Path, name: str, encoding: str, delimiter: str, folder: Path
) -> Answer:
    """Return what a file holds, or why it cannot be read. Runs in its own process."""
    try:
        grids = read_grids(path, name, encoding, delimiter)
    except UnreadableFileError as error:
        return Answer([], error.problems)
    return Answer([packed(grid, folder) for grid in grids])


def packed(grid: Grid, folder: Path) -> Parcel:
    """Return a sheet ready to cross."""
    if grid.cells.nbytes < LARGEST_SENT:
        memory = pa.BufferOutputStream()
        write(grid.cells, memory)
        return Parcel(grid.name, memory.getvalue().to_pybytes(), grid.facts)
    handle, file = tempfile.mkstemp(dir=folder)
    with open(handle, "wb") as opened, pa.PythonFile(opened) as sink:  # noqa: PTH123  a handle
        write(grid.cells, sink)
    return Parcel(grid.name, Path(file), grid.facts)


def write(cells: pa.Table, sink: pa.NativeFile) -> None:
    """Write cells as an Arrow file."""
    with pa.ipc.new_file(sink, cells.schema) as writer:
        writer.write_table(cells)


def sheets_from(sent: Answer, name: str) -> list[Sheet]:
    """Return the sheets of an answer.

    Raises:
        UnreadableFileError: the answer holds problems.
    """
    if sent.problems:
        raise UnreadableFileError(sent.problems)
    return sheets_of([unpacked(parcel) for parcel in sent.parcels], name)


def unpacked(parcel: Parcel) -> Grid:
    """Return a sheet that has crossed; its file is gone from the folder."""
    if isinstance(parcel.cells, bytes):
        cells = pa.ipc.open_file(parcel.cells).read_all()
    else:
        mapped = pa.memory_map(str(parcel.cells))
        cells = pa.ipc.open_file(mapped).read_all()
        parcel.cells.unlink()
    return Grid(parcel.name, cells, parcel.facts)

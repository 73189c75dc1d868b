"""Look at files that may be workbooks to fill in, each in a process of its own.

In here: which files are worth a look, and looking. Not in here: what is seen of one
(`seen.py`); keeping it (`store`).
"""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from pipeline.collect.apart import Job, Readers
from pipeline.collect.disguise import BAD_ARCHIVE
from pipeline.collect.workbook import SUFFIXES, TEXT_SUFFIXES
from pipeline.errors import UnreadableFileError
from pipeline.template.form import SOURCE
from pipeline.template.seen import Seen, seen_in

SHEETS_PART, MOST_BYTES = "xl/workbook.xml", 1_000_000
Look = Seen | UnreadableFileError | None
"""What a workbook to fill in says of itself, why it cannot be read, or that it is
none."""


def look_at(paths: Sequence[Path]) -> dict[Path, Look]:
    """Return what is seen of files, each read in a process of its own."""
    found: dict[Path, Look] = dict.fromkeys(paths)
    meant = [path for path in paths if may_be_template(path)]
    if not meant:
        return found
    with Readers() as readers:
        for job, read in readers.read_all([Job(path, path.name) for path in meant]):
            if isinstance(read, UnreadableFileError):
                found[job.path] = read
            else:
                found[job.path] = seen_in(read)
    return found


def may_be_template(path: Path) -> bool:
    """Return whether a file may be a workbook to fill in, from its list of sheets.

    In our own process, so no more is read than one part of known name and bounded
    size. Of files of other kinds than .xlsx and .xlsm it cannot be told so.
    """
    suffix = path.suffix.lower()
    if not is_told_by_sheets(path):
        return suffix in SUFFIXES and suffix not in TEXT_SUFFIXES
    try:
        with ZipFile(path) as archive, archive.open(SHEETS_PART) as part:
            return f'"{SOURCE}"'.encode() in part.read(MOST_BYTES)
    except (*BAD_ARCHIVE, KeyError):
        return False


def is_told_by_sheets(path: Path) -> bool:
    """Return whether the list of sheets of such a file is a part of its own."""
    return path.suffix.lower() in (".xlsx", ".xlsm")

"""Tell what a file really is when it is not what its name says.

In here: the first bytes of a file, and the words for what was found. Not in here:
reading cells.
"""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

import msoffcrypto

from pipeline.errors import Problem, UnreadableFileError

ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WORKBOOK_PART = "xl/workbook.xml"
START_BYTES = 2048
WEB_SIGNS = (b"<html", b"<table", b"<!doctype html")
SAVE_AS = "open it in a spreadsheet program and save it as .xlsx"
ASK_AGAIN = "ask the supplier for the file again"


def unreadable(
    name: str, what: str, expected: str, do: str = ""
) -> UnreadableFileError:
    """Return the error of a file that cannot be read."""
    return UnreadableFileError([Problem(name, what, expected, do or ASK_AGAIN)])


def start_of(path: Path) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as file:
        return file.read(START_BYTES)


def refuse_what_is_no_workbook(path: Path, name: str) -> None:
    """Raise UnreadableFileError when the bytes are not those of an .xlsx file."""
    start = start_of(path)
    if start.startswith(ZIP_START):
        refuse_other_archive(path, name)
        return
    if start.startswith(OLE_START):
        raise unreadable_ole(path, name)
    # A page saved as UTF-16 has a zero byte beside each letter.
    if any(sign in start.lower().replace(b"\0", b"") for sign in WEB_SIGNS):
        what = "a web page (HTML) saved under the name of a workbook"
    elif b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        what = "an XML spreadsheet of 2003 under the name of an .xlsx"
    else:
        raise unreadable(
            name, "not a workbook (it is no zip archive)", "an .xlsx workbook"
        )
    raise unreadable(name, what, "an .xlsx workbook", SAVE_AS)


def refuse_other_archive(path: Path, name: str) -> None:
    """Raise UnreadableFileError on a whole zip archive that is no workbook."""
    try:
        with ZipFile(path) as archive:
            parts = archive.namelist()
    except BadZipFile:
        return  # cut off; the reader tells so
    if WORKBOOK_PART not in parts:
        raise unreadable(
            name,
            f"a zip archive, but not a workbook (it has no {WORKBOOK_PART})",
            "an .xlsx workbook",
            "if it is an archive, unpack it; if it is another kind of spreadsheet, "
            + SAVE_AS,
        )


def unreadable_ole(path: Path, name: str) -> UnreadableFileError:
    """Return the error of an old binary file: protected, or an .xls renamed."""
    with path.open("rb") as file:
        try:
            is_protected = msoffcrypto.OfficeFile(file).is_encrypted()
        except Exception:  # noqa: BLE001  the library raises many kinds on foreign OLE files
            is_protected = False
    if is_protected:
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
        SAVE_AS,
    )


def refuse_what_is_no_text(path: Path, name: str) -> None:
    """Raise UnreadableFileError when a workbook has the name of a CSV."""
    if start_of(path).startswith((ZIP_START, OLE_START)):
        raise unreadable(
            name,
            "a workbook (or a zip archive) under the name of a .csv",
            "a text file with delimiters",
            "rename it to .xlsx and declare it so, or save it as CSV",
        )

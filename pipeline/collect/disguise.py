"""Tell what a file really is when it is not what its name says.

In here: the first bytes of a file, and the words for what was found. Not in here:
reading cells.
"""

import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import msoffcrypto
import olefile

from pipeline.errors import Problem, UnreadableFileError

ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PARTS = {
    ".xlsx": "xl/workbook.xml",
    ".xlsm": "xl/workbook.xml",
    ".xlsb": "xl/workbook.bin",
    ".ods": "content.xml",
}
"""What a zipped spreadsheet of each kind must hold."""

KIND_OF_PART = {"xl/workbook.xml": ".xlsx", "xl/workbook.bin": ".xlsb"}
OLD_STREAMS = ("Workbook", "Book")
OPEN_DOCUMENT_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST, ENCRYPTED = "META-INF/manifest.xml", b"encryption-data"
BAD_ARCHIVE = (
    *(BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),  # of foreign kinds, of a password
)
"""What `zipfile` says of a damaged archive."""

START_BYTES, MANIFEST_BYTES = 2048, 1_000_000
WEB_SIGNS = (b"<html", b"<table", b"<!doctype html")
XML_OF_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
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


def refuse_disguise(path: Path, name: str) -> None:
    """Raise UnreadableFileError when a file is not what its name says."""
    suffix = path.suffix.lower()
    start = start_of(path)
    if suffix in PARTS:
        refuse_what_is_no_archive(path, name, start)
    elif suffix == ".xls":
        refuse_what_is_not_old(path, name, start)
    elif start.startswith((ZIP_START, OLE_START)):
        raise unreadable(
            name,
            f"a workbook (or a zip archive) under the name of a {suffix}",
            "a text file with delimiters",
            "rename it to .xlsx and declare it so, or save it as CSV",
        )


def refuse_what_is_no_archive(path: Path, name: str, start: bytes) -> None:
    """Raise UnreadableFileError when a file is no zipped workbook of its kind."""
    suffix = path.suffix.lower()
    if start.startswith(ZIP_START):
        refuse_other_archive(path, name)
        return
    if start.startswith(OLE_START):
        raise unreadable_ole(path, name)
    what = other_text(start)
    if what:
        raise unreadable(name, f"{what} {suffix}", f"an {suffix} workbook", SAVE_AS)
    raise unreadable(
        name, "not a workbook (it is no zip archive)", f"an {suffix} workbook"
    )


def other_text(start: bytes) -> str:
    """Return what kind of text has the name of a workbook, or nothing."""
    # A page saved as UTF-16 has a zero byte beside each letter.
    plain = start.lower().replace(b"\0", b"")
    if any(sign in plain for sign in WEB_SIGNS):
        return "a web page (HTML) saved under the name of a workbook:"
    if XML_OF_2003 in plain:
        return "an XML spreadsheet of 2003 under the name of an"
    return ""


def refuse_other_archive(path: Path, name: str) -> None:
    """Raise UnreadableFileError on a whole zip archive that is no such workbook."""
    suffix = path.suffix.lower()
    try:
        with ZipFile(path) as archive:
            parts = {part.replace("\\", "/").casefold() for part in archive.namelist()}
            is_document = suffix == ".ods" and is_open_document(archive)
            is_protected = is_document and is_encrypted(archive)
    except BAD_ARCHIVE:
        return  # cut off; the reader tells so
    if is_protected:
        raise protected(name)
    needed = PARTS[suffix]
    if needed in parts and (is_document or suffix != ".ods"):
        return
    other = next((kind for part, kind in KIND_OF_PART.items() if part in parts), "")
    if other:
        raise unreadable(
            name, f"an {other} workbook under the name of an {suffix}",
            f"an {suffix} workbook", f"give the file the ending {other} and declare it",
        )  # fmt: skip
    raise unreadable(
        name,
        f"a zip archive, but not a workbook (it has no {needed})",
        f"an {suffix} workbook",
        "if it is an archive, unpack it; if it is another kind of spreadsheet, "
        + SAVE_AS,
    )


def is_open_document(archive: ZipFile) -> bool:
    """Return whether an archive says that it is an OpenDocument spreadsheet."""
    if "mimetype" not in archive.namelist():
        return False
    with archive.open("mimetype") as file:
        return file.read(START_BYTES).startswith(OPEN_DOCUMENT_SHEET)


def is_encrypted(archive: ZipFile) -> bool:
    """Return whether the parts of an OpenDocument file are encrypted."""
    if MANIFEST not in archive.namelist():
        return False
    with archive.open(MANIFEST) as file:
        return ENCRYPTED in file.read(MANIFEST_BYTES)


def refuse_what_is_not_old(path: Path, name: str, start: bytes) -> None:
    """Raise UnreadableFileError when a file is no old binary workbook."""
    if start.startswith(ZIP_START):
        raise unreadable(
            name, "a workbook of the present kind under the name of an .xls",
            "an .xls workbook", "give the file the ending .xlsx and declare it",
        )  # fmt: skip
    if not start.startswith(OLE_START):
        what = other_text(start)
        what = f"{what} .xls" if what else "not a workbook of the old kind"
        raise unreadable(name, what, "an .xls workbook", SAVE_AS)
    if is_protected_ole(path):
        raise protected(name)
    try:
        with olefile.OleFileIO(str(path)) as archive:
            is_book = any(archive.exists(stream) for stream in OLD_STREAMS)
    except (OSError, ValueError, IndexError, TypeError):
        return  # cut off; the reader tells so
    if not is_book:
        raise unreadable(
            name, "an old office file, but no workbook", "an .xls workbook"
        )


def is_protected_ole(path: Path) -> bool:
    """Return whether an old binary file is protected with a password."""
    with path.open("rb") as file:
        try:
            return bool(msoffcrypto.OfficeFile(file).is_encrypted())
        except Exception:  # noqa: BLE001  the library raises many kinds on foreign OLE files
            return False


def protected(name: str) -> UnreadableFileError:
    """Return the error of a file that is protected with a password."""
    return unreadable(
        name,
        "protected with a password",
        "a workbook without a password",
        "open it with the password and save it without one",
    )


def unreadable_ole(path: Path, name: str) -> UnreadableFileError:
    """Return the error of an old binary file: protected, or an .xls renamed."""
    if is_protected_ole(path):
        return protected(name)
    suffix = path.suffix.lower()
    return unreadable(
        name,
        f"an old .xls workbook under the name of an {suffix}",
        f"an {suffix} workbook",
        SAVE_AS,
    )

"""Workbooks with one fault each, made from those that ship.

In here: what a supplier or a hurried person does to a file. Not in here: what the
program says to it (`test_bad_input.py`).
"""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.worksheet.worksheet import Worksheet

Change = Callable[[Path], None]
OLD_BINARY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def edited(file: str, sheet: str, edit: Callable[[Worksheet], object]) -> Change:
    """Return a change that edits one sheet of one file."""

    def change(folder: Path) -> None:
        workbook = openpyxl.load_workbook(folder / file)
        edit(workbook[sheet])
        workbook.save(folder / file)

    return change


def cell(file: str, sheet: str, at: str, value: object) -> Change:
    """Return a change of one cell."""

    def edit(worksheet: Worksheet) -> None:
        worksheet[at] = value

    return edited(file, sheet, edit)


def replaced(file: str, content: bytes) -> Change:
    """Return a change of all the bytes of a file."""
    return lambda folder: (folder / file).write_bytes(content)


def truncated(file: str) -> Change:
    """Return a change that loses the second half of a file."""

    def change(folder: Path) -> None:
        whole = (folder / file).read_bytes()
        (folder / file).write_bytes(whole[: len(whole) // 2])

    return change


def open_elsewhere(file: str) -> Change:
    """Return a change that leaves a file half-written, with its lock file."""

    def change(folder: Path) -> None:
        truncated(file)(folder)
        (folder / f"~${file}").write_bytes(b"\x05owner")

    return change


def protected(file: str) -> Change:
    """Return a change that puts a password on a file."""

    def change(folder: Path) -> None:
        plain = folder / f"{file}.plain"
        (folder / file).rename(plain)
        with plain.open("rb") as opened, (folder / file).open("wb") as written:
            OOXMLFile(opened).encrypt("secret", written)
        plain.unlink()

    return change


def zipped_text(file: str) -> Change:
    """Return a change that puts some other zip archive in the place of a file."""

    def change(folder: Path) -> None:
        with zipfile.ZipFile(folder / file, "w") as archive:
            archive.writestr("letter.txt", "see attached")

    return change


def exchanged(file: str, other: str) -> Change:
    """Return a change that puts another file under a known name."""
    return lambda folder: (folder / file).write_bytes((folder / other).read_bytes())


def renamed(file: str, name: str) -> Change:
    """Return a change of the name of a file."""

    def change(folder: Path) -> None:
        (folder / file).rename(folder / name)

    return change

"""Where a record was read: addresses of cells and identifiers that never change.

In here: turning positions into addresses and hashing identities. Not in here: the
provenance of published cells (`analyse`), which is built from these.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

ID_DIGITS = 16
ESCAPE, BETWEEN = "\x1e", "\x1f"
"""Between the parts of an identity, and what stands before such a sign in a part."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as C17, from positions counted from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def place(file: str, sheet: str, cell: str) -> str:
    """Return the place of a cell as people write it: file!sheet!cell."""
    return "!".join(part for part in (file, sheet, cell) if part)


def stable_id(parts: Iterable[object]) -> str:
    """Return 16 hexadecimal digits that depend on the parts and on nothing else."""
    joined = BETWEEN.join(map(escaped, map(str, parts)))
    return hashlib.sha256(joined.encode()).hexdigest()[:ID_DIGITS]


def escaped(text: str) -> str:
    """Return a text in which nothing can be taken for what stands between two."""
    return text.replace(ESCAPE, ESCAPE + "0").replace(BETWEEN, ESCAPE + "1")


def stable_ids(frame: pd.DataFrame, prefix: str = "") -> pd.Series:
    """Return one stable identifier per row of a frame, from all its columns."""
    joined = pd.Series(prefix, index=frame.index, dtype="str")
    for column in frame.columns:
        text = frame[column].astype("str").fillna("")
        holds = text.str.contains(f"[{ESCAPE}{BETWEEN}]", regex=True)
        joined = joined + BETWEEN + (text.map(escaped) if holds.any() else text)
    digests = [hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS] for text in joined]
    return pd.Series(digests, index=frame.index, dtype="str")

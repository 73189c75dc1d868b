"""Pseudonyms: who is meant becomes a keyed hash while the file is being read.

In here: the key, the form in which names are compared, and the hash. Not in here:
deciding which columns identify a person; `schemas/registers.py` says so.

Source of the method: HMAC (RFC 2104) with SHA-256, the keyed hashing that ENISA,
*Pseudonymisation techniques and best practices* (2019), recommends over plain hashes.
"""

import hmac
import os
import secrets
import unicodedata
from pathlib import Path

import pandas as pd

from pipeline.errors import Point27Error

KEY_BYTES = 32
DIGITS = 24
CAPITALS = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
SMALL = str.maketrans("abcehikmoptxy", "авсеһікмортху")
"""Latin letters that look like a Cyrillic one, and that one. A capital H looks like
the Н of Нур, a small h like the Kazakh letter of Гауһар."""

LOOK_ALIKES = frozenset("ABCEHIKMOPTXY")


def read_key(path: Path) -> tuple[bytes, bool]:
    """Return the key of a workspace, made now if there is none, and whether it was.

    A new key ends the links to persons of earlier builds; counts stay as they are.
    """
    if path.exists():
        return kept_key(path), False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key, True


def kept_key(path: Path) -> bytes:
    """Return the key kept in a file.

    Raises:
        Point27Error: the file is damaged. A key cut short is never used: with an
            empty one anybody could find out who a pseudonym is.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Point27Error(
            f"{path}: the key of the pseudonyms is damaged; put back your copy of it. "
            "Without a copy, delete the file: a new key is made, and the links to the "
            "persons of earlier builds end (counts stay the same)"
        )
    return key


def comparable(name: str) -> str:
    """Return the form in which two spellings of one name are the same.

    Unicode NFC, lower case, ё as е, no blanks or punctuation. Latin look-alikes
    become Cyrillic where the name has Cyrillic letters, or could be Cyrillic as a
    whole; Kazakh letters are kept.
    """
    text = unicodedata.normalize("NFC", name)
    letters = {letter for letter in text.upper() if letter.isalpha()}
    if any("\u0400" <= letter <= "\u04ff" for letter in text):
        text = text.translate(CAPITALS).translate(SMALL)
    elif letters <= LOOK_ALIKES:
        text = text.upper().translate(CAPITALS)
    folded = text.casefold().replace("ё", "е")
    return "".join(letter for letter in folded if letter.isalnum())


def pseudonymise(values: pd.Series, key: bytes, kept: frozenset[str]) -> pd.Series:
    """Return the values as pseudonyms; missing ones and those in `kept` stay.

    A text without any letter or digit, such as a dash, names nobody and becomes
    missing: else everybody behind a dash would be one person.

    Args:
        values: text that identifies a person; `kept` are words such as "unknown".
        key: the key of the workspace.
        kept: lower-case words that identify nobody.
    """
    hashed = {
        name: name.strip() if name.strip().casefold() in kept else pseudonym(name, key)
        for name in values.dropna().unique()
        if comparable(name) or name.strip().casefold() in kept
    }
    return values.map(hashed).astype("str")


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of one name: 24 hexadecimal digits."""
    return hmac.new(key, comparable(name).encode(), "sha256").hexdigest()[:DIGITS]

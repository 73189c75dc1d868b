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

KEY_BYTES = 32
DIGITS = 24
LOOK_ALIKES = str.maketrans("abcehikmoptxy", "авсеһікмортху")
"""Latin letters that look like a Cyrillic one, and that one."""


def read_key(path: Path) -> tuple[bytes, bool]:
    """Return the key of a workspace, made now if there is none, and whether it was.

    A new key ends the links to persons of earlier builds; counts stay as they are.
    """
    if path.exists():
        return bytes.fromhex(path.read_text(encoding="ascii").strip()), False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key, True


def comparable(name: str) -> str:
    """Return the form in which two spellings of one name are the same.

    Unicode NFC, lower case, ё as е, no blanks or punctuation. Latin look-alikes
    become Cyrillic where the word has Cyrillic letters; Kazakh letters are kept.
    """
    text = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    if any("\u0400" <= letter <= "\u04ff" for letter in text):
        text = text.translate(LOOK_ALIKES)
    return "".join(letter for letter in text if letter.isalnum())


def pseudonymise(values: pd.Series, key: bytes, kept: frozenset[str]) -> pd.Series:
    """Return the values as pseudonyms; missing ones and those in `kept` stay.

    Args:
        values: text that identifies a person; `kept` are words such as "unknown".
        key: the key of the workspace.
        kept: lower-case words that identify nobody.
    """
    names = values.dropna().unique()
    hashed = {
        name: name if name.casefold() in kept else pseudonym(name, key) for name in names
    }
    return values.map(hashed).astype("str")


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of one name: 24 hexadecimal digits."""
    return hmac.new(key, comparable(name).encode(), "sha256").hexdigest()[:DIGITS]

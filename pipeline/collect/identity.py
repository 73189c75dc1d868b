"""Pseudonyms: who is meant becomes a keyed hash while the file is being read.

In here: the key, the form in which names are compared, and the hash. Not in here:
deciding which columns identify a person; `schemas/registers.py` says so.

Source of the method: HMAC (RFC 2104) with SHA-256, the keyed hashing that ENISA,
*Pseudonymisation techniques and best practices* (2019), recommends over plain hashes.
"""

import hmac
import os
import re
import secrets
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.errors import Point27Error

KEY_BYTES = 32
DIGITS = 24
CAPITALS = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
SMALL = str.maketrans("abcehikmoptxy", "авсеһікмортху")
"""Latin letters that look like a Cyrillic one, and that one. A capital H looks like
the Н of Нур, a small h like the Kazakh letter of Гауһар."""

LOOK_ALIKES = frozenset("ABCEHIKMOPTXY")
LOOK_ALIKE_OF = {chr(a): chr(b) for a, b in (CAPITALS | SMALL).items()}
CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN_ONLY = re.compile("(?i:[DFGJLNQRSUVWZ])")
CYRILLIC_LETTERS, LOOKS_CYRILLIC, OTHER = range(3)
"""What a name is written with, for `by_alphabet`."""

LINE = "\n"
AT_ONCE = 100_000
"""Names that are folded in one text."""


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
    if any("\u0400" <= letter <= "\u04ff" for letter in text):
        text = text.translate(CAPITALS).translate(SMALL)
    elif {letter for letter in text.upper() if letter.isalpha()} <= LOOK_ALIKES:
        text = text.upper().translate(CAPITALS)
    folded = text.casefold().replace("ё", "е")
    return only_alnum(folded)


def pseudonymise(values: pd.Series, key: bytes, kept: frozenset[str]) -> pd.Series:
    """Return the values as pseudonyms; missing ones and those in `kept` stay.

    A text without any letter or digit, such as a dash, names nobody and becomes
    missing: else everybody behind a dash would be one person.

    Args:
        values: text that identifies a person; `kept` are words such as "unknown".
        key: the key of the workspace.
        kept: lower-case words that identify nobody.
    """
    at, found = pd.factorize(values.array)
    names = np.asarray(found, dtype=object)
    hashed: list[str | None] = []
    for start in range(0, len(names), AT_ONCE):
        hashed += pseudonyms([*names[start : start + AT_ONCE]], key, kept)
    # A missing name stands at -1, where the last one is missing.
    distinct = pd.array([*hashed, None], dtype="str")
    return pd.Series(distinct.take(at), index=values.index)


def pseudonyms(names: list[str], key: bytes, kept: frozenset[str]) -> list[str | None]:
    """Return the pseudonym of each name, a word of `kept` as it is, or nothing."""
    keyed = hmac.new(key, digestmod="sha256")
    found: list[str | None] = []
    for name, compared in zip(names, comparable_names(names), strict=True):
        word = name.strip()
        if word.casefold() in kept:
            found.append(word)
        elif compared:
            digest = keyed.copy()
            digest.update(compared.encode())
            found.append(digest.hexdigest()[:DIGITS])
        else:
            found.append(None)
    return found


def comparable_names(names: list[str]) -> list[str]:
    """Return `comparable` of each name, six times as fast.

    The names stand in one long text, a line each, which Python folds at once. No step
    of `comparable` looks from one line into the next.
    """
    if not names:
        return []
    lines = [name.replace(LINE, " ") for name in names]
    texts = unicodedata.normalize("NFC", LINE.join(lines)).split(LINE)
    compared = [""] * len(texts)
    for alphabet, places in enumerate(by_alphabet(texts)):
        text = LINE.join([texts[at] for at in places])
        if alphabet == LOOKS_CYRILLIC:
            text = text.upper()
        if alphabet != OTHER:
            for letter, look_alike in LOOK_ALIKE_OF.items():
                text = text.replace(letter, look_alike)
        folded = text.casefold().replace("ё", "е").replace(" ", "").split(LINE)
        for at, name in zip(places, folded, strict=False):
            compared[at] = name if name.isalnum() else only_alnum(name)
    return compared


def by_alphabet(texts: list[str]) -> tuple[list[int], list[int], list[int]]:
    """Return the places of names with Cyrillic letters, with look-alikes, others."""
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    for at, text in enumerate(texts):
        if CYRILLIC.search(text):
            found[CYRILLIC_LETTERS].append(at)
        elif looks_cyrillic(text):
            found[LOOKS_CYRILLIC].append(at)
        else:
            found[OTHER].append(at)
    return found


def looks_cyrillic(text: str) -> bool:
    """Return whether all letters of a text look like Cyrillic ones."""
    if text.isascii():
        return not LATIN_ONLY.search(text)
    return {letter for letter in text.upper() if letter.isalpha()} <= LOOK_ALIKES


def only_alnum(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(letter for letter in text if letter.isalnum())


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of one name: 24 hexadecimal digits."""
    return hmac.new(key, comparable(name).encode(), "sha256").hexdigest()[:DIGITS]

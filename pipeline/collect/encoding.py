"""Tell the encoding of a text file, or say that it cannot be told.

In here: byte order marks, UTF-8, UTF-16, and the code pages that tables come in from
the region. Not in here: cells (`delimited.py`).

A guess by letter frequencies alone (as of charset-normalizer) takes `café` for cp1251
and a Kazakh page for a Russian one, on the few words that a table has. Here a code
page is possible where the words look like words: each of one script, capitals where
words have them, accents among plain letters. It is certain where all that are possible
give the same text.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.collect.safe_xml import CHUNK_BYTES, chunks_of

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; the longer ones first, as UTF-32 begins like UTF-16."""

CODE_PAGES = ("cp1252", "cp1251", "koi8-r", "cp866", "kz1048")
TWO_BYTES = ("utf-16-le", "utf-16-be")
MOST_SAMPLED = 500_000
"""Bytes, in lines with special letters, that a guess is made from."""

SPECIAL_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
WORD = re.compile(r"[^\W\d_]+")
CYRILLIC = re.compile(r"[\u0400-\u052f]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f]+")
ODD = re.compile(
    r"[^\x00-\x7f\w«»„“”‘’‚–—…№°§•†±½¼¾²³€£©®™\u00a0\u00ad]|[ªº¹µ]|[\x00-\x08\x0e-\x1f]"
)
"""Signs that no table holds: the sign of a wrong code page."""

COMMON = frozenset("оеаинтсрвлкмдпуыяәғқңөұүі")
FOREIGN = frozenset("ђѓѕїјљњќћџґ")
"""Letters of Serbian and others; in a Kazakh page they stand for Kazakh letters."""

LEAST_GOOD, LEAST_COMMON = 0.95, 0.7


def marked_encoding(start: bytes) -> str:
    """Return the encoding that a byte order mark names, or nothing."""
    return next((name for mark, name in MARKS if start.startswith(mark)), "")


def possible_encodings(path: Path) -> list[str]:
    """Return the encodings that a file may be in, the likeliest first.

    One alone is certain. Encodings that give the same text count as one; none at all
    means that it is no text.
    """
    with path.open("rb") as file:
        start = file.read(CHUNK_BYTES)
    if mark := marked_encoding(start):
        return [mark]
    if b"\0" in start:
        return [
            name for name in TWO_BYTES if is_text(start[: len(start) // 2 * 2], name)
        ]
    if decodes(path, "utf-8"):
        return ["utf-8"]
    sample = special_lines(path)
    texts = {name: text_in(sample, name) for name in CODE_PAGES}
    distinct: dict[str, str] = {}
    for name, text in texts.items():
        if text and looks_right(text):
            distinct.setdefault(text, name)
    return [*distinct.values()]


def decodes(path: Path, encoding: str) -> bool:
    """Return whether a whole file is in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces."""
    with path.open("rb") as file:
        yield from chunks_of(file)


def special_lines(path: Path) -> bytes:
    """Return lines that hold bytes beyond ASCII, up to a size."""
    found = bytearray()
    for chunk in chunks(path):
        found += b"".join(SPECIAL_LINE.findall(chunk))
        if len(found) > MOST_SAMPLED:
            break
    return bytes(found[:MOST_SAMPLED])


def text_in(data: bytes, encoding: str) -> str:
    """Return bytes as text of an encoding, nothing where they are none."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def is_text(data: bytes, encoding: str) -> bool:
    """Return whether bytes are plain text of two bytes a sign."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return False
    known = sum(sign < "\u0530" or "\u2010" <= sign <= "\u2122" for sign in text)
    return known >= LEAST_GOOD * len(text) and not ODD.search(text)


def looks_right(text: str) -> bool:
    """Return whether the words with special letters look like words."""
    special = [word for word in WORD.findall(text) if not word.isascii()]
    odd = len(ODD.findall(text))
    good = sum(is_word(word) for word in special)
    if good < LEAST_GOOD * (len(special) + odd):
        return False
    letters = [letter for word in special for letter in word.lower()]
    cyrillic = [letter for letter in letters if CYRILLIC.match(letter)]
    common = sum(letter in COMMON for letter in cyrillic)
    return common >= LEAST_COMMON * len(cyrillic)


def is_word(word: str) -> bool:
    """Return whether a word is of one script, with capitals where words have them."""
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    if CYRILLIC.fullmatch(word):
        return not FOREIGN.intersection(word.lower())
    plain = sum(letter.isascii() for letter in word)
    return LATIN.fullmatch(word) is not None and (
        plain * 2 >= len(word) or not word[1:]
    )

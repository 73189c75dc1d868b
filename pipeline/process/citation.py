"""Cut a citation of law into numbers and the words that say what they are.

In here: giving each piece a kind of one letter, so that a sequence of kinds can be
searched like a word. Not in here: which sequences cite an article (`article.py`).
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from pipeline.declarations.articles import article_words
from pipeline.declarations.codelists import normalise

SAME_LETTERS = str.maketrans("abcehkmoptxy", "авсенкмортху")
"""Latin letters that look like Cyrillic ones, in small letters."""

SEVEN_DIGITS = re.compile(r"0*(\d{1,3})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a citation: its kind and what it says."""

    kind: str
    text: str


def pieces_of(text: str) -> list[Piece]:
    """Return the pieces of a citation, in order.

    The kinds: n number, c article and part in seven digits, b number in brackets,
    x letter, A P I a word for article, part, point before its number, a p i after it,
    L a code of law, y a year, D a day of a wording, `,` `;` `/` `&` separators, and w
    for anything else.
    """
    pattern, kinds = scanner()
    low = re.sub("[‐‑‒–—−]", "-", normalise(text.replace("\n", ";")))
    found = []
    for match in pattern.finditer(low):
        name = str(match.lastgroup)
        kind = kinds[name]
        if kind in ("from", "before"):
            found.append(worded(kind, match))
        else:
            shown = re.sub(r"[()«»\"'„“”\s]|\.$", "", match[0]) if kind in "nbx" else ""
            found.append(Piece(kind, shown or match[0]))
    return found


def worded(kind: str, match: re.Match[str]) -> Piece:
    """Return the day on which a wording was in force, or w where there is no day."""
    day, month, year = (int(digits) for digits in re.findall(r"\d+", match[0])[-3:])
    try:
        first = dt.date(year, month, day)
    except ValueError:
        return Piece("w", match[0])
    in_force = first if kind == "from" else first - dt.timedelta(days=1)
    return Piece("D", in_force.isoformat())


@cache
def scanner() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of all pieces, and the kind that each of its groups is."""
    words = article_words()
    day = r"\s*\d{1,2}\.\d{1,2}\.\d{4}(?:\s*г\.?)?\s*\)?"
    number = r"\d{1,3}(?:[-.]\d{1,2})?(?!\d)"
    parts = [
        ("from", rf"\(?\s*(?:{any_of(words.wording_from)}){day}"),
        ("before", rf"\(?\s*(?:{any_of(words.wording_before)}){day}"),
        ("c", r"\d{5,7}(?:\.0)?(?![\d.])"),
        ("y", r"\(?(?:19|20)\d{2}(?!\d)(?:\s*(?:года|год|г|ж)\b\.?)?\)?"),
        ("b", r"\(\s*\d{1,2}\s*\)"),
        ("n", number + r"(?:\s*-?\s*(?:й|я|ая|ой)\b)?"),
        ("L", spoken(words.law)),
        ("A", spoken(words.before.article)),
        ("P", spoken(words.before.part)),
        ("I", spoken(words.before.point)),
        ("a", "-?" + spoken(words.after.article)),
        ("p", "-?" + spoken(words.after.part)),
        ("i", r"\)?\s*-?" + spoken(words.after.point)),
        ("&", r"\b(?:и|және|and)\b"),
        (";", ";"),
        (",", ","),
        ("/", "/"),
        ("x", r"[(«\"'„“]?\b[а-яa-z]\b[»\"'“”]?\)?"),
        ("w", r"[^\s.]"),
    ]
    named = {f"g{place}": kind for place, (kind, _) in enumerate(parts)}
    joined = "|".join(f"(?P<g{at}>{text})" for at, (_, text) in enumerate(parts))
    return re.compile(joined), named


def any_of(words: tuple[str, ...]) -> str:
    """Return the pattern of any of some words, the longest first."""
    longest = sorted((normalise(word) for word in words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest)


def spoken(words: tuple[str, ...]) -> str:
    """Return the pattern of any of some words, whole."""
    return rf"(?<![^\W\d_])(?:{any_of(words)})(?![^\W\d_])"

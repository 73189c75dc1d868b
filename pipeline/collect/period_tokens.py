"""Cut a text into the pieces that a period is made of: years, months, days, words.

In here: finding the pieces and giving each a kind of one letter, so that a sequence of
kinds can be searched like a word. Not in here: which sequences are a period
(`period_words.py`), or which words mean what (`schemas/periods.yml`).
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.declarations.periods import PeriodWords

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
KINDS = {
    "year": "g",
    "months_word": "k",
    "half": "h",
    "quarter": "q",
    "as_of": "a",
    "state": "s",
    "ending": "e",
    "since": "f",
    "until": "t",
    "part_of_year": "v",
}
"""Kinds of word. Besides: y year, m month, n number, o ordinal, d day, F financial
year, X what could mean two periods, `-`, `/`, and w for any other word or a stop."""

NUMBERED = {"month": "m", "number": "n", "ordinal": "o"}
DASHES = "-‐‑‒–—−"
SIGNS = (
    ("numbered", r"[№#]\s*\d+(?:\s?[-/]\s?\d+)*"),
    ("ymd", r"\d{4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2}(?!\d)"),
    ("dmy", r"\d{1,2}\.\d{1,2}\.\d{4}(?!\d)"),
    ("other_date", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?!\d)"),
    ("two_years", r"\d{4}\s?[/-]\s?\d{2}(?!\d)"),
    ("year_month", r"\d{4}[_.]\d{2}(?!\d)"),
    ("short_years", r"(?<![\d/.-])\d{2}/\d{2}(?![\d/.-])"),
    ("month_year", r"\d{1,2}\.\d{4}(?!\d)"),
    ("decimal", r"\d+[.,]\d+"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text: its kind, what it stands for and where it stands."""

    kind: str
    number: int
    start: int
    end: int
    month: int = 0
    day: int = 0


def plain(text: str) -> str:
    """Return a text in which case, ё and kinds of dash and blank make no difference."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return re.sub(r"[^\S\n]", " ", re.sub(f"[{DASHES}]", "-", folded))


def tokens_of(text: str, words: PeriodWords, fiscal_start: int) -> list[Token]:
    """Return the pieces of a plain text, in order.

    Args:
        text: what `plain` returned.
        words: which words mean what.
        fiscal_start: month in which a financial year begins, or 0 where none is used.
    """
    found: list[Token] = []
    pattern, meanings = scanner(words.meanings, words.ordinal_endings)
    for match in pattern.finditer(text):
        name = str(match.lastgroup)
        if name in DATED:
            found += dated(name, match, fiscal_start)
        elif name.startswith("meaning"):
            kind, _, number = meanings[name].partition(" ")
            letter = NUMBERED.get(kind) or KINDS[kind]
            found.append(Token(letter, int(number or 0), *match.span()))
        else:
            found.append(plain_token(name, match))
    return found


@lru_cache(maxsize=8)
def scanner(
    meanings: tuple[tuple[str, str], ...], endings: tuple[str, ...]
) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of all pieces, and its group names with their meanings."""
    parts = [f"(?P<{name}>{pattern})" for name, pattern in SIGNS]
    ended = "|".join(sorted(map(re.escape, endings), key=len, reverse=True))
    parts.append(rf"(?P<number>\d+(?:\s?-?\s?(?:{ended})(?![^\W\d_]))?)")
    named = {}
    longest_first = sorted(meanings, key=lambda told: len(told[0]), reverse=True)
    for place, (word, meaning) in enumerate(longest_first):
        name = f"meaning{place}"
        named[name] = meaning
        parts.append(rf"(?P<{name}>(?<![^\W\d_]){word_pattern(word)})")
    parts += [r"(?P<dash>-)", r"(?P<slash>/)", r"(?P<word>[^\W\d_]+)"]
    parts.append(r"(?P<stop>[;:|\n]|(?<=\d)\.(?=\s))")
    return re.compile("|".join(parts)), named


def word_pattern(word: str) -> str:
    """Return the pattern of one declared word; a trailing `*` is any ending."""
    stem = re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+")
    return stem + (r"[^\W\d_]*" if word.endswith("*") else r"(?![^\W\d_])")


def plain_token(name: str, match: re.Match[str]) -> Token:
    """Return a number, a dash, a slash or a word."""
    if name != "number":
        return Token({"dash": "-", "slash": "/"}.get(name, "w"), 0, *match.span())
    digits = re.match(r"\d+", match[0])
    number = int(digits[0]) if digits and len(digits[0]) < 5 else -1
    if EARLIEST_YEAR <= number <= LATEST_YEAR:
        return Token("y", number, *match.span())
    is_ordinal = not match[0].isdigit()
    return Token("o" if is_ordinal else "n", number, *match.span())


def dated(name: str, match: re.Match[str], fiscal_start: int) -> list[Token]:
    """Return the pieces of a date or year written in digits only."""
    numbers = [int(digits) for digits in re.findall(r"\d+", match[0])]
    start, end = match.span()
    match name:
        case "ymd":
            return [day_token(*numbers, span=(start, end))]
        case "dmy":
            return [day_token(*reversed(numbers), span=(start, end))]
        case "month_year" | "year_month":
            month, year = sorted(numbers)
            return month_tokens(year, month, (start, end))
        case "two_years":
            return two_years(numbers[0], numbers[1], match, fiscal_start)
        case "short_years":
            return short_years(numbers[0], numbers[1], (start, end), fiscal_start)
        case _:
            return [Token("w", 0, start, end)]


DATED = tuple(name for name, _ in SIGNS)


def day_token(*numbers: int, span: tuple[int, int]) -> Token:
    """Return a day, or a plain word where there is no such day."""
    year, month, day = numbers
    try:
        dt.date(year, month, day)
    except ValueError:
        return Token("w", 0, *span)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return Token("w", 0, *span)
    return Token("d", year, *span, month=month, day=day)


def month_tokens(year: int, month: int, span: tuple[int, int]) -> list[Token]:
    """Return a month and its year, or a plain word where there is no such month."""
    if 1 <= month <= 12 and EARLIEST_YEAR <= year <= LATEST_YEAR:
        return [Token("m", month, *span), Token("y", year, *span)]
    return [Token("w", 0, *span)]


def two_years(
    year: int, second: int, match: re.Match[str], fiscal_start: int
) -> list[Token]:
    """Return what "2018/19", "2018-19" or "2021-02" stands for.

    "2004-05" is a month to one writer and a financial year to another. It is read
    only where the caller says that financial years are used.
    """
    is_next = (year + 1) % 100 == second
    if is_next and fiscal_start and EARLIEST_YEAR <= year <= LATEST_YEAR:
        return [Token("F", year, *match.span())]
    if is_next:
        return [Token("X", 0, *match.span())]
    if re.fullmatch(r"\d{4}-\d{2}", match[0]):
        return month_tokens(year, second, match.span())
    return [Token("w", 0, *match.span())]


def short_years(
    first: int, second: int, span: tuple[int, int], fiscal_start: int
) -> list[Token]:
    """Return what "04/05" stands for: a financial year where they are used."""
    if fiscal_start and (first + 1) % 100 == second:
        century = 2000 if first < 70 else 1900
        return [Token("F", century + first, *span)]
    return [Token("w", 0, *span)]

"""What a column of a flat table holds: dates, numbers, codes, identifiers, words.

In here: facts about the cells of one column, without quoting any. Not in here: whether
it names people (`personal.py`), or which field it is (`matching.py`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.propose.looks import Look, look_at

Kind = Literal[
    "empty", "date", "number", "year", "period", "identifier", "code", "text", "story"
]
KIND_OF_LOOK: dict[Look, Kind] = {
    Look.DATE: "date",
    Look.PERIOD: "period",
    Look.YEAR: "year",
}
"""The kind of a column most of whose cells look so."""

MOST_CODES = 120
"""A column with more different texts than this is no list of codes."""

MOST_FLAGS = 5
"""Different numbers, such as 0 and 1, that are rather codes than numbers."""

SEPARATORS = re.compile(r"\s*[,;/]\s*")
DATE_SHAPES = (
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), ("%d/%m/%Y", "%m/%d/%Y")),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{2}"), ("%d/%m/%y", "%m/%d/%y")),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}"), ("%d.%m.%y",)),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), ("%d %b %Y",)),
    (re.compile(r"\d{1,2} [A-Za-z]{4,} \d{4}"), ("%d %B %Y",)),
)
"""Shapes that are read only where a source declares their form."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the cells of one column.

    `counts` has every different text with how often it stands there. It is never
    written down as it is: `Quotable` texts of it are.
    """

    kind: Kind
    filled: int
    rows: int
    counts: Counter[str] = field(repr=False)
    date_forms: tuple[str, ...] = ()
    asks_date: bool = False
    separators: str = ""
    parts: Counter[str] = field(default_factory=Counter, repr=False)

    @property
    def distinct(self) -> int:
        """Return how many different texts the column has."""
        return len(self.counts)


def facts_of(texts: Iterable[str], marks: Sequence[str]) -> Facts:
    """Return the facts about a column.

    Args:
        texts: its cells below the header, blank ones empty.
        marks: normalised texts that may stand for no value.
    """
    cells = list(texts)
    counts = Counter(text for text in cells if text)
    looks: Counter[Look] = Counter()
    for text, times in counts.items():
        looks[look_at(text, marks)] += times
    filled = sum(counts.values())
    kind = kind_of(counts, looks, filled)
    separators, parts = (
        parts_of(counts) if kind in ("code", "text") else ("", Counter())
    )
    if separators and len(parts) <= MOST_CODES:
        kind = "code"
    forms, asks = date_forms(counts) if kind == "date" else ((), False)
    return Facts(kind, filled, len(cells), counts, forms, asks, separators, parts)


def kind_of(counts: Counter[str], looks: Counter[Look], filled: int) -> Kind:
    """Return the kind that most cells of a column have."""
    known = filled - looks[Look.MARK]
    if not known:
        return "empty"
    for look, kind in KIND_OF_LOOK.items():
        if looks[look] >= 0.8 * known:
            return kind
    if looks[Look.DATE] >= 0.3 * known:
        return "date"
    if looks[Look.NUMBER] + looks[Look.YEAR] >= 0.85 * known:
        if is_counter(counts, filled):
            return "identifier"
        is_flag = len(counts) <= MOST_FLAGS and filled >= 20
        return (
            "code" if is_flag and all(text.isdecimal() for text in counts) else "number"
        )
    return words_kind(counts, filled)


def is_counter(counts: Counter[str], filled: int) -> bool:
    """Return whether numbers only count the rows, or identify them."""
    if filled < 5 or len(counts) < filled:
        return False
    whole = [int(text) for text in counts if text.isdecimal()]
    is_run = len(whole) == filled and max(whole) - min(whole) == filled - 1
    is_long = len(whole) == filled and min(len(text) for text in counts) >= 6
    return is_run or is_long


def words_kind(counts: Counter[str], filled: int) -> Kind:
    """Return the kind of a column of words."""
    length = sum(len(text) * times for text, times in counts.items()) / filled
    share = len(counts) / filled
    if length > 200 or (length > 30 and share > 0.5) or (length > 60 and share > 0.3):
        return "story"
    has_digits = sum(1 for text in counts if any(c.isdigit() for c in text))
    if share > 0.9 and has_digits >= 0.8 * len(counts) and filled > 2:
        return "identifier"
    if len(counts) <= MOST_CODES and (share <= 0.5 or len(counts) <= 12):
        return "code"
    return "text"


def parts_of(counts: Counter[str]) -> tuple[str, Counter[str]]:
    """Return the separators in cells of several codes, and the codes.

    Cells hold several codes where parting them leaves far fewer different texts.
    """
    several = {text: n for text, n in counts.items() if SEPARATORS.search(text)}
    if len(several) < 3 or sum(several.values()) < 0.05 * sum(counts.values()):
        return "", Counter()
    parts: Counter[str] = Counter()
    for text, times in counts.items():
        for part in SEPARATORS.split(text):
            if part:
                parts[part] += times
    are_codes = all(len(part) <= 12 and " " not in part for part in parts)
    if len(parts) * (1 if are_codes else 1.5) > len(counts):
        return "", Counter()
    found = {c for text in several for c in text if c in ",;/"}
    return "|".join(sorted(found)), parts


def date_forms(counts: Counter[str]) -> tuple[tuple[str, ...], bool]:
    """Return the forms of dates that must be declared, and whether one must be asked.

    "7/28/2020" tells that months stand first; where no day is above 12, nothing does.
    """
    forms: list[str] = []
    asks = False
    for shape, possible in DATE_SHAPES:
        texts = [text for text in counts if shape.fullmatch(text)]
        if not texts:
            continue
        pairs = [re.split(r"\D", text)[:2] for text in texts]
        first = any(int(a) > 12 for a, _ in pairs if a.isdecimal())
        second = any(b.isdecimal() and int(b) > 12 for _, b in pairs)
        told = possible[second and not first] if len(possible) > 1 else possible[0]
        asks |= len(possible) > 1 and first == second
        forms.append(told)
    return tuple(forms), asks

"""Signs of a source: marks for no value, footnote signs, signs of numbers.

In here: which are seen, and how often. Not in here: what they mean: a person says so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.declarations.codelists import normalise
from pipeline.declarations.header_words import HeaderWords
from pipeline.propose.looks import Look, View

AT_END = re.compile(
    r"(?:.*[^\W_]\)?\"?)\s?(?P<sign>[*^~†‡§#]+|[¹²³⁴⁵⁶⁷⁸⁹]|\(\w\)|/[a-z])"
)
LONGEST_LABEL = 120
AFFIX = re.compile(r"[$€£₸₽%]")
COMMA_GROUPS = re.compile(r"-?\D?\d{1,3}(?:,\d{3})+(?:\.\d+)?\D?")
POINT_GROUPS = re.compile(r"-?\D?\d{1,3}(?:\.\d{3})+(?:,\d+)?\D?")
DECIMAL_COMMA = re.compile(r"-?\d+,(?:\d{1,2}|\d{4,})\D?")


@dataclass(slots=True)
class Signs:
    """What was seen on all sheets of a file."""

    marks: Counter[str] = field(default_factory=Counter)
    comma_groups: int = 0
    sure_groups: int = 0
    point_groups: int = 0
    decimal_commas: int = 0
    affixes: Counter[str] = field(default_factory=Counter)

    @property
    def thousands(self) -> str:
        """Return the sign between thousands that was seen, or nothing."""
        return "," if self.comma_groups and not self.decimal_commas else ""

    @property
    def is_in_doubt(self) -> bool:
        """Return whether a comma could part thousands or a fraction."""
        return bool(self.comma_groups) and (
            bool(self.decimal_commas) or not self.sure_groups
        )


def see_numbers(signs: Signs, texts: Iterable[str]) -> None:
    """Count the signs of numbers in the cells of a column of numbers."""
    for text, times in Counter(texts).items():
        for affix in AFFIX.findall(text):
            signs.affixes[affix] += times
        if COMMA_GROUPS.fullmatch(text):
            signs.comma_groups += times
            signs.sure_groups += times * (text.count(",") > 1 or "." in text)
        elif POINT_GROUPS.fullmatch(text):
            signs.point_groups += times
        elif DECIMAL_COMMA.fullmatch(text):
            signs.decimal_commas += times


def see_marks(
    signs: Signs, texts: Iterable[str], words: HeaderWords, are_codes: bool = False
) -> None:
    """Count the texts that may stand for no value, and the blank cells.

    Among codes a letter is more likely a code.
    """
    marks = words.meanings("mark")
    for text, times in Counter(texts).items():
        is_letter = len(text) == 1 and text.isalpha()
        if not text or (normalise(text) in marks and not (are_codes and is_letter)):
            signs.marks[text] += times


def meaning_of(text: str, words: HeaderWords) -> str:
    """Return what a mark mostly means, or nothing where that differs by source."""
    means = words.meanings("mark").get(normalise(text), ("",))
    return means[0]


def footnotes_of(
    view: View, rows: Iterable[int], notes: Iterable[str]
) -> dict[str, str]:
    """Return the footnote signs of a table with the reason why each is taken for one.

    Args:
        view: the sheet.
        rows: rows of the table.
        notes: the texts below it.
    """
    below = [note.strip() for note in notes]
    seen: Counter[str] = Counter()
    for row in rows:
        for text in view.row(row).values():
            if len(text) <= LONGEST_LABEL and (match := AT_END.fullmatch(text)):
                seen[match["sign"].strip("/()")] += 1
    found = {}
    for sign, times in sorted(seen.items()):
        explained = any(explains(note, sign) for note in below)
        if explained or (times <= 12 and sign in "*^~†‡"):
            told = "a note below begins with it" if explained else "no note explains it"
            found[sign] = f"at the end of {times} text{'s' * (times > 1)}; {told}"
    return found


def explains(note: str, sign: str) -> bool:
    """Return whether a note begins with a sign: "*Following …", "a/Excludes …"."""
    return (
        re.match(
            rf"[(]?{re.escape(sign)}[)/.:\s–-]|{re.escape(sign)}(?=[A-ZА-Я])", note
        )
        is not None
    )


def values_under(
    view: View, rows: range, columns: Iterable[int]
) -> Mapping[int, list[str]]:
    """Return the texts of some columns, rows without any text left out."""
    held = [row for row in rows if (view.looks[row] != Look.EMPTY).sum() > 1]
    return {at: [str(view.texts[row, at]) for row in held] for at in columns}

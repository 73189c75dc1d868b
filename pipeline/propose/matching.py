"""Match headers with the fields of our records, and words with codes of our lists.

In here: how alike two texts are, the fields that a table's headers may be, the codes
that its words may be. Not in here: accepting any of it: a person does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.header_words import HeaderWords
from schemas.fields import Field, Record
from schemas.records import RECORDS

SURE, LIKELY, POSSIBLE = 96, 86, 72
"""Of 100: written as it is; written with a doubt; told in a comment only."""

LEAST_CODE = 75
DRAFTED = (
    *("complaints", "checks", "investigations", "prosecutions", "sentences"),
    *("figures", "codes"),
)
"""Records that a sheet is drafted as; claims and documents are made by hand."""

KINDS_OF_FIELD = {
    "date": ("date", "year", "period", "empty"),
    "number": ("number", "year", "empty"),
    "range": ("number", "text", "code", "empty"),
    "code": ("code", "text", "story", "empty", "identifier"),
    "pseudonym": ("text", "code", "identifier"),
}


@dataclass(frozen=True, slots=True)
class Match:
    """A field that a header may mean, and how alike the two are, of 100."""

    field: str
    score: int


@cache
def header_form(text: str) -> str:
    """Return the form in which a header is compared with words.

    Without signs, numbers of columns and parts in brackets; joined words are parted.
    """
    plain = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", text)
    plain = re.sub(r"\([^)]*\)|^\d+[.)]\s*|[_*^/|:;.,]+", " ", plain)
    return normalise(re.sub(r"-(?=\s|$)|(?<=\s)-", " ", plain)) or normalise(text)


def holds_word(form: str, word: str) -> bool:
    """Return whether a header is a word, or has it as one of its words."""
    return form == word or (
        len(word) > 1
        and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", form) is not None
    )


def matches(header: str, record: Record, words: HeaderWords) -> list[Match]:
    """Return the fields that a header may mean, the likeliest first."""
    form = header_form(header)
    names = (
        {*record.names, "period"} if "period_start" in record.names else record.names
    )
    best: dict[str, int] = {}
    for word, means in words.meanings("field").items():
        score = likeness(form, word)
        for name in means:
            if name in names:
                best[name] = max(best.get(name, 0), score)
    for name in names:
        spelled = name.replace("_", " ")
        best[name] = max(best.get(name, 0), likeness(form, spelled))
    found = [Match(name, score) for name, score in best.items() if score >= POSSIBLE]
    return sorted(found, key=lambda one: (-one.score, one.field))


def likeness(form: str, word: str) -> int:
    """Return how alike a header and a word are, of 100.

    A header that has the word among others is likely, the more so the fewer others.
    """
    if form == word:
        return 100
    score = fuzz.ratio(form, word)
    if holds_word(form, word):
        share = len(word) / len(form)
        score = max(score, 74 + 20 * share)
        if len(word) > 3 and stands_for_all(form, word):
            score = max(score, 84 + 10 * share)
    if len(word) > 4:
        score = max(score, fuzz.token_sort_ratio(form, word) - 3)
    return int(score)


def stands_for_all(form: str, word: str) -> bool:
    """Return whether a word is what a header is about: its last in English.

    In Russian it is the first: "регион, в котором работал".
    """
    is_latin = word.isascii()
    return form.endswith(f" {word}") if is_latin else form.startswith(f"{word} ")


def fits_kind(field: Field | None, kind: str) -> bool:
    """Return whether cells of a kind can be values of a field."""
    return field is None or kind in KINDS_OF_FIELD.get(field.kind, (kind,))


def assigned(
    columns: Mapping[int, tuple[str, str]], record: Record, words: HeaderWords
) -> dict[int, Match]:
    """Return position → the field of each column that is likely one; a field once.

    Args:
        columns: position → header and kind of its cells.
        record: the kind of record.
        words: header words.
    """
    fields = {field.name: field for field in record.fields}
    every = [
        (match, at)
        for at, (header, kind) in columns.items()
        for match in matches(header, record, words)
        if match.score >= LIKELY and fits_kind(fields.get(match.field), kind)
    ]
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for match, at in sorted(every, key=lambda pair: (-pair[0].score, pair[1])):
        if at not in found and match.field not in taken:
            found[at] = match
            taken.add(match.field)
    return found


def likely_record(
    columns: Mapping[int, tuple[str, str]],
    words: HeaderWords,
    has_values: bool,
    may_be_figures: bool,
) -> str:
    """Return the kind of record that most headers fit.

    Args:
        columns: position → header and kind of its cells.
        words: header words.
        has_values: the table holds numbers that nothing but figures could be.
        may_be_figures: it names no people and has no day of an event.
    """
    if has_values:
        return "figures"
    scores = {}
    for name in DRAFTED:
        if name == "figures" and not may_be_figures:
            continue
        found = assigned(columns, RECORDS[name], words).values()
        needed = [field.name for field in RECORDS[name].fields if field.required]
        bonus = sum(40 for match in found if match.field in needed)
        scores[name] = sum(match.score for match in found) + bonus
    return max(scores, key=lambda name: scores[name])


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """A text that a code may mean: exactly known, or alike."""

    text: str
    times: int
    code: str
    score: int


def code_matches(counts: Counter[str], codes: CodeList, source: str) -> list[CodeMatch]:
    """Return each text that may be quoted, with the code it may mean.

    A text is quoted where it stands several times or is exactly known.
    """
    known = codes.known(source)
    found = []
    for text, times in counts.most_common():
        code, score = best_code(text, known)
        if score == 100 or times > 1:
            found.append(CodeMatch(text, times, code, score))
    return found


def best_code(text: str, known: Mapping[str, str]) -> tuple[str, int]:
    """Return the code that a text may mean and how alike it is, or nothing and 0."""
    form = normalise(text)
    if form in known:
        return known[form], 100
    if len(form) < 3:
        return "", 0
    spellings = [word for word in known if len(word) > 2 and is_told(known[word])]
    # The order of words may differ; words left out may not: "not a victim" is none.
    near = process.extractOne(
        form, spellings, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_CODE
    )
    return (known[near[0]], min(int(near[1]), 99)) if near else ("", 0)


def likely_list(
    texts: Iterable[str], lists: Mapping[str, CodeList], names: Iterable[str]
) -> tuple[str, float]:
    """Return the code list that knows most of some texts, and the share it knows.

    Signs of a letter or two say too little to tell a list by.
    """
    forms = {normalise(text) for text in texts if len(text) > 2}
    best, most = "", 0.0
    for name in names:
        known = lists[name].known("*")
        share = sum(1 for form in forms if is_told(known.get(form))) / max(
            len(forms), 1
        )
        if share > most:
            best, most = name, share
    return best, most


def is_told(code: str | None) -> bool:
    """Return whether a code says more than a total, or that nothing is known."""
    return code is not None and not code.startswith("_")

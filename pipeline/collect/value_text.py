"""Part a value or a label from what is glued to it: footnote signs and qualifiers.

In here: "15/16*", "рассмотрено1", "более 200", a column at a time. Not in here: turning
the text that is left into a number (`process/parse.py`), or what a text that stands
for no value means (`marks:` of a source).

Each distinct text is looked at once, however many rows hold it.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.declarations.codelists import normalise
from pipeline.declarations.qualifiers import (
    QualifierWords,
    builtin_qualifier_words,
    code_by_word,
)
from pipeline.model import SEPARATOR

SUPERSCRIPTS = str.maketrans(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
    "0123456789()abcdefghijklmnoprstuvwxyz",
)
RAISED = "".join(chr(code) for code in SUPERSCRIPTS)
NOT_SIGNS = frozenset("-–—−+.,()[]/%")
"""A sign of these would take a part of a number away, or of another sign."""

NUMBER = re.compile(r"[-–−+(]?\s*[\d\s.,'’]*\d[\d\s.,'’]*([eE][-+]?\d+)?\s*[%)]?")
LETTER = re.compile(r"[^\W\d_]")


class Stripped(NamedTuple):
    """Texts without their footnote signs, and the marks that those stand for."""

    texts: pd.Series
    marks: pd.Series


class Qualified(NamedTuple):
    """Texts without their qualifier, and its code."""

    texts: pd.Series
    qualifiers: pd.Series


def strip_signs(texts: pd.Series, signs: Mapping[str, str]) -> Stripped:
    """Return texts without the footnote signs at their end, and the marks.

    A sign stands glued to the text or after a blank, after a slash ("Alaska/c"), in
    brackets ("Total (b)", "Всего 1)") or raised ("17¹"); several in a row are all
    taken. A digit is a sign only after a letter, and a letter only after a slash, in
    brackets, raised or, without those, after a number: so neither "121" nor the last
    letter of a word is taken for one. A sign that is not declared stays, also where
    it is a declared one twice ("15/16**" beside "*"): it must stop the run later.

    Args:
        texts: any text, missing where empty.
        signs: sign → mark (a code of the list `mark`, such as note, r or p), as
            `footnotes` of a table declares them.

    Returns:
        The texts, and the marks of each: several joined by `model.SEPARATOR`, sorted;
        missing where there was no sign. A text of nothing but signs stays as it is.

    Raises:
        ValueError: a sign is empty, holds a blank, or is a part of numbers.
    """
    check_signs(signs)
    return Stripped(*by_distinct(texts, lambda text: without_signs(text, signs)))


def check_signs(signs: Mapping[str, str]) -> None:
    """Check that signs can be told from what they stand at. Raises ValueError."""
    for sign in signs:
        if not sign or set(sign) & NOT_SIGNS or re.search(r"\s", sign):
            raise ValueError(f"{sign!r} cannot be a footnote sign")


def by_distinct(
    texts: pd.Series, split: Callable[[str], tuple[str, str | None]]
) -> tuple[pd.Series, pd.Series]:
    """Return the two halves that a function makes of each distinct text."""
    places, distinct = texts.factorize()
    pairs = [split(str(text)) for text in distinct]
    if all(pair == (text, None) for pair, text in zip(pairs, distinct, strict=True)):
        return texts, pd.Series(pd.NA, index=texts.index, dtype="str")
    first, second = (
        pd.Series(
            pd.array(list(half), dtype="str").take(places, allow_fill=True),
            index=texts.index,
        )
        for half in zip(*pairs, strict=True)
    )
    return first, second


def without_signs(text: str, signs: Mapping[str, str]) -> tuple[str, str | None]:
    """Return one text without its signs, and their marks or None."""
    signs = {sign.translate(SUPERSCRIPTS): mark for sign, mark in signs.items()}
    left, marks = text.rstrip(), set[str]()
    while peeled := peel(left, signs) or (marks and peel(left.rstrip(" ,;"), signs)):
        left, found = peeled
        marks |= {signs[sign] for sign in found}
    return (left, SEPARATOR.join(sorted(marks))) if marks else (text, None)


def peel(text: str, signs: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return a text without the last of its signs, and those, or None."""
    for look in (raised, wrapped, glued):
        found = look(text, signs)
        if found and found[0]:
            return found
    return None


def raised(text: str, signs: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return a text without raised signs at its end: "17¹", "Всего¹²"."""
    left = text.rstrip(RAISED)
    told = text[len(left) :].translate(SUPERSCRIPTS).strip("()")
    found = [told] if told in signs else list(told)
    return (left.rstrip(), found) if told and set(found) <= set(signs) else None


WRAPPED = re.compile(
    r"(?P<left>.*[^\s(\[/])\s*(?:/\s?([^\s/()\[\]]+)|[(\[]([^()\[\]]+)[)\]])",
    re.DOTALL,
)
CLOSED = re.compile(
    r"(?P<left>[^()]*[^\W\d_][^\w\s()]{0,2})\s?([^\s()]{1,3})\)", re.DOTALL
)
"""A sign after a slash or in brackets, and one with a closing bracket only."""


def wrapped(text: str, signs: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return a text without signs after a slash or in brackets: "Alaska/c"."""
    match = WRAPPED.fullmatch(text) or CLOSED.fullmatch(text)
    if not match:
        return None
    told = next(group for group in match.groups()[1:] if group)
    found = re.split(r"\s*[,;]\s*|\s+", told.strip())
    has_digit = any(sign.isdecimal() for sign in found)
    # "146 (1)" and "Форма 2/1" are numbers with a part.
    if not set(found) <= set(signs) or (has_digit and match["left"][-1].isdecimal()):
        return None
    return match["left"], found


def glued(text: str, signs: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return a text without signs that stand right at its end: "17~", "принято1"."""
    if match := re.fullmatch(r"(.*[^\W\d_][»\")]?)(\d+(?:,\d+)*)", text, re.DOTALL):
        found = match[2].split(",")
        is_number = NUMBER.fullmatch(text)
        return (match[1], found) if set(found) <= set(signs) and not is_number else None
    for sign in sorted(signs, key=len, reverse=True):
        left = text.removesuffix(sign).rstrip()
        if left == text or sign.isdecimal():
            continue
        is_word = LETTER.search(sign)
        if NUMBER.fullmatch(left) if is_word else not left.endswith(sign[0]):
            return left, [sign]
        return None
    return None


def split_qualifier(texts: pd.Series, words: QualifierWords | None = None) -> Qualified:
    """Return texts without the word that qualifies their number, and its code.

    "более 200" is 200 and MORE_THAN, "40-қа жуық" 40 and ABOUT, "<5" 5 and LESS_THAN.
    A text in which anything but one number is left ("5 из 10", "350–400", "более 5
    человек") stays as it is, without a code.

    Args:
        texts: any text, missing where empty.
        words: what `read_qualifier_words` returned; the built-in words by default.

    Returns:
        The texts, and the code of each in the list `qualifier`; missing where the
        number is not qualified.
    """
    known = words or builtin_qualifier_words()
    before, after = code_by_word(known.before), code_by_word(known.after)
    endings = "|".join(sorted(map(re.escape, known.endings), key=len, reverse=True))
    first = pattern_of(before, r"(?P<word>{})\s*(?P<number>.+)", "(?=[^\\w]|\\d)")
    last = pattern_of(
        after, rf"(?P<number>.+?)(?:\s?-\s?(?:{endings}))?\s*(?P<word>{{}})", ""
    )

    def split(text: str) -> tuple[str, str | None]:
        low = normalise(text)
        for pattern, codes in ((first, before), (last, after)):
            match = pattern.fullmatch(low)
            if match and NUMBER.fullmatch(match["number"].strip()):
                return match["number"].strip(), codes[match["word"]]
        return text, None

    return Qualified(*by_distinct(texts, split))


def pattern_of(codes: Mapping[str, str], form: str, after: str) -> re.Pattern[str]:
    """Return the pattern of a number with one of the words, longest words first."""
    longest = sorted(codes, key=len, reverse=True)
    ends = (after if word[-1].isalpha() else "" for word in longest)
    told = (re.escape(word) + end for word, end in zip(longest, ends, strict=True))
    return re.compile(form.format("|".join(told)))

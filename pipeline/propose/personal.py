"""Which columns may name people, or tell enough of one to find them.

In here: header words, and the shapes of cells. Not in here: what becomes of such a
column (`flat_draft.py`). Nothing here quotes a cell.

The shapes are wide on purpose: a column dropped without need is put back in a minute,
a name that was published stays so.
"""

import re
from collections.abc import Callable, Collection

from pipeline.declarations.header_words import HeaderWords
from pipeline.propose.kinds import Facts
from pipeline.propose.matching import header_form, holds_word

CAPITAL = r"(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]+)"
NAME = re.compile(
    rf"{CAPITAL}(?: {CAPITAL}){{1,2}}"
    rf"|{CAPITAL},? [A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]\.(?: ?[A-ZА-ЯЁ]\.)?"
)
SURE_NAME = re.compile(
    rf"(?:.*\s)?\w+(?:вич|вна|ұлы|қызы|улы|кызы|оглы)(?:\s.*)?"
    rf"|{CAPITAL} ?[A-ZА-ЯЁ]\. ?[A-ZА-ЯЁ]\.?|[A-ZА-ЯЁ]\. ?[A-ZА-ЯЁ]\. ?{CAPITAL}"
    r"|.+\s(?:v|vs|против)\.?\s.+|.*\b(?:Esq|Mr|Mrs|Ms|Dr)\b.*",
    re.DOTALL,
)
SURNAME = re.compile(
    r"[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]+(?:ов|ев|ёв|ова|ева|ёва|енко|баев|баева)\d*"
)
IIN = re.compile(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]\d{5}")
PHONE = re.compile(r"(?:\+|8|7|00)[\d ()-]{9,16}")
MAIL = re.compile(r"\S+@\S+\.\w{2,}")
ADDRESS = re.compile(
    r"(?i).*(?:\bул\.|\bулица|\bкв\.|\bд\.\s?\d|\bкөш|\bпр-т|\bstreet\b|\bavenue\b).*"
)
SHAPES: tuple[tuple[str, float, Callable[[str], object]], ...] = (
    ("numbers with the shape of an IIN", 0.3, IIN.fullmatch),
    ("telephone numbers", 0.3, PHONE.fullmatch),
    ("e-mail addresses", 0.1, MAIL.fullmatch),
    ("addresses", 0.2, ADDRESS.fullmatch),
    ("names of people, or of cases called after them", 0.15, SURE_NAME.fullmatch),
    ("surnames", 0.5, SURNAME.fullmatch),
)


MAYBE_NAMES = "two or three capitalised words, hardly ever the same: names?"
LONG = "long texts that may name people"


def why_personal(header: str, facts: Facts, words: HeaderWords) -> str:
    """Return why a column may name people, or nothing.

    Args:
        header: its header.
        facts: what is known of its cells.
        words: which headers tell of people.
    """
    if told := personal_word(header, words):
        return f"{told} (by the header)"
    return personal_shape(facts)


def personal_word(header: str, words: HeaderWords) -> str:
    """Return what a header says of people, or nothing."""
    form = header_form(header)
    for word, means in words.meanings("personal").items():
        told = header_form(word)
        if form == told or (word not in words.alone and holds_word(form, told)):
            return {"name": "names of people", "birth": "dates of birth"}.get(
                means[0], means[0]
            )
    return ""


def personal_shape(facts: Facts) -> str:
    """Return what the shapes of cells say of people, or nothing."""
    if facts.kind in ("empty", "date", "year", "period"):
        return ""
    for what, least, fits in SHAPES:
        if share(facts.counts, fits) >= least:
            return f"{what} (by the cells)"
    if facts.kind == "story":
        return LONG
    is_varied = facts.distinct > 20 and facts.distinct > 0.5 * facts.filled
    if is_varied and share(facts.counts, NAME.fullmatch) >= 0.5:
        return MAYBE_NAMES
    return ""


def share(counts: Collection[str], fits: Callable[[str], object]) -> float:
    """Return the share of different texts that fit a shape."""
    return sum(1 for text in counts if fits(text)) / max(len(counts), 1)


def names_people(text: str) -> bool:
    """Return whether one text has a shape that hardly anything but a name has."""
    shapes = (SURE_NAME, IIN, PHONE, MAIL)
    return any(shape.fullmatch(text) for shape in shapes)

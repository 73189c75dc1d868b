"""The words that qualify a number, declared in `schemas/qualifiers.yml`.

In here: the shape of the declaration, and reading it with a workspace's own words. Not
in here: splitting a cell (`collect/value_text.py`).
"""

from functools import cache
from itertools import chain

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.declarations.codelists import normalise
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

FILE = "qualifiers.yml"
WordsByCode = dict[str, tuple[str, ...]]


class QualifierWords(Declaration):
    """What stands before or after a number, by code of the list `qualifier`."""

    before: WordsByCode = {}
    after: WordsByCode = {}
    endings: tuple[str, ...] = ()


def code_by_word(words: WordsByCode) -> dict[str, str]:
    """Return normalised word → code.

    Raises:
        DeclarationError: a word has two codes.
    """
    found: dict[str, str] = {}
    for code, told in words.items():
        for word in map(normalise, told):
            if found.setdefault(word, code) != code:
                raise DeclarationError(
                    f"{FILE}: {word!r} would mean both {found[word]} and {code}"
                )
    return found


def read_qualifier_words(workspace: Workspace) -> QualifierWords:
    """Return the built-in words and those that a workspace adds to them.

    Raises:
        DeclarationError: a key is unknown, or a word has two codes.
    """
    words, own = builtin_qualifier_words(), workspace.schemas / FILE
    if workspace.root == REPOSITORY or not own.is_file():
        return words
    more = read_declaration(own, QualifierWords)
    return checked(
        QualifierWords(
            before=joined(words.before, more.before),
            after=joined(words.after, more.after),
            endings=(*words.endings, *more.endings),
        )
    )


@cache
def builtin_qualifier_words() -> QualifierWords:
    """Return the words that come with the project. Raises DeclarationError."""
    return checked(read_declaration(REPOSITORY / "schemas" / FILE, QualifierWords))


def joined(one: WordsByCode, other: WordsByCode) -> WordsByCode:
    """Return the words of both, by code."""
    codes = dict.fromkeys(chain(one, other))
    return {code: (*one.get(code, ()), *other.get(code, ())) for code in codes}


def checked(words: QualifierWords) -> QualifierWords:
    """Return the words as they are. Raises DeclarationError where one has two codes."""
    for side in (words.before, words.after):
        code_by_word(side)
    return words

"""The words that qualify a number, declared in `schemas/qualifiers.yml`.

In here: the shape of the declaration, and reading it with a workspace's own words. Not
in here: splitting a cell (`collect/value_text.py`).
"""

from functools import cache

from pipeline.declarations.base import (
    Declaration,
    own_file,
    read_declaration,
    with_more,
)
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
    words = builtin_qualifier_words()
    if own := own_file(workspace, FILE):
        return checked(with_more(words, read_declaration(own, QualifierWords)))
    return words


@cache
def builtin_qualifier_words() -> QualifierWords:
    """Return the words that come with the project. Raises DeclarationError."""
    return checked(read_declaration(REPOSITORY / "schemas" / FILE, QualifierWords))


def checked(words: QualifierWords) -> QualifierWords:
    """Return the words as they are. Raises DeclarationError where one has two codes."""
    for side in (words.before, words.after):
        code_by_word(side)
    return words

"""A second chance for a word with the wrong letters: "Bсего", "Түркicтан", "Казакстан".

In here: the form in which look-alike Latin and Cyrillic letters, and Kazakh letters and
what old encodings made of them, are one. Not in here: deciding when a word may have
that chance (`codelists.CodeList.loosely_known`), or telling that it had.
"""

from functools import cache

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY

FILE = "letters.yml"


class Letters(Declaration):
    """Letter → the letters that may stand in its place."""

    same: dict[str, str]


@cache
def letter_table() -> dict[int, str]:
    """Return what `str.translate` takes to give each letter its one form.

    Raises:
        DeclarationError: a letter would have two forms.
    """
    table: dict[int, str] = {}
    for letter, others in read_declaration(
        REPOSITORY / "schemas" / FILE, Letters
    ).same.items():
        for other in others:
            if table.setdefault(ord(other), letter) != letter:
                raise DeclarationError(
                    f"{FILE}: {other!r} would stand for {table[ord(other)]!r} and "
                    f"{letter!r}"
                )
    return table


def loose(word: str) -> str:
    """Return a normalised word with one letter for all that look alike.

    It is for comparing only, with another such form; as a word it means nothing.

    Args:
        word: what `codelists.normalise` returned.
    """
    return word.translate(letter_table())

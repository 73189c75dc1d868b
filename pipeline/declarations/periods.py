"""The words in which a source states a period, declared in `schemas/periods.yml`.

In here: the shape of the declaration, and reading it with a workspace's own words. Not
in here: reading a period out of a text (`collect/period_words.py`).
"""

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from pipeline.declarations.base import (
    Declaration,
    own_file,
    read_declaration,
    with_more,
)
from pipeline.declarations.codelists import normalise
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

FILE = "periods.yml"
Words = tuple[str, ...]


class PeriodWords(Declaration):
    """Words by what they mean in a period; a trailing `*` stands for any ending."""

    months: dict[int, Words] = {}
    numbers: dict[int, Words] = {}
    ordinals: dict[int, Words] = {}
    ordinal_endings: Words = ()
    year: Words = ()
    months_word: Words = ()
    half: Words = ()
    quarter: Words = ()
    as_of: Words = ()
    state: Words = ()
    ending: Words = ()
    since: Words = ()
    until: Words = ()
    also_other_words: Words = ()
    part_of_year: Words = ()
    term_years: Words = ()
    term_months: Words = ()

    @cached_property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """Return each normalised word with its meaning, such as ("январ*", "month 1").

        Raises:
            DeclarationError: a word has two meanings, or a month is none of 1 to 12.
        """
        found: dict[str, str] = {}
        for word, meaning in self.told():
            if found.setdefault(normalise(word), meaning) != meaning:
                raise DeclarationError(
                    f"{FILE}: {word!r} would mean both {found[normalise(word)]} "
                    f"and {meaning}"
                )
        return tuple(found.items())

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield every word as declared, with its meaning. Raises DeclarationError."""
        for kind, by_number in (
            ("month", self.months),
            ("number", self.numbers),
            ("ordinal", self.ordinals),
        ):
            if odd := sorted(set(by_number) - set(range(1, 13))):
                raise DeclarationError(f"{FILE}: {kind}s: {odd} are none of 1 to 12")
            for number, words in by_number.items():
                yield from ((word, f"{kind} {number}") for word in words)
        for kind in (
            *("year", "months_word", "half", "quarter", "as_of"),
            *("state", "ending", "since", "until", "part_of_year"),
        ):
            yield from ((word, kind) for word in getattr(self, kind))


def read_period_words(workspace: Workspace) -> PeriodWords:
    """Return the built-in words and those that a workspace adds to them.

    Raises:
        DeclarationError: a key is unknown, or a word has two meanings.
    """
    words = builtin_period_words()
    if own := own_file(workspace, FILE):
        words = with_more(words, checked(own))
        _ = words.meanings
    return words


@cache
def builtin_period_words() -> PeriodWords:
    """Return the words that come with the project. Raises DeclarationError."""
    return checked(REPOSITORY / "schemas" / FILE)


def checked(path: Path) -> PeriodWords:
    """Return the words of a file. Raises DeclarationError."""
    words = read_declaration(path, PeriodWords)
    _ = words.meanings
    return words

"""The words that headers, totals and marks are told by, in `schemas/header_words.csv`.

In here: the shape of the list, and reading it with a workspace's own words. Not in
here: comparing a header with them (`propose/matching.py`).

The words only help to draft a declaration. Nothing is read by them.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from pipeline.declarations.base import own_file
from pipeline.declarations.codelists import normalise, read_table
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

FILE = "header_words.csv"
COLUMNS = ("kind", "means", "word", "language", "status", "note")
ALONE = "alone"
"""Note of a word that says something only where it is the whole header."""

Kind = Literal["field", "personal", "role", "mark"]


@dataclass(frozen=True)
class HeaderWords:
    """Normalised word → what it may mean, by kind of word.

    `field` has fields of records; `personal` says why a column may name people;
    `role` tells totals, parts, notes and the like; `mark` what stands for no value.
    """

    by_kind: dict[str, dict[str, tuple[str, ...]]] = field(repr=False)
    alone: frozenset[str] = frozenset()
    """Words that say something only where they are the whole header."""

    def meanings(self, kind: Kind) -> dict[str, tuple[str, ...]]:
        """Return normalised word → its meanings, of one kind of word."""
        return self.by_kind.get(kind, {})

    @cached_property
    def by_meaning(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return kind and meaning → normalised words, the longest first."""
        found: dict[tuple[str, str], list[str]] = {}
        for kind, words in self.by_kind.items():
            for word in sorted(words, key=len, reverse=True):
                for means in words[word]:
                    found.setdefault((kind, means), []).append(word)
        return {key: tuple(words) for key, words in found.items()}

    def words(self, kind: Kind, means: str) -> tuple[str, ...]:
        """Return the normalised words of one meaning, the longest first."""
        return self.by_meaning.get((kind, means), ())


def read_header_words(workspace: Workspace) -> HeaderWords:
    """Return the built-in words and those that a workspace adds to them.

    Raises:
        DeclarationError: the columns are others, or a kind of word is unknown.
    """
    paths = [REPOSITORY / "schemas" / FILE]
    if own := own_file(workspace, FILE):
        paths.append(own)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    alone: set[str] = set()
    for path in paths:
        table = read_table(path, COLUMNS)
        if odd := sorted(set(table["kind"]) - set(get_args(Kind))):
            raise DeclarationError(f"{path}: no such kind of word: {', '.join(odd)}")
        alone |= {normalise(word) for word in table.loc[table["note"] == ALONE, "word"]}
        for kind, means, word in table[["kind", "means", "word"]].itertuples(
            index=False
        ):
            words = found.setdefault(kind, {})
            told = words.get(normalise(word), ())
            words[normalise(word)] = (*told, means)
    return HeaderWords(found, frozenset(alone))

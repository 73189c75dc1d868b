"""What may be told of a cell outside of the page: in a terminal, in a log.

In here: the text, a number, a code, or nothing but that it changed. Not in here:
which cells are private (`showing.py`).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.collect.layout import LEVELS
from pipeline.declarations.codelists import CodeList, normalise
from pipeline.inspect.declared_words import declared_words
from pipeline.inspect.field_words import FieldWords
from pipeline.inspect.placement import placement_of
from pipeline.inspect.seen import SeenFile, SeenSheet
from pipeline.inspect.showing import are_numbers, may_be_shown
from pipeline.lineage import address
from pipeline.model import Role
from schemas.fields import Field
from schemas.records import RECORDS

LONGEST_NUMBER = 15
"""Digits of a number that is told of a restricted source: more may be a person's."""


class Teller:
    """Knows what may be told of the cells of one sheet."""

    def __init__(
        self,
        file: SeenFile,
        seen: SeenSheet,
        texts: pd.DataFrame,
        lists: Mapping[str, CodeList],
    ) -> None:
        self.file, self.seen, self.lists = file, seen, lists
        self.texts = texts.to_numpy()
        self.may_show = may_be_shown(file, seen)
        self.is_filled = texts.notna().to_numpy()
        self.is_number = are_numbers(texts)
        self.declared = declared_words(seen.layout)
        self.fields = code_fields(seen, FieldWords(file, lists))

    def cell(self, row: int, at: int) -> str | None:
        """Return what may be told of a cell; of restricted ones, numbers and codes."""
        text = str(self.texts[row, at])
        if not self.may_show[row, at]:
            return None
        if not self.file.is_restricted:
            return text
        is_value = self.seen.laid.roles[row, at] in (Role.VALUE, Role.CONTROL)
        if is_value and self.is_number[row, at] and len(text) <= LONGEST_NUMBER:
            return text
        return self.code(row, at)

    def code(self, row: int, at: int) -> str | None:
        """Return the code of a word, if it has one."""
        field = self.fields.get(at)
        if field is None or self.file.source is None:
            return None
        if self.seen.laid.roles[row, at] != Role.DIMENSION:
            return None
        source = self.file.source
        known = self.lists[field.codelist].known(source.source, source.areas)
        return known.get(normalise(str(self.texts[row, at])))

    def header(self, block: tuple[int, ...], at: int, text: str) -> str:
        """Return how a header is called: by its text, or by its place."""
        levels = [normalise(part) for part in text.split(LEVELS)]
        is_declared = all(level in self.declared for level in levels)
        if is_declared or not self.file.is_restricted:
            return text
        return f"the header at {address(block[-1], at)}"

    def row(self, row: int, stubs: tuple[int, ...]) -> str:
        """Return how a row is called: by its labels, or by its number."""
        told = [at for at in stubs or self.first(row) if self.may_tell_label(row, at)]
        parts = [str(self.texts[row, at]) for at in told]
        return LEVELS.join(parts) if parts else f"row {row + 1}"

    def first(self, row: int) -> tuple[int, ...]:
        """Return the first filled cell of a row."""
        own = np.flatnonzero(self.is_filled[row])[:1]
        return tuple(own.tolist())

    def may_tell_label(self, row: int, at: int) -> bool:
        """Return whether the label of a row may be told."""
        if not self.may_show[row, at] or not self.is_filled[row, at]:
            return False
        text = normalise(str(self.texts[row, at]))
        return not self.file.is_restricted or text in self.declared

    def words(self) -> dict[str, dict[str, str]]:
        """Return field → word → what is told of it, of fields that have a code list."""
        found: dict[str, dict[str, str]] = {}
        for at, field in self.fields.items():
            is_word = self.seen.laid.roles[:, at] == Role.DIMENSION
            rows = np.flatnonzero(is_word & self.is_filled[:, at])
            first = {str(self.texts[row, at]): int(row) for row in rows[::-1]}
            for word, row in reversed(first.items()):
                code = self.code(row, at) or "no code"
                told = code if self.file.is_restricted else f"{word!r} ({code})"
                found.setdefault(field.name, {})[normalise(word)] = told
        return found


def code_fields(seen: SeenSheet, words: FieldWords) -> dict[int, Field]:
    """Return position → field of the columns of flat tables that hold codes."""
    records = [RECORDS[part.record] for part in seen.laid.parts]
    found = {}
    for at, names in placement_of(seen, words).columns.items():
        for record in records:
            for name in names:
                plain = name.rpartition(".")[2]
                if plain in record.names and record.field(plain).codelist:
                    found[at] = record.field(plain)
    return found

"""Sources: who supplies what, in which files, laid out how, and what is dropped.

In here: the shape of `schemas/sources/*.yml`. Not in here: applying a layout.
"""

import re
from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from pydantic import model_validator

from pipeline.declarations.base import (
    Declaration,
    declaration_files,
    read_declaration,
)
from pipeline.declarations.layouts import SheetLayout, records_of, tables_of
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

Meaning = Literal["unknown", "not_supplied", "not_applicable", "withheld", "zero"]
SharedField = Literal["complaint_id", "register_no", "case_no", "prosecution_id"]
"""Fields by which records name one another, so that sources can share their numbers."""


class Document(Declaration):
    """A published document that a source rests on."""

    document: str
    """Short name, by which records name it."""

    publisher: str
    """Who published it."""

    title: str
    """Its title, without names of people."""

    published_on: str = ""
    """Day, month or year of publication."""

    language: str = ""
    """Its language."""

    url: str = ""
    """Its address."""

    place_note: str = ""
    """What to know about the address or the copy."""


class Numbers(Declaration):
    """How a source writes its numbers, where the signs could mean two things."""

    thousands: str = ""
    """Sign between groups of three digits."""

    decimal: str = ""
    """Sign before the fraction."""

    affixes: tuple[str, ...] = ()
    """Signs before or after a number that are no part of it, such as $ or %."""

    @model_validator(mode="after")
    def _signs_differ(self) -> "Numbers":
        if self.thousands and self.thousands == self.decimal:
            raise ValueError("one sign cannot part both thousands and decimals")
        return self


class SourceFile(Declaration):
    """A file, or files of one pattern, and what is on each of its sheets."""

    is_expected: ClassVar[bool] = True  # of a kind: no source declares it

    file: str
    """Name of the file, or a pattern such as "form_*.xlsx"."""

    encoding: str = ""
    """Encoding of a text file; found where it is not told."""

    delimiter: str = ""
    """Sign between cells of a text file; found where it is not told."""

    sheets: tuple[SheetLayout, ...]
    """What is on each sheet."""

    def matches(self, name: str) -> bool:
        """Return whether a file of that name is meant."""
        return fnmatchcase(name, self.file)


class Source(Declaration):
    """A supplier of spreadsheets."""

    source: str
    """Id of the source: the name of this file, and of its folder in raw/."""

    title: str
    """Title of the register or series."""

    publisher: str
    """Who supplies it."""

    licence: str
    """Under what terms it may be used."""

    language: str
    """Languages of the files."""

    ref_area: str
    """Country, a code of the list ref_area."""

    also_about: tuple[str, ...] = ()
    """Further countries whose bodies, laws and places it names in their own words."""

    sensitivity: Literal["public", "restricted"]
    """Whether its cells may be quoted in messages (public) or not."""

    synthetic: bool = False
    """Whether the data are made up."""

    coverage: Literal["documented_minimum", "caseload", "published_total", "register"]
    """What the files hold of all there is; `caseload`: those who came to somebody."""

    note: str = ""
    """What a reader has to know."""

    documents: tuple[Document, ...] = ()
    """Documents that the source rests on."""

    marks: dict[str, Meaning] = {}
    """Text of a cell → what this source means by it; "" is a blank cell."""

    date_forms: tuple[str, ...] = ()
    """Forms of dates (strptime), tried before the general ones."""

    dates_within: tuple[str, str] | None = None
    """First and last day, month or year that a date can be."""

    numbers: Numbers = Numbers()
    """How numbers are written."""

    shared_numbers: dict[SharedField, str] = {}
    """Field → the numbering that its numbers belong to, where other sources use it."""

    files: tuple[SourceFile, ...]
    """The files and what is on their sheets."""

    @model_validator(mode="after")
    def _id_is_a_plain_word(self) -> "Source":
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.source):
            raise ValueError(f"source id {self.source!r}: use a-z, 0-9 and _")
        return self

    @model_validator(mode="after")
    def _numberings_are_plain_words(self) -> "Source":
        for name in self.shared_numbers.values():
            if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
                raise ValueError(f"numbering {name!r}: use A-Z, 0-9 and _")
        return self

    @property
    def areas(self) -> frozenset[str]:
        """Return the countries whose codes the source may mean."""
        return frozenset({self.ref_area, *self.also_about})

    @property
    def records(self) -> tuple[str, ...]:
        """Return the kinds of record that the source supplies, each once."""
        laid = (sheet for file in self.files for sheet in file.sheets)
        tables = [table for sheet in laid for table in tables_of(sheet)]
        names = [name for table in tables for name in records_of(table)]
        return tuple(dict.fromkeys(names))

    def file_for(self, name: str) -> SourceFile | None:
        """Return the declaration of a file of that name, if there is one."""
        return next((file for file in self.files if file.matches(name)), None)


def read_sources(workspace: Workspace) -> dict[str, Source]:
    """Return the sources that take part in a build of a workspace, by id.

    A built-in source takes part where its folder stands in the workspace's `raw/`,
    so that a workspace of one's own is not asked for files that ship with the clone.

    Raises:
        DeclarationError: a declaration is wrong, or two have one id.
    """
    builtin = {path.stem for path in (REPOSITORY / "schemas" / "sources").glob("*.yml")}
    return {
        name: source
        for name, source in all_sources(workspace).items()
        if name not in builtin or (workspace.raw / name).is_dir()
    }


def all_sources(workspace: Workspace) -> dict[str, Source]:
    """Return every source declared, whether it has files or not, by id.

    Raises:
        DeclarationError: a declaration is wrong, or two have one id.
    """
    found: dict[str, Source] = {}
    for path in declaration_files(workspace, "sources", ".yml"):
        source = read_declaration(path, Source)
        if source.source != path.stem or source.source in found:
            raise DeclarationError(
                f"{path}: source {source.source!r} must be alone and its file "
                f"be called {source.source}.yml"
            )
        found[source.source] = source
    return found

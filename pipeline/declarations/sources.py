"""Sources: who supplies what, in which files, laid out how, and what is dropped.

In here: the shape of `schemas/sources/*.yml`. Not in here: applying a layout.
"""

import re
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.declarations.base import (
    Declaration,
    declaration_files,
    read_declaration,
)
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

Meaning = Literal["unknown", "not_supplied", "not_applicable"]
RecordName = Literal[
    "complaints",
    "checks",
    "investigations",
    "prosecutions",
    "sentences",
    "figures",
    "claims",
    "documents",
]


class Document(Declaration):
    """A published document that a source rests on."""

    document: str
    publisher: str
    title: str
    published_on: str = ""
    language: str = ""
    url: str = ""
    place_note: str = ""


class Period(Declaration):
    """A period that stands in the words of a title."""

    pattern: str
    period_start: str
    period_end: str
    period_type: str


class NonDataSheet(Declaration):
    """A sheet that holds no data, with the reason."""

    sheet: str
    non_data: str


class FlatSheet(Declaration):
    """A table whose header row names its columns; one row is one record."""

    sheet: str
    record: RecordName
    layout: Literal["flat"]
    columns: dict[str, str]
    constants: dict[str, str] = {}
    dropped: dict[str, str] = {}
    notes: tuple[str, ...] = ()


class CrosstabSheet(Declaration):
    """A table with labels at the left and above; one cell is one record."""

    sheet: str
    record: RecordName
    layout: Literal["crosstab"]
    stub: str
    rows: dict[str, dict[str, str]]
    columns: dict[str, dict[str, str]]
    ignore_columns: dict[str, str] = {}
    column_numbers: bool = False
    constants: dict[str, str] = {}
    period: Period | None = None
    notes: tuple[str, ...] = ()


SheetLayout = Annotated[FlatSheet | CrosstabSheet, Field(discriminator="layout")]


class SourceFile(Declaration):
    """A file, or files of one pattern, and what is on each of its sheets."""

    file: str
    encoding: str = "utf-8"
    sheets: tuple[NonDataSheet | SheetLayout, ...]

    def matches(self, name: str) -> bool:
        """Return whether a file of that name is meant."""
        return fnmatchcase(name, self.file)


class Source(Declaration):
    """A supplier of spreadsheets."""

    source: str
    title: str
    publisher: str
    licence: str
    language: str
    ref_area: str
    sensitivity: Literal["public", "restricted"]
    synthetic: bool = False
    coverage: Literal["documented_minimum", "published_total", "register"]
    note: str = ""
    documents: tuple[Document, ...] = ()
    marks: dict[str, Meaning] = {}
    files: tuple[SourceFile, ...]

    @model_validator(mode="after")
    def _id_is_a_plain_word(self) -> "Source":
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.source):
            raise ValueError(f"source id {self.source!r}: use a-z, 0-9 and _")
        return self

    @property
    def records(self) -> tuple[str, ...]:
        """Return the kinds of record that the source supplies, each once."""
        laid = (sheet for file in self.files for sheet in file.sheets)
        names = [sheet.record for sheet in laid if not isinstance(sheet, NonDataSheet)]
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

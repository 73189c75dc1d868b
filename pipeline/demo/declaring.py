"""The declarations of a made-up workspace: its sources, and the words they use.

In here: which declarations a workspace gets, and spellings for words that point27 does
not know. Not in here: the declarations themselves (`schemas/demo/*.yml`).
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.declarations.base import read_declaration
from pipeline.declarations.codelists import (
    SPELLING_COLUMNS,
    CodeList,
    normalise,
    read_codelists,
)
from pipeline.declarations.layouts import records_of, tables_of
from pipeline.declarations.sources import Source
from pipeline.demo.complaints import COALITION, OMBUDSMAN, PROSECUTOR
from pipeline.demo.offices import MOST_IN_WORKBOOKS
from pipeline.demo.shapes import COURT
from pipeline.demo.totals import POPULATION
from pipeline.demo.world import DECLARATIONS
from pipeline.demo.writing import words_of
from pipeline.errors import DeclarationError
from pipeline.process.second_chance import second_chance
from pipeline.workspace import REPOSITORY, Workspace
from schemas.fields import Field
from schemas.records import RECORDS

REASON = "how a made-up office of the demonstration writes it"


def declared(complaints: int) -> dict[str, Path]:
    """Return source → its declaration, for a world of so many complaints."""
    every = (COALITION, OMBUDSMAN, PROSECUTOR, COURT, POPULATION)
    named = {name: name for name in every}
    if complaints > MOST_IN_WORKBOOKS:
        named[PROSECUTOR] += "_csv"
    return {name: DECLARATIONS / f"{stem}.yml" for name, stem in named.items()}


def write_declarations(folder: Path, complaints: int) -> None:
    """Write the declarations of the made-up sources and their spellings.

    Raises:
        DeclarationError: a declaration is wrong, or a word means something else.
    """
    schemas = folder / "schemas"
    lists = read_codelists(Workspace(REPOSITORY))
    rows: dict[str, list[tuple[str, ...]]] = {}
    for name, path in declared(complaints).items():
        (schemas / "sources").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, schemas / "sources" / f"{name}.yml")
        for codelist, spelling in unknown_words(read_declaration(path, Source), lists):
            rows.setdefault(codelist, []).append(spelling)
    for path in sorted((DECLARATIONS / "codelists").glob("*.csv")):
        (schemas / "codelists").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, schemas / "codelists" / path.name)
    for codelist, spellings in sorted(rows.items()):
        write_spellings(schemas / "spellings" / f"{codelist}.csv", spellings)


def write_spellings(path: Path, spellings: list[tuple[str, ...]]) -> None:
    """Write spellings of one list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SPELLING_COLUMNS)
        writer.writerows(sorted(set(spellings)))


def unknown_words(
    source: Source, lists: dict[str, CodeList]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the list and the spelling of each word that nobody would know.

    Raises:
        DeclarationError: a word is known, and means another code.
    """
    words = words_of(source.source)
    for name, field in fields_of(source).items():
        for code, told in words.get(name, {}).items():
            for word in told:
                means = meaning(word, field, lists[name], source)
                if means is None:
                    yield name, (word, code, source.source, REASON)
                elif means != code:
                    raise DeclarationError(
                        f"demo/words.yml: {word!r} is {means} to point27, not {code}"
                    )


def fields_of(source: Source) -> dict[str, Field]:
    """Return code list → a field that the source fills, best one of several codes."""
    laid = [sheet for file in source.files for sheet in file.sheets]
    tables = [table for sheet in laid for table in tables_of(sheet)]
    names = {name for table in tables for name in records_of(table)}
    fields = [field for name in sorted(names) for field in RECORDS[name].fields]
    ordered = sorted(fields, key=lambda field: field.multiple)
    return {field.codelist: field for field in ordered if field.codelist}


def meaning(word: str, field: Field, codelist: CodeList, source: Source) -> str | None:
    """Return the code that a word is read as, or None where nobody knows it."""
    known = codelist.known(source.source).get(normalise(word))
    return known or second_chance(word, field, codelist, source)

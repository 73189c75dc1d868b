"""What a layout says of the texts of headers and row labels.

In here: text → what it is declared to be, for sheets that are not as declared, too.
Not in here: applying a layout (`collect`).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from pipeline.collect.layout import LEVELS, trimmed
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layouts import (
    CrosstabTable,
    FlatTable,
    SheetLayout,
    tables_of,
)
from pipeline.declarations.sources import Source
from pipeline.inspect.seen import SeenSheet
from schemas.records import RECORDS

DROPPED = "dropped"
HEAD_WITHIN = 200
"""Rows in which the header of a sheet that is not as declared is looked for."""


class Meaning(NamedTuple):
    """What a text is declared to be, and whether what stands there may be shown."""

    what: str
    is_harmless: bool = True


def declared_words(layout: SheetLayout | None) -> dict[str, tuple[Meaning, ...]]:
    """Return the texts of all tables of a sheet, normalised, with their meanings.

    The upper levels of a header have none of their own.
    """
    found: dict[str, tuple[Meaning, ...]] = {}
    for table in tables_of(layout) if layout else ():
        told = of_flat(table) if isinstance(table, FlatTable) else of_crosstab(table)
        for text, meaning in told:
            *bands, last = text.split(LEVELS)
            for band in bands:
                found.setdefault(normalise(band), ())
            form = normalise(last)
            found[form] = tuple(dict.fromkeys((*found.get(form, ()), meaning)))
    return found


def of_flat(table: FlatTable) -> Iterator[tuple[str, Meaning]]:
    """Yield header and meaning of the columns of a flat table."""
    columns = [(table.record, *one) for one in table.columns.items()]
    columns += [
        (more.record, *one) for more in table.also for one in more.columns.items()
    ]
    for record, header, names in columns:
        for name in (names,) if isinstance(names, str) else names:
            yield header, Meaning(name, not is_person(record, name))
    for name, join in table.join.items():
        for header in join.columns:
            yield header, Meaning(name, not is_person(table.record, name))
    for header in table.dropped:
        yield header, Meaning(DROPPED, is_harmless=False)


def of_crosstab(table: CrosstabTable) -> Iterator[tuple[str, Meaning]]:
    """Yield text and meaning of the headers and row labels of a crosstab."""
    for texts in (table.rows, table.columns):
        for text, fields in texts.items():
            yield text, Meaning(in_words(fields))
    for controls in (table.row_controls, table.column_controls):
        for text, control in controls.items():
            yield text, Meaning(control.kind.replace("_", " "))
    for text in (*table.ignore_rows, *table.ignore_columns):
        yield text, Meaning("not data")
    for stub in table.stub_columns:
        if stub.header:
            yield stub.header, Meaning(stub.field or "row labels")


def in_words(fields: Mapping[str, str]) -> str:
    """Return the values of fields as one text."""
    return ", ".join(f"{name} {value}" for name, value in fields.items())


def is_person(record: str, name: str) -> bool:
    """Return whether a field of a record identifies a person."""
    kind = RECORDS[record]
    return name in kind.names and kind.field(name).kind == "pseudonym"


def names_persons(source: Source) -> bool:
    """Return whether any table of a source has columns that name people."""
    laid = (sheet for file in source.files for sheet in file.sheets)
    return any(
        not meaning.is_harmless
        for sheet in laid
        for meanings in declared_words(sheet).values()
        for meaning in meanings
    )


def declared_head(seen: SeenSheet) -> tuple[int, dict[int, tuple[str, ...]]]:
    """Return the row with most declared headers, and what they are declared to be.

    The row is -1 where none has two: elsewhere such a text may mean something else.
    """
    words = {form: told for form, told in declared_words(seen.layout).items() if told}
    texts = trimmed(seen.sheet.values.head(HEAD_WITHIN))
    by_row: dict[int, dict[int, tuple[str, ...]]] = {}
    for at in range(texts.shape[1]):
        column = texts.iloc[:, at]
        for text in column.dropna().unique():
            if told := words.get(normalise(text)):
                meant = tuple(one.what for one in told)
                for row in np.flatnonzero(column == text):
                    by_row.setdefault(int(row), {})[at] = meant
    best = max(by_row, key=lambda row: (len(by_row[row]), -row), default=-1)
    return (best, by_row[best]) if len(by_row.get(best, ())) > 1 else (-1, {})

"""The words in what a build leaves behind, each kind of file opened as it should be.

In here: databases, Parquet, workbooks, Dagster's history, plain files. DuckDB packs its
texts and a workbook is an archive: bytes alone would not show a name.
"""

import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

LONG = 7
"""Letters of a word that does not stand in the bytes of a picture by chance."""

WORD = re.compile(r"[^\W\d_]{4,}")
TEXT = {".csv", ".json", ".txt", ".svg", ".html", ".yml", ".yaml", ".out", ".err"}
TAGS = re.compile(r"<[^>]*>")
IN_ATTRIBUTES = re.compile(r'\b(?:name|descr|title|display|tooltip|Target)="([^"]*)"')
"""Where a workbook keeps texts of ours outside of its cells: names of sheets, links."""


def words_of(text: str) -> set[str]:
    """Return the words of a text, as they are compared."""
    return {word.casefold().replace("ё", "е") for word in WORD.findall(text)}


def members(path: Path) -> Iterator[str]:
    """Yield the texts that a workbook is made of."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield package.read(name).decode("utf-8", "replace")


def text_of(path: Path) -> str:
    """Return a file as text, whatever it is."""
    return path.read_bytes().decode("utf-8", "replace")


def words_left(path: Path) -> set[str]:
    """Return the words of one file, opened by its kind."""
    if path.suffix == ".duckdb":
        return words_of_duckdb(path)
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return words_of_table(connection, f"read_parquet('{path}')")
    if path.suffix == ".db":
        return words_of_sqlite(path)
    if zipfile.is_zipfile(path):
        return set().union(*map(words_shown, members(path)))
    words = words_of(text_of(path))
    if path.suffix in TEXT:
        return words
    return {word for word in words if len(word) >= LONG}


def words_shown(markup: str) -> set[str]:
    """Return the words of a part of a workbook, without those of its markup."""
    return words_of(" ".join([*IN_ATTRIBUTES.findall(markup), *TAGS.split(markup)]))


def words_of_duckdb(path: Path) -> set[str]:
    """Return the words in all tables of a database."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables()"
        ).fetchall()
        found = (words_of_table(connection, f'"{s}"."{t}"') for s, t in tables)
        return set().union(*found)


def words_of_table(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Return the words in all columns of a table, and of its column names."""
    frame = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {table}").df()
    texts = [" ".join(map(str, frame.columns))]
    for name in frame.columns[frame.dtypes.map(may_hold_words)]:
        texts += frame[name].dropna().astype("str").unique().tolist()
    return words_of(" ".join(texts))


def may_hold_words(kind: object) -> bool:
    """Return whether a column of that type may hold text: no number, no date."""
    return getattr(kind, "kind", "O") not in "biufM"


def words_of_sqlite(path: Path) -> set[str]:
    """Return the words in all tables of a file of Dagster's history."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found |= words_of(" ".join(map(unpacked, row)))
    return found


def unpacked(cell: object) -> str:
    """Return a value of Dagster's history as text: it keeps snapshots packed.

    The bytes of a packed snapshot read as letters would show names by chance.
    """
    if isinstance(cell, bytes):
        return zlib.decompress(cell).decode()
    return str(cell)

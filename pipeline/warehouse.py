"""The only module that knows DuckDB: opening, replacing tables, publishing copies.

In here: connections, transactions, descriptions of tables, atomic publication of a
database file. Not in here: what a table holds or how it is counted.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.errors import WarehouseBusyError

SETTINGS = {
    # Nothing waits for a network that a researcher's laptop may not have.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "4GB",
    "preserve_insertion_order": "true",
}
SCHEMAS = ("meta", "raw", "quarantine", "core", "out")
NAME = re.compile(r"[a-z][a-z0-9_]*")


def checked_name(name: str) -> str:
    """Return a name that is safe in SQL. Raises ValueError on any other."""
    for part in name.split("."):
        if not NAME.fullmatch(part):
            raise ValueError(f"{name!r} is no name of a table or column")
    return name


class Warehouse:
    """The writer's database. One process at a time has it open."""

    def __init__(self, path: Path) -> None:
        """Open or make the database.

        Raises:
            WarehouseBusyError: another process has it open.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        try:
            self.connection = duckdb.connect(str(path), config=dict(SETTINGS))
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise
            raise WarehouseBusyError(
                f"{path}: another build or run has the warehouse open; "
                "wait until it has ended, then try again"
            ) from error
        self.in_transaction = False
        for schema in SCHEMAS:
            self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")

    def __enter__(self) -> "Warehouse":
        """Return the open warehouse."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the warehouse."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside, or none; a transaction within another joins it."""
        if self.in_transaction:
            yield
            return
        self.connection.begin()
        self.in_transaction = True
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        else:
            self.connection.commit()
        finally:
            self.in_transaction = False

    def read(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Return what a query selects."""
        return self.connection.execute(sql, list(parameters)).df()

    def has(self, table: str) -> bool:
        """Return whether a table exists."""
        schema, name = checked_name(table).split(".")
        sql = "SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?"
        return self.connection.execute(sql, [schema, name]).fetchone() is not None

    def replace(
        self,
        table: str,
        frame: pd.DataFrame,
        comment: str,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """Put a frame in the place of a whole table, with its description."""
        name = checked_name(table)
        with self.transaction(), self.registered(frame):
            self.connection.execute(
                f"CREATE OR REPLACE TABLE {name} AS {selected(frame)}"
            )
            self.describe(name, comment, columns or {})

    @contextmanager
    def lent(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend an empty database in memory to a library that works on DuckDB.

        It ends with the block. One thread: sums of many fractions are the same in
        every run. What does not fit is kept beside the warehouse, for its owner only.
        """
        folder = self.path.parent
        with tempfile.TemporaryDirectory(prefix=".lent-", dir=folder) as spill:
            own: dict[str, str | bool | int | float | list[str]] = {
                **SETTINGS,
                "threads": "1",
                "temp_directory": spill,
            }
            connection = duckdb.connect(":memory:", config=own)
            connection.execute("SET enable_progress_bar = false")
            try:
                yield connection
            finally:
                connection.close()

    def make_temporary(self, name: str, sql: str) -> None:
        """Put what a query selects into a table that ends with the connection."""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {checked_name(name)} AS {sql}"
        )

    def fill_rows(self, table: str, sql: str, column: str, values: list[str]) -> None:
        """Put what a query selects in the place of the rows with one of the values."""
        name, key = checked_name(table), checked_name(column)
        with self.transaction():
            if not self.has(name):
                self.connection.execute(f"CREATE TABLE {name} AS {sql} LIMIT 0")
            self.connection.execute(
                f"DELETE FROM {name} WHERE {key} IN (SELECT unnest(?))", [values]
            )
            self.connection.execute(f"INSERT INTO {name} BY NAME {sql}")

    def replace_by(self, table: str, sql: str, comment: str) -> None:
        """Put what a query selects in the place of a whole table."""
        name = checked_name(table)
        with self.transaction():
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")
            self.describe(name, comment, {})

    def replace_rows(
        self, table: str, frame: pd.DataFrame, column: str, values: Sequence[str]
    ) -> None:
        """Put a frame in the place of the rows whose column has one of the values."""
        name, key = checked_name(table), checked_name(column)
        with self.transaction(), self.registered(frame):
            if not self.has(name):
                self.connection.execute(
                    f"CREATE TABLE {name} AS {selected(frame)} LIMIT 0"
                )
            self.add_missing_columns(name)
            self.connection.execute(
                f"DELETE FROM {name} WHERE {key} IN (SELECT unnest(?))", [list(values)]
            )
            self.connection.execute(
                f"INSERT INTO {name} BY NAME SELECT * FROM incoming"
            )

    def add_missing_columns(self, name: str) -> None:
        """Give a table of an earlier version the columns that `incoming` has."""
        incoming = self.connection.table("incoming")
        present = set(self.connection.table(name).columns)
        for column, kind in zip(incoming.columns, incoming.types, strict=True):
            if column not in present:
                self.connection.execute(
                    f"ALTER TABLE {name} ADD COLUMN {checked_name(column)} {kind}"
                )

    def replace_views(self, prefix: str, views: Mapping[str, str]) -> None:
        """Put views (name → SQL) in the place of all that begin with a prefix.

        What was a table in an earlier version, and is a view now, gives way.
        """
        with self.transaction():
            for old in self.views(prefix):
                self.connection.execute(f"DROP VIEW {old}")
            for view, sql in views.items():
                name = checked_name(view)
                self.connection.execute(f"DROP TABLE IF EXISTS {name}")
                self.connection.execute(f"CREATE VIEW {name} AS {sql}")

    def views(self, prefix: str) -> dict[str, str]:
        """Return the views whose name begins with a prefix: name → SQL."""
        found = self.read(
            "SELECT schema_name || '.' || view_name AS name, sql FROM duckdb_views() "
            "WHERE database_name = current_database() AND starts_with(name, ?)",
            [prefix],
        )
        return dict(zip(found["name"], found["sql"], strict=True))

    @contextmanager
    def registered(self, frame: pd.DataFrame | pa.Table) -> Iterator[None]:
        """Let SQL see a frame, or a table of Arrow, under the name `incoming`."""
        if isinstance(frame, pd.DataFrame):
            # An empty column of objects would become one of integers.
            texts = [name for name in frame.columns if frame[name].dtype == object]
            frame = frame.astype(dict.fromkeys(texts, "str"))
        self.connection.register("incoming", frame)
        try:
            yield
        finally:
            self.connection.unregister("incoming")

    def describe(self, name: str, comment: str, columns: Mapping[str, str]) -> None:
        """Give a table and its columns their descriptions."""
        told = [f"COMMENT ON TABLE {name} IS {quoted(comment)}"]
        told += [
            f'COMMENT ON COLUMN {name}."{column}" IS {quoted(columns[column])}'
            for column in self.connection.table(name).columns
            if column in columns
        ]
        self.connection.execute("; ".join(told))

    def publish(
        self, path: Path, tables: Mapping[str, str], views: Sequence[str] = ()
    ) -> None:
        """Write tables, with their descriptions, and views to a file of their own.

        The file is written beside and put in place by one rename: a reader that has
        the old one open goes on undisturbed.

        Args:
            path: the file.
            tables: name in the file → name here.
            views: beginnings of the names of views over those tables ("meta.x_").
        """
        building = path.with_name(f".{path.name}.building")
        for leftover in (building, wal_of(building)):
            leftover.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection.execute(f"ATTACH {quoted(str(building))} AS published")
        try:
            # One transaction: a commit for each table costs more than its rows.
            with self.transaction():
                for target, table in tables.items():
                    self.copy_table(checked_name(table), checked_name(target))
            for sql in (sql for v in views for sql in self.views(v).values()):
                self.connection.execute(sql.replace(" VIEW ", " VIEW published.", 1))
        finally:
            self.connection.execute("DETACH published")
        # DuckDB would replay a stale journal of the old file into the new one.
        wal_of(path).unlink(missing_ok=True)
        building.replace(path)

    def copy_table(self, table: str, target: str) -> None:
        """Copy one table and its descriptions into the attached database."""
        schema = target.split(".", maxsplit=1)[0]
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS published.{schema}")
        self.connection.execute(
            f"CREATE TABLE published.{target} AS SELECT * FROM {table}"
        )
        here = "database_name = current_database() AND comment IS NOT NULL "
        place = "AND schema_name = ? AND table_name = ?"
        comment = self.read(
            f"SELECT comment FROM duckdb_tables() WHERE {here}{place}", table.split(".")
        )["comment"]
        columns = self.read(
            f"SELECT column_name, comment FROM duckdb_columns() WHERE {here}{place}",
            table.split("."),
        )
        notes = dict(zip(columns["column_name"], columns["comment"], strict=True))
        self.describe(f"published.{target}", next(iter(comment), ""), notes)


def selected(frame: pd.DataFrame) -> str:
    """Return SQL that selects the frame `incoming`, times of day cut off.

    Categories become text: a column that holds only the words of today would refuse
    those of tomorrow.
    """
    days = frame.select_dtypes("datetime").columns
    words = frame.select_dtypes("category").columns
    kinds = dict.fromkeys(days, "DATE") | dict.fromkeys(words, "VARCHAR")
    casts = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in kinds.items())
    return f"SELECT * {f'REPLACE ({casts}) ' if casts else ''}FROM incoming"


@contextmanager
def reading(path: Path) -> Iterator[Callable[[str, Sequence[object]], pd.DataFrame]]:
    """Open a published database to read, and give what runs a query on it."""
    # DuckDB refuses two connections of one process with different settings: a notebook
    # that has the file open has the plain ones.
    connection = duckdb.connect(str(path), read_only=True)
    try:
        yield lambda sql, parameters: connection.execute(sql, list(parameters)).df()
    finally:
        connection.close()


def wal_of(path: Path) -> Path:
    """Return the journal that DuckDB keeps beside a database."""
    return path.with_name(path.name + ".wal")


def quoted_name(name: str) -> str:
    """Return a name as SQL takes it even where it is a word of SQL."""
    return f'"{checked_name(name)}"'


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"

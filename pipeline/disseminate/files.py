"""Machine files: one CSV and one Parquet file per published table.

In here: the order of rows and columns, how a cell is written, the bytes of a file.
Not in here: labels for people (`workbook.py`), the folder of a release (`release.py`).

The same table gives the same bytes, whenever and wherever it is written.
A text that a spreadsheet program would take for a formula (it begins with = + - @, as
they are or in full width, blanks before them or not) gets a leading apostrophe in CSV,
which such programs show as text.
Texts that are plain numbers, and numbers, are left alone. Parquet has no formulas and
keeps the text as it is.
"""

import csv
import io
import numbers
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.analyse.disclosure import ProtectedTable, require_protected
from pipeline.declarations.tables import TableSpec
from pipeline.errors import DisclosureError

FORMULA_START = re.compile(r"[\t\r\n]|\s*[=+@＝＋－＠-]")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
PERIOD_COLUMNS = ("ref_area", "time_period", "freq")


def write_csv(table: ProtectedTable, folder: Path) -> Path:
    """Write a table as CSV: UTF-8, LF, empty where there is no value.

    Raises:
        DisclosureError: the table has not been through disclosure control, or has
            other columns than it declares.
    """
    frame = ordered(require_protected(table))
    path = folder / f"{file_stem(table)}.csv"
    path.write_bytes(csv_bytes(frame))
    return path


def write_parquet(table: ProtectedTable, folder: Path) -> Path:
    """Write a table as Parquet, without time stamps and without pandas' own notes.

    Raises:
        DisclosureError: as `write_csv`.
    """
    frame = ordered(require_protected(table))
    path = folder / f"{file_stem(table)}.parquet"
    write_parquet_frame(frame, path)
    return path


def file_stem(table: ProtectedTable) -> str:
    """Return the name of a table's files, which says so when the data are made up."""
    return f"{table.name}_synthetic" if table.synthetic else table.name


def columns_of(spec: TableSpec) -> list[str]:
    """Return the columns that a published table declares, in order."""
    return list(spec.columns)


def ordered(table: ProtectedTable) -> pd.DataFrame:
    """Return the rows in a fixed order: place, period, dimensions, identifier.

    Raises:
        DisclosureError: the table has a column that it does not declare, or lacks one.
    """
    declared = columns_of(table.spec)
    if odd := sorted(set(table.frame.columns) ^ set(declared)):
        raise DisclosureError(
            f"{table.name}: columns differ from those declared: {', '.join(odd)}"
        )
    frame = table.frame[declared]
    keys = frame[[*PERIOD_COLUMNS, *table.spec.dimensions, "cell_id"]]
    order = pd.DataFrame({name: plain_texts(keys[name]) for name in keys})
    order = order.sort_values(list(keys.columns))
    return frame.loc[order.index].reset_index(drop=True)


def plain_texts(column: pd.Series) -> pd.Series:
    """Return a column as machine files write it; texts stay as they are."""
    if column.dtype == "str":
        return column.fillna("")
    return column.astype("object").map(plain_text)


def plain_text(value: Any) -> str:
    """Return a value as machine files write it; nothing where there is none."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if isinstance(value, numbers.Real):
        return str(plain_number(value))
    return str(value)


def plain_number(value: Any) -> int | float:
    """Return a number without the ".0" of a whole one."""
    number = float(value)
    return int(value) if number.is_integer() else number


def defused(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    if FORMULA_START.match(text) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [csv_column(frame.iloc[:, at]) for at in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue().encode("utf-8")


def csv_column(column: pd.Series) -> list[str]:
    """Return the cells of one column of a CSV file."""
    texts = plain_texts(column)
    if column.dtype == "str":
        return [defused(text) for text in texts]
    pairs = zip(column.astype("object"), texts, strict=True)
    return [defused(text) if isinstance(value, str) else text for value, text in pairs]


def write_parquet_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet with fixed options."""
    pq.write_table(
        arrow_table(frame),
        path,
        version="2.6",
        compression="zstd",
        compression_level=9,
        row_group_size=1_000_000,
        store_schema=False,
    )


def arrow_table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as an Arrow table of truth values, numbers and texts.

    All numbers are of one type, with or without fractions or missing values, so that
    the columns of one release have the types of the next.
    """
    return pa.table({name: arrow_column(frame[name]) for name in frame.columns})


def arrow_column(column: pd.Series) -> pa.Array:
    """Return one column as Arrow, null where there is no value."""
    if column.dtype == "str":
        return pa.array(column, pa.string(), from_pandas=True)
    if column.dtype == "float64":
        return pa.array(column, pa.float64(), from_pandas=True)
    values = [None if pd.isna(value) else value for value in column.astype("object")]
    if pd.api.types.is_bool_dtype(column):
        return pa.array(values, pa.bool_())
    if column.name == "obs_value" or pd.api.types.is_numeric_dtype(column):
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    texts = [None if value is None else plain_text(value) for value in values]
    return pa.array(texts, pa.string())

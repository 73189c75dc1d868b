"""Tell where a field of a record was read, as people write it: file!sheet!cell.

In here: from the lineage of records to places, of one record and of many at once. Not
in here: addresses themselves (`lineage.py`).
"""

import pandas as pd

from pipeline.lineage import place
from pipeline.process.distinct import per_distinct

MOST_CELLS = 5
"""How many cells of one fault are named."""


def letter_of(columns: str, field: str) -> str:
    """Return the letter of the column that held a field, or an empty text.

    Args:
        columns: which letter holds which field: "A:complaint_id B:received_on".
        field: the field.
    """
    for pair in columns.split():
        letter, name = pair.split(":")
        if name == field:
            return letter
    return ""


def cell_of(record: pd.Series, field: str) -> str:
    """Return the address of the cell that a field of a record was read from."""
    letter = letter_of(str(record["columns"] or ""), field)
    return f"{letter}{record['row']}" if letter else str(record["cell"])


def place_of(record: pd.Series, field: str) -> str:
    """Return file!sheet!cell of a field of a record."""
    return place(str(record["file"]), str(record["sheet"]), cell_of(record, field))


def cells_of(rows: pd.DataFrame, field: str) -> str:
    """Return the place of a field in the first rows, as far as they share a sheet."""
    file, sheet = (str(rows.iloc[0][name]) for name in ("file", "sheet"))
    shared = rows[(rows["file"] == file) & (rows["sheet"] == sheet)].head(MOST_CELLS)
    cells = ", ".join(cell_of(row, field) for _, row in shared.iterrows())
    return place(file, sheet, cells + (" …" if len(rows) > len(shared) else ""))


def places_of(rows: pd.DataFrame, field: str) -> pd.Series:
    """Return file!sheet!cell of a field in each of many records."""
    letters = per_distinct(
        rows["columns"].astype("str").fillna(""),
        lambda texts: texts.map(lambda columns: letter_of(columns, field)),
    ).astype("str")
    named = letters + rows["row"].astype("str")
    told = rows["file"].astype("str")
    for part in (rows["sheet"], named.where(letters.ne(""), rows["cell"])):
        text = part.astype("str")
        told = (told + "!" + text).where(told.ne("") & text.ne(""), told + text)
    return told

"""Saying of what rests on made-up sources that it does, in the warehouse.

In here: the words before a title or comment, the column `synthetic` of rows that rest
on no source. Not in here: refusing a mixture (`collect/made_up.py`), which makes a
build wholly made up or not at all.
"""

import pandas as pd

from pipeline.disseminate.wording import SYNTHETIC
from pipeline.warehouse import Warehouse


def is_made_up(warehouse: Warehouse) -> bool:
    """Return whether the sources of a build are synthetic."""
    if not warehouse.has("meta.source"):
        return False
    told = warehouse.read("SELECT bool_and(synthetic) AS told FROM meta.source")["told"]
    return bool(told.fillna(False).iloc[0])


def said(warehouse: Warehouse, text: str) -> str:
    """Return a title or comment, which says so where the build is made up."""
    return f"{SYNTHETIC}: {text}" if is_made_up(warehouse) else text


def marked(warehouse: Warehouse, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a published table, all synthetic where the build is made up.

    A row that says that nothing was supplied rests on no source, and is still of a
    made-up world.
    """
    return rows.assign(synthetic=True) if is_made_up(warehouse) else rows

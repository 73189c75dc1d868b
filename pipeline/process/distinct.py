"""Do work on each distinct text of a column once, and spread it over the rows.

In here: the one way in which a column of many rows is parsed and coded. Not in here:
parsing and coding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

Made = TypeVar("Made", pd.Series, pd.DataFrame)


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """The distinct texts of a column, and which of them stands in each row.

    A missing text is one of them, where the column has one.
    """

    texts: pd.Series
    at: np.ndarray
    index: pd.Index

    def spread(self, made: Made) -> Made:
        """Return what was made of the distinct texts, one row per row of the column."""
        if isinstance(made, pd.Series):
            return pd.Series(made.array.take(self.at), index=self.index)
        columns = {name: self.spread(made[name]) for name in made.columns}
        return pd.DataFrame(columns, index=self.index, copy=False)


def distinct(column: pd.Series) -> Distinct:
    """Return the distinct texts of a column, in order of first appearance."""
    at, texts = pd.factorize(column.array, use_na_sentinel=False)
    return Distinct(pd.Series(texts, dtype="str"), at, column.index)


def per_distinct(column: pd.Series, function: Callable[[pd.Series], Made]) -> Made:
    """Return what a function makes of a column, calling it with distinct texts only.

    A register of a million rows has some thousands of dates and some dozens of words.

    Args:
        column: texts, some missing.
        function: must treat each text on its own and keep their order and number.
    """
    found = distinct(column)
    return found.spread(function(found.texts))


def is_among(column: pd.Series, texts: pd.Series) -> pd.Series:
    """Return which rows of a column hold one of some texts.

    As `isin` does, which makes a Python object of each text and looks at its type.
    """
    both = pd.concat([texts.astype("str"), column.astype("str")])
    at, found = both.factorize(use_na_sentinel=False)
    is_met = np.zeros(len(found), dtype=bool)
    is_met[at[: len(texts)]] = True
    return pd.Series(is_met[at[len(texts) :]], index=column.index)

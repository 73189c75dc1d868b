"""Levels of agreement and blocking rules as SQL, and how many pairs a rule makes.

In here: text of SQL from the declaration. Not in here: running a model.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.declarations.linkage import Comparison, Level, Test

NULL, OTHER = "UNKNOWN", "OTHER"


def test_sql(test: Test) -> str:
    """Return SQL that is true where a test holds."""
    name = test.column
    match test.test:
        case "near":
            return f"abs({name}_l - {name}_r) <= {test.within}"
        case "meets":
            return (
                f"born_low_l <= born_high_r + {test.within} "
                f"AND born_low_r <= born_high_l + {test.within}"
            )
        case "shares":
            parts = f"string_split({name}_l, ';'), string_split({name}_r, ';')"
            return f"list_has_any({parts})"
        case _:
            return f"{name}_l = {name}_r"


def known_sql(test: Test) -> str:
    """Return SQL that is true where both rows say what a test needs."""
    name = "born_low" if test.column == "born" else test.column
    return f"({name}_l IS NOT NULL AND {name}_r IS NOT NULL)"


def level_sql(level: Level) -> str:
    """Return SQL that is true where all tests of a level hold."""
    return " AND ".join(f"({test_sql(test)})" for test in level.all)


def untold_sql(comparison: Comparison) -> str:
    """Return SQL that is true where no level of a comparison can be tried."""
    tried = (
        "(" + " AND ".join(known_sql(test) for test in level.all) + ")"
        for level in comparison.levels
    )
    return f"NOT ({' OR '.join(tried)})"


def columns_of(comparison: Comparison) -> frozenset[str]:
    """Return the columns that a comparison reads."""
    names = {test.column for level in comparison.levels for test in level.all}
    return frozenset(names - {"born"} | ({"born_low"} if "born" in names else set()))


def pairs_made(rows: pd.DataFrame, rule: Sequence[str]) -> int:
    """Return how many pairs of rows of different lists agree on all columns of a rule.

    Counted by groups, without making a pair.

    Args:
        rows: of one country, with `list_id` and the columns.
        rule: names of the columns; a row that lacks one is in no pair.
    """
    known = rows.dropna(subset=list(rule))
    sizes = known.groupby([*rule, "list_id"], observed=True).size()
    if sizes.empty:
        return 0
    squares = (sizes.astype("float64") ** 2).groupby(level=list(rule)).sum()
    whole = sizes.groupby(level=list(rule)).sum().astype("float64") ** 2
    return int(np.rint((whole - squares).sum() / 2))

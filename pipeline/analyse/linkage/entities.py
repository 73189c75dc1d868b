"""Which rows of the lists are one complaint: certain links first, then the strongest.

In here: links by a shared number, and groups that hold each list once. Not in here:
the weights of links (`model.py`).
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.declarations.linkage import Certain

CERTAIN_WEIGHT = float("inf")


def certain_links(rows: pd.DataFrame, certain: Certain) -> pd.DataFrame:
    """Return pairs of rows that share a number which each of their lists holds once.

    A number that stands twice in a list (a group complaint) proves nothing about one
    of its rows; a pair that contradicts itself is left to the model.

    Args:
        rows: of one country.
        certain: which number, and what must not differ.

    Returns:
        `row_l`, `row_r`, row numbers with the first below the second.
    """
    kept = ["row_no", "list_id", certain.same, *certain.not_against]
    known = rows.loc[rows[certain.same].notna(), kept]
    once = known[~known.duplicated(["list_id", certain.same], keep=False)]
    pairs = once.merge(once, on=certain.same, suffixes=("_l", "_r"))
    pairs = pairs[pairs["row_no_l"] < pairs["row_no_r"]]
    for name in certain.not_against:
        one, other = pairs[f"{name}_l"], pairs[f"{name}_r"]
        pairs = pairs[one.isna() | other.isna() | one.eq(other).fillna(value=False)]
    named = pairs.rename(columns={"row_no_l": "row_l", "row_no_r": "row_r"})
    return named[["row_l", "row_r"]].sort_values(["row_l", "row_r"], ignore_index=True)


def grouped(rows: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return for each row the complaint it belongs to, one row of a list in each.

    Links are followed from the strongest to the weakest (Kruskal 1956, here with the
    bound that a group holds a list once). A row that is left alone only because its
    group already has a row of its list is a duplicate within the list.

    Args:
        rows: `row_no` and `list_id`.
        links: `row_l`, `row_r` and `weight` of the matches; certain ones infinite.

    Returns:
        `row_no`, `entity_no` (the lowest row number of the group) and `is_duplicate`.
    """
    order = links.sort_values(
        ["weight", "row_l", "row_r"], ascending=[False, True, True]
    )
    lists = dict(zip(rows["row_no"], rows["list_id"], strict=True))
    groups = Groups(lists)
    refused = [
        pair
        for pair in zip(order["row_l"], order["row_r"], strict=True)
        if not groups.join(*pair)
    ]
    entity, is_duplicate = groups.settle(refused)
    return pd.DataFrame(
        {
            "row_no": rows["row_no"].to_numpy(),
            "entity_no": [entity[row] for row in rows["row_no"]],
            "is_duplicate": [row in is_duplicate for row in rows["row_no"]],
        }
    ).astype({"row_no": "int64", "entity_no": "int64", "is_duplicate": "bool"})


class Groups:
    """Rows in groups, none of which holds two rows of one list."""

    def __init__(self, lists: dict[int, str]) -> None:
        """Begin with each row in a group of its own.

        Args:
            lists: row → its list.
        """
        self.lists = lists
        self.group_of = {row: row for row in lists}
        self.rows_of: dict[int, list[int]] = {}

    def members(self, row: int) -> list[int]:
        """Return the rows of the group of a row."""
        return self.rows_of.get(self.group_of[row], [row])

    def join(self, one: int, other: int) -> bool:
        """Put two groups together; return whether they now are one."""
        if self.group_of[one] == self.group_of[other]:
            return True
        first, second = self.members(one), self.members(other)
        if {self.lists[r] for r in first} & {self.lists[r] for r in second}:
            return False
        name = min(self.group_of[one], self.group_of[other])
        self.rows_of[name] = sorted([*first, *second])
        for row in self.rows_of[name]:
            self.group_of[row] = name
        return True

    def settle(
        self, refused: Iterable[Sequence[int]]
    ) -> tuple[dict[int, int], set[int]]:
        """Return the group of each row, and the rows that repeat one of their list."""
        entity, repeats = dict(self.group_of), set()
        for pair in refused:
            for row, other in (pair, (pair[1], pair[0])):
                alone = len(self.members(row)) == 1 and row not in repeats
                if alone and len(self.members(other)) > 1:
                    entity[row] = self.group_of[other]
                    repeats.add(row)
        return entity, repeats

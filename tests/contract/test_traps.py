"""Each trap of these statistics has its tests, or a reason why it has none yet.

In here: `tests/traps.csv` is complete, and every test that it names exists. Not in
here: the tests themselves.
"""

import ast
import csv
from functools import cache
from typing import NamedTuple

import pytest

from pipeline.workspace import REPOSITORY

TRAPS = 56
TESTED, NOT_YET = "tested", "not yet"


class Trap(NamedTuple):
    """One line of the list: a trap, its tests, and why it has none yet."""

    trap: str
    what: str
    tests: str
    state: str
    why: str

    @property
    def named(self) -> list[str]:
        """Return the tests named, as `path::function`."""
        return [one for one in self.tests.split(";") if one]


def traps() -> list[Trap]:
    """Return the lines of the list."""
    with (REPOSITORY / "tests" / "traps.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == Trap._fields
    return [Trap(*row) for row in rows]


ALL = traps()
every_trap = pytest.mark.parametrize("one", ALL, ids=[f"trap {t.trap}" for t in ALL])


@cache
def functions(path: str) -> frozenset[str]:
    """Return the functions at the top of a file of tests, none where it is no file."""
    file = REPOSITORY / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef))


def lacking(named: list[str]) -> list[str]:
    """Return the names that lead to no test."""
    parts = {name: name.partition("::") for name in named}
    return [
        name
        for name, (path, _, function) in parts.items()
        if not (
            path.startswith("tests/")
            and function.startswith("test_")
            and function in functions(path)
        )
    ]


def test_every_trap_stands_once_in_its_order() -> None:
    assert [one.trap for one in ALL] == [str(n) for n in range(1, TRAPS + 1)]
    assert len({one.what for one in ALL}) == TRAPS


@every_trap
def test_every_test_named_exists(one: Trap) -> None:
    assert lacking(one.named) == []
    assert len(set(one.named)) == len(one.named)


@every_trap
def test_a_trap_has_a_test_or_a_reason(one: Trap) -> None:
    assert one.what
    assert one.state in (TESTED, NOT_YET)
    assert one.named if one.state == TESTED else one.why


def test_a_name_that_leads_nowhere_is_seen() -> None:
    here = "tests/contract/test_traps.py"
    wrong = [
        f"{here}::test_of_nothing",
        f"{here}::lacking",
        "tests/none.py::test_a",
        here,
    ]
    right = f"{here}::test_every_trap_stands_once_in_its_order"
    assert lacking([*wrong, right]) == wrong

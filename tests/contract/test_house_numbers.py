"""The house numbers: sizes and habits that no linter of ours checks.

In here: lengths of functions and modules, docstrings of modules, `print`, `assert`.
Not in here: what ruff, mypy and import-linter check.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.workspace import REPOSITORY

CODE = ("assets", "pipeline", "schemas")
LINES_OF_FUNCTION, WISHED_OF_FUNCTION = 40, 25
LINES_OF_MODULE, WISHED_OF_MODULE = 400, 300
VAGUE_NAMES = {"helpers.py", "utils.py", "common.py", "misc.py"}


def modules(*folders: str) -> list[Path]:
    """Return the Python files of some folders, and of the clone's top level."""
    found = [path for name in folders for path in (REPOSITORY / name).rglob("*.py")]
    return sorted([*found, *REPOSITORY.glob("*.py")])


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a file as place and number of lines, docstring and all."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
            yield place, (node.end_lineno or node.lineno) - node.lineno + 1


def lines(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def listed(sizes: list[tuple[str, int]]) -> str:
    """Return places and their sizes as lines, the greatest first."""
    ordered = sorted(sizes, key=lambda item: -item[1])
    return "\n".join(f"{size:5d}  {place}" for place, size in ordered)


def test_no_function_is_longer_than_forty_lines():
    sizes = [each for path in modules(*CODE) for each in functions(path)]
    long = [each for each in sizes if each[1] > WISHED_OF_FUNCTION]

    too_long = [each for each in long if each[1] > LINES_OF_FUNCTION]

    assert not too_long, (
        f"longer than {LINES_OF_FUNCTION} lines:\n{listed(too_long)}\n"
        f"longer than the {WISHED_OF_FUNCTION} we wish for:\n{listed(long)}"
    )


def test_no_module_is_longer_than_four_hundred_lines():
    sizes = [
        (str(path.relative_to(REPOSITORY)), lines(path))
        for path in modules(*CODE, "tests")
    ]
    long = [each for each in sizes if each[1] > WISHED_OF_MODULE]

    too_long = [each for each in long if each[1] > LINES_OF_MODULE]

    assert not too_long, (
        f"longer than {LINES_OF_MODULE} lines:\n{listed(too_long)}\n"
        f"longer than the {WISHED_OF_MODULE} we wish for:\n{listed(long)}"
    )


def test_the_measure_of_a_function_sees_one_that_is_too_long(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "REPOSITORY", tmp_path)
    long = tmp_path / "long.py"
    long.write_text("def work():\n" + "    pass\n" * 40, encoding="utf-8")

    assert list(functions(long)) == [("long.py:1 work", 41)]


@pytest.mark.parametrize("path", modules(*CODE, "tests"), ids=lambda path: path.name)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_module_has_a_name_that_says_nothing():
    vague = [path for path in modules(*CODE, "tests") if path.name in VAGUE_NAMES]

    assert not vague


@pytest.mark.parametrize("path", modules(*CODE), ids=lambda path: path.name)
def test_code_neither_prints_nor_asserts(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asserts = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert)]
    calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    prints = [n.lineno for n in calls if isinstance(n, ast.Name) and n.id == "print"]

    # make.py speaks before anything is installed that could speak for it.
    assert not asserts
    assert path.name == "make.py" or not prints

"""The house numbers: sizes and habits that no linter of ours checks.

In here: lengths of functions and modules, docstrings of modules, `print`, `assert`.
Not in here: what ruff, mypy and import-linter check.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from pipeline.workspace import REPOSITORY

CODE = ("assets", "pipeline", "schemas")
LINES_OF_FUNCTION, WISHED_OF_FUNCTION = 40, 25
LINES_OF_MODULE, WISHED_OF_MODULE = 400, 300
VAGUE_NAMES = {"helpers.py", "utils.py", "common.py", "misc.py"}


def modules(*folders: str) -> list[Path]:
    """Return the Python files of some folders, and of the clone's top level."""
    found = [path for name in folders for path in (REPOSITORY / name).rglob("*.py")]
    return sorted([*found, *REPOSITORY.glob("*.py")])


def shown(path: Path) -> str:
    """Return a file as the clone names it."""
    return path.relative_to(REPOSITORY).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a file as place and number of lines, docstring and all."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{shown(path)}:{node.lineno} {node.name}"
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
    sizes = [(shown(path), lines(path)) for path in modules(*CODE, "tests")]
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


def test_every_module_says_what_it_is():
    silent = [
        shown(path)
        for path in modules(*CODE, "tests")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not silent


def test_no_module_has_a_name_that_says_nothing():
    vague = [path for path in modules(*CODE, "tests") if path.name in VAGUE_NAMES]

    assert not vague


def habits(path: Path) -> Iterator[str]:
    """Yield where a file prints, or asserts about data."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assert):
            yield f"{shown(path)}:{node.lineno} assert"
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == "print":
            yield f"{shown(path)}:{node.lineno} print"


def test_code_neither_prints_nor_asserts():
    # make.py speaks before anything is installed that could speak for it.
    code = [path for path in modules(*CODE) if path.name != "make.py"]

    found = [each for path in code for each in habits(path)]

    assert not found


def test_the_habits_are_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "REPOSITORY", tmp_path)
    bad = tmp_path / "bad.py"
    bad.write_text("assert 1\nprint(1)\n", encoding="utf-8")

    assert list(habits(bad)) == ["bad.py:1 assert", "bad.py:2 print"]

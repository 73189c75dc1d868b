"""What no file of the repository may hold: places of one machine, addresses, leftovers.

In here: reading every text file of the clone for a few patterns. Not in here: whether
the texts are true.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.workspace import REPOSITORY

SKIPPED = {
    *(".git", ".venv", ".point27", "warehouse", "__pycache__", ".ipynb_checkpoints"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"),
    *(".hypothesis", "build", "dist"),
}
BINARY = {".xlsx", ".xls", ".xlsb", ".ods", ".png", ".pyc", ".parquet", ".duckdb"}
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w.~*}])/(?:work|root|home|Users|opt|mnt|srv)/",
    "a folder beside the clone": r"(?<!\w)[.]library\b",
    "the host of a package registry": r"py(?:pi[.]org|thonhosted)|npmjs[.]|anaconda[.]",
    "a task without the number of its issue": (
        r"\b(?:T[O]DO|FIX[M]E|X[X]X)\b(?!\(#\d+\))"
    ),
    "a conflict left by a merge": r"^(?:<{7}|>{7}) ",
    "a stop for the debugger": r"\bbreakpoint\(\)|\bpdb[.]set_trace",
}
SHARED = re.compile(r"[.][.]/shared\b")


def text_files(root: Path) -> Iterator[Path]:
    """Yield the text files of the clone that a commit could hold."""
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from text_files(path)
        elif path.is_file() and path.suffix not in BINARY:
            yield path


def hits(pattern: str, text: str) -> list[int]:
    """Return the numbers of the lines that a pattern is found on."""
    found = re.compile(pattern)
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if found.search(line)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in text_files(REPOSITORY)
        for number in hits(FORBIDDEN[what], path.read_text(encoding="utf-8"))
    ]

    assert not found, f"{what}: {', '.join(found)}"


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a folder of one machine", "data = '" + "/ho" + "me/somebody/data'"),
        ("the host of a package registry", "https://" + "py" + "pi.org/simple"),
        ("a task without the number of its issue", "# TO" + "DO: later"),
        ("a conflict left by a merge", "<" * 7 + " HEAD"),
    ],
)
def test_the_patterns_find_what_they_are_for(what, line):
    assert hits(FORBIDDEN[what], line) == [1]


def test_a_task_with_the_number_of_its_issue_may_stay():
    pattern = FORBIDDEN["a task without the number of its issue"]

    assert hits(pattern, "# TO" + "DO(#41): the layout of 2026") == []


def test_only_tests_of_real_files_look_outside_the_clone():
    real, this = REPOSITORY / "tests" / "real", Path(__file__)
    found = [
        path.relative_to(REPOSITORY)
        for path in text_files(REPOSITORY)
        if real not in path.parents and path != this
        if SHARED.search(path.read_text(encoding="utf-8"))
    ]

    assert not found

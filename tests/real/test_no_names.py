"""No name of a person in the real files reaches anything that a build leaves behind.

The names are read here from the original files, cut into words of four letters or more,
and hashed at once: a failing test, too, must not print one. Words that the project
itself writes (names of places in its code lists, English words in its texts) tell of
nobody and are left out. What was left behind is opened: databases, workbooks, Parquet.
"""

import csv
import hashlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pytest
from left_behind import WORD, members, text_of, words_left, words_of
from typer.testing import CliRunner

from assets.cli import app
from pipeline.workspace import REPOSITORY, Workspace

pytestmark = [pytest.mark.real, pytest.mark.slow]

COLUMNS = {
    "us-nys-prison-staff-misconduct": ("LNAME", "FNAME", "ARBITRATOR"),
    "ru-police-drug-crimes": ("user", "last_name", "first_name", "patronimic_name"),
    "us-baltimore-misconduct-cases": ("Case", "Plaintiff's Attorney"),
    "us-indianapolis-settlements": ("Case Name",),
}
"""Folder → headers of the columns in which persons stand."""

LINES = {
    "us-bjs-prison-deaths": r"Author: ([^,\"]+)",
    "uk-ho-use-of-force-2017-18": r"Responsible Statistician: ([^<]+)",
}
"""Folder → what stands before a name in a title or on a cover."""

OWNERS = re.compile(r"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator)>([^<]+)<")
"""Who made or last saved a workbook, as it keeps that to itself."""

FOLDERS = (*COLUMNS, *LINES)
HEADER_WITHIN = 5
WRITTEN = {
    ".py",
    ".yml",
    ".yaml",
    ".csv",
    ".html",
    ".css",
    ".js",
    ".txt",
    ".md",
    ".toml",
}
NOT_OURS = {".git", ".venv", "warehouse", ".point27"}
VERSUS = re.compile(r"\bvs?\b")


class Hashed(NamedTuple):
    """Words as hashes, and as nothing else: what pytest prints of it is a number."""

    hashes: frozenset[str]

    def __repr__(self):
        return f"<{len(self.hashes)} hashed words>"


def hashed(words: Iterable[str]) -> frozenset[str]:
    """Return the hashes of words."""
    return frozenset(hashlib.sha256(word.encode()).hexdigest() for word in words)


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of all sheets of a file, an empty row before each sheet."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from filter(None, csv.reader(file))
        return
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        yield []
        for row in sheet.iter_rows(values_only=True):
            yield [str(cell or "") for cell in row]


def names_in_columns(path: Path, headers: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts in the columns of persons, those of one row together."""
    since, places = 0, []
    for row in rows_of(path):
        plain = [cell.strip() for cell in row]
        if not row:
            since, places = 0, []
        elif since < HEADER_WITHIN and set(headers) <= set(plain):
            places = [at for at, cell in enumerate(plain) if cell in headers]
        else:
            yield " ".join(row[at] for at in places if at < len(row))
        since += bool(row)


def names_in(folder: Path) -> Iterator[str]:
    """Yield every text of a folder in which a person is named."""
    for path in sorted(folder.iterdir()):
        if folder.name in COLUMNS:
            yield from names_in_columns(path, COLUMNS[folder.name])
        is_package = zipfile.is_zipfile(path)
        content = "\n".join(members(path)) if is_package else text_of(path)
        if folder.name in LINES:
            yield from re.findall(LINES[folder.name], content)
        yield from OWNERS.findall(content)


@pytest.fixture(scope="module")
def our_words():
    """Return the words that the project writes itself."""
    folders = (*("assets", "pipeline", "schemas"), "tests/real/schemas")
    paths = (path for one in folders for path in (REPOSITORY / one).rglob("*"))
    own = {".py", ".yml", ".csv", ".html", ".css", ".js", ".txt"}
    texts = (text_of(path) for path in paths if path.suffix in own)
    return Hashed(hashed(set().union(*map(words_of, texts))))


def pairs_of(text: str) -> set[str]:
    """Return each two long words that follow each other in a line, in either order."""
    words = (WORD.findall(line.casefold()) for line in text.splitlines())
    return {" ".join(sorted(pair)) for line in words for pair in pairwise(line)}


@pytest.fixture(scope="module")
def written():
    """Return path → text of every file that we wrote."""
    paths = (path for path in REPOSITORY.rglob("*") if path.suffix in WRITTEN)
    ours = (path for path in paths if not set(path.parts) & NOT_OURS)
    return {path.relative_to(REPOSITORY).as_posix(): text_of(path) for path in ours}


@pytest.fixture(scope="module")
def people(real, our_words):
    """Return folder → the words of the names in its files, without ours."""
    found = {}
    for folder in FOLDERS:
        words = set().union(*map(words_of, names_in(real / folder)))
        # Letters of a hash stand in every identifier.
        words = {word for word in words if set(word) - set("abcdef")}
        found[folder] = Hashed(hashed(words) - our_words.hashes)
    return found


class Left(NamedTuple):
    """A workspace after its build, and the words that were left in each place."""

    workspace: Workspace
    places: dict[str, Hashed]


@pytest.fixture(scope="module")
def left(people_built) -> Left:
    """Check the built workspace of all sources whose files name people."""
    workspace = people_built
    files = sorted(path for path in workspace.raw.rglob("*") if path.is_file())
    printed = ran(workspace, "check", *map(str, files))
    (workspace.root / "check.txt").write_text(printed, encoding="utf-8")
    return Left(workspace, {name: Hashed(found) for name, found in places(workspace)})


def ran(workspace: Workspace, *words: str) -> str:
    """Run another command and return all that it printed."""
    done = CliRunner().invoke(app, [*words, "-w", str(workspace.root)])
    assert done.exit_code in (0, 1), f"{words[0]} ended with {done.exit_code}"
    return done.output


def places(workspace: Workspace) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each file that is neither raw nor declared, and the words in it."""
    given = (workspace.raw, workspace.schemas)
    for path in sorted(workspace.root.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(one) for one in given):
            name = path.relative_to(workspace.root).as_posix()
            yield name, hashed(words_left(path))


def leaks(people: Hashed, left: Left) -> list[str]:
    """Return in which places how many words of names stand. Never the words."""
    found = {name: people.hashes & held.hashes for name, held in left.places.items()}
    return [
        f"{len(words)} words of names in {name}"
        for name, words in found.items()
        if words
    ]


def declared_only(folder: str, left: Left) -> None:
    """Skip the test of a folder that no source is declared for."""
    source_id = folder.replace("-", "_")
    if not (Path(__file__).parent / f"schemas/sources/{source_id}.yml").exists():
        pytest.skip(f"{folder} is not declared yet")
    assert (left.workspace.raw / source_id).is_dir(), "it was not built"


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_name_is_left_by_a_build(folder, people, left):
    declared_only(folder, left)
    assert leaks(people[folder], left) == []


@pytest.mark.parametrize("folder", COLUMNS)
def test_no_name_is_shown_by_a_preview(folder, people, left, tmp_path):
    declared_only(folder, left)
    source_id, page = folder.replace("-", "_"), tmp_path / "page.html"
    for file in sorted((left.workspace.raw / source_id).rglob("*.*")):
        told = ("--source", source_id, "--to", str(page))
        printed = ran(left.workspace, "preview", str(file), *told)
        words = words_left(page) | words_of(printed)
        shown = Left(left.workspace, {page.name: Hashed(hashed(words))})
        assert leaks(people[folder], shown) == []
        page.unlink()


@pytest.mark.parametrize("folder", COLUMNS)
def test_no_full_name_stands_in_the_repository(folder, real, written):
    # One word of a name may be a town in a code list, or an English word; not both.
    text = "\n".join(texts for name, texts in written.items() if name.endswith(".py"))
    plain = {word for word in WORD.findall(text) if word.islower()}
    named = "\n".join(VERSUS.split(text)[0] for text in names_in(real / folder))
    names = hashed(pair for pair in pairs_of(named) if set(pair.split()) - plain)
    assert len(names) > 100
    found = {
        name: len(names & hashed(pairs_of(text))) for name, text in written.items()
    }
    assert {name: count for name, count in found.items() if count} == {}


def test_most_names_can_be_told_from_words_of_ours(people):
    known = {folder: len(words.hashes) for folder, words in people.items()}
    assert known["us-nys-prison-staff-misconduct"] > 1_000
    assert known["ru-police-drug-crimes"] > 250
    assert known["us-baltimore-misconduct-cases"] > 300
    assert known["us-indianapolis-settlements"] > 300
    assert min(known.values()) > 0


@pytest.mark.parametrize(
    "place",
    [
        "warehouse/private/point27.duckdb",
        "warehouse/analyst.duckdb",
        "warehouse/public.duckdb",
        "warehouse/releases/",
        ".point27/dagster/history/runs/",
    ],
)
def test_the_search_sees_what_is_there(left, place):
    (known,) = hashed(["deaths"])
    found = [held for name, held in left.places.items() if name.startswith(place)]
    assert any(known in held.hashes for held in found)


@pytest.mark.parametrize("suffix", [".txt", ".duckdb", ".parquet", ".xlsx", ".db"])
def test_a_name_that_was_left_would_be_found(tmp_path, suffix):
    path, word = tmp_path / f"left{suffix}", "Qxperson"
    if suffix == ".txt":
        path.write_text(f"by {word}")
    elif suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active["B2"] = f"by {word}"
        stream = io.BytesIO()
        book.save(stream)
        path.write_bytes(stream.getvalue())
    elif suffix == ".db":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE events (event TEXT)")
            connection.execute("INSERT INTO events VALUES (?)", [f'{{"by": "{word}"}}'])
    else:
        with duckdb.connect(str(path) if suffix == ".duckdb" else ":memory:") as made:
            made.execute(f"CREATE TABLE t AS SELECT ['by {word}'] AS texts")
            if suffix == ".parquet":
                made.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    assert word.casefold() in words_left(path)

"""The README's promises: its queries answer, its example of a source is read.

In here: running what the README shows. Not in here: what the numbers should be.
"""

import re
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipeline.store.check import check_files
from pipeline.workspace import REPOSITORY, Workspace

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CELLS = {
    "№": "R-1",
    "Дата поступления": "2026-01-05",
    "Заявитель": "заявитель 1",
    "Лишён свободы": "иә",
    "Орган": "POLICE",
    "Суть жалобы": "free text",
}


def blocks(language: str) -> list[str]:
    """Return the blocks of the README that are written in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_there_are_ten_queries():
    assert len(blocks("sql")) == 10


@pytest.mark.parametrize("query", blocks("sql"), ids=range(1, 11))
def test_a_query_of_the_readme_answers(built, query):
    database = query.splitlines()[0].removeprefix("-- ")

    with duckdb.connect(str(built.warehouse / database), read_only=True) as connection:
        rows = connection.sql(query).fetchall()

    assert rows


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return a workspace with the README's source and a file of it."""
    sources = tmp_path / "schemas" / "sources"
    delivery = tmp_path / "raw" / "region_register" / "2026-02-01"
    for folder in (sources, delivery):
        folder.mkdir(parents=True)
    (sources / "region_register.yml").write_text(blocks("yaml")[0], encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "cover"
    book.active.append(["Register of complaints"])
    sheet = book.create_sheet("complaints")
    sheet.append(list(CELLS))
    sheet.append(list(CELLS.values()))
    book.save(delivery / "complaints_2026.xlsx")
    return tmp_path


def test_the_example_of_a_source_reads_a_file(example):
    file = next(example.rglob("complaints_2026.xlsx"))

    assert check_files(Workspace(example), [file]) == []


def test_the_example_of_a_source_refuses_a_file_with_another_column(example):
    file = next(example.rglob("complaints_2026.xlsx"))
    book = openpyxl.load_workbook(file)
    book["complaints"]["G1"] = "Фамилия"
    book.save(file)

    problems = check_files(Workspace(example), [file])

    assert ["G1" in problem.place for problem in problems] == [True]


@pytest.mark.parametrize("path", re.findall(r"\]\(([A-Z][\w.]+)\)", README))
def test_files_that_the_readme_links_exist(path):
    assert (REPOSITORY / path).is_file()


def test_every_command_of_the_program_is_told():
    from assets.cli import app

    names = [command.callback.__name__ for command in app.registered_commands]

    assert all(f"`point27 {name}" in README for name in names)


def test_every_mark_is_explained():
    marks = (REPOSITORY / "schemas" / "codelists" / "mark.csv").read_text("utf-8")
    codes = [line.split(",")[0] for line in marks.splitlines()[1:]]

    assert all(f"| `{code}` |" in README for code in codes)


def test_the_marks_said_to_be_in_todays_tables_are_those(built):
    said = set(re.findall(r"^\| `(\w+)` \| .* \| yes \|$", README, re.MULTILINE))
    database = str(built.public_database)

    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.sql(
            "SELECT table_name FROM duckdb_columns() "
            "WHERE schema_name = 'out' AND column_name = 'mark'"
        ).fetchall()
        union = " UNION ".join(f"SELECT mark FROM out.{name}" for (name,) in tables)
        found = {mark for (mark,) in connection.sql(union).fetchall() if mark}

    assert said == found

"""Declarations are read strictly: an unknown or repeated key is an error."""

from pathlib import Path

import pytest
import yaml

from pipeline.declarations.base import (
    Declaration,
    FastLoader,
    PlainLoader,
    declaration_files,
    read_declaration,
    read_yaml,
)
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.questions import read_questions
from pipeline.declarations.sources import Source, all_sources, read_sources
from pipeline.declarations.tables import TableSpec, read_charts, read_tables
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

BUILT_IN = Workspace(REPOSITORY)
SOURCE = """\
source: my_office
title: T
publisher: P
licence: L
language: en
ref_area: KZ
sensitivity: restricted
coverage: register
files: []
"""


class Word(Declaration):
    """A declaration of one word."""

    word: str


def written(path: Path, text: str) -> Path:
    """Return a file with a text in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "null", "~", "1.10", "2014-05-31", "010"]
)
def test_a_scalar_stays_the_text_that_was_written(tmp_path: Path, word: str) -> None:
    path = written(tmp_path / "a.yml", f"word: {word}\n")
    assert read_declaration(path, Word).word == word


def test_an_unknown_key_is_told_with_the_nearest_known_one(tmp_path: Path) -> None:
    path = written(tmp_path / "my_office.yml", SOURCE + "sensitivty: public\n")
    with pytest.raises(DeclarationError, match="did you mean 'sensitivity'") as told:
        read_declaration(path, Source)
    assert str(path) in str(told.value)


def test_an_unknown_key_deep_inside_is_told_too(tmp_path: Path) -> None:
    path = written(
        tmp_path / "my_office.yml",
        SOURCE.replace(
            "files: []", "files: [{file: a.xlsx, sheets: [], encodng: cp1251}]"
        ),
    )
    with pytest.raises(
        DeclarationError, match=r"files\.0\.encodng.*did you mean 'encoding'"
    ):
        read_declaration(path, Source)


CROSSTAB = "record: figures, layout: crosstab, stub: Sex, columns: {A: {}}, "


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (
            CROSSTAB + "rows_like: {'(?P<age>.+)': {sex: '{labl}'}}",
            r"crosstab\.rows_like: '{labl}': nothing stands for {labl}; expected {age}",
        ),
        (
            CROSSTAB + "columns_like: {'.+': {sex: '{label'}}",
            r"crosstab\.columns_like: expected '}'",
        ),
        (
            CROSSTAB + "from: [{where: title, pattern: 'a(?P<year>b)', fields: {sex: "
            "'{yer}'}}]",
            r"crosstab\.from\.0: '{yer}': nothing stands for {yer}; expected {}",
        ),
        (
            "record: figures, layout: flat, columns: {Sex: sex}",
            "flat: a table of figures has no column with the field `value`; expected",
        ),
        (
            "record: checks, layout: flat, columns: {}, also: [{record: figures}]",
            "flat: a table of figures has no column with the field `value`; expected",
        ),
        (
            "record: figures, layout: crosstab, stub: [{column: '7'}]",
            r"crosstab\.stub\.0\.column: the letters of a column, such as A",
        ),
        ("record: figures, stub: Sex", "expected `layout: flat`, `layout: crosstab`"),
    ],
)
def test_a_fault_of_a_sheet_is_told_once_with_its_key(
    tmp_path: Path, sheet: str, told: str
) -> None:
    files = f"files: [{{file: a.xlsx, sheets: [{{sheet: S, {sheet}}}]}}]"
    path = written(tmp_path / "my.yml", SOURCE.replace("files: []", files))
    with pytest.raises(
        DeclarationError, match=rf"my\.yml: files\.0\..*{told}"
    ) as found:
        read_declaration(path, Source)
    assert "NonDataSheet" not in str(found.value)  # no other kind of sheet is meant


@pytest.mark.parametrize("sheet", ["complaints", "''", "[a]", "{layout: [flat]}"])
@pytest.mark.parametrize("form", ["[{}]", "[{{sheet: S, tables: [{}]}}]"])
def test_what_is_no_sheet_or_table_is_told_with_its_key(
    tmp_path: Path, sheet: str, form: str
) -> None:
    files = f"files: [{{file: a.xlsx, sheets: {form.format(sheet)}}}]"
    path = written(tmp_path / "my.yml", SOURCE.replace("files: []", files))
    with pytest.raises(DeclarationError, match=r"my\.yml: files\.0\.sheets\.0"):
        read_declaration(path, Source)


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yml", "word: one\nword: two\n")
    with pytest.raises(DeclarationError, match="'word' stands twice"):
        read_yaml(path)


def test_a_repeated_key_deep_inside_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yml", "outer:\n  inner: 1\n  inner: 2\n")
    with pytest.raises(DeclarationError, match="'inner' stands twice"):
        read_yaml(path)


SHIPPED = sorted((REPOSITORY / "schemas").rglob("*.yml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_is_shipped_reads_alike_with_and_without_the_library_in_c(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    plain = yaml.load(text, PlainLoader)  # noqa: S506  it makes nothing but texts
    assert yaml.load(text, FastLoader) == plain  # noqa: S506  as above


@pytest.mark.parametrize("text", ["a: [1", "\ta: 1", "a: b: c"])
def test_what_is_no_yaml_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.yml", text)
    with pytest.raises(DeclarationError, match=r"a\.yml: not readable as YAML"):
        read_yaml(path)


def test_a_missing_key_and_an_illegal_value_are_told_together(tmp_path: Path) -> None:
    text = SOURCE.replace("title: T\n", "").replace("restricted", "secret")
    path = written(tmp_path / "my_office.yml", text)
    with pytest.raises(DeclarationError) as told:
        read_declaration(path, Source)
    assert "title: Field required" in str(told.value)
    assert "found 'secret'" in str(told.value)


def test_an_empty_declaration_is_an_error_of_the_declaration(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError):
        read_declaration(written(tmp_path / "a.yml", ""), Word)


def test_nothing_changes_a_declaration() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Word(word="a").word = "b"


@pytest.mark.parametrize("folder", ["sources", "tables", "charts"])
def test_a_workspace_may_not_override_a_built_in_declaration(
    tmp_path: Path, folder: str
) -> None:
    built_in = next((REPOSITORY / "schemas" / folder).glob("*.yml"))
    written(tmp_path / "schemas" / folder / built_in.name, "")
    with pytest.raises(DeclarationError, match=f"{built_in.name} would override"):
        declaration_files(Workspace(tmp_path), folder, ".yml")


def test_a_workspace_adds_its_own_sources(tmp_path: Path) -> None:
    written(tmp_path / "schemas/sources/my_office.yml", SOURCE)
    (tmp_path / "raw").mkdir()
    workspace = Workspace(tmp_path)
    assert set(read_sources(workspace)) == {"my_office"}
    assert {"my_office", "kz_form_1m"} <= set(all_sources(workspace))


def test_a_source_has_the_name_of_its_file(tmp_path: Path) -> None:
    written(tmp_path / "schemas/sources/other.yml", SOURCE)
    with pytest.raises(DeclarationError, match=r"be called my_office\.yml"):
        all_sources(Workspace(tmp_path))


def test_a_workspace_adds_spellings_to_a_built_in_list(tmp_path: Path) -> None:
    written(
        tmp_path / "schemas/spellings/body.csv",
        "spelling,code,source,reason\nthe men in blue,POLICE,my_office,as told\n",
    )
    body = read_codelists(Workspace(tmp_path))["body"]
    assert body.known("my_office")["the men in blue"] == "POLICE"
    assert "the men in blue" not in body.known("other_office")


def test_spellings_of_no_list_are_an_error_not_ignored(tmp_path: Path) -> None:
    written(
        tmp_path / "schemas/spellings/bodies.csv",
        "spelling,code,source,reason\nthe men in blue,POLICE,my_office,as told\n",
    )
    with pytest.raises(DeclarationError, match="bodies"):
        read_codelists(Workspace(tmp_path))


@pytest.mark.parametrize(
    "row", ["the men in blue,NO_SUCH_CODE,my_office,", "police,KUIS,my_office,"]
)
def test_a_spelling_of_no_code_or_of_another_code_is_an_error(
    tmp_path: Path, row: str
) -> None:
    written(
        tmp_path / "schemas/spellings/body.csv", f"spelling,code,source,reason\n{row}\n"
    )
    with pytest.raises(DeclarationError, match=r"spellings/body\.csv"):
        read_codelists(Workspace(tmp_path))


def test_what_is_built_in_is_legal_and_refers_to_what_there_is() -> None:
    lists, tables = read_codelists(BUILT_IN), read_tables(BUILT_IN)
    for spec in tables.values():
        assert {of for of in spec.dimensions.values() if of} <= set(lists), spec.table
        assert set(spec.fixed) <= set(spec.dimensions), spec.table
    for chart in read_charts(BUILT_IN).values():
        assert chart.table in tables
    for question in read_questions().questions:
        assert isinstance(tables[question.table], TableSpec)
        assert question.by in tables[question.table].dimensions
        assert set(question.indicators) <= lists["indicator"].codes

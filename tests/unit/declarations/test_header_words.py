"""Header words: a workspace adds its own, and a wrong kind is refused."""

import pytest

from pipeline.declarations.header_words import COLUMNS, FILE, read_header_words
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "schemas").mkdir()
    return Workspace(tmp_path)


def write(workspace, line):
    text = f"{','.join(COLUMNS)}\n{line}\n"
    (workspace.schemas / FILE).write_text(text, encoding="utf-8")


def test_a_workspace_adds_words_to_the_built_in_ones(workspace):
    write(workspace, "field,region,Әкімшілік бірлік,kk,P,")

    words = read_header_words(workspace).meanings("field")

    assert words["әкімшілік бірлік"] == ("region",)
    assert "region" in words["область"]


def test_an_unknown_kind_of_word_is_refused(workspace):
    write(workspace, "feild,region,Область,ru,P,")

    with pytest.raises(DeclarationError, match="feild"):
        read_header_words(workspace)


def test_every_word_for_a_field_names_one_that_exists():
    known = {name for record in RECORDS.values() for name in record.names} | {"period"}
    words = read_header_words(Workspace(REPOSITORY)).meanings("field")

    assert {name for means in words.values() for name in means} <= known

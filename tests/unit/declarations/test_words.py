"""Words declared as data: strict, of one meaning; a workspace adds its own."""

from pathlib import Path

import pytest

from pipeline.collect.period_words import read_period
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.letters import letter_table
from pipeline.declarations.periods import builtin_period_words, read_period_words
from pipeline.declarations.qualifiers import (
    builtin_qualifier_words,
    read_qualifier_words,
)
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace without declarations."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "schemas").mkdir()
    return Workspace(tmp_path)


def write(workspace: Workspace, name: str, text: str) -> None:
    """Write a declaration of a workspace."""
    (workspace.schemas / name).write_text(text, encoding="utf-8")


def test_a_workspace_adds_words_of_periods(workspace: Workspace) -> None:
    assert read_period_words(workspace) == builtin_period_words()
    write(workspace, "periods.yml", "months: {1: [yanvar]}\nyear: [yil]")
    words = read_period_words(workspace)
    read = read_period("yanvar 2020 yil", words=words)
    assert read is not None
    assert (read.end, read.words) == ("2020-01-31", "yanvar 2020 yil")
    assert read_period("январь 2020 года", words=words) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("monts: {1: [yanvar]}", "did you mean 'months'"),
        ("months: {13: [yanvar]}", "none of 1 to 12"),
        ("months: {2: [янв]}", "would mean both month 1 and month 2"),
        ("year: [квартал]", "would mean both"),
    ],
)
def test_a_wrong_declaration_of_periods_is_refused(
    workspace: Workspace, text: str, told: str
) -> None:
    write(workspace, "periods.yml", text)
    with pytest.raises(DeclarationError, match=told):
        read_period_words(workspace)


def test_a_workspace_adds_qualifiers(workspace: Workspace) -> None:
    assert read_qualifier_words(workspace) == builtin_qualifier_words()
    write(workspace, "qualifiers.yml", "before: {ABOUT: [taxminan]}")
    words = read_qualifier_words(workspace)
    assert words.before["ABOUT"][-1] == "taxminan"
    assert words.after == builtin_qualifier_words().after
    write(workspace, "qualifiers.yml", "before: {ABOUT: [более]}")
    with pytest.raises(DeclarationError, match="would mean both"):
        read_qualifier_words(workspace)


def test_qualifiers_and_laws_are_codes_of_their_lists() -> None:
    lists = read_codelists(Workspace(REPOSITORY))
    words = builtin_qualifier_words()
    assert {*words.before, *words.after} <= lists["qualifier"].codes


def test_no_letter_stands_for_two_and_none_for_itself() -> None:
    table = letter_table()
    assert not {chr(place) for place in table} & set(table.values())

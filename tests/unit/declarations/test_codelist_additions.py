"""A workspace adds rows to a built-in code list, and changes none of it."""

from pathlib import Path

import pytest

from pipeline.declarations.codelists import COLUMNS, read_codelists
from pipeline.errors import DeclarationError
from pipeline.workspace import Workspace

HEADER = ",".join(COLUMNS)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with folders for declarations."""
    for name in ("raw", "schemas/codelists", "schemas/spellings"):
        (tmp_path / name).mkdir(parents=True)
    return Workspace(tmp_path)


def add(workspace: Workspace, name: str, **cells: str) -> None:
    """Write one row to a workspace's file of a code list."""
    row = ",".join(cells.get(column, "") for column in COLUMNS)
    path = workspace.schemas / "codelists" / f"{name}.csv"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")


def test_a_code_of_a_workspace_is_one_like_others(workspace: Workspace) -> None:
    add(workspace, "unit", code="TABLET", label_en="Tablet", label_en_status="P")
    (workspace.schemas / "spellings" / "unit.csv").write_text(
        "spelling,code,source,reason\nтаблетка,TABLET,*,a word of the source\n",
        encoding="utf-8",
    )
    units = read_codelists(workspace)["unit"]
    assert {"TABLET", "CASE"} <= units.codes
    assert units.known("")["таблетка"] == units.known("")["tablet"] == "TABLET"


def test_a_code_may_be_taken_up_again_after_it_ended(workspace: Workspace) -> None:
    add(workspace, "law", code="KG2017", valid_from="2030-01-01", label_en="Again")
    laws = read_codelists(workspace)["law"]
    assert laws.at("label_en", "2031-01-01")["KG2017"] == "Again"


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("unit", {"code": "CASE", "label_en": "Other"}, "valid twice on one day: CASE"),
        ("law", {"code": "CC1997", "valid_from": "2014-12-31"}, "valid twice"),
        ("unit", {"code": "NEW", "parent": "NOWHERE"}, "a parent unknown: NOWHERE"),
        ("colour", {"code": "RED"}, "no code list 'colour'"),
        ("charge", {"code": "NEW"}, "columns differ"),
    ],
)
def test_what_would_change_a_list_is_refused(
    workspace: Workspace, name: str, cells: dict[str, str], told: str
) -> None:
    add(workspace, name, **cells)
    with pytest.raises(DeclarationError, match=told):
        read_codelists(workspace)

"""Fixtures that several kinds of test share: a workspace built once a session."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from rich.console import Console

from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.warehouse import Warehouse, reading
from pipeline.workspace import REPOSITORY, Workspace

Ask = Callable[..., pd.DataFrame]


# A property holds or not; how long one example takes tells of the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with the sources that ship, built once."""
    from assets.build import run_build

    root = tmp_path_factory.mktemp("workspace")
    shutil.copytree(REPOSITORY / "raw", root / "raw")
    workspace = Workspace(Path(root))
    run_build(workspace, Console(quiet=True), show_bar=False)
    return workspace


@pytest.fixture(scope="session")
def ask(built: Workspace) -> Iterator[Ask]:
    """Return a function that queries the analysts' database of that workspace."""
    with reading(built.analyst_database) as read:
        yield lambda sql, *parameters: read(sql, parameters)


@pytest.fixture(scope="session")
def lists() -> dict[str, CodeList]:
    """Return the code lists of the repository."""
    return read_codelists(Workspace(REPOSITORY))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Return an empty warehouse, open."""
    with Warehouse(tmp_path / "private" / "point27.duckdb") as opened:
        yield opened

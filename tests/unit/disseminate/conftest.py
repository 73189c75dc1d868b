"""Small tables that have been through disclosure control, with real code lists."""

from collections.abc import Callable

import pytest
from small_tables import PENALTIES, PENALTY_ROWS, out_table, source

from pipeline.analyse.disclosure import ProtectedTable, protect
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.tables import TableSpec
from pipeline.disseminate.edition import Reference
from pipeline.workspace import REPOSITORY, Workspace

Build = Callable[..., ProtectedTable]


@pytest.fixture(scope="session")
def lists():
    """Return the code lists of the repository."""
    return read_codelists(Workspace(REPOSITORY))


@pytest.fixture(scope="session")
def reference(lists) -> Reference:
    """Return the code lists, a public source and a synthetic one."""
    sources = [source(), source("made_up", synthetic=True, documents=())]
    return Reference(lists, {one.source: one for one in sources})


@pytest.fixture(scope="session")
def build(reference) -> Build:
    """Return a function that makes a protected table of rows."""

    def make(
        declared: TableSpec, rows: list[dict[str, object]], name: str = "open_cases"
    ) -> ProtectedTable:
        table = protect(
            out_table(declared, rows, reference.sources[name]), reference.sources
        )
        assert isinstance(table, ProtectedTable)
        return table

    return make


@pytest.fixture
def penalties(build) -> ProtectedTable:
    """Return persons sentenced by charge and penalty."""
    return build(PENALTIES, PENALTY_ROWS)


@pytest.fixture
def made_up(build) -> ProtectedTable:
    """Return the same from a synthetic source."""
    return build(PENALTIES, PENALTY_ROWS, "made_up")

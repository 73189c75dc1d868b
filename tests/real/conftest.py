"""Fixtures of the tests on real files: where those are, and a workspace with them.

In here: one workspace with every source that `tests/real/schemas` declares, and one
that is built, of those whose files name people. Not in here: the files. They belong to
others and are never committed; where they are absent the tests skip.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from pipeline.collect.deliveries import find_deliveries
from pipeline.collect.intake import Intake, take_in
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import read_sources
from pipeline.model import Reviewed
from pipeline.process.validate import review
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

FOLDER = REPOSITORY.parent / "shared" / "data" / "real"
SCHEMAS = Path(__file__).parent / "schemas"
VINTAGE = "2026-01-31"
KEY = b"the tests' key, not a secret one"
NAMING_PEOPLE = (
    *("us_nys_prison_staff_misconduct", "ru_police_drug_crimes"),
    *("us_baltimore_misconduct_cases", "us_indianapolis_settlements"),
    *("us_bjs_prison_deaths", "uk_ho_use_of_force_2017_18"),
)
"""Sources whose files name people, in cells or in what a workbook tells of itself."""

MakeWorkspace = Callable[[Path, Iterable[str]], Workspace]
Taken = Callable[[str], Intake]
"""Source id → what is read from its files."""

Review = Callable[..., Reviewed]
"""Source id, and the kind of record (figures) → its records after review."""


@pytest.fixture(scope="session")
def real() -> Path:
    """Return the folder of real files; skip the test where it is absent."""
    if not FOLDER.is_dir():
        pytest.skip("needs ../shared/data/real, seen from the repository")
    return FOLDER


@pytest.fixture(scope="session")
def workspace_with(real: Path) -> MakeWorkspace:
    """Return a function that makes a workspace, not built, with some of the sources."""

    def make(root: Path, source_ids: Iterable[str]) -> Workspace:
        shutil.copytree(SCHEMAS, root / "schemas", ignore=lambda _, __: {"sources"})
        (root / "schemas" / "sources").mkdir()
        for source_id in source_ids:
            declared = f"schemas/sources/{source_id}.yml"
            shutil.copy(SCHEMAS.parent / declared, root / declared)
            folder = real / source_id.replace("_", "-")
            shutil.copytree(folder, root / "raw" / source_id / VINTAGE)
        return Workspace(root)

    return make


@pytest.fixture(scope="session")
def real_workspace(
    workspace_with: MakeWorkspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """Return a workspace, not built, with all sources declared."""
    declared = sorted(path.stem for path in (SCHEMAS / "sources").glob("*.yml"))
    return workspace_with(tmp_path_factory.mktemp("real"), declared)


@pytest.fixture(scope="session")
def people_built(
    workspace_with: MakeWorkspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """Return a workspace of the sources whose files name people, built as by a user.

    What the build printed is in `build.txt`. It may be a name: it is not shown here.
    """
    declared = {path.stem for path in (SCHEMAS / "sources").glob("*.yml")}
    chosen = [name for name in NAMING_PEOPLE if name in declared]
    workspace = workspace_with(tmp_path_factory.mktemp("people"), chosen)
    done = subprocess.run(
        [sys.executable, "-m", "assets", "build", "-w", str(workspace.root)],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, "the build did not end well"
    (workspace.root / "build.txt").write_bytes(done.stdout + done.stderr)
    return workspace


@pytest.fixture(scope="session")
def taken(real_workspace: Workspace) -> Taken:
    """Return a function that reads one source, each once a session."""
    sources = read_sources(real_workspace)

    @cache
    def take(source_id: str) -> Intake:
        source = sources[source_id]
        return take_in(source, find_deliveries(real_workspace, source), KEY)

    return take


@pytest.fixture(scope="session")
def lists_of(real_workspace: Workspace) -> dict[str, CodeList]:
    """Return the code lists with the rows that the workspace adds."""
    return read_codelists(real_workspace)


@pytest.fixture(scope="session")
def reviewed(
    real_workspace: Workspace, taken: Taken, lists_of: dict[str, CodeList]
) -> Review:
    """Return a function that reads and reviews one source, each once a session."""
    sources = read_sources(real_workspace)

    @cache
    def judge(source_id: str, record: str = "figures") -> Reviewed:
        raw = taken(source_id).records[record]
        return review(raw, RECORDS[record], sources, lists_of)

    return judge

"""The guide to adding a country: the files in it are read as it says."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.collect.deliveries import find_deliveries
from pipeline.collect.intake import Intake, take_in
from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import read_sources
from pipeline.model import Reviewed
from pipeline.process.validate import review
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

GUIDE = (REPOSITORY / "schemas" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [match.groups() for match in BLOCK.finditer(GUIDE)]
SOURCE = "ru_cases"


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the workspace that the guide writes."""
    root = tmp_path_factory.mktemp("country")
    for kind, name, body in BLOCKS:
        if kind in ("csv", "yaml"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
    return Workspace(Path(root))


@pytest.fixture(scope="module")
def codes(country: Workspace) -> dict[str, CodeList]:
    """Return the code lists with the country's rows."""
    return read_codelists(country)


@pytest.fixture(scope="module")
def judged(country: Workspace, codes: dict[str, CodeList]) -> Callable[[str], Reviewed]:
    """Return a function that reviews one kind of record of the guide's file."""
    sources = read_sources(country)
    source = sources[SOURCE]
    taken: Intake = take_in(source, find_deliveries(country, source), b"a key" * 8)

    def judge(record: str) -> Reviewed:
        return review(taken.records[record], RECORDS[record], sources, codes)

    return judge


@pytest.mark.parametrize(
    ("record", "body"),
    [(name, body) for kind, name, body in BLOCKS if kind == "records"],
)
def test_what_the_guide_shows_is_read_so(
    record: str, body: str, judged: Callable[[str], Reviewed]
) -> None:
    names, *rows = [[c.strip() for c in line.split("|")] for line in body.splitlines()]
    found = judged(record)
    assert found.quarantined.empty
    told = found.accepted[names].astype("object")
    assert told.where(told.notna(), "").map(str).to_numpy().tolist() == rows


def test_the_example_has_both_registers_and_no_name(
    judged: Callable[[str], Reviewed],
) -> None:
    accused = judged("prosecutions").accepted
    assert len(judged("sentences").accepted) == len(accused) == 3
    assert accused["accused_key"].str.fullmatch("[0-9a-f]{24}").all()


def test_no_built_in_row_is_touched(
    codes: dict[str, CodeList], lists: dict[str, CodeList]
) -> None:
    for name, built_in in lists.items():
        rows, added = codes[name].rows, codes[name].rows.iloc[len(built_in.rows) :]
        pd.testing.assert_frame_equal(rows.iloc[: len(built_in.rows)], built_in.rows)
        assert set(added["ref_area"]) <= {"RU"}
        assert codes[name].known("any", {"KZ"}) == built_in.known("any", {"KZ"})

"""The first line of a trace: which published cell it is, and of which source."""

import pandas as pd
import pytest

from pipeline.declarations.tables import read_tables
from pipeline.errors import Point27Error
from pipeline.store.trace import described, parsed
from pipeline.workspace import REPOSITORY, Workspace

PENALTIES = read_tables(Workspace(REPOSITORY))["penalties"]


def cell(source_id: str, **told: object) -> pd.Series:
    """Return a published cell of a source: a total in every dimension not told."""
    row = dict.fromkeys(("time_period", *PENALTIES.dimensions), "_T")
    shown = {"source_id": source_id, "unit_measure": "PERSON", "mark": ""}
    return pd.Series(row | shown | told)


def test_cells_of_several_sources_are_told_apart():
    lines = [described(cell(name, obs_value=5.0), PENALTIES) for name in ("a", "b")]
    assert lines == [
        "penalties source_id=a unit_measure=PERSON: 5",
        "penalties source_id=b unit_measure=PERSON: 5",
    ]


def test_what_no_source_supplies_is_a_mark():
    found = cell("a", obs_value=float("nan"), mark="x", penalty="_U")
    assert described(found, PENALTIES).endswith("penalty=_U: [x]")


def test_a_source_can_be_asked_for():
    assert parsed(["source_id=a"], PENALTIES)["source_id"] == "a"
    with pytest.raises(Point27Error, match="it has: source_id, time_period"):
        parsed(["sourc=a"], PENALTIES)

"""The gate: what rests on a restricted source does not pass, whatever it shows."""

import pandas as pd
import pytest

from pipeline.analyse.disclosure import (
    OutTable,
    ProtectedTable,
    Refusal,
    protect,
    require_protected,
)
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import TableSpec
from pipeline.errors import DisclosureError

SPEC = TableSpec(
    table="small", title="T", answers="A", built="cube", unit="case",
    period_basis="year", dimensions={}, small_counts="none",
)  # fmt: skip


def source(name: str, sensitivity: str, *, synthetic: bool = False) -> Source:
    """Return a source of one sensitivity."""
    return Source.model_validate(
        {
            "source": name, "title": "T", "publisher": "P", "licence": "L",
            "language": "en", "ref_area": "KZ", "sensitivity": sensitivity,
            "synthetic": synthetic, "coverage": "register", "files": (),
        }
    )  # fmt: skip


SOURCES = {
    "open": source("open", "public"),
    "closed": source("closed", "restricted"),
    "made_up": source("made_up", "public", synthetic=True),
}


def table(*sources: str) -> OutTable:
    """Return a table that rests on some sources."""
    frame = pd.DataFrame({"cell_id": ["1"], "obs_value": [1.0], "mark": [""]})
    return OutTable(SPEC, frame, pd.DataFrame(), frozenset(sources))


def test_a_table_of_public_sources_passes() -> None:
    passed = protect(table("open"), SOURCES)
    assert isinstance(passed, ProtectedTable)
    assert not passed.synthetic
    assert require_protected(passed) is passed


@pytest.mark.parametrize(
    "sources", [("closed",), ("open", "closed"), ("closed", "made_up")]
)
def test_a_table_that_rests_on_a_restricted_source_is_refused(
    sources: tuple[str, ...],
) -> None:
    refused = protect(table(*sources), SOURCES)
    assert isinstance(refused, Refusal)
    assert refused.table == "small"
    assert "closed" in refused.reason
    assert "open" not in refused.reason.removeprefix(
        "rests on sources not declared public"
    )


def test_a_synthetic_table_passes_and_is_flagged() -> None:
    passed = protect(table("open", "made_up"), SOURCES)
    assert isinstance(passed, ProtectedTable)
    assert passed.synthetic


def test_synthetic_data_declared_restricted_are_refused_all_the_same() -> None:
    closed = {**SOURCES, "odd": source("odd", "restricted", synthetic=True)}
    assert isinstance(protect(table("odd"), closed), Refusal)


def test_a_source_that_is_not_known_is_no_public_source() -> None:
    with pytest.raises(KeyError):
        protect(table("no_such_source"), SOURCES)


def test_nobody_else_makes_a_protected_table() -> None:
    loose = table("open")
    with pytest.raises(DisclosureError, match="only disclosure control"):
        ProtectedTable(*loose, synthetic=False, rule="mine", seal=object())


@pytest.mark.parametrize("other", [table("open"), table("open").frame, None, "small"])
def test_writers_refuse_anything_else(other: object) -> None:
    with pytest.raises(DisclosureError, match="about to be published"):
        require_protected(other)


@pytest.mark.parametrize("mark", ["c", "b;c"])
def test_a_withheld_cell_that_has_its_number_stops_everything(mark: str) -> None:
    told = table("open")
    told.frame["mark"] = mark
    with pytest.raises(DisclosureError, match="withheld"):
        protect(told, SOURCES)
    told.frame["obs_value"] = float("nan")
    assert isinstance(protect(told, SOURCES), ProtectedTable)

"""Links in the warehouse: shared numbers as declared, broken ones told by place."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from small_office import ask, build, write
from small_tables import PENALTIES, source

from pipeline.declarations.codelists import CodeList
from pipeline.store.declared import shared_rows, store_declarations
from pipeline.store.links import broken_links, links_in_words
from pipeline.store.summary import links, links_lost
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace

SOURCE = """\
source: NAME
title: Cases and what courts decided
publisher: An office
licence: none
language: en
ref_area: KZ
sensitivity: SENSITIVITY
coverage: register
shared_numbers: {case_no: KZ_ERDR}
files:
  - file: cases.xlsx
    sheets:
      - sheet: cases
        record: investigations
        layout: flat
        columns: {Case: case_no, Nth: step_no, Step: step, Day: step_on, Body: body}
  - file: court.xlsx
    sheets:
      - sheet: court
        record: prosecutions
        layout: flat
        columns:
          No.: prosecution_id
          Case: case_no
          Accused: accused_key
          Body: accused_body
          Charge: charge_indicted
          Outcome: court_outcome
          Day: decided_on
          Instance: instance
          Final: final
"""
CASES = ["Case", "Nth", "Step", "Day", "Body"]
COURT = ["No.", "Case", "Accused", "Body", "Charge", "Outcome", "Day", "Instance",
         "Final"]  # fmt: skip


def deliver(root: Path, name: str, sensitivity: str, cases: list[list[str | None]],
            court: list[list[str | None]]) -> None:  # fmt: skip
    """Declare an office and deliver its cases and decisions."""
    declared = root / "schemas" / "sources" / f"{name}.yml"
    declared.parent.mkdir(parents=True, exist_ok=True)
    text = SOURCE.replace("NAME", name).replace("SENSITIVITY", sensitivity)
    declared.write_text(text, encoding="utf-8")
    folder = root / "raw" / name / "2025-01-01"
    folder.mkdir(parents=True)
    write(folder / "cases.xlsx", "cases", [CASES, *cases])
    write(folder / "court.xlsx", "court", [COURT, *court])


def case(number: str, day: str = "2024-01-10") -> list[str | None]:
    """Return the first step of a case."""
    return [number, "1", "OPENED", day, "POLICE"]


def decision(key: str, number: str) -> list[str | None]:
    """Return a decision about one accused in a case."""
    return [key, number, f"accused {key}", "POLICE", "CC14-362", "CONVICTED",
            "2024-06-01", "FIRST", "YES"]  # fmt: skip


@pytest.fixture(scope="module", params=["public", "restricted"])
def two_offices(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, str]:
    """Return a built workspace of two offices that share the numbers of cases."""
    root = tmp_path_factory.mktemp("offices")
    kind = request.param
    deliver(root, "police_list", "public",
            [case("19-75 001"), case("19-75-002"), case("19-75-003", "not a day")],
            [decision("A1", "19-75 001")])  # fmt: skip
    deliver(root, "court_list", kind, [case("Y-1"), case("У-1 ")],
            [decision("B1", "1975001"), decision("B2", "'19-75-002"),
             decision("B3", "19-75-009"), decision("B4", "у 1"),
             decision("B5", "19–75–003")])  # fmt: skip
    workspace = Workspace(root)
    build(workspace)
    return workspace, kind


def test_numbers_declared_shared_are_found_in_the_other_office(two_offices) -> None:
    found = ask(
        two_offices[0],
        "SELECT p.prosecution_id, l.state, l.reason, l.to_source_id, i.case_no "
        "FROM core.links l JOIN core.prosecutions p USING (record_no) "
        "LEFT JOIN core.investigations i ON i.record_no = l.to_no "
        "WHERE l.to_record = 'investigations' ORDER BY 1",
    )
    told = [tuple(None if pd.isna(cell) else cell for cell in row) for row in found]
    assert told == [
        ("A1", "FOUND", "_Z", "police_list", "19-75 001"),
        ("B1", "FOUND", "_Z", "police_list", "19-75 001"),
        ("B2", "FOUND", "_Z", "police_list", "19-75-002"),
        ("B3", "LEADS_NOWHERE", "NOT_SUPPLIED", None, None),
        ("B4", "AMBIGUOUS", "SEVERAL_RECORDS", None, None),
        ("B5", "LEADS_NOWHERE", "QUARANTINED", None, None),
    ]


def test_every_link_has_its_columns_described(two_offices) -> None:
    sql = (
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'core' AND "
        "table_name IN ('links', 'link_candidates') AND comment IS NULL"
    )
    assert ask(two_offices[0], sql) == []


def test_links_not_found_are_told_with_their_places(two_offices) -> None:
    workspace, kind = two_offices
    with Warehouse(workspace.private_database) as warehouse:
        broken = broken_links(warehouse)
        lines = links_lost(warehouse)
        words = links(warehouse)
    named = broken["to_id"].tolist()
    if kind == "restricted":
        assert named == ["not shown"] * 3
    else:
        assert named == ["19-75-009", "у 1", "19–75–003"]
    assert broken["place"].tolist() == [f"court.xlsx!court!A{n}" for n in (4, 5, 6)]
    assert lines == links_in_words(broken)
    meant = "cases.xlsx!cases!A2, cases.xlsx!cases!A3"
    why = (
        "no record supplied has that number",
        f"several records have that number: {meant}",
        "the record with that number is in quarantine",
    )
    assert lines == [
        f"court.xlsx!court!A{row}: names investigations {number}; {reason}"
        for row, number, reason in zip((4, 5, 6), named, why, strict=True)
    ]
    assert words == (
        "3 found, 0 not stated by the source, 2 lead to no record supplied "
        "(1 to one in quarantine), 1 to several"
    )


def test_what_sources_share_is_in_the_warehouse(
    warehouse: Warehouse, lists: Mapping[str, CodeList]
) -> None:
    shares = source("sharing", shared_numbers={"case_no": "KZ_ERDR"})
    store_declarations(warehouse, {"sharing": shares, "own": source("own")}, lists,
                       {"penalties": PENALTIES})  # fmt: skip
    rows = warehouse.read("SELECT * FROM meta.shared_number")
    assert rows.to_numpy().tolist() == [["sharing", "case_no", "KZ_ERDR"]]
    assert shared_rows({}).empty


@pytest.mark.parametrize(
    "shared", [{"person_key": "PEOPLE"}, {"case_no": "two words"}, {"case_no": ""}]
)
def test_only_numbers_of_records_are_shared_and_by_a_plain_name(
    shared: dict[str, str],
) -> None:
    with pytest.raises(ValueError, match=r"shared_numbers|numbering"):
        source("sharing", shared_numbers=shared)

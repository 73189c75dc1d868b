"""Corrections: declared, guarded by what they expect, and on record."""

import pytest
from small_office import (
    FIRST,
    JANUARY,
    OFFICE,
    SECOND,
    ask,
    build,
    changed,
    correct,
    deliver,
    office,
)

from assets.resources import declared_corrections
from pipeline.errors import CorrectionError, DeclarationError
from pipeline.workspace import Workspace

ONE, TWO = "2025-02-01", "2025-03-01"
WRONG = changed(FIRST, Received="2025-13-01")
ENTRY = """\
corrections:
  - source: small_office
    record: complaints
    key: {complaint_id: K1}
    field: received_on
    expect: "2025-13-01"
    value: "2025-01-13"
    reason: day and month were exchanged
    provided_by: registrar of the office
    decided_on: 2025-02-10
    status: accepted
"""


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """Return the workspace of the office with a wrong date."""
    made = office(tmp_path)
    deliver(made, ONE, [WRONG, SECOND], [JANUARY])
    return made


def stopped(workspace: Workspace, kind: type[Exception]) -> str:
    """Return why a build stops."""
    with pytest.raises(kind) as told:
        build(workspace)
    return str(told.value)


def states(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the entries of quarantine."""
    sql = "SELECT place, rule, state, closed_by FROM quarantine.reason ORDER BY ALL"
    return ask(workspace, sql)


def test_a_corrected_record_is_accepted_and_the_cell_stays_in_raw(workspace):
    build(workspace)
    assert states(workspace) == [
        ("complaints.xlsx!complaints!B2", "not_a_date", "OPEN", "")
    ]
    correct(workspace, ENTRY)
    account = build(workspace)
    sql = "SELECT strftime(received_on, '%Y-%m-%d') FROM core.complaints ORDER BY ALL"
    assert ask(workspace, sql) == [("2025-01-13",), ("2025-02-10",)]
    assert account["cells_quarantined"].sum() == 0
    assert states(workspace) == [
        ("complaints.xlsx!complaints!B2", "not_a_date", "CORRECTED", "office#1")
    ]
    from pipeline.warehouse import Warehouse

    with Warehouse(workspace.private_database) as warehouse:
        raw = warehouse.read("SELECT received_on FROM raw.complaints ORDER BY ALL")
    assert list(raw["received_on"]) == ["2025-02-10", "2025-13-01"]


def test_what_was_applied_to_which_record_is_on_record(workspace):
    correct(workspace, ENTRY)
    build(workspace)
    sql = """
        SELECT c.correction_id, c.place, c.expect, c.value, c.provided_by, c.is_applied
        FROM meta.correction c JOIN core.complaints r USING (record_id)
    """
    assert ask(workspace, sql) == [
        ("office#1", "complaints.xlsx!complaints!B2", "2025-13-01", "2025-01-13",
         "registrar of the office", True)
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["proposed", "withdrawn"])
def test_only_accepted_corrections_apply(workspace, status):
    correct(workspace, ENTRY.replace("status: accepted", f"status: {status}"))
    build(workspace)
    assert [state for *_, state, _ in states(workspace)] == ["OPEN"]
    sql = "SELECT status, is_applied, record_id FROM meta.correction"
    assert ask(workspace, sql) == [(status, False, "")]


def test_a_correction_may_name_its_cell_by_place(workspace):
    place = "place: complaints.xlsx!complaints!B2"
    correct(workspace, ENTRY.replace("key: {complaint_id: K1}", place))
    build(workspace)
    assert [state for *_, state, _ in states(workspace)] == ["CORRECTED"]


def test_a_correction_stops_the_build_when_the_source_has_been_fixed(workspace):
    correct(workspace, ENTRY)
    deliver(workspace, TWO, [FIRST, SECOND], [JANUARY])
    told = stopped(workspace, CorrectionError)
    assert told == (
        "complaints.xlsx!complaints!B2: received_on: found '2025-01-10'; expected "
        "'2025-13-01'; the source has been fixed or changed: withdraw the correction "
        "schemas/corrections: office#1"
    )


def test_a_correction_of_no_record_stops_the_build(workspace):
    correct(workspace, ENTRY.replace("K1", "K77"))
    told = stopped(workspace, CorrectionError)
    assert "no records of small_office fit complaint_id K77" in told
    assert "withdraw the correction" in told


def test_a_value_that_is_no_legal_one_stops_the_build(workspace):
    correct(workspace, ENTRY.replace('value: "2025-01-13"', 'value: "2025-01-99"'))
    told = stopped(workspace, CorrectionError)
    assert "received_on: the value for complaints.xlsx!complaints!B2" in told


def test_a_code_is_expected_by_its_word_or_its_code_and_a_word_unknown_is_mended(
    workspace,
):
    deliver(workspace, ONE, [changed(FIRST, Body="Polise"), SECOND], [JANUARY])
    code = ENTRY.replace("field: received_on", "field: accused_body")
    code = code.replace('value: "2025-01-13"', "value: POLICE")
    correct(workspace, code.replace('"2025-13-01"', "Polise"))
    build(workspace)
    sql = "SELECT DISTINCT accused_body FROM core.complaints"
    assert ask(workspace, sql) == [("POLICE",)]
    deliver(workspace, TWO, [FIRST, SECOND], [JANUARY])
    correct(
        workspace,
        code.replace('"2025-13-01"', "POLICE").replace("value: POLICE", "value: KUIS"),
    )
    build(workspace)
    sql = "SELECT accused_body, accused_body_source FROM core.complaints ORDER BY ALL"
    assert ask(workspace, sql)[0][0] == "KUIS"


def test_words_of_a_restricted_source_are_not_shown(tmp_path):
    workspace = office(tmp_path, "restricted")
    deliver(workspace, ONE, [FIRST, SECOND], [JANUARY])
    correct(workspace, ENTRY)
    told = stopped(workspace, CorrectionError)
    assert "found another text" in told
    assert "2025-01-10" not in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("field: received_on", "field: person_key"), "cannot be corrected"),
        (("field: received_on", "field: received"), "no field 'received'"),
        (("source: small_office", "source: smal_office"), "no source 'smal_office'"),
        (("status: accepted", "status: maybe"), "status"),
        (("expect:", "expects:"), "unknown key"),
        (("provided_by: registrar of the office", "provided_by: ''"), "which role"),
        (("decided_on: 2025-02-10", "decided_on: soon"), "decided_on"),
        (("key: {complaint_id: K1}", "key: {case_no: K1}"), "give complaint_id"),
    ],
)
def test_a_declaration_that_is_wrong_is_told(workspace, change, told):
    correct(workspace, ENTRY.replace(*change))
    with pytest.raises(DeclarationError) as wrong:
        declared_corrections(workspace)
    assert told in str(wrong.value)


def test_two_corrections_of_one_cell_are_refused(workspace):
    correct(workspace, ENTRY + ENTRY.removeprefix("corrections:\n"))
    with pytest.raises(DeclarationError, match="correct the same cell"):
        declared_corrections(workspace)


def test_a_decision_of_a_later_day_does_not_count_in_an_earlier_state(workspace):
    from dataclasses import replace

    correct(workspace, ENTRY)
    earlier = replace(workspace, as_of="2025-02-05")
    build(earlier)
    assert [state for *_, state, _ in states(earlier)] == ["OPEN"]
    assert OFFICE in {row[0] for row in ask(earlier, "SELECT * FROM meta.source")}


@pytest.mark.slow
def test_a_published_cell_is_traced_to_the_correction_behind_it(workspace):
    from rich.console import Console

    from assets.build import run_build, summary_lines
    from pipeline.store.trace import trace_lines
    from pipeline.warehouse import reading

    correct(workspace, ENTRY)
    done = run_build(workspace, Console(quiet=True), show_bar=False)
    assert "Corrected   1 cells, see schemas/corrections/" in [*summary_lines(done)]
    lines = [*trace_lines(workspace, "complaints", [])]
    assert lines[0].startswith(f"complaints source_id={OFFICE} unit_measure=COMPLAINT:")
    assert (
        "    corrected: complaints.xlsx!complaints!B2 received_on "
        "'2025-13-01' → '2025-01-13': day and month were exchanged "
        "(registrar of the office, 2025-02-10; office#1)"
    ) in lines
    with reading(workspace.public_database) as read:
        told = read("SELECT correction_id FROM meta.correction", [])
    assert list(told["correction_id"]) == ["office#1"]

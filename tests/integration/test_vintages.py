"""Deliveries one after the other: what counts, what is told, what is remembered."""

import json
import shutil
from dataclasses import replace

import pytest
from rich.console import Console
from small_office import (
    FEBRUARY,
    FIRST,
    HEADER,
    JANUARY,
    OFFICE,
    SECOND,
    THIRD,
    ask,
    build,
    changed,
    correct,
    deliver,
    office,
    write,
)

from pipeline.errors import InputError
from pipeline.store.increments import delivered_twice
from pipeline.store.revisions import revision_lines
from pipeline.warehouse import Warehouse
from pipeline.workspace import Workspace

ONE, TWO, THREE = "2025-02-01", "2025-03-01", "2025-04-01"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """Return the workspace of the office with one delivery."""
    made = office(tmp_path)
    deliver(made, ONE, [FIRST, SECOND], [JANUARY])
    return made


def problems(workspace: Workspace) -> list[tuple[str, str]]:
    """Return place and fault of what stops a build."""
    with pytest.raises(InputError) as stopped:
        build(workspace)
    return [(problem.place, problem.what) for problem in stopped.value.problems]


def notices(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return what is told and stops nothing."""
    return ask(workspace, "SELECT place, what FROM meta.notice ORDER BY ALL")


def test_the_latest_vintage_counts_and_all_deliveries_are_kept(workspace):
    deliver(workspace, TWO, [FIRST, SECOND, THIRD], [JANUARY, FEBRUARY])
    build(workspace)
    assert ask(workspace, "SELECT count(*) FROM core.complaints") == [(3,)]
    with Warehouse(workspace.private_database) as warehouse:
        kept = warehouse.read("SELECT count(*) AS n FROM raw.complaints")
    assert list(kept["n"]) == [5]


def test_revisions_tell_what_was_added_removed_and_changed(workspace):
    later = [changed(FIRST, Persons="4", Body="Police "), THIRD]
    deliver(workspace, TWO, later, [JANUARY])
    build(workspace)
    sql = """
        SELECT kind, record_key, field, earlier_value, later_value,
            earlier_vintage, later_vintage, earlier_place, later_place
        FROM core.revisions ORDER BY ALL
    """
    place = "complaints.xlsx!complaints"
    assert ask(workspace, sql) == [
        ("ADDED", "K3", "", "", "", ONE, TWO, "", f"{place}!A3"),
        ("CHANGED", "K1", "persons_count", "1", "4", ONE, TWO,
         f"{place}!D2", f"{place}!D2"),
        ("REMOVED", "K2", "", "", "", ONE, TWO, f"{place}!A3", ""),
    ]  # fmt: skip


def test_a_row_that_only_moves_is_no_revision(workspace):
    deliver(workspace, TWO, [SECOND, FIRST], [JANUARY])
    build(workspace)
    assert ask(workspace, "SELECT * FROM core.revisions") == []


def test_who_a_person_is_is_never_shown_in_a_revision(workspace):
    deliver(workspace, TWO, [changed(FIRST, Person="person 9"), SECOND], [JANUARY])
    build(workspace)
    sql = "SELECT field, earlier_value, later_value FROM core.revisions"
    assert ask(workspace, sql) == [("person_key", "(not shown)", "(not shown)")]


def test_revisions_are_printed_and_those_of_a_restricted_source_without_words(
    tmp_path,
):
    workspace = office(tmp_path, "restricted")
    deliver(workspace, ONE, [FIRST, SECOND], [JANUARY])
    deliver(workspace, TWO, [changed(FIRST, Persons="4"), SECOND], [JANUARY])
    build(workspace)
    assert [*revision_lines(workspace)] == [
        f"{OFFICE} {ONE} → {TWO}: 0 records added, 0 removed, 1 fields changed",
        "    complaints persons_count  complaints.xlsx!complaints!D2",
    ]


def test_a_file_changed_after_it_was_published_is_refused(workspace):
    build(workspace)
    deliver(workspace, ONE, [FIRST], [JANUARY])
    assert problems(workspace)[0] == (
        f"raw/{OFFICE}/{ONE}/complaints.xlsx",
        "the file was changed after it had been published: raw/ is written once",
    )


def test_a_file_that_no_build_published_may_still_be_mended(workspace):
    deliver(workspace, ONE, [changed(FIRST, Body="Polise")], [JANUARY])
    assert "'Polise' is not in the code list" in problems(workspace)[0][1]
    deliver(workspace, ONE, [FIRST], [JANUARY])
    build(workspace)
    assert ask(workspace, "SELECT count(*) FROM core.complaints") == [(1,)]


def test_a_file_that_vanished_from_the_latest_vintage_is_refused(workspace):
    deliver(workspace, TWO, [THIRD], [JANUARY], file="complaints_2.xlsx")
    assert problems(workspace) == [
        (f"raw/{OFFICE}/{TWO}/complaints.xlsx",
         f"the file was delivered on {ONE} and has vanished since")
    ]  # fmt: skip


def test_a_file_that_the_source_took_back_may_be_missing(workspace):
    deliver(workspace, TWO, [THIRD], [JANUARY], file="complaints_2.xlsx")
    correct(
        workspace,
        "withdrawn_files:\n"
        f"  - {{source: {OFFICE}, file: complaints.xlsx, reason: replaced by a new "
        f"edition, provided_by: registrar, decided_on: {TWO}}}\n",
    )
    build(workspace)
    assert ask(workspace, "SELECT complaint_id FROM core.complaints") == [("K3",)]


def test_a_published_vintage_that_is_gone_is_told(workspace):
    deliver(workspace, TWO, [FIRST], [JANUARY])
    build(workspace)
    shutil.rmtree(workspace.raw / OFFICE / ONE)
    build(workspace)
    what = "the last publication rests on this file, and it is gone"
    assert notices(workspace) == [
        (f"raw/{OFFICE}/{ONE}/complaints.xlsx", what),
        (f"raw/{OFFICE}/{ONE}/form.xlsx", what),
    ]


def test_one_file_under_two_names_in_one_vintage_is_refused(workspace):
    folder = workspace.raw / OFFICE / ONE
    shutil.copy(folder / "complaints.xlsx", folder / "complaints_2.xlsx")
    assert problems(workspace) == [
        (f"raw/{OFFICE}/{ONE}/complaints_2.xlsx",
         "the same bytes as complaints.xlsx: delivered twice under two names")
    ]  # fmt: skip


def test_one_period_from_two_files_of_one_vintage_is_told(workspace):
    folder = workspace.raw / OFFICE / ONE
    deliver(workspace, "2024-12-01", [FIRST], [["F9", "2025-01-31", "8"]])
    (workspace.raw / OFFICE / "2024-12-01" / "form.xlsx").rename(folder / "form_b.xlsx")
    shutil.rmtree(workspace.raw / OFFICE / "2024-12-01")
    build(workspace)
    with Warehouse(workspace.private_database) as warehouse:
        found = delivered_twice(warehouse)
    assert found.to_dict("records") == [
        {"place": "form_b.xlsx!form!C2", "also_at": "form.xlsx!form!C2"}
    ]


def test_records_of_one_key_from_two_files_of_one_vintage_are_told(workspace):
    deliver(workspace, ONE, [FIRST, THIRD], [JANUARY], file="complaints_2.xlsx")
    build(workspace)
    sql = "SELECT place, rule, state FROM quarantine.reason"
    assert ask(workspace, sql) == [
        ("complaints_2.xlsx!complaints!A2", "duplicate", "OPEN")
    ] or ask(workspace, sql) == [("complaints.xlsx!complaints!A2", "duplicate", "OPEN")]


def test_an_earlier_delivery_that_fits_no_more_keeps_what_was_read_of_it(workspace):
    build(workspace)
    declared = workspace.schemas / "sources" / f"{OFFICE}.yml"
    text = declared.read_text("utf-8").replace("Persons: persons", "Count: persons")
    declared.write_text(text, "utf-8")
    folder = deliver(workspace, TWO, [changed(FIRST, Persons="4")], [JANUARY])
    new = [[*HEADER[:3], "Count", *HEADER[4:]], changed(FIRST, Persons="4")]
    write(folder / "complaints.xlsx", "complaints", new)
    build(workspace)
    ((place, what),) = notices(workspace)
    assert place == f"raw/{OFFICE}/{ONE}/complaints.xlsx"
    assert what.startswith("an earlier delivery is not as declared today: columns")
    assert ask(workspace, "SELECT kind, record_key, field FROM core.revisions") == [
        ("CHANGED", "K1", "persons_count"), ("REMOVED", "K2", ""),
    ]  # fmt: skip


def test_year_to_date_figures_of_all_vintages_become_increments(workspace):
    deliver(workspace, TWO, [FIRST], [["F1", "2025-02-28", "12"]])
    deliver(workspace, THREE, [FIRST], [["F1", "2025-03-31", "11"]])
    build(workspace)
    sql = """
        SELECT time_period, value, fell, missing, from_vintage, to_vintage
        FROM core.increments ORDER BY period_end
    """
    assert ask(workspace, sql) == [
        ("2025-01", 7.0, "NO", 0, "", ONE),
        ("2025-02", 5.0, "NO", 0, ONE, TWO),
        ("2025-03", -1.0, "YES", 0, TWO, THREE),
    ]


def files_of(folder) -> dict[str, bytes]:
    """Return the bytes of each file under a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_the_state_of_an_earlier_day_is_that_of_the_build_of_that_day(workspace):
    from assets.build import run_build, summary_lines

    quiet = Console(quiet=True)
    run_build(workspace, quiet, show_bar=False)
    then = files_of(workspace.releases / ONE)
    deliver(workspace, TWO, [changed(FIRST, Persons="4")], [JANUARY, FEBRUARY])
    done = run_build(workspace, quiet, show_bar=False)
    said = "\n".join(summary_lines(done))
    assert "Revisions   1 records added, 1 removed, 1 fields changed" in said
    now = {
        **files_of(workspace.releases),
        "analyst": workspace.analyst_database.read_bytes(),
        "public": workspace.public_database.read_bytes(),
    }
    earlier = replace(workspace, as_of="2025-02-15")
    run_build(earlier, quiet, show_bar=False)
    assert earlier.warehouse == workspace.warehouse / "as-of" / "2025-02-15"
    again = files_of(earlier.releases / ONE)
    assert json.loads(again["manifest.json"]) == json.loads(then["manifest.json"])
    assert again == then
    assert {**files_of(workspace.releases)} == {
        name: content for name, content in now.items() if "/" in name
    }
    assert workspace.analyst_database.read_bytes() == now["analyst"]
    assert workspace.public_database.read_bytes() == now["public"]
    assert ask(earlier, "SELECT count(*) FROM core.complaints") == [(2,)]


SENTINEL = "ZQXJ"


@pytest.mark.slow
def test_no_word_of_a_restricted_source_is_in_the_history_of_runs(tmp_path):
    from assets.build import run_build, summary_lines

    workspace = office(tmp_path, "restricted")
    rows = [[f"{SENTINEL}{row[0]}", *row[1:]] for row in (FIRST, SECOND, THIRD)]
    form = [[f"{SENTINEL}F", "2025-01-31", "9"], ["F2", "2025-02-28", "8"]]
    bad = changed(rows[0], Received=f"{SENTINEL}date")
    deliver(workspace, ONE, [bad, rows[1]], form)
    later = [rows[0], changed(rows[1], Persons="7", Person=SENTINEL), rows[2]]
    deliver(workspace, TWO, later, form)
    done = run_build(workspace, Console(quiet=True), show_bar=False)
    said = "\n".join(summary_lines(done))
    assert "Mended      1 refusals by a later delivery" in said
    assert "Revisions   1 records added, 0 removed, 3 fields changed" in said
    assert SENTINEL not in said
    assert SENTINEL not in "\n".join(revision_lines(workspace))
    home = [path for path in workspace.dagster_home.rglob("*") if path.is_file()]
    assert any(b"year_to_date_does_not_fall" in path.read_bytes() for path in home)
    told = [path.name for path in home if SENTINEL.encode() in path.read_bytes()]
    assert told == []


def test_as_of_a_day_before_the_first_delivery_is_refused(workspace):
    assert problems(replace(workspace, as_of="2020-01-01")) == [
        ("raw/", "nothing had been delivered by 2020-01-01")
    ]

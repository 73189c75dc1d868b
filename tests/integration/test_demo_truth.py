"""What a build makes of the made-up world is what is known to be true of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal
from rich.console import Console
from truth import accused, complained, followed, handled
from truth.counts import counted, differences, published
from truth.reading import (
    KEYS,
    LABEL_OF,
    MEANT,
    accepted,
    by_key,
    core_columns,
    read_truth,
    sources_of,
    typed,
)
from truth.world import COURT, OMBUDSMAN, PROSECUTOR, World

from pipeline.declarations.tables import read_tables
from pipeline.disseminate.wording import SYNTHETIC
from pipeline.store.demo_workspace import make_demo
from pipeline.warehouse import reading
from pipeline.workspace import Workspace

pytestmark = pytest.mark.slow
Ask = Callable[..., pd.DataFrame]
COMPLAINTS, SEED = 1500, 27
NEWEST = "2026-07-10"
LISTS = [
    ("demo_coalition", "complaints"),
    ("demo_court", "prosecutions"),
    ("demo_court", "sentences"),
    ("demo_ombudsman", "complaints"),
    ("demo_prosecutor", "checks"),
    ("demo_prosecutor", "complaints"),
    ("demo_prosecutor", "investigations"),
]
CUBES: dict[str, Callable[[World], Iterator[dict[str, object]]]] = {
    "complaints": complained.complaints,
    "complainants": complained.complaints,
    "allegations": complained.allegations,
    "purposes": complained.purposes,
    "complaints_by_region": complained.complaints,
    "withdrawals": complained.withdrawals,
    "investigated": handled.handled,
    "grounds": handled.grounds,
    "independence": handled.independent,
    "prosecuted": accused.charged,
    "drift": accused.drifted,
    "penalties": accused.sentenced,
    "redress": accused.redress,
    "point_27": accused.personnel,
    "cohort": followed.cohort,
}
"""Table → what it counts, by hand."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a made-up workspace, built once."""
    from assets.build import run_build

    root = tmp_path_factory.mktemp("demo") / "workspace"
    list(make_demo(root, COMPLAINTS, SEED))
    workspace = Workspace(Path(root))
    run_build(workspace, Console(quiet=True), show_bar=False)
    return workspace


@pytest.fixture(scope="module")
def ask(demo: Workspace) -> Iterator[Ask]:
    """Return a function that queries the analysts' database."""
    with reading(demo.analyst_database) as read:
        yield lambda sql, *parameters: read(sql, parameters)


@pytest.fixture(scope="module")
def world(demo: Workspace) -> World:
    """Return what is true, row by row."""
    return World(demo.root)


def core_of(ask: Ask, source: str, register: str) -> pd.DataFrame:
    """Return what a build accepted of one list."""
    return typed(
        ask(f"SELECT * FROM core.{register} WHERE source_id = ?", source), register
    )


# The registers, row by row.


def test_the_truth_has_each_list(demo: Workspace) -> None:
    found = [pair for pair in sources_of(demo.root) if pair[1] != "figures"]
    assert found == LISTS


@pytest.mark.parametrize(("source", "register"), LISTS)
def test_every_row_is_coded_as_it_is_true(
    demo: Workspace, ask: Ask, source: str, register: str
) -> None:
    true, found = accepted(demo.root, source, register), core_of(ask, source, register)
    named = [name for name in true.columns if name not in (*MEANT, "rule")]
    assert len(true) > 50
    assert_frame_equal(by_key(found, register, named), by_key(true, register, named))


@pytest.mark.parametrize(("source", "register"), LISTS)
def test_what_a_list_does_not_supply_is_nowhere(
    demo: Workspace, ask: Ask, source: str, register: str
) -> None:
    told = read_truth(demo.root, source, register).columns
    labelled = {key for key, label in LABEL_OF.items() if label in told}
    rest = [n for n in core_columns(register) if n not in {*told, *labelled}]
    assert core_of(ask, source, register)[rest].isna().all(axis=None)


@pytest.mark.parametrize(("source", "register"), LISTS)
def test_bad_rows_wait_in_quarantine_for_the_rule_they_break(
    demo: Workspace, ask: Ask, source: str, register: str
) -> None:
    truth = read_truth(demo.root, source, register)
    bad = truth[truth["rule"].notna()]
    sql = f"SELECT count(*) AS n FROM quarantine.{register} WHERE source_id = ?"
    reasons = ask(
        "SELECT rule FROM quarantine.reason "
        "WHERE source_id = ? AND record = ? AND vintage = ?",
        source, register, NEWEST,
    )  # fmt: skip
    wanted, found = bad.groupby("rule").size(), reasons.groupby("rule").size()
    assert {rule: found.get(rule, 0) for rule in wanted.index} == wanted.to_dict()
    with reading(demo.private_database) as read:
        assert read(sql, [source])["n"][0] == len(bad)


@pytest.mark.parametrize(("key", "label"), sorted(LABEL_OF.items()))
def test_a_label_has_one_pseudonym_however_it_is_spelled(
    demo: Workspace, ask: Ask, key: str, label: str
) -> None:
    pairs = []
    for source, register in LISTS:
        true = accepted(demo.root, source, register)
        if label not in true or key not in core_columns(register):
            continue
        found = core_of(ask, source, register)
        if found[key].isna().all():
            continue
        names = KEYS[register]
        both = true[[*names, label]].merge(found[[*names, key]], on=names)
        assert len(both) == len(true)
        assert both[key].isna().equals(both[label].isna())
        pairs.append(both[[label, key]].dropna().set_axis(["label", "key"], axis=1))
    told = pd.concat(pairs).drop_duplicates()
    assert len(told) > 50
    assert not told["label"].duplicated().any()
    assert not told["key"].duplicated().any()


def test_published_totals_are_read_as_they_are(demo: Workspace, ask: Ask) -> None:
    names = ["indicator", "period_start", "facility_type", "channel", "value"]
    true = read_truth(demo.root, "demo_population", "figures")[names]
    found = ask(
        "SELECT indicator, strftime(period_start, '%Y-%m-%d') AS period_start, "
        "facility_type, channel, value::BIGINT::VARCHAR AS value FROM core.figures"
    ).astype("str")
    assert sorted(map(tuple, found.to_numpy())) == sorted(map(tuple, true.to_numpy()))


# The chain.


def test_checks_lead_to_the_complaints_they_are_of(ask: Ask, world: World) -> None:
    found = ask(
        "SELECT x.check_id, l.state, c.source_id, c.complaint_id FROM core.links l "
        "JOIN core.checks x USING (record_no) "
        "LEFT JOIN core.complaints c ON c.record_no = l.to_no "
        "WHERE l.from_record = 'checks'"
    ).astype("str")
    true = set()
    for check in world.checks:
        state, complaint = world.complaint_of(check)
        told = ("nan", "nan")
        if isinstance(complaint, dict):
            told = (complaint["source"], complaint["complaint_id"])
        name = "LEADS_NOWHERE" if state == "LOST" else state
        true.add((check["check_id"], name, *told))
    assert {tuple(row) for row in found.fillna("nan").to_numpy()} == true
    assert {state for _, state, _, _ in true} == {"FOUND", "LEADS_NOWHERE", "AMBIGUOUS"}


def test_checks_lead_to_the_true_complaint_or_to_none(
    demo: Workspace, world: World
) -> None:
    truth = accepted(demo.root, PROSECUTOR, "checks")
    meant = dict(zip(truth["check_id"], truth["true_complaint_id"], strict=True))
    same = world.by_id
    for check in world.checks:
        _, complaint = world.complaint_of(check)
        if isinstance(complaint, dict) and complaint["source"] != OMBUDSMAN:
            assert complaint is same[meant[check["check_id"]]]


def test_decisions_lead_to_the_cases_of_another_office(ask: Ask, world: World) -> None:
    found = ask(
        "SELECT p.prosecution_id, l.state FROM core.links l "
        "JOIN core.prosecutions p USING (record_no) "
        "WHERE l.from_record = 'prosecutions'"
    )
    true = {
        (
            d["prosecution_id"],
            "FOUND" if d["case_no"] in world.cases else "LEADS_NOWHERE",
        )
        for d in world.decisions
    }
    assert {tuple(row) for row in found.to_numpy()} == true


# The tables, cell by cell.


@pytest.mark.parametrize("table", sorted(CUBES))
def test_every_cell_is_what_the_truth_gives(
    demo: Workspace, ask: Ask, world: World, table: str
) -> None:
    spec = read_tables(demo)[table]
    measure = accused.amount_of if table == "redress" else None
    true = counted(CUBES[table](world), [*spec.dimensions], spec.fixed, measure)
    found = published(ask(f"SELECT * FROM out.{table}"), [*spec.dimensions])
    assert len(true) > 10
    assert differences(true, found) == []


def test_the_balance_of_cases_is_what_the_truth_gives(ask: Ask, world: World) -> None:
    balance, wrong, looked_at = followed.Balance(world), [], 0
    frame = ask("SELECT * FROM out.flow WHERE reason = '_Z' AND time_period <> '_U'")
    for row in frame.itertuples():
        true = balance.of(
            str(row.component), str(row.handling_body), str(row.time_period)
        )
        looked_at += true > 0
        if true != row.obs_value:
            wrong.append((row.time_period, row.handling_body, row.component, true))
    assert looked_at > 1000
    assert wrong == []


def test_no_case_is_missing_from_the_balance(ask: Ask, world: World) -> None:
    balance = followed.Balance(world)
    frame = ask("SELECT * FROM out.flow WHERE time_period = '_T' AND reason = '_Z'")
    found = set(zip(frame["component"], frame["handling_body"], strict=True))
    whole = {(name, body) for name, body, _ in balance.flows}
    assert {one for one in whole if one not in found} == set()


# That it is made up.


def test_every_row_of_every_table_says_that_it_is_made_up(
    demo: Workspace, ask: Ask
) -> None:
    kinds = {
        name: set(ask(f"SELECT DISTINCT synthetic FROM out.{name}")["synthetic"])
        for name in read_tables(demo)
    }
    assert {name: told for name, told in kinds.items() if told - {True}} == {}
    assert sum(bool(told) for told in kinds.values()) > 20


def test_every_comment_and_title_says_that_it_is_made_up(demo: Workspace) -> None:
    for database in (demo.analyst_database, demo.public_database):
        with reading(database) as read:
            told = read(
                "SELECT table_name, comment FROM duckdb_tables() "
                "WHERE schema_name = 'out'", []
            )  # fmt: skip
            titles = read("SELECT title FROM meta.published_table", [])
        assert len(told) > 10
        assert told["comment"].str.startswith(SYNTHETIC).all()
        assert titles["title"].str.startswith(SYNTHETIC).all()


def test_every_file_of_the_release_says_that_it_is_made_up(demo: Workspace) -> None:
    release = demo.releases / NEWEST
    assert SYNTHETIC in (release / "README.txt").read_text(encoding="utf-8")
    assert SYNTHETIC in (release / "manifest.json").read_text(encoding="utf-8")
    for folder in ("csv", "parquet", "charts"):
        names = [path.name for path in (release / folder).iterdir()]
        assert names
        assert all("_synthetic" in name for name in names), names
    for path in (release / "charts").glob("*.svg"):
        assert SYNTHETIC in path.read_text(encoding="utf-8"), path.name
    for path in (release / "charts").glob("*.alt.txt"):
        assert path.read_text(encoding="utf-8").startswith(SYNTHETIC), path.name


def test_every_sheet_of_the_workbook_begins_with_it(demo: Workspace) -> None:
    [path] = (demo.releases / NEWEST).glob("point27-synthetic-*.xlsx")
    book = load_workbook(path, read_only=True)
    for sheet in book:
        first = next(sheet.iter_rows(max_row=1, values_only=True))
        assert str(first[0]).startswith(SYNTHETIC), sheet.title


def test_the_court_and_the_prosecutor_share_the_numbers_of_cases(
    ask: Ask,
) -> None:
    shared = ask("SELECT source_id FROM meta.shared_number WHERE numbering = 'ERDR'")
    assert {*shared["source_id"]} == {COURT, PROSECUTOR}

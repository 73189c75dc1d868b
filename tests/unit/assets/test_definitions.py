"""Every declaration has its asset, and every asset says what it is."""

import traceback
from pathlib import Path

import pytest

from assets.definitions import BUILD, definitions_of, found_definitions
from assets.out import TYPES, UNTOLD
from pipeline.declarations.sources import read_sources
from pipeline.declarations.tables import read_charts, read_tables
from pipeline.errors import DeclarationError
from pipeline.workspace import ENVIRONMENT, REPOSITORY, Workspace
from schemas.outputs import LEADING, TRAILING
from schemas.records import RECORDS

HERE = Workspace(REPOSITORY)
OTHERS = {
    *("raw/declarations", "core/cells_accounted", "core/links", "core/reconciled"),
    *("core/revisions", "core/increments"),
    *("out/analyst_database", "out/public_database", "out/release"),
}


@pytest.fixture(scope="module")
def graph():
    """Return the graph of assets of the repository."""
    return definitions_of(HERE).resolve_asset_graph()


def names(keys: object) -> set[str]:
    """Return keys as the UI prints them."""
    return {key.to_user_string() for key in keys}


def test_every_declaration_has_its_asset(graph) -> None:
    expected = {
        *OTHERS,
        *(f"raw/{source}" for source in read_sources(HERE)),
        *(f"core/{record}" for record in RECORDS),
        *(f"out/{table}" for table in read_tables(HERE)),
        *(f"out/chart_{chart}" for chart in read_charts(HERE)),
    }
    assert names(graph.get_all_asset_keys()) == expected


def test_every_asset_says_what_it_is(graph) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert "None" not in node.description, key
        assert node.owners == ["team:statistics"], key
        assert node.kinds, key
        assert node.group_name == key.path[0], key


def test_every_table_tells_its_columns(graph) -> None:
    for key in graph.get_all_asset_keys():
        name = key.path[-1]
        if name not in {*RECORDS, *read_tables(HERE)}:
            continue
        columns = graph.get(key).metadata["dagster/column_schema"].schema.columns
        assert all(column.description for column in columns), key
        assert graph.get(key).metadata[
            "dagster/table_name"
        ] == key.to_user_string().replace("/", ".")


def test_columns_with_a_rule_of_their_own_exist() -> None:
    assert {*TYPES, *UNTOLD} <= {*LEADING, *TRAILING}


def test_every_check_says_what_it_checks(graph) -> None:
    checks = {key.name for key in graph.asset_check_keys}
    assert checks == {
        *("nothing_refused", "every_link_found", "no_link_ambiguous"),
        *("figures_add_up", "statements_agree", "may_be_published", "nothing_withheld"),
        *("deliveries_kept", "printed_totals_hold"),
        *("year_to_date_does_not_fall", "no_period_delivered_twice"),
    }
    for key in graph.asset_check_keys:
        assert graph.get_check_spec(key).description, key


def test_layers_follow_each_other(graph) -> None:
    order = {"raw": 0, "core": 1, "out": 2}
    for key in graph.get_all_asset_keys():
        for parent in graph.get(key).parent_keys:
            assert order[parent.path[0]] <= order[key.path[0]]


def test_one_job_builds_everything(graph) -> None:
    job = definitions_of(HERE).resolve_job_def(BUILD)
    assert job.asset_layer.executable_asset_keys == graph.get_all_asset_keys()


def test_a_wrong_declaration_is_told_by_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    wrong = tmp_path / "schemas" / "sources" / "register.yml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("source: register\ntitel: wrong key\n", encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    with pytest.raises(DeclarationError, match=r"register\.yml: titel") as raised:
        found_definitions()
    shown = traceback.extract_tb(raised.value.__traceback__)
    assert {Path(frame.filename).name for frame in shown} == {
        "definitions.py",
        Path(__file__).name,
    }
    assert raised.value.__suppress_context__

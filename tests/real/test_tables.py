"""Two real files of cases through a whole build: known totals stand in the tables.

In here: Russia's officers before courts and New York's disciplinary cases, their totals
as in the files, and what the files lack as `x`. Not in here: how the files are read
(`test_russian_cases.py`, `test_new_york_prisons.py`).
"""

from collections.abc import Callable

import pandas as pd
import pytest
from rich.console import Console

from pipeline.warehouse import reading
from pipeline.workspace import Workspace

pytestmark = [pytest.mark.real, pytest.mark.slow]

RU, US = "ru_police_drug_crimes", "us_nys_prison_staff_misconduct"
Ask = Callable[..., pd.DataFrame]
MEASURES = {
    *("cell_id", "ref_area", "time_period", "freq", "unit_measure", "obs_value"),
    *("mark", "obs_status", "conf_status", "source_id", "synthetic"),
}


@pytest.fixture(scope="module")
def workspace(workspace_with, tmp_path_factory) -> Workspace:
    """Return a workspace of both sources, built."""
    from assets.build import run_build

    made = workspace_with(tmp_path_factory.mktemp("tables"), [RU, US])
    run_build(made, Console(quiet=True), show_bar=False)
    return made


@pytest.fixture(scope="module")
def ask(workspace):
    """Return a function that queries the analysts' database."""
    with reading(workspace.analyst_database) as read:
        yield lambda sql, *parameters: read(sql, parameters)


@pytest.fixture(scope="module")
def counts(ask: Ask):
    """Return a function: table, source and one dimension → code → number, or mark."""

    def count(table: str, source: str, by: str, **fixed: str) -> dict[str, object]:
        frame = ask(f"SELECT * FROM out.{table} WHERE source_id = ?", source)
        by_time = by == "time_period"
        frame = frame[(frame["time_period"] != "_T") == by_time]
        for name in set(frame.columns) - MEASURES - {by}:
            frame = frame[frame[name] == fixed.get(name, "_T")]
        assert frame[by].is_unique
        told = frame["obs_value"].astype("object").where(frame["obs_value"].notna())
        told = told.where(told.notna(), frame["mark"])
        return dict(zip(frame[by], told, strict=True))

    return count


def test_persons_by_the_outcome_in_court(counts):
    for stage in ("REGISTERED", "LAST_KNOWN"):
        found = counts("prosecuted", RU, "court_outcome", charge_stage=stage)
        assert found == {"_T": 509, "CONVICTED": 110, "_U": 399}


def test_persons_by_the_body_in_which_they_served(counts):
    found = counts("prosecuted", RU, "accused_body", charge_stage="REGISTERED")
    assert found == {
        "_T": 509,
        "RU_MVD": 384,
        "RU_FSKN": 95,
        "RU_FSIN": 27,
        "RU_FSB": 2,
        "_U": 1,
    }


def test_several_articles_are_several_rows_and_one_person(counts):
    found = counts("prosecuted", RU, "charge", charge_stage="REGISTERED")
    of_286 = [n for code, n in found.items() if code.startswith("RU-286")]
    assert sum(of_286) == 113  # 112 persons, one of them under two parts
    assert sum(n for code, n in found.items() if code != "_T") > found["_T"] == 509


def test_persons_by_their_main_penalty(counts):
    assert counts("penalties", RU, "penalty") == {
        "_T": 117,
        "PRISON": 105,
        "FINE": 5,
        "AMNESTY": 5,
        "DISMISS": 1,
        "_U": 1,
    }


def test_persons_by_the_band_of_their_term(counts):
    assert counts("penalties", RU, "term_band") == {
        "_T": 117,
        "LT2": 5,
        "Y2_3": 12,
        "Y3_5": 27,
        "Y5_8": 19,
        "Y8PLUS": 29,
        "_U": 13,
        "_Z": 12,
    }


def test_cases_that_went_to_court_and_checks(counts):
    cases = counts("investigated", RU, "outcome", stage="ST05")
    assert (cases["_T"], cases["SENT_TO_COURT"]) == (509, 151)
    assert counts("investigated", RU, "outcome", stage="ST03") == {"_T": 11, "_U": "x"}


def test_disciplinary_cases_by_their_disposition(counts):
    assert counts("investigated", US, "outcome", stage="ST03") == {
        "_T": 1016,
        "US_NY_S": 853,
        "US_NY_R": 68,
        "US_NY_A": 46,
        "US_NY_C": 2,
        "_U": 47,
    }


def test_a_disciplinary_case_is_no_prosecution_and_no_criminal_penalty(ask):
    for table in ("prosecuted", "penalties", "drift"):
        found = ask(f"SELECT count(*) AS n FROM out.{table} WHERE source_id = ?", US)
        assert found["n"].item() == 0
    kept = ask("SELECT count(*) AS n FROM core.sentences WHERE source_id = ?", US)
    assert kept["n"].item() == 1016


@pytest.mark.parametrize(
    ("table", "source", "by", "fixed"),
    [
        ("penalties", RU, "final", {}),
        ("prosecuted", RU, "charge", {"charge_stage": "INDICTED"}),
        ("prosecuted", RU, "charge", {"charge_stage": "VERDICT"}),
        ("investigated", RU, "facility_type", {"stage": "ST05"}),
        ("complaints", US, "deprived_of_liberty", {}),
        ("complaints", US, "place_of_custody", {}),
        ("complaints", US, "place_of_act", {}),
    ],
)
def test_what_a_source_never_supplied_is_marked(counts, table, source, by, fixed):
    found = counts(table, source, by, **fixed)
    assert found.pop("_T") > 0
    assert found == {"_U": "x"}


def test_no_row_is_of_two_countries(ask):
    tables = ask("SELECT DISTINCT table_name AS t FROM meta.provenance")["t"]
    assert len(tables) > 5
    pairs = {
        pair
        for table in tables
        for pair in ask(
            f"SELECT DISTINCT source_id, ref_area FROM out.{table}"
        ).itertuples(index=False, name=None)
        if pair[0] in (RU, US)
    }
    assert pairs == {(RU, "RU"), (US, "US")}


def test_no_law_of_another_country_judges_a_case(ask):
    judged = ask("SELECT * FROM out.competent_body WHERE source_id = ?", RU)
    told = judged[judged["obs_value"].notna()]
    assert set(told["competence"]) <= {"_T", "_U"}
    barred = ask("SELECT * FROM out.suspended_sentences WHERE source_id = ?", RU)
    told = barred[barred["obs_value"].notna()]
    assert set(told["legality"]) <= {"_T", "_U", "NOT_BARRED"}
    assert len(told) > 0


def test_the_country_that_was_asked_is_not_answered_by_others(ask):
    answered = ask("SELECT * FROM out.answer_8c WHERE obs_value IS NOT NULL")
    assert answered.empty
    there = ask("SELECT * FROM out.coverage WHERE obs_value IS NOT NULL")
    assert there.empty


def test_a_count_leads_to_its_rows(ask):
    cell = ask(
        "SELECT cell_id, obs_value FROM out.penalties WHERE source_id = ? AND "
        "penalty = 'FINE' AND time_period = '_T' AND charge = '_T' AND suspended = "
        "'_T' AND term_band = '_T' AND final = '_T' AND accused_body = '_T'",
        RU,
    )
    rows = ask(
        "SELECT DISTINCT record_id FROM meta.provenance WHERE table_name = 'penalties' "
        "AND cell_id = ?",
        cell["cell_id"].item(),
    )
    assert len(rows) == cell["obs_value"].item() == 5


def test_nothing_of_a_restricted_source_is_published(workspace):
    with reading(workspace.public_database) as read:
        tables = read(
            "SELECT table_schema, table_name FROM information_schema.columns "
            "WHERE column_name = 'source_id' AND table_schema IN ('out', 'meta')",
            (),
        )
        counted = [
            read(
                f"SELECT count(*) AS n FROM {schema}.{name} WHERE source_id IN (?, ?)",
                (RU, US),
            )["n"].item()
            for schema, name in tables.itertuples(index=False, name=None)
            if schema == "out" or name == "provenance"
        ]
    assert sum(counted) == 0

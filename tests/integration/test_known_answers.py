"""What the sources that ship are known to say, as the published tables show it.

Registers here; published figures and the traces of numbers stand in
`test_known_figures.py` and `test_every_number_traces.py`.
"""

from collections.abc import Callable

import pandas as pd
import pytest

Ask = Callable[..., pd.DataFrame]
Number = Callable[..., float]


@pytest.fixture(scope="module")
def number(ask: Ask) -> Number:
    """Return a function that gives one cell; a dimension not named is its total."""
    columns = ask(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'out'"
    )
    known = set(ask("SELECT DISTINCT code FROM meta.codelist")["code"])
    trailing = {"cell_id", "ref_area", "freq", "unit_measure", "obs_value", "mark",
                "obs_status", "conf_status", "source_id", "synthetic"}  # fmt: skip

    def one(table: str, **wanted: str) -> float:
        names = columns.loc[columns["table_name"] == table, "column_name"]
        codes = {name: wanted.get(name, "_T") for name in names if name not in trailing}
        assert set(wanted) <= set(codes)
        # A misspelt code would count nothing, and a zero would prove nothing.
        assert {c for n, c in wanted.items() if n != "time_period"} <= known
        where = " AND ".join(f"{name} = ?" for name in codes)
        found = ask(f"SELECT obs_value FROM out.{table} WHERE {where}", *codes.values())
        assert len(found) <= 1
        return float(found["obs_value"].sum())

    return one


def test_five_complaints_three_against_police_two_against_the_prison_service(
    number: Number,
) -> None:
    assert number("complaints") == 5
    assert number("complaints", accused_body="POLICE") == 3
    assert number("complaints", accused_body="KUIS") == 2


def test_the_place_of_custody_is_told_apart_from_the_place_of_the_act(
    number: Number,
) -> None:
    held_elsewhere = {"place_of_custody": "SPECRECV", "place_of_act": "POLSTN"}
    assert number("complaints", **held_elsewhere) == 1
    assert (
        number("complaints", place_of_custody="SPECRECV", place_of_act="SPECRECV") == 0
    )
    assert number("complaints", place_of_act="POLSTN") == 2
    assert number("complaints", place_of_custody="POLSTN") == 0


def test_the_steps_of_uralsk(ask: Ask) -> None:
    steps = ask(
        "SELECT step, step_on, step_on_precision AS known_to, body, charge, ground "
        "FROM core.investigations WHERE case_no = ("
        "SELECT case_no FROM core.investigations WHERE step_on = '2011-09-14') "
        "AND step <> 'FORENSIC_EXAM' ORDER BY step_no::INTEGER"
    )
    assert list(steps["step"]) == ["OPENED", "TRANSFERRED", "TERMINATED"]
    days = ["2011-09-14", "2011-09-23", "2011-12-30"]
    assert list(steps["step_on"].dt.strftime("%Y-%m-%d")) == days
    assert set(steps["known_to"]) == {"DAY"}
    assert list(steps["body"][:2]) == ["PROS", "FINPOL"]
    assert steps["charge"][0] == "CC97-141-1-2"
    assert steps["ground"][2] == "LACK_OF_EVIDENCE"


def test_uralsk_is_one_case_that_two_bodies_held(number: Number) -> None:
    uralsk = {"stage": "ST05", "time_period": "2011", "outcome": "TERMINATED"}
    assert number("investigated", **uralsk) == 1
    assert number("investigated", **uralsk, handling_body="PROS") == 1
    assert number("investigated", **uralsk, handling_body="FINPOL") == 1


def test_thirty_nine_persons_have_a_verdict(number: Number) -> None:
    verdict = {"charge_stage": "VERDICT"}
    assert number("prosecuted", **verdict) == 39
    assert number("prosecuted", **verdict, court_outcome="CONVICTED") == 27
    police = {"accused_body": "POLICE", "court_outcome": "CONVICTED"}
    assert number("prosecuted", **verdict, **police) == 27
    prison = {"accused_body": "KUIS", "court_outcome": "ACQUITTED"}
    assert number("prosecuted", **verdict, **prison) == 12


def test_those_acquitted_twice_are_counted_once_by_the_last_decision(
    ask: Ask, number: Number
) -> None:
    decided = ask("SELECT * FROM core.prosecutions WHERE court_outcome = 'ACQUITTED'")
    assert len(decided) == 24
    assert decided["accused_key"].nunique() == 12
    assert number("prosecuted", charge_stage="INDICTED", charge="CC14-146-3") == 12
    assert number("prosecuted", charge_stage="VERDICT", time_period="2025") == 12 + 5


def test_twenty_seven_are_sentenced(number: Number) -> None:
    assert number("penalties") == 27
    assert number("penalties", penalty="PRISON") == 23
    assert number("penalties", penalty="SUSP") == 3
    assert number("penalties", penalty="NONCUST") == 1
    assert number("penalties", suspended="YES") == 3


def test_those_imprisoned_by_verdict(ask: Ask) -> None:
    found = ask(
        "SELECT p.case_no, count(*) AS n FROM core.sentences s "
        "JOIN core.prosecutions p USING (source_id, prosecution_id) "
        "WHERE s.penalty = 'PRISON' AND s.main_or_additional = 'MAIN' GROUP BY ALL"
    )
    assert sorted(found["n"]) == sorted([2, 3, 3, 6, 6, 3])


def test_the_three_suspended_sentences(number: Number) -> None:
    suspended = {"penalty": "SUSP", "suspended": "YES"}
    assert number("penalties", **suspended, time_period="2015", charge="TORTURE") == 1
    assert number("penalties", **suspended, time_period="2025", charge="CC14-362") == 2


def test_mangistau_drifts_from_torture_alleged_to_exceeding_powers(
    number: Number,
) -> None:
    drift = {"charge_registered": "TORTURE", "charge_verdict": "CC14-362"}
    assert number("drift", **drift, time_period="2025") == 5
    assert number("drift", **drift) == 5
    assert number("drift", charge_registered="TORTURE", charge_verdict="TORTURE") == 0


def test_the_verdict_without_a_known_year_stays_without_one(
    ask: Ask, number: Number
) -> None:
    assert number("penalties", time_period="_U") == 6
    assert number("prosecuted", charge_stage="VERDICT", time_period="_U") == 6
    cases = ask(
        "SELECT DISTINCT case_no FROM core.prosecutions "
        "WHERE decided_on_precision = 'UNKNOWN'"
    )
    assert len(cases) == 1
    years = ["2015", "2023", "2024", "2025", "_U"]
    assert sum(number("penalties", time_period=year) for year in years) == 27


def test_the_public_database_says_the_same(built, number: Number) -> None:
    from pipeline.warehouse import reading

    with reading(built.public_database) as read:
        total = read(
            "SELECT obs_value FROM out.penalties WHERE time_period = '_T' "
            "AND charge = '_T' AND accused_body = '_T' AND penalty = '_T' "
            "AND term_band = '_T' AND suspended = '_T' AND final = '_T'",
            [],
        )
    assert list(total["obs_value"]) == [number("penalties")]

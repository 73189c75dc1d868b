"""What the published figures are known to say, how they contradict, what is missing."""

from collections.abc import Callable

import pandas as pd
import pytest

Ask = Callable[..., pd.DataFrame]
SERIES = (
    "SELECT time_period, obs_value, mark FROM out.reported_figures WHERE freq = 'A' "
    "AND indicator = ? AND stated_by = ? AND time_period BETWEEN ? AND ? ORDER BY 1"
)
FOUR = ["8C1", "8C2", "8C3", "8C4"]
YEARS = [str(year) for year in range(2009, 2026)]


@pytest.fixture(scope="module")
def identities(ask: Ask) -> pd.DataFrame:
    """Return the identities tried, by their statement."""
    return ask("SELECT * FROM out.reconciliation").set_index("statement", drop=False)


@pytest.fixture(scope="module")
def conflicts(ask: Ask) -> pd.DataFrame:
    """Return the conflicts between published statements."""
    return ask("SELECT * FROM out.conflicts")


def naming(conflicts: pd.DataFrame, *figures: str) -> pd.DataFrame:
    """Return the conflicts that name all of some figures."""
    sets = conflicts["figure_ids"].str.split(";").map(set)
    return conflicts[sets.map(lambda named: set(figures) <= named)]


def test_2014_visits_reports_and_cases_keep_their_three_units(ask: Ask) -> None:
    found = ask(
        "SELECT indicator, unit_measure, obs_value FROM out.npm_visits "
        "WHERE time_period = '2014' ORDER BY indicator"
    )
    assert {tuple(row) for row in found.to_numpy()} == {
        ("NPM_SPECIAL_VISIT", "VISIT", 14.0),
        ("COMPLAINT_RECEIVED", "COMPLAINT", 12.0),
        ("REGISTERED_CASE", "CASE", 4.0),
        ("SUSPENDED", "CASE", 3.0),
    }


def test_2014_suspended_keeps_its_word_and_has_its_ground(
    ask: Ask, conflicts: pd.DataFrame
) -> None:
    row = ask(
        "SELECT * FROM out.reported_figures WHERE indicator = 'SUSPENDED' "
        "AND time_period = '2014'"
    ).iloc[0]
    assert "SUSPEND" in str(row["indicator_source"]).upper()
    assert row["ground"] == "NO_EVENT_OR_ELEMENTS"
    assert "OUTCOME_GROUND" in set(naming(conflicts, row["figure_id"])["kind"])


@pytest.mark.parametrize(
    ("indicator", "values"),
    [("COMPLAINT_RECEIVED", [14, 36, 52, 602]), ("REGISTERED_CASE", [3, 10, 15, 18])],
)
def test_2009_to_2012_with_a_break_at_2012(
    ask: Ask, indicator: str, values: list[int]
) -> None:
    found = ask(SERIES, indicator, "OFFICIAL_VIA_ODF", "2009", "2012")
    assert list(found["obs_value"]) == values
    assert list(found["mark"]) == ["", "", "", "b"]


def test_2019_to_2024_with_a_break_at_2023(ask: Ask) -> None:
    found = ask(SERIES, "REGISTERED_CASE", "OMBUDSMAN", "2019", "2024")
    assert list(found["obs_value"]) == [850, 766, 685, 920, 462, 193]
    assert list(found["mark"]) == ["", "", "", "", "b", ""]


def test_the_three_units_of_one_series_are_a_conflict(conflicts: pd.DataFrame) -> None:
    units = conflicts[conflicts["kind"] == "UNIT_CONFLICT"]["statement"]
    three = units[units.str.contains("жалоб") & units.str.contains("дел")]
    assert three.str.contains("фактов").any()


def test_no_change_in_percent_is_offered_anywhere(ask: Ask, conflicts) -> None:
    columns = ask(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'out'"
    )
    changes = columns["column_name"].str.contains("change|growth|percent|pct|rate$")
    assert columns[changes].empty
    broken = conflicts[conflicts["kind"].isin(["SERIES_BREAK", "UNIT_CONFLICT"])]
    assert len(broken) >= 4
    assert broken["ratio"].isna().all()
    across = broken[broken["statement"].str.contains("BR2023_146")]
    assert not across["statement"].str.contains("%").any()


def test_2020_sixty_three_against_seven_hundred_and_sixty_six(conflicts) -> None:
    found = conflicts[
        (conflicts["time_period"] == "2020") & (conflicts["kind"] == "SAME_QUANTITY")
    ]
    assert {found["first_value"].iloc[0], found["second_value"].iloc[0]} == {63, 766}
    assert found["likely_cause"].iloc[0]


def test_january_2022_is_one_running_total_never_summed(ask: Ask, conflicts) -> None:
    told = ask(
        "SELECT obs_value, period_type FROM out.reported_figures "
        "WHERE matter = 'JAN2022' "
        "AND indicator = 'COMPLAINT_RECEIVED' AND stated_by = 'GPO' "
        "ORDER BY time_period"
    )
    assert list(told["obs_value"]) == [91, 148, 301]
    assert set(told["period_type"]) == {"CUMULATIVE_EVENT"}
    running = conflicts[conflicts["kind"] == "RUNNING_TOTAL"]["statement"]
    assert running.str.contains("91").any()
    assert running.str.contains("301").any()
    for table in ("answer_8c", "reported_figures", "npm_visits"):
        sums = ask(
            f"SELECT 1 FROM out.{table} WHERE obs_value IN (239, 392, 449, 540)"
            "AND unit_measure = 'COMPLAINT'"
        )
        assert sums.empty, table


@pytest.mark.parametrize(
    ("whole", "parts", "residual", "holds"),
    [(366, 366, 0, "YES"), (32270, 27838, 4432, "NO"), (243, 243, 0, "YES"),
     (91, 91, 0, "YES")],
)  # fmt: skip
def test_identities_hold_or_fail_by_how_much(
    identities: pd.DataFrame, whole: float, parts: float, residual: float, holds: str
) -> None:
    found = identities[identities["whole"] == whole]
    assert len(found) >= 1
    assert set(found["parts"]) == {parts}
    assert set(found["obs_value"]) == {residual}
    assert set(found["holds"]) == {holds}


def test_ninety_one_holds_in_arithmetic_and_warns_of_its_units(identities) -> None:
    assert set(identities[identities["whole"] == 91]["units_mixed"]) == {"YES"}
    others = identities[identities["whole"].isin([366, 243, 32270])]
    assert set(others["units_mixed"]) == {"NO"}


def test_two_splits_agree_in_the_total_and_disagree_in_the_parts(
    identities: pd.DataFrame, conflicts: pd.DataFrame
) -> None:
    split = conflicts[conflicts["kind"] == "SPLIT_DISAGREES"]
    assert split["statement"].str.contains("8 \\+ 1").any()
    assert set(identities[identities["whole"] == 9]["holds"]) == {"YES"}


def test_eighteen_of_thirteen_is_impossible(conflicts: pd.DataFrame) -> None:
    found = conflicts[conflicts["kind"] == "SUBSET_ABOVE_SET"]
    assert (18, 13) in set(
        map(
            tuple,
            [
                sorted(p, reverse=True)
                for p in found[["first_value", "second_value"]].to_numpy()
            ],
        )
    )


def test_every_question_has_a_row_for_every_year(ask: Ask) -> None:
    rows = ask(
        "SELECT question, year, scope, basis, mark, obs_value FROM out.answer_8c"
    )
    present = set(zip(rows["question"], rows["year"], strict=True))
    assert {(q, y) for q in FOUR for y in YEARS} <= present
    answers = rows[(rows["scope"] == "ASKED") & (rows["basis"] == "FIGURE")]
    answered = set(zip(answers["question"], answers["year"], strict=True))
    empty = rows[rows["mark"] == "x"]
    unanswered = set(zip(empty["question"], empty["year"], strict=True))
    assert answered | unanswered >= {(q, y) for q in FOUR for y in YEARS}
    assert not answered & unanswered
    assert empty["obs_value"].isna().all()
    assert rows.loc[rows["mark"] != "x", "obs_value"].notna().all()


def test_a_preferred_statement_has_its_reason_and_a_rival(ask: Ask) -> None:
    rows = ask("SELECT * FROM out.answer_8c WHERE preferred = 'YES'")
    assert (rows["reason"] != "").all()
    assert set(rows["basis"]) == {"FIGURE"}


MIXED = """
SELECT p.cell_id FROM meta.provenance p JOIN meta.record r USING (record_id)
WHERE p.table_name = ? GROUP BY p.cell_id
HAVING count(DISTINCT r.record IN ('figures', 'claims', 'documents')) > 1
"""


@pytest.mark.parametrize("table", ["answer_8c", "coverage", "quarantine"])
def test_no_row_mixes_figures_and_registers(ask: Ask, table: str) -> None:
    assert ask(MIXED, table).empty
    kinds = ask(
        "SELECT DISTINCT r.record IN ('figures', 'claims', 'documents') AS figures "
        "FROM meta.provenance p JOIN meta.record r USING (record_id) "
        "WHERE p.table_name = ?",
        table,
    )
    assert len(kinds) == 2


@pytest.mark.parametrize("table", ["reported_figures", "npm_visits", "conflicts",
                                   "reconciliation"])  # fmt: skip
def test_tables_of_figures_rest_on_no_register(ask: Ask, table: str) -> None:
    found = ask(
        "SELECT DISTINCT r.record FROM meta.provenance p JOIN meta.record r "
        "USING (record_id) WHERE p.table_name = ?",
        table,
    )
    assert "figures" in set(found["record"])
    assert set(found["record"]) <= {"figures", "claims"}


def test_no_published_figure_answers_8c_as_the_committee_asked(ask: Ask) -> None:
    empty = ask(
        "SELECT question, count(*) AS years FROM out.answer_8c WHERE mark = 'x' "
        "AND scope = 'ASKED' GROUP BY question ORDER BY question"
    )
    assert dict(zip(empty["question"], empty["years"], strict=True)) == {
        "8C1": 17, "8C2": 17, "8C3": 17, "8C4": 17,
    }  # fmt: skip
    beside = ask(
        "SELECT obs_value FROM out.answer_8c WHERE scope = 'BESIDE' AND question = "
        "'8C1' AND time_period = '2014' AND stated_by = 'NPM'"
    )
    assert list(beside["obs_value"]) == [12]

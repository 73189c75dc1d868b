"""Traps that the sources that ship hold, as their published tables show them.

In here: single known figures. Not in here: contradictions between figures
(`test_contradictions.py`), series and answers (`test_known_figures.py`).
"""

from collections.abc import Callable

import pandas as pd

Ask = Callable[..., pd.DataFrame]


def test_the_ends_of_a_range_stand_side_by_side_and_no_middle_anywhere(
    ask: Ask,
) -> None:
    ends = ask(
        "SELECT qualifier, obs_value FROM out.reported_figures "
        "WHERE qualifier LIKE 'RANGE%'"
    )
    assert dict(zip(ends["qualifier"], ends["obs_value"], strict=True)) == {
        "RANGE_LOW": 350, "RANGE_HIGH": 400,
    }  # fmt: skip
    for table in ("reported_figures", "answer_8c"):
        assert ask(f"SELECT 1 FROM out.{table} WHERE obs_value = 375").empty


def test_cases_with_women_and_minors_are_counted_in_cases(ask: Ask) -> None:
    told = ask(
        "SELECT DISTINCT unit_measure, victim_group, obs_value "
        "FROM out.reported_figures WHERE victim_group <> '_T' ORDER BY victim_group"
    )
    assert told.to_numpy().tolist() == [["CASE", "MINOR", 1], ["CASE", "WOMAN", 4]]


def test_figures_of_no_known_year_are_shown_and_answer_nothing(ask: Ask) -> None:
    lost = ask("SELECT figure_id FROM out.reported_figures WHERE time_period = '_U'")
    assert set(lost["figure_id"]) == {"KAZ-031", "KAZ-032", "KAZ-130"}
    named = ask("SELECT DISTINCT figure_id FROM out.answer_8c")["figure_id"]
    assert not set(lost["figure_id"]) & set(named)
    assert ask("SELECT 1 FROM out.answer_8c WHERE year = '_U' AND basis = 'FIGURE'"
               ).empty  # fmt: skip


def test_so_many_a_year_is_no_answer(ask: Ask) -> None:
    rates = ask(
        "SELECT figure_id, scope FROM out.answer_8c WHERE period_type = 'ANNUAL_RATE'"
    )
    assert {"KAZ-019", "KAZ-049"} <= set(rates["figure_id"])
    assert set(rates["scope"]) == {"BESIDE"}


def test_held_accountable_keeps_its_words_and_answers_nothing(ask: Ask) -> None:
    told = ask("SELECT definition FROM out.reported_figures WHERE figure_id='KAZ-124'")
    assert list(told["definition"]) == ["HELD_ACCOUNTABLE"]
    assert ask("SELECT 1 FROM out.answer_8c WHERE figure_id = 'KAZ-124'").empty

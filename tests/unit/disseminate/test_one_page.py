"""8(c) on one page: what a cell shows of a statement, and what nobody answers."""

import pytest
from small_tables import out_table, source

from pipeline.analyse.disclosure import protect
from pipeline.declarations.tables import read_tables
from pipeline.disseminate.one_page import one_page
from pipeline.disseminate.wording import Words
from pipeline.workspace import REPOSITORY, Workspace

NOBODY = {"question": "8C4", "scope": "ASKED", "basis": "NOTHING", "year": "2014",
          "time_period": "2014", "mark": "x", "indicator": "SENTENCE",
          "obs_value": float("nan"), "stated_by": "_Z",
          "unit_measure": "_Z"}  # fmt: skip


def stated(value: float, **changes: object) -> dict[str, object]:
    """Return one published figure that stands beside the first question."""
    base = {"question": "8C1", "scope": "BESIDE", "basis": "FIGURE", "year": "2014",
            "time_period": "2014", "indicator": "COMPLAINT_RECEIVED",
            "stated_by": "NGO_COAL", "unit_measure": "COMPLAINT",
            "breakdown": "channel=NGO", "qualifier": "EXACT"}  # fmt: skip
    return base | {"obs_value": value} | changes


@pytest.fixture
def page(lists):
    """Return what builds the page from rows, as a list of lines by column."""
    declared = read_tables(Workspace(REPOSITORY))["answer_8c"]

    def build(*rows: dict[str, object]) -> list[dict[str, object]]:
        table = protect(out_table(declared, list(rows), source()), {
            "open_cases": source()})  # fmt: skip
        content = one_page(table, Words(lists))
        return [dict(zip(content.header, row, strict=True)) for row in content.rows]

    return build


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, 600),
        ({"mark": "b"}, "600 [b]"),
        ({"qualifier": "UP_TO"}, "≤600"),
        ({"qualifier": "ABOUT"}, "~600"),
        ({"time_period": "2014-01-01/2014-05-31"}, "600 (to 05-31)"),
        ({"time_period": "2014-S1"}, "600 (S1)"),
    ],
)
def test_a_number_shows_what_limits_it(page, changes, shown) -> None:
    (line,) = page(stated(600, **changes))
    assert line["2014"] == shown
    assert line["What it is"] == "Stands beside"
    assert "Non-governmental organisation" in line["What is counted"]


def test_two_statements_of_one_thing_stand_side_by_side(page) -> None:
    (line,) = page(stated(350), stated(400))
    assert line["2014"] == "350; 400"


def test_a_count_of_a_whole_register_is_no_minimum(page) -> None:
    counted = {"scope": "ASKED", "indicator": "COMPLAINTS", "stated_by": "_Z",
               "breakdown": "place_of_custody=CAMP"}  # fmt: skip
    whole = stated(7, basis="REGISTER", source_id="office", **counted)
    part = stated(
        3, basis="MINIMUM", source_id="cases", qualifier="AT_LEAST", **counted
    )
    lines = [(line["What it is"], line["Who says so"], line["2014"])
             for line in page(whole, part)]  # fmt: skip
    assert lines == [
        ("Count of a whole register", "office", 7),
        ("A minimum: part of all", "cases", 3),
    ]


def test_a_question_that_nobody_answers_is_a_line_of_marks(page) -> None:
    lines = page(NOBODY, stated(14, year="2009", time_period="2009"))
    assert lines[-1]["Question"] == "4 Penalties"
    assert lines[-1]["What it is"] == "Nobody answers as asked"
    assert lines[-1]["2014"] == "[x]"
    assert lines[0]["2009"] == 14

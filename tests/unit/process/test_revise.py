"""What changed between two vintages: matching records, and what they mean."""

import pytest

from pipeline.declarations.codelists import read_codelists
from pipeline.process.classify import Coding
from pipeline.process.revise import Vintage, revisions
from pipeline.workspace import REPOSITORY, Workspace
from schemas.records import RECORDS

LISTS = read_codelists(Workspace(REPOSITORY))
COMPLAINT = {
    "complaint_id": "K1",
    "received_on": "2025-01-10",
    "channel": "ombudsman",
    "deprived_of_liberty": "yes",
    "accused_body": "police",
    "document": "D1",
}
FIGURE = {
    "figure_id": "form.xlsx!1!C5",
    "indicator": "REGISTERED_CASE",
    "ref_area": "KZ",
    "period_start": "2025-01-01",
    "period_end": "2025-01-31",
    "period_type": "CUMULATIVE_YTD",
    "value": "7",
    "unit": "CASE",
}


@pytest.fixture
def compared(raw, sources):
    """Return a function that compares rows of text, as kind, key, field and values."""

    def compare(name, before, after, *, is_form=False):
        frames = [raw(name, rows) for rows in (before, after)]
        if is_form:
            frames = [frame.assign(columns="") for frame in frames]
        found = revisions(
            Vintage("2025-01-01", frames[0]),
            Vintage("2025-02-01", frames[1]),
            RECORDS[name],
            Coding(sources["open"], LISTS),
        )
        columns = ["kind", "record_key", "field", "earlier_value", "later_value"]
        return [*found[columns].itertuples(index=False, name=None)]

    return compare


def test_nothing_changed_is_nothing_told(compared):
    assert compared("complaints", [COMPLAINT], [COMPLAINT]) == []


@pytest.mark.parametrize(
    ("field", "text", "earlier", "later"),
    [
        ("accused_body", "KUIS", "POLICE", "KUIS"),
        ("received_on", "2025-01", "2025-01-10", "2025-01"),
        ("received_on", "soon", "2025-01-10", "(not readable)"),
        ("accused_body", "Polise", "POLICE", "(not readable)"),
        ("persons_count", "12", "", "12"),
        ("document", "D2", "(not shown)", "(not shown)"),
    ],
)
def test_a_change_is_told_as_codes_dates_and_numbers(
    compared, field, text, earlier, later
):
    found = compared("complaints", [COMPLAINT], [{**COMPLAINT, field: text}])
    assert found == [("CHANGED", "K1", field, earlier, later)]


@pytest.mark.parametrize(
    ("field", "text"), [("accused_body", "POLICE"), ("received_on", "10.01.2025")]
)
def test_another_spelling_of_the_same_is_no_change(compared, field, text):
    assert compared("complaints", [COMPLAINT], [{**COMPLAINT, field: text}]) == []


def test_a_form_of_the_next_month_adds_figures_and_changes_none(compared):
    later = {**FIGURE, "period_end": "2025-02-28", "value": "12"}
    kinds = [row[0] for row in compared("figures", [FIGURE], [later], is_form=True)]
    assert sorted(kinds) == ["ADDED", "REMOVED"]


def test_a_row_more_in_a_form_renames_no_figure_below_it(compared):
    moved = {**FIGURE, "figure_id": "form.xlsx!1!C6"}
    new = {**FIGURE, "charge": "CC14-146"}
    found = compared("figures", [FIGURE], [new, moved], is_form=True)
    assert [row[0] for row in found] == ["ADDED"]


def test_a_revised_figure_of_a_form_is_a_change_of_its_value(compared):
    found = compared("figures", [FIGURE], [{**FIGURE, "value": "8"}], is_form=True)
    assert found == [("CHANGED", FIGURE["figure_id"], "value", "7", "8")]

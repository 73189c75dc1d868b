"""Faults that a fresh reader found: each would lose a cell or change its meaning."""

import pytest
from collected import lay, only, sheet_of

from pipeline.declarations.layouts import CrosstabSheet, FlatSheet
from pipeline.errors import LayoutError
from pipeline.model import Merge, Role

CROSS = {
    "sheet": "S", "record": "figures", "layout": "crosstab", "stub": "R",
    "rows_like": {".*": {"region": "{label}"}}, "columns": {"m": {}, "f": {}},
}  # fmt: skip
FLAT = {"sheet": "S", "record": "complaints", "layout": "flat"}


def cross(**more: object) -> CrosstabSheet:
    """Return a crosstab of two columns."""
    return CrosstabSheet.model_validate(CROSS | more)


def flat(**more: object) -> FlatSheet:
    """Return a flat table."""
    return FlatSheet.model_validate(FLAT | more)


@pytest.mark.parametrize("rows", [[["A", "5", "2", "1"]], [["A", None, "*", "1"]]])
def test_a_sign_in_a_cell_of_its_own_never_changes_a_number(rows):
    layout = cross(footnotes={"2": "note", "*": "note"})
    with pytest.raises(LayoutError, match="S!C2: a filled cell outside"):
        lay(sheet_of([["R", "m", None, "f"], *rows]), layout)


def test_a_first_page_whose_header_has_a_slip_is_no_title():
    layout = flat(
        columns={"Region": "region", "Value": "persons_count"}, repeats_header=True
    )
    rows = [["Region", "Valuee"], ["A", "5"], ["Region", "Value"], ["C", "7"]]
    with pytest.raises(LayoutError, match="filled cells outside"):
        lay(sheet_of(rows), layout)


def test_a_value_merged_over_two_rows_of_a_crosstab_stops():
    rows = [["R", "m", "f"], ["A", "5", "1"], ["B", None, "2"]]
    with pytest.raises(LayoutError, match="merged cells inside the table"):
        lay(sheet_of(rows, Merge(1, 1, 2, 1)), cross())


def test_a_person_in_the_key_of_a_block_has_the_role_of_a_person():
    key = "Person: (?P<person_key>.*)"
    layout = flat(columns={"No": "complaint_id"}, blocks={"key": key})
    laid = lay(sheet_of([["No"], ["Person: X"], ["1"]]), layout)
    assert laid.roles[1, 0] == Role.PERSON


def test_a_rounded_text_is_not_taken_for_the_number():
    layout = flat(columns={"No": "complaint_id", "N": "persons_count"})
    rows = [["No", "N"], ["7", "5.7"]]
    shown = {(1, 0): "007", (1, 1): "06"}
    records = only(lay(sheet_of(rows, shown=shown), layout))
    assert records.loc[0, ["complaint_id", "persons_count"]].tolist() == ["007", "5.7"]


def test_a_key_without_details_has_the_constants_too():
    layout = flat(
        columns={"No": "document"},
        constants={"channel": "NGO"},
        blocks={"key": "(?P<complaint_id>Case .*)"},
    )
    laid = lay(sheet_of([["No"], ["Case 1"], ["1"], ["Case 2"]]), layout)
    assert only(laid)["channel"].tolist() == ["NGO", "NGO"]


def test_what_stands_beside_a_key_is_not_lost():
    layout = flat(
        columns={"No": "document", "N": "persons_count"},
        blocks={"key": "(?P<complaint_id>Case .*)"},
    )
    with pytest.raises(LayoutError, match="S!B2: a filled cell outside"):
        lay(sheet_of([["No", "N"], ["Case 1", "44"], ["1", "2"]]), layout)


def test_an_empty_entry_of_a_list_is_an_entry():
    layout = flat(
        columns={"Who": "person_key", "Sex": "sex"},
        one_record_each={"Who": ";", "Sex": ";"},
    )
    rows = [["Who", "Sex"], ["A;;C", "m;f"]]
    with pytest.raises(LayoutError, match="of different lengths"):
        lay(sheet_of(rows), layout)


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"Who": "person_key"}, "split": {"Who": ";"}},
        {"columns": {"Who": "person_key", "And": "person_key"}},
        {"columns": {"Who": "person_key"}, "one_record_each": {"Who": "(;|,)"}},
    ],
)
def test_two_persons_never_become_one(wrong):
    with pytest.raises(ValueError, match=r"person|groups"):
        flat(**wrong)


def test_a_label_ends_what_stood_to_the_right_of_it():
    stubs = [
        {"header": "R", "stands": "left-up", "field": "region"},
        {"header": "D", "stands": "left-up", "field": "breakdown"},
        {"header": "B", "field": "cause"},
    ]
    layout = CrosstabSheet.model_validate(
        {**CROSS, "stub": stubs, "rows_like": {}, "columns": {"m": {}}}
    )
    rows = [
        ["R", "D", "B", "m"],
        ["N", "d1", "b1", "1"],
        ["S", None, "b2", "2"],
        [None, None, "b3", "3"],
    ]
    records = only(lay(sheet_of(rows), layout))
    assert records["region"].tolist() == ["N", "S", "S"]
    assert records["breakdown"].isna().tolist() == [False, True, True]


def test_labels_that_differ_only_by_a_sign_are_the_same():
    rows = [["R", "m", "f"], ["A", "5", "1"], ["A*", "7", "2"]]
    with pytest.raises(LayoutError, match="stands twice"):
        lay(sheet_of(rows), cross(footnotes={"*": "note"}))

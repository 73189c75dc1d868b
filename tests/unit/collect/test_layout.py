"""Flat tables and crosstabs: every filled cell is in a record or declared non-data."""

from dataclasses import replace

import pytest
from collected import WHERE, lay, only, sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.layouts import CrosstabSheet, FlatSheet
from pipeline.errors import LayoutError
from pipeline.model import Merge

TEXT = st.text("abcxyzабв0123456789.,-* ", max_size=8)
FIELDS = ("complaint_id", "persons_count", "document", "region")
FLAT = FlatSheet(
    sheet="S",
    record="complaints",
    layout="flat",
    columns={f"H {name}": name for name in FIELDS},
    dropped={"H story": "free text"},
    notes=("Note:",),
)
HEADS = [*FLAT.columns, "H story"]
CROSS = CrosstabSheet(
    sheet="S",
    record="figures",
    layout="crosstab",
    stub="Offence",
    rows={"total": {"charge": "_T"}, "torture": {"charge": "TORTURE"}, "other": {}},
    columns={
        "Registered | all": {"gravity": "_T"},
        "Registered | grave": {},
        "Closed": {},
    },
    ignore_columns={"No.": "row number"},
    column_numbers=True,
    notes=("Note:",),
)


def crosstab(numbers: list[list[str]]) -> list[list[str | None]]:
    """Return the rows of the crosstab around some numbers."""
    return [
        ["Form 1", None, None, None, None],
        ["No.", "Offence", "Registered", None, "Closed"],
        [None, None, "all", "grave", None],
        ["А", "Б", "1", "2", "3"],
        *([str(at), label, *row] for at, (label, row) in
          enumerate(zip(CROSS.rows, numbers, strict=True), 1)),
        ["Note: laid out by hand", None, None, None, None],
    ]  # fmt: skip


HEADS_MERGED = (
    Merge(1, 0, 2, 0),
    Merge(1, 1, 2, 1),
    Merge(1, 2, 1, 3),
    Merge(1, 4, 2, 4),
)


def is_filled(text: str | None) -> bool:
    """Return whether a cell holds anything but blanks."""
    return bool(text and text.strip())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(TEXT, min_size=5, max_size=5), max_size=6),
    st.permutations(HEADS),
    st.integers(0, 3),
    st.integers(0, 2),
)
def test_a_flat_table_comes_back_unchanged_and_accounted_for(body, heads, above, left):
    padding: list[str | None] = [None] * left
    rows = [
        *([[None]] * above),
        [*padding, *heads],
        *([*padding, *row] for row in body),
    ]
    laid = lay(sheet_of([[*row] for row in rows]), FLAT)
    kept = [
        dict(zip(heads, row, strict=True)) for row in body if any(map(is_filled, row))
    ]
    for head, name in FLAT.columns.items():
        values = [(row[head] or "").strip() or None for row in kept]
        found = only(laid)[name].tolist() if len(only(laid)) else []
        assert [value if isinstance(value, str) else None for value in found] == values
    mapped = sum(is_filled(row[head]) for row in kept for head in FLAT.columns)
    assert only(laid)["cells"].sum() == mapped
    assert laid.cells_read == mapped + laid.cells_non_data
    assert laid.cells_read == 5 + sum(is_filled(text) for row in body for text in row)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=3, max_size=3))
def test_a_crosstab_comes_back_unchanged_and_accounted_for(numbers):
    laid = lay(sheet_of(crosstab(numbers), *HEADS_MERGED), CROSS)
    expected = [text.strip() for row in numbers for text in row if is_filled(text)]
    assert only(laid).get("value", only(laid)["cell"]).tolist() == expected
    assert laid.cells_read == len(only(laid)) + laid.cells_non_data
    assert only(laid)["cells"].sum() == len(expected)


def test_a_crosstab_says_the_cell_and_what_the_sheet_shows():
    numbers = [["32270", "1", "2"], ["3", "4", "5"], ["6", "7", ""]]
    sheet = sheet_of(crosstab(numbers), *HEADS_MERGED, shown={(4, 2): "32 270"})
    first = only(lay(sheet, CROSS)).iloc[0]
    assert (first["cell"], first["value"]) == ("C5", "32270")
    assert first["value_as_printed"] == "32 270"
    assert (first["charge"], first["gravity"]) == ("_T", "_T")


NUMBERS = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]


@pytest.mark.parametrize(
    ("at", "text", "told"),
    [
        ((4, 1), "totals", "rows declared but missing: 'total'. rows on the sheet"),
        ((5, 1), "total", "the row label 'total' stands twice, at B5 and B6"),
        ((2, 3), "all", "the header 'Registered | all' stands twice, at C3 and D3"),
        ((1, 1), "Offences", "the header of the row labels is not found"),
        ((3, 2), "17", "the row under the header does not hold the numbers"),
        ((5, 1), None, "rows declared but missing: 'torture'"),
    ],
)
def test_a_crosstab_that_is_not_as_declared_stops(at, text, told):
    rows = crosstab(NUMBERS)
    rows[at[0]][at[1]] = text
    with pytest.raises(LayoutError) as stopped:
        lay(sheet_of(rows, *HEADS_MERGED), CROSS)
    assert stopped.value.problems[0].what.startswith(told)


def test_the_first_row_is_not_taken_for_column_numbers():
    rows = crosstab(NUMBERS)
    del rows[3]
    with pytest.raises(LayoutError, match="does not hold the numbers of the columns"):
        lay(sheet_of(rows, *HEADS_MERGED), CROSS)


def test_filled_cells_under_no_header_stop_a_crosstab():
    rows = [[*row, None] for row in crosstab(NUMBERS)]
    rows[5][5] = "99"
    with pytest.raises(LayoutError, match="S!F6: a filled cell outside"):
        lay(sheet_of(rows, *HEADS_MERGED), CROSS)


def test_a_restricted_source_shows_no_text_of_the_sheet():
    rows = [[*HEADS, "Qxname"], ["1", "1", "d", "r", "s", "x"]]
    with pytest.raises(LayoutError, match="a text of 6 characters at F1") as stopped:
        lay(sheet_of(rows), FLAT, replace(WHERE, is_restricted=True))
    assert "Qxname" not in str(stopped.value)


def test_leading_zeros_that_only_the_sheet_shows_belong_to_an_identifier():
    rows = [[*HEADS], ["42", "1", "d", "r", "s"]]
    laid = lay(sheet_of(rows, shown={(1, 0): "00042"}), FLAT)
    assert only(laid).loc[0, "complaint_id"] == "00042"


def test_a_label_column_with_a_field_counts_down_merged_or_left_up_without_signs():
    rows = [
        ["Area", "Sex", "Deaths"],
        ["North*", "Male", "1"],
        [None, "Female", "2"],
        ["South", "Male", "3"],
    ]
    stub = [{"header": "Area", "field": "region"}, {"header": "Sex", "field": "sex"}]
    told = {"sheet": "S", "record": "figures", "layout": "crosstab", "stub": stub}
    told |= {"columns": {"Deaths": {}}, "footnotes": {"*": "b"}}
    left_up = told | {"stub": [stub[0] | {"stands": "left-up"}, stub[1]]}

    for declared, merged in ((told, (Merge(1, 0, 2, 0),)), (left_up, ())):
        layout = CrosstabSheet.model_validate(declared)
        records = only(lay(sheet_of(rows, *merged), layout))

        assert [*records["region"]] == ["North", "North", "South"]
        assert [*records["obs_mark"].fillna("")] == ["b", "b", ""]

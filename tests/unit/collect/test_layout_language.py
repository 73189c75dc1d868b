"""What the real files asked of the layout language, each on a sheet one can read."""

from dataclasses import replace

import pytest
from collected import WHERE, lay, only, sheet_of
from pydantic import TypeAdapter

from pipeline.declarations.base import read_yaml
from pipeline.declarations.layouts import SheetLayout
from pipeline.errors import LayoutError
from pipeline.model import Merge, Role

CROSS = """
sheet: S
record: figures
layout: crosstab
"""
FLAT = """
sheet: S
record: sentences
layout: flat
"""


@pytest.fixture
def layout(tmp_path):
    """Return a function that reads a layout from YAML, as a source has it."""

    def read(text):
        path = tmp_path / "layout.yml"
        path.write_text(text, encoding="utf-8")
        return TypeAdapter(SheetLayout).validate_python(read_yaml(path))

    return read


def values(records, *names):
    """Return the values of some fields, one list for each record."""
    return records[list(names)].astype("object").fillna("").to_numpy().tolist()


def test_a_table_like_the_one_before_says_only_what_differs(layout):
    declared = layout("""
sheet: S
tables:
  - &men {record: figures, layout: crosstab, area: {from: Men, to: Women},
          stub: Place, rows: {A: {}}, columns: {N: {}}, constants: &all {sex: M}}
  - {<<: *men, area: {from: Women}, constants: {<<: *all, sex: F, unit: CASE}}
""")
    rows = [["Men"], ["Place", "N"], ["A", "1"], ["Women"], ["Place", "N"], ["A", "2"]]
    laid = lay(sheet_of(rows), declared)
    assert [values(part.records, "sex", "value") for part in laid.parts] == [
        [["M", "1"]],
        [["F", "2"]],
    ]


def test_listed_labels_are_values_of_a_field_and_two_sided(layout):
    declared = layout(
        CROSS + "stub: Sex\nrows_of: {sex: [men, women]}\ncolumns: {N: {}}"
    )
    rows = [["Sex", "N"], ["men", "1"], ["women", "2"]]
    assert values(only(lay(sheet_of(rows), declared)), "sex", "value") == [
        ["men", "1"],
        ["women", "2"],
    ]
    with pytest.raises(LayoutError, match="'women'"):
        lay(sheet_of(rows[:2]), declared)


def test_all_from_a_row_on_may_be_notes(layout):
    declared = layout(
        CROSS + "notes_from: Notes\nstub: X\nrows: {a: {}}\ncolumns: {N: {}}"
    )
    rows = [["X", "N"], ["a", "1"], ["Notes"], ["one"], [None, "two"]]
    laid = lay(sheet_of(rows), declared)
    assert set(laid.roles[2:].ravel()) == {Role.EMPTY, Role.NOTE}
    assert len(only(laid)) == 1


def test_of_two_controls_the_first_that_fits_counts(layout):
    declared = layout(
        CROSS
        + """
stub: [{header: Region, field: region}, {header: Force, field: accused_body}]
columns: {N: {}}
controls:
  - {rows: {Force: Total country}, of: all}
  - {rows: {Force: Total *}, by: [Region]}
"""
    )
    rows = [
        ["Region", "Force", "N"],
        ["all", "Total country", "6"],
        ["north", "Total north", "3"],
        ["north", "a", "1"],
        ["north", "b", "2"],
        ["south", "c", "3"],
    ]
    laid = lay(sheet_of(rows), declared)
    assert laid.controls["computed"].tolist() == ["6", "3"]
    assert set(laid.controls["state"]) == {"HOLDS"}


def test_signs_in_cells_of_their_own_and_on_labels_mark_the_numbers(layout):
    declared = layout(
        CROSS
        + """
stub: Year
rows_like: {'\\d{4}': {}}
columns: {N: {}}
footnotes: {R: r, "*": b}
"""
    )
    rows = [["Year", "N"], ["2015", "1", "R"], ["2016*", "2"], ["2017*", "3", "R"]]
    records = only(lay(sheet_of(rows), declared))
    assert values(records, "value", "obs_mark") == [
        ["1", "r"],
        ["2", "b"],
        ["3", "b;r"],
    ]


def test_a_column_of_signs_is_not_taken_for_one_where_other_texts_stand(layout):
    declared = layout(
        CROSS + "stub: Y\nrows: {a: {}, b: {}}\ncolumns: {N: {}}\nfootnotes: {R: r}"
    )
    rows = [["Y", "N"], ["a", "1", "R"], ["b", "2", "Q"]]
    with pytest.raises(LayoutError, match="outside the declared table"):
        lay(sheet_of(rows), declared)


def test_parts_that_overlap_and_leave_some_out_are_told_with_the_reason(layout):
    declared = layout(
        CROSS
        + """
stub: X
rows: {a: {}, b: {}}
columns: {P: {}, Q: {}}
column_controls: {All: {additive: false, leaves_out: not reported}}
"""
    )
    rows = [["X", "P", "Q", "All"], ["a", "3", "3", "4"], ["b", "1", "1", "4"]]
    controls = lay(sheet_of(rows), declared).controls
    assert values(controls, "state", "because") == [
        ["OVERLAPS", ""],
        ["EXPLAINED", "not reported"],
    ]


def test_the_first_filled_column_may_be_the_field(layout):
    declared = layout(
        FLAT
        + """
columns: {No: sentence_id}
join: {verdict_on: {columns: [Day, Year], take: first}}
"""
    )
    rows = [["No", "Day", "Year"], ["1", "2014-05-01", "2014"], ["2", None, "2015"]]
    records = only(lay(sheet_of(rows), declared))
    assert records["verdict_on"].tolist() == ["2014-05-01", "2015"]


def test_a_further_record_where_a_column_says_so(layout):
    declared = layout(
        FLAT
        + """
columns: {No: sentence_id}
also:
  - {record: checks, when: {Did: check*}, columns: {No: check_id}}
"""
    )
    rows = [["No", "Did"], ["1", "checked"], ["2", "nothing"], ["3", None]]
    with pytest.raises(LayoutError, match="S!B3: a filled cell outside"):
        lay(sheet_of(rows), declared)  # a slip such as "cheked" would be lost
    dropped = declared.model_copy(update={"dropped": {"Did": "what else was done"}})
    laid = lay(sheet_of(rows), dropped)
    checks = next(part.records for part in laid.parts if part.record == "checks")
    assert checks["check_id"].tolist() == ["1"]


def test_what_a_further_record_leaves_of_a_column_is_dropped_only_where_declared(
    layout,
):
    text = (
        FLAT
        + """
columns: {No: sentence_id}
also: [{record: checks, when: Out, columns: {No: check_id, Court: complaint_id}}]
"""
    )
    rows = [["No", "Out", "Court"], ["1", "x", "C1"], ["2", None, "C2"]]
    with pytest.raises(LayoutError, match="outside the declared table"):
        lay(sheet_of(rows), layout(text))
    laid = lay(sheet_of(rows), layout(text + "dropped: {Court: of pending cases}"))
    assert laid.roles[1:, 2].tolist() == [Role.DIMENSION, Role.DROPPED]


IGNORING = (
    FLAT.replace("sentences", "prosecutions")
    + """
columns: {No: [prosecution_id, case_no], Charge: charge_registered}
ignore_rows:
  - {rows: {Charge: "", Measure: dismiss*}, because: no case was opened}
  - {rows: {Charge: "", Measure: check}, because: no more than a check}
also:
  - {record: investigations, columns: {No: case_no, Measure: step}}
  - {record: checks, when: {Measure: check}, columns: {No: check_id}}
"""
)


def test_rows_that_are_no_record_are_left_out_with_the_reason(layout):
    rows = [
        ["No", "Charge", "Measure"],
        ["1", "c", "dismissal"],  # a charge was named all the same
        ["2", None, "dismissed"],
        ["3", None, "check"],
        ["4", None, "other"],
    ]
    laid = lay(sheet_of(rows), layout(IGNORING))
    made = {part.record: part.records for part in laid.parts}
    assert made["prosecutions"]["prosecution_id"].tolist() == ["1", "4"]
    assert made["investigations"]["step"].tolist() == ["dismissal", "other"]
    assert made["checks"]["check_id"].tolist() == ["3"]
    assert laid.roles[2].tolist() == [Role.DROPPED, Role.EMPTY, Role.DROPPED]
    assert laid.roles[3].tolist() == [Role.DIMENSION, Role.EMPTY, Role.DIMENSION]
    # Each cell once: two fields of the key, the charge, the measure; the check's key.
    assert [part["cells"].tolist() for part in made.values()] == [[2, 1], [1, 1], [1]]


REMARKS = (
    FLAT
    + """
columns: {Day: verdict_on, Charge: charge, No: sentence_id}
fill_down: [Day, Charge]
ignore_rows:
  - {rows: {Charge: Note*}, because: a remark}
  - {rows: {No: none}, because: says that there was none}
"""
)


def test_an_ignored_row_takes_no_row_below_with_it(layout):
    rows = [
        ["Day", "Charge", "No"],
        ["2021", "a", "1"],
        [None, "Note: late", "x"],
        [None, None, "2"],  # still of charge a, and no remark
        ["2022", "Note: late", None],
        [None, None, "3"],  # of the new day, and so of no stated charge
    ]
    laid = lay(sheet_of(rows), layout(REMARKS))
    assert values(only(laid), "verdict_on", "charge", "sentence_id") == [
        ["2021", "a", "1"],
        ["2021", "a", "2"],
        ["2022", "", "3"],
    ]
    assert laid.roles[2].tolist() == [Role.EMPTY, Role.DROPPED, Role.DROPPED]


def test_what_an_ignored_row_begins_counts_for_the_rows_below(layout):
    rows = [
        ["Day", "Charge", "No"],
        ["2021", "a", "1"],
        ["2022", "b", "none"],
        [None, None, "2"],
    ]
    records = only(lay(sheet_of(rows), layout(REMARKS)))
    assert values(records, "verdict_on", "charge") == [["2021", "a"], ["2022", "b"]]


def test_rows_to_ignore_may_be_told_by_a_blank_of_a_column_filled_down(layout):
    text = REMARKS.replace("Charge: Note*", 'Charge: "", No: "*"')
    rows = [["Day", "Charge", "No"], ["1", "a", "1"], [None, None, "2"]]
    assert values(only(lay(sheet_of(rows), layout(text))), "sentence_id") == [["1"]]
    merged = only(lay(sheet_of(rows, Merge(1, 1, 2, 1)), layout(text)))
    assert values(merged, "charge", "sentence_id") == [["a", "1"], ["a", "2"]]


def test_a_further_record_of_an_ignored_row_is_filled_down(layout):
    text = REMARKS.replace("Note*", "check") + (
        "also: [{record: checks, when: {Charge: check},"
        " columns: {No: check_id, Day: started_on}}]"
    )
    rows = [["Day", "Charge", "No"], ["2021", "a", "1"], [None, "check", "2"]]
    laid = lay(sheet_of(rows), layout(text))
    checks = next(part.records for part in laid.parts if part.record == "checks")
    assert values(checks, "check_id", "started_on") == [["2", "2021"]]


@pytest.mark.parametrize(("total", "state"), [("15", "HOLDS"), ("19", "DIFFERS")])
def test_ignored_rows_are_no_parts_of_a_printed_total(layout, total, state):
    declared = layout("""
sheet: S
record: figures
layout: flat
columns: {Region: region, N: value}
ignore_rows: [{rows: {Region: of which*}, because: part of the row above}]
controls: [{rows: {Region: Total}, sums: [N]}]
""")
    rows = [["Region", "N"], ["A", "10"], ["of which women", "4"], ["B", "5"]]
    laid = lay(sheet_of([*rows, ["Total", total]]), declared)
    assert values(laid.controls, "computed", "state") == [["15", state]]


def test_constants_of_a_crosstab_may_name_its_place(layout):
    text = CROSS + "stub: X\nrows: {a: {}, b: {}}\ncolumns: {N: {}}\n"
    told = "constants: {document: '{file}!{sheet}!{row}'}"
    rows = [["X", "N"], ["a", "1"], ["b", "2"]]
    records = only(lay(sheet_of(rows), layout(text + told)))
    assert records["document"].tolist() == ["f.xlsx!S!2", "f.xlsx!S!3"]


def test_ignored_rows_want_a_reason_and_no_blocks(layout):
    with pytest.raises(ValueError, match="because"):
        layout(IGNORING.replace(", because: no case was opened", ""))
    with pytest.raises(ValueError, match="blocks"):
        layout(IGNORING + "blocks: {key: '(?P<case_no>x)'}\n")


NESTED = (
    FLAT
    + """
columns: {No: sentence_id, Day: verdict_on, Charge: charge}
fill_down: [Charge, Day]
"""
)


def test_a_new_text_ends_what_is_filled_down_to_the_right_of_it(layout):
    rows = [
        ["Day", "Charge", "No"],
        ["2021", "a", "1"],
        [None, None, "2"],
        ["2022", None, "3"],  # of no stated charge: not of the charge of 2021
        [None, "b", "4"],
        ["2022", None, "5"],  # printed again, and the same
    ]
    records = only(lay(sheet_of(rows), layout(NESTED)))
    days, charges = values(records, "verdict_on"), values(records, "charge")
    assert days == [["2021"], ["2021"], ["2022"], ["2022"], ["2022"]]
    assert charges == [["a"], ["a"], [""], ["b"], ["b"]]


def test_a_merged_cell_is_filled_down_over_a_new_text_at_its_left(layout):
    rows = [["Day", "Charge", "No"], ["2021", "a", "1"], ["2022", None, "2"]]
    records = only(lay(sheet_of(rows, Merge(1, 1, 2, 1)), layout(NESTED)))
    assert values(records, "charge") == [["a"], ["a"]]


def test_a_column_of_labels_past_the_sheet_is_told_with_its_declaration(layout):
    declared = layout(
        "sheet: S\nrecord: figures\nlayout: crosstab\nheader: [{row_of: Deaths}]\n"
        "stub: [{column: Z}]\nrows: {Male: {sex: M}}\ncolumns: {Deaths: {}}\n"
    )
    with pytest.raises(LayoutError, match=r"column Z .* past the sheet") as told:
        lay(sheet_of([["Sex", "Deaths"], ["Male", "2"]]), declared)
    assert "expected a column from A to B; check" in str(told.value)
    assert "schemas/sources/src.yml" in str(told.value)


def test_a_merged_cell_counts_for_its_rows_and_no_other(layout):
    text = FLAT + "columns: {No: sentence_id, Months: term_months}\n"
    rows = [["No", "Months"], ["1", "24"], ["2", None], ["3", None]]
    merged = sheet_of(rows, Merge(1, 1, 2, 1))
    with pytest.raises(LayoutError, match="merged cells"):
        lay(merged, layout(text))
    records = only(lay(merged, layout(text + "fill_merged: [Months]")))
    assert values(records, "term_months") == [["24"], ["24"], [""]]


def test_merged_cells_of_a_dropped_column_do_no_harm(layout):
    declared = layout(FLAT + "columns: {No: sentence_id}\ndropped: {Text: not needed}")
    rows = [["No", "Text"], ["1", "t"], ["2", None]]
    assert len(only(lay(sheet_of(rows, Merge(1, 1, 2, 1)), declared))) == 2


def test_blank_dates_are_unknown_where_the_source_says_so_of_blanks(layout):
    declared = layout(FLAT + "columns: {No: sentence_id, On: verdict_on}")
    rows = [["No", "On"], ["1", None], ["2", "2015"]]
    where = replace(WHERE, marks={"": "unknown"})
    records = only(lay(sheet_of(rows), declared, where))
    assert records["verdict_on"].tolist() == ["unknown", "2015"]

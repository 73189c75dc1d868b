"""Two editions compared: what changed, what only moved, and what is never told."""

from dataclasses import replace

import pytest
from collected import sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st
from looked_at import CROSS, FLAT, FORM, GOOD, HEADS, NAME, STORY, seen

from pipeline.inspect.compare import compare
from pipeline.inspect.compare_words import as_json, lines_of
from pipeline.inspect.difference import FileDifference, Texts
from pipeline.inspect.seen import SeenFile

NUMBER = st.sampled_from(["1", "2", "30", "4 000", "x", None])
WORD = st.sampled_from(["alpha", "beta", "beta", "gamma 1", "gamma 2", None])
GRID = st.lists(st.tuples(WORD, NUMBER, NUMBER).map(list), min_size=1, max_size=5)
HEAD = st.permutations(["Label", "First", "Second"]).map(list)


@pytest.fixture
def compared(lists):
    """Return a function that compares an old and a new edition."""
    return lambda old, new: compare(old, new, lists)


def told(found: FileDifference) -> str:
    """Return everything that is told of a comparison, to people and programs."""
    return "\n".join(lines_of(found)) + as_json(found)


def edited(row: int, column: int, text: str | None) -> list[list[str | None]]:
    """Return the form with one cell changed."""
    rows = [[*line] for line in FORM]
    rows[row][column] = text
    return rows


def test_a_revised_number_is_told_with_both_places_and_the_difference(compared):
    found = compared(seen(FORM, CROSS), seen(edited(3, 1, "9"), CROSS))
    [one] = found.sheets[0].revised
    assert (one.row, one.column, one.cells) == ("torture", "Registered", ("B4", "B4"))
    assert (one.old, one.new, str(one.difference)) == ("7", "9", "2")
    assert "B4  torture × Registered: 7 → 9 (+2)" in told(found)


def test_the_greatest_revision_comes_first(compared):
    new = edited(3, 1, "9")
    new[2][1] = "1 000"
    found = compared(seen(FORM, CROSS), seen(new, CROSS))
    assert [one.row for one in found.sheets[0].revised] == ["all", "torture"]


def test_moved_rows_and_columns_are_no_revision(compared):
    swapped = [[row[0], row[2], row[1]] for row in FORM]
    swapped[2], swapped[3] = swapped[3], swapped[2]
    found = compared(seen(FORM, CROSS), seen(swapped, CROSS))
    assert not found.has_changed
    assert not found.is_same
    assert next(lines_of(found)) == "f.xlsx: moved, no value changed."
    assert found.sheets[0].moved_columns == (
        ("Registered", "B", "C"),
        ("Closed", "C", "B"),
    )


def test_a_cell_that_was_emptied_or_filled_is_told(compared):
    gone = seen(edited(3, 2, None), CROSS)
    assert "emptied, was 3" in told(compared(seen(FORM, CROSS), gone))
    assert "filled: 3" in told(compared(gone, seen(FORM, CROSS)))


def test_records_are_known_by_their_key(compared):
    second = ["C-2", *GOOD[1:]]
    changed = [*second]
    changed[3] = "M"
    found = compared(seen([HEADS, GOOD, second]), seen([HEADS, changed, GOOD]))
    [one] = found.sheets[0].revised
    assert (one.row, one.column, one.old, one.new) == ("C-2", "Sex", "F", "M")
    assert found.sheets[0].words["sex"] == Texts((), ("'M' (M)",))


def test_an_identifier_is_never_another_reworded(compared):
    other = ["C-1a", *GOOD[1:]]
    found = compared(seen([HEADS, GOOD]), seen([HEADS, other]))
    assert found.sheets[0].rows == Texts(("C-1",), ("C-1a",))


def test_a_renamed_header_is_paired_and_its_cells_compared(compared):
    heads = [*HEADS]
    heads[6] = "People:"
    row = [*GOOD]
    row[6] = "4"
    found = compared(seen([HEADS, GOOD]), seen([heads, row]))
    [one] = found.sheets[0].revised
    assert found.sheets[0].headers.reworded == (("People", "People:"),)
    # Nothing says whether people are named below a header that is not declared.
    assert (one.old, one.new) == ("1", None)
    assert found.not_as_declared == ("f.xlsx, S",)


def test_years_are_never_renamed_into_each_other(compared):
    old = seen([["Label", "2019"], ["a", "1"]], None)
    new = seen([["Label", "2020"], ["a", "1"]], None)
    assert compared(old, new).sheets[0].headers.reworded == ()


def test_sheets_are_added_removed_and_renamed(compared):
    def renamed(file: SeenFile, name: str) -> SeenFile:
        [one] = file.sheets
        return replace(
            file, sheets=(replace(one, sheet=replace(one.sheet, name=name)),)
        )

    old = seen(FORM, CROSS)
    assert compared(old, renamed(old, "T")).sheets_renamed == (("S", "T"),)
    other = renamed(seen([["Quite", "else"], ["?", "!"]], None), "Zzz")
    found = compared(old, other)
    assert (found.sheets_removed, found.sheets_added) == (("S",), ("Zzz",))


def test_titles_notes_and_hidden_rows_are_told(compared):
    found = compared(seen(FORM, CROSS), seen(edited(0, 0, "Form 2"), CROSS))
    assert found.sheets[0].others == Texts(("A1 Form 1",), ("A1 Form 2",))
    hidden = replace(sheet_of(FORM), hidden_rows=(4,))
    found = compared(seen(FORM, CROSS), seen(hidden, CROSS))
    assert found.sheets[0].hidden == ("", "1 rows")


def test_of_persons_and_dropped_columns_only_the_change_is_told(compared):
    other = [*GOOD[:7], "Someone Else", "another text"]
    found = compared(seen([HEADS, GOOD]), seen([HEADS, other]))
    assert [(one.old, one.new) for one in found.sheets[0].revised] == [(None, None)] * 2
    for text in (NAME, STORY, "Someone", "another text"):
        assert text not in told(found)
    assert "× Person: changed" in told(found)


def test_of_a_restricted_source_only_numbers_and_codes_are_told(compared):
    row = ["C-9", "2015-01-01", "PROSECUTOR", "Male", "NO", "MOJ", "7", "N", "S"]
    changed = ["C-1", *row[1:]]
    old, new = (
        seen([HEADS, *rows], sensitivity="restricted")
        for rows in ([GOOD], [changed, row])
    )
    found = compared(old, new)
    by_column = {one.column: (one.old, one.new) for one in found.sheets[0].revised}
    assert by_column["Sex"] == ("F", "M")
    assert by_column["People"] == ("1", "7")
    assert by_column["Received"] == (None, None)
    assert found.sheets[0].rows.added == ("row 3",)
    for text in ("C-1", "C-9", "2015", NAME, STORY, "Male"):
        assert text not in told(found)


def test_of_files_without_a_source_only_places_are_told(compared):
    other = [*GOOD]
    other[1] = "2016-01-01"
    old, new = (seen([HEADS, row], is_owned=False) for row in (GOOD, other))
    found = compared(old, new)
    assert "row 2 × the header at B1: changed" in told(found)
    assert not any(str(text) in told(found) for text in GOOD if len(str(text)) > 3)


@settings(max_examples=40)
@given(head=HEAD, rows=GRID)
def test_an_edition_is_the_same_as_itself(lists, head, rows):
    for layout in (CROSS, FLAT, None):
        file = seen([head, *rows], layout)
        assert compare(file, file, lists).is_same


@settings(max_examples=60)
@given(heads=st.tuples(HEAD, HEAD), grids=st.tuples(GRID, GRID))
def test_a_comparison_seen_from_the_other_side_is_its_mirror(lists, heads, grids):
    one, other = (seen([h, *g], None) for h, g in zip(heads, grids, strict=True))
    there, back = compare(one, other, lists), compare(other, one, lists)
    assert there.has_changed == back.has_changed
    for a, b in zip(there.sheets, back.sheets, strict=True):
        for x, y in ((a.headers, b.headers), (a.rows, b.rows), (a.others, b.others)):
            assert sorted(x.removed) == sorted(y.added)
            assert sorted(x.added) == sorted(y.removed)
        assert {(r.cells, r.old, r.new, r.difference) for r in a.revised} == {
            (
                r.cells[::-1],
                r.new,
                r.old,
                None if r.difference is None else -r.difference,
            )
            for r in b.revised
        }


@settings(max_examples=60)
@given(rows=GRID, at=st.integers(0, 4), column=st.integers(1, 2))
def test_one_changed_cell_is_always_seen(lists, rows, at, column):
    changed = [[*row] for row in rows]
    changed[at % len(rows)][column] = "777"
    old, new = (seen([["Label", "First", "Second"], *g], None) for g in (rows, changed))
    assert compare(old, new, lists).has_changed


def test_a_text_of_a_cell_stays_on_its_line(compared):
    found = compared(seen(FORM, CROSS), seen(edited(0, 0, "a\nb\x1b[31mc"), CROSS))
    assert not any("\n" in line or "\x1b" in line for line in lines_of(found))

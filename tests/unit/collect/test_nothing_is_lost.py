"""A changed form never loses data: it is read whole, or it stops with the place."""

import numpy as np
from collected import WHERE, sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect.tables import lay_sheet
from pipeline.declarations.layouts import CrosstabSheet, FlatSheet, SheetOfTables
from pipeline.model import LaidSheet, Merge, Role

WORDS = ("Key", "Body", "Name", "Story", "Total", "Case 1", "Case 2", "End", "Note: x")
NUMBERS = ("1", "2", "17*", "1 234", "-", "…", "более 200", "", "  ")
CELLS = st.sampled_from((*WORDS, *NUMBERS, "A; B", "2014", "за 9 мес. 2019 г."))
GRID = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12)
MERGES = st.lists(
    st.tuples(*[st.integers(0, 6)] * 4).map(
        lambda at: Merge(min(at[0], at[2]), min(at[1], at[3]), max(at[0], at[2]),
                         max(at[1], at[3]))
    ),
    max_size=3,
)  # fmt: skip
FLAT = {"record": "complaints", "layout": "flat", "columns": {"Key": "complaint_id"}}
CROSS = {
    "record": "figures",
    "layout": "crosstab",
    "stub": "Key",
    "rows_like": {".*": {"region": "{label}"}},
    "columns_like": {".*": {"channel": "{label}"}},
}
FOUND = {"rows": {"Key": "Total*"}, "sums": ["Body"]}
MORE = {"record": "checks", "columns": {"Body": "checking_body"}, "when": "Body"}
LAYOUTS = [
    FLAT,
    FLAT | {"columns": {"Key": ["complaint_id", "document"], "Body": "accused_body"}},
    FLAT | {"columns": {"Key": "complaint_id", "Body": "persons_count"},
            "controls": [FOUND], "footnotes": {"*": "r"}, "notes": ["Note"]},
    FLAT | {"columns": {"Key": "complaint_id"}, "also": [MORE]},
    FLAT | {"join": {"event_from": {"columns": ["Body", "Name"], "with": "-"}},
            "dropped": {"Story": "free text"}, "fill_down": ["Key"]},
    FLAT | {"columns": {"Key": "complaint_id", "Body": "persons_count"},
            "fill_down": ["Key"], "controls": [FOUND],
            "also": [MORE | {"columns": {}}],
            "ignore_rows": [{"rows": {"Key": "Case*"}, "because": "a remark"},
                            {"rows": {"Body": "-"}, "because": "none"}]},
    FLAT | {"one_record_each": {"Key": ";"}, "split": {"Key": "[, ]"}},
    FLAT | {"columns": {"Body": "persons_count"}, "repeats_header": True,
            "blocks": {"key": "(?P<complaint_id>Case .*)", "end": "End"}},
    FLAT | {"header_rows": 2, "header_name": "last"},
    FLAT | {"record": "figures", "columns": {"Key": "figure_id", "Body": "value"},
            "footnotes": {"*": "r"}},
    CROSS,
    CROSS | {"row_controls": {"Total": {"of": "above"}}, "notes": ["Note"]},
    CROSS | {"column_controls": {"Total": {}}, "footnotes": {"*": "note"}},
    CROSS | {"stub": [{"header": "Key", "stands": "left-up"}, {"header": "Body"}]},
    CROSS | {"header": [{"row_of": "Name", "stands": "up-left"}, {"row_of": "Key"}]},
    CROSS | {"stub": [{"header": "Key", "field": "region"}],
             "controls": [{"rows": {"Key": "Total"}}]},
    CROSS | {"area": {"from": "Case 1", "to": "Case 2"}},
]  # fmt: skip


def layout_of(declared: dict[str, object]) -> object:
    """Return a layout of the sheet S."""
    kind = FlatSheet if declared["layout"] == "flat" else CrosstabSheet
    return kind.model_validate({"sheet": "S", **declared})


def accounted(laid: LaidSheet, rows: list[list[str]]) -> bool:
    """Return whether every filled cell has a role, and is counted once."""
    filled = np.zeros(laid.roles.shape, dtype=bool)
    for row, texts in enumerate(rows):
        for at, text in enumerate(texts):
            filled[row, at] = bool(text.strip())
    observed = sum(int(part.records["cells"].sum()) for part in laid.parts)
    understood = Role.NOT_UNDERSTOOD not in laid.roles
    return bool(
        ((laid.roles != Role.EMPTY) == filled).all()
        and (understood or laid.problems)
        and 0 <= observed <= laid.cells_read == int(filled.sum())
        and all(part.records["record_id"].is_unique for part in laid.parts)
    )


@settings(max_examples=120, deadline=None)
@given(GRID, MERGES, st.sampled_from(LAYOUTS))
def test_any_sheet_is_read_whole_or_refused(rows, merges, declared):
    layout = layout_of(declared)
    laid = lay_sheet(sheet_of([[*row] for row in rows], *merges), layout, WHERE)
    assert accounted(laid, rows)


@settings(max_examples=60, deadline=None)
@given(GRID, GRID, st.sampled_from(LAYOUTS), st.sampled_from(LAYOUTS))
def test_any_two_tables_are_read_whole_or_refused(first, second, one, other):
    rows = [["Case 1"], *first, ["Case 2"], *second]
    tables = [
        one | {"area": {"from": "Case 1", "to": "Case 2"}},
        other | {"area": {"from": "Case 2"}},
    ]
    layout = SheetOfTables.model_validate({"sheet": "S", "tables": tables})
    laid = lay_sheet(sheet_of([[*row] for row in rows]), layout, WHERE)
    assert accounted(laid, rows)


IGNORING = FlatSheet.model_validate(
    {
        "sheet": "S", "record": "complaints", "layout": "flat",
        "columns": {"Key": "complaint_id", "Body": "persons_count"},
        "fill_down": ["Key"],
        "ignore_rows": [{"rows": {"Key": "Note*"}, "because": "a remark"},
                        {"rows": {"Key": "", "Body": "-"}, "because": "none"}],
    }
)  # fmt: skip
KEYS = st.sampled_from(["", "A", "B", "Note: x"])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(KEYS, st.sampled_from(["1", "2", "-"])), max_size=8))
def test_no_row_is_ignored_but_those_that_say_so(rows):
    laid = lay_sheet(sheet_of([["Key", "Body"], *map(list, rows)]), IGNORING, WHERE)
    expected, key = [], ""
    for text, body in rows:
        is_remark = text.startswith("Note")
        key = key if is_remark else text or key
        if not is_remark and (text or body != "-"):
            expected.append((key, body))
    ((_, records),) = laid.parts
    found = records[["complaint_id", "persons_count"]].astype("object").fillna("")
    assert [*found.itertuples(index=False, name=None)] == expected


HEADS = ("Region", "No.", "2019", "2020", "Total")
FORM = CrosstabSheet.model_validate(
    {
        "sheet": "S", "record": "figures", "layout": "crosstab", "stub": "Region",
        "rows": {"North": {"region": "N"}, "South": {"region": "S"}},
        "row_controls": {"All": {"of": "above"}},
        "columns": {"2019": {"period_start": "2019"}, "2020": {"period_start": "2020"}},
        "column_controls": {"Total": {}},
        "ignore_columns": {"No.": "number of the row"},
    }
)  # fmt: skip
BODY = [
    ["North", "1", "3", "4", "7"],
    ["South", "2", "5", "6", "11"],
    ["All", "3", "8", "10", "18"],
]
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("swap"), st.integers(1, 3), st.integers(1, 3)),
        st.tuples(st.just("column"), st.integers(0, 5), st.sampled_from(["", "2021"])),
        st.tuples(st.just("row"), st.integers(1, 4), st.sampled_from(["", "West"])),
        st.tuples(
            st.just("word"), st.integers(0, 4), st.sampled_from(["Region", "20"])
        ),
        st.tuples(st.just("value"), st.integers(1, 3), st.integers(0, 4)),
    ),
    max_size=3,
)


def changed(rows: list[list[str]], change: tuple[str, int, int | str]) -> None:
    """Change a form as the next edition of it might be."""
    kind, at, what = change
    if isinstance(what, int):
        {"move": move, "swap": swap, "value": empty}[kind](rows, at, what)
    else:
        {"column": add_column, "row": add_row}.get(kind, rename)(rows, at, what)


def move(rows: list[list[str]], at: int, to: int) -> None:
    """Move a column."""
    for row in rows:
        row.insert(to, row.pop(at))


def swap(rows: list[list[str]], at: int, other: int) -> None:
    """Let two rows change places."""
    rows[at], rows[other] = rows[other], rows[at]


def empty(rows: list[list[str]], at: int, column: int) -> None:
    """Empty a cell."""
    rows[at][column] = ""


def add_column(rows: list[list[str]], at: int, head: str) -> None:
    """Add a column, filled where it has a header."""
    for number, row in enumerate(rows):
        row.insert(at, head if not number else ("9" if head else ""))


def add_row(rows: list[list[str]], at: int, label: str) -> None:
    """Add a row, filled where it has a label."""
    rows.insert(at, [label, *["9" if label else ""] * (len(rows[0]) - 1)])


def rename(rows: list[list[str]], at: int, text: str) -> None:
    """Write another header."""
    rows[0][at] = text


@settings(max_examples=120, deadline=None)
@given(CHANGES)
def test_a_changed_form_gives_the_same_meaning_to_each_number_or_stops(changes):
    rows = [[*HEADS], *([*row] for row in BODY)]
    for change in changes:
        changed(rows, change)
    laid = lay_sheet(sheet_of([[*row] for row in rows]), FORM, WHERE)
    assert accounted(laid, rows)
    if laid.problems:
        return
    ((_, records),) = laid.parts
    heads = rows[0]
    labels = {row[heads.index("Region")]: row for row in rows[1:] if any(row)}
    expected = {
        (label[0], year): labels[label][heads.index(year)]
        for label in ("North", "South")
        for year in ("2019", "2020")
        if labels[label][heads.index(year)]
    }
    found = zip(
        records["region"], records["period_start"], records["value"], strict=True
    )
    assert {(region, year): value for region, year, value in found} == expected

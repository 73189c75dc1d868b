"""A crosstab: labels at the left and above, one record in each filled cell.

In here: the layout `crosstab`: header rows, columns of row labels, which label means
what, and one record for each cell. Not in here: what it shares with other layouts
(`layout.py`, `area.py`, `controls.py`).
"""

from collections.abc import Collection, Iterator, Mapping

import pandas as pd
from openpyxl.utils import column_index_from_string

from pipeline.collect.area import (
    Span,
    fields_around,
    find_area,
    first_row,
    standing,
    title_texts,
)
from pipeline.collect.columns import filled_in
from pipeline.collect.cross_controls import cross_controls
from pipeline.collect.labels import (
    MARKS,
    Frame,
    map_labels,
    matched,
    row_labels,
    with_period_fields,
)
from pipeline.collect.layout import (
    ZERO,
    Board,
    form_of,
    merged_refusal,
    paths,
    refusal,
    refuse_repeated,
    spread,
    two_sided,
    with_lineage,
)
from pipeline.collect.value_text import without_signs
from pipeline.collect.values import with_value_parts
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layout_parts import Fields, StubColumn
from pipeline.declarations.layouts import CrosstabTable
from pipeline.errors import LayoutError
from pipeline.lineage import address
from pipeline.model import SEPARATOR, Laid, Merge, Role


def lay_crosstab(board: Board, table: CrosstabTable) -> tuple[list[Laid], pd.DataFrame]:
    """Return the records of a crosstab, one for each filled cell, and its totals.

    Raises:
        LayoutError: the stub or a header row is not found, or labels are missing, not
            declared, or stand twice.
    """
    frame = frame_of(board, table)
    around = fields_around(board, table, titles_above(board, frame))
    heads = header_paths(board, table, frame)
    join_signs(board, table, frame, heads)
    columns = map_heads(board, table, frame, heads)
    labels = row_labels(board, table, frame)
    rows, controls = map_labels(board, table, frame, labels)
    refuse_merged(board, rows, columns)
    totals = cross_controls(board, table, heads, labels, (rows, columns, controls))
    fixed = constants_at(board, table, rows, around)
    found = [
        {"at": row, "cell": address(row, at), "value": text, "value_as_printed": shown}
        | fixed[row] | both(told, columns[at])
        for row, told in rows.items()
        for at, text, shown in values_of(board, row, columns)
    ]  # fmt: skip
    for at in columns:
        board.give([*rows], [at], Role.VALUE)
    return [Laid(table.record, records_of(board, table, found))], totals


def constants_at(
    board: Board, table: CrosstabTable, rows: Collection[int], around: Fields
) -> dict[int, Fields]:
    """Return row → the constants, with the place where they name it, and `around`."""
    index = pd.Index(list(rows), dtype="int64")
    told = {n: filled_in(text, board, index) for n, text in table.constants.items()}
    return {
        row: {n: v if isinstance(v, str) else v[row] for n, v in told.items()} | around
        for row in rows
    }


def both(row: Fields, column: Fields) -> Fields:
    """Return the fields of a row and a column of labels, with the marks of both."""
    marks = [fields[MARKS] for fields in (row, column) if MARKS in fields]
    return row | column | ({MARKS: SEPARATOR.join(marks)} if marks else {})


def frame_of(board: Board, table: CrosstabTable) -> Frame:
    """Return where the header rows, the columns of row labels and the body are.

    Header rows may stand outside the area of the table: several tables of one sheet
    can share them.

    Raises:
        LayoutError: one of them is not found.
    """
    span = find_area(board, table.area)
    if table.header:
        header = tuple(header_row(board, level.row_of, span) for level in table.header)
    else:
        corner = find_corner(board, table.stub_columns[0], span)
        header = tuple(range(corner.top, corner.bottom + 1))
    stubs = tuple(stub_at(board, one, header, span) for one in table.stub_columns)
    inside = [row for row in header if span.top <= row < span.stop]
    start = max(inside) + 1 if inside else span.top
    board.give([*header], span.columns, Role.HEADER)
    if table.column_numbers:
        start += take_numbers(board, table, start, stubs)
    return Frame(span, header, stubs, start)


def header_row(board: Board, text: str, span: Span) -> int:
    """Return the row of a header text: in the area of the table, or else anywhere."""
    if any(True for _ in standing(board, text, span.top, span.stop)):
        return first_row(board, text, span.top, span.stop)
    return first_row(board, text, 0, len(board.texts))


def find_corner(board: Board, stub: StubColumn, span: Span) -> Merge:
    """Return the range of the header above the row labels.

    Raises:
        LayoutError: its text does not stand on the sheet.
    """
    form = normalise(stub.header)
    for row, at in standing(board, stub.header, span.top, span.stop):
        if at in span.columns and normalise(str(board.texts.iat[row, at])) == form:
            merges = {(m.top, m.left): m for m in board.merged}
            return merges.get((row, at), Merge(row, at, row, at))
    raise stub_missing(board, stub)


def stub_at(board: Board, stub: StubColumn, header: tuple[int, ...], span: Span) -> int:
    """Return the position of one column of row labels.

    Raises:
        LayoutError: no header row has its text.
    """
    if stub.column:
        return column_at(board, stub.column)
    form = normalise(stub.header)
    for row in header:
        for at, text in spread(board.row, board.merged, row).items():
            if at in span.columns and normalise(text) == form:
                return at
    raise stub_missing(board, stub, " in the rows of the header")


def column_at(board: Board, letters: str) -> int:
    """Return the position of a column. Raises LayoutError past the last filled one."""
    at, width = column_index_from_string(letters) - 1, board.texts.shape[1]
    if at >= width:
        raise refusal(
            board.where.at(),
            f"column {letters} of the row labels is past the sheet",
            f"a column from A to {address(0, width - 1)[:-1]}",
            "check that it is the right form, or mend `stub:` in "
            f"{board.where.declaration}",
        )
    return at


def stub_missing(board: Board, stub: StubColumn, where: str = "") -> LayoutError:
    """Return the error of a header of row labels that is not there."""
    return refusal(
        board.where.at(),
        "the header of the row labels is not found",
        f"a cell with the text {stub.header!r}{where}",
        "check that it is the right form, or mend `stub:` in "
        f"{board.where.declaration}",
    )


def titles_above(board: Board, frame: Frame) -> list[str]:
    """Return the texts above the table, where its header stands in its area."""
    inside = [row for row in frame.header if row >= frame.span.top]
    return title_texts(board, frame.span, min(inside, default=frame.span.top))


def take_numbers(
    board: Board, table: CrosstabTable, row: int, stubs: tuple[int, ...]
) -> int:
    """Mark the row of column numbers under the header as non-data; return 1.

    Raises:
        LayoutError: it is none. Taken for one, the first row of data would be lost.
    """
    texts = board.row(row) if row < len(board.texts) else {}
    numbers = [int(t) for at, t in texts.items() if at not in stubs and t.isdecimal()]
    label = normalise(texts.get(stubs[0], ""))
    is_label = label in {normalise(text) for text in table.rows}
    wanted = [*range(numbers[0], numbers[0] + len(numbers))] if numbers else []
    if is_label or not numbers or numbers != wanted:
        raise refusal(
            board.where.at(address(row, stubs[0])),
            "the row under the header does not hold the numbers of the columns",
            "a row such as А, Б, 1, 2, 3",
            "put the row back, or take `column_numbers:` out of "
            f"{board.where.declaration}",
        )
    board.give([row], range(board.texts.shape[1]), Role.NON_DATA)
    return 1


def header_paths(board: Board, table: CrosstabTable, frame: Frame) -> dict[int, str]:
    """Return position → header, its levels joined, without the columns of labels."""
    stands = [level.stands for level in table.header] or ["up"] * len(frame.header)
    columns = [at for at in frame.span.columns if at not in frame.stubs]
    own: set[int] = set()
    levels = []
    for row, how in zip(frame.header, stands, strict=True):
        wide = spread(board.row, board.merged, row)
        texts = {at: t for at, t in wide.items() if at in columns}
        own |= set(texts)
        levels.append(filled_right(texts, columns) if how == "up-left" else texts)
    return paths(levels, [at for at in columns if at in own])


def join_signs(
    board: Board, table: CrosstabTable, frame: Frame, heads: Mapping[int, str]
) -> None:
    """Put footnote signs that have cells of their own behind the values left of them.

    Such a column has no header, and nothing but declared signs in it. A digit is no
    such sign, for behind a number it would be part of it; a sign beside a blank cell
    belongs to nothing, and is left over.
    """
    rows = slice(frame.start, frame.span.stop)
    told = [sign for sign in table.footnotes if not sign.isdigit()]
    for at in frame.span.columns:
        signs = board.texts.iloc[rows, at].dropna()
        is_free = at not in heads and at not in frame.stubs and at - 1 in heads
        if is_free and len(signs) and signs.isin(told).all():
            beside = [row for row in signs.index if board.roles[row, at - 1]]
            texts = board.texts.copy()
            texts.loc[beside, at - 1] += signs.loc[beside]
            board.texts = texts
            board.give(beside, [at], Role.NOTE)


def refuse_merged(
    board: Board, rows: Collection[int], columns: Collection[int]
) -> None:
    """Raise LayoutError when one value is merged over several cells of a crosstab."""
    for merge in board.merged:
        if merge.top not in rows or merge.left not in columns:
            continue
        inside = [r for r in range(merge.top, merge.bottom + 1) if r in rows]
        across = [c for c in range(merge.left, merge.right + 1) if c in columns]
        if len(inside) * len(across) > 1:
            raise merged_refusal(board, merge)


def filled_right(texts: dict[int, str], columns: list[int]) -> dict[int, str]:
    """Return the texts, each standing above the columns to its right, too."""
    filled, last = {}, ""
    for at in columns:
        last = texts.get(at, last)
        if last:
            filled[at] = last
    return filled


def map_heads(
    board: Board, table: CrosstabTable, frame: Frame, heads: dict[int, str]
) -> dict[int, Fields]:
    """Return position → field values of the columns of data.

    Raises:
        LayoutError: a header is missing, not declared, or stands twice.
    """
    row, where = max(frame.header), board.where
    plain = {at: without_signs(t, table.footnotes)[0] for at, t in heads.items()}
    refuse_repeated(where, "header", {address(row, c): t for c, t in plain.items()})
    declared = (*table.columns, *table.column_controls, *table.ignore_columns)
    fields, others = matched(heads, table.columns, table.columns_like, table.footnotes)
    special = (*table.column_controls, *table.ignore_columns)
    forms = {normalise(text) for text in special}
    apart = [at for at, t in heads.items() if form_of(t, table.footnotes) in forms]
    others = sorted({*others, *apart})
    fields = {at: told for at, told in fields.items() if at not in apart}
    found = {heads[at]: address(row, at) for at in others}
    two_sided(where, "column", [*declared], found, table.footnotes)
    ignored = {normalise(text) for text in table.ignore_columns}
    for at, text in heads.items():
        if form_of(text, table.footnotes) in ignored:
            board.give(slice(frame.start, frame.span.stop), [at], Role.NON_DATA)
    return {at: with_period_fields(told, table) for at, told in fields.items()}


def values_of(
    board: Board, row: int, columns: Mapping[int, Fields]
) -> Iterator[tuple[int, str, str]]:
    """Yield column, text and shown text of the cells of a row that hold a value.

    A blank cell holds one where the source declares that it means zero.
    """
    blank_is_zero = board.where.marks.get("") == ZERO
    texts = board.row(row)
    for at in columns:
        text = texts.get(at, "")
        if text:
            yield at, text, board.sheet.shown.get((row, at), text)
        elif blank_is_zero:
            yield at, "0", ""


def records_of(
    board: Board, table: CrosstabTable, found: list[dict[str, object]]
) -> pd.DataFrame:
    """Return the records of a crosstab with their identifier and lineage."""
    where = board.where
    if not found:  # a form may be supplied with no number in it
        nothing = pd.DataFrame({"cell": pd.Series(dtype="str")})
        return with_lineage(nothing, where, pd.Series(dtype="int64"), "")
    records = pd.DataFrame(found).set_index("at").astype("str")
    records.index = records.index.astype(int)
    # A source may have several forms: the cell alone would name a figure of each.
    records["figure_id"] = f"{where.delivery.source_id}!{where.at()}!" + records["cell"]
    cells = records["value_as_printed"].ne("").astype("int64")
    records = with_value_parts(records, table.footnotes)
    return with_lineage(records, where, cells, "")

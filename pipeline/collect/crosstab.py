"""A crosstab: labels at the left and above, one record in each filled cell.

In here: the layout `crosstab`, with header rows that are merged and a row of column
numbers. Not in here: what it shares with others (`layout.py`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import pandas as pd

from pipeline.collect.layout import (
    Where,
    filled,
    is_note,
    laid,
    refusal,
    refuse_repeated,
    refuse_stray,
    texts_of,
    two_sided,
    with_lineage,
)
from pipeline.declarations.codelists import normalise
from pipeline.declarations.sources import CrosstabSheet
from pipeline.lineage import address
from pipeline.model import Laid, Merge, Sheet

LEVELS = " | "
"""Between the levels of a header, in a declaration."""


def lay_crosstab(sheet: Sheet, layout: CrosstabSheet, where: Where) -> Laid:
    """Return the records of a crosstab, one for each filled cell.

    Raises:
        LayoutError: the stub or the period is not found, labels are missing or not
            declared, or filled cells belong to no label.
    """
    whole = unmerged(sheet)
    stub = find_stub(sheet, layout, where)
    heads = header_paths(whole, stub)
    columns = map_heads(heads, layout, where, stub.top)
    if layout.column_numbers:
        refuse_no_numbers(sheet.values, layout, where, stub, [*columns])
    body = sheet.values.loc[stub.bottom + 1 + layout.column_numbers :]
    labels = map_labels(body, layout, where, stub.left)
    dimensions = find_period(sheet.values.loc[: stub.top], layout, where)
    refuse_stray(where, strays(body, layout, stub, [*columns], [*heads]))
    fixed = layout.constants | dimensions
    rows = [
        observation(row, column, text, sheet.shown)
        | fixed | labels[row] | columns[column]
        for row, column, text in crossed(body, labels, columns)
    ]  # fmt: skip
    read = int(filled(sheet.values).to_numpy().sum())
    return laid(layout.record, frame_of(rows, where), read)


def crossed(
    body: pd.DataFrame, rows: Iterable[int], columns: Collection[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text of the cells of a body that hold more than blanks."""
    texts = {column: texts_of(body[column]) for column in columns}
    for row, column in product(rows, columns):
        text = texts[column].get(row, "")
        if text.strip():
            yield row, column, text


def observation(
    row: int, column: int, text: str, shown: Mapping[tuple[int, int], str]
) -> dict[str, object]:
    """Return where a value was read, and it as it is held and as it is shown."""
    return {
        "at": row,
        "cell": address(row, column),
        "value": text,
        "value_as_printed": shown.get((row, column), text),
    }


def frame_of(rows: list[dict[str, object]], where: Where) -> pd.DataFrame:
    """Return the records of a crosstab with their identifier and lineage."""
    if not rows:  # a form may be supplied with no number in it
        rows_of_nothing = pd.DataFrame({"cell": pd.Series(dtype="str")})
        return with_lineage(rows_of_nothing, where, pd.Series(dtype="int64"), "")
    records = pd.DataFrame(rows, dtype="str").set_index("at")
    records.index = records.index.astype(int)
    # A source may have several forms: the cell alone would name a figure of each.
    form = f"{where.delivery.source_id}!{where.at()}!"
    records["figure_id"] = form + records["cell"]
    return with_lineage(records, where, pd.Series(1, index=records.index), "")


def unmerged(sheet: Sheet) -> pd.DataFrame:
    """Return the grid with the text of a merged range in each of its cells."""
    values = sheet.values.copy()
    for merge in sheet.merged:
        rows = slice(merge.top, merge.bottom + 1)
        columns = slice(merge.left, merge.right + 1)
        text: Any = values.iat[merge.top, merge.left]
        values.iloc[rows, columns] = text
    return values


def find_stub(sheet: Sheet, layout: CrosstabSheet, where: Where) -> Merge:
    """Return the range of the header above the row labels.

    Raises:
        LayoutError: its text does not stand on the sheet.
    """
    form = normalise(layout.stub)
    for column in sheet.values.columns:
        for row, text in texts_of(sheet.values[column]).items():
            if normalise(text) == form:
                alone = Merge(row, int(column), row, int(column))
                corner = (alone.top, alone.left)
                merges = {(merge.top, merge.left): merge for merge in sheet.merged}
                return merges.get(corner, alone)
    raise refusal(
        where.at(),
        "the header of the row labels is not found",
        f"a cell with the text {layout.stub!r}",
        f"check that it is the right form, or mend `stub:` in {where.declaration}",
    )


def header_paths(whole: pd.DataFrame, stub: Merge) -> dict[int, str]:
    """Return position → header text, its levels joined, on both sides of the stub."""
    paths = {}
    for column in whole.columns.drop(range(stub.left, stub.right + 1)):
        levels = whole.loc[stub.top : stub.bottom, column].dropna().str.strip()
        distinct = list(dict.fromkeys(text for text in levels if text))
        if distinct:
            paths[int(column)] = LEVELS.join(distinct)
    return paths


def map_heads(
    heads: dict[int, str], layout: CrosstabSheet, where: Where, row: int
) -> dict[int, dict[str, str]]:
    """Return position → field values of the column, without those ignored."""
    refuse_repeated(where, "header", {address(row, c): t for c, t in heads.items()})
    found = {text: address(row, column) for column, text in heads.items()}
    two_sided(where, "column", (*layout.columns, *layout.ignore_columns), found)
    declared = {normalise(text): fields for text, fields in layout.columns.items()}
    return {
        column: declared[normalise(text)]
        for column, text in heads.items()
        if normalise(text) in declared
    }


def map_labels(
    body: pd.DataFrame, layout: CrosstabSheet, where: Where, stub: int
) -> dict[int, dict[str, str]]:
    """Return row → field values of its label."""
    data = body[~is_note(body, layout.notes)]
    labels = {
        row: text.strip() for row, text in texts_of(data[stub]).items() if text.strip()
    }
    refuse_repeated(
        where, "row label", {address(r, stub): t for r, t in labels.items()}
    )
    found = {text: address(row, stub) for row, text in labels.items()}
    two_sided(where, "row", layout.rows, found)
    declared = {normalise(text): fields for text, fields in layout.rows.items()}
    return {row: declared[normalise(text)] for row, text in labels.items()}


def find_period(
    titles: pd.DataFrame, layout: CrosstabSheet, where: Where
) -> dict[str, str]:
    """Return the period that a title states.

    Raises:
        LayoutError: the declared words stand in no title.
    """
    period = layout.period
    if period is None:
        return {}
    texts = [normalise(text) for text in titles.to_numpy().ravel() if pd.notna(text)]
    if not any(normalise(period.pattern) in text for text in texts):
        raise refusal(
            where.at(),
            "the period of the form is not found above the table",
            f"a title with the words {period.pattern!r}",
            f"check that the form is of that period, or mend {where.declaration}",
        )
    return period.model_dump(exclude={"pattern"})


def refuse_no_numbers(
    values: pd.DataFrame,
    layout: CrosstabSheet,
    where: Where,
    stub: Merge,
    columns: list[int],
) -> None:
    """Raise LayoutError when the row under the header is not one of column numbers.

    Taken for one, the first row of data would be lost without a word.
    """
    row = stub.bottom + 1
    numbers = values.reindex([row]).loc[row, columns].dropna().str.strip()
    counted = [int(text) for text in numbers if text.isdecimal()]
    is_label = normalise(str(values.reindex([row]).at[row, stub.left])) in {
        normalise(text) for text in layout.rows
    }
    ascending = list(range(counted[0], counted[0] + len(columns))) if counted else []
    if is_label or counted != ascending or not counted:
        raise refusal(
            where.at(address(row, stub.left)),
            "the row under the header does not hold the numbers of the columns",
            "a row such as А, Б, 1, 2, 3",
            f"put the row back, or take `column_numbers:` out of {where.declaration}",
        )


def strays(
    body: pd.DataFrame,
    layout: CrosstabSheet,
    stub: Merge,
    columns: list[int],
    headed: list[int],
) -> pd.DataFrame:
    """Return filled cells that stand under no header, or beside no label."""
    is_filled = filled(body) & ~is_note(body, layout.notes).to_numpy()[:, None]
    under_header = [*range(stub.left, stub.right + 1), *headed]
    outside = is_filled.drop(columns=under_header)
    beside_no_label = is_filled[columns].loc[~is_filled[stub.left]]
    return pd.concat([outside, beside_no_label], axis=1).fillna(False).astype(bool)

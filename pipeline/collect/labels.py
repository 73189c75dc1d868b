"""Labels of a crosstab: what each row and column of it stands for.

In here: the frame of a crosstab, the labels of its rows, and the fields that a label
stands for, word for word or by a pattern. Not in here: the values (`crosstab.py`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.collect.area import Span
from pipeline.collect.columns import PERIOD
from pipeline.collect.layout import (
    LEVELS,
    Board,
    form_of,
    refuse_repeated,
    spread,
    starts_with,
    two_sided,
)
from pipeline.collect.period_words import read_period
from pipeline.collect.value_text import without_signs
from pipeline.declarations.codelists import normalise
from pipeline.declarations.layout_parts import Fields
from pipeline.declarations.layouts import CrosstabTable
from pipeline.lineage import address
from pipeline.model import SEPARATOR, Role

MARKS = "obs_mark"
"""The field for the footnote signs of a label: they count for all its values."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a crosstab: its header rows, label columns and the body between."""

    span: Span
    header: tuple[int, ...]
    stubs: tuple[int, ...]
    start: int
    """First row of the body."""

    @property
    def body(self) -> range:
        """Return the rows of the body."""
        return range(self.start, self.span.stop)


def matched(
    texts: Mapping[int, str],
    exact: Mapping[str, Fields],
    like: Mapping[str, Fields],
    signs: Mapping[str, str],
) -> tuple[dict[int, Fields], list[int]]:
    """Return position → fields of the texts declared, and who must be declared.

    The second are all that no pattern matches, those declared word for word too.
    """
    known = {normalise(text): fields for text, fields in exact.items()}
    fields: dict[int, Fields] = {}
    others = []
    for at, text in texts.items():
        plain, marks = without_signs(text, signs)
        form = normalise(plain)
        told = known.get(form)
        if told is None:
            told = templated(plain, like)
        if told is not None:
            fields[at] = told | ({MARKS: marks} if marks else {})
        if form in known or told is None:
            others.append(at)
    return fields, others


def templated(label: str, like: Mapping[str, Fields]) -> Fields | None:
    """Return the fields of the first pattern that a label matches as a whole."""
    for pattern, fields in like.items():
        if match := re.fullmatch(pattern, label):
            groups = {name: value or "" for name, value in match.groupdict().items()}
            return {
                name: form.format(label=label, **groups)
                for name, form in fields.items()
            }
    return None


def with_period_fields(fields: Fields, table: CrosstabTable) -> Fields:
    """Return the fields, `period` read into its first day, last day and type."""
    if PERIOD not in fields:
        return fields
    others = {name: text for name, text in fields.items() if name != PERIOD}
    wanted = others.get("period_type", table.constants.get("period_type", ""))
    one = read_period(fields[PERIOD], wanted, fiscal_start=table.fiscal_start)
    if one is None:  # review refuses the figures, with their cells
        return others | {"period_start": fields[PERIOD]}
    return one.fields | others


def row_labels(board: Board, table: CrosstabTable, frame: Frame) -> dict[int, str]:
    """Return row → its labels joined, of the rows that have a label of their own.

    Notes and blank rows have none. A label that stands twice has " [2]" behind it the
    second time, where the layout declares it so.

    Raises:
        LayoutError: a label stands twice.
    """
    texts = board.texts.iloc[
        frame.start : frame.span.stop, frame.span.left : frame.span.right
    ]
    filled = board.filled[
        frame.start : frame.span.stop, frame.span.left : frame.span.right
    ]
    is_note = starts_with(texts, filled, table.notes)
    board.give(np.flatnonzero(is_note) + frame.start, frame.span.columns, Role.NOTE)
    rows = [row for row in frame.body if not is_note[row - frame.start]]
    labels = {
        row: LEVELS.join(dict.fromkeys(parts.values()))
        for row, parts in label_parts(board, table, frame, rows).items()
    }
    board.give([*labels], frame.stubs, Role.DIMENSION)
    return numbered(board, table, frame, labels)


def label_parts(
    board: Board, table: CrosstabTable, frame: Frame, rows: Iterable[int]
) -> dict[int, dict[int, str]]:
    """Return row → column → label, of the rows with a label of their own.

    A merged label counts for each of its rows, one that stands left-up for those below.
    """
    found: dict[int, dict[int, str]] = {}
    above: dict[int, str] = {}
    for row in rows:
        wide = spread(board.row, board.merged, row)
        own = {at: t for at, t in wide.items() if at in frame.stubs}
        if not own:
            continue
        first = min(own)
        # A new label ends what stood to the right of it.
        above = {at: text for at, text in above.items() if at < first} | own
        found[row] = {}
        for at, how in zip(frame.stubs, stands_of(table), strict=True):
            is_above = how == "left-up" and at < first
            if text := own.get(at) or (above.get(at) if is_above else None):
                found[row][at] = text
    return found


def field_values(
    parts: Mapping[int, str], fields_of: Mapping[int, str], signs: Mapping[str, str]
) -> Fields:
    """Return the fields that the labels of one row are values of, and their marks."""
    fields: Fields = {}
    found: set[str] = set()
    for at, name in fields_of.items():
        if at in parts:
            fields[name], marks = without_signs(parts[at], signs)
            found |= set((marks or "").split(SEPARATOR)) - {""}
    return fields | ({MARKS: SEPARATOR.join(sorted(found))} if found else {})


def stands_of(table: CrosstabTable) -> list[str]:
    """Return where each column of labels stands seen from the values."""
    return [one.stands for one in table.stub_columns]


def numbered(
    board: Board, table: CrosstabTable, frame: Frame, labels: dict[int, str]
) -> dict[int, str]:
    """Return the labels, the second of a kind with " [2]" behind it where declared.

    Raises:
        LayoutError: a label stands twice and the layout declares it once.
    """
    told = (*table.rows, *table.row_controls, *table.ignore_rows)
    declared = {normalise(text) for text in told}
    seen: dict[str, int] = {}
    found = {}
    for row, text in labels.items():
        count = seen[normalise(text)] = seen.get(normalise(text), 0) + 1
        again = f"{text} [{count}]"
        found[row] = again if normalise(again) in declared else text
    refuse_repeated(
        board.where,
        "row label",
        {
            address(row, frame.stubs[-1]): without_signs(text, table.footnotes)[0]
            for row, text in found.items()
        },
    )
    return found


def map_labels(
    board: Board, table: CrosstabTable, frame: Frame, labels: dict[int, str]
) -> tuple[dict[int, Fields], dict[int, str]]:
    """Return row → field values of the rows of data, and row → label of the others.

    Raises:
        LayoutError: a label is missing or not declared.
    """
    stubs = dict(zip(table.stub_columns, frame.stubs, strict=True))
    fields_of = {at: one.field for one, at in stubs.items() if one.field}
    fields, others = matched(labels, table.rows, table.rows_like, table.footnotes)
    told = (*table.row_controls, *table.ignore_rows)
    special = {normalise(text) for text in told}
    forms = {row: form_of(text, table.footnotes) for row, text in labels.items()}
    controls = {row: labels[row] for row, form in forms.items() if form in special}
    if fields_of:
        for row, parts in label_parts(board, table, frame, labels).items():
            own = field_values(parts, fields_of, table.footnotes)
            fields[row] = fields.get(row, {}) | own
        others = [row for row in others if row in controls]
    data = {row: one for row, one in fields.items() if row not in controls}
    found = {labels[row]: address(row, frame.stubs[0]) for row in others}
    found |= {text: address(row, frame.stubs[0]) for row, text in controls.items()}
    two_sided(board.where, "row", [*table.rows, *told], found, table.footnotes)
    ignored = {normalise(text) for text in table.ignore_rows}
    for row, form in forms.items():
        if form in ignored:
            board.give([row], frame.span.columns, Role.NON_DATA)
    return {row: with_period_fields(one, table) for row, one in data.items()}, controls

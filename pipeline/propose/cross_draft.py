"""Draft a crosstab: its row labels, its columns, what its totals are.

In here: the order of the keys of one crosstab. Not in here: flat tables
(`flat_draft.py`), where the table stands (`sheet_draft.py`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.collect.value_text import without_signs
from pipeline.lineage import address
from pipeline.propose.constants import constants_of
from pipeline.propose.context import Context
from pipeline.propose.cross_frame import Frame, Part, frame_of, is_sparse
from pipeline.propose.cross_labels import (
    are_listed,
    may_name,
    stub_fields,
    stub_headers,
    told_columns,
)
from pipeline.propose.cross_totals import (
    MOST_CONTROLS,
    controls_of,
    pattern_controls,
    silent_stubs,
    totals_of_frame,
)
from pipeline.propose.looks import View
from pipeline.propose.matching import header_form
from pipeline.propose.nodes import FILL_IN, Flow, Noted
from pipeline.propose.regions import Region
from pipeline.propose.signs import see_marks, see_numbers, values_under
from schemas.figures import FIGURES


def cross_draft(
    view: View, part: Part, context: Context, footnotes: Mapping[str, str]
) -> dict[str, Any]:
    """Return the draft of a crosstab, without its place."""
    frame = plain_frame(frame_of(view, part), footnotes)
    for texts in values_under(view, frame.body, frame.values).values():
        see_numbers(context.signs, texts)
        see_marks(context.signs, texts, context.words)
    tree: dict[str, Any] = {"record": "figures", "layout": "crosstab"}
    tree |= header_keys(view, frame)
    tree |= row_keys(view, frame, context)
    _, across = totals_of_frame(view, frame, context)
    data = {at: frame.heads[at] for at in frame.values if at not in across}
    tree |= told_columns(data, frame.band, context)
    if across:
        tree["column_controls"] = controls_of(frame.heads, across, frame.labels)
    ignored = tree.pop("ignore_columns", {}) | other_columns(frame, context)
    if ignored:
        tree["ignore_columns"] = ignored
    if (empty := empty_rows(view, frame)) and not tree.pop("may_name", False):
        tree["ignore_rows"] = empty
    tree.pop("may_name", None)
    told = str(tree)
    filled = {name for name in (*FIGURES.names, "period") if f"'{name}'" in told}
    tree["constants"] = constants_of(FIGURES, filled | {*FIGURES.key})
    return tree


def plain_frame(frame: Frame, footnotes: Mapping[str, str]) -> Frame:
    """Return a frame without footnote signs; a label the second time has " [2]"."""
    heads = {at: without_signs(t, footnotes)[0] for at, t in frame.heads.items()}
    labels: dict[int, str] = {}
    seen: dict[str, int] = {}
    for row, label in frame.labels.items():
        text = without_signs(label, footnotes)[0]
        seen[text] = seen.get(text, 0) + 1
        labels[row] = text if seen[text] == 1 else f"{text} [{seen[text]}]"
    return replace(frame, heads=heads, labels=labels)


def header_keys(view: View, frame: Frame) -> dict[str, Any]:
    """Return what is told of the header rows."""
    keys: dict[str, Any] = {}
    if not frame.is_simple:
        keys["header"] = [
            Flow(
                {"row_of": unique_text(view, frame.region, row)}
                | ({"stands": stands} if stands != "up" else {})
            )
            for row, stands in frame.levels
        ]
    if frame.head.has_column_numbers:
        keys["column_numbers"] = True
    return keys


def unique_text(view: View, region: Region, row: int) -> str:
    """Return a text of a row that begins no other cell of the table."""
    texts = [*view.row(row, region.left, region.right).values()]
    others = [
        str(text)
        for at in range(min(row, region.top), region.stop)
        for text in view.texts[at]
        if text and at != row
    ]
    free = [t for t in texts if not any(one.startswith(t) for one in others)]
    return (free or texts or [FILL_IN])[0]


def row_keys(view: View, frame: Frame, context: Context) -> dict[str, Any]:
    """Return what is told of the label columns, the rows and their totals."""
    down, _ = totals_of_frame(view, frame, context)
    headers = stub_headers(view, frame)
    silent = silent_stubs(view, frame, headers)
    told = {at: header for at, header in headers.items() if at not in silent}
    fields = stub_fields(view, replace(frame, stubs=tuple(told)), down, context)
    keys: dict[str, Any] = {}
    data = [frame.labels[row] for row in frame.labels if row not in down]
    if are_listed(frame, fields, down, context):
        known = [one for one in fields.values() if one.value != FILL_IN]
        name = known[-1] if known else Noted(FILL_IN, "which dimension?")
        keys["rows_of"] = {name.value: Noted(data, name.doubt)}
        fields = {}
    keys = {"stub": stub_of(view, frame, told, fields)} | keys
    if may_name(fields):
        return keys | {"may_name": True}
    if len(down) <= MOST_CONTROLS or len(told) == 1 or not fields:
        controls = controls_of(frame.labels, down, frame.heads)
        keys |= {"row_controls": controls} if controls else {}
    else:
        keys["controls"] = pattern_controls(view, told, down, context)
    if silent:
        keys["ignore_columns"] = {
            headers[at]: Noted(why, "sure?") for at, why in silent.items()
        }
    return keys


def stub_of(
    view: View, frame: Frame, headers: Mapping[int, str], fields: Mapping[int, Noted]
) -> Any:
    """Return how the columns of row labels are told."""
    told = []
    for at, header in headers.items():
        one: dict[str, Any] = (
            {"header": header} if header else {"column": address(0, at)[:-1]}
        )
        if at != frame.stubs[-1] and is_sparse(view, frame.region, frame.head, at):
            one["stands"] = "left-up"
        if at in fields:
            one["field"] = fields[at]
        told.append(one)
    if len(told) == 1 and [*told[0]] == ["header"]:
        return told[0]["header"]
    return [one if "field" in one else Flow(one) for one in told]


def other_columns(frame: Frame, context: Context) -> dict[str, Any]:
    """Return the columns that hold no figures, with the reason."""
    numbers = {header_form(word) for word in context.words.words("role", "row number")}
    return {
        text: "number of the row"
        if header_form(text) in numbers
        else Noted(FILL_IN, "why is it not read?")
        for at, text in frame.heads.items()
        if at not in frame.values
    }


def empty_rows(view: View, frame: Frame) -> dict[str, str]:
    """Return the labels of rows without any number."""
    return {
        text: "no number in its row"
        for row, text in frame.labels.items()
        if not view.filled[row, [*frame.values]].any()
    }

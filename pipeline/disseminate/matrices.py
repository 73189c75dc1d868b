"""Matrices: counts by two dimensions, and what exists by year.

In here: their drawing. Not in here: their numbers.
"""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from pipeline.disseminate import drawing as look
from pipeline.disseminate.alt_text import coverage_in_words, grid_in_words
from pipeline.disseminate.chart_data import Grid, Position, grid, panels, years_between
from pipeline.disseminate.drawing import Paper, Work
from pipeline.disseminate.files import plain_number
from pipeline.disseminate.wording import bracketed

LABEL_ROOM = 235.0
HEADING = 24.0
ROW = 27.0
WIDEST_CELL = 96.0
BLUE = (0.0, 0.447, 0.698)
NOTHING = "·"
STATES: dict[str, dict[str, Any]] = {
    "PUBLISHED": {"facecolor": "#0072B2", "edgecolor": "#0072B2"},
    "PARTIAL": {"facecolor": "#b9dcf2", "edgecolor": "#0072B2", "hatch": "//"},
    "NOT_SUPPLIED": {"facecolor": "white", "edgecolor": "#9a9a9a", "hatch": ".."},
}
NOTHING_PUBLISHED = "Nothing published"


def draw_counts(work: Work) -> tuple[Paper, str]:
    """Return a matrix of counts per panel: rows `by`, columns `x`; and in words."""
    parts = [(p, grid(work.table, work.spec, work.words, p.code)) for p in
             panels(work.table, work.spec, work.words)]  # fmt: skip
    heads = [head_room(data) for _, data in parts]
    room = sum(
        h + ROW * len(d.rows) + 16 for h, (_, d) in zip(heads, parts, strict=True)
    )
    sheet = look.paper(work.caption, room + HEADING * len(parts))
    told = []
    for head, (panel, data) in zip(heads, parts, strict=True):
        heading(sheet, panel.heading)
        sheet.skip(head)
        width = min(WIDEST_CELL, cell_width(data))
        axes = matrix_axes(sheet, data, width)
        for place in positions(data):
            draw_count(axes, data, place)
        sheet.skip(16)
        told.append(f"{panel.heading}: {grid_in_words(data)}".removeprefix(": "))
    return sheet, " ".join(told)


def draw_coverage(work: Work) -> tuple[Paper, str]:
    """Return what exists by year, one panel per question; and in words."""
    parts = [(p, by_year(grid(work.table, work.spec, work.words, p.code))) for p in
             panels(work.table, work.spec, work.words)]  # fmt: skip
    key = states_key(work)
    legend = look.legend_height([str(handle.get_label()) for handle in key])
    room = sum(ROW * len(data.rows) + 30 for _, data in parts)
    sheet = look.paper(work.caption, legend + room + HEADING * len(parts))
    sheet.legend(key, legend)
    told = []
    for panel, data in parts:
        heading(sheet, panel.heading)
        sheet.skip(15)
        axes = matrix_axes(sheet, data, cell_width(data))
        for place in positions(data):
            draw_state(axes, data, place)
        sheet.skip(15)
        told.append(f"{panel.heading}: {coverage_in_words(data)}".removeprefix(": "))
    return sheet, " ".join(told)


def by_year(data: Grid) -> Grid:
    """Return a grid with a column for every year."""
    years = years_between(data.columns)
    labels = {year: data.column_labels.get(year, year) for year in years}
    return data._replace(columns=years, column_labels=labels)


def states_key(work: Work) -> list[Patch]:
    """Return what the patterns of a coverage chart mean."""
    known = work.words
    labels = {code: known.label("coverage_state", code) for code in STATES}
    labels["NOT_SUPPLIED"] = NOTHING_PUBLISHED
    return [Patch(**STATES[code], linewidth=0.5, label=labels[code]) for code in STATES]


def heading(sheet: Paper, words: str) -> None:
    """Write the heading of a panel, where it has one."""
    if words:
        sheet.text(words, 10.0, weight="bold")
        sheet.skip(HEADING - 10.0 * look.LINE)


def head_room(data: Grid) -> float:
    """Return how much room the labels of the columns take."""
    return 8 + 11.0 * max(
        look.folded(data.column_labels[code], 15).count("\n") + 1
        for code in data.columns
    )


def cell_width(data: Grid) -> float:
    """Return how wide a cell can be."""
    return (look.WIDTH - LABEL_ROOM - look.MARGIN) / len(data.columns)


def matrix_axes(sheet: Paper, data: Grid, width: float) -> Axes:
    """Return axes with one unit per cell, labels at the left and above."""
    right = look.WIDTH - LABEL_ROOM - width * len(data.columns)
    axes = sheet.panel(LABEL_ROOM, ROW * len(data.rows), right)
    axes.set_xlim(0, len(data.columns))
    axes.set_ylim(len(data.rows), 0)
    columns = [look.folded(data.column_labels[code], 15) for code in data.columns]
    rows = [look.folded(data.row_labels[code], 42) for code in data.rows]
    axes.set_xticks([i + 0.5 for i in range(len(columns))], columns, fontsize=8.5)
    axes.set_yticks([i + 0.5 for i in range(len(rows))], rows, fontsize=8.5)
    axes.xaxis.tick_top()
    look.bare(axes)
    return axes


def positions(data: Grid) -> list[Position]:
    """Return every place of a grid, also those without a row in the table."""
    return [(row, column) for row in data.rows for column in data.columns]


def draw_count(axes: Axes, data: Grid, place: Position) -> None:
    """Draw one count: the darker the more; framed where a body handled its own."""
    x, y = data.columns.index(place[1]), data.rows.index(place[0])
    value = data.values.get(place)
    share = (value or 0) / max(1, *data.values.values()) * 0.85
    fill = tuple(1 - share * (1 - part) for part in BLUE)
    axes.add_patch(Rectangle((x, y), 1, 1, facecolor=fill, edgecolor=look.PALE, lw=0.8))
    if place[0] == place[1]:
        axes.add_patch(
            Rectangle((x + 0.03, y + 0.05), 0.94, 0.9, fill=False, ec=look.INK, lw=1.8)
        )
    said = NOTHING if value is None else str(plain_number(value))
    mark = bracketed(data.marks.get(place, ""))
    axes.text(
        x + 0.5, y + 0.5, mark or said, ha="center", va="center",
        color="white" if share > 0.5 else look.INK, fontsize=10,
    )  # fmt: skip


def draw_state(axes: Axes, data: Grid, place: Position) -> None:
    """Draw one cell of what exists: its state as a pattern, the count as a number."""
    x, y = data.columns.index(place[1]), data.rows.index(place[0])
    value = data.values.get(place)
    state = data.states.get(place) or ("PUBLISHED" if value else "NOT_SUPPLIED")
    axes.add_patch(
        Rectangle((x + 0.04, y + 0.06), 0.92, 0.88, linewidth=0.5, **STATES[state])
    )
    if value is None:
        return
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
    axes.text(
        x + 0.5, y + 0.52, f"{plain_number(value)}", ha="center", va="center",
        fontsize=8.5, bbox=box,
    )  # fmt: skip

"""Stacked horizontal bars. In here: their drawing. Not in here: their numbers."""

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from pipeline.disseminate import drawing as look
from pipeline.disseminate.alt_text import grid_in_words
from pipeline.disseminate.chart_data import Grid, grid
from pipeline.disseminate.drawing import Paper, Work
from pipeline.disseminate.files import plain_number
from pipeline.disseminate.wording import bracketed

LABEL_ROOM = 250.0
AXIS_ROOM = 44.0


def draw_bars(work: Work) -> tuple[Paper, str]:
    """Return stacked bars on paper, one per code of `by`, and in words."""
    data = grid(work.table, work.spec, work.words)
    labels = [data.column_labels[code] for code in data.columns]
    legend = look.legend_height(labels)
    row = 15 + 11 * max(
        look.folded(data.row_labels[c], 44).count("\n") + 1 for c in data.rows
    )
    body = row * len(data.rows)
    sheet = look.paper(work.caption, legend + body + AXIS_ROOM)
    sheet.legend([look.swatch(i, text) for i, text in enumerate(labels)], legend)
    axes = sheet.panel(LABEL_ROOM, body)
    draw_stacks(axes, data)
    dress_axes(axes, data, work.spec.unit)
    sheet.skip(AXIS_ROOM)
    return sheet, grid_in_words(data)


def draw_stacks(axes: Axes, data: Grid) -> None:
    """Draw the parts of each bar, and behind them its total and its marks."""
    for place, code in enumerate(data.rows):
        end = draw_parts(axes, data, place)
        behind = [bracketed(data.marks.get((code, part), "")) for part in data.columns]
        if code in data.totals:
            behind.insert(0, f"total {plain_number(data.totals[code])}")
        axes.annotate(
            " ".join(filter(None, behind)),
            (end, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            fontsize=8.5,
        )


def draw_parts(axes: Axes, data: Grid, place: int) -> float:
    """Draw the parts of one bar with their numbers; return where the bar ends."""
    left = 0.0
    for part, column in enumerate(data.columns):
        value = data.values.get((data.rows[place], column))
        if value:
            draw_part(axes, (left, place), value, look.swatch(part, ""))
            left += value
    return left


def draw_part(axes: Axes, start: tuple[float, int], value: float, patch: Patch) -> None:
    """Draw one part of a bar from where it starts, its number in the middle."""
    left, place = start
    axes.barh(
        place,
        value,
        left=left,
        height=0.62,
        facecolor=patch.get_facecolor(),
        hatch=patch.get_hatch(),
        edgecolor=look.INK,
        linewidth=0.6,
    )
    axes.text(
        left + value / 2,
        place,
        f"{plain_number(value)}",
        ha="center",
        va="center",
        fontsize=8.5,
        bbox={"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none"},
    )


def dress_axes(axes: Axes, data: Grid, unit: str) -> None:
    """Give the bars a zero baseline, whole numbers and labels."""
    sums = [sum(data.values.get((r, c), 0) for c in data.columns) for r in data.rows]
    axes.set_xlim(0, max(*sums, 1) * 1.14)
    axes.set_ylim(len(data.rows) - 0.5, -0.5)
    labels = [look.folded(data.row_labels[code], 44) for code in data.rows]
    axes.set_yticks(range(len(data.rows)), labels, fontsize=8.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.grid(axis="x", color=look.PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(unit[:1].upper() + unit[1:], fontsize=8.5)
    look.bare(axes, keep=("left",))

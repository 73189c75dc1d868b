"""Published series by year, with the breaks across which nothing is compared.

In here: their drawing. Not in here: which points may be joined (`chart_data.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from pipeline.disseminate import drawing as look
from pipeline.disseminate.alt_text import lines_in_words
from pipeline.disseminate.chart_data import (
    Break,
    Line,
    Point,
    breaks_of,
    lines,
    panels,
)
from pipeline.disseminate.drawing import Paper, Work
from pipeline.disseminate.files import plain_number
from pipeline.disseminate.wording import list_of

LEFT = 52.0
PANEL = 170.0
HEADING = 22.0
BREAK_LINE = 12.0
DODGE = 0.2
MIDDLE = 0.5
MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
"""Not the locale's: the same words on every machine."""


def draw_series(work: Work) -> tuple[Paper, str]:
    """Return points by year, one panel per code of `panel`; and in words."""
    breaks = breaks_of(work.spec, work.lists)
    parts = [(p, lines(work.table, work.spec, breaks, p.code)) for p in
             panels(work.table, work.spec, work.words)]  # fmt: skip
    parties = parties_of(work, [data for _, data in parts])
    legend = look.legend_height(list(parties.values()))
    above = BREAK_LINE * len(breaks) + 6
    room = len(parts) * (HEADING + above + PANEL + 30)
    sheet = look.paper(work.caption, legend + room)
    sheet.legend(keys(parties), legend)
    years = span([data for _, data in parts])
    told = []
    for panel, data in parts:
        sheet.text(panel.heading or work.spec.unit, 10.0, weight="bold")
        sheet.skip(HEADING - 10.0 * look.LINE + above)
        axes = sheet.panel(LEFT, PANEL)
        dress_axes(axes, data, years)
        draw_breaks(axes, breaks, years)
        draw_lines(axes, data, list(parties))
        sheet.skip(30)
        told.append(f"{panel.heading}: {lines_in_words(data, parties)}")
    return sheet, " ".join(told)


def parties_of(work: Work, parts: Sequence[Mapping[str, Line]]) -> dict[str, str]:
    """Return the parties of all panels with their labels, each with one place."""
    codelist = list_of(work.spec.by, work.table.spec)
    codes = {code for part in parts for code in part}
    ranked = sorted(codes, key=lambda code: work.words.rank(codelist, code))
    return {code: work.words.label(codelist, code) for code in ranked}


def span(parts: Sequence[Mapping[str, Line]]) -> tuple[int, int]:
    """Return the first and the last year of all panels."""
    years = [p.year for part in parts for line in part.values() for p in line.points]
    return min(years), max(years)


def keys(parties: Mapping[str, str]) -> list[Line2D]:
    """Return the marker of each party with its label."""
    return [
        Line2D([], [], **marker_of(place), label=label)
        for place, label in enumerate(parties.values())
    ]


def marker_of(place: int) -> dict[str, Any]:
    """Return the marker and colour of the party at a place."""
    return {
        "marker": look.MARKERS[place % len(look.MARKERS)],
        "color": look.COLOURS[place % len(look.COLOURS)],
        "markeredgecolor": look.INK,
        "markeredgewidth": 0.7,
        "markersize": 7,
        "linewidth": 1.4,
    }


def dress_axes(axes: Axes, data: Mapping[str, Line], years: tuple[int, int]) -> None:
    """Give a panel whole years, a zero baseline and light lines."""
    top = max(point.value for line in data.values() for point in line.points)
    axes.set_ylim(0, top * 1.2)
    axes.set_xlim(years[0], years[1] + 1)
    every = range(years[0], years[1] + 1)
    axes.set_xticks([year + MIDDLE for year in every], [str(y) for y in every])
    axes.tick_params(labelsize=8.5)
    axes.grid(axis="y", color=look.PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    look.bare(axes, keep=("bottom",))


def draw_breaks(axes: Axes, breaks: Sequence[Break], years: tuple[int, int]) -> None:
    """Draw each break as a line that reaches up to its day and reason."""
    drawn = [b for b in breaks if years[0] <= b.place <= years[1] + 1]
    for level, one in enumerate(reversed(drawn)):
        top = 1 + (BREAK_LINE * (level + 1) + 2) / PANEL
        axes.axvline(
            one.place, ymax=top, color=look.INK, linewidth=1,
            linestyle=(0, (4, 3)), clip_on=False,
        )  # fmt: skip
        late = one.place > (years[0] + years[1]) / 2
        said = f"{one.day.day} {MONTHS[one.day.month - 1]} {one.day.year}: {one.label}"
        axes.annotate(
            said, (one.place, 1), (-4 if late else 4, 3 + BREAK_LINE * level),
            xycoords=("data", "axes fraction"), textcoords="offset points",
            fontsize=8, ha="right" if late else "left", va="bottom",
        )  # fmt: skip


def draw_lines(axes: Axes, data: Mapping[str, Line], parties: Sequence[str]) -> None:
    """Draw the segments that may be drawn, and the points."""
    for code, line in data.items():
        colour = marker_of(parties.index(code))["color"]
        for segment in line.segments:
            years = [point.year + MIDDLE for point in segment]
            values = [point.value for point in segment]
            axes.plot(years, values, color=colour, linewidth=1.4, zorder=2)
    for point in sorted({p for line in data.values() for p in line.points}):
        stated = [code for code, line in data.items() if point in line.points]
        draw_point(axes, point, [parties.index(code) for code in stated])


def draw_point(axes: Axes, point: Point, places: Sequence[int]) -> None:
    """Draw a value once, with one marker for each party that states it.

    Parties that state the same stand side by side, not on top of one another.
    """
    for order, place in enumerate(places):
        shift = MIDDLE + (order - (len(places) - 1) / 2) * DODGE
        axes.plot(
            [point.year + shift], [point.value],
            linestyle="none", zorder=3, clip_on=False, **marker_of(place),
        )  # fmt: skip
    axes.annotate(
        f"{plain_number(point.value)}", (point.year + MIDDLE, point.value), (0, 7),
        textcoords="offset points", ha="center", va="bottom", fontsize=8.5,
    )  # fmt: skip

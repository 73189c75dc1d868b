"""Paper for a chart: title, unit, panels, notes and sources, placed by measuring.

In here: what every chart has, colours and patterns, and the bytes of a picture. Not
in here: the bars, cells and points of one kind of chart (`charts.py`).

No state of pyplot is used. Sizes are points (1/72 inch). Colours are those of Okabe
and Ito; nothing is told by colour alone.
"""

import io
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path

from pipeline.analyse.disclosure import ProtectedTable
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.wording import Words

FONT = "DejaVu Sans"
INK, SOFT, PALE = "#1a1a1a", "#555555", "#d9d9d9"
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7"),
    *("#56B4E9", "#D55E00", "#F0E442", "#999999"),
)
HATCHES = ("", "//", "..", "xx", "\\\\", "oo", "--", "++")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
STYLE: dict[Any, Any] = {
    "font.family": [FONT],
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "point27",
    "hatch.linewidth": 0.6,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.unicode_minus": True,
}
WIDTH = 780.0
MARGIN = 22.0
LINE = 1.3
DPI = 150


class Work(NamedTuple):
    """A chart to be drawn: what of, from which table, with which words."""

    spec: ChartSpec
    table: ProtectedTable
    lists: Mapping[str, CodeList]
    words: Words
    caption: "Caption"


class Caption(NamedTuple):
    """The words around a picture: title, line below it, and notes with sources."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


class Picture(NamedTuple):
    """A drawn chart: two files and its description in words."""

    svg: bytes
    png: bytes
    alt: str


@dataclass
class Paper:
    """A figure on which panels are placed from the top, in points."""

    figure: Figure
    height: float
    top: float

    def panel(self, left: float, height: float, right: float = MARGIN) -> Axes:
        """Return axes below what is there, `left` and `right` from the edges."""
        self.top -= height
        width = WIDTH - left - right
        box = (
            left / WIDTH,
            self.top / self.height,
            width / WIDTH,
            height / self.height,
        )
        return self.figure.add_axes(box)

    def text(self, words: str, size: float, **style: Any) -> None:
        """Write lines below what is there."""
        lines = wrapped(words, size, WIDTH - 2 * MARGIN, style.get("weight", "normal"))
        for line in lines:
            self.top -= size * LINE
            self.figure.text(
                MARGIN / WIDTH, self.top / self.height, line, fontsize=size, **style
            )

    def legend(self, handles: Sequence[Any], room: float) -> None:
        """Place a legend below what is there, in as many columns as fit."""
        self.figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(MARGIN / WIDTH, self.top / self.height),
            ncols=legend_columns([handle.get_label() for handle in handles]),
            frameon=False,
            fontsize=8.5,
            borderaxespad=0,
            borderpad=0,
            handlelength=2.4,
            handleheight=1.2,
            columnspacing=1.6,
        )
        self.top -= room

    def skip(self, points: float) -> None:
        """Leave room."""
        self.top -= points


def legend_columns(labels: Sequence[str]) -> int:
    """Return how many columns of a legend fit beside one another."""
    widest = max(text_width(label, 8.5) for label in labels) + 50
    return max(1, min(len(labels), int((WIDTH - 2 * MARGIN) // widest)))


def legend_height(labels: Sequence[str]) -> float:
    """Return how much room a legend takes."""
    rows = -(-len(labels) // legend_columns(labels))
    return rows * 17.0 + 8


def style() -> Any:
    """Return a context in which figures have the project's look."""
    return mpl.rc_context(STYLE)


def paper(words: Caption, body: float) -> Paper:
    """Return a figure with its title, high enough for a body and the notes."""
    lines = [(words.title, 14.0, "bold"), (words.subtitle, 10.0, "normal")]
    lines += [(note, 8.0, "normal") for note in words.notes]
    room = WIDTH - 2 * MARGIN
    used = sum(size * LINE * len(wrapped(t, size, room, w)) for t, size, w in lines)
    height = used + body + 2 * MARGIN + 24 + 3 * len(words.notes)
    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor="white")
    sheet = Paper(figure, height, height - MARGIN)
    sheet.text(words.title, 14.0, weight="bold")
    sheet.skip(3)
    sheet.text(words.subtitle, 10.0, color=SOFT)
    sheet.skip(12)
    return sheet


def finish(sheet: Paper, words: Caption, watermark: str) -> None:
    """Write the notes below the panels, and the watermark across them."""
    sheet.skip(6)
    for note in words.notes:
        sheet.text(note, 8.0, color=SOFT)
        sheet.skip(3)
    if watermark:
        sheet.figure.text(
            0.5, 0.5, watermark, fontsize=52, color="#b00000", alpha=0.22,
            rotation=24, ha="center", va="center", weight="bold", zorder=100,
        )  # fmt: skip


@cache
def text_width(words: str, size: float, weight: str = "normal") -> float:
    """Return how wide words are, in points."""
    if not words.strip():
        return 0.0
    font = FontProperties(family=FONT, weight=weight, size=size)
    return float(text_to_path.get_text_width_height_descent(words, font, False)[0])


def wrapped(words: str, size: float, room: float, weight: str = "normal") -> list[str]:
    """Return words in lines that fit a width, by measuring them."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def folded(label: str, characters: int) -> str:
    """Return a label of an axis in lines of a number of characters."""
    return "\n".join(textwrap.wrap(label, characters, break_long_words=False))


def swatch(place: int, label: str) -> Patch:
    """Return the colour and pattern of the part at a place, with its label."""
    return Patch(
        facecolor=COLOURS[place % len(COLOURS)],
        edgecolor=INK,
        linewidth=0.6,
        hatch=HATCHES[place % len(HATCHES)],
        label=label,
    )


def bare(axes: Axes, keep: Sequence[str] = ()) -> None:
    """Take away the frame of axes but for the sides named, and the tick marks."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    axes.tick_params(length=0)


def picture(figure: Figure, alt: str) -> Picture:
    """Return a figure as SVG and PNG; a letter that the font lacks is an error."""
    with style(), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        return Picture(svg_bytes(figure), png_bytes(figure), alt)


def svg_bytes(figure: Figure) -> bytes:
    """Return a figure as SVG without date, maker or anything else that is not shown."""
    buffer = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    canvas: Any = FigureCanvasSVG(figure)  # matplotlib gives `print_svg` no type
    canvas.print_svg(buffer, metadata=nothing)
    return buffer.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """Return a figure as PNG without the name of the program."""
    buffer = io.BytesIO()
    figure.set_dpi(DPI)
    canvas: Any = FigureCanvasAgg(figure)  # matplotlib gives `print_png` no type
    canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()

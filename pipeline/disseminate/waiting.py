"""Shares still waiting after so many days, with their intervals and those at risk.

In here: the points of `promptness` and their drawing, one curve. Not in here: the
estimate (`analyse/survival.py`).

Only published days are drawn: the curve of Kaplan and Meier falls in steps between
them, too, and the line keeps the last share known until the next day.
"""

from collections.abc import Sequence
from math import isnan
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from pipeline.disseminate import drawing as look
from pipeline.disseminate.chart_data import chart_rows, in_order, places_of
from pipeline.disseminate.drawing import Paper, Work
from pipeline.disseminate.wording import bracketed, list_of

LEFT, PANEL, HEADING = 52.0, 190.0, 20.0
AXIS_ROOM = 58.0
WHOLE = 100


class Seen(NamedTuple):
    """What is known of one day: the share still waiting, in per cent, or its mark."""

    day: int
    share: float
    low: float
    high: float
    at_risk: float
    mark: str


def draw_waiting(work: Work) -> tuple[Paper, str]:
    """Return one panel for each code of `by`, and in words."""
    curves = curves_of(work)
    codelist = list_of(work.spec.by, work.table.spec)
    sheet = look.paper(work.caption, len(curves) * (HEADING + PANEL + AXIS_ROOM))
    told = []
    for code, curve in curves.items():
        label = work.words.label(codelist, code)
        sheet.text(label, 10.0, weight="bold")
        sheet.skip(HEADING - 10.0 * look.LINE)
        draw_curve(sheet.panel(LEFT, PANEL), curve)
        sheet.skip(AXIS_ROOM)
        told.append(f"{label}: {', '.join(in_words(one) for one in curve)}.")
    return sheet, " ".join(told)


def curves_of(work: Work) -> dict[str, list[Seen]]:
    """Return code of `by` → what is known of each day, in order.

    Raises:
        DeclarationError: two rows fall on one day; the chart must choose by `where`.
    """
    rows = chart_rows(work.table, work.spec)
    places_of(rows, work.spec)
    days = rows[work.spec.x].astype("int64")
    numbers = ["obs_value", "low", "high", "at_risk"]
    columns = [*numbers, "mark"]
    seen = rows[columns].assign(day=days, mark=rows["mark"].fillna(""))
    seen = seen.astype(dict.fromkeys(numbers, "float64"))
    codelist = list_of(work.spec.by, work.table.spec)
    return {
        code: [
            Seen(*one)
            for one in seen.loc[rows[work.spec.by] == code, ["day", *columns]]
            .sort_values("day")
            .itertuples(index=False, name=None)
        ]
        for code in in_order(rows[work.spec.by], codelist, work.words)
    }


def draw_curve(axes: Axes, curve: Sequence[Seen]) -> None:
    """Draw the shares as steps, their intervals behind them, those at risk below."""
    known = [one for one in curve if not isnan(one.share)]
    days = [one.day for one in known]
    axes.fill_between(
        days, [one.low for one in known], [one.high for one in known],
        step="post", color=look.PALE, linewidth=0, zorder=1,
    )  # fmt: skip
    axes.step(
        [0, *days], [WHOLE, *(one.share for one in known)],
        where="post", color=look.COLOURS[0], linewidth=1.6, zorder=2,
    )  # fmt: skip
    for one in known:
        draw_point(axes, one)
    dress_axes(axes, curve)


def draw_point(axes: Axes, one: Seen) -> None:
    """Draw the share of one day with its number, its mark and its interval."""
    style: dict[str, Any] = {"color": look.COLOURS[0], "zorder": 3, "clip_on": False}
    axes.plot([one.day], [one.share], marker="o", markersize=5, **style)
    axes.vlines(one.day, one.low, one.high, linewidth=1.2, **style)
    said = f"{one.share:.0f}{bracketed(one.mark)}"
    axes.annotate(
        said, (one.day, one.share), (5, 4), textcoords="offset points", fontsize=8.5
    )


def dress_axes(axes: Axes, curve: Sequence[Seen]) -> None:
    """Give a panel its days, a scale from nought to all, and the numbers at risk."""
    axes.set_ylim(0, WHOLE * 1.08)
    axes.set_yticks(range(0, WHOLE + 1, 25))
    axes.set_xlim(0, max(one.day for one in curve) * 1.03)
    axes.set_xticks(
        [0, *(one.day for one in curve)], ["0", *(below(one) for one in curve)]
    )
    axes.tick_params(labelsize=8.5)
    axes.grid(axis="y", color=look.PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(
        "Days since the wait began; below each day, how many were at risk on it",
        fontsize=8.5,
    )
    look.bare(axes, keep=("bottom",))


def below(one: Seen) -> str:
    """Return what stands below a day: the day, and how many were at risk."""
    return f"{one.day}\n{'–' if isnan(one.at_risk) else f'{one.at_risk:,.0f}'}"


def in_words(one: Seen) -> str:
    """Return what is known of one day."""
    if isnan(one.share):
        return f"after {one.day} days {bracketed(one.mark) or 'not known'}"
    told = [f"{one.at_risk:,.0f} at risk"] if not isnan(one.at_risk) else []
    if not isnan(one.low + one.high):
        told.insert(0, f"interval {one.low:.0f} to {one.high:.0f}")
    if one.mark:
        told.append(bracketed(one.mark))
    share = f"after {one.day} days {one.share:.0f} per cent"
    return f"{share} ({'; '.join(told)})" if told else share

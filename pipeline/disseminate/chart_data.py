"""What a chart shows, computed from a protected table. No drawing.

In here: choosing the rows, and turning them into bars, cells or points with labels.
Not in here: colours, sizes, files (`charts.py`, `drawing.py`).

Nothing is added up: a total that is shown is the table's own `_T` row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from pipeline.analyse.disclosure import ProtectedTable, require_protected
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.wording import Words, list_of
from pipeline.errors import DeclarationError
from pipeline.model import TOTAL

Position = tuple[str, str]


class Grid(NamedTuple):
    """Values by two dimensions: (code of `by`, code of `x`) → value.

    `marks` holds the mark of cells that have no value, `states` their state where the
    table has one, `totals` the table's own total of each row.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_labels: dict[str, str]
    column_labels: dict[str, str]
    values: dict[Position, float]
    marks: dict[Position, str]
    states: dict[Position, str]
    totals: dict[str, float]


class Point(NamedTuple):
    """One published value: the middle of its year, and the value."""

    year: int
    value: float


class Line(NamedTuple):
    """The points of one party, and which neighbours may be joined."""

    points: tuple[Point, ...]
    segments: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A day across which nothing is compared."""

    code: str
    label: str
    day: date

    @property
    def place(self) -> float:
        """Return where the break stands on an axis of years."""
        start = date(self.day.year, 1, 1)
        length = (date(self.day.year + 1, 1, 1) - start).days
        return self.day.year + (self.day - start).days / length


def chart_rows(table: ProtectedTable, spec: ChartSpec) -> pd.DataFrame:
    """Return the rows that a chart shows, totals of its two dimensions left out.

    Raises:
        DisclosureError: the table has not been through disclosure control.
        DeclarationError: the chart is of another table, or names a column it lacks.
    """
    rows = chosen(require_protected(table), spec)
    rows = rows[(rows[spec.x] != TOTAL) & (rows[spec.by] != TOTAL)]
    return with_curves(rows) if spec.kind == "waiting" else rows


def with_curves(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of sources of which a curve may be drawn.

    Not of one that names no end, nor of a handful of matters, where every share is
    marked as low in reliability: a line would make more of them than they tell.
    """
    is_firm = rows["obs_value"].notna() & rows["mark"].fillna("").eq("")
    return rows[is_firm.groupby(rows["source_id"]).transform("any")]


def chosen(table: ProtectedTable, spec: ChartSpec) -> pd.DataFrame:
    """Return the rows a chart chooses: by `where`, and totals of what it leaves out."""
    frame = table.frame
    axes = {spec.x, spec.by, spec.panel, spec.labels} - {""}
    named = axes | set(spec.where) | set(spec.free)
    if table.name != spec.table or (named - set(frame.columns)):
        raise DeclarationError(
            f"charts/{spec.chart}.yml: is of {spec.table}, drawn from {table.name}; "
            f"columns not in it: {sorted(named - set(frame.columns))}"
        )
    keep = pd.Series(True, index=frame.index)
    for column, codes in spec.where.items():
        keep &= frame[column].astype("str").isin(codes)
    for column in ({*table.spec.dimensions, "time_period"}) - named:
        keep &= frame[column] == TOTAL
    return frame[keep]


class Panel(NamedTuple):
    """One part of a chart: its code, and its heading with the unit it needs."""

    code: str
    heading: str


def panels(table: ProtectedTable, spec: ChartSpec, words: Words) -> list[Panel]:
    """Return the parts of a chart in order; one without a heading where it has none.

    A heading names its unit where the parts differ in unit.
    """
    if not spec.panel:
        return [Panel("", "")]
    rows = chart_rows(table, spec)
    codelist = list_of(spec.panel, table.spec)
    several = rows["unit_measure"].nunique() > 1
    found = []
    for code in in_order(rows[spec.panel], codelist, words):
        units = rows.loc[rows[spec.panel] == code, "unit_measure"].dropna().unique()
        unit = ", ".join(words.label("unit", str(one)) for one in sorted(units))
        heading = words.label(codelist, code)
        found.append(Panel(code, f"{heading}. Unit: {unit}" if several else heading))
    return found


def grid(table: ProtectedTable, spec: ChartSpec, words: Words, panel: str = "") -> Grid:
    """Return the values of a chart by its two dimensions.

    Raises:
        DeclarationError: two rows fall on one place; the chart must choose by `where`.
    """
    rows = of_panel(chart_rows(table, spec), spec, panel)
    places = places_of(rows, spec)
    by_list, x_list = list_of(spec.by, table.spec), list_of(spec.x, table.spec)
    states = rows["state"] if "state" in rows else pd.Series("", index=rows.index)
    told = rows[spec.labels or spec.by]
    if not spec.labels:
        told = told.map(partial(words.label, by_list))
    values = dict(zip(places, rows["obs_value"], strict=True))
    marks = dict(zip(places, rows["mark"].fillna("").astype("str"), strict=True))
    return Grid(
        in_order(rows[spec.by], by_list, words),
        in_order(rows[spec.x], x_list, words),
        dict(zip(rows[spec.by], told.astype("str"), strict=True)),
        {code: words.label(x_list, code) for code in rows[spec.x].unique()},
        {place: float(value) for place, value in values.items() if pd.notna(value)},
        {place: mark for place, mark in marks.items() if pd.isna(values[place])},
        dict(zip(places, states.fillna("").astype("str"), strict=True)),
        row_totals(table, spec, panel),
    )


def places_of(rows: pd.DataFrame, spec: ChartSpec) -> list[Position]:
    """Return where each row stands in a grid. Raises DeclarationError where two do."""
    places = list(zip(rows[spec.by], rows[spec.x], strict=True))
    if len(set(places)) < len(places):
        twice = sorted({f"{by}/{x}" for by, x in places if places.count((by, x)) > 1})
        raise DeclarationError(
            f"charts/{spec.chart}.yml: several rows of {spec.table} fall on "
            f"{', '.join(twice[:5])}; choose by `where`"
        )
    return places


def row_totals(table: ProtectedTable, spec: ChartSpec, panel: str) -> dict[str, float]:
    """Return the table's own total of each row of a grid, where it has one."""
    rows = of_panel(chosen(table, spec), spec, panel)
    rows = rows[(rows[spec.x] == TOTAL) & rows["obs_value"].notna()]
    return {
        str(code): float(value)
        for code, value in zip(rows[spec.by], rows["obs_value"], strict=True)
    }


def of_panel(rows: pd.DataFrame, spec: ChartSpec, panel: str) -> pd.DataFrame:
    """Return the rows of one panel."""
    return rows[rows[spec.panel] == panel] if spec.panel else rows


def in_order(codes: pd.Series, codelist: str, words: Words) -> tuple[str, ...]:
    """Return the codes that occur, in the order of their list."""
    return tuple(
        sorted(codes.unique(), key=lambda code: words.rank(codelist, str(code)))
    )


def years_between(columns: Sequence[str]) -> tuple[str, ...]:
    """Return every year from the first to the last, so that a gap is seen as one.

    What is no year (`_U`) stands after them.
    """
    years = [int(column) for column in columns if column.isdecimal()]
    rest = [column for column in columns if not column.isdecimal()]
    every = range(min(years), max(years) + 1) if years else ()
    return (*(str(year) for year in every), *rest)


OF_ONE_LINE = ("ref_area", "unit_measure", "basis", "qualifier")
"""What is no dimension, and must be the same in all points that a line joins."""


def lines(
    table: ProtectedTable, spec: ChartSpec, breaks: Sequence[Break], panel: str = ""
) -> dict[str, Line]:
    """Return the points of each party, and the neighbours that may be joined.

    Two points are joined when they are of the same party, in consecutive years, equal
    in all other dimensions, in unit, country, basis and how exact they are, and both
    years lie wholly on one side of every break.
    """
    rows = of_panel(chart_rows(table, spec), spec, panel)
    rows = rows[rows["obs_value"].notna()]
    named = [*table.spec.dimensions, *(n for n in OF_ONE_LINE if n in rows)]
    others = [name for name in named if name not in {spec.by, spec.x, "figure_id"}]
    found = {}
    for party, mine in rows.groupby(spec.by, sort=True):
        segments: list[tuple[Point, Point]] = []
        for _, series in mine.groupby(others, dropna=False):
            segments += joined(points_of(series, spec), breaks)
        found[str(party)] = Line(tuple(points_of(mine, spec)), tuple(segments))
    return found


def points_of(rows: pd.DataFrame, spec: ChartSpec) -> list[Point]:
    """Return the points of rows, by year. A period that is not a year stops the run."""
    odd = sorted({str(p) for p in rows[spec.x] if not str(p).isdecimal()})
    if odd:
        raise DeclarationError(
            f"charts/{spec.chart}.yml: {', '.join(odd)} is no year; choose by `where`"
        )
    pairs = zip(rows[spec.x], rows["obs_value"], strict=True)
    return sorted(Point(int(year), float(value)) for year, value in pairs)


def joined(
    points: Sequence[Point], breaks: Sequence[Break]
) -> list[tuple[Point, Point]]:
    """Return the neighbours that a line may join."""
    return [
        (one, next_one)
        for one, next_one in pairwise(points)
        if next_one.year == one.year + 1
        and not any(one.year < b.place < next_one.year + 1 for b in breaks)
    ]


def breaks_of(spec: ChartSpec, lists: Mapping[str, CodeList]) -> tuple[Break, ...]:
    """Return the breaks that a chart names, with their days, from the code list.

    Raises:
        DeclarationError: the list has no such break.
    """
    if not spec.breaks:
        return ()
    days, labels = lists["break"].column("date"), Words(lists)
    if unknown := sorted(set(spec.breaks) - set(days)):
        raise DeclarationError(f"charts/{spec.chart}.yml: no such break: {unknown}")
    return tuple(
        Break(code, labels.label("break", code), date.fromisoformat(days[code]))
        for code in sorted(spec.breaks, key=lambda code: days[code])
    )

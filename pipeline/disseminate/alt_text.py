"""Charts in words, for those who cannot see them. Every number shown is said."""

from collections.abc import Mapping

from pipeline.disseminate.chart_data import Grid, Line
from pipeline.disseminate.files import plain_number
from pipeline.disseminate.wording import bracketed


def grid_in_words(data: Grid) -> str:
    """Return the values of a grid, row by row."""
    said = []
    for row in data.rows:
        parts = [
            f"{data.column_labels[column]} {cell_in_words(data, (row, column))}"
            for column in data.columns
            if (row, column) in data.values or data.marks.get((row, column))
        ]
        said.append(f"{data.row_labels[row]}: {', '.join(parts) or 'none'}.")
    return " ".join(said)


def cell_in_words(data: Grid, place: tuple[str, str]) -> str:
    """Return one value, or its mark."""
    if place in data.values:
        return str(plain_number(data.values[place]))
    return bracketed(data.marks.get(place, ""))


def coverage_in_words(data: Grid) -> str:
    """Return for each row in which years something exists."""
    said = []
    for row in data.rows:
        years = [
            f"{data.column_labels[year]} ({plain_number(data.values[row, year])})"
            for year in data.columns
            if (row, year) in data.values
        ]
        rest = "nothing for the other years" if years else "nothing for any year"
        said.append(f"{data.row_labels[row]}: {', '.join([*years, rest])}.")
    return " ".join(said)


def lines_in_words(data: Mapping[str, Line], parties: Mapping[str, str]) -> str:
    """Return the points of each party."""
    return " ".join(
        f"{parties[code]}: "
        + ", ".join(f"{p.year} {plain_number(p.value)}" for p in line.points)
        + "."
        for code, line in data.items()
    )

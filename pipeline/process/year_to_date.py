"""Turn year-to-date figures into increments: what each further period added.

In here: which figures form one series, differencing, gaps and falls. Not in here:
conflicts between figures (`rules/`); adding figures up, which is never done: a
year-to-date form of March contains that of February.
"""

from collections.abc import Sequence

import pandas as pd

from pipeline.lineage import stable_ids
from pipeline.process.parse import DAY
from pipeline.process.period import time_period
from pipeline.process.same_record import places
from schemas.figures import DIMENSIONS

YEAR_TO_DATE, EXACT = "CUMULATIVE_YTD", "EXACT"
SERIES = (
    *("source_id", "indicator", "ref_area", *(field.name for field in DIMENSIONS)),
    *("term_months_low", "term_months_high", "unit", "basis", "stated_by"),
)
"""What all figures of one series share; with the first day of the year."""

COLUMNS = {
    "increment_id": "Identifier of the increment.",
    **dict.fromkeys(SERIES, ""),
    "year_start": "First day of the year that the figures count from.",
    "period_start": "First day of what the increment covers.",
    "period_end": "Last day of what the increment covers.",
    "time_period": "The period, named as in published tables.",
    "freq": "Its frequency: A, S, Q, M, or N where it is none of these.",
    "value": "The later figure less the one before; negative where the series falls.",
    "fell": "YES where the series falls: a revision of the source, not a count.",
    "missing": "How many figures are missing before the later one: the increment "
    "spans them.",
    "from_figure": "Figure at the end before; empty for the first of the year.",
    "to_figure": "Figure at the end.",
    "from_record_id": "Record of the figure at the end before.",
    "to_record_id": "Record of the figure at the end.",
    "from_vintage": "Vintage that the figure at the end before is from.",
    "to_vintage": "Vintage that the figure at the end is from.",
    "to_place": "file!sheet!cell of the figure at the end.",
}
ONE_DAY = pd.Timedelta(days=1)


def increments(figures: pd.DataFrame) -> pd.DataFrame:
    """Return what each year-to-date figure adds to the one before it in its year.

    Of several vintages that state one end the latest counts. An end that one vintage
    states twice with two values is left out, as if it were missing: nobody can tell
    which is meant. So is a figure that is not exact, or has no exact period.

    Args:
        figures: figures as in `core`, with the column `vintage`; those of earlier
            vintages too, since a form may hold only its own month.
    """
    series = [*SERIES, "period_start"]
    known = latest_of_each_end(usable(figures), series)
    known = known.sort_values([*series, "period_end"], na_position="first")
    before = known.groupby(series, dropna=False, sort=False).shift()
    first_day = (before["period_end"] + ONE_DAY).fillna(known["period_start"])
    spanned = months_to(first_day, known["period_end"])
    keys = [known[name] for name in series]
    step = spanned.groupby(keys, dropna=False).transform("min")
    value = known["value"] - before["value"].fillna(0)
    found = known[[*SERIES]].assign(
        year_start=known["period_start"],
        period_start=first_day,
        period_end=known["period_end"],
        value=value,
        fell=value.lt(0).map({True: "YES", False: "NO"}),
        missing=(spanned / step).round().sub(1).clip(lower=0).astype("int64"),
        **ends(known, before),
        to_place=places(known),
    )
    return finished(found)


def usable(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the exact year-to-date figures whose period is known to the day."""
    is_meant = figures["period_type"].eq(YEAR_TO_DATE) & figures["value"].notna()
    is_meant &= figures["qualifier"].eq(EXACT)
    for name in ("period_start", "period_end"):
        is_meant &= figures[f"{name}_precision"].eq(DAY)
    same_year = figures["period_end"] < figures["period_start"] + pd.DateOffset(years=1)
    return figures[is_meant & same_year]


def latest_of_each_end(figures: pd.DataFrame, series: Sequence[str]) -> pd.DataFrame:
    """Return one figure for each end of each series: that of the latest vintage."""
    end = [*series, "period_end"]
    newest = figures.groupby(end, dropna=False)["vintage"].transform("max")
    latest = figures[figures["vintage"] == newest].drop_duplicates([*end, "value"])
    return latest[~latest.duplicated(end, keep=False)]


def months_to(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return how many months a period touches, at least one."""
    years, months = end.dt.year - start.dt.year, end.dt.month - start.dt.month
    touched: pd.Series = (years * 12 + months + 1).clip(lower=1)
    return touched


def ends(known: pd.DataFrame, before: pd.DataFrame) -> dict[str, pd.Series]:
    """Return figure, record and vintage of both ends."""
    named = {"figure": "figure_id", "record_id": "record_id", "vintage": "vintage"}
    found = {}
    for name, column in named.items():
        found[f"from_{name}"] = before[column].fillna("").astype("str")
        found[f"to_{name}"] = known[column].astype("str")
    return found


def finished(found: pd.DataFrame) -> pd.DataFrame:
    """Return increments with their identifiers and the names of their periods."""
    named = found.assign(**time_period(found["period_start"], found["period_end"]))
    named["increment_id"] = stable_ids(
        named[["from_record_id", "to_record_id"]], "increment"
    )
    order = ["source_id", "indicator", "period_end", "increment_id"]
    return named.sort_values(order, ignore_index=True)[[*COLUMNS]]

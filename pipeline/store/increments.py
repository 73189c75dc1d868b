"""`core.increments`: year-to-date figures differenced; and periods delivered twice.

In here: gathering figures of all vintages and keeping the result. Not in here:
differencing (`process/year_to_date.py`).
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.errors import UnknownCodeError
from pipeline.process.classify import Coding, code_column
from pipeline.process.same_record import places
from pipeline.process.validate import review
from pipeline.process.year_to_date import COLUMNS, SERIES, YEAR_TO_DATE, increments
from pipeline.store.core import notes_of
from pipeline.store.vintages import days_read, raw_records, readings
from pipeline.warehouse import Warehouse
from schemas.figures import FIGURES

DESCRIPTION = (
    "What each further period added to a year-to-date figure. Never add up the figures "
    "themselves: that of March contains that of February."
)
SUBJECT = (*SERIES, "period_type", "period_start", "period_end")


def store_increments(
    warehouse: Warehouse, sources: Mapping[str, Source], lists: Mapping[str, CodeList]
) -> pd.DataFrame:
    """Difference the year-to-date figures of all sources and keep the increments.

    A monthly form may hold only its own month, so that earlier vintages count too.
    """
    current = warehouse.read(
        "SELECT f.*, d.vintage FROM core.figures f JOIN meta.delivery d "
        "USING (source_id, delivery_id) WHERE d.is_current AND f.period_type = ?",
        [YEAR_TO_DATE],
    )
    earlier = [
        part
        for source in sources.values()
        if FIGURES.name in source.records
        for part in earlier_figures(warehouse, source, lists)
    ]
    found = increments(pd.concat([current, *earlier], ignore_index=True))
    warehouse.replace(
        "core.increments", found, DESCRIPTION, notes_of(FIGURES) | notes()
    )
    return found


def notes() -> dict[str, str]:
    """Return the descriptions of the columns that no figure has."""
    return {name: text for name, text in COLUMNS.items() if text}


def earlier_figures(
    warehouse: Warehouse, source: Source, lists: Mapping[str, CodeList]
) -> Iterator[pd.DataFrame]:
    """Yield the accepted year-to-date figures of each vintage before the latest."""
    coding = Coding(source, lists)
    days = days_read(warehouse, source.source)
    latest = readings(warehouse, source.source, days[-1])
    for day in days[:-1]:
        read = readings(warehouse, source.source, day)
        raw = raw_records(warehouse, FIGURES, [d for d in read if d not in latest])
        sort = code_column(raw, FIGURES.field("period_type"), coding).codes
        raw = raw[sort.eq(YEAR_TO_DATE).to_numpy()].reset_index(drop=True)
        if raw.empty:
            continue
        try:
            reviewed = review(raw, FIGURES, {source.source: source}, lists)
        except UnknownCodeError:
            # No build with this vintage ended well: nothing of it was ever accepted.
            continue
        yield reviewed.accepted.assign(vintage=day)


def delivered_twice(warehouse: Warehouse) -> pd.DataFrame:
    """Return figures of one period that two files of one vintage both bring.

    A figure that says of which other it is a retelling is none of them.
    """
    figures = warehouse.read(
        "SELECT * FROM core.figures WHERE period_start IS NOT NULL AND origin IS NULL "
        "ORDER BY source_id, file, sheet, row, cell"
    )
    files = figures.groupby([*SUBJECT], dropna=False)["file"]
    twice = figures[files.transform("nunique") > 1]
    first = twice.groupby([*SUBJECT], dropna=False)["record_id"].transform("first")
    told = places(twice)
    known = dict(zip(twice["record_id"], told, strict=True))
    found = pd.DataFrame({"place": told, "also_at": first.map(known)})
    is_other = twice["record_id"] != first
    return found[is_other].sort_values("place", ignore_index=True)

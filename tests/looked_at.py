"""What tests of `inspect` share: a file in memory, of a source with two layouts."""

from pathlib import Path
from typing import Literal

from collected import sheet_of

from pipeline.collect.intake import where_of
from pipeline.collect.layout import Where
from pipeline.declarations.layouts import CrosstabSheet, FlatSheet, SheetLayout
from pipeline.declarations.sources import Source, SourceFile
from pipeline.inspect.seen import SeenFile, see_sheet
from pipeline.model import Delivery, Merge, Sheet

Sensitivity = Literal["public", "restricted"]
FLAT = FlatSheet(
    sheet="S",
    record="complaints",
    layout="flat",
    columns={
        "No.": "complaint_id",
        "Received": "received_on",
        "Channel": "channel",
        "Sex": "sex",
        "Held": "deprived_of_liberty",
        "Body": "accused_body",
        "People": "persons_count",
        "Person": "person_key",
    },
    dropped={"Story": "free text"},
    notes=("Note:",),
)
HEADS: list[str | None] = [*FLAT.columns, *FLAT.dropped]
NAME, STORY = "Qwertyuiop Asdfghjkl", "long story of zxcvbnm"
GOOD: list[str | None] = [
    *("C-1", "2014-05-31", "NGO", "F", "YES", "MIA", "1", NAME, STORY),
]
CROSS = CrosstabSheet(
    sheet="S",
    record="figures",
    layout="crosstab",
    stub="Offence",
    rows={
        "all": {"charge": "ALL_OFFENCES"},
        "torture": {"charge": "CC14-146"},
    },
    columns={
        "Registered": {"indicator": "REGISTERED_CASE", "unit": "CASE"},
        "Closed": {"indicator": "DISCONTINUED", "unit": "CASE"},
    },
    constants={
        "ref_area": "KZ",
        "period_start": "2021-01-01",
        "period_end": "2021-12-31",
        "period_type": "CALENDAR_YEAR",
        "qualifier": "EXACT",
        "stated_by": "CLSSA",
        "document": "D-1",
    },
    notes=("Note:",),
)
FORM: list[list[str | None]] = [
    ["Form 1", None, None],
    ["Offence", "Registered", "Closed"],
    ["all", "100", "40"],
    ["torture", "7", "3"],
    ["Note: by hand", None, None],
]


def source_of(*layouts: SheetLayout, sensitivity: Sensitivity = "public") -> Source:
    """Return a source with one file of these sheets."""
    return Source(
        source="src",
        title="A source",
        publisher="P",
        licence="L",
        language="en",
        ref_area="KZ",
        sensitivity=sensitivity,
        coverage="register",
        files=(SourceFile(file="f.xlsx", sheets=layouts),),
    )


def delivery_of(name: str = "f.xlsx") -> Delivery:
    """Return a delivery that nobody opens."""
    return Delivery("src", "2026-01-31", name, "0" * 64, 1, Path(name))


def seen(
    rows: list[list[str | None]] | Sheet,
    layout: SheetLayout | None = FLAT,
    *merged: Merge,
    sensitivity: Sensitivity = "public",
    is_owned: bool = True,
) -> SeenFile:
    """Return a file of one sheet, looked at.

    Args:
        rows: its cells, or the sheet itself.
        layout: its layout, if one is declared.
        merged: merged ranges.
        sensitivity: of its source.
        is_owned: whether any source declares it.
    """
    sheet = rows if isinstance(rows, Sheet) else sheet_of(rows, *merged)
    delivery = delivery_of()
    if not is_owned:
        one = see_sheet(sheet, None, Where(delivery, sheet.name))
        return SeenFile(delivery, None, (one,))
    source = source_of(layout or FLAT, sensitivity=sensitivity)
    one = see_sheet(sheet, layout, where_of(source, delivery, sheet.name))
    return SeenFile(delivery, source, (one,))

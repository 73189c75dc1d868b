"""Draft one sheet: its tables, where each stands, its titles, notes and periods.

In here: what is told of a sheet around its tables. Not in here: the inside of a table
(`flat_draft.py`, `cross_draft.py`), the file (`source_draft.py`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.collect.area import PERIOD_FIELDS
from pipeline.collect.period_words import read_period
from pipeline.declarations.codelists import normalise
from pipeline.lineage import address
from pipeline.model import Sheet
from pipeline.propose.context import Context
from pipeline.propose.cross_draft import cross_draft
from pipeline.propose.cross_frame import is_crosstab, parts_of
from pipeline.propose.edges import Place, place_keys
from pipeline.propose.flat_draft import flat_draft
from pipeline.propose.looks import Look, View, view_of
from pipeline.propose.nodes import FILL_IN, Flow, Noted
from pipeline.propose.notes import note_rows, note_starts, notes_from, stray_texts
from pipeline.propose.regions import first_text, regions_of, texts_between
from pipeline.propose.signs import footnotes_of

SHOWN_ROWS = 12


def sheet_draft(sheet: Sheet, file: str, context: Context) -> dict[str, Any]:
    """Return the draft of one sheet."""
    view = view_of(sheet, context.marks)
    regions = regions_of(view, context.table_words)
    tree: dict[str, Any] = {"sheet": sheet.name}
    if not regions or is_no_data(view, context):
        told = f"{FILL_IN}: no table of data found in {int(view.filled.sum())} cells"
        return tree | {"non_data": told}
    tree |= hidden_keys(sheet)
    parts = parts_of(view, regions)
    end = notes_from(view, parts[-1].region, context)
    if end:
        tree["notes_from"] = end
    place = Place(view, parts, file, bool(end))
    tables = [table_draft(place, number, context) for number in range(len(parts))]
    if len(tables) == 1:
        return tree | tables[0]
    strays = stray_texts(place)
    return tree | ({"notes": strays} if strays else {}) | {"tables": tables}


def is_no_data(view: View, context: Context) -> bool:
    """Return whether a sheet by its name and look holds no table of data."""
    names = context.words.words("role", "no data sheet")
    form = normalise(view.sheet.name.replace("_", " "))
    has_numbers = (view.looks == Look.NUMBER).sum() > 0.2 * view.filled.sum()
    return form in names and not has_numbers


def hidden_keys(sheet: Sheet) -> dict[str, Any]:
    """Return what is told where rows, columns or the sheet are hidden."""
    rows = [str(row + 1) for row in sheet.hidden_rows]
    columns = [address(0, at)[:-1] for at in sheet.hidden_columns]
    told = ["the sheet itself"] * sheet.is_hidden
    for name, found in (("rows", rows), ("columns", columns)):
        if found:
            more = " …" if found[SHOWN_ROWS:] else ""
            told.append(f"{name} {', '.join(found[:SHOWN_ROWS])}{more}")
    if not told:
        return {}
    return {"hidden": Noted(FILL_IN, f"hidden: {'; '.join(told)}; refuse or use them?")}


def table_draft(place: Place, number: int, context: Context) -> dict[str, Any]:
    """Return the draft of one table of a sheet."""
    view, part = place.view, place.parts[number]
    region = part.region
    is_last = number + 1 == len(place.parts)
    notes = [] if place.has_end and is_last else note_rows(view, region, part.head)
    texts = [first_text(view, row) for row in (*notes, *region.after)]
    signs = footnotes_of(view, range(region.top, region.stop), texts)
    context.has_financial_years = False
    if is_crosstab(view, part):
        tree = cross_draft(view, part, context, dict.fromkeys(signs, "note"))
    else:
        tree = flat_draft(view, region, part.head, context)
    around = place_keys(place, number)
    first = {"record": tree.pop("record"), "layout": tree.pop("layout")}
    if signs:
        tree["footnotes"] = {
            sign: Noted("note", f"{why}; or r, p, e, c, x")
            for sign, why in signs.items()
        }
    if context.has_financial_years:
        tree["fiscal_start"] = Noted(FILL_IN, "month in which its years begin, 2 to 12")
    tree |= period_keys(place, number, tree)
    if told := note_starts(view, notes, signs):
        tree["notes"] = told
    remark: dict[str, Any] = around.pop("remark")
    return remark | first | around | tree


def period_keys(place: Place, number: int, tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the period of a table is told, and drop its constants."""
    constants = tree.get("constants", {})
    if "period_type" not in constants:
        return {}
    for where, texts in around_table(place, number):
        read = {(p.start, p.end): p for t in texts if (p := read_period(t))}
        if not read:
            continue
        one = next(iter(read.values()))
        seen = f"{one.start} to {one.end}"
        for name in PERIOD_FIELDS:
            constants.pop(name, None)
        told = {"where": where, "period_type": one.period_type}
        if len(read) > 1:
            told["pattern"] = FILL_IN
            seen = f"several are told, the first {seen}: which?"
        return {"period": Noted(Flow(told), seen)}
    return {}


def around_table(place: Place, number: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts that may state a period: titles, name of sheet and of file."""
    view, regions = place.view, place.regions
    start = max((one.stop for one in regions[:number]), default=0)
    rows = texts_between(view, start, regions[number].top)
    yield "title", [text for row in rows for text in view.row(row).values()]
    yield "sheet_name", [view.sheet.name]
    yield "file_name", [Path(place.file).stem]

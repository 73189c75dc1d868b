"""The charts: from a declaration and a protected table to pictures and words.

In here: the caption of a chart, which drawing is its own, its files. Not in here: the
numbers (`chart_data.py`), the drawings (`bars.py`, `matrices.py`, `series.py`,
`waiting.py`).
"""

from collections.abc import Callable
from pathlib import Path

from pipeline.analyse.disclosure import ProtectedTable, require_protected
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate import drawing as look
from pipeline.disseminate.bars import draw_bars
from pipeline.disseminate.chart_data import chart_rows
from pipeline.disseminate.drawing import Caption, Paper, Picture, Work
from pipeline.disseminate.edition import Reference, sources_of
from pipeline.disseminate.matrices import draw_counts, draw_coverage
from pipeline.disseminate.series import draw_series
from pipeline.disseminate.waiting import draw_waiting
from pipeline.disseminate.wording import (
    SYNTHETIC,
    Words,
    bracketed,
    coverage_statements,
)
from pipeline.errors import DeclarationError
from pipeline.model import SEPARATOR

KINDS: dict[str, Callable[[Work], tuple[Paper, str]]] = {
    "stacked_bars": draw_bars,
    "matrix_counts": draw_counts,
    "series": draw_series,
    "coverage": draw_coverage,
    "waiting": draw_waiting,
}
OF_ONE_SOURCE = ("cube", "promptness")
"""Tables of which a chart shows one source: lists of several offices overlap."""


def write_chart(
    spec: ChartSpec, table: ProtectedTable, reference: Reference, folder: Path
) -> list[Path]:
    """Draw a chart and write it as SVG, PNG and a description in words.

    Raises:
        DisclosureError: the table has not been through disclosure control.
    """
    drawn = draw_chart(spec, table, reference)
    stem = f"{spec.chart}_synthetic" if table.synthetic else spec.chart
    files = {
        folder / f"{stem}.svg": drawn.svg,
        folder / f"{stem}.png": drawn.png,
        folder / f"{stem}.alt.txt": f"{drawn.alt}\n".encode(),
    }
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def draw_chart(spec: ChartSpec, table: ProtectedTable, reference: Reference) -> Picture:
    """Return a chart as pictures and words.

    Raises:
        DisclosureError: the table has not been through disclosure control.
        DeclarationError: the chart chooses no row of its table.
    """
    if chart_rows(require_protected(table), spec).empty:
        raise DeclarationError(f"charts/{spec.chart}.yml: no row of {spec.table} fits")
    words = Words(reference.lists)
    caption = caption_of(spec, table, reference)
    with look.style():
        work = Work(spec, table, reference.lists, words, caption)
        sheet, told = KINDS[spec.kind](work)
        look.finish(sheet, caption, SYNTHETIC if table.synthetic else "")
    parts = [
        f"{caption.title}.",
        f"{caption.subtitle}.",
        spec.alt,
        told,
        *caption.notes,
    ]
    return look.picture(sheet.figure, " ".join(part.strip() for part in parts))


def caption_of(spec: ChartSpec, table: ProtectedTable, reference: Reference) -> Caption:
    """Return the title, the unit, the notes and the sources of a chart."""
    sources = sources_shown(spec, table, reference)
    named = "; ".join(f"{one.title} ({one.licence.rstrip('.')})" for one in sources)
    notes = [*spec.notes, *coverage_statements(sources)]
    if marks := marks_shown(spec, table, Words(reference.lists)):
        notes.append(marks)
    return Caption(
        f"{SYNTHETIC}: {spec.title}" if table.synthetic else spec.title,
        f"Unit: {spec.unit}",
        (*notes, f"Sources: {named or 'none'}."),
    )


def sources_shown(
    spec: ChartSpec, table: ProtectedTable, reference: Reference
) -> list[Source]:
    """Return the sources of the rows that a chart shows, not of the whole table."""
    rows = chart_rows(table, spec)
    used = sources_of([table], reference)
    named = {*rows["source_id"]}
    if not named <= {*used}:
        # A row that rests on several sources names none of them.
        traced = table.provenance
        named = {*traced.loc[traced["cell_id"].isin(rows["cell_id"]), "source_id"]}
    return [one for name, one in used.items() if name in named]


def of_each_source(
    spec: ChartSpec, table: ProtectedTable, reference: Reference
) -> list[ChartSpec]:
    """Return a chart for each source of a table of registers; else the chart itself.

    Lists of several offices overlap: nothing is drawn over them together.
    """
    named = sorted({*chart_rows(table, spec)["source_id"]})
    if table.spec.built not in OF_ONE_SOURCE or len(named) < 2:
        return [spec]
    return [
        spec.model_copy(
            update={
                "chart": f"{spec.chart}_{name}",
                "title": f"{spec.title}: {reference.sources[name].title}",
                "where": spec.where | {"source_id": (name,)},
            }
        )
        for name in named
    ]


def marks_shown(spec: ChartSpec, table: ProtectedTable, words: Words) -> str:
    """Return what the marks that stand in a chart mean; coverage shows a pattern."""
    if spec.kind == "coverage":
        return ""
    rows = chart_rows(table, spec)
    # Elsewhere the mark of a number stands in the table alone.
    shown = rows["obs_value"].isna() | (spec.kind == "waiting")
    marks = rows.loc[shown, "mark"].dropna().astype("str")
    codes = sorted({code for mark in marks for code in mark.split(SEPARATOR) if code})
    return "; ".join(f"{bracketed(c)} {words.label('mark', c).lower()}" for c in codes)

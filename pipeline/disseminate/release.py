"""A release: one folder per day with files, charts, workbook, codes and a manifest.

In here: what a release holds, its manifest, and how it is put in place as a whole.
Not in here: how one file is written.

Nothing here reads a clock or the name of a machine: built twice from the same input a
release is the same, byte for byte.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.analyse.disclosure import RULE, ProtectedTable, require_protected
from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.chart_data import chart_rows
from pipeline.disseminate.charts import of_each_source, write_chart
from pipeline.disseminate.edition import Edition, Reference, sources_of
from pipeline.disseminate.files import (
    csv_bytes,
    write_csv,
    write_parquet,
    write_parquet_frame,
)
from pipeline.disseminate.wording import SYNTHETIC, coverage_statements
from pipeline.disseminate.workbook import write_workbook
from pipeline.errors import DeclarationError
from schemas.outputs import PROVENANCE

MANIFEST = "manifest.json"
LIBRARIES = ("point27", "pandas", "numpy", "pyarrow", "xlsxwriter", "matplotlib")
"""The libraries that shape the bytes of a release."""
LARGE = 20_000
"""Pairs of cell and record above which a table's are told by groups of records."""
IN_THE_FOLDER = (
    "point27*.xlsx  all tables for reading, with notes, sources and codes",
    "csv/           one file per table: UTF-8, comma, codes as in codelists/",
    "parquet/       the same tables as Parquet",
    "charts/        each chart as SVG and PNG, and in words (.alt.txt)",
    "codelists/     what the codes mean, and how far each label may be trusted",
    "provenance*    for each published cell the file, sheet and cell it rests on; of",
    "               large tables in two: the cells and their groups of records",
    "               (leaf_no), and the records of each group",
    "manifest.json  inputs and outputs with SHA-256, versions, refused tables",
    "",
    "obs_value is empty where there is no number; `mark` says why.",
    "In CSV a text that begins like a formula has a leading apostrophe.",
)


class NotDrawn(NamedTuple):
    """A chart that is not in the release, and why."""

    chart: str
    reason: str


def write_release(
    tables: Sequence[ProtectedTable],
    charts: Sequence[ChartSpec],
    reference: Reference,
    edition: Edition,
    folder: Path,
) -> Path:
    """Write a release into folder/<date>, replacing one of the same date as a whole.

    Raises:
        DisclosureError: a table has not been through disclosure control; nothing is
            written.
        DeclarationError: a chart is of a table that is neither here nor refused.
    """
    protected = sorted((require_protected(t) for t in tables), key=lambda t: t.name)
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{edition.release_date}-", dir=folder))
    try:
        fill(beside, protected, charts, reference, edition)
        return put_in_place(beside, folder / edition.release_date)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def installed_versions() -> dict[str, str]:
    """Return the versions of point27 and of the libraries that shape the bytes."""
    return {name: version(name) for name in LIBRARIES}


def fill(
    folder: Path,
    tables: Sequence[ProtectedTable],
    charts: Sequence[ChartSpec],
    reference: Reference,
    edition: Edition,
) -> None:
    """Write every file of a release into an empty folder."""
    folder.chmod(0o755)
    for name in ("csv", "parquet", "charts", "codelists"):
        (folder / name).mkdir()
    for table in tables:
        write_csv(table, folder / "csv")
        write_parquet(table, folder / "parquet")
    not_drawn = draw_all(charts, tables, reference, edition, folder / "charts")
    book = f"point27{suffix(tables)}-{edition.release_date}.xlsx"
    write_workbook(tables, reference, edition, folder / book)
    for name, codelist in reference.lists.items():
        content = csv_bytes(codelist.rows)
        (folder / "codelists" / f"{name}.csv").write_bytes(content)
    write_provenance(tables, folder)
    (folder / "README.txt").write_bytes(readme(tables, reference, edition).encode())
    manifest = manifest_of(folder, tables, edition, not_drawn)
    (folder / MANIFEST).write_bytes(manifest)


def put_in_place(beside: Path, target: Path) -> Path:
    """Put a finished folder in the place of an older one, which is then removed.

    A folder cannot be replaced in one step on every file system: the old one steps
    aside and comes back if the new one cannot take its place.
    """
    if not target.exists():
        return beside.rename(target)
    aside = target.with_name(f"{beside.name}-old")
    target.rename(aside)
    try:
        beside.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside)
    return target


def draw_all(
    charts: Sequence[ChartSpec],
    tables: Sequence[ProtectedTable],
    reference: Reference,
    edition: Edition,
    folder: Path,
) -> list[NotDrawn]:
    """Draw the charts; return those whose table is refused or has no row for them."""
    known = {table.name: table for table in tables}
    refused = {refusal.table for refusal in edition.refused}
    left_out = []
    for spec in sorted(charts, key=lambda chart: chart.chart):
        if spec.table in known and not chart_rows(known[spec.table], spec).empty:
            for one in of_each_source(spec, known[spec.table], reference):
                write_chart(one, known[spec.table], reference, folder)
        elif spec.table in known:
            left_out.append(NotDrawn(spec.chart, f"no row of {spec.table} fits"))
        elif spec.table in refused:
            left_out.append(NotDrawn(spec.chart, f"{spec.table} is refused"))
        else:
            raise DeclarationError(
                f"charts/{spec.chart}.yml: no table {spec.table!r} in this release"
            )
    return left_out


def write_provenance(tables: Sequence[ProtectedTable], folder: Path) -> None:
    """Write which record and cell each published cell rests on.

    Made-up data have a file of their own, which says so in its name. A table with very
    many traces has two: its cells with the groups of records that they rest on, and
    these groups with their records.
    """
    for synthetic, ending in ((False, ""), (True, "_synthetic")):
        parts = []
        for table in (one for one in tables if one.synthetic is synthetic):
            places = table.places()
            if places.pairs > LARGE:
                stem = f"provenance_{table.name}{ending}"
                groups = {"cells": places.cells, "records": places.records}
                for name, frame in groups.items():
                    told = frame.astype({"leaf_no": "str"})
                    write_parquet_frame(told, folder / f"{stem}_{name}.parquet")
            else:
                parts.append(places.listed())
        if parts:
            together = pd.concat(parts).sort_values(list(PROVENANCE), ignore_index=True)
            path = folder / f"provenance{ending}.csv"
            path.write_bytes(csv_bytes(together))


def suffix(tables: Sequence[ProtectedTable]) -> str:
    """Return what the workbook's name says about made-up data."""
    return "-synthetic" if any(table.synthetic for table in tables) else ""


def readme(
    tables: Sequence[ProtectedTable], reference: Reference, edition: Edition
) -> str:
    """Return what is in the folder, for somebody who opens it first here."""
    sources = sources_of(tables, reference)
    made_up = [table.name for table in tables if table.synthetic]
    lines = [
        edition.title,
        f"Release of {edition.release_date}",
        *([f"{SYNTHETIC} in: {', '.join(made_up)}"] if made_up else []),
        "",
        *IN_THE_FOLDER,
        "",
        "Tables:",
        *(f"  {table.name}: {table.spec.title}" for table in tables),
        "",
        *coverage_statements(sources.values()),
        "",
        "Sources:",
        *(f"  {n}: {s.title}. {s.publisher}. {s.licence}" for n, s in sources.items()),
        *refused_lines(edition),
    ]
    return "\n".join(lines) + "\n"


def refused_lines(edition: Edition) -> list[str]:
    """Return the tables that disclosure control held back, with the reason."""
    if not edition.refused:
        return []
    told = (f"  {refusal.table}: {refusal.reason}" for refusal in edition.refused)
    return ["", "Not published:", *sorted(told)]


def manifest_of(
    folder: Path,
    tables: Sequence[ProtectedTable],
    edition: Edition,
    not_drawn: Sequence[NotDrawn],
) -> bytes:
    """Return the manifest: what went in, what came out, by which rule and versions."""
    used = frozenset().union(*(table.sources for table in tables))
    content = {
        "title": edition.title,
        "release_date": edition.release_date,
        "disclosure_rule": RULE,
        "versions": dict(edition.versions),
        "tables": {table.name: table_entry(table) for table in tables},
        "refused": [refusal._asdict() for refusal in sorted(edition.refused)],
        "charts_not_drawn": [chart._asdict() for chart in not_drawn],
        "inputs": [
            {key: value for key, value in asdict(one).items() if key != "path"}
            for one in sorted(edition.inputs)
            if one.source_id in used
        ],
        "outputs": outputs_of(folder),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def table_entry(table: ProtectedTable) -> Mapping[str, Any]:
    """Return what the manifest says about a table."""
    return {
        "title": table.spec.title,
        "rows": len(table.frame),
        "sources": sorted(table.sources),
        "synthetic": table.synthetic,
        "disclosure_rule": table.rule,
    }


def outputs_of(folder: Path) -> list[dict[str, Any]]:
    """Return every file of a folder with its SHA-256 and size."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        {
            "file": path.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "size_bytes": path.stat().st_size,
        }
        for path in files
    ]

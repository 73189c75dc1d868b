"""Time a build of N published figures against the floor and a plain script.

In here: making the workbook, running each contender in its own process, printing
ratios and peak memory. Not in here: any assertion; see README.md.
"""

import json
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Any

ROUNDS = 2
HEAD = {
    "Figure": "figure_id",
    "What is counted": "indicator",
    "From": "period_start",
    "To": "period_end",
    "Kind of period": "period_type",
    "Accused body": "accused_body",
    "Charge": "charge",
    "Region": "region",
    "Outcome": "outcome",
    "Number": "value",
    "Unit": "unit",
    "Exact or not": "qualifier",
    "Stated by": "stated_by",
    "Document": "document",
    "Place in document": "place_in_document",
}
SOURCE = """\
source: bench
title: Generated figures
publisher: nobody
licence: none
language: en
ref_area: KZ
sensitivity: public
synthetic: true
coverage: published_total
files:
  - file: figures.xlsx
    sheets:
      - sheet: figures
        record: figures
        layout: flat
        columns: {columns}
        constants: {{ref_area: KZ}}
"""


def main() -> None:
    """Run the benchmark for each N named on the command line."""
    if sys.argv[1] in CONTENDERS:
        started = time.perf_counter()
        CONTENDERS[sys.argv[1]](Path(sys.argv[2]))
        sys.stdout.write(json.dumps(spent(started)))
        return
    for rows in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            make_workspace(Path(folder), rows)
            report(rows, {name: best(name, folder) for name in CONTENDERS})


def make_workspace(root: Path, rows: int) -> None:
    """Make a workspace whose one workbook holds so many figures."""
    import xlsxwriter

    vintage = root / "raw" / "bench" / "2026-01-01"
    vintage.mkdir(parents=True)
    (root / "schemas" / "sources").mkdir(parents=True)
    declared = SOURCE.format(columns=json.dumps(HEAD))
    (root / "schemas" / "sources" / "bench.yml").write_text(declared)
    with xlsxwriter.Workbook(str(vintage / "figures.xlsx")) as book:
        sheet = book.add_worksheet("figures")
        sheet.write_row(0, 0, list(HEAD))
        for at, figure in zip(range(rows), figures(), strict=False):
            sheet.write_row(at + 1, 0, [f"F-{at:07d}", *figure])


def figures() -> Any:
    """Yield figures of made-up yearbooks, each quantity once."""
    bodies = ["police", "KUIS", "KNB", "ACA", "NATGUARD"]
    charges = ["art. 146 part 2", "CC14-362", "CC14-361", "CC14-415", "CC14-146"]
    regions = [f"KZ-{n}" for n in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39)]
    kinds = ["REGISTERED_CASE", "SENT_TO_COURT", "DISCONTINUED", "CONVICTED_PERSON"]
    outcomes = ["O_COURT", "O_TERM_OTHER", "O_CONV", "O_PENDING"]
    for year, month, *rest in product(
        range(2015, 2025), range(1, 13), bodies, charges, regions, kinds, outcomes
    ):
        body, charge, region, kind, outcome = rest
        unit = "person" if kind == "CONVICTED_PERSON" else "case"
        yield [
            *(kind, f"{year}-{month:02d}-01", f"{year}-{month:02d}-28", "snapshot"),
            *(body, charge, region, outcome, (year + month) % 97),
            *(unit, "exact", "CLSSA", f"YB-{year}", f"p. {month}"),
        ]


def floor(root: Path) -> None:
    """Read the workbook with the fastest reader, and nothing more."""
    import fastexcel

    path = next(root.glob("raw/bench/*/figures.xlsx"))
    fastexcel.read_excel(path).load_sheet(0).to_arrow()


def steps(root: Path) -> None:
    """Do what a build does with the workbook, up to the databases."""
    from pipeline.collect.identity import read_key
    from pipeline.declarations.codelists import read_codelists
    from pipeline.declarations.questions import read_questions
    from pipeline.declarations.reconciliation import read_rules
    from pipeline.declarations.sources import read_sources
    from pipeline.declarations.tables import read_tables
    from pipeline.store import core, declared, out, raw
    from pipeline.warehouse import Warehouse
    from pipeline.workspace import Workspace
    from schemas.records import RECORDS

    workspace = Workspace(root)
    sources, lists = read_sources(workspace), read_codelists(workspace)
    tables, questions = read_tables(workspace), read_questions()
    for database in workspace.warehouse.glob("**/*.duckdb"):
        database.unlink()
    with Warehouse(workspace.private_database) as warehouse:
        declared.store_declarations(warehouse, sources, lists, tables)
        key = read_key(workspace.key)[0]
        raw.store_source(warehouse, workspace, sources["bench"], key)
        for record in RECORDS.values():
            core.store_review(warehouse, record, sources, lists)
        core.account_for_cells(warehouse)
        core.store_links(warehouse)
        core.store_reconciliation(warehouse, lists, read_rules(workspace))
        cubes_first = sorted(tables.values(), key=lambda spec: spec.built != "cube")
        for spec in cubes_first:
            out.store_table(warehouse, spec, lists, questions)
        out.publish_analyst(warehouse, workspace)
        passed, _ = out.through_the_gate(warehouse, tables, sources)
        out.publish_public(warehouse, workspace, passed)


def plain(root: Path) -> None:
    """Read, code and pivot the same rows by pandas and openpyxl, as one would."""
    import pandas as pd

    path = next(root.glob("raw/bench/*/figures.xlsx"))
    frame = pd.read_excel(path, engine="openpyxl", dtype="str")
    frame["Accused body"] = frame["Accused body"].str.strip().str.upper()
    frame["Charge"] = frame["Charge"].str.replace(" ", "")
    frame["Number"] = pd.to_numeric(frame["Number"])
    frame["year"] = pd.to_datetime(frame["From"]).dt.year
    by = ["year", "Accused body", "Charge", "Region", "Outcome"]
    frame.pivot_table("Number", by, "What is counted", "sum", margins=True)


CONTENDERS = {"floor": floor, "steps": steps, "plain": plain}


def spent(started: float) -> dict[str, float]:
    """Return the seconds since, and the peak memory of this process in MB."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - started, "mb": peak}


def best(name: str, folder: str) -> dict[str, float]:
    """Return the fastest of several runs of one contender."""
    runs = []
    for _ in range(ROUNDS):
        command = [sys.executable, __file__, name, folder]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode:
            raise SystemExit(said.stderr)
        runs.append(json.loads(said.stdout))
    return min(runs, key=lambda run: run["seconds"])


def report(rows: int, found: dict[str, dict[str, float]]) -> None:
    """Print seconds, memory and ratios of one N."""
    base, ours = found["floor"]["seconds"], found["steps"]["seconds"]
    lines = [f"{rows:>9,} rows"]
    for name, run in found.items():
        lines.append(
            f"  {name:<6} {run['seconds']:8.2f} s {run['mb']:7.0f} MB   "
            f"{run['seconds'] / base:7.1f} × floor"
        )
    lines.append(f"  plain / steps {found['plain']['seconds'] / ours:.2f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

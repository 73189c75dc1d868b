"""Time all tables of families A and B from `core`, at a million complaints.

In here: made-up registers written into `core` by SQL, the contenders, ratios. Not in
here: any assertion; see README.md.
"""

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, combinations
from pathlib import Path

import pandas as pd

from pipeline.analyse.aggregate import prepare
from pipeline.analyse.relations.catalogue import PREPARED, RELATIONS
from pipeline.declarations.codelists import read_codelists
from pipeline.declarations.questions import read_questions
from pipeline.declarations.tables import TableSpec, read_tables
from pipeline.process.validate import empty_core
from pipeline.store.declared import LIST_VIEWS, all_lists, list_views
from pipeline.store.out import store_table
from pipeline.warehouse import Warehouse
from pipeline.workspace import REPOSITORY, Workspace
from schemas.figures import FIGURES
from schemas.registers import REGISTERS

OF_TIME = ("flow", "promptness", "rates")
SOURCE = "made_up"


def one_of(codes: tuple[str, ...], salt: int, key: str = "n") -> str:
    """Return SQL that picks a code by a number, the same one every time."""
    listed = ", ".join("NULL" if code == "" else f"'{code}'" for code in codes)
    return f"list_extract([{listed}], 1 + (hash({key}, {salt}) % {len(codes)})::INT)"


def day(salt: int, key: str = "n", span: int = 5400) -> str:
    """Return SQL for a day, the same one every time."""
    return f"(DATE '2010-01-01' + (hash({key}, {salt}) % {span})::INT)"


BODIES = ("POLICE", "POLICE", "POLICE", "KUIS", "KUIS", "KNB", "_U", "ACA", "PROS")
PLACES = ("POLSTN", "IVS", "SIZO", "SPECRECV", "CAMP_MED", "PSYCH", "_U", "")
CHARGES = ("CC14-146-1-W2015", "CC14-146-2-W2015", "CC14-146-2-W2023", "CC14-362",
           "CC14-362;CC14-146-2-W2015", "_U")  # fmt: skip
CUSTODY = ("PRETRIAL", "CONVICTED", "_U")
REGIONS = ("KZ-10", "KZ-11", "KZ-15", "KZ-75", "KZ-71")
YES_NO = ("YES", "YES", "NO", "_U")
RECEIVED = day(1)
COLUMNS: dict[str, dict[str, str]] = {
    "complaints": {
        "complaint_id": "'C' || n", "received_on": RECEIVED,
        "event_from": f"{RECEIVED} - (hash(n, 2) % 90)::INT",
        "channel": "'PROSECUTOR'", "deprived_of_liberty": one_of(YES_NO, 3),
        "place_of_custody": one_of(PLACES, 4), "place_of_act": one_of(PLACES, 5),
        "accused_body": one_of(BODIES, 6), "region": one_of(REGIONS, 7),
        "sex": one_of(("M", "M", "F", "_U"), 8),
        "custody_status": one_of(CUSTODY, 9),
        "birth_year": "(1950 + hash(n, 10) % 55)::DOUBLE",
        "allegations": one_of(("BEATING", "BEATING;THREAT", "RAPE", "_U"), 11),
        "withdrawal_reason": one_of(("", "", "", "", "FEAR"), 12),
        "reprisal_reported": one_of(YES_NO, 13),
    },
    "checks": {
        "check_id": "'K' || n", "complaint_id": "'C' || n",
        "checking_body": one_of(BODIES, 20),
        "started_on": f"{RECEIVED} + (hash(n, 21) % 20)::INT",
        "ended_on": f"{RECEIVED} + (20 + hash(n, 22) % 40)::INT",
        "outcome": one_of(("REGISTERED", "NOT_CONFIRMED", "PENDING"), 23),
    },
    "investigations": {
        "case_no": "'N' || (n // 3)", "step_no": "(n % 3 + 1)::VARCHAR",
        "complaint_ids": "'C' || (n // 3 * 3)",
        "step": "list_extract(['OPENED', 'TRANSFERRED', CASE WHEN hash(n, 30) % 3 = 0 "
        "THEN 'SENT_TO_COURT' ELSE 'TERMINATED' END], 1 + (n % 3)::INT)",
        "step_on": f"{day(31, 'n // 3', 5200)} + (n % 3)::INT * 60",
        "body": one_of(BODIES, 32), "charge": one_of(CHARGES, 33),
        "ground": one_of(("CPC35-1-1", "CPC35-1-2", "CPC35-1-3", ""), 34),
    },
    "prosecutions": {
        "prosecution_id": "'P' || n", "case_no": "'N' || (n // 2)",
        "accused_key": "'a' || (n % 2)", "accused_body": one_of(BODIES, 40),
        "charge_registered": one_of(CHARGES, 41),
        "charge_indicted": one_of(CHARGES, 42), "charge_verdict": one_of(CHARGES, 43),
        "court_outcome": one_of(("CONVICTED", "CONVICTED", "ACQUITTED"), 44),
        "decided_on": day(45), "instance": "'FIRST'",
        "final": one_of(("YES", "NO"), 46),
    },
    "sentences": {
        "sentence_id": "'S' || n", "prosecution_id": "'P' || n",
        "charge": one_of(CHARGES, 43), "verdict_on": day(45),
        "penalty": one_of(("PRISON", "FINE", "RESTR"), 50),
        "main_or_additional": "'MAIN'", "suspended": one_of(("NO", "NO", "YES"), 51),
        "term_months_low": "(hash(n, 52) % 100)::DOUBLE",
        "term_months_high": "(hash(n, 52) % 100)::DOUBLE",
        "compensation_awarded": "(hash(n, 53) % 1000)::DOUBLE", "currency": "'KZT'",
    },
}  # fmt: skip
SHARE = {"complaints": 1.0, "checks": 0.8, "investigations": 0.9,
         "prosecutions": 0.2, "sentences": 0.2}  # fmt: skip
"""How many rows each register has for one complaint."""
ENDS = {"checks": ("complaints", "n"), "investigations": ("complaints", "n // 3 * 3"),
        "prosecutions": ("investigations", "n // 2 * 3"),
        "sentences": ("prosecutions", "n")}  # fmt: skip
"""Where each register's rows lead: the register, and the number of its row."""


def fill(warehouse: Warehouse, complaints: int) -> int:
    """Write made-up registers, their links and places; return how many rows."""
    rows = 0
    sources = pd.DataFrame(
        {"source_id": [SOURCE], "ref_area": "KZ", "synthetic": True,
         "sensitivity": "public", "coverage": "register"}
    )  # fmt: skip
    warehouse.replace("meta.source", sources, "Sources.")
    deliveries = sources.assign(
        delivery_id="d", sha256="0" * 64, vintage="2026-01-01", is_current=True
    )
    warehouse.replace("meta.delivery", deliveries, "Deliveries.")
    records = []
    for place, record in enumerate(REGISTERS):
        number = int(complaints * SHARE[record.name])
        warehouse.replace(
            f"core.{record.name}", empty_core(record).assign(record_no=0), "Made up."
        )
        own = COLUMNS[record.name]
        days = {f"{f.name}_precision": "'DAY'" for f in record.fields
                if f.kind == "date" and f.name in own}  # fmt: skip
        values = {
            "record_id": f"'{record.name}' || n", "source_id": f"'{SOURCE}'",
            "delivery_id": "'d'", "file": "'f'", "sheet": "'s'", "row": "n::INT",
            "cell": "'A' || n", "cells": "1", **own, **days,
            "record_no": f"{place} * 1099511627776 + n",
        }  # fmt: skip
        selected = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
        warehouse.connection.execute(
            f"INSERT INTO core.{record.name} BY NAME "
            f"SELECT {selected} FROM range({number}) AS r(n)"
        )
        records.append(
            f"SELECT record_no, record_id, '{record.name}' AS record, 'ACCEPTED' AS "
            "state, source_id, delivery_id, file, sheet, cell, cells "
            f"FROM core.{record.name}"
        )
        rows += number
    warehouse.replace("core.figures", empty_core(FIGURES), "None.")
    warehouse.replace_by("meta.record", " UNION ALL ".join(records), "Records.")
    warehouse.replace_by("core.links", " UNION ALL ".join(links(complaints)), "Links.")
    return rows


def links(complaints: int) -> Iterator[str]:
    """Yield SQL for the links of each register, all of them found."""
    order = [record.name for record in REGISTERS]
    for start, (end, leads) in ENDS.items():
        number = int(complaints * SHARE[start])
        there = int(complaints * SHARE[end])
        yield (
            f"SELECT '{SOURCE}' AS source_id, '{start}' AS from_record, "
            f"'{start}' || n AS record_id, {order.index(start)} * 1099511627776 + n "
            f"AS record_no, '{end}' AS to_record, '' AS to_id, '' AS to_field, "
            "'FOUND' AS state, "
            f"'{SOURCE}' AS to_source_id, '{end}' || ({leads}) AS to_record_id, "
            f"{order.index(end)} * 1099511627776 + ({leads}) AS to_no, '' AS reason "
            f"FROM range({number}) AS r(n) WHERE ({leads}) < {there}"
        )


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Keep how long something took."""
    begun = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - begun


def joins_of(sql: str) -> list[str]:
    """Return the prepared tables that a relation rests on, in their order."""
    found: set[str] = set()
    wanted = [sql]
    while wanted:
        words = set(re.findall(r"\w+", wanted.pop()))
        new = words & set(PREPARED) - found
        found |= new
        wanted += [PREPARED[name] for name in new]
    return [name for name in PREPARED if name in found]


def by_pandas(rows: pd.DataFrame, spec: TableSpec) -> None:
    """Count every subset of the dimensions by group-bys of pandas."""
    free = ["time_period", *(d for d in spec.dimensions if d not in spec.fixed)]
    kept = ["source_id", "unit_measure", *spec.fixed]
    subsets = chain.from_iterable(
        combinations(free, size) for size in range(len(free) + 1)
    )
    for subset in subsets:
        rows.groupby([*kept, *subset], observed=True)["unit_key"].nunique()


def main(argv: list[str]) -> int:
    """Run the contenders and print seconds, ratios and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("complaints", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--cubes", action="store_true", help="cubes alone")
    parser.add_argument("--pandas", action="store_true", help="the group-bys too")
    chosen = parser.parse_args(argv)
    say: Callable[[str], int] = sys.stdout.write
    repository = Workspace(REPOSITORY)
    tables, lists = read_tables(repository), read_codelists(repository)
    questions = read_questions()
    with (
        tempfile.TemporaryDirectory() as folder,
        Warehouse(Path(folder) / "w.duckdb") as warehouse,
    ):
        warehouse.replace("meta.codelist", all_lists(lists), "Lists.")
        warehouse.replace_views(LIST_VIEWS, list_views(lists))
        rows = fill(warehouse, chosen.complaints)
        say(f"{chosen.complaints:,} complaints, {rows:,} rows of registers\n")
        seconds: dict[str, float] = {}
        with timed(seconds, "prepared"):
            prepare(warehouse)
        cubes = {n: t for n, t in tables.items() if t.built == "cube"}
        for name, spec in tables.items():
            if spec.built == "cube" or (spec.built in OF_TIME and not chosen.cubes):
                with timed(seconds, name):
                    store_table(warehouse, spec, lists, questions)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        widest = max(cubes.values(), key=lambda spec: len(spec.dimensions))
        plain: dict[str, float] = {}
        keys = ", ".join(["source_id", "time_period", *widest.dimensions])
        sql = RELATIONS[widest.relation].sql
        with timed(plain, "joins"):
            for name in joins_of(sql):
                warehouse.replace_by(name, PREPARED[name], "Plain.")
        with timed(plain, "group"):
            warehouse.read(
                f"SELECT {keys}, count(DISTINCT unit_key) FROM ({sql}) GROUP BY {keys}"
            )
        slow: dict[str, float] = {}
        if chosen.pandas:
            for name, spec in cubes.items():
                frame = warehouse.read(RELATIONS[spec.relation].sql)
                with timed(slow, name):
                    by_pandas(frame, spec)
    for name, took in seconds.items():
        beside = f"   pandas {slow[name]:8.2f} s" if name in slow else ""
        say(f"{name:24}{took:8.2f} s{beside}\n")
    total = sum(seconds.values())
    say(f"{'all tables':24}{total:8.2f} s   peak {peak:,.0f} MB\n")
    say(f"plain SQL, one group-by of {widest.table}, joined before: "
        f"{plain['group']:.2f} s, ratio {total / plain['group']:.2f}\n")  # fmt: skip
    from_core = plain["group"] + plain["joins"]
    say(f"the same from core, with its joins: {from_core:.2f} s, "
        f"ratio {total / from_core:.2f}\n")  # fmt: skip
    if slow:
        counted = sum(seconds[name] for name in slow) + seconds["prepared"]
        say(f"pandas group-bys of the same cubes: {sum(slow.values()):.1f} s, "
            f"ratio {sum(slow.values()) / counted:.1f}\n")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

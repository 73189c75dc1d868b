"""Traps of publication: a fall that is no improvement, marks, prose, reprisals.

In here: what all declared tables and charts have in common, and files of one small
table. Not in here: the gate (`analyse/test_disclosure.py`), each writer by itself
(`disseminate/`), whole builds (`integration/`).
"""

import csv
import re

import openpyxl
import pyarrow.parquet as pq
import pytest
from small_tables import out_table, source, spec

from pipeline.analyse.disclosure import ProtectedTable, protect
from pipeline.declarations.tables import ChartSpec, read_charts, read_tables
from pipeline.disseminate.chart_data import lines
from pipeline.disseminate.edition import Edition, Reference
from pipeline.disseminate.files import write_csv, write_parquet
from pipeline.disseminate.one_page import one_page
from pipeline.disseminate.wording import Words
from pipeline.disseminate.workbook import write_workbook
from pipeline.workspace import REPOSITORY, Workspace
from schemas.registers import REGISTERS

HERE = Workspace(REPOSITORY)
TABLES, CHARTS = read_tables(HERE), read_charts(HERE)
NUMBERS = {"register_no", "case_no", "complaint_id", "complaint_ids", "check_id",
           "prosecution_id", "sentence_id"}  # fmt: skip
MARKED = [
    {"penalty": "FINE", "obs_value": 0.0},
    {"penalty": "PRISON", "obs_value": None, "mark": "c"},
    {"penalty": "SUSP", "obs_value": None, "mark": "x"},
    {"penalty": "DISQ", "obs_value": None, "mark": "z"},
]


@pytest.fixture
def marked() -> ProtectedTable:
    """Return a table with a zero and three cells that have no number."""
    declared = spec("marked", {"penalty": "penalty"})
    table = protect(out_table(declared, MARKED, source()), {"open_cases": source()})
    assert isinstance(table, ProtectedTable)
    return table


@pytest.mark.parametrize(
    "name", sorted(n for n, one in CHARTS.items() if one.kind == "series")
)
def test_a_chart_over_the_years_says_that_a_fall_is_no_improvement(name) -> None:
    said = " ".join(CHARTS[name].notes)
    assert re.search(r"\bfall\b.*\bfewer complaints\b.*\bless torture\b", said)


@pytest.mark.parametrize(
    "name",
    [
        *("complaints", "complainants", "complaints_by_region", "rates", "allegations"),
        *("purposes", "withdrawals", "cohort", "point_27", "answer_8c"),
    ],
)
def test_a_table_of_complaints_says_that_few_may_mean_fear(name) -> None:
    assert "may mean fear" in " ".join(TABLES[name].notes)


def test_zero_withheld_and_not_supplied_are_three_things_in_machine_files(
    marked, tmp_path
) -> None:
    with write_csv(marked, tmp_path).open(encoding="utf-8", newline="") as file:
        texts = {
            r["penalty"]: (r["obs_value"], r["mark"]) for r in csv.DictReader(file)
        }
    rows = pq.read_table(write_parquet(marked, tmp_path)).to_pylist()
    assert texts == {"FINE": ("0", ""), "PRISON": ("", "c"), "SUSP": ("", "x"),
                     "DISQ": ("", "z")}  # fmt: skip
    assert {r["penalty"]: (r["obs_value"], r["mark"]) for r in rows} == {
        "FINE": (0.0, ""), "PRISON": (None, "c"), "SUSP": (None, "x"),
        "DISQ": (None, "z"),
    }  # fmt: skip


def test_zero_withheld_and_not_supplied_are_three_things_in_the_workbook(
    marked, lists, tmp_path
) -> None:
    reference = Reference(lists, {"open_cases": source()})
    path = write_workbook(
        [marked], reference, Edition("2026-01-02", "T"), tmp_path / "b.xlsx"
    )
    sheet = openpyxl.load_workbook(path)["marked"]
    (table,) = sheet.tables.values()
    head, *rows = ([cell.value for cell in row] for row in sheet[table.ref])
    values = [row[head.index("Value")] for row in rows]
    assert sorted(values, key=str) == [0, "[c]", "[x]", "[z]"]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_table_has_a_column_of_people_numbers_or_single_places(name) -> None:
    pseudonyms = {f.name for one in REGISTERS for f in one.fields
                  if f.kind == "pseudonym"}  # fmt: skip
    assert {"person_key", "facility_key", "accused_key"} <= pseudonyms
    assert not (pseudonyms | NUMBERS) & set(TABLES[name].columns)


def test_reprisals_are_told_in_one_table_and_of_nobody() -> None:
    telling = [n for n, one in TABLES.items() if "reprisal_reported" in one.columns]
    assert telling == ["withdrawals"]
    told = TABLES["withdrawals"]
    assert told.disclosure == "frequency"
    assert not {"sex", "age_group", "region", "accused_body"} & set(told.dimensions)
    charted = {one.table for one in CHARTS.values()}
    assert "withdrawals" not in charted


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("basis", "GROSS", "NET"),
        ("unit_measure", "COMPLAINT", "CASE"),
        ("ref_area", "KZ", "KG"),
        ("qualifier", "UP_TO", "EXACT"),
        ("basis", "GROSS", "GROSS"),
    ],
)
def test_no_line_joins_two_bases_units_or_countries(name, one, other) -> None:
    dimensions = {
        "figure_id": "", "indicator": "indicator", "stated_by": "stating_party",
    }  # fmt: skip
    declared = spec("reported", dimensions, attributes={"basis": "", "qualifier": ""})
    chart = ChartSpec(
        chart="s", table="reported", kind="series", title="T", unit="u", alt="Points.",
        x="time_period", by="stated_by", panel="indicator", free=("figure_id",),
    )  # fmt: skip
    rows = [
        {"figure_id": year, "indicator": "REGISTERED_CASE", "stated_by": "OMBUDSMAN",
         "unit_measure": "CASE", "time_period": year, "obs_value": 63.0, name: code}
        for year, code in (("2019", one), ("2020", other))
    ]  # fmt: skip
    table = protect(out_table(declared, rows, source()), {"open_cases": source()})
    drawn = lines(table, chart, [], "REGISTERED_CASE")["OMBUDSMAN"].segments
    assert len(drawn) == (one == other)


def test_a_rate_a_year_is_told_from_the_count_of_a_year(lists) -> None:
    base = {
        "question": "8C1", "scope": "BESIDE", "basis": "FIGURE", "year": "2014",
        "time_period": "2014", "indicator": "COMPLAINT_RECEIVED", "obs_value": 600.0,
        "stated_by": "NGO_COAL", "unit_measure": "COMPLAINT", "breakdown": "_T",
        "qualifier": "UP_TO",
    }  # fmt: skip
    told = []
    for kind in ("ANNUAL_RATE", "CALENDAR_YEAR"):
        made = out_table(TABLES["answer_8c"], [base | {"period_type": kind}], source())
        page = one_page(protect(made, {"open_cases": source()}), Words(lists))
        told.append(page.rows[0][-1])
    assert told == ["≤600 a year", "≤600"]

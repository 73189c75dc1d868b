"""The engine of counting, on rows of no register: against counting one by one."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.aggregate import count, published
from pipeline.analyse.relations.catalogue import Relation
from pipeline.declarations.tables import TableSpec
from pipeline.warehouse import Warehouse
from tests.small_tables import spec

DIMENSIONS = ("stage", "body", "charge")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "source_id": st.sampled_from(["a", "b"]),
            "time_period": st.sampled_from(["2019", "2020", "_U"]),
            "unit_key": st.integers(0, 3),
            "stage": st.sampled_from(["ST03", "ST05"]),
            "body": st.sampled_from(["POLICE", "KUIS", "_U"]),
            "charge": st.sampled_from(["C1", "C2"]),
        }
    ),
    max_size=12,
)
TABLE: TableSpec = spec("small", dict.fromkeys(DIMENSIONS, ""), fixed=("stage",))
SQL = (
    "SELECT record_no, 'KZ' AS ref_area, false AS synthetic, source_id, time_period, "
    "'CASE' AS unit_measure, unit_key, stage, body, charge FROM made_up"
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse(Path(tmp_path_factory.mktemp("count")) / "w.duckdb") as opened:
        yield opened


def counted(warehouse: Warehouse, rows: list[dict], *, unit_is_row: bool) -> dict:
    """Return cell → its value and the records behind it, by the engine."""
    columns = ["source_id", "time_period", "unit_key", *DIMENSIONS]
    frame = pd.DataFrame(rows, columns=columns)
    warehouse.replace("core.made_up", frame.assign(record_no=range(len(frame))), "")
    relation = Relation(SQL.replace("made_up", "core.made_up"), unit_is_row, ())
    cells = count(warehouse, TABLE, relation)
    of_leaf = warehouse.read("SELECT records FROM leaf ORDER BY leaf_no")["records"]
    ends = cells.sizes.cumsum()
    found = {}
    for n, row in enumerate(cells.frame.to_dict("records")):
        leaves = cells.leaves[ends[n] - cells.sizes[n] : ends[n]]
        records = sorted(one for leaf in leaves for one in of_leaf[leaf])
        key = tuple(row[k] for k in ("source_id", "time_period", *DIMENSIONS))
        found[key] = (row["obs_value"], records)
    assert len(found) == len(cells.frame)
    return found


def one_by_one(rows: list[dict], *, unit_is_row: bool) -> dict:
    """Return the same, each row put into every cell that it belongs to."""
    cells: dict[tuple, tuple[set, list]] = {}
    for number, row in enumerate(rows):
        free = [(row[name], "_T") for name in ("time_period", "body", "charge")]
        unit = number if unit_is_row else row["unit_key"]
        for period, body, charge in product(*free):
            key = (row["source_id"], period, row["stage"], body, charge)
            units, records = cells.setdefault(key, (set(), []))
            units.add(unit)
            records.append(number)
    return {key: (len(units), sorted(r)) for key, (units, r) in cells.items()}


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_every_unit_is_counted_once_in_each_cell(warehouse, rows) -> None:
    assert counted(warehouse, rows, unit_is_row=False) == one_by_one(
        rows, unit_is_row=False
    )


@settings(max_examples=15, deadline=None)
@given(rows=ROWS)
def test_where_a_row_is_a_unit_rows_are_counted(warehouse, rows) -> None:
    assert counted(warehouse, rows, unit_is_row=True) == one_by_one(
        rows, unit_is_row=True
    )


def test_what_a_source_never_supplies_has_no_value_and_the_mark_x() -> None:
    cells = pd.DataFrame(
        {
            "source_id": "a", "ref_area": "KZ", "synthetic": False,
            "unit_measure": "CASE", "time_period": "2020", "stage": "ST05",
            "body": ["_X", "_T", "_U"], "charge": "_T", "obs_value": [7.0, 7.0, 2.0],
        }
    )  # fmt: skip
    frame = published(cells, TABLE).set_index(["body", "mark"])["obs_value"]
    assert pd.isna(frame["_U", "x"])
    assert frame["_T", ""] == 7
    assert frame["_U", ""] == 2

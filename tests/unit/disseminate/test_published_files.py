"""Machine files: every number as in the table, no formulas, the same bytes."""

import csv

import pandas as pd
import pyarrow.parquet as pq
import pytest
from small_tables import PENALTIES, PENALTY_ROWS, spec

from pipeline.disseminate.files import (
    columns_of,
    defused,
    ordered,
    plain_text,
    write_csv,
    write_parquet,
)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_number_of_the_csv_is_that_of_the_table(penalties, tmp_path):
    rows = rows_of(write_csv(penalties, tmp_path))
    written = {row["cell_id"]: row["obs_value"] for row in rows}
    frame = penalties.frame.set_index("cell_id")["obs_value"]
    assert written.keys() == set(frame.index)
    for cell, value in frame.items():
        assert written[cell] == ("" if pd.isna(value) else str(int(value)))


def test_csv_has_the_declared_columns_and_unix_lines(penalties, tmp_path):
    content = write_csv(penalties, tmp_path).read_bytes()
    assert b"\r" not in content
    assert content.decode("utf-8").splitlines()[0] == ",".join(columns_of(PENALTIES))


def test_rows_stand_in_one_order_whatever_came_in(build, penalties, tmp_path):
    turned = build(PENALTIES, PENALTY_ROWS[::-1])
    assert ordered(turned).equals(ordered(penalties))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for write in (write_csv, write_parquet):
        first = write(penalties, tmp_path / "a").read_bytes()
        assert write(turned, tmp_path / "b").read_bytes() == first


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+A1", "-A1", "@SUM", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0",
     "-2+3+cmd|' /C calc'!A0", "  =1+1", "\u00a0=1", "＝1+1", "＋1", "－1", "＠SUM"],
)  # fmt: skip
def test_a_text_like_a_formula_is_defused(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+7", "2.5", "a=b", "", "Қазақстан"])
def test_numbers_and_plain_texts_are_left_alone(text):
    assert defused(text) == text


def test_a_formula_in_an_attribute_does_not_reach_the_csv(build, tmp_path):
    declared = spec("t", {}, attributes={"document": "Where it stands."})
    table = build(declared, [{"obs_value": -3, "document": "=HYPERLINK(1)"}])
    row = rows_of(write_csv(table, tmp_path))[0]
    assert row["document"] == "'=HYPERLINK(1)"
    assert row["obs_value"] == "-3"
    parquet = pq.read_table(write_parquet(table, tmp_path)).to_pylist()[0]
    assert parquet["document"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (2.5, "2.5"), (None, ""), (True, "true"), (float("nan"), "")],
)
def test_values_are_written_plainly(value, text):
    assert plain_text(value) == text


def test_parquet_has_no_note_of_its_maker_and_fixed_types(penalties, tmp_path):
    path = write_parquet(penalties, tmp_path)
    schema = pq.read_schema(path)
    assert schema.metadata is None
    assert str(schema.field("obs_value").type) == "double"
    assert str(schema.field("synthetic").type) == "bool"
    values = pq.read_table(path).to_pandas().set_index("cell_id")["obs_value"]
    expected = penalties.frame.set_index("cell_id")["obs_value"]
    assert values.sort_index().equals(expected.sort_index())


def test_made_up_data_say_so_in_the_name_of_the_file(made_up, tmp_path):
    assert write_csv(made_up, tmp_path).name == "penalties_synthetic.csv"

"""Addresses of cells, hashes of files and identifiers that never change."""

import hashlib
from pathlib import Path

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils import coordinate_to_tuple

from pipeline.lineage import address, place, sha256_of, stable_id, stable_ids
from pipeline.model import Delivery

FEW = settings(max_examples=40, deadline=None)
WORDS = st.lists(st.text(max_size=5), min_size=2, max_size=2)


@FEW
@given(st.integers(0, 10**6), st.integers(0, 16_383))
def test_an_address_leads_back_to_its_position(row: int, column: int) -> None:
    assert coordinate_to_tuple(address(row, column)) == (row + 1, column + 1)


def test_a_place_is_written_as_people_write_it() -> None:
    assert place("a.xlsx", "Sheet 1", "C17") == "a.xlsx!Sheet 1!C17"
    assert place("a.xlsx", "", "") == "a.xlsx"


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\x00some bytes")
    assert sha256_of(path) == hashlib.sha256(b"\x00some bytes").hexdigest()


def test_an_identifier_is_the_same_on_every_machine() -> None:
    assert stable_id(("a", 1)) == hashlib.sha256(b"a\x1f1").hexdigest()[:16]


@FEW
@given(st.lists(WORDS, max_size=6))
@example([["", "\x1f"], ["\x1f", ""]])
def test_identifiers_belong_to_rows_not_to_positions(rows: list[list[str]]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype="str")
    ids = stable_ids(frame, "table")
    turned = stable_ids(frame.iloc[::-1], "table")
    assert list(ids) == list(turned.sort_index())
    assert ids.nunique() == len({tuple(row) for row in rows})


def test_identifiers_of_two_tables_differ() -> None:
    frame = pd.DataFrame({"a": ["x"]})
    assert stable_ids(frame, "one")[0] != stable_ids(frame, "other")[0]


def test_the_border_between_columns_counts() -> None:
    frame = pd.DataFrame({"a": ["xy", "x"], "b": ["z", "yz"]})
    assert stable_ids(frame).nunique() == 2


def test_a_delivery_is_its_bytes_under_its_name_from_its_source(tmp_path: Path) -> None:
    first = Delivery("s", "2025-01-01", "a.xlsx", "00ff", 1, tmp_path)
    again = Delivery("s", "2026-01-01", "a.xlsx", "00ff", 1, tmp_path)
    mended = Delivery("s", "2026-01-01", "a.xlsx", "00fe", 1, tmp_path)
    assert first.delivery_id == again.delivery_id
    assert first.delivery_id != mended.delivery_id

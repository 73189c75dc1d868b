"""An error that nobody foresaw quotes no cell of a source that is not public."""

import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets.unshown import unshown
from pipeline.errors import InputError, Problem, UnshownFaultError
from pipeline.warehouse import Warehouse

TOKEN = "ZQXJ"  # noqa: S105  (a word to look for, no password)


def convert(path: Path) -> None:
    """Ask DuckDB for the number in a word."""
    with Warehouse(path / "private" / "x.duckdb") as warehouse:
        warehouse.read("SELECT ?::DOUBLE AS number", [TOKEN])


def test_the_words_of_a_fault_are_replaced_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(UnshownFaultError) as told, unshown(["office"], tmp_path):
        convert(tmp_path)
    assert TOKEN not in str(told.value)
    assert "ConversionException at pipeline/warehouse.py:" in str(told.value)
    assert "office" in str(told.value)
    assert TOKEN not in "".join(traceback.format_exception(told.value))


def test_errors_of_a_public_workspace_keep_their_words(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=TOKEN), unshown([], tmp_path):
        convert(tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        InputError([Problem("a.xlsx!S!B2", "no date", "a date", "mend it")]),
        KeyboardInterrupt(),
        OSError(28, "No space left on device"),
        RuntimeError("KeyboardInterrupt: <EMPTY MESSAGE>"),
    ],
)
def test_what_a_person_has_to_know_passes_as_it_is(
    tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)) as told, unshown(["office"], tmp_path):
        raise error
    assert told.value is error


def test_nothing_of_it_is_in_the_history_of_runs(tmp_path: Path) -> None:
    @dg.asset
    def failing() -> None:
        with unshown(["office"], tmp_path):
            pd.Series([TOKEN]).astype("float64")

    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        run = dg.materialize([failing], instance=instance, raise_on_error=False)
    assert not run.success
    assert "ValueError at" in str(run.failure_data_for_node("failing"))
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [*(path for path in files if path.suffix == ".db")]
    for path in files:
        assert TOKEN.encode() not in path.read_bytes()
        if path.suffix == ".db":
            with closing(sqlite3.connect(path)) as history:
                kept = "\n".join(history.iterdump())
            assert TOKEN not in kept

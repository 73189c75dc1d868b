"""Nothing is written but what disclosure control has let through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_tables import PENALTIES, PENALTY_ROWS, out_table, source

from pipeline.declarations.tables import ChartSpec
from pipeline.disseminate.charts import write_chart
from pipeline.disseminate.edition import Edition
from pipeline.disseminate.files import write_csv, write_parquet
from pipeline.disseminate.release import write_release
from pipeline.disseminate.workbook import write_workbook
from pipeline.errors import DisclosureError

CHART = ChartSpec(
    chart="c", table="penalties", kind="stacked_bars", title="T", unit="persons",
    x="penalty", by="charge", alt="Bars.",
)  # fmt: skip
EDITION = Edition("2026-01-02", "A title")
WRITERS: dict[str, Callable[[Any, Any, Path], object]] = {
    "csv": lambda table, _, folder: write_csv(table, folder),
    "parquet": lambda table, _, folder: write_parquet(table, folder),
    "workbook": lambda table, ref, folder: write_workbook(
        [table], ref, EDITION, folder / "b.xlsx"
    ),
    "chart": lambda table, ref, folder: write_chart(CHART, table, ref, folder),
    "release": lambda table, ref, folder: write_release(
        [table], [], ref, EDITION, folder
    ),
}
UNPROTECTED = {
    "frame": pd.DataFrame({"obs_value": [1]}),
    "out table": out_table(PENALTIES, PENALTY_ROWS, source()),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", UNPROTECTED)
def test_a_table_that_has_not_been_through_the_gate_is_refused(
    writer, kind, reference, tmp_path
):
    with pytest.raises(DisclosureError):
        WRITERS[writer](UNPROTECTED[kind], reference, tmp_path)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("writer", ["csv", "parquet", "workbook", "release"])
def test_a_column_that_is_not_declared_is_not_published(
    writer, penalties, reference, tmp_path
):
    penalties.frame["person_key"] = "secret"
    with pytest.raises(DisclosureError, match="person_key"):
        WRITERS[writer](penalties, reference, tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []

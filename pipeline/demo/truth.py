"""The known truth, as files beside the made-up lists.

In here: what a perfect reading of each list gives, row by row, with who is meant and
the rule that refuses a row; which rows of different lists are one complaint. Not in
here: the lists (`shapes.py`).
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.demo.complaints import LISTS
from pipeline.demo.dates import Columns
from pipeline.demo.shapes import LABELS, Shape
from pipeline.demo.world import Whole
from schemas.records import RECORDS

FOLDER = "truth"
MOST_IN_CSV = 200_000
"""Complaints above which the truth is written as Parquet."""

IDENTITIES = {
    "matter": "matter_no",
    "person": "person_no",
    "person_label": "person_label",
    "facility": "facility_no",
    "facility_code": "facility_code",
    "accused": "accused_no",
    "accused_label": "accused_label",
    "true_complaint_id": "true_complaint_id",
    "true_prosecution_id": "true_prosecution_id",
}
"""Who and what is meant, beyond what the list tells; labels as one reads them."""


def truth_of(told: Shape, columns: Columns, document: str) -> dict[str, np.ndarray]:
    """Return a perfect reading of one list: the columns of `core`, and who is meant."""
    record = RECORDS[told.register]
    made: dict[str, np.ndarray] = {}
    fields = {column.field for column in told.columns if column.field}
    if told.register == "complaints":
        fields.add("channel")
    for field in record.fields:
        if field.name not in fields or field.name in LABELS:
            continue
        if field.kind == "date":
            made[field.name] = columns[field.name]
            made[f"{field.name}_precision"] = columns[f"{field.name}_precision"]
        elif field.kind == "range":
            made |= {name: columns[name] for name in field.core_columns}
        else:
            made[field.name] = columns[field.name]
    count = len(columns["rule"])
    made["document"] = np.full(count, document, dtype=object)
    made |= {name: columns[key] for key, name in IDENTITIES.items() if key in columns}
    return made | {"rule": columns["rule"]}


class Truth:
    """Files that grow by one part of the truth after another."""

    def __init__(self, folder: Path, complaints: int) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        self._is_long = complaints > MOST_IN_CSV
        self._open: dict[str, Any] = {}
        self._files: list[Any] = []

    def add(self, name: str, columns: Mapping[str, np.ndarray]) -> None:
        """Write a part of one file."""
        if self._is_long:
            self.add_parquet(name, columns)
        else:
            self.add_csv(name, columns)

    def add_csv(self, name: str, columns: Mapping[str, np.ndarray]) -> None:
        """Write a part as lines of CSV."""
        if name not in self._open:
            file = (self._folder / f"{name}.csv").open(
                "w", encoding="utf-8", newline=""
            )
            self._files.append(file)
            self._open[name] = csv.writer(file, lineterminator="\n")
            self._open[name].writerow(columns)
        lists = [shown(column) for column in columns.values()]
        self._open[name].writerows(zip(*lists, strict=True))

    def add_parquet(self, name: str, columns: Mapping[str, np.ndarray]) -> None:
        """Write a part as a row group of Parquet."""
        table = pa.table({key: pa.array(shown(told)) for key, told in columns.items()})
        if name not in self._open:
            texts = pa.schema([(key, pa.string()) for key in columns])
            path = self._folder / f"{name}.parquet"
            self._open[name] = pq.ParquetWriter(path, texts, compression="zstd")
        self._open[name].write_table(table.cast(self._open[name].schema))

    def close(self) -> None:
        """End every file."""
        for file in self._files or self._open.values():
            file.close()


def shown(column: np.ndarray) -> list[str]:
    """Return values as texts: ISO days, whole numbers without fraction, or nothing."""
    if np.issubdtype(column.dtype, np.datetime64):
        return ["" if day is None else day.isoformat()
                for day in column.astype("datetime64[D]").tolist()]  # fmt: skip
    if np.issubdtype(column.dtype, np.floating):
        return ["" if np.isnan(one) else f"{one:g}" if one < 1e6 else f"{one:.0f}"
                for one in column.tolist()]  # fmt: skip
    return [str(one) for one in column.tolist()]


def overlap_of(
    lists: Mapping[str, Columns], first_matter: int
) -> dict[str, np.ndarray]:
    """Return the rows of different lists that concern one matter.

    Args:
        lists: the complaints of each list; their matters are numbered from 0.
        first_matter: what is added to make the numbers those of the whole world.
    """
    parts = []
    for name in LISTS:
        here = lists[name]
        rows = np.flatnonzero(here["rule"] != "duplicate")
        parts.append((name, here["matter"][rows], here["complaint_id"][rows]))
    matter: Whole = np.concatenate([one for _, one, _ in parts])
    source = np.repeat(
        np.array([n for n, _, _ in parts], object), [len(m) for _, m, _ in parts]
    )
    ids = np.concatenate([one for _, _, one in parts])
    found, at, times = np.unique(matter, return_inverse=True, return_counts=True)
    several = times[at] > 1
    order = np.lexsort((source[several].astype(str), matter[several]))
    return (
        {
            "matter_no": (matter[several] + first_matter)[order],
            "source_id": source[several][order],
            "complaint_id": ids[several][order],
        }
        if len(found)
        else {"matter_no": matter, "source_id": source, "complaint_id": ids}
    )

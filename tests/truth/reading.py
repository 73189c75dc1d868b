"""The known truth of a demonstration workspace, and what a build made of its lists.

In here: both as frames that can be compared. Not in here: computing tables from the
truth (the other modules of this folder).
"""

from pathlib import Path

import pandas as pd

from schemas.records import RECORDS
from schemas.registers import REGISTERS

KEYS = {record.name: [*record.key] for record in REGISTERS}
MEANT = (
    *("matter_no", "person_no", "person_label", "facility_no", "facility_code"),
    *("accused_no", "accused_label", "true_complaint_id", "true_prosecution_id"),
)
"""What only the truth knows."""

LABEL_OF = {
    "person_key": "person_label",
    "facility_key": "facility_code",
    "accused_key": "accused_label",
}
"""Pseudonym of `core` → the label of the truth behind it."""


def sources_of(folder: Path) -> list[tuple[str, str]]:
    """Return source and register of each file of the truth."""
    stems = sorted(path.stem for path in (folder / "truth").glob("demo_*"))
    return [(stem.rpartition("_")[0], stem.rpartition("_")[2]) for stem in stems]


def read_truth(folder: Path, source: str, register: str) -> pd.DataFrame:
    """Return the truth of one list, all text, missing where it says nothing."""
    path = folder / "truth" / f"{source}_{register}.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False).replace("", pd.NA)


def is_accepted(truth: pd.DataFrame) -> pd.Series:
    """Return which rows no rule refuses."""
    return truth["rule"].isna()


def accepted(folder: Path, source: str, register: str) -> pd.DataFrame:
    """Return the rows of one list that a build accepts, dates and numbers typed."""
    truth = read_truth(folder, source, register)
    return typed(truth[is_accepted(truth)].reset_index(drop=True), register)


def typed(frame: pd.DataFrame, register: str) -> pd.DataFrame:
    """Return a list with its dates and numbers as such, its other columns as text."""
    types: dict[str, str] = {}
    for field in RECORDS[register].fields:
        if field.kind == "date":
            types[field.name] = "datetime64[us]"
        if field.kind in ("number", "range"):
            types |= dict.fromkeys(field.core_columns, "float64")
    told = frame.copy()
    for name in told.columns:
        told[name] = told[name].astype(types.get(name, "str"))
    return told


def core_columns(register: str) -> list[str]:
    """Return the columns of a register in `core`, without the words of sources."""
    fields = RECORDS[register].fields
    names = [name for field in fields for name in field.core_columns]
    return [name for name in names if not name.endswith("_source")]


def by_key(frame: pd.DataFrame, register: str, columns: list[str]) -> pd.DataFrame:
    """Return some columns of a list in the order of its keys, for comparing."""
    ordered = frame.sort_values(KEYS[register], ignore_index=True)
    return ordered.reindex(columns=columns)

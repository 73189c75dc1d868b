"""Builders of small tables: a source, a declaration, a table before the gate."""

from collections.abc import Mapping

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.places import Places
from pipeline.declarations.sources import Document, Source
from pipeline.declarations.tables import TableSpec
from pipeline.disseminate.files import columns_of
from pipeline.lineage import stable_ids
from pipeline.model import TOTAL

DEFAULTS = {
    "ref_area": "KZ",
    "time_period": TOTAL,
    "freq": "A",
    "unit_measure": "PERSON",
    "mark": "",
    "obs_status": "A",
    "conf_status": "F",
    "source_id": "registers",
}


def source(name: str = "open_cases", **changes: object) -> Source:
    """Return a public source."""
    base = {
        "source": name,
        "title": "Cases documented in public",
        "publisher": "A publisher",
        "licence": "CC BY 4.0",
        "language": "en",
        "ref_area": "KZ",
        "sensitivity": "public",
        "coverage": "documented_minimum",
        "note": "Compiled from public documents.",
        "documents": (
            Document(document="DOC-1", publisher="An organisation", title="A report"),
        ),
        "files": (),
    }
    return Source.model_validate(base | changes)


def spec(table: str, dimensions: Mapping[str, str], **changes: object) -> TableSpec:
    """Return the declaration of a small table."""
    base = {
        "table": table,
        "title": f"Small table {table}",
        "answers": "A question",
        "built": "cube",
        "unit": "person",
        "period_basis": "year of the verdict",
        "dimensions": dict(dimensions),
        "small_counts": "Published in full.",
        "notes": ("A known limit.",),
    }
    return TableSpec.model_validate(base | changes)


def out_table(
    declared: TableSpec, rows: list[dict[str, object]], of: Source
) -> OutTable:
    """Return a table before the gate: what a row does not say has its default."""
    totals = dict.fromkeys(declared.dimensions, TOTAL)
    blanks = dict.fromkeys(declared.attributes, "")
    full = [DEFAULTS | totals | blanks | {"synthetic": of.synthetic} | r for r in rows]
    frame = pd.DataFrame(full)
    frame["obs_value"] = frame["obs_value"].astype("float64")
    keys = [c for c in frame.columns if c in {*declared.dimensions, "time_period"}]
    frame["cell_id"] = stable_ids(frame[keys], declared.table)
    cells = pd.DataFrame({"cell_id": frame["cell_id"], "leaf_no": 1})
    records = pd.DataFrame(
        {
            "leaf_no": [1],
            "record_id": "r1",
            "source_id": of.source,
            "file": "cases.xlsx",
            "sha256": "0" * 64,
            "sheet": "cases",
            "cell": "A2",
        }
    )
    places = Places(declared.table, cells, records)
    return OutTable(declared, frame[columns_of(declared)], lambda: places,
                    frozenset({of.source}))  # fmt: skip


PENALTIES = spec(
    "penalties",
    {"charge": "charge", "penalty": "penalty", "term_band": "term_band"},
)
PENALTY_ROWS: list[dict[str, object]] = [
    {"charge": "CC97-141-1", "penalty": "PRISON", "obs_value": 3},
    {"charge": "CC97-141-1", "penalty": "SUSP", "obs_value": 1},
    {"charge": "CC97-141-1", "obs_value": 4},
    {"charge": "CC14-146-2-W2015", "penalty": "PRISON", "obs_value": 12},
    {"charge": "CC14-146-2-W2015", "penalty": "CONFISC", "obs_value": 2},
    {"charge": "CC14-146-2-W2015", "obs_value": 14},
    {"charge": "CC14-146-2-W2015", "penalty": "PRISON", "term_band": "Y3_5",
     "obs_value": 7},
    {"penalty": "PRISON", "obs_value": 15},
    {"obs_value": 18},
    {"charge": "_U", "penalty": "FINE", "obs_value": None, "mark": "c"},
]  # fmt: skip

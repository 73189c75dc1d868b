"""Records as read, in a few lines: all text, with the place of each."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from pipeline.declarations.sources import Source
from pipeline.model import LINEAGE
from schemas.records import RECORDS

Raw = Callable[..., pd.DataFrame]
MAKE_SOURCE = {
    "title": "A register",
    "publisher": "An office",
    "licence": "none",
    "language": "en",
    "ref_area": "KZ",
    "coverage": "register",
    "files": (),
}


@pytest.fixture(scope="session")
def sources() -> dict[str, Source]:
    """Return a public source and a restricted one."""
    marks = {"": "not_supplied", "n/k": "unknown", "n/a": "not_applicable"}
    return {
        name: Source(source=name, sensitivity=kind, marks=marks, **MAKE_SOURCE)
        for name, kind in (("open", "public"), ("closed", "restricted"))
    }


@pytest.fixture(scope="session")
def raw() -> Raw:
    """Return a function that makes records as read from rows of text."""

    def make(
        name: str, rows: list[Mapping[str, str | None]], source: str = "open"
    ) -> pd.DataFrame:
        record = RECORDS[name]
        letters = {field: chr(ord("A") + n) for n, field in enumerate(record.names)}
        printed = ["value_as_printed"] if name == "figures" else []
        made = [
            {
                "record_id": f"{source}!{name}!A{n}",
                "source_id": source,
                "delivery_id": f"delivery of {source}",
                "file": f"{source}.xlsx",
                "sheet": name,
                "row": n,
                "cell": f"A{n}",
                "cells": len(row),
                "columns": " ".join(f"{at}:{field}" for field, at in letters.items()),
                **row,
            }
            for n, row in enumerate(rows, start=2)
        ]
        columns = [*LINEAGE, *record.names, *printed]
        frame = pd.DataFrame(made, columns=columns)
        return frame.astype(dict.fromkeys(record.names, "str"))

    return make

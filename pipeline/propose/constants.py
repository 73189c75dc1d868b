"""Fields that a record must have and that no cell of a table fills.

In here: what a draft says of each of them. Not in here: which fields cells fill
(`flat_fields.py`, `cross_draft.py`).
"""

from collections.abc import Collection
from typing import Any

from pipeline.collect.area import PERIOD_FIELDS
from pipeline.propose.nodes import FILL_IN, Noted
from schemas.fields import Record


def constants_of(record: Record, filled: Collection[str]) -> dict[str, Any]:
    """Return the fields of a record that must be filled, without those that are.

    Args:
        record: the kind of record.
        filled: names of the fields that are filled; `period` stands for its three.
    """
    constants: dict[str, Any] = {}
    for field in record.fields:
        if not field.required or field.name in filled:
            continue
        hint = f" A code of the list {field.codelist}." if field.codelist else ""
        if field.name == "qualifier":
            constants[field.name] = "EXACT"
        elif field.name == "code_list":
            constants[field.name] = Noted("{sheet}", "or {file}")
        elif field.kind == "key":
            constants[field.name] = Noted("{row}", "no column identifies a record")
        elif field.name in PERIOD_FIELDS and "period" in filled:
            continue
        else:
            constants[field.name] = Noted(FILL_IN, field.description + hint)
    return constants

"""Say why records are refused: a reason for each fault, with the place of its cell.

In here: building reasons, many rows at once. Not in here: finding out what is wrong
(`validate.py`).
"""

from typing import NamedTuple

import pandas as pd

from pipeline.process.distinct import is_among
from pipeline.process.places import places_of
from schemas.fields import Record

REASON_COLUMNS = (
    *("record_id", "source_id", "record", "field", "rule"),
    *("place", "what", "expected", "do"),
)
DO = "mend the cell in the spreadsheet and deliver it as a new vintage"


class Fault(NamedTuple):
    """What is wrong with records; without a field where it is the whole of them.

    `what` is one text, or one for each record.
    """

    field: str
    rule: str
    what: str | pd.Series
    expected: str


def reasons_for(rows: pd.DataFrame, record: Record, fault: Fault) -> pd.DataFrame:
    """Return why each of some records is quarantined, with the place of its cell."""
    told = {
        "record_id": rows["record_id"],
        "source_id": rows["source_id"],
        "record": record.name,
        "field": fault.field,
        "rule": fault.rule,
        "place": places_of(rows, fault.field),
        "what": f"{fault.field}: " + fault.what if fault.field else fault.what,
        "expected": fault.expected,
        "do": DO,
    }
    return pd.DataFrame(told, index=rows.index).astype("str").reset_index(drop=True)


def no_reasons() -> pd.DataFrame:
    """Return no reasons, with their columns."""
    return pd.DataFrame(columns=REASON_COLUMNS, dtype="str")


def without_echoes(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons, each once, without "empty" where a text did not parse."""
    once = reasons.drop_duplicates(["record_id", "field", "rule"], ignore_index=True)
    is_required = once["rule"] == "required"
    is_unparsed = once["rule"].str.startswith("not_a_")
    if not is_required.any() or not is_unparsed.any():
        return once
    cells = once["field"] + "\x1f" + once["record_id"]
    is_echo = is_required & is_among(cells, cells[is_unparsed])
    return once[~is_echo].reset_index(drop=True)

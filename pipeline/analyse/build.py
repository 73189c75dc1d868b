"""Build any published table from its declaration.

In here: which function builds which kind of table, and the check that every number
can be traced. Not in here: how one is built.
"""

from pipeline.analyse.aggregate import build_cube
from pipeline.analyse.answer import build_answer
from pipeline.analyse.coverage import build_coverage
from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.quality import (
    build_conflicts,
    build_quarantine,
    build_reconciliation,
)
from pipeline.analyse.statements import build_statements
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Questions
from pipeline.declarations.tables import TableSpec
from pipeline.errors import ProvenanceError
from pipeline.warehouse import Warehouse


def build_table(
    warehouse: Warehouse,
    spec: TableSpec,
    lists: dict[str, CodeList],
    questions: Questions,
) -> OutTable:
    """Return one published table.

    Raises:
        ProvenanceError: a number in it cannot be traced to a cell.
    """
    match spec.built:
        case "cube":
            table = build_cube(warehouse, spec)
        case "figures":
            table = build_statements(warehouse, spec, lists)
        case "answer":
            table = build_answer(warehouse, spec, lists, questions)
        case "coverage":
            table = build_coverage(warehouse, spec, lists, questions)
        case "conflicts":
            table = build_conflicts(warehouse, spec)
        case "reconciliation":
            table = build_reconciliation(warehouse, spec)
        case "quarantine":
            table = build_quarantine(warehouse, spec)
    return require_trace(table)


def require_trace(table: OutTable) -> OutTable:
    """Return the table when every number other than a zero count has a trace.

    A count of no records has no record to show; every other number must.
    """
    frame = table.frame
    numbers = frame[frame["obs_value"].notna() & (frame["obs_value"] != 0)]
    lost = ~numbers["cell_id"].isin(table.provenance["cell_id"])
    if lost.any():
        raise ProvenanceError(
            f"{table.spec.table}: {int(lost.sum())} published numbers have no trace, "
            f"the first being {numbers.loc[lost, 'cell_id'].iloc[0]}; "
            "this is a fault of the program, not of the data"
        )
    return table

"""Build any published table from its declaration.

In here: which function builds which kind of table, and the check that every number
can be traced. Not in here: how one is built.
"""

from collections.abc import Callable

from pipeline.analyse.aggregate import build_cube
from pipeline.analyse.answer import build_answer
from pipeline.analyse.coverage import build_coverage
from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.flow import build_flow
from pipeline.analyse.linkage.explained import (
    build_clerical_sample,
    build_linkage_model,
)
from pipeline.analyse.overlap import build_overlap
from pipeline.analyse.promptness import build_promptness
from pipeline.analyse.quality import (
    build_conflicts,
    build_quarantine,
    build_reconciliation,
)
from pipeline.analyse.rates import build_rates
from pipeline.analyse.statements import build_statements
from pipeline.analyse.traces import untraced
from pipeline.analyse.unseen import build_unseen
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.questions import Questions
from pipeline.declarations.tables import TableSpec
from pipeline.errors import ProvenanceError
from pipeline.warehouse import Warehouse

Builder = Callable[[Warehouse, TableSpec], OutTable]
BUILDERS: dict[str, Builder] = {
    "cube": build_cube,
    "flow": build_flow,
    "promptness": build_promptness,
    "rates": build_rates,
    "conflicts": build_conflicts,
    "reconciliation": build_reconciliation,
    "quarantine": build_quarantine,
    # Built of linked lists of complaints; no other table rests on links.
    "overlap": build_overlap,
    "linkage_model": build_linkage_model,
    "clerical_sample": build_clerical_sample,
    "unseen": build_unseen,
}


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
        case "figures":
            table = build_statements(warehouse, spec, lists)
        case "answer":
            table = build_answer(warehouse, spec, lists, questions)
        case "coverage":
            table = build_coverage(warehouse, spec, lists, questions)
        case built:
            table = BUILDERS[built](warehouse, spec)
    return require_trace(warehouse, table)


def require_trace(warehouse: Warehouse, table: OutTable) -> OutTable:
    """Return the table when every number other than a zero count has a trace.

    A count of no records has no record to show; every other number must.
    """
    frame = table.frame
    numbers = frame[frame["obs_value"].notna() & (frame["obs_value"] != 0)]
    if lost := untraced(warehouse, table.spec.table, numbers["cell_id"]):
        raise ProvenanceError(
            f"{table.spec.table}: {len(lost)} published numbers have no trace, "
            f"the first being {lost[0]}; "
            "this is a fault of the program, not of the data"
        )
    return table

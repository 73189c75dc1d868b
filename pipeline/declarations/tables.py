"""Published tables and charts: what each counts, by what, under which rule.

In here: the shape of `schemas/tables/*.yml` and `schemas/charts/*.yml`. Not in here:
counting or drawing.
"""

from typing import Literal

from pydantic import Field

from pipeline.declarations.base import (
    Declaration,
    Declared,
    declaration_files,
    read_declaration,
)
from pipeline.errors import DeclarationError
from pipeline.workspace import Workspace
from schemas.outputs import LEADING, TRAILING


class TableSpec(Declaration):
    """One published table.

    `dimensions` maps each dimension to its code list (empty where it has none) and
    `attributes` each further column to what it means; `relation` names what is
    counted. Dimensions in `fixed` have no total: their codes differ in unit or
    overlap. `any_of` selects figures: one of the alternatives must fit.
    `provisional_months`: for how long after its end the counts of a year may still
    change by what happens later; 0 where nothing that comes later changes them.
    """

    table: str
    title: str
    answers: str
    built: Literal[
        "cube",
        "figures",
        "answer",
        "coverage",
        "conflicts",
        "reconciliation",
        "quarantine",
        "overlap",
        "linkage_model",
        "clerical_sample",
        "unseen",
        "flow",
        "promptness",
        "rates",
    ]
    relation: str = ""
    unit: str
    period_basis: str
    dimensions: dict[str, str]
    attributes: dict[str, str] = {}
    fixed: tuple[str, ...] = ()
    any_of: tuple[dict[str, tuple[str, ...]], ...] = ()
    provisional_months: int = Field(default=0, ge=0)
    disclosure: Literal["none", "frequency"] = "none"
    coverage: str = ""
    small_counts: str
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Return every column of the table, in order, with its description."""
        dimensions = {
            name: f"Code of the list {of}." if of else "Identifier or word of the row."
            for name, of in self.dimensions.items()
        }
        return {**LEADING, **dimensions, **TRAILING, **self.attributes}


class ChartSpec(Declaration):
    """One chart of one published table.

    `x` and `by` are its two dimensions, `panel` a third that splits it into parts,
    each with a scale of its own. A dimension that is neither one of these, nor in
    `where`, nor `free` (may differ from row to row) is shown as its total `_T`.
    `labels` is a column that holds the words for the codes of `by`, where no code
    list does. `breaks` are codes of the list `break`, drawn where x is time.
    """

    chart: str
    table: str
    kind: Literal["stacked_bars", "matrix_counts", "series", "coverage", "waiting"]
    title: str
    unit: str
    x: str
    by: str
    panel: str = ""
    labels: str = ""
    where: dict[str, tuple[str, ...]] = {}
    free: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    alt: str
    notes: tuple[str, ...] = ()


def read_tables(workspace: Workspace) -> dict[str, TableSpec]:
    """Return the published tables by name. Raises DeclarationError."""
    specs = (
        named(path.stem, read_declaration(path, TableSpec), "table")
        for path in declaration_files(workspace, "tables", ".yml")
    )
    return {spec.table: spec for spec in specs}


def read_charts(workspace: Workspace) -> dict[str, ChartSpec]:
    """Return the charts by name. Raises DeclarationError."""
    specs = (
        named(path.stem, read_declaration(path, ChartSpec), "chart")
        for path in declaration_files(workspace, "charts", ".yml")
    )
    return {spec.chart: spec for spec in specs}


def named(stem: str, spec: Declared, attribute: str) -> Declared:
    """Return the declaration when its name is that of its file."""
    if getattr(spec, attribute) != stem:
        raise DeclarationError(
            f"{stem}.yml: {attribute} is called {getattr(spec, attribute)!r}; "
            "the file must have its name"
        )
    return spec

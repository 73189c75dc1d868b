"""Which rates may be formed: the shape of `schemas/rates.yml`.

In here: what is divided by what. Not in here: dividing (`analyse/rates.py`). Units are
never divided without such a declaration.
"""

from pydantic import Field

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY


class Numerator(Declaration):
    """Cells of a published table; a dimension not named is its total.

    `by` is the dimension that the rate is given by, beside its total.
    """

    table: str
    unit: str
    where: dict[str, str]
    by: str


class Denominator(Declaration):
    """Reported figures; a dimension not named is its total.

    `period_types`: those that tell of people at a time, not over a year.
    """

    indicator: str
    unit: str
    period_types: tuple[str, ...] = Field(min_length=1)
    by: str


class Rate(Declaration):
    """One rate. `coverage`: kinds of source that may give its numerator."""

    numerator: Numerator
    denominator: Denominator
    per: int = Field(gt=0)
    coverage: tuple[str, ...] = Field(min_length=1)


class Rates(Declaration):
    """All rates by their code in the list `rate`."""

    rates: dict[str, Rate]


def read_rates() -> dict[str, Rate]:
    """Return the rates by code. Raises DeclarationError."""
    return read_declaration(REPOSITORY / "schemas" / "rates.yml", Rates).rates

"""How promptness is measured: the shape of `schemas/promptness.yml`.

In here: the steps, their ends, the horizons and the limits that the law sets. Not in
here: between which dates (`analyse/matter_days.py`).
"""

from typing import Literal

from pydantic import Field

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY


class Step(Declaration):
    """One wait: what is counted and the ends that compete.

    `by_body`: whether the body in whose hands it is, is known at the start.
    """

    unit: Literal["COMPLAINT", "CHECK", "CASE", "PERSON"]
    by_body: Literal["YES", "NO"]
    ends: tuple[str, ...] = Field(min_length=1)


class Limit(Declaration):
    """A limit that the law sets for a step, in days.

    One from memory (M) is not printed before somebody has seen the text (V).
    """

    step: str
    days: int = Field(gt=0)
    article: str
    valid_from: str = Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    valid_to: str = Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    status: Literal["V", "M"]


class Promptness(Declaration):
    """All that `promptness` needs to know.

    `level` of the intervals; `low_below`: with fewer at risk an estimate is marked.
    """

    level: float = Field(gt=0, lt=1)
    low_below: int = Field(ge=0)
    horizons: tuple[int, ...]
    steps: dict[str, Step]
    limits: tuple[Limit, ...] = ()


def read_promptness() -> Promptness:
    """Return how promptness is measured. Raises DeclarationError."""
    return read_declaration(REPOSITORY / "schemas" / "promptness.yml", Promptness)

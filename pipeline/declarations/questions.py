"""The four questions of 8(c): what answers each, and who is asked first.

In here: the shape of `schemas/questions.yml`. Not in here: answering.
"""

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY


class Axis(Declaration):
    """One breakdown that the Committee asks of a question.

    `field` is the dimension of a figure, `records` the register fields that give it;
    a figure broken down into fewer than `categories` codes gives only a part.
    """

    axis: str
    asks: str
    field: str
    categories: int = 2
    records: dict[str, str] = {}


class Question(Declaration):
    """One question: the indicators near it, and what makes a figure its answer.

    `asked` holds columns of a figure that must be broken down (neither total nor
    unknown), or be one of the codes named; `table` is the register table that answers,
    by `by`.
    """

    question: str
    asks: str
    indicators: tuple[str, ...]
    asked: dict[str, tuple[str, ...]]
    table: str
    by: str
    where: dict[str, str] = {}
    axes: tuple[Axis, ...]


class Precedence(Declaration):
    """Who is preferred where several state one quantity, and why."""

    order: tuple[str, ...]
    reason: str


class Questions(Declaration):
    """Everything that `answer_8c` and `coverage` need to know."""

    first_year: int
    last_year: int
    period_types: tuple[str, ...]
    offence_kinds: tuple[str, ...]
    national: dict[str, tuple[str, ...]]
    precedence: Precedence
    questions: tuple[Question, ...]


def read_questions() -> Questions:
    """Return the questions of 8(c). Raises DeclarationError."""
    return read_declaration(REPOSITORY / "schemas" / "questions.yml", Questions)

"""The four questions of 8(c): what answers each, and who is asked first.

In here: the shape of `schemas/questions.yml`. Not in here: answering.
"""

from pipeline.declarations.base import Declaration, own_or_builtin, read_declaration
from pipeline.workspace import REPOSITORY, Workspace

FILE = "questions.yml"


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
    """Everything that `answer_8c` and `coverage` need to know.

    `ref_area` is the country that was asked: figures and registers of another one
    answer nothing.
    """

    ref_area: str
    first_year: int
    last_year: int
    period_types: tuple[str, ...]
    offence_kinds: tuple[str, ...]
    national: dict[str, tuple[str, ...]]
    precedence: Precedence
    questions: tuple[Question, ...]


def read_questions(workspace: Workspace | None = None) -> Questions:
    """Return the questions of a workspace, or the built-in ones where it has none.

    Raises:
        DeclarationError: a key is unknown or missing, or a value is not legal.
    """
    path = own_or_builtin(workspace or Workspace(REPOSITORY), FILE)
    return read_declaration(path, Questions)

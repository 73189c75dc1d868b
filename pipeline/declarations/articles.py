"""The words that cite an article of law, declared in `schemas/articles.yml`.

In here: the shape of the declaration, and reading it. Not in here: reading a citation
(`process/article.py`).
"""

from functools import cache

from pipeline.declarations.base import Declaration, read_declaration
from pipeline.workspace import REPOSITORY

FILE = "articles.yml"
Words = tuple[str, ...]


class Parts(Declaration):
    """What an article, a part and a point of it are called."""

    article: Words
    part: Words
    point: Words


class ArticleWords(Declaration):
    """Words that stand before or after a number, names of codes, and wordings."""

    before: Parts
    after: Parts
    law: Words
    laws_by_year: dict[str, str]
    wording_from: Words
    wording_before: Words


@cache
def article_words() -> ArticleWords:
    """Return the words that come with the project. Raises DeclarationError."""
    return read_declaration(REPOSITORY / "schemas" / FILE, ArticleWords)

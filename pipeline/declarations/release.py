"""What a release is called and what it is about.

In here: the shape of `schemas/release.yml`. Not in here: what a release holds
(`schemas/tables`), or writing it.
"""

from pipeline.declarations.base import Declaration, own_or_builtin, read_declaration
from pipeline.workspace import Workspace

FILE = "release.yml"


class ReleaseWords(Declaration):
    """Title, subject, and a sentence or two on what a release holds."""

    title: str
    subject: str
    about: str


def read_release_words(workspace: Workspace) -> ReleaseWords:
    """Return the words of a workspace, or the built-in ones where it has none.

    Raises:
        DeclarationError: a key is unknown or missing.
    """
    return read_declaration(own_or_builtin(workspace, FILE), ReleaseWords)

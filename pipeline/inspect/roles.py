"""How the roles of cells are called and told apart on the page.

In here: name, letter and meaning of each role. Not in here: colours (the style sheet).
"""

from dataclasses import dataclass

from pipeline.model import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role as the page tells it: class, letter, name, meaning."""

    key: str
    letter: str
    name: str
    means: str


NOT_UNDERSTOOD = RoleWords(
    "unread", "?", "not understood", "no layout says what it is; a build would stop"
)
REFUSED = RoleWords(
    "refused", "!", "refused", "read, but a word or value that cannot be used"
)
WORDS: dict[int, RoleWords] = {
    Role.NOT_UNDERSTOOD: NOT_UNDERSTOOD,
    Role.TITLE: RoleWords("title", "T", "title", "stands above a table"),
    Role.HEADER: RoleWords("header", "H", "header", "names a column"),
    Role.DIMENSION: RoleWords(
        "dimension", "D", "dimension", "says what a record is about"
    ),
    Role.VALUE: RoleWords("value", "V", "value", "a number that is loaded"),
    Role.PERSON: RoleWords(
        "person", "P", "person", "replaced by a pseudonym; never shown"
    ),
    Role.CONTROL: RoleWords(
        "control", "Σ", "total", "checked against its parts; not loaded"
    ),
    Role.NOTE: RoleWords("note", "N", "note", "declared as no data"),
    Role.DROPPED: RoleWords("dropped", "X", "dropped", "never read; never shown"),
    Role.NON_DATA: RoleWords("nondata", "–", "no data", "declared as no data"),
}
ORDER = (NOT_UNDERSTOOD, REFUSED, *(w for w in WORDS.values() if w != NOT_UNDERSTOOD))
"""The roles as the legend lists them, what must be mended first."""

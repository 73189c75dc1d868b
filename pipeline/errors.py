"""What can go wrong, in words for the person who has to mend it.

In here: the project's own exceptions and `Problem`, a fault with its place. Not in
here: deciding what is wrong; each phase does that for its own data.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is, what it is, what was expected and what to do."""

    place: str
    what: str
    expected: str
    do: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; expected {self.expected}; {self.do}"


class Point27Error(Exception):
    """Any fault that the person at the keyboard can mend."""


class InputError(Point27Error):
    """What came in cannot be read as declared. Carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnreadableFileError(InputError):
    """A file is not what its name says, or cannot be opened."""


class LayoutError(InputError):
    """A sheet does not look as its layout declares."""


class UnknownCodeError(InputError):
    """A source wrote a word that no code list and no spelling knows."""


class CorrectionError(InputError):
    """A correction does not fit the record that it was declared for."""


class DeclarationError(Point27Error):
    """A declaration under `schemas/` is wrong, or two of them disagree."""


class UnaccountedCellsError(Point27Error):
    """Cells were read that are neither observation, quarantined nor non-data."""


class WarehouseBusyError(Point27Error):
    """Another process holds the warehouse."""


class DisclosureError(Point27Error):
    """Something that has not passed disclosure control was about to be published."""


class ProvenanceError(Point27Error):
    """A published number cannot be traced to a cell."""


class FanOutError(Point27Error):
    """A join lost units that are counted, or made several of one."""


class UnshownFaultError(Point27Error):
    """A fault of the program whose words could quote a cell that is not public."""

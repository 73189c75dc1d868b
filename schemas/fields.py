"""The kinds of field a record can have, and a record made of them.

In here: what a field is (its kind, its code list, whether it must be filled) and
what it means in words. Not in here: how a cell is read or a field is parsed.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "key", "pseudonym", "code", "date", "number", "range", "ids"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, as a layout may fill it."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    codelist: str = ""
    multiple: bool = False
    default: str = ""

    @property
    def core_columns(self) -> tuple[str, ...]:
        """Return the columns that this field becomes in `core`."""
        match self.kind:
            case "code":
                return (self.name, f"{self.name}_source")
            case "date":
                return (self.name, f"{self.name}_precision")
            case "range":
                return (f"{self.name}_low", f"{self.name}_high")
            case _:
                return (self.name,)


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record: what one row is, its key and its fields."""

    name: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return the field of that name. Raises KeyError when there is none."""
        return {field.name: field for field in self.fields}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, in order."""
        return tuple(field.name for field in self.fields)


def text(name: str, description: str, *, required: bool = False) -> Field:
    """Return a field of short text that names nobody."""
    return Field(name, "text", description, required)


def key(name: str, description: str) -> Field:
    """Return an identifier that a source gives to its own records."""
    return Field(name, "key", description, required=True)


def pseudonym(name: str, description: str, *, required: bool = False) -> Field:
    """Return a field that identifies a person; replaced while it is being read."""
    return Field(name, "pseudonym", description, required)


def code(
    name: str,
    codelist: str,
    description: str,
    *,
    required: bool = False,
    multiple: bool = False,
    default: str = "",
) -> Field:
    """Return a field that holds one code of a list, or several."""
    return Field(name, "code", description, required, codelist, multiple, default)


def date(name: str, description: str, *, required: bool = False) -> Field:
    """Return a date with a precision: day, month, year or unknown."""
    return Field(name, "date", description, required)


def number(name: str, description: str, *, required: bool = False) -> Field:
    """Return a number."""
    return Field(name, "number", description, required)


def span(name: str, description: str) -> Field:
    """Return a number or a range of numbers, kept as its two ends."""
    return Field(name, "range", description)


def ids(name: str, description: str, *, required: bool = False) -> Field:
    """Return identifiers of other records, several in one cell."""
    return Field(name, "ids", description, required, multiple=True)

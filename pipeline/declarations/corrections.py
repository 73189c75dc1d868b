"""Corrections: every departure from what a source wrote, and files it took back.

In here: the shape of `schemas/corrections/*.yml`, and what can be told wrong in it
without the data. Not in here: applying a correction (`process/correct.py`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from pydantic import model_validator

from pipeline.declarations.base import (
    Declaration,
    declaration_files,
    read_declaration,
)
from pipeline.declarations.sources import Source
from pipeline.errors import DeclarationError
from pipeline.workspace import Workspace
from schemas.records import RECORDS


class Decision(Declaration):
    """What every departure from a source says of itself.

    `provided_by` is a role, such as "registrar of the office", never a person's name.
    """

    source: str
    reason: str
    provided_by: str
    decided_on: date

    @model_validator(mode="after")
    def _is_explained(self) -> "Decision":
        if not self.reason.strip() or not self.provided_by.strip():
            raise ValueError("reason and provided_by: say why, and in which role")
        return self


class Correction(Decision):
    """One field of one record: what the source wrote, and what counts instead.

    The record is named by its key or by the place of the cell, file!sheet!cell.
    `expect` is the text of the source, or the code it has: where the source comes to
    say something else the correction is out of date, and stops the build.
    """

    record: str
    key: dict[str, str] = {}
    place: str = ""
    field: str
    expect: str
    value: str
    status: Literal["proposed", "accepted", "withdrawn"]

    @model_validator(mode="after")
    def _names_one_cell(self) -> "Correction":
        if self.record not in RECORDS:
            raise ValueError(f"record: one of {', '.join(RECORDS)}")
        record = RECORDS[self.record]
        if bool(self.key) == bool(self.place):
            raise ValueError("name the record by `key` or by `place`, not both")
        if self.key and set(self.key) != set(record.key):
            raise ValueError(f"key: give {', '.join(record.key)}")
        if self.field not in record.names:
            raise ValueError(f"field: {self.record} has no field {self.field!r}")
        if self.key and self.field in record.key:
            raise ValueError("field: a key is corrected by `place`")
        if record.field(self.field).kind == "pseudonym":
            raise ValueError(
                "field: who a person is cannot be corrected here; a name would stand "
                "in the declaration"
            )
        if self.expect.strip() == self.value.strip():
            raise ValueError("value: the same as `expect`")
        return self


class WithdrawnFile(Decision):
    """A file that a source took back: later vintages need not have it."""

    file: str


class CorrectionFile(Declaration):
    """One file of `schemas/corrections/`."""

    corrections: tuple[Correction, ...] = ()
    withdrawn_files: tuple[WithdrawnFile, ...] = ()


class Numbered(NamedTuple):
    """A correction and where it is declared."""

    correction_id: str
    correction: Correction


class Corrections(NamedTuple):
    """Everything declared under `schemas/corrections/`."""

    every: tuple[Numbered, ...] = ()
    withdrawn_files: tuple[WithdrawnFile, ...] = ()

    def of(self, record: str) -> tuple[Numbered, ...]:
        """Return the corrections of one kind of record."""
        return tuple(one for one in self.every if one.correction.record == record)

    def withdrawn(self, source_id: str) -> frozenset[str]:
        """Return the files that a source took back."""
        mine = [one for one in self.withdrawn_files if one.source == source_id]
        return frozenset(one.file for one in mine)


def read_corrections(
    workspace: Workspace, sources: Mapping[str, Source]
) -> Corrections:
    """Return the corrections of a workspace, for all sources that are declared.

    With `workspace.as_of`, only what had been decided by that day.

    Args:
        workspace: whose declarations apply.
        sources: every source declared, whether it takes part or not.

    Raises:
        DeclarationError: a file is wrong, names no source, or corrects a cell twice.
    """
    numbered: list[Numbered] = []
    withdrawn: list[WithdrawnFile] = []
    for path in declaration_files(workspace, "corrections", ".yml"):
        found = read_declaration(path, CorrectionFile)
        for decision in (*found.corrections, *found.withdrawn_files):
            if decision.source not in sources:
                raise DeclarationError(f"{path}: no source {decision.source!r}")
        numbered += [
            Numbered(f"{path.stem}#{number}", one)
            for number, one in enumerate(found.corrections, start=1)
        ]
        withdrawn += found.withdrawn_files
    refuse_twice(numbered)
    until = workspace.as_of or date.max.isoformat()
    return Corrections(
        tuple(n for n in numbered if n.correction.decided_on.isoformat() <= until),
        tuple(w for w in withdrawn if w.decided_on.isoformat() <= until),
    )


def refuse_twice(numbered: list[Numbered]) -> None:
    """Raise DeclarationError when two accepted corrections are of one cell."""
    first: dict[tuple[object, ...], str] = {}
    for correction_id, cell in accepted_cells(numbered):
        other = first.setdefault(cell, correction_id)
        if other != correction_id:
            raise DeclarationError(
                f"schemas/corrections: {other} and {correction_id} correct the same "
                "cell; withdraw one of them"
            )


def accepted_cells(
    numbered: list[Numbered],
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield each accepted correction with the cell that it names."""
    for correction_id, one in numbered:
        if one.status == "accepted":
            key = tuple(sorted(one.key.items()))
            yield correction_id, (one.source, one.record, key, one.place, one.field)

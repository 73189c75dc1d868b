"""Judge a workbook that was filled in: its version, its headers, its facts.

In here: every problem of one such workbook but those of its rows. Not in here: what is
seen of it (`seen.py`); its rows, which are read and reviewed as those of any source.

No text of the workbook is quoted: it may be a name in a wrong place.
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.declarations.codelists import ANY, CodeList, normalise
from pipeline.declarations.template import Fact, template_words
from pipeline.errors import Problem
from pipeline.lineage import address, place
from pipeline.model import SPECIAL_CODES
from pipeline.template.form import (
    COLUMNS_OF,
    DATA_LABELS,
    DATA_NAMES,
    MARKER,
    SOURCE,
    VALUE_COLUMN,
)
from pipeline.template.seen import Seen, SeenSheet
from schemas.registers import REGISTERS

SOURCE_ID = re.compile(r"[a-z][a-z0-9_]*")
CLOSED, NO = "restricted", "false"
WHEN_EMPTY = {"sensitivity": CLOSED, "synthetic": NO}
"""What an empty answer means: the careful one."""

WRITE_ANEW = (
    "write a new one with point27 template REGISTER, and copy the rows and the answers "
    "of the sheet source into it"
)


def faults(file: str, seen: Seen, lists: Mapping[str, CodeList]) -> list[Problem]:
    """Return every problem of a workbook but those of its rows."""
    if problem := version_problem(file, seen):
        return [problem]
    found = [*fact_problems(file, seen, lists)]
    for name, columns in seen.registers.items():
        if name not in seen.sheets:
            found.append(missing_sheet(file, name))
            continue
        told = {DATA_NAMES: columns, DATA_LABELS: seen.labels(name)}
        found += header_problems(place(file, name, ""), seen.sheets[name], told)
    if not found and not any(sheet.rows for sheet in seen.sheets.values()):
        found.append(nothing_filled_in(file))
    return found


def version_problem(file: str, seen: Seen) -> Problem | None:
    """Return the problem of a workbook of another version of the program, if it is."""
    words = template_words()
    fields = {record.name: set(record.names) for record in REGISTERS}
    told = seen.registers
    is_known = bool(told) and all(
        name in fields and set(columns) <= fields[name]
        for name, columns in told.items()
    )
    if seen.value(MARKER) == words.format and is_known:
        return None
    return Problem(
        place(file, SOURCE, address(0, VALUE_COLUMN)),
        "a workbook to fill in that another version of point27 wrote, or whose lines "
        f"for the program ({COLUMNS_OF}…) were changed",
        f"version {words.format}, and columns that the registers have today",
        WRITE_ANEW,
    )


def header_problems(
    where: str, seen: SeenSheet, told: Mapping[int, tuple[str, ...]]
) -> Iterator[Problem]:
    """Yield the first cell of each header row that is not as it was written.

    Only the machine names may go on further: what stands right of the labels is told
    with all that stands outside of the table.
    """
    for row, found in ((DATA_NAMES, seen.names), (DATA_LABELS, seen.labels)):
        wanted = told[row]
        reach = max(len(wanted), len(found)) if row == DATA_NAMES else len(wanted)
        for at in range(reach):
            expected = wanted[at] if at < len(wanted) else ""
            if (found[at] if at < len(found) else "") != expected:
                yield header_problem(f"{where}!{address(row, at)}", expected)
                break


def header_problem(where: str, expected: str) -> Problem:
    """Return the problem of one header that was renamed, moved or deleted."""
    return Problem(
        where,
        "the header is not as it was written: a column renamed, moved, added or "
        "deleted",
        f"the header {expected!r} here" if expected else "no further column",
        "undo the change; or " + WRITE_ANEW,
    )


def fact_problems(
    file: str, seen: Seen, lists: Mapping[str, CodeList]
) -> Iterator[Problem]:
    """Yield what is missing or wrong on the sheet `source`."""
    for fact in template_words().facts:
        if fact.fact not in seen.answers:
            yield Problem(
                place(file, SOURCE, ""),
                f"the row {fact.fact!r} is missing",
                f"all rows of the sheet {SOURCE}",
                WRITE_ANEW,
            )
        elif expected := what_is_wrong(fact, seen.value(fact.fact), lists):
            is_empty = not seen.value(fact.fact)
            yield Problem(
                place_of(file, seen, fact.fact),
                f"{fact.label.en}: "
                + ("not filled in" if is_empty else "not one of the answers"),
                expected,
                "fill in the cell",
            )


def what_is_wrong(fact: Fact, value: str, lists: Mapping[str, CodeList]) -> str:
    """Return what is expected of an answer, or nothing where it is one."""
    if not value:
        return fact.help.en if fact.required else ""
    if answer_of(fact, value, lists):
        return ""
    if fact.choices:
        return "one of " + ", ".join(said.en for said in fact.choices.values())
    return fact.help.en


def answer_of(fact: Fact, value: str, lists: Mapping[str, CodeList]) -> str:
    """Return what an answer means, whatever its language, or nothing."""
    if not value:
        return WHEN_EMPTY.get(fact.fact, "")
    if fact.list:
        code = lists[fact.list].known(ANY).get(normalise(value), "")
        return "" if code in SPECIAL_CODES else code
    if fact.choices:
        words = {
            normalise(word): choice
            for choice, said in fact.choices.items()
            for word in (choice, *said.every())
        }
        return words.get(normalise(value), "")
    if fact.fact == "source" and not SOURCE_ID.fullmatch(value):
        return ""
    return value


def place_of(file: str, seen: Seen, fact: str) -> str:
    """Return the cell in which an answer stands."""
    return place(file, SOURCE, address(seen.answers[fact].row, VALUE_COLUMN))


def missing_sheet(file: str, name: str) -> Problem:
    """Return the problem of a register whose sheet was renamed or deleted."""
    return Problem(
        file,
        f"the sheet {name!r} is missing",
        "all sheets of the workbook, under the names that they had",
        "give the sheet its name back; or " + WRITE_ANEW,
    )


def nothing_filled_in(file: str) -> Problem:
    """Return the problem of a workbook without any row."""
    return Problem(
        file,
        "nothing filled in: the sheets of the registers have no row",
        "rows from the third one down; a register without rows is not a count of 0",
        "fill it in, or move the workbook away",
    )

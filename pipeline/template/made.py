"""Make the declaration of a source from the workbooks that were filled in for it.

In here: facts and layouts as a `Source`, and workbooks of one source that contradict
each other. Not in here: finding the workbooks (`store`).
"""

from collections.abc import Iterator, Mapping
from glob import escape
from typing import ClassVar

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.layouts import FlatSheet, NonDataSheet, SheetLayout
from pipeline.declarations.sources import Source, SourceFile
from pipeline.declarations.template import template_words
from pipeline.errors import Problem
from pipeline.template.form import NO_DATA
from pipeline.template.judge import answer_of, place_of
from pipeline.template.seen import Seen

LEFT_EMPTY = "a register that was left empty: not supplied"


class TemplateFile(SourceFile):
    """A workbook that was filled in; which of them a delivery has is up to it."""

    is_expected: ClassVar[bool] = False


def made_source(workbooks: Mapping[str, Seen], lists: Mapping[str, CodeList]) -> Source:
    """Return the source that workbooks without problems were filled in for.

    Args:
        workbooks: by name of the file; the facts are those of the first.
        lists: code lists by name.
    """
    words = template_words()
    first = next(iter(workbooks.values()))
    facts = {
        fact.fact: answer_of(fact, first.value(fact.fact), lists)
        for fact in words.facts
    }
    files = tuple(
        TemplateFile(file=escape(name), sheets=sheets_of(seen))
        for name, seen in workbooks.items()
    )
    return Source.model_validate({**facts, "marks": words.marks, "files": files})


def sheets_of(seen: Seen) -> tuple[SheetLayout, ...]:
    """Return what is on each sheet of a workbook."""
    beside = [NonDataSheet(sheet=name, non_data=why) for name, why in NO_DATA.items()]
    return (*beside, *(register_of(seen, name) for name in seen.registers))


def register_of(seen: Seen, name: str) -> SheetLayout:
    """Return the layout of the sheet of a register; one left empty has no data.

    Else its source would seem to supply it, and to have counted nothing.
    """
    if name in seen.sheets and not seen.sheets[name].rows:
        return NonDataSheet(sheet=name, non_data=LEFT_EMPTY)
    columns = {column: column for column in seen.registers[name]}
    told = {"sheet": name, "record": name, "layout": "flat", "columns": columns}
    return FlatSheet.model_validate(told)


def contradictions(
    before: tuple[str, Seen], other: tuple[str, Seen], lists: Mapping[str, CodeList]
) -> Iterator[Problem]:
    """Yield each answer of a workbook that is another one than in one before it."""
    file, seen = other
    for fact in template_words().facts:
        told = {
            normalise(answer_of(fact, one.value(fact.fact), lists))
            for one in (before[1], seen)
        }
        if len(told) > 1:
            yield Problem(
                place_of(file, seen, fact.fact),
                f"{fact.label.en}: another answer than in {before[0]}",
                "the same answers in all workbooks of a source",
                "mend the one that is wrong",
            )


def wrong_folder(file: str, seen: Seen, folder: str) -> Problem:
    """Return the problem of a workbook of another source than its folder's."""
    return Problem(
        place_of(file, seen, "source"),
        f"the short name is not that of the folder raw/{folder}",
        f"{folder!r}",
        "write the name of the folder there, or put the workbook into its own folder",
    )

"""Try a draft: does the layout engine read the sheets as it tells?

In here: laying the sheets out by the draft, with what is still to be filled taken for
granted, and saying in a comment how it went. Not in here: drafting.

No text of a cell is told: the draft is tried as one of a restricted source.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.collect.intake import declared_sheets
from pipeline.collect.layout import Where
from pipeline.collect.tables import lay_sheet
from pipeline.declarations.base import parse_yaml
from pipeline.declarations.layouts import NonDataSheet
from pipeline.declarations.sources import Numbers, SourceFile
from pipeline.model import Delivery, Sheet
from pipeline.propose.nodes import FILL_IN

GRANTED = {"hidden": "use", "fiscal_start": "4", "where": "title"}
"""What stands for a value still to be filled where not every text would do."""

MOST_PROBLEMS = 3


def trial_lines(draft: str, sheets: Sequence[Sheet], path: Path) -> Iterator[str]:
    """Yield comments that tell what the draft reads of each sheet, and what not."""
    tree = parse_yaml(draft)
    granted = with_granted(tree["files"][0])
    try:
        declared = TypeAdapter(SourceFile).validate_python(granted)
    except ValidationError as error:
        faults = {".".join(str(part) for part in one["loc"]) for one in error.errors()}
        yield f"# Not legal yet, filled or not: {', '.join(sorted(faults))}"
        return
    numbers = Numbers.model_validate(with_granted(tree.get("numbers", {})))
    delivery = Delivery(tree["source"], "", path.name, "", 0, path)
    for sheet, layout in declared_sheets(declared, list(sheets)):
        if isinstance(layout, NonDataSheet):
            continue
        where = Where(delivery, sheet.name, True, {}, numbers)
        laid = lay_sheet(sheet, layout, where)
        if not laid.problems:
            count = sum(len(part.records) for part in laid.parts)
            yield f"# Read by this layout: {sheet.name}: {count:,} records"
            continue
        for problem in laid.problems[:MOST_PROBLEMS]:
            yield f"# Not read yet, {problem.place}: {problem.what[:300]}"


def with_granted(told: Any, key: str = "", field: str = "document") -> Any:
    """Return a draft with what is still to be filled taken for granted.

    A field is taken for one that the record has.
    """
    if isinstance(told, Mapping):
        field = "label" if told.get("record") == "codes" else field
        return {
            field if name == FILL_IN else name: with_granted(value, str(name), field)
            for name, value in told.items()
        }
    if isinstance(told, list):
        return [with_granted(one, key, field) for one in told]
    return GRANTED.get(key, field) if told == FILL_IN else told

"""Words for people: labels of codes, headers, marks, what coverage means.

In here: everything that the workbook and the charts say in the same words. Not in
here: layout.

A label is printed only where it was seen in public text (V), where the concept was
seen and the wording is ours (V-en), or where it is the project's own technical wording
(P). A label from memory (M) is never printed: the code stands in its place.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from pipeline.analyse.disclosure import ProtectedTable
from pipeline.declarations.codelists import ACCEPTED_STATUS, CodeList
from pipeline.declarations.sources import Source
from pipeline.declarations.tables import TableSpec
from pipeline.model import SEPARATOR, SPECIAL_CODES

SYNTHETIC = "SYNTHETIC DATA"
LISTS_OF_COLUMNS = {
    "ref_area": "ref_area",
    "freq": "freq",
    "unit_measure": "unit",
    "obs_status": "obs_status",
    "conf_status": "conf_status",
}
SPECIAL = dict(
    zip(SPECIAL_CODES, ("Total", "Not stated", "Not applicable", "Other"), strict=True)
)
"""What is printed for a special code where the column has no code list."""
COVERAGE = {
    "documented_minimum": (
        "Documented minimum: only matters that can be read one by one in public "
        "documents. No rate, share or total of the country follows from it, and a "
        "cell without a case is not a zero of the country."
    ),
    "caseload": (
        "Those who came to the organisation: no sample of all, and more of them where "
        "it has an office. No rate, share or total of the country follows from it."
    ),
    "published_total": (
        "Totals as somebody has published them. Nothing is corrected, averaged or "
        "added; statements that contradict each other stand side by side."
    ),
    "register": "All records of the register that was supplied, for the period stated.",
}


class Words:
    """Labels of codes, by the rule of this module."""

    def __init__(self, lists: Mapping[str, CodeList]) -> None:
        self.lists = lists
        self._printed = {name: printed_labels(one) for name, one in lists.items()}
        self._rank = {
            name: {code: place for place, code in enumerate(one.rows["code"])}
            for name, one in lists.items()
        }

    def label(self, codelist: str, code: str) -> str:
        """Return what is printed for a code, or for several in one cell."""
        known = self._printed.get(codelist, SPECIAL)
        parts = [part.strip() for part in code.split(SEPARATOR)]
        return "; ".join(known.get(part, part) for part in parts)

    def rank(self, codelist: str, code: str) -> tuple[int, str]:
        """Return where a code stands in its list; special and unknown codes last."""
        first = code.split(SEPARATOR, maxsplit=1)[0]
        last = len(self._rank.get(codelist, {}))
        if first in SPECIAL_CODES:
            return last + 1 + SPECIAL_CODES.index(first), code
        return self._rank.get(codelist, {}).get(first, last), code


@cache
def printed_labels(codelist: CodeList) -> dict[str, str]:
    """Return code → what is printed; two codes never look the same."""
    rows = codelist.rows
    seen = rows[
        rows["label_en_status"].isin(ACCEPTED_STATUS) & (rows["label_en"] != "")
    ]
    labels = dict(zip(seen["code"], seen["label_en"], strict=True))
    counted = [label.casefold() for label in labels.values()]
    twice = {label for label in counted if counted.count(label) > 1}
    return {
        code: f"{label} ({code})" if label.casefold() in twice else label
        for code, label in labels.items()
    }


def list_of(column: str, spec: TableSpec) -> str:
    """Return the code list of a column of a table; empty where it has none."""
    return spec.dimensions.get(column) or LISTS_OF_COLUMNS.get(column, "")


def header(column: str) -> str:
    """Return the name of a column as people read it."""
    return column.replace("_", " ").capitalize()


def full_title(table: ProtectedTable, words: Words) -> str:
    """Return the title of a table with its unit in it, and whether it is made up."""
    unit = words.label("unit", table.spec.unit)
    title = f"{table.spec.title} (unit: {unit})"
    return f"{SYNTHETIC}: {title}" if table.synthetic else title


def coverage_statements(sources: Iterable[Source]) -> list[str]:
    """Return what the coverage of sources means, each statement once."""
    kinds = {source.coverage for source in sources}
    return [text for kind, text in COVERAGE.items() if kind in kinds]


def marks_explained(words: Words) -> list[tuple[str, str]]:
    """Return every mark and what it says."""
    if "mark" not in words.lists:
        return []
    codes = words.lists["mark"].rows["code"]
    return [(bracketed(code), words.label("mark", code)) for code in codes]


def bracketed(mark: str) -> str:
    """Return marks as people read them: each in square brackets."""
    return "".join(
        f"[{part.strip()}]" for part in mark.split(SEPARATOR) if part.strip()
    )

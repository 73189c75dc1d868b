"""Tell a field and its value: the code that a word is read as, where it has one.

In here: "accused_body MIA" for what a row, a column or a title says. Not in here:
where it stands (`placement.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.inspect.seen import SeenFile
from schemas.records import RECORDS

HARMLESS = ("date", "number", "range")
"""Kinds of field that hold no words of the source."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """Tells fields of the records of one file.

    Of a restricted source a value that is no code is left out: it may be a name.
    """

    file: SeenFile
    lists: Mapping[str, CodeList]
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def tell(self, record: str, name: str, text: str) -> str:
        """Return a field of a record and its value, in short."""
        kind = RECORDS[record].field(name)
        code = self.code(kind.codelist, text) if kind.codelist else ""
        if code:
            return f"{name} {code}"
        if self.file.is_restricted and kind.kind not in HARMLESS:
            return name
        return f"{name} {text}"

    def code(self, codelist: str, text: str) -> str:
        """Return the code of a word in a list, or an empty text."""
        source = self.file.source
        if codelist not in self.known:
            codes = self.lists[codelist]
            known = codes.known(source.source, source.areas) if source else {}
            self.known[codelist] = known
        return self.known[codelist].get(normalise(text), "")

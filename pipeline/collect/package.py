"""The parts of an Office Open XML file (.xlsx, .xlsm, .xlsb), and what refers to what.

In here: finding a part by its name or its relation, and what to remark of parts that
are never opened. Not in here: what stands in the parts.
"""

import posixpath
from collections.abc import Iterator
from typing import IO, NamedTuple
from zipfile import ZipFile

from pipeline.collect.safe_xml import elements
from pipeline.collect.size import TooLargeError

MOST_PART_BYTES = 100_000_000
"""Of a part that is read whole: styles, relations, the list of sheets."""

NOT_OPENED = (
    ("vbaproject", "macros, not run"),
    ("/macrosheets/", "macros in sheets of the old kind, not run"),
    ("/externallinks/", "links to other workbooks, not followed"),
    ("/connections.", "connections to other data, not followed"),
    ("/embeddings/", "embedded objects, not opened"),
    ("/activex/", "embedded controls, not opened"),
    ("/media/", "pictures, not read"),
)


class Relation(NamedTuple):
    """What one part says of another: a kind, and the part."""

    kind: str
    part: str


class Package:
    """The parts of an archive, found without regard to case, as programs do."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.known: dict[str, dict[str, Relation]] = {}
        self.names = {
            name.replace("\\", "/").casefold(): name for name in archive.namelist()
        }

    def has(self, part: str) -> bool:
        """Return whether there is such a part."""
        return part.casefold() in self.names

    def size(self, part: str) -> int:
        """Return the size that a part unpacks to."""
        return self.archive.getinfo(self.names[part.casefold()]).file_size

    def open(self, part: str) -> IO[bytes]:
        """Return a part as a stream."""
        return self.archive.open(self.names[part.casefold()])

    def read(self, part: str, most: int = MOST_PART_BYTES) -> bytes:
        """Return the content of a part, nothing where there is none.

        Raises:
            TooLargeError: no workbook has such a part of that size.
        """
        if not self.has(part):
            return b""
        if self.size(part) > most:
            raise TooLargeError(
                f"too large: one part of it has {self.size(part):,} bytes"
            )
        with self.open(part) as stream:
            return stream.read(most)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the parts that a part refers to, by identifier, none outside."""
        if part not in self.known:
            self.known[part] = self.read_relations(part)
        return self.known[part]

    def read_relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part, read from beside it."""
        folder, name = posixpath.split(part)
        content = self.read(f"{folder}/_rels/{name}.rels")
        found = {}
        for _, tag, at in elements(content) if content else ():
            if tag == "Relationship" and at.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/", folder, at.get("Target", ""))
                ).lstrip("/")
                kind = posixpath.basename(at.get("Type", ""))
                found[at.get("Id", "")] = Relation(kind, target)
        return found

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Yield the parts of a kind that a part refers to."""
        for relation in self.relations(part).values():
            if relation.kind == kind and self.has(relation.part):
                yield relation.part

    def remarks(self) -> list[str]:
        """Return what there is in the file that is never opened."""
        return [
            said
            for sign, said in NOT_OPENED
            if any(sign in f"/{name}" for name in self.names)
        ]

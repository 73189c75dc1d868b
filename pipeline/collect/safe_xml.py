"""Read XML of unknown origin: no document types, no entities, nothing fetched.

In here: a streaming parser that refuses what a spreadsheet never needs. Not in here:
what the elements mean.
"""

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

CHUNK_BYTES = 262_144
MOST_DEPTH = 200

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], object]
Element = tuple[str, str, dict[str, str]]
"""Of an element: the name of its parent, its own, its attributes."""


class HostileXmlError(ValueError):
    """XML that declares a document type or entities, or nests without end."""


def refuse_declaration(*_: object) -> None:
    """Refuse a document type: entities are declared nowhere else.

    Raises:
        HostileXmlError: always.
    """
    raise HostileXmlError("XML with a document type (DTD), which no workbook has")


def xml_parser(
    start: Start, end: End, separator: str | None = None
) -> expat.XMLParserType:
    """Return a parser that tells of the start and the end of each element.

    Args:
        start: called with name and attributes.
        end: called with the name.
        separator: put between namespace and name; without it names are as written.
    """
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_declaration
    parser.EntityDeclHandler = refuse_declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return parser


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def elements(data: bytes) -> list[Element]:
    """Return parent, name and attributes of each element of a small document.

    Raises:
        HostileXmlError: it declares entities, or nests too deeply.
    """
    path: list[str] = [""]
    found: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if any(":" in key for key in attributes):
            attributes = {local(key): value for key, value in attributes.items()}
        found.append((path[-1], name, attributes))
        path.append(name)
        if len(path) > MOST_DEPTH:
            raise HostileXmlError("XML that nests without end")

    xml_parser(start, lambda _: path.pop()).Parse(data, True)
    return found


def refuse_declarations(stream: IO[bytes]) -> None:
    """Refuse a part that declares entities, or begins with anything but an element.

    Raises:
        HostileXmlError: it does.
    """
    begun: list[str] = []
    parser = xml_parser(lambda name, _: begun.append(name), lambda _: None)
    parser.Parse(stream.read(CHUNK_BYTES // 4), False)
    if not begun:
        raise HostileXmlError("XML without a first element")


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a stream in pieces."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk

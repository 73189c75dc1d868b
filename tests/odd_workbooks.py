"""Workbooks of every format, and hostile ones, made in code.

In here: bytes of files that no library of ours writes. Not in here: what the readers
say of them (`test_formats.py`, `test_hostile_files.py`).
"""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "drawing")
)
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write an archive of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def types_of(suffix: str, book: str) -> str:
    """Return the list of content types, as little of it as readers need."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/xml"/>'
        f'<Default Extension="{suffix}" ContentType="application/xml"/>'
        f'<Override PartName="/{book}" ContentType="application/xml"/></Types>'
    )


def relations(*pairs: tuple[str, str]) -> str:
    """Return relations of kinds to targets, called r1, r2 and so on."""
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def office_parts(
    rows: str, *, head: str = "", tail: str = "", formats: Sequence[str] = ()
) -> dict[str, str | bytes]:
    """Return the parts of an .xlsx with one sheet `s`, of its rows as XML.

    Style 0 is plain; styles 1, 2 … have the formats given.
    """
    numbers = "".join(
        f'<numFmt numFmtId="{163 + at}" formatCode="{form}"/>'
        for at, form in enumerate(formats, 1)
    )
    styles = "".join(f'<xf numFmtId="{163 + at}"/>' for at, _ in enumerate(formats, 1))
    return {
        "[Content_Types].xml": types_of("xml", "xl/workbook.xml"),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        STYLES: (
            f'<styleSheet xmlns="{MAIN}"><numFmts>{numbers}</numFmts><cellXfs>'
            f'<xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
        ),
        SHEET: (
            f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}'
            "</worksheet>"
        ),
    }


def office(
    path: Path,
    rows: str,
    *,
    head: str = "",
    tail: str = "",
    formats: Sequence[str] = (),
) -> Path:
    """Write an .xlsx with one sheet, of its rows as XML."""
    return zipped(path, office_parts(rows, head=head, tail=tail, formats=formats))


def record(kind: int, data: bytes = b"") -> bytes:
    """Return a record of a binary workbook (.xlsb)."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = bytearray()
    left = len(data)
    while True:
        size.append(left & 0x7F | (0x80 if left > 0x7F else 0))
        left >>= 7
        if not left:
            return number + bytes(size) + data


def wide(text: str) -> bytes:
    """Return a text as a binary workbook has it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    """Return a row of a binary workbook."""
    flags = 0x10 if hidden else 0
    head = struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0)
    return record(0, head) + b"".join(cells)


def binary_cell(column: int, kind: int, value: bytes, style: int = 0) -> bytes:
    """Return a cell of a binary workbook."""
    return record(kind, struct.pack("<II", column, style) + value)


def binary(
    path: Path, rows: bytes, *, tail: bytes = b"", formats: Sequence[str] = ()
) -> Path:
    """Write an .xlsb with one sheet `s`; styles as in `office_parts`."""
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("s"))
    book += record(144) + record(132)
    styles = record(278) + record(615, struct.pack("<I", len(formats)))
    for at, form in enumerate(formats, 1):
        styles += record(44, struct.pack("<H", 163 + at) + wide(form))
    styles += record(616) + record(617, struct.pack("<I", len(formats) + 1))
    styles += record(47, bytes(16))
    for at, _ in enumerate(formats, 1):
        styles += record(47, struct.pack("<HH", 0, 163 + at) + bytes(12))
    styles += record(618) + record(279)
    hidden = record(60, struct.pack("<IIIIH", 2, 2, 0, 0, 1))
    sheet = record(129) + record(148, bytes(16)) + record(390) + hidden + record(391)
    sheet += record(145) + rows + record(146) + tail + record(130)
    return zipped(
        path,
        {
            "[Content_Types].xml": types_of("bin", "xl/workbook.bin"),
            "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relations(
                ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")
            ),
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": styles,
        },
    )


def document(path: Path, tables: str, *, styles: str = "", head: str = "") -> Path:
    """Write an .ods of its tables as XML."""
    content = (
        f'{head}<office:document-content {ODS_NAMES} xmlns:calcext="{CALC}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(path, {"mimetype": kind, "content.xml": content})


def table(rows: str, *, name: str = "s", more: str = "") -> str:
    """Return a table of an .ods."""
    return f'<table:table table:name="{name}" {more}>{rows}</table:table>'


def cell(text: str = "", inner: str = "", **at: str) -> str:
    """Return a cell of an .ods; attributes as `office__value` for office:value."""
    written = " ".join(
        f'{name.replace("__", ":").replace("_", "-")}="{value}"'
        for name, value in at.items()
    )
    paragraph = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {written}>{inner}{paragraph}</table:table-cell>"


def row(*cells: str, **at: str) -> str:
    """Return a row of an .ods."""
    written = " ".join(
        f'{name.replace("__", ":").replace("_", "-")}="{value}"'
        for name, value in at.items()
    )
    return f"<table:table-row {written}>{''.join(cells)}</table:table-row>"

"""Read a text with delimiters as one sheet: encoding and delimiter found or declared.

In here: text to cells. Not in here: telling the encoding (`encoding.py`); workbooks
(`workbook.py`).
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pipeline.collect.disguise import unreadable
from pipeline.collect.encoding import marked_encoding, possible_encodings
from pipeline.collect.grid import Facts, Grid, table_of
from pipeline.errors import UnreadableFileError

DELIMITERS = ",;\t|"
LOOKED_AT = 100
"""Lines from which the delimiter is told."""

NAMED = re.compile(r'\ufeff?"?sep=(.)"?\s*')
"""The line that spreadsheet programs write and read above a table."""

NONE = "\x1f"
"""A sign that no text holds, for a table of one column."""

SHOWN = {"\t": "tab", NONE: "none"}


def read_delimited(path: Path, name: str, encoding: str, delimiter: str) -> Grid:
    """Return a text file as one sheet called by the stem of its name.

    Args:
        path: the file.
        name: how messages call it.
        encoding: as declared, or empty to find it.
        delimiter: as declared, or empty to find it.

    Raises:
        UnreadableFileError: another encoding, one that cannot be told, or no table.
    """
    actual = declared(path, name, encoding) if encoding else found(path, name)
    try:
        with path.open(encoding=actual, newline="") as file:
            sign = delimiter or delimiter_of([*islice(file, LOOKED_AT)])
        with path.open(encoding=actual, newline="") as file:
            cells = table_of(rows_of(file, name, sign))
    except UnicodeDecodeError as error:
        raise other_encoding(path, name, encoding or actual) from error
    remark = (
        f"encoding {actual} ({'declared' if encoding else 'found'}), delimiter "
        f"{SHOWN.get(sign, repr(sign))} ({'declared' if delimiter else 'found'})"
    )
    return Grid(path.stem, cells, Facts(remarks=[remark]))


def rows_of(lines: Iterable[str], name: str, sign: str) -> Iterator[list[str]]:
    """Yield the rows of a text with delimiters.

    Raises:
        UnreadableFileError: quotes that part no cells; the line is named.
    """
    # A line break inside quotes belongs to its cell: never split lines first.
    reader = csv.reader(lines, delimiter=sign, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise unreadable(
            name,
            f"not a table of cells: in the cell that ends at line {reader.line_num:,} "
            "a quote is not closed, or text follows a closing one",
            f'cells between {sign!r}, a quote within quotes written twice ("")',
            "mend the quotes there, or export the table again",
        ) from error


def delimiter_of(lines: Iterable[str]) -> str:
    """Return the sign that parts the most lines alike, of the first lines.

    Among those that part as many lines, the one that makes more cells; signs inside
    quotes do not count. So a decimal comma loses against a semicolon, which parts the
    header too. The module `csv` guesses as well, but takes blanks and letters.
    """
    lines = list(lines)
    if lines and (told := NAMED.fullmatch(lines[0])):
        return told[1]

    def likeness(delimiter: str) -> tuple[int, int, int]:
        widths = Counter(
            len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1
        )
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        return times, width, widths.total()

    best = max(DELIMITERS, key=likeness)
    filled = sum(not line.isspace() for line in lines)
    return best if likeness(best)[2] >= min(2, filled) else NONE


def found(path: Path, name: str) -> str:
    """Return the encoding of a file that declares none.

    Raises:
        UnreadableFileError: it is no text, or several encodings are as likely.
    """
    possible = possible_encodings(path)
    if len(possible) == 1:
        return possible[0]
    if possible:
        what = f"its encoding cannot be told: {' or '.join(possible)}"
    else:
        what = "its encoding cannot be told: no known one gives plain words"
    raise unreadable(
        name,
        what,
        "text in UTF-8",
        "declare `encoding:` of the file in its source, or save it as UTF-8",
    )


def declared(path: Path, name: str, encoding: str) -> str:
    """Return the codec of a declared encoding.

    Raises:
        UnreadableFileError: there is none, or the file says itself that it is another.
    """
    try:
        "".encode(encoding)
    except LookupError as error:
        raise unreadable(
            name,
            f"declared in the encoding {encoding!r}, which does not exist",
            "an encoding such as utf-8 or cp1251",
            "mend `encoding:` of the file in its source",
        ) from error
    with path.open("rb") as file:
        marked = marked_encoding(file.read(4))
    says = marked.removesuffix("-sig")
    if marked and not codecs.lookup(encoding).name.startswith(says):
        raise refused(name, encoding, f"; it says itself that it is {says}")
    return marked or encoding


def other_encoding(path: Path, name: str, encoding: str) -> UnreadableFileError:
    """Return the error of a file that is not in its encoding, with a guess."""
    possible = possible_encodings(path)
    guess = f"; it looks like {' or '.join(possible)}" if possible else ""
    return refused(name, encoding, guess)


def refused(name: str, encoding: str, guess: str) -> UnreadableFileError:
    """Return the error of a file in another encoding than declared."""
    return unreadable(
        name,
        f"not in the encoding {encoding}{guess}",
        f"text in {encoding}",
        "save it as UTF-8, or declare `encoding:` of the file in its source",
    )

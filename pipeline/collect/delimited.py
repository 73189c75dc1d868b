"""Read a CSV as one sheet: its encoding is declared, its delimiter is found.

In here: text to cells. Not in here: workbooks (`workbook.py`).
"""

import csv
import io
from collections import Counter
from pathlib import Path

import pandas as pd
from charset_normalizer import from_bytes

from pipeline.collect.disguise import unreadable
from pipeline.model import Sheet

DELIMITERS = ",;\t|"
LOOKED_AT = 50
"""Lines from which the delimiter is told."""

LIKELY = ["utf_8", "cp1251", "utf_16", "utf_16_le", "utf_16_be", "koi8_r", "cp866"]
"""Encodings in which tables from the region come."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_csv(path: Path, name: str, encoding: str) -> Sheet:
    """Return a CSV as one sheet called by the stem of its file.

    Raises:
        UnreadableFileError: another encoding, or not a table of cells.
    """
    text = decode(path.read_bytes(), name, encoding)
    delimiter = delimiter_of(text)
    try:
        # A line break inside quotes belongs to its cell: never split the text first.
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise unreadable(
            name, f"not a table of cells ({error})", f"cells between {delimiter!r}"
        ) from error
    width = max((len(row) for row in rows), default=0)
    whole = [row + [""] * (width - len(row)) for row in rows]
    frame = pd.DataFrame(whole, dtype="str")
    return Sheet(path.stem, frame.mask(frame == ""), {})


def delimiter_of(text: str) -> str:
    """Return the sign that parts the most cells alike in the first lines.

    Judged by the number of cells that most lines have; signs inside quotes do not
    count. The module `csv` guesses too, but takes blanks and letters for delimiters.
    """
    lines = text.splitlines(keepends=True)[:LOOKED_AT]

    def likeness(delimiter: str) -> tuple[int, int]:
        widths = Counter(
            len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1
        )
        width, times = widths.most_common(1)[0] if widths else (0, 0)
        return width * times, width

    return max(DELIMITERS, key=likeness)


def decode(data: bytes, name: str, encoding: str) -> str:
    """Return the text of a CSV.

    Raises:
        UnreadableFileError: it is in another encoding than declared.
    """
    is_utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    if data.startswith(BYTE_ORDER_MARK) and not is_utf8:
        raise other_encoding(name, encoding, "; it says itself that it is utf-8")
    try:
        return data.decode("utf-8-sig" if is_utf8 else encoding)
    except UnicodeDecodeError as error:
        best = from_bytes(data, cp_isolation=LIKELY).best()
        guess = f"; it looks like {best.encoding.replace('_', '-')}" if best else ""
        raise other_encoding(name, encoding, guess) from error
    except LookupError as error:
        raise unreadable(
            name,
            f"declared in the encoding {encoding!r}, which does not exist",
            "an encoding such as utf-8 or cp1251",
            "mend `encoding:` of the file in its source",
        ) from error


def other_encoding(name: str, encoding: str, guess: str) -> Exception:
    """Return the error of a CSV in another encoding than declared."""
    return unreadable(
        name,
        f"not in the encoding {encoding}{guess}",
        f"text in {encoding}",
        "save it as UTF-8, or declare `encoding:` of the file in its source",
    )

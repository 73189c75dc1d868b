"""The guide to layouts: every picture in it is read by its declaration, as it says."""

import re
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import pytest
from collected import WHERE, lay, sheet_of
from pydantic import TypeAdapter

from pipeline.declarations.base import parse_yaml
from pipeline.declarations.layouts import SheetLayout, records_of, tables_of
from pipeline.declarations.schema import source_schema
from pipeline.declarations.sources import Numbers, Source
from pipeline.model import LaidSheet, Merge, Sheet
from pipeline.workspace import REPOSITORY
from schemas.records import RECORDS

GUIDE = (REPOSITORY / "schemas" / "sources" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OF_SOURCE = ("marks", "numbers")


class Example(NamedTuple):
    """A picture, its declaration, and what is read: kind, name and rows."""

    heading: str
    picture: str
    declared: str
    told: tuple[tuple[str, str, str], ...]


def examples() -> list[Example]:
    """Return the examples of the guide."""
    found: list[Example] = []
    picture, declared = "", ""
    for match in BLOCK.finditer(GUIDE):
        kind, name, body = match[1], match[2] or "", match[3]
        heading = re.findall(r"^#+ (.+)$", GUIDE[: match.start()], re.MULTILINE)[-1]
        if kind == "sheet":
            picture = body
        elif kind == "yaml" and picture:
            declared = body
            found.append(Example(heading, picture, declared, ()))
            picture = ""
        elif kind in ("records", "controls"):
            last = found.pop()
            found.append(last._replace(told=(*last.told, (kind, name, body))))
    return found


def cells(body: str) -> list[list[str]]:
    """Return the cells of a picture or table."""
    return [[cell.strip() for cell in line.split("|")] for line in body.splitlines()]


def pictured(body: str) -> Sheet:
    """Return the sheet of a picture, its merged cells merged."""
    rows = cells(body)
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for row, line in enumerate(rows):
        for at, text in enumerate(line):
            if text in ("<", "^"):
                first = (row, at)
                while rows[first[0]][first[1]] in ("<", "^"):
                    is_left = rows[first[0]][first[1]] == "<"
                    first = (first[0] - (not is_left), first[1] - is_left)
                ends[first] = (row, at)
    merged = [Merge(*first, *last) for first, last in sorted(ends.items())]
    plain = [["" if text in ("<", "^") else text for text in line] for line in rows]
    return sheet_of(plain, *merged)


def laid(example: Example) -> LaidSheet:
    """Return the sheet of an example, laid out as it declares."""
    body = parse_yaml(example.declared)
    own = {key: body.pop(key) for key in OF_SOURCE if key in body}
    layout = TypeAdapter(SheetLayout).validate_python({"sheet": "S"} | body)
    where = replace(
        WHERE,
        marks=own.get("marks", {}),
        numbers=Numbers.model_validate(own.get("numbers", {})),
    )
    return lay(pictured(example.picture), layout, where)


def as_table(frame: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    """Return some columns of a frame as texts, empty where missing."""
    return (
        frame.reindex(columns=columns).astype("object").fillna("").to_numpy().tolist()
    )


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.heading)
def test_what_the_guide_shows_is_read_so(example):
    found = laid(example)

    assert example.told
    for kind, name, body in example.told:
        columns, *rows = cells(body)
        parts = [part for part in found.parts if part.record == (name or part.record)]
        parts = parts if name else [p for p in parts if p.record == parts[0].record]
        records = pd.concat([part.records for part in parts], ignore_index=True)
        frame = found.controls if kind == "controls" else records
        assert as_table(frame, columns) == rows


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.heading)
def test_the_guide_names_real_fields(example):
    body = parse_yaml(example.declared)
    layout = TypeAdapter(SheetLayout).validate_python(
        {"sheet": "S"}
        | {key: value for key, value in body.items() if key not in OF_SOURCE}
    )
    told = [cells(body)[0] for kind, _, body in example.told if kind == "records"]
    kinds = {name for table in tables_of(layout) for name in records_of(table)}
    known = {field for kind in kinds for field in RECORDS[kind].names}

    assert {name for columns in told for name in columns} <= known


def test_whole_declarations_in_the_guide_are_legal():
    found = [
        Source.model_validate(parse_yaml(match[3]))
        for match in BLOCK.finditer(GUIDE)
        if match[1] == "yaml" and "\nsource:" in f"\n{match[3]}"
    ]

    assert len(found) == 2


KEYS = {
    key
    for name, model in source_schema()["$defs"].items()
    if name != "Document"
    for key in model["properties"]
} - {"<<", "place_note"}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_guide_shows_every_key(key):
    assert re.search(rf"\b{key}\b", GUIDE)

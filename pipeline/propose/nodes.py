"""A draft as a tree of keys, values and doubts, and its text in YAML.

In here: the tree and how it is written. Not in here: what is drafted.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.declarations.base import FILL_IN

__all__ = ["FILL_IN", "Flow", "Noted", "Remark", "yaml_of"]

PLAIN = re.compile(r"[A-Za-z_][\w./+-]*|\d{4}-\d{2}-\d{2}")
WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
WIDTH = 88


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a doubt, which is written behind it as a comment."""

    value: Any
    doubt: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A mapping or list that is written on one line."""

    value: Any


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on lines of its own, in place of an entry."""

    text: str


def yaml_of(tree: Mapping[str, Any]) -> str:
    """Return a draft as YAML."""
    return "\n".join(lines_of(tree, 0)) + "\n"


def lines_of(node: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a mapping or a list."""
    pad = " " * indent
    if isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, Remark):
                yield from comment(value.text, indent)
            else:
                yield from entry(f"{pad}{scalar(key)}:", value, indent)
        return
    for item in node:
        value = item.value if isinstance(item, Noted) else item
        if not isinstance(value, Mapping | list | tuple):
            yield from entry(f"{pad}-", item, indent)
            continue
        for remark in mapping_remarks(value):
            yield from comment(remark, indent)
        lines = [*lines_of(without_remarks(value), indent + 2)]
        yield f"{pad}- {lines[0].lstrip()}"
        yield from lines[1:]


def mapping_remarks(value: Any) -> list[str]:
    """Return the comments of a list item that stand above it."""
    if not isinstance(value, Mapping):
        return []
    return [one.text for one in value.values() if isinstance(one, Remark)]


def without_remarks(value: Any) -> Any:
    """Return a list item without the comments that stand above it."""
    if not isinstance(value, Mapping):
        return value
    return {key: one for key, one in value.items() if not isinstance(one, Remark)}


def entry(head: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of one key or item and its value."""
    doubt = ""
    if isinstance(value, Noted):
        value, doubt = value.value, value.doubt
    behind = f"  # {one_line(doubt)}" if doubt else ""
    if isinstance(value, Flow):
        yield f"{head} {flow(value.value)}{behind}"
    elif isinstance(value, Mapping | list | tuple):
        if not value:
            yield f"{head} {'{}' if isinstance(value, Mapping) else '[]'}{behind}"
            return
        yield f"{head}{behind}"
        yield from lines_of(value, indent + 2)
    else:
        yield f"{head} {scalar(value)}{behind}"


def flow(value: Any) -> str:
    """Return a mapping or list on one line."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(flow(one) for one in value)}]"
    return scalar(value)


def scalar(value: object) -> str:
    """Return a text as YAML: plain where nobody can misread it, else in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int) or (
        PLAIN.fullmatch(text) and text.lower() not in WORDS_OF_YAML
    ):
        return text
    return json.dumps(text, ensure_ascii=False)


def one_line(text: str) -> str:
    """Return a comment without line breaks."""
    return re.sub(r"\s+", " ", text).strip()


def comment(text: str, indent: int) -> Iterator[str]:
    """Yield a comment as lines of a readable width."""
    pad, line = " " * indent + "# ", ""
    for word in text.split():
        if line and len(pad) + len(line) + len(word) + 1 > WIDTH:
            yield pad + line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield pad + line

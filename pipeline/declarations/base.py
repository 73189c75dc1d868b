"""Reading a declaration: strict YAML, strict keys, errors with their place.

In here: what all declarations share. Not in here: what any one of them means.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz.process import extractOne

from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace


class Declaration(BaseModel):
    """A declaration: an unknown key is an error, and nothing changes it."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True
    )


FILL_IN = "TO" + "DO"
"""Stands in a draft where nothing could be guessed."""

Declared = TypeVar("Declared", bound=Declaration)


MERGE = "<<"
"""The key of YAML under which a mapping takes over what another one says."""


class Plain(yaml.constructor.BaseConstructor):
    """Takes every scalar as text (`no` stays `no`) and refuses a repeated key.

    A table like the one before it is written `<<: *name`: what it says itself comes
    first.
    """

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping. Raises ConstructorError where a key stands twice."""
        take_over(node)
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"key {key_node.value!r} stands twice",
                    key_node.start_mark,
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


class PlainLoader(Plain, yaml.BaseLoader):
    """Tells of a fault with the line in which it stands."""


class FastLoader(Plain, getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # not built everywhere
    """Reads ten times as fast, where PyYAML was built with its library in C.

    What we ship both read alike. The library also takes a few texts that PyYAML
    itself refuses: a tab behind a colon or before a comment, and `{b? : c}`. A file
    with one of them is read here, and elsewhere refused with its line.
    """


def take_over(node: Any) -> None:
    """Put the pairs of the mapping under `<<` into a mapping that lacks their keys."""
    told = [value for key, value in node.value if key.value == MERGE]
    own = [(key, value) for key, value in node.value if key.value != MERGE]
    if len(told) != 1 or not isinstance(told[0], yaml.MappingNode):
        return  # none, or one that reads as an unknown or repeated key
    take_over(told[0])
    names = {key.value for key, _ in own}
    node.value = own + [pair for pair in told[0].value if pair[0].value not in names]


def parse_yaml(text: str) -> Any:
    """Return what a text in YAML says, all scalars as text.

    Raises:
        YAMLError: it is not YAML, or a key stands twice.
    """
    try:
        return yaml.load(text, FastLoader)  # noqa: S506  it makes nothing but texts
    except yaml.YAMLError:
        return yaml.load(text, PlainLoader)  # noqa: S506  as before, to tell where


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file, all scalars as text.

    Raises:
        DeclarationError: the file is not YAML, or a key stands twice.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: not readable as YAML: {error}") from error


def read_declaration(path: Path, kind: type[Declared]) -> Declared:
    """Return one declaration of the given kind.

    Raises:
        DeclarationError: a key is unknown or missing, a value is not legal, or one is
            still to be filled in.
    """
    body = read_yaml(path)
    if open_places := [*unfilled(body)]:
        raise DeclarationError(
            f"{path}: still to be filled in: " + "; ".join(open_places)
        )
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        lines = (explain(path, fault, kind) for fault in error.errors())
        raise DeclarationError("\n".join(lines)) from error


def unfilled(body: Any, where: str = "") -> Iterator[str]:
    """Yield each place of a declaration whose key or value is still to be filled in."""
    if isinstance(body, dict):
        for key, value in body.items():
            inside = f"{where}.{key}" if where else str(key)
            if is_unfilled(key):
                yield inside
            yield from unfilled(value, inside)
    elif isinstance(body, list):
        for number, value in enumerate(body):
            yield from unfilled(value, f"{where}.{number}")
    elif is_unfilled(body):
        yield where


def is_unfilled(text: object) -> bool:
    """Return whether a text begins with what stands for something to be filled in."""
    return re.match(rf"{FILL_IN}\b", str(text)) is not None


TYPES = re.compile(r"(tuple|function-[a-z]+)\[")
"""What begins a type that pydantic puts between the keys that lead to a fault."""


def explain(path: Path, fault: Any, kind: type[BaseModel]) -> str:
    """Return one line about one fault of a declaration."""
    named = (str(part) for part in fault["loc"])
    where = ".".join(part for part in named if not TYPES.match(part))
    if fault["type"] != "extra_forbidden":
        what = fault["msg"].removeprefix("Value error, ")
        return f"{path}: {where}: {what} (found {fault['input']!r})"
    near = extractOne(str(fault["loc"][-1]), sorted(known_keys(kind)))
    return f"{path}: {where}: unknown key; did you mean {near[0]!r}?"


def known_keys(kind: type[BaseModel]) -> set[str]:
    """Return every key that a declaration and its parts may have."""
    keys = set(kind.model_fields)
    for field in kind.model_fields.values():
        for part in models_within(field.annotation):
            keys |= known_keys(part)
    return keys


def models_within(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from models_within(argument)


def own_or_builtin(workspace: Workspace, name: str) -> Path:
    """Return a declaration of the workspace, or the built-in one where it has none."""
    own = workspace.schemas / name
    return own if own.is_file() else REPOSITORY / "schemas" / name


def with_more(one: Declared, other: Declared) -> Declared:
    """Return two declarations of lists of words, or of such lists by a key, as one."""

    def joined(name: str) -> object:
        ours, theirs = getattr(one, name), getattr(other, name)
        if not isinstance(ours, dict):
            return (*ours, *theirs)
        keys = dict.fromkeys((*ours, *theirs))
        return {key: (*ours.get(key, ()), *theirs.get(key, ())) for key in keys}

    kind = type(one)
    return kind.model_validate({name: joined(name) for name in kind.model_fields})


def own_file(workspace: Workspace, name: str) -> Path | None:
    """Return the file with which a workspace adds to a built-in one, if it has any."""
    own = workspace.schemas / name
    return own if workspace.root != REPOSITORY and own.is_file() else None


def declaration_files(workspace: Workspace, folder: str, suffix: str) -> list[Path]:
    """Return the built-in declarations of a folder and the workspace's own.

    Raises:
        DeclarationError: a file of the workspace has the name of a built-in one.
    """
    builtin = sorted((REPOSITORY / "schemas" / folder).glob(f"*{suffix}"))
    if workspace.root == REPOSITORY:
        return builtin
    own = sorted((workspace.schemas / folder).glob(f"*{suffix}"))
    clash = {path.name for path in builtin} & {path.name for path in own}
    if clash:
        raise DeclarationError(
            f"{workspace.schemas / folder}: {', '.join(sorted(clash))} would override "
            "a built-in declaration; choose another name"
        )
    return builtin + own

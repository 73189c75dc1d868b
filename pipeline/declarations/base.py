"""Reading a declaration: strict YAML, strict keys, errors with their place.

In here: what all declarations share. Not in here: what any one of them means.
"""

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

    model_config = ConfigDict(extra="forbid", frozen=True)


Declared = TypeVar("Declared", bound=Declaration)


class PlainLoader(yaml.BaseLoader):
    """Reads every scalar as text (`no` stays `no`) and refuses a repeated key."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping. Raises ConstructorError where a key stands twice."""
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


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file, all scalars as text.

    Raises:
        DeclarationError: the file is not YAML, or a key stands twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), PlainLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: not readable as YAML: {error}") from error


def read_declaration(path: Path, kind: type[Declared]) -> Declared:
    """Return one declaration of the given kind.

    Raises:
        DeclarationError: a key is unknown or missing, or a value is not legal.
    """
    try:
        return kind.model_validate(read_yaml(path))
    except ValidationError as error:
        lines = (explain(path, fault, kind) for fault in error.errors())
        raise DeclarationError("\n".join(lines)) from error


def explain(path: Path, fault: Any, kind: type[BaseModel]) -> str:
    """Return one line about one fault of a declaration."""
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{path}: {where}: {fault['msg']} (found {fault['input']!r})"
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

"""The JSON Schema of a source, from which editors complete and check declarations.

In here: making it of the models, and writing `schemas/source.schema.json`
(`python -m pipeline.declarations.schema`). Not in here: the models.
"""

import json
from pathlib import Path
from typing import Any

from pipeline.declarations.sources import Source
from pipeline.workspace import REPOSITORY

SCHEMA = REPOSITORY / "schemas" / "source.schema.json"
SCALARS = ["string", "number", "boolean"]
"""What an editor may take a text for: `146` and `yes` are texts to us."""


def source_schema() -> dict[str, Any]:
    """Return the JSON Schema of a source, its keys as they are written in YAML."""
    schema: dict[str, Any] = as_editors_read(Source.model_json_schema(by_alias=True))
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "A source of point27"
    return schema


def as_editors_read(node: Any) -> Any:
    """Return a schema in which any scalar does for a text, and `<<` is a key.

    We read every scalar as text; an editor takes `146` for a number. A mapping may take
    over what another one says (`<<: *name`), so keys that it lacks are not missed.
    """
    if isinstance(node, list):
        return [as_editors_read(one) for one in node]
    if not isinstance(node, dict):
        return node
    told = {key: as_editors_read(value) for key, value in node.items()}
    if told.get("type") == "string" and not {"enum", "const"} & set(told):
        told["type"] = SCALARS
    if isinstance(told.get("properties"), dict):
        told["properties"] = told["properties"] | {"<<": {"type": "object"}}
        told.pop("title", None)
    return told


def schema_text() -> str:
    """Return the JSON Schema as the text of its file."""
    return json.dumps(source_schema(), ensure_ascii=False, indent=2) + "\n"


def write_schema(path: Path = SCHEMA) -> None:
    """Write the JSON Schema of a source."""
    path.write_text(schema_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schema()

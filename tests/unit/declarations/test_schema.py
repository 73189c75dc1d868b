"""The JSON Schema that editors use: as the models say, and true of what we ship."""

import json

import pytest
import yaml

from pipeline.declarations.schema import (
    SCHEMA,
    schema_text,
    source_schema,
    write_schema,
)
from pipeline.workspace import REPOSITORY

SOURCES = sorted((REPOSITORY / "schemas" / "sources").glob("*.yml"))


def test_the_schema_in_the_clone_is_that_of_the_models():
    told = "write it again with: python -m pipeline.declarations.schema"

    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), told


def test_the_schema_is_written_whole(tmp_path):
    write_schema(tmp_path / "schema.json")

    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == source_schema()


def test_every_key_explains_itself():
    silent = [
        f"{name}.{key}"
        for name, model in {
            "Source": source_schema(),
            **source_schema()["$defs"],
        }.items()
        for key, told in model["properties"].items()
        if key != "<<" and not told.get("description")
    ]

    assert not silent


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_shipped_source_is_as_the_schema_says_and_names_it(path):
    jsonschema = pytest.importorskip("jsonschema")
    text = path.read_text(encoding="utf-8")
    plain = json.loads(json.dumps(yaml.safe_load(text), default=str))

    jsonschema.validate(plain, source_schema())
    assert text.startswith("# yaml-language-server: $schema=../source.schema.json\n")


def test_the_schema_refuses_a_key_that_does_not_exist():
    jsonschema = pytest.importorskip("jsonschema")
    plain = json.loads(
        json.dumps(yaml.safe_load(SOURCES[0].read_text("utf-8")), default=str)
    )

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain | {"sheets": []}, source_schema())

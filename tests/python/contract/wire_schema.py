"""The committed schema, as a source of messages and as a judge of them.

The source is small on purpose: it knows the keywords that this schema uses.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs

Schema: TypeAlias = Any
Json: TypeAlias = Any

FILE = Path(__file__).parents[3] / "schema" / "codex" / "experimental.json"
_BUNDLE = "urn:schema"
_DEEP = 6
"""How far in optional members are filled; the schema is recursive."""


@cache
def bundle() -> Schema:
    """The whole schema."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def definition(name: str) -> Schema:
    """The type of this name."""
    definitions = bundle()["definitions"]
    return definitions[name] if name in definitions else definitions["v2"][name]


@cache
def messages(union: str) -> Mapping[str, Schema]:
    """The params of each method of `ServerNotification`, `ServerRequest` and the like."""
    return {
        arm["properties"]["method"]["enum"][0]: arm["properties"].get("params")
        for arm in definition(union)["oneOf"]
    }


def resolve(schema: Schema) -> Schema:
    """The schema that a reference stands for."""
    while isinstance(schema, dict) and "$ref" in schema:
        target = bundle()
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        schema = target
    return schema


def sample(schema: Schema, *, full: bool = False, depth: int = 0) -> Json:
    """A value that fits: with the required members alone, or with all of them."""
    schema = resolve(schema)
    if schema is True or not schema:
        return {"any": ["thing", None, 1.5]}
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "allOf" in schema:
        return sample(schema["allOf"][0], full=full, depth=depth)
    for arm in (schema.get("oneOf") or schema.get("anyOf") or ())[:1]:
        value = sample(arm, full=full, depth=depth)
        if isinstance(value, dict) and "properties" in schema:
            value = {**_members(schema, full=full, depth=depth), **value}
        return value
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return _of_kind(kind, schema, full=full, depth=depth)


def _of_kind(kind: str | None, schema: Schema, *, full: bool, depth: int) -> Json:
    if kind == "object":
        return _members(schema, full=full, depth=depth)
    if kind == "array":
        filled = (full and depth < _DEEP) or schema.get("minItems", 0) > 0
        return [sample(schema.get("items"), full=full, depth=depth + 1)] if filled else []
    if kind == "string":
        return "0000000000" if "pattern" in schema else "text"
    if kind == "integer":
        return max(1, int(schema.get("minimum", 1)))
    return {"number": 0.5, "boolean": True, "null": None}.get(kind or "", "text")


def _members(schema: Schema, *, full: bool, depth: int) -> dict[str, Json]:
    every = full and depth < _DEEP
    names = [
        name for name in schema.get("properties", {}) if every or name in schema.get("required", ())
    ]
    made = {name: sample(schema["properties"][name], full=full, depth=depth + 1) for name in names}
    others = schema.get("additionalProperties")
    if every and isinstance(others, dict):
        made["some key"] = sample(others, full=full, depth=depth + 1)
    return made


def problems(schema: Schema, value: Json) -> list[str]:
    """Why `value` doesn't fit; nothing if it does."""
    return [f"{error.instance_path}: {error.message}" for error in judge(schema).iter_errors(value)]


def judge(schema: Schema) -> jsonschema_rs.Draft7Validator:
    """Who says whether a value fits."""
    # A part of the bundle refers to the others as if it were the whole.
    return _judge(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{_BUNDLE}#/'))


@cache
def _judge(text: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(json.loads(text), registry=_registry())


@cache
def _registry() -> jsonschema_rs.Registry:
    draft = "http://json-schema.org/draft-07/schema#"
    return jsonschema_rs.Registry([(_BUNDLE, {**bundle(), "$schema": draft})])

"""The committed schema, as a source of messages and as a judge of them.

Small on purpose: it knows the keywords that this schema uses.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = Any
Json: TypeAlias = Any

FILE = Path(__file__).parents[3] / "schema" / "codex" / "experimental.json"
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


def samples(schema: Schema) -> Iterator[Json]:
    """Values that fit: of each arm, where there are arms, the smallest and the largest."""
    schema = resolve(schema)
    arms = schema.get("oneOf") or schema.get("anyOf") if isinstance(schema, dict) else None
    if not arms:
        yield sample(schema)
        yield sample(schema, full=True)
        return
    for arm in arms:
        shared = {"properties": schema.get("properties", {})}
        for full in (False, True):
            required = [*schema.get("required", ())]
            common = _members({**shared, "required": required}, full=full, depth=0)
            for value in samples(arm):
                yield {**common, **value} if isinstance(value, dict) else value


def problems(schema: Schema, value: Json, place: str = "$") -> list[str]:
    """Why `value` doesn't fit; nothing if it does."""
    schema = resolve(schema)
    if schema is True or not schema:
        return []
    found: list[str] = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{place}: {value!r} is none of {schema['enum']}")
    for part in schema.get("allOf", ()):
        found += problems(part, value, place)
    arms = schema.get("oneOf") or schema.get("anyOf") or ()
    if arms and all(problems(arm, value, place) for arm in arms):
        found.append(f"{place}: {value!r} fits no arm")
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is_a(kind, value) for kind in kinds):
        found.append(f"{place}: {value!r} is no {kinds}")
    if isinstance(value, dict):
        found += _member_problems(schema, value, place)
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += problems(schema.get("items"), item, f"{place}[{index}]")
    return found


def _member_problems(schema: Schema, value: dict[str, Json], place: str) -> list[str]:
    known = schema.get("properties", {})
    found = [
        f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value
    ]
    for name, member in value.items():
        if name in known:
            found += problems(known[name], member, f"{place}.{name}")
        elif schema.get("additionalProperties") is False:
            found.append(f"{place}: {name} is not allowed")
        elif isinstance(schema.get("additionalProperties"), dict):
            found += problems(schema["additionalProperties"], member, f"{place}.{name}")
    return found


def _is_a(kind: str, value: Json) -> bool:
    types: dict[str, tuple[type, ...]] = {
        "object": (dict,),
        "array": (list,),
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "null": (type(None),),
    }
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, types[kind])

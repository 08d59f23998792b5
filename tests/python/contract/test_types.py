"""Each type of the schema takes what the schema allows, and gives it back as it came."""

import json

import pytest
from codex_app_server import types
from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from contract import wire_schema

CORRECTED = {"ThreadTimelineEntry"}
"""Types whose member names the schema has wrong; the profile corrects them."""
ALL = sorted(
    name
    for name in types.__all__
    if name in {**wire_schema.bundle()["definitions"], **wire_schema.bundle()["definitions"]["v2"]}
)


def round_trip(name: str, value: object) -> object:
    adapter = TypeAdapter[object](getattr(types, name))
    decoded = adapter.validate_json(json.dumps(value), strict=True, by_alias=True, by_name=False)
    return json.loads(adapter.dump_json(decoded, by_alias=True, exclude_unset=True))


def test_no_type_is_left_out() -> None:
    definitions = wire_schema.bundle()["definitions"]
    named = {name for name in (*definitions, *definitions["v2"]) if name != "v2"}
    # The unions of all messages have become clients, handlers and classes of notifications.
    assert sorted(named - set(ALL)) == [
        "ClientNotification",
        "ClientRequest",
        "ServerNotification",
        "ServerRequest",
    ]


@pytest.mark.parametrize("letter", sorted({name[0] for name in ALL}))
def test_what_fits_the_schema_comes_back_as_it_was(letter: str) -> None:
    for name in ALL:
        if name.startswith(letter) and name not in CORRECTED:
            for value in wire_schema.samples(wire_schema.definition(name)):
                assert wire_schema.problems(wire_schema.definition(name), value) == []
                assert round_trip(name, value) == value, name


@pytest.mark.parametrize("name", sorted(CORRECTED))
def test_corrected_names_are_those_of_the_wire(name: str) -> None:
    values = [*wire_schema.samples(wire_schema.definition(name))]
    corrected = [{to_camel(key): member for key, member in value.items()} for value in values]
    assert corrected != values
    for value in corrected:
        assert round_trip(name, value) == value

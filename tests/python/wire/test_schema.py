"""The vectors against the committed schema: an independent judge agrees with them, and so with the
model that they are made from, on what is valid.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs
from codex_app_server import types

from contract import wire_schema
from wire.vectors import Vector, vectors

UNIONS = {"ClientNotification", "ClientRequest", "ServerNotification", "ServerRequest"}
"""The unions of all messages, which have become clients, handlers and classes of notifications."""

WHAT = ("type", "case", "unknown")
DISAGREEMENTS: dict[str, Callable[[Vector], bool]] = {
    "SDKs keep members beyond those of an object that the schema closes": (
        lambda vector: vector["rule"] == "C17"
    ),
    "the schema tells an integer's width by a format, which is a mere comment to JSON Schema": (
        lambda vector: vector["case"].startswith(("above", "below"))
    ),
    "the schema lets anything be an error's information, also what is malformed": (
        lambda vector: any("odexErrorInfo" in str(vector.get(key)) for key in WHAT)
    ),
    "the schema has the wrong names for members of these, which the profile corrects": (
        lambda vector: vector["type"] == "ThreadTimelineEntry"
    ),
}
"""Where the two may disagree, by the reason."""


@cache
def judge(name: str) -> jsonschema_rs.Draft7Validator | None:
    """Who says whether a value is of this type; nobody, for a type that the schema doesn't name."""
    is_named = name in {*definitions(), *definitions()["v2"]}
    return wire_schema.judge(wire_schema.definition(name)) if is_named else None


def definitions() -> dict[str, Any]:
    found: dict[str, Any] = wire_schema.bundle()["definitions"]
    return found


def test_no_type_is_left_out() -> None:
    named = {*definitions(), *definitions()["v2"]} - {"v2"}
    assert named - set(types.__all__) == UNIONS
    assert named - {vector["type"] for vector in vectors()} == UNIONS


def test_the_schema_agrees_on_what_is_valid() -> None:
    wrong: list[str] = []
    excused: set[str] = set()
    for vector in vectors():
        schema = judge(vector["type"])
        if schema is None:
            continue
        # What is unknown is so to the schema as well.
        expected = vector["valid"] and not vector.get("unknown")
        if schema.is_valid(vector["message"]) != expected:
            reason = next((why for why, holds in DISAGREEMENTS.items() if holds(vector)), None)
            if reason is None:
                wrong.append(f"{vector['type']}, {vector['case']}: {vector['message']!r:.200}")
            else:
                excused.add(reason)
    assert not wrong, f"{len(wrong)} disagreements:\n" + "\n".join(wrong[:40])
    assert excused == DISAGREEMENTS.keys()

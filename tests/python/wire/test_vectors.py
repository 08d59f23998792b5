"""The wire vectors of `cargo xtask vectors`: every type is decoded and encoded the way in which the
runtime does it, keeps what is valid, and rejects what is not.

Both clients share the codec and the models, so one run speaks for both.
"""

import json
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from codex_app_server import DecodeError, EncodeError, types
from codex_app_server._runtime import codec
from codex_app_server._runtime.paths import unknowns_in

from support import results
from wire.comparison import unequal
from wire.vectors import Vector, vectors

METHOD = "vectors"
_ROOT = "$.params"
_SHOWN = 40


@cache
def references() -> dict[str, str]:
    """Where the runtime finds each type of the package, by its name."""
    names: dict[str, str] = {}
    for module in iter_modules(types.__path__):
        loaded = import_module(f"{types.__name__}.{module.name}")
        names.update({name: f"{module.name}:{name}" for name in loaded.__all__})
    return names


def difference(vector: Vector) -> str | None:
    """What comes of a vector that shouldn't; nothing if all is well."""
    reference = references().get(vector["type"])
    if reference is None:
        return "there is no such type"
    message = vector["message"]
    line = json.dumps({"method": METHOD, "params": message}).encode()
    try:
        members, flagged = codec.decode_params(METHOD, reference, line)
    except DecodeError as error:
        problems = [one.replace(_ROOT, "$", 1) for one in error.problems]
        return f"was rejected: {problems}" if vector["valid"] else misplaced(vector, problems)
    value = members["params"]
    try:
        encoded = json.loads(codec.encode(METHOD, reference, value))
    except EncodeError as error:
        return f"can't be written again: {error.problems}"
    if not vector["valid"]:
        return f"was taken, and became {encoded}"
    found = [
        {"kind": kind, "path": path.replace(_ROOT, "$", 1), "raw": raw}
        for kind, path, raw in (unknowns_in(value, _ROOT) if flagged else ())
    ]
    if changed := unequal(message, encoded, vector.get("null_or_absent", ())):
        return changed
    told = unequal(in_order(vector.get("unknown", ())), in_order(found), path="unknowns")
    return told and f"{told}: {found}"


def in_order(unknowns: Any) -> list[Any]:
    return sorted(unknowns, key=lambda one: str(one["path"]))


def misplaced(vector: Vector, problems: list[str]) -> str | None:
    """Whether all problems are at the place of what is wrong, or within it where that will do."""
    ends = (":", ".", "[") if vector.get("inside") else (":",)
    places = tuple(vector["path"] + end for end in ends)
    if all(problem.startswith(places) for problem in problems):
        return None
    return f"expected problems at {vector['path']}, found {problems}"


def test_every_type_keeps_what_is_valid_and_rejects_what_is_not() -> None:
    failures: list[str] = []
    rules: dict[str, bool] = {}
    seen: set[str] = set()
    count = 0
    for vector in vectors():
        found = difference(vector)
        if found:
            message = json.dumps(vector["message"])[:200]
            failures.append(f"{vector['type']}, {vector['case']}: {found[:400]}; {message}")
        rules[vector["rule"]] = rules.get(vector["rule"], True) and not found
        seen.add(vector["type"])
        count += 1
    agreed = count - len(failures)
    print(f"wire vectors: python agrees with {agreed} of {count}, of {len(seen)} types")
    for rule, passed in rules.items():
        for client in results.CLIENTS:
            results.note(client, rule, f"{rule}-wire-vectors", passed)
    # What is named beyond the model are the classes that hold an external variant's payload.
    assert seen <= references().keys()
    assert not failures, f"{len(failures)} failures:\n" + "\n".join(failures[:_SHOWN])

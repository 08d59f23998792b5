"""Prints what the Python package really has for its users, as JSON: see `README.md`."""

import dataclasses
import inspect
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import codex_app_server
from codex_app_server import async_facade, facade, notifications


def _surface() -> dict[str, Any]:
    root = [name for name in codex_app_server.__all__ if hasattr(codex_app_server, name)]
    classes = {name: getattr(codex_app_server, name) for name in root}
    roots = {codex_app_server.Codex, codex_app_server.AsyncCodex}
    made = {*_own(facade), *_own(async_facade)} - roots
    return {
        "root": root,
        "notifications": [name for name in notifications.__all__ if hasattr(notifications, name)],
        "classes": {
            name: dict(_members(value, instance=value in made))
            for name, value in classes.items()
            if inspect.isclass(value)
        },
    }


def _own(module: ModuleType) -> list[type]:
    return [getattr(module, name) for name in module.__all__]


def _members(kind: type, *, instance: bool) -> Iterator[tuple[str, list[str] | None]]:
    """What an object of this class has: the parameters of its methods, and `None` for the rest."""
    for name in {*dir(kind)} - {*dir(Exception)}:
        value = inspect.getattr_static(kind, name)
        if not name.startswith("_"):
            yield name, _parameters(value) if inspect.isfunction(value) else None
    if dataclasses.is_dataclass(kind):
        yield from ((field.name, None) for field in dataclasses.fields(kind))
    elif instance or kind is codex_app_server.TurnFailedError:
        yield from ((name, None) for name in vars(_made(kind)) if not name.startswith("_"))


def _made(kind: type) -> object:
    """An object of this class, made of what can be anything."""
    constructor = inspect.signature(kind).parameters.values()
    positional = [MagicMock() for one in constructor if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: MagicMock() for one in constructor if one.kind is one.KEYWORD_ONLY}
    return kind(*positional, **named)


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


print(json.dumps(_surface()))

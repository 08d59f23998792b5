"""Where in a message something is: the places of errors, and of values that the schema doesn't
know. Knows pydantic, and is only loaded once there is something to tell or a model to look into.

Places are written as JSON paths, in wire names: `$.params.turn.items[0].type`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeGuard

from pydantic import BaseModel, ValidationError

from .enums import OpenEnum
from .plain import is_array, is_object
from .report import UnknownKind
from .unions import KNOWN, OTHER
from .unknown import UnknownVariant

__all__ = ["member_of", "problems_of", "unencodable_in", "unknowns_in"]

_PLAIN = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_SHOWN = 20
"""How many problems of one message are told."""


def step(path: str, key: str | int) -> str:
    """The path one step further in."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f"{path}[{_quoted(key)}]"


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def problems_of(error: ValidationError, root: str) -> list[str]:
    """What a validation found wrong, each with its place. Of a union, only the arm that was meant
    is told.
    """
    problems: list[str] = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        if KNOWN not in problem["loc"]:
            path = root
            for key in problem["loc"]:
                path = path if key == OTHER else step(path, key)
            problems.append(f"{path}: {problem['msg']}")
    more = len(problems) - _SHOWN
    return problems if more <= 0 else [*problems[:_SHOWN], f"and {more} more"]


def unknowns_in(value: object, path: str) -> Iterator[tuple[UnknownKind, str, Any]]:
    """Each value in `value` that the schema doesn't know: its kind, its place, and itself."""
    if isinstance(value, BaseModel):
        names = _wire_names(type(value))
        for name, member in _members(value):
            yield from unknowns_in(member, step(path, names[name]))
    elif isinstance(value, OpenEnum):
        if not value.is_known:
            yield "enum_value", path, str(value)
    elif isinstance(value, UnknownVariant):
        yield "variant", path, value.raw
    elif is_object(value):
        for key, member in value.items():
            yield from unknowns_in(member, step(path, key))
    elif is_array(value):
        for index, member in enumerate(value):
            yield from unknowns_in(member, step(path, index))


def unencodable_in(value: object, path: str) -> Iterator[str]:
    """Where in plain JSON there is text that can't be written as UTF-8."""
    if isinstance(value, str):
        if not _is_utf8(value):
            yield path
    elif is_object(value):
        for key, member in value.items():
            if _is_utf8(str(key)):
                yield from unencodable_in(member, step(path, key))
            else:
                yield f"{path}, a member's name"
    elif _has_items(value):
        for index, member in enumerate(value):
            yield from unencodable_in(member, step(path, index))


def _has_items(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def member_of(value: object, key: str) -> object:
    """The member of a model by its wire name; `None` if there is none, or no model."""
    if not isinstance(value, BaseModel):
        return None
    name = _python_names(type(value)).get(key)
    return (value.model_extra or {}).get(key) if name is None else getattr(value, name)


def _members(model: BaseModel) -> Iterable[tuple[str, object]]:
    return model.__dict__.items()


@cache
def _wire_names(model: type[BaseModel]) -> dict[str, str]:
    return {name: str(field.validation_alias or name) for name, field in model.model_fields.items()}


@cache
def _python_names(model: type[BaseModel]) -> dict[str, str]:
    return {wire: name for name, wire in _wire_names(model).items()}

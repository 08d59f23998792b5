"""The payloads of messages as pydantic reads and writes them.

Knows pydantic, and where the payload sits in a message; knows no method, no connection and no hook.
Readers and writers are built when first needed and kept. Importing this loads pydantic, which takes
longer than all the rest: only `codec` does, and only when the first message is there.
"""

import threading
from functools import cache
from typing import Annotated, Any, TypeGuard

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticSerializationError, core_schema

from ..errors import DecodeError, EncodeError
from .codec import Decoded, NotJsonError, raw_member
from .forked import hold
from .method import find_type
from .model import FROM_WIRE
from .paths import problems_of, unencodable_in
from .unknown import take_flag

__all__ = ["read", "write"]

_building = threading.RLock()
hold(_building.acquire, _building.release)

_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
"""What pydantic writes, without a word, for what it can't encode in a map's key."""


class _Envelope:
    """A message as a whole, of which one member has a type and the rest is taken as it is. `beside`
    is one more member to take, if there is one.
    """

    __slots__ = ("_beside", "_inner", "_member")

    def __init__(self, member: str, inner: Any, beside: str | None) -> None:
        self._member = member
        self._inner = inner
        self._beside = beside

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        anything = core_schema.typed_dict_field(core_schema.any_schema(), required=False)
        names = ("id", "error") if self._beside is None else ("id", "error", self._beside)
        fields = {name: anything for name in names}
        payload = handler.generate_schema(self._inner)
        fields[self._member] = core_schema.typed_dict_field(
            payload, required=self._inner is not Any
        )
        return core_schema.typed_dict_schema(fields, extra_behavior="ignore")


@cache
def _adapter(reference: str | None) -> TypeAdapter[Any]:
    with _building:
        return TypeAdapter[Any](Any if reference is None else find_type(reference))


@cache
def _envelope(member: str, reference: str | None, beside: str | None) -> TypeAdapter[Any]:
    with _building:
        inner: object = Any if reference is None else find_type(reference)
        if _is_model(inner):
            # What is built already is shared with the message around it, not built once more.
            inner.model_rebuild()
        return TypeAdapter[Any](Annotated[Any, _Envelope(member, inner, beside)])


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def write(method: str, reference: str | None, value: object, root: str) -> bytes:
    """`value`, which is called `root`, as the type `reference` wants it; `EncodeError` if it can't
    be sent.
    """
    adapter = _adapter(reference)
    checked: Any = None
    try:
        checked = adapter.validate_python(value)
        body = adapter.dump_json(checked, by_alias=True, exclude_unset=True, warnings="error")
        problems = _unencodable(adapter, checked, root) if _REPLACED in body else []
    except ValidationError as error:
        raise EncodeError(method, problems_of(error, root)) from error
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise EncodeError(method, _unencodable(adapter, checked, root) or [str(error)]) from error
    if problems:
        raise EncodeError(method, problems)
    return body


def _unencodable(adapter: TypeAdapter[Any], checked: object, root: str) -> list[str]:
    """The places of what UTF-8 can't express."""
    try:
        plain = adapter.dump_python(checked, by_alias=True, exclude_unset=True, warnings=False)
        return [f"{place}: holds half of a character" for place in unencodable_in(plain, root)]
    except (PydanticSerializationError, ValueError, RecursionError):
        return []


def read(
    member: str, method: str, reference: str | None, line: bytes, beside: str | None
) -> Decoded:
    """The members of the message in `line`, of which `member` has the type `reference`.

    Raises `DecodeError` if that doesn't fit, and `NotJsonError`.
    """
    take_flag()
    try:
        members = _envelope(member, reference, beside).validate_json(
            line, strict=True, by_alias=True, by_name=False, context=FROM_WIRE
        )
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        if problem["type"] != "json_invalid":
            raise DecodeError(method, problems_of(error, "$"), raw_member(line, member)) from error
        if "recursion limit" in problem["msg"]:
            # It may well be JSON, which isn't followed any further down.
            text = line.decode("utf-8", "replace")
            raise DecodeError(method, ["$: nested too deeply to be read"], text) from None
        raise NotJsonError(str(problem["msg"])) from None
    return Decoded(members, take_flag())

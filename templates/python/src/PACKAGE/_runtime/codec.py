"""From values to bytes and back, each message in one go.

Knows pydantic, and where the payload sits in a message; knows no method, no connection and no hook.
Encoders and decoders are built when first needed and kept.
"""

import threading
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeGuard, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticSerializationError, core_schema, from_json

from ..errors import DecodeError, EncodeError
from .method import Method, find_type
from .model import FROM_WIRE
from .omit import omit
from .paths import problems_of, unencodable_in
from .plain import is_object
from .unknown import take_flag

__all__ = [
    "Decoded",
    "NotJsonError",
    "decode_params",
    "decode_raw",
    "decode_result",
    "encode",
    "encode_params",
    "raw_params",
]

R = TypeVar("R")

_building = threading.RLock()

_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
"""What pydantic writes, without a word, for what it can't encode in a map's key."""


class NotJsonError(ValueError):
    """A line whose head looked like a message's is not JSON."""


class Decoded(NamedTuple):
    """The members of a message that were asked for, and whether anything in them is unknown to the
    schema.
    """

    members: Mapping[str, Any]
    flagged: bool


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
    inner: object = Any if reference is None else find_type(reference)
    with _building:
        if _is_model(inner):
            # What is built already is shared with the message around it, not built once more.
            inner.model_rebuild()
        return TypeAdapter[Any](Annotated[Any, _Envelope(member, inner, beside)])


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def encode_params(method: Method[Any, Any], given: Mapping[str, object] | None) -> bytes | None:
    """Params given one by one, by their Python names. `omit` leaves one out."""
    if method.params is None or given is None:
        return None
    present = {name: value for name, value in given.items() if value is not omit}
    if not present and method.params_optional:
        return None
    return encode(method.name, method.params, present)


def encode_value(method: Method[Any, Any], value: object) -> bytes | None:
    """Params given as one value. `omit` leaves them out."""
    return None if value is omit else encode(method.name, method.params, value)


def encode(method: str, reference: str | None, value: object, root: str = "params") -> bytes:
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


def decode_result(method: Method[Any, R], line: bytes) -> Decoded:
    """The answer to a call of `method`."""
    return _decode("result", method.name, method.result, line)


def decode_params(
    method: str, reference: str | None, line: bytes, beside: str | None = None
) -> Decoded:
    """What a message of the server carries, and the member `beside` it."""
    return _decode("params", method, reference, line, beside)


def _decode(
    member: str, method: str, reference: str | None, line: bytes, beside: str | None = None
) -> Decoded:
    take_flag()
    try:
        members = _envelope(member, reference, beside).validate_json(
            line, strict=True, by_alias=True, by_name=False, context=FROM_WIRE
        )
    except ValidationError as error:
        if any(problem["type"] == "json_invalid" for problem in error.errors(include_input=False)):
            raise NotJsonError(str(error.errors()[0]["msg"])) from None
        raise DecodeError(method, problems_of(error, "$"), _raw(line, member)) from error
    return Decoded(members, take_flag())


def decode_raw(line: bytes) -> Decoded:
    """The answer to a call whose result has no type."""
    return _decode("result", "", None, line)


def raw_params(line: bytes) -> Any:
    """The params of a message as they came."""
    return _raw(line, "params")


def _raw(line: bytes, member: str) -> Any:
    message = from_json(line)
    return message.get(member) if is_object(message) else None

"""From values to bytes and back, each message in one go.

Knows which type a message's payload has; knows no connection and no hook. What reads and writes
payloads is loaded with the first of them: the server starts meanwhile.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from .json_text import from_json
from .method import Method
from .omit import omit
from .plain import is_object

__all__ = [
    "Decoded",
    "NotJsonError",
    "decode_params",
    "decode_raw",
    "decode_result",
    "encode",
    "encode_params",
    "encode_value",
    "raw_member",
    "raw_params",
]

R = TypeVar("R")


class NotJsonError(ValueError):
    """A line whose head looked like a message's is not JSON."""


class Decoded(NamedTuple):
    """The members of a message that were asked for, and whether anything in them is unknown to the
    schema.
    """

    members: Mapping[str, Any]
    flagged: bool


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
    return _writer()(method, reference, value, root)


def decode_result(method: Method[Any, R], line: bytes) -> Decoded:
    """The answer to a call of `method`."""
    return _decode("result", method.name, method.result, line)


def decode_params(
    method: str, reference: str | None, line: bytes, beside: str | None = None
) -> Decoded:
    """What a message of the server carries, and the member `beside` it."""
    return _decode("params", method, reference, line, beside)


def decode_raw(method: str, line: bytes) -> Decoded:
    """The answer to a call of `method`, whose result has no type."""
    return _decode("result", method, None, line)


def raw_params(line: bytes) -> Any:
    """The params of a message as they came."""
    return raw_member(line, "params")


def raw_member(line: bytes, member: str) -> Any:
    """A member of a message as it came."""
    message = from_json(line)
    return message.get(member) if is_object(message) else None


def _decode(
    member: str, method: str, reference: str | None, line: bytes, beside: str | None = None
) -> Decoded:
    return _reader()(member, method, reference, line, beside)


@cache
def _reader() -> Callable[[str, str, str | None, bytes, str | None], Decoded]:
    from .payload import read

    return read


@cache
def _writer() -> Callable[[str, str | None, object, str], bytes]:
    from .payload import write

    return write

"""What kind of message a line is, learnt from its head wherever that is enough.

Knows the outer form of JSON-RPC messages; knows no method and decodes no payload. A line whose
members come in an unusual order is parsed as a whole: slower, with the same outcome.
"""

import re
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from ..errors import EncodeError
from .json_text import from_json, to_json
from .plain import is_object

__all__ = [
    "Failure",
    "Malformed",
    "Message",
    "Notice",
    "Request",
    "RequestId",
    "Response",
    "read",
    "read_slowly",
]

RequestId: TypeAlias = int | str


class Response(NamedTuple):
    """An answer to a call of ours."""

    id: RequestId
    line: bytes


class Failure(NamedTuple):
    """An error in answer to a call of ours."""

    id: RequestId
    error: Any


class Request(NamedTuple):
    """A call that the server makes."""

    id: RequestId
    method: str
    line: bytes


class Notice(NamedTuple):
    """An announcement of the server. One that was told by its head alone may still turn out to
    carry an id.
    """

    method: str
    line: bytes


class Malformed(NamedTuple):
    """A line that is no message."""

    line: bytes
    reason: str


Message: TypeAlias = Response | Failure | Request | Notice | Malformed

_SPACE = b" \t\r\n"
"""All that JSON counts as white space."""

_HEAD = re.compile(
    rb"""
    \s* \{ \s*
    (?: "jsonrpc" \s*:\s* "2\.0" \s*,\s* )?
    (?:
      "id" \s*:\s* (?: (?P<number>-?\d{1,18}) | "(?P<text>[^"]*)" ) \s*,\s*
      (?: (?P<result>"result" \s*:) | "method" \s*:\s* "(?P<request>[^"]*)" \s* [,}] )
    |
      "method" \s*:\s* "(?P<notice>[^"]*)" \s*,\s* "params" \s*:
    )
    """.replace(rb"\s", rb"[\x20\t\r\n]").replace(rb'[^"]', rb"[\x20\x21\x23-\x5b\x5d-\x7e]"),
    re.VERBOSE,
)


def read(line: bytes) -> Message | None:
    """The message in `line`; `None` for a blank line."""
    head = _HEAD.match(line)
    if head is None or not line.rstrip(_SPACE).endswith(b"}"):
        return read_slowly(line)
    number, text, result, request, notice = head.groups()
    if notice is not None:
        return Notice(notice.decode("ascii"), line)
    ident = int(number) if number is not None else text.decode("ascii")
    return (
        Response(ident, line)
        if result is not None
        else Request(ident, request.decode("ascii"), line)
    )


def read_slowly(line: bytes) -> Message | None:
    """The message in `line`, in whatever order its members come; `None` for a blank line."""
    if not line.strip(_SPACE):
        return None
    try:
        message = from_json(line)
    except ValueError as error:
        return Malformed(line, f"not JSON: {error}")
    if not is_object(message):
        return Malformed(line, "not an object")
    ident, method = message.get("id"), message.get("method")
    if isinstance(method, str):
        if "id" not in message:
            return Notice(method, line)
        return (
            Request(ident, method, line)
            if _is_id(ident)
            else Malformed(line, "an id of a wrong kind")
        )
    if not _is_id(ident):
        return Malformed(line, "neither a method nor an id")
    if message.get("error") is not None:
        return Failure(ident, message["error"])
    return (
        Response(ident, line)
        if "result" in message
        else Malformed(line, "neither a result nor an error")
    )


def _is_id(value: object) -> TypeGuard[RequestId]:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def call(ident: int, method: str, params: bytes | None) -> bytes:
    """The line that calls `method`; `params` are encoded already."""
    return _message(b'{"id":%d,"method":' % ident, method, params)


def announcement(method: str, params: bytes | None) -> bytes:
    """The line that announces something; `params` are encoded already."""
    return _message(b'{"method":', method, params)


def _message(head: bytes, method: str, params: bytes | None) -> bytes:
    try:
        name = to_json(method)
    except ValueError as error:
        # The name as it stands could not be printed either.
        raise EncodeError(ascii(method), [f"the method's name: {error}"]) from error
    return b"".join(
        (head, name, b"}\n") if params is None else (head, name, b',"params":', params, b"}\n")
    )


def answer(ident: RequestId, result: bytes) -> bytes:
    """The line that answers a call of the server; `result` is encoded already."""
    return b'{"id":%b,"result":%b}\n' % (to_json(ident), result)


def error_answer(ident: RequestId, code: int, message: str) -> bytes:
    """The line that answers a call of the server with an error."""
    return b'{"error":%b,"id":%b}\n' % (to_json({"code": code, "message": message}), to_json(ident))

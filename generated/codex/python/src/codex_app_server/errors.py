"""Everything that can go wrong, as one family of exceptions.

Knows what went wrong and what a person can do about it; knows nothing of how messages travel. Loads
next to nothing, so that catching an error is cheap.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ._runtime.plain import is_array, is_object

__all__ = [
    "DecodeError",
    "EncodeError",
    "ExperimentalApiError",
    "InternalError",
    "InvalidParams",
    "InvalidRequest",
    "JsonRpcError",
    "MethodNotFound",
    "ParseError",
    "RequestTimeoutError",
    "RetryLimitExceeded",
    "SdkError",
    "ServerBusy",
    "ServerError",
    "ServerNotFoundError",
    "StartError",
    "TransportClosed",
    "TransportError",
    "UnknownValueError",
    "is_retryable_error",
]


class SdkError(Exception):
    """The base of all errors of this package."""


# The connection.


class TransportError(SdkError):
    """The base of what goes wrong with the server's process and the connection to it."""


class ServerNotFoundError(TransportError):
    """The server's binary is in none of the places where it was looked for."""

    def __init__(self, title: str, tried: Sequence[str], install: str) -> None:
        self.tried = tuple(tried)
        """The places, in the order they were tried."""
        self.install = install
        """The command that installs the server."""
        places = "".join(f"\n  - {place}" for place in self.tried)
        hint = f"\nInstall it with: {install}" if install else ""
        super().__init__(f"{title} was not found. Tried:{places}{hint}")


class _ProcessError(TransportError):
    """An error that tells how the server's process ended and what it wrote last."""

    def __init__(
        self, message: str, exit_code: int | None = None, stderr_tail: Sequence[str] = ()
    ) -> None:
        self.exit_code = exit_code
        """The process's exit code, if it has ended; negative for the signal that ended it."""
        self.stderr_tail = tuple(stderr_tail)
        """The last lines of its standard error."""
        self._message = message
        parts = [message]
        if exit_code is not None:
            parts.append(f" (exit code {exit_code})")
        if self.stderr_tail:
            shown = self.stderr_tail[-20:]
            parts.append("\nIts last words on stderr:\n" + "\n".join(f"  {line}" for line in shown))
        super().__init__("".join(parts))


class StartError(_ProcessError):
    """The server could not be started, or didn't complete the handshake."""


class TransportClosed(_ProcessError):
    """The connection has ended: the server's process died, or the client was closed. Also raised if
    a stream ends without the notification that was waited for.
    """

    def again(self) -> "TransportClosed":
        """The same error as a new object, for the next one who has to be told."""
        return TransportClosed(self._message, self.exit_code, self.stderr_tail)


# Calls.


class RequestTimeoutError(SdkError, TimeoutError):
    """A call got no answer before its deadline."""

    def __init__(self, method: str, timeout: float) -> None:
        self.method = method
        """The method that was called."""
        self.timeout = timeout
        """The deadline, in seconds."""
        super().__init__(f"{method}: no answer within {timeout:g} s")


class EncodeError(SdkError, ValueError):
    """What was given can't be sent. Nothing was."""

    def __init__(self, method: str, problems: Sequence[str]) -> None:
        self.method = method
        """The method whose message it was for."""
        self.problems = tuple(problems)
        """What is wrong, each with its place."""
        super().__init__(_listed(f"{method}: can't be sent", self.problems))


class DecodeError(SdkError, ValueError):
    """What came doesn't fit the schema."""

    def __init__(self, method: str, problems: Sequence[str], raw: Any = None) -> None:
        self.method = method
        """The method whose message it was."""
        self.problems = tuple(problems)
        """What is wrong, each with its place as a JSON path."""
        self.raw = raw
        """The message as it came."""
        super().__init__(
            _listed(f"{method}: the server's message doesn't fit the schema", self.problems)
        )


class UnknownValueError(SdkError, ValueError):
    """In strict mode: what came holds something that the schema doesn't know."""

    def __init__(self, method: str | None, problems: Sequence[str]) -> None:
        self.method = method
        """The method whose message it was, if it was one."""
        self.problems = tuple(problems)
        """What is unknown, each with its place as a JSON path."""
        super().__init__(_listed(f"{method or 'message'}: not in the schema", self.problems))


class ExperimentalApiError(SdkError):
    """An experimental method was called on a client that didn't opt in. Nothing was sent."""

    def __init__(self, method: str) -> None:
        self.method = method
        """The method that was called."""
        super().__init__(
            f"{method} is experimental: opt in with experimental_api=True in the client's config"
        )


def _listed(head: str, problems: Sequence[str]) -> str:
    if len(problems) == 1:
        return f"{head}: {problems[0]}"
    return head + "".join(f"\n  - {problem}" for problem in problems)


# The server's answers.


class JsonRpcError(SdkError):
    """The server answered with an error. The base of all such errors."""

    def __init__(
        self, code: int, message: str, data: Any = None, method: str | None = None
    ) -> None:
        self.code = code
        """The error's number."""
        self.message = message
        """What the server says about it."""
        self.data = data
        """What else the server sent along."""
        self.method = method
        """The method that was called."""
        where = f"{method}: " if method else ""
        super().__init__(f"{where}{message} ({code})")


class ParseError(JsonRpcError):
    """-32700: the server could not read the message."""


class InvalidRequest(JsonRpcError):
    """-32600: the message is no valid request, or not at this time."""


class MethodNotFound(JsonRpcError):
    """-32601: the server has no such method."""


class InvalidParams(JsonRpcError):
    """-32602: the method doesn't take such params."""


class InternalError(JsonRpcError):
    """-32603: the server failed."""


class ServerError(JsonRpcError):
    """-32099 to -32000: an error of the server's own."""


class ServerBusy(ServerError):
    """The server has too much to do. Trying again later may help."""


class RetryLimitExceeded(ServerBusy):
    """The server has tried several times itself, and given up."""


_BY_CODE: dict[int, type[JsonRpcError]] = {
    -32700: ParseError,
    -32600: InvalidRequest,
    -32601: MethodNotFound,
    -32602: InvalidParams,
    -32603: InternalError,
}
_OVERLOAD_CODES = (-32001,)
_OVERLOAD_WORDS = ("serverOverloaded",)
_SERVER_ERRORS = range(-32099, -31999)


def error_for(
    code: int,
    message: str,
    data: Any = None,
    method: str | None = None,
    *,
    overload_codes: Iterable[int] = _OVERLOAD_CODES,
    overload_words: Iterable[str] = _OVERLOAD_WORDS,
) -> JsonRpcError:
    """The error that stands for a server's error answer."""
    if code in overload_codes or _says(data, frozenset(map(_squeezed, overload_words))):
        limit = "retrylimit" in _squeezed(message)
        return (RetryLimitExceeded if limit else ServerBusy)(code, message, data, method)
    kind = _BY_CODE.get(code) or (ServerError if code in _SERVER_ERRORS else JsonRpcError)
    return kind(code, message, data, method)


def is_retryable_error(error: BaseException) -> bool:
    """Whether `error` says that the server was too busy, so that the same call may succeed
    later.
    """
    if isinstance(error, ServerBusy):
        return True
    words = frozenset(map(_squeezed, _OVERLOAD_WORDS))
    return isinstance(error, JsonRpcError) and (
        error.code in _OVERLOAD_CODES or _says(error.data, words)
    )


def _squeezed(text: str) -> str:
    """`text` without what spellings differ in."""
    return "".join(filter(str.isalnum, text)).casefold()


def _says(data: object, words: frozenset[str]) -> bool:
    """Whether any text in `data`, names of members included, is one of `words`."""
    if isinstance(data, str):
        return _squeezed(data) in words
    if is_object(data):
        return any(_says(key, words) or _says(value, words) for key, value in data.items())
    if is_array(data):
        return any(_says(item, words) for item in data)
    return False

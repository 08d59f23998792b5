"""Compares what a client raised with what a scenario expects."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import codex_app_server
from codex_app_server import is_retryable_error

from .patterns import misfit

__all__ = ["check_error", "told_of"]

_KINDS = (
    "ServerNotFoundError",
    "StartError",
    "TransportClosed",
    "RequestTimeoutError",
    "EncodeError",
    "DecodeError",
    "UnknownValueError",
    "ExperimentalApiError",
    "ParseError",
    "InvalidRequest",
    "MethodNotFound",
    "InvalidParams",
    "InternalError",
    "ServerBusy",
    "RetryLimitExceeded",
    "ServerError",
    "JsonRpcError",
)
_CLASSES: dict[str, type[BaseException]] = {
    "Cancelled": asyncio.CancelledError,
    **{kind: getattr(codex_app_server, kind) for kind in _KINDS},
}


def check_error(expected: Mapping[str, Any], error: BaseException, what: str) -> None:
    """Fails where `error` isn't what was expected."""
    assert expected["kind"] in _CLASSES, f"there is no error of the kind {expected['kind']}"
    if type(error) is not _CLASSES[expected["kind"]]:
        raise AssertionError(f"{what} failed with {told_of(error)} instead of {dict(expected)}")
    for name, value in expected.items():
        if name != "kind" and not _HOLDS[name](value, error):
            raise AssertionError(f"{what}: not {name} {value!r} but {vars(error)!r:.1000}")


def told_of(error: BaseException) -> str:
    """An error as one reads it."""
    return f"{type(error).__name__}: {error}"


def _message(error: Any) -> str:
    return str(getattr(error, "message", error))


def _signal(name: str, error: Any) -> bool:
    return bool(error.exit_code == -signal.Signals[name])


def _is_in(texts: Callable[[Any], Iterable[str]]) -> Callable[[Any, Any], bool]:
    return lambda text, error: any(text in one for one in texts(error))


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "code": lambda code, error: error.code == code,
    "message": lambda pattern, error: misfit(pattern, _message(error)) is None,
    "data": lambda pattern, error: misfit(pattern, error.data) is None,
    "method": lambda method, error: error.method == method,
    "exit_code": lambda code, error: error.exit_code == code,
    "signal": _signal,
    "stderr": _is_in(lambda error: error.stderr_tail),
    "path": _is_in(lambda error: error.problems),
    "retryable": lambda expected, error: is_retryable_error(error) is expected,
    "tried": _is_in(lambda error: error.tried),
}
"""How each member of `fails` is compared, first what is expected, then the error."""

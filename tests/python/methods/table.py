"""The methods of the protocol, as the package lists them."""

import dataclasses
from typing import Any

from codex_app_server import ServerRequestHandlers, methods

__all__ = ["CALLS", "EXPERIMENTAL", "STABLE"]

_HANDLED = {field.name for field in dataclasses.fields(ServerRequestHandlers)}
_ALL: dict[str, Any] = {
    constant.lower(): method
    for constant, method in vars(methods).items()
    if isinstance(method, type(methods.THREAD_START)) and constant.lower() not in _HANDLED
}

CALLS: dict[str, str] = {function: method.name for function, method in _ALL.items()}
"""The client's functions, and the method that each of them calls."""
EXPERIMENTAL = frozenset(method.name for method in _ALL.values() if method.experimental)
"""The methods that need an opt-in."""
STABLE = frozenset(CALLS.values()) - EXPERIMENTAL
"""The other methods."""

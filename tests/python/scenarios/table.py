"""The package's functions by the wire names that scenarios use."""

from collections.abc import Mapping
from typing import Any

from codex_app_server import methods, types
from codex_app_server._facts import PROTOCOL
from codex_app_server._runtime.method import Method
from pydantic import BaseModel

__all__ = ["HANDLERS", "WORK", "arguments", "function_of", "waiter_of"]

_METHODS: dict[str, tuple[str, Method[Any, Any]]] = {
    method.name: (constant.lower(), method)
    for constant, method in vars(methods).items()
    if isinstance(method, Method)
}
HANDLERS: dict[str, str] = {
    wire: request.handler for wire, request in PROTOCOL.server_requests.items()
}
"""Where the handler of each request of the server is set."""
WORK: dict[str, str] = {facts.opens: facts.name for facts in PROTOCOL.correlations}
"""What the work is called that a request opens."""
_ENDS: dict[str, str] = {facts.closes: facts.name for facts in PROTOCOL.correlations}


def function_of(wire: str) -> str:
    """The client's function that makes this call."""
    assert wire in _METHODS, f"there is no typed call of {wire}"
    return _METHODS[wire][0]


def waiter_of(wire: str) -> str:
    """The client's function that waits for the end of work which this notification ends."""
    assert wire in _ENDS, f"{wire} ends no work"
    return f"wait_for_{_ENDS[wire]}_completed"


def arguments(wire: str, params: Any) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """What to give to the function of this call for params in wire names."""
    method = _METHODS[wire][1]
    if method.params is None:
        assert not params, f"{wire} takes no params"
        return (), {}
    kind = getattr(types, method.params.partition(":")[2])
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return (params,), {}
    python_names = {
        field.validation_alias or name: name for name, field in kind.model_fields.items()
    }
    strange = [name for name in params or {} if name not in python_names]
    assert not strange, f"{wire} takes no {', '.join(strange)}"
    return (), {python_names[name]: value for name, value in (params or {}).items()}

"""Sets handlers by the method that they are for."""

from collections.abc import Callable
from typing import Any

from codex_app_server import ServerRequestHandlers

from contract.server_requests import HANDLERS


def handling(method: str, handler: Callable[[Any], Any]) -> ServerRequestHandlers:
    """Handlers of which only this one is set."""
    handlers = ServerRequestHandlers()
    set_handler(handlers, method, handler)
    return handlers


def set_handler(
    handlers: ServerRequestHandlers, method: str, handler: Callable[[Any], Any]
) -> None:
    """Sets the handler of this method."""
    setattr(handlers, HANDLERS[method], handler)


def handling_all(handler: Callable[[Any], Any]) -> ServerRequestHandlers:
    """The same handler for everything."""
    handlers = ServerRequestHandlers()
    for name in HANDLERS.values():
        setattr(handlers, name, handler)
    return handlers

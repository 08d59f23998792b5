"""The first call of a connection: what it says, and what its failure is called."""

from typing import Any

from ..errors import JsonRpcError, RequestTimeoutError, SdkError, StartError, TransportClosed
from .facts import HandshakeFacts, ProtocolFacts
from .settings import ConnectionSettings

__all__ = ["handshake_params", "start_error"]


def handshake_params(
    facts: HandshakeFacts, protocol: ProtocolFacts, settings: ConnectionSettings
) -> dict[str, Any]:
    """The params of the first call, in wire names."""
    client: dict[str, Any] = {
        "name": settings.client_name or protocol.package,
        "version": settings.client_version or protocol.client_version,
    }
    if settings.client_title is not None:
        client["title"] = settings.client_title
    params: dict[str, Any] = {}
    _place(params, facts.client_info, client)
    if facts.experimental is not None:
        _place(params, facts.experimental, settings.experimental_api)
    return params


def _place(params: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    *outer, last = path
    for key in outer:
        params = params.setdefault(key, {})
    params[last] = value


def start_error(
    error: SdkError, exit_code: int | None, tail: list[str], is_replay: bool
) -> StartError:
    """What a failed handshake means for whoever wanted a connection."""
    if isinstance(error, TransportClosed):
        if is_replay:
            return StartError(str(error))
        return StartError("the server ended before it answered", error.exit_code, error.stderr_tail)
    if isinstance(error, RequestTimeoutError):
        return StartError("the server didn't answer in time", None, tail)
    if isinstance(error, JsonRpcError):
        return StartError(f"the server refused the handshake: {error}", None, tail)
    return StartError(f"the handshake failed: {error}", exit_code, tail)

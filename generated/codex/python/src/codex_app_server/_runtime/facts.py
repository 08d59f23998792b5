"""What the runtime has to be told about a protocol. The generated package fills these in, once.

Plain data: imports nothing of the runtime but other plain data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .method import Method
    from .notification import Notification

__all__ = [
    "CorrelationFacts",
    "HandshakeFacts",
    "LaunchFacts",
    "OverloadFacts",
    "ProtocolFacts",
    "ServerRequest",
    "VersionFacts",
]


@dataclass(frozen=True, kw_only=True)
class LaunchFacts:
    """How the server's process is found and started."""

    title: str
    """The server as people call it."""
    command: str
    """What to look for on the search path."""
    variable: str
    """The environment variable that names the binary."""
    arguments: tuple[str, ...]
    """What makes the binary serve this protocol."""
    override_option: str | None = None
    """The option that comes before each config override."""
    runtime_package: str | None = None
    """The package that brings the binary, by the name it is installed by."""
    runtime_module: str | None = None
    """The same, by the name it is imported by."""
    runtime_binary: str | None = None
    """The path of the binary inside that package, without the ending that executables have on
    Windows."""
    install: str = ""
    """The command that installs the server."""


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """Where the answer to the first call tells the server's version: in a text, of which the part
    up to the first `before` counts, and of that the part behind the last `after`.
    """

    path: tuple[str, ...]
    """Where in the answer the text is."""
    after: str | None = None
    """What stands before the version."""
    before: str | None = None
    """What stands behind it."""


@dataclass(frozen=True, kw_only=True)
class HandshakeFacts:
    """The messages that start a connection."""

    request: str
    """Wire name of the first request."""
    notification: str
    """Wire name of the notification that follows its answer."""
    client_info: tuple[str, ...]
    """Where the request's params say who the client is."""
    experimental: tuple[str, ...] | None = None
    """Where the request's params opt in to what is experimental."""
    version: VersionFacts | None = None
    """Where the request's result tells the server's version."""


@dataclass(frozen=True, kw_only=True)
class OverloadFacts:
    """How the server says that it has too much to do."""

    codes: tuple[int, ...] = (-32001,)
    """Error codes that always mean it."""
    words: tuple[str, ...] = ()
    """What error data say then. Case, hyphens and underscores don't matter."""


@dataclass(frozen=True, kw_only=True)
class CorrelationFacts:
    """Work that a request opens and that notifications report on until one of them ends it."""

    name: str
    """What the work is called."""
    opens: str
    """Wire name of the request that opens it."""
    result_key: tuple[str, ...]
    """Where the opening request's result carries the work's id."""
    scope: str | None = None
    """A member that the opening params and the notifications have in common."""
    carriers: Mapping[str, tuple[str, ...]]
    """Where each notification that belongs to such work carries its id."""
    closes: str
    """Wire name of the notification that ends it."""


@dataclass(frozen=True, kw_only=True)
class ServerRequest:
    """A request that the server makes, and the attribute that holds its handler."""

    method: "Method[Any, Any]"
    handler: str


@dataclass(frozen=True, kw_only=True)
class ProtocolFacts:
    """All of it."""

    package: str
    """The import name of the generated package, which also names its logger."""
    server_version: str
    """The version of the server that the schema came from."""
    client_version: str
    """The version of the generated package."""
    launch: LaunchFacts
    handshake: HandshakeFacts | None = None
    overload: OverloadFacts = field(default_factory=OverloadFacts)
    experimental_methods: frozenset[str] = frozenset()
    """Wire names of the requests that need an opt-in."""
    request_aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Old wire names of requests, and what they are called today. Those that the server makes reach
    the handler of today's name.
    """
    sent_at: str | None = None
    """The member beside a notification's params that says when it was sent."""
    notifications: Mapping[str, "type[Notification]"]
    """Each notification's class, by its wire name."""
    notification_aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Old wire names of notifications, and what they are called today."""
    server_requests: Mapping[str, ServerRequest] = field(default_factory=dict[str, ServerRequest])
    """What the server may ask, by wire name."""
    refusals: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The answer that refuses, for each request that asks for approval."""
    correlations: tuple[CorrelationFacts, ...] = ()
    secrets: frozenset[str] = frozenset()
    """Wire names of members whose values must never reach a log."""

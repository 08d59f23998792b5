"""What hooks are told. Plain data."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

__all__ = ["Overflow", "Unknown", "UnknownKind", "VersionMismatch"]

UnknownKind: TypeAlias = Literal["method", "variant", "enum_value", "undecodable", "message"]
"""What was met: a method, a union's variant or an enum's value that the schema lacks, a known
message whose content
doesn't fit, or a line that is no message at all."""


@dataclass(frozen=True)
class Unknown:
    """Something from the server that this package doesn't know."""

    kind: UnknownKind
    method: str | None
    """The method whose message it was in, where there is one."""
    path: str
    """Where in the message it was, e.g. `$.params.item.type`."""
    raw: Any
    """The value as it came."""
    error: Exception | None = None
    """Why it couldn't be decoded."""


@dataclass(frozen=True)
class Overflow:
    """A stream was not read fast enough, and lost its oldest notifications."""

    stream: str
    """What the stream holds."""
    dropped: int
    """How many it has lost so far."""


@dataclass(frozen=True)
class VersionMismatch:
    """The server is not of the version that this package was made for."""

    expected: str
    """The version that this package was made for."""
    found: str
    """The server's version."""
    server_is: Literal["older", "newer"]
    """What the server is beside the one that this package was made for."""

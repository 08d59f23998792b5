"""What a notification looks like to the user. Knows no method of any protocol and imports no
models.
"""

from typing import Any, ClassVar

__all__ = ["Notification", "UnknownNotification"]


class Notification:
    """A notification of a known method, with params of that method's type.

    Each generated subclass narrows `method` and `params` to its own, so that both `match` on the
    class and `event.method == "..."` tell a type checker what `event.params` is.
    """

    __slots__ = ("emitted_at_ms", "params")

    params_type: ClassVar[str | None] = None
    """Where the type of the params is found: `"module:Name"` below `types`."""

    method: ClassVar[Any]
    """The method's wire name."""
    params: Any
    """What the notification carries."""
    emitted_at_ms: int | None
    """When the server sent it, in milliseconds since 1970, if it said so."""

    def __init__(self, params: Any, emitted_at_ms: int | None = None) -> None:
        self.params = params
        self.emitted_at_ms = emitted_at_ms

    @property
    def wire_method(self) -> str:
        """The method's wire name, of known and of unknown notifications alike."""
        return str(self.method)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.params!r})"


class UnknownNotification:
    """A notification of a method that this package doesn't know, or one that it couldn't decode.

    `method` is `None`, so that comparing it with a known name never lets raw params pass for
    decoded ones.
    """

    __slots__ = ("emitted_at_ms", "error", "params", "wire_method")

    method: ClassVar[None] = None

    wire_method: str
    """The method's name as it came."""
    params: Any
    """The params as they came."""
    error: Exception | None
    """Why the params of a known method couldn't be decoded."""
    emitted_at_ms: int | None
    """When the server sent it, in milliseconds since 1970, if it said so."""

    def __init__(
        self,
        wire_method: str,
        params: Any,
        error: Exception | None = None,
        emitted_at_ms: int | None = None,
    ) -> None:
        self.wire_method = wire_method
        self.params = params
        self.error = error
        self.emitted_at_ms = emitted_at_ms

    def __repr__(self) -> str:
        return f"UnknownNotification({self.wire_method!r}, {self.params!r}, error={self.error!r})"

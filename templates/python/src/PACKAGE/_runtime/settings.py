"""The settings that a connection has in every protocol. Plain data; decides nothing."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .report import Overflow, Unknown, VersionMismatch
    from .retry import RetryPolicy

__all__ = ["ConnectionSettings", "settings_of"]

C = TypeVar("C", bound="ConnectionSettings")


@dataclass(kw_only=True)
class ConnectionSettings(ABC):
    """The settings of a connection. All of them have defaults."""

    launch_args_override: Sequence[str] | None = None
    """The whole command to run instead of the server's own: program first, then its arguments."""
    config_overrides: Mapping[str, str] | Sequence[str] = ()
    """Configuration values for the server: a mapping, or texts of the form `key=value`. They are
    written as in the server's configuration: where that is TOML, a string has its quotes."""
    cwd: str | PathLike[str] | None = None
    """The directory that the server runs in. `None`: this process's own."""
    env: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Environment variables to add to this process's own. Not printed: they may be secret."""

    record_to: str | PathLike[str] | None = None
    """A file to write the connection's traffic to, as lines of JSON. What it held before is lost,
    and its owner alone may read it. The values of members that the protocol calls secret are left
    out; whatever else is private in the traffic is in it. Lines that the disk has not taken yet are
    kept in memory."""
    replay_from: str | PathLike[str] | None = None
    """A file that `record_to` has made, to be used instead of a server, which is not started. It
    says again what the server said, for as long as the client says again what the client said."""

    client_name: str | None = None
    """What the client calls itself towards the server. `None`: the package's import name."""
    client_title: str | None = None
    """The client's name as people read it."""
    client_version: str | None = None
    """The client's version. `None`: the package's own."""
    experimental_api: bool = True
    """Whether to opt in to what is experimental. Without it, calling an experimental method
    fails."""

    default_timeout: float | None = 60.0
    """Seconds that a call may take unless it says otherwise. `None`: no limit."""
    start_timeout: float = 20.0
    """Seconds that starting the server, handshake included, may take."""
    close_grace: float = 2.0
    """Seconds that the server gets to end by itself once its input is closed, and again once it is
    told to end."""
    retry: "RetryPolicy | None" = None
    """Repeats every call that the server is too busy for. `None`: such calls fail at once."""

    strict: bool = False
    """Treats what the schema doesn't know as an error: results raise `UnknownValueError`,
    notifications end the streams that would have held them with it. For tests."""
    queue_size: int = 16_384
    """How many notifications a stream keeps for a reader that falls behind. Beyond it, the oldest
    are dropped."""
    on_unknown: "Callable[[Unknown], object] | None" = None
    """Called with whatever the schema doesn't know, where messages are read: it must be quick and
    not call the client."""
    on_overflow: "Callable[[Overflow], object] | None" = None
    """Called with notifications that were dropped."""
    on_stderr: Callable[[str], object] | None = None
    """Called with each line that the server writes to its standard error."""
    on_version_mismatch: "Callable[[VersionMismatch], object] | None" = None
    """Called, once the server has started, if it is older or newer than the one that this package
    was made for. That is no error."""

    @property
    @abstractmethod
    def binary(self) -> str | PathLike[str] | None:
        """The binary that was asked for."""


def settings_of(config: object, kind: type[C]) -> C:
    """The config that was given, or else that of the defaults. Anything of another class is refused
    here, where a message can still say what was expected.
    """
    if config is None:
        return kind()
    if isinstance(config, kind):
        return config
    name = kind.__name__
    raise TypeError(f"the config should be {name}(...); it is of {type(config).__name__}")

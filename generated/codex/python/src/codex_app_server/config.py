"""How a client starts its server and behaves towards it."""

from dataclasses import dataclass
from os import PathLike

from ._runtime.settings import ConnectionSettings

__all__ = ["AppServerConfig"]


@dataclass(kw_only=True)
class AppServerConfig(ConnectionSettings):
    """The settings of a client. All of them have defaults."""

    codex_bin: str | PathLike[str] | None = None
    """The server's binary. `None`: the one that the environment names, else that of the package
    which brings it, else `codex` on the search path."""

    @property
    def binary(self) -> str | PathLike[str] | None:
        """The binary that was asked for."""
        return self.codex_bin

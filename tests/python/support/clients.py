"""Makes clients of the real server that are fit for tests, and ends them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    ServerRequestHandlers,
    Unknown,
    VersionMismatch,
)
from typing_extensions import Unpack

from .home import server_env

__all__ = ["AsyncClientFactory", "ClientFactory", "Settings", "config_for"]


class Settings(TypedDict, total=False):
    """Settings that a test may want otherwise; they have the names of the config's."""

    launch_args_override: Sequence[str] | None
    config_overrides: Mapping[str, str] | Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    experimental_api: bool
    default_timeout: float | None
    start_timeout: float
    close_grace: float
    strict: bool
    queue_size: int
    record_to: Path | None
    on_stderr: Callable[[str], object]
    on_version_mismatch: Callable[[VersionMismatch], object]


def config_for(
    binary: Path, home: Path, unknowns: list[Unknown], **settings: Unpack[Settings]
) -> AppServerConfig:
    """A strict config for the server `binary` with this home; `env` is added to what tests need."""
    chosen: Settings = {"strict": True, **settings}
    chosen["env"] = {**server_env(home), **settings.get("env", {})}
    return AppServerConfig(
        codex_bin=binary,
        client_name="rpcsmith_tests",
        client_title="Tests of rpcsmith",
        client_version="0",
        on_unknown=unknowns.append,
        **chosen,
    )


class ClientFactory:
    """Starts blocking clients; `close` ends them all."""

    def __init__(self, binary: Path, home: Path, unknowns: list[Unknown]) -> None:
        self._binary = binary
        self._home = home
        self._unknowns = unknowns
        self._clients: list[AppServerClient] = []

    def __call__(
        self,
        handlers: ServerRequestHandlers | None = None,
        *,
        home: Path | None = None,
        **settings: Unpack[Settings],
    ) -> AppServerClient:
        config = config_for(self._binary, home or self._home, self._unknowns, **settings)
        client = AppServerClient(config, handlers=handlers)
        self._clients.append(client)
        return client

    def close(self) -> None:
        """Ends all clients, the last one first."""
        while self._clients:
            self._clients.pop().close()


class AsyncClientFactory:
    """Starts asyncio clients; `close` ends them all."""

    def __init__(self, binary: Path, home: Path, unknowns: list[Unknown]) -> None:
        self._binary = binary
        self._home = home
        self._unknowns = unknowns
        self._clients: list[AsyncAppServerClient] = []

    async def __call__(
        self,
        handlers: ServerRequestHandlers | None = None,
        *,
        home: Path | None = None,
        **settings: Unpack[Settings],
    ) -> AsyncAppServerClient:
        config = config_for(self._binary, home or self._home, self._unknowns, **settings)
        client = await AsyncAppServerClient.start(config, handlers=handlers)
        self._clients.append(client)
        return client

    async def close(self) -> None:
        """Ends all clients, the last one first."""
        while self._clients:
            await self._clients.pop().close()

"""One client while a scenario goes on: what it was told, what it has opened, what is under way."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from codex_app_server import (
    AppServerConfig,
    RequestTimeoutError,
    RetryPolicy,
    ServerRequestHandlers,
    Unknown,
)
from codex_app_server.notifications import UnknownNotification

from support.model_server import ModelServer

from .extras import extras
from .flavour import PATIENCE, Act, Flavour, Gate, patiently, settled
from .program import Scenario
from .table import HANDLERS
from .told import Told
from .values import Names, encoded

__all__ = ["Server", "Session", "Stream", "as_event", "retry_policy", "seconds"]


@dataclass
class Stream:
    """A stream that the scenario has opened."""

    inner: Any
    called: str
    """What overflows of it are reported under."""
    keeps: bool
    """Whether events that were taken are kept."""
    taken: list[Any] = field(default_factory=list[Any])
    """Those events, as JSON."""
    extras: list[str] = field(default_factory=list[str])
    """The places in them of what the schema lacks."""

    async def next(self) -> Any:
        """The next event as JSON; `None` at the end."""
        event = await self._get()
        if event is None:
            return None
        told = as_event(event)
        if self.keeps:
            self.taken.append(told)
            self.extras.extend(extras(event.params, event.wire_method))
        return told

    async def skip(self) -> bool:
        """Takes the next event, without looking at it if it isn't kept; whether there was one."""
        return (await self.next() if self.keeps else await self._get()) is not None

    async def _get(self) -> Any:
        try:
            return await settled(self.inner.get(PATIENCE))
        except RequestTimeoutError:
            raise AssertionError(f"no event came within {PATIENCE:g} s") from None


class Server(Protocol):
    """What a session needs of its server, scripted or real."""

    @property
    def names(self) -> Mapping[str, Any]:
        """What the scenario can name from the start."""
        ...

    @property
    def model(self) -> ModelServer | None:
        """The model that the server talks to."""
        ...

    def launch(self) -> Mapping[str, Any]:
        """What the client's config says about it, for one start."""
        ...

    def process(self, client: Any) -> int:
        """Its process, for signals."""
        ...

    def left(self) -> list[str]:
        """What is still there of it and of all it has started."""
        ...


class Session:
    """What the steps of one scenario share.

    Args:
        scenario: What is being played.
        flavour: The kind of client.
        server: The server that it plays with.
    """

    def __init__(self, scenario: Scenario, flavour: Flavour, server: Server) -> None:
        self.scenario = scenario
        self.flavour = flavour
        self.server = server
        self.names = Names(server.names)
        self.handlers = ServerRequestHandlers()
        self.gates: dict[str, Gate] = {name: flavour.gate() for name in scenario.gates()}
        self.introduced: Gate = flavour.gate()
        """What handlers wait for that need the client."""
        self.later: dict[str, asyncio.Task[Any]] = {}
        """What is under way and was not awaited yet."""
        self.streams: dict[str, Stream] = {}
        self.unknowns = Told("the hook was not told of as many unknowns")
        self.overflows = Told("the hook was not told of such an overflow")
        self.stderr = Told("the hook was not told such a line")
        self.asked = {method: Told(f"{method} was not asked") for method in HANDLERS}
        """The params that each handler was called with."""
        self.faults: list[str] = []
        """What went wrong where no step waits, as in handlers."""
        self.keeps = scenario.server is not None
        """Whether results and events are kept, to be compared with the lines they came in."""
        self.results: list[tuple[str, Any]] = []
        """The method and the result, as JSON, of each typed call, if they are kept."""
        self.extras: list[str] = []
        """The places in them of what the schema lacks."""
        self.objects: dict[str, Any] = {}
        """The threads and logins of the convenience layer."""
        self._codex: Any = None
        self._client: Any = None

    @property
    def codex(self) -> Any:
        """The convenience layer, which the scenario must have asked for."""
        assert self._codex is not None, "the scenario has no `facade`, or it was not started"
        return self._codex

    @property
    def client(self) -> Any:
        """The client, which must have been started."""
        assert self._client is not None, "the client was not started"
        return self._client

    async def start(self, config: Mapping[str, Any]) -> None:
        """Starts the client."""
        assert self._client is None, "the client was started already"
        launch = dict(self.server.launch())
        settings = _settings({**self.scenario.config, **config})
        settings["env"] = {**launch.pop("env", {}), **settings.get("env", {})}
        hooks = {
            "on_unknown": lambda unknown: self.unknowns.add(_unknown(unknown)),
            "on_overflow": self.overflows.add,
            "on_stderr": self.stderr.add,
        }
        try:
            ours = AppServerConfig(**{**launch, **settings, **hooks})
            starting = self.flavour.start(
                ours, self.handlers, self._introduce, facade=self.scenario.facade
            )
            await patiently(starting, "the client did not start")
            self.note("initialize", self.client.server_info)
        except BaseException:
            self._codex = self._client = None
            raise

    def _introduce(self, started: Any) -> None:
        self._codex = started if self.scenario.facade else None
        self._client = started.client if self.scenario.facade else started
        self.introduced.open()

    async def close(self) -> None:
        """Closes the client, if there is one."""
        started = self._codex or self._client
        if started is not None:
            await self.do(lambda: settled(started.close()), "close")

    async def do(self, act: Act[Any], what: str) -> Any:
        """Does something with the client, and waits until it is done."""
        return await patiently(self.flavour.do(act), what)

    def note(self, method: str, result: Any) -> Any:
        """The result of a typed call as JSON; keeps it, if it is to be."""
        told = encoded(result)
        if self.keeps:
            self.results.append((method, told))
            self.extras.extend(extras(result, method))
        return told

    def stream(self, name: str) -> Stream:
        """The stream of this name."""
        assert name in self.streams, f"no stream is called {name!r}"
        return self.streams[name]


def as_event(event: Any) -> dict[str, Any]:
    """A notification as JSON."""
    told = {"method": event.wire_method, "params": encoded(event.params)}
    if event.emitted_at_ms is not None:
        told["emittedAtMs"] = event.emitted_at_ms
    if isinstance(event, UnknownNotification):
        told["unknown"] = True
        if event.error is not None:
            told["error"] = str(event.error)
    return told


def _unknown(unknown: Unknown) -> dict[str, Any]:
    return {
        "kind": unknown.kind,
        "method": unknown.method,
        "path": unknown.path,
        "raw": encoded(unknown.raw),
    }


def seconds(milliseconds: float | None) -> float | None:
    """What the package takes for a time that scenarios give in milliseconds."""
    return None if milliseconds is None else milliseconds / 1000


def retry_policy(told: Any) -> RetryPolicy | None:
    """How a scenario says that calls are tried again."""
    if told is None or isinstance(told, bool):
        return RetryPolicy() if told else None
    policy = {"attempts": told.get("attempts")}
    policy["first_delay"] = seconds(told.get("delay_ms"))
    policy["max_delay"] = seconds(told.get("max_delay_ms"))
    return RetryPolicy(**{name: value for name, value in policy.items() if value is not None})


_CONVERTED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "default_timeout_ms": ("default_timeout", seconds),
    "start_timeout_ms": ("start_timeout", seconds),
    "close_grace_ms": ("close_grace", seconds),
    "retry": ("retry", retry_policy),
}
"""The settings that the package calls otherwise, or gives in other units."""


def _settings(config: Mapping[str, Any]) -> dict[str, Any]:
    settings = {}
    for name, value in config.items():
        ours, convert = _CONVERTED.get(name, (name, _as_it_is))
        settings[ours] = convert(value)
    return settings


def _as_it_is(value: Any) -> Any:
    return value

"""Both kinds of client behind one face, so that a rule is written down once and holds for both."""

import asyncio
import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    ServerRequestHandlers,
)

from contract.peer import PATIENCE

Use = Callable[[Any], Any]
"""What to do with a client. May give something to await where the client is an asyncio one."""


class Client:
    """A client of either kind, used from plain code."""

    def __init__(self, flavour: "Flavour", inner: Any) -> None:
        self._flavour = flavour
        self.inner = inner

    def begin(self, use: Use) -> Future[Any]:
        """Starts to do something with the client."""
        return self._flavour.begin(lambda: use(self.inner))

    def do(self, use: Use) -> Any:
        """Does something with the client, and waits until it is done."""
        return self.begin(use).result(PATIENCE)

    def feed(self) -> "Feed":
        """All notifications from now on."""
        return Feed(self, self.do(lambda client: client.notifications()))

    def follow(self, use: Use) -> "Feed":
        """The stream that `use` gives, which may take a call."""
        return Feed(self, self.do(use))

    def close(self) -> None:
        """Closes the client."""
        self.do(lambda client: client.close())


class Feed:
    """A stream of either kind."""

    def __init__(self, client: Client, inner: Any) -> None:
        self._client = client
        self.inner = inner

    def next(self) -> Any:
        """The next event; `None` at the end."""
        return self._client.do(lambda _: self.inner.get(PATIENCE))

    def rest(self) -> list[Any]:
        """All events that are left, up to the end."""
        events = []
        while (event := self.next()) is not None:
            events.append(event)
        return events


class Flavour(ABC):
    """A kind of client."""

    name: str

    @abstractmethod
    def begin(self, action: Callable[[], Any]) -> Future[Any]:
        """Does something where clients of this kind are used."""

    @abstractmethod
    def stop(self) -> None:
        """Ends what it takes."""

    @abstractmethod
    def open(self, config: AppServerConfig, handlers: ServerRequestHandlers | None) -> Future[Any]:
        """Starts a client."""

    def start(
        self, config: AppServerConfig, handlers: ServerRequestHandlers | None = None
    ) -> Client:
        """Starts a client, and waits until it has started."""
        return Client(self, self.open(config, handlers).result(PATIENCE))


class SyncFlavour(Flavour):
    """The blocking kind."""

    name = "sync"

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(16)

    def begin(self, action: Callable[[], Any]) -> Future[Any]:
        return self._threads.submit(action)

    def open(self, config: AppServerConfig, handlers: ServerRequestHandlers | None) -> Future[Any]:
        return self.begin(lambda: AppServerClient(config, handlers=handlers))

    def stop(self) -> None:
        self._threads.shutdown()


class AsyncFlavour(Flavour):
    """The asyncio kind, in a loop of its own."""

    name = "async"

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="loop-of-a-test", daemon=True
        )
        self._thread.start()

    def begin(self, action: Callable[[], Any]) -> Future[Any]:
        async def act() -> Any:
            result = action()
            return await result if inspect.isawaitable(result) else result

        return asyncio.run_coroutine_threadsafe(act(), self._loop)

    def open(self, config: AppServerConfig, handlers: ServerRequestHandlers | None) -> Future[Any]:
        return self.begin(lambda: AsyncAppServerClient.start(config, handlers=handlers))

    def stop(self) -> None:
        self.begin(self._loop.shutdown_default_executor).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

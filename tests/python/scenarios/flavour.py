"""The two clients. What is done with a client is written once, as a coroutine.

With the asyncio client it runs in the loop. With the blocking one it runs in a thread of its own,
where everything that it awaits through `settled` is there at once, so that it never waits in the
sense of asyncio: it blocks.
"""

import asyncio
import contextlib
import contextvars
import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from typing import Any, TypeAlias, TypeVar

from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    AsyncCodex,
    Codex,
    RetryPolicy,
    ServerRequestHandlers,
    async_retry_on_overload,
    retry_on_overload,
)

__all__ = ["FLAVOURS", "PATIENCE", "Act", "Flavour", "Gate", "patiently", "plainly", "settled"]

T = TypeVar("T")
Act: TypeAlias = Callable[[], Coroutine[Any, Any, T]]
"""What is done with a client."""

PATIENCE = 60.0
"""Seconds after which what a scenario waits for will not come any more."""

_on_its_way: contextvars.ContextVar[Callable[[], object]] = contextvars.ContextVar("on_its_way")
"""What to tell once the call that is being made has been handed over to be written."""


async def settled(value: Any) -> Any:
    """What a client of either kind gave, at once or to be awaited."""
    return await value if inspect.isawaitable(value) else value


async def patiently(waiting: Coroutine[Any, Any, T] | asyncio.Future[T], what: str) -> T:
    """Waits, but not for ever."""
    task = asyncio.ensure_future(waiting)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if not done:
        task.cancel()
        raise AssertionError(f"{what}: no end within {PATIENCE:g} s")
    return task.result()


def plainly(act: Act[T]) -> T:
    """Does something that never has to be awaited."""
    coroutine = act()
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise AssertionError("something would have to be awaited where that is not possible")


class Gate(ABC):
    """Holds back what waits for it until it is opened."""

    @abstractmethod
    def wait(self) -> Any:
        """Until it is open. To be `settled`."""

    @abstractmethod
    def open(self) -> None:
        """Lets everything go, now and from now on."""


class Flavour(ABC):
    """A kind of client."""

    name: str
    can_cancel: bool
    """Whether a call can be cancelled."""

    @abstractmethod
    async def start(
        self,
        config: AppServerConfig,
        handlers: ServerRequestHandlers,
        introduce: Callable[[Any], object],
        *,
        facade: bool,
    ) -> None:
        """Starts a client, or a facade over one, with the statement that also ends it, and
        introduces it as soon as a user would have it.
        """

    @abstractmethod
    async def leave(self) -> None:
        """Leaves that statement."""

    @abstractmethod
    async def do(self, act: Act[T]) -> T:
        """Does something with the client, as a user of this kind would."""

    @abstractmethod
    def gate(self) -> Gate:
        """A gate for handlers of this kind."""

    @abstractmethod
    def retried(self, call: Callable[[], Any], policy: RetryPolicy | None) -> Any:
        """Makes a call, and again while the server is too busy. To be `settled`."""

    async def begin(self, act: Act[T], *, sends: bool) -> "asyncio.Task[T]":
        """Starts to do something, and goes on once its message was handed over or it has ended."""
        loop = asyncio.get_running_loop()
        told = asyncio.Event()
        context = contextvars.copy_context()
        context.run(_on_its_way.set, lambda: loop.call_soon_threadsafe(told.set))
        task = context.run(loop.create_task, self.do(act))
        task.add_done_callback(lambda _: told.set())
        if sends:
            await patiently(told.wait(), "the message was not sent")
        else:
            await asyncio.sleep(0)
        return task


class Blocking(Flavour):
    """The client for threads."""

    name = "python"
    can_cancel = False

    def __init__(self) -> None:
        self._statement = ExitStack()

    async def start(
        self,
        config: AppServerConfig,
        handlers: ServerRequestHandlers,
        introduce: Callable[[Any], object],
        *,
        facade: bool,
    ) -> None:
        kind = _BlockingCodex if facade else _BlockingClient

        async def enter() -> None:
            introduce(self._statement.enter_context(kind(config, handlers=handlers)))

        await self.do(enter)

    async def leave(self) -> None:
        async def leave() -> None:
            self._statement.close()

        await self.do(leave)

    async def do(self, act: Act[T]) -> T:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        context = contextvars.copy_context()

        def settle(result: Any, error: BaseException | None) -> None:
            if outcome.done():
                return  # Nobody waits for it any more.
            if error is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(result)

        def run() -> None:
            result, error = None, None
            try:
                result = context.run(plainly, act)
            except BaseException as problem:
                error = problem
            with contextlib.suppress(RuntimeError):  # The loop may be closed by now.
                loop.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=run, name="user", daemon=True).start()
        return await outcome

    def retried(self, call: Callable[[], Any], policy: RetryPolicy | None) -> Any:
        return call() if policy is None else retry_on_overload(call, policy=policy)

    def gate(self) -> Gate:
        return _ThreadGate()


class Native(Flavour):
    """The client for asyncio."""

    name = "python-async"
    can_cancel = True

    def __init__(self) -> None:
        self._statement = AsyncExitStack()

    async def start(
        self,
        config: AppServerConfig,
        handlers: ServerRequestHandlers,
        introduce: Callable[[Any], object],
        *,
        facade: bool,
    ) -> None:
        client = (_NativeCodex if facade else _NativeClient)(config, handlers=handlers)
        introduce(client)
        await self._statement.enter_async_context(client)

    async def leave(self) -> None:
        await self._statement.aclose()

    async def do(self, act: Act[T]) -> T:
        return await act()

    def retried(self, call: Callable[[], Any], policy: RetryPolicy | None) -> Any:
        return call() if policy is None else async_retry_on_overload(call, policy=policy)

    def gate(self) -> Gate:
        return _TaskGate()


FLAVOURS: tuple[type[Flavour], ...] = (Blocking, Native)


class _BlockingClient(AppServerClient):
    def _write(self, *message: Any) -> None:
        try:
            super()._write(*message)
        finally:
            _tell()


class _NativeClient(AsyncAppServerClient):
    async def _write(self, *message: Any) -> None:
        # Before, since it may have to wait for room; tasks take their turns in order anyway.
        _tell()
        await super()._write(*message)


class _BlockingCodex(Codex):
    def __init__(self, config: AppServerConfig, *, handlers: ServerRequestHandlers) -> None:
        self._client = _BlockingClient(config, handlers=handlers)


class _NativeCodex(AsyncCodex):
    def __init__(self, config: AppServerConfig, *, handlers: ServerRequestHandlers) -> None:
        self._client = _NativeClient(config, handlers=handlers)


def _tell() -> None:
    told = _on_its_way.get(None)
    if told is not None:
        told()


class _ThreadGate(Gate):
    def __init__(self) -> None:
        self._event = threading.Event()

    def wait(self) -> None:
        assert self._event.wait(PATIENCE), "the gate was not opened in time"

    def open(self) -> None:
        self._event.set()


class _TaskGate(Gate):
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wait(self) -> Any:
        return patiently(self._event.wait(), "the gate was not opened")

    def open(self) -> None:
        self._event.set()

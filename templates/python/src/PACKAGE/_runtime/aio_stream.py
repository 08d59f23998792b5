"""Streams of notifications, read by tasks that wait."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

from typing_extensions import Self

from ..errors import RequestTimeoutError, TransportClosed
from .event_log import Cursor, Empty, End, EventLog

__all__ = ["AsyncStream", "AsyncWork"]

E = TypeVar("E")
R = TypeVar("R")


class AsyncStream(Generic[E]):
    """Notifications in the order they came. Iterate over it with `async for`, or await `get`.

    It ends when the work that it follows does, or when it is closed. If the connection ends first,
    it raises `TransportClosed`. A stream keeps a bounded number of notifications for its reader; a
    reader that falls further behind loses the oldest, which `on_overflow` and `dropped` tell.
    """

    def __init__(self, log: EventLog[E], on_close: Callable[[], None]) -> None:
        self._log = log
        self._on_close = on_close
        self._changed = asyncio.Event()
        self._cursor: Cursor | None = None
        self._closed = False

    @property
    def dropped(self) -> int:
        """How many notifications this stream has lost."""
        return self._cursor.dropped if self._cursor else 0

    async def get(self, timeout: float | None = None) -> E | None:
        """The next notification; `None` at the stream's end.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.

        Raises:
            RequestTimeoutError: Nothing came in time.
            TransportClosed: The connection ended before the stream did.
        """
        event = await self._next(timeout)
        if isinstance(event, End):
            if event.error is not None:
                raise (
                    event.error.again() if isinstance(event.error, TransportClosed) else event.error
                )
            return None
        return event

    async def close(self) -> None:
        """Ends the stream. May be called again and again."""
        self._closed = True
        self._on_close()
        if self._cursor is not None:
            self._log.close(self._cursor)
        self._changed.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        event = await self.get()
        if event is None:
            raise StopAsyncIteration
        return event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _next(self, timeout: float | None) -> E | End:
        if self._cursor is None:
            self._cursor = self._log.open(self._changed.set)
        if timeout is None:
            return await self._wait(self._cursor)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        alarm = loop.call_at(deadline, self._changed.set)
        try:
            return await self._wait(self._cursor, timeout, deadline)
        finally:
            alarm.cancel()

    async def _wait(
        self, cursor: Cursor, timeout: float = 0.0, deadline: float | None = None
    ) -> E | End:
        while not self._closed:
            event = self._log.take(cursor)
            if not isinstance(event, Empty):
                return event
            if deadline is not None and asyncio.get_running_loop().time() >= deadline:
                raise RequestTimeoutError(f"the stream of {self._log.name}", timeout)
            self._changed.clear()
            await self._changed.wait()
        return End(None)


class AsyncWork(AsyncStream[E], Generic[E, R]):
    """Work that a call has started, with the notifications that belong to it and to nothing else.

    The stream was registered before the call was sent, so it misses nothing; it ends with the
    notification that says the work is over.
    """

    def __init__(
        self, log: EventLog[E], on_close: Callable[[], None], result: R, ident: str | None
    ) -> None:
        super().__init__(log, on_close)
        self.result = result
        """What the call gave."""
        self.id = ident
        """The work's id; `None` if it was over at once."""

    def subscribe(self) -> AsyncStream[E]:
        """Another stream of the same work, from its beginning."""
        return AsyncStream(self._log, _nothing)


def _nothing() -> None:
    """What there is to do when a stream is closed that is only a view."""

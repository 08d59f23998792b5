"""Streams of notifications, read by tasks that wait."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from ..errors import RequestTimeoutError, TransportClosed
from .event_log import Empty, End, Reader
from .notification import Notification, UnknownNotification

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AsyncStream", "AsyncWork"]

E = TypeVar("E")
N = TypeVar("N", bound=Notification)
R = TypeVar("R")


class AsyncStream(Generic[E]):
    """Notifications in the order they came. Iterate over it with `async for`, or await `get`.

    It ends when the work that it follows does, or when it is closed. If the connection ends first,
    it raises `TransportClosed`. A stream keeps a bounded number of notifications for its reader; a
    reader that falls further behind loses the oldest, which `on_overflow` and `dropped` tell.
    """

    def __init__(
        self, reader: Reader[E], begin: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self._reader = reader
        self._begin = begin
        """What has to be done before the first notification can come."""
        self._changed = asyncio.Event()
        # What the stream is fed by must not keep it alive, or it would be fed for ever.
        weakref.finalize(self, reader.abandon).atexit = False

    @property
    def dropped(self) -> int:
        """How many notifications this stream has lost."""
        return self._reader.dropped

    async def get(self, timeout: float | None = None) -> E | None:
        """The next notification; `None` at the stream's end.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.

        Raises:
            RequestTimeoutError: Nothing came in time.
            TransportClosed: The connection ended before the stream did.
        """
        await self._ready()
        return await self._get(timeout, _deadline(timeout))

    async def _ready(self) -> None:
        """Sees to it that notifications can come. That takes none of a reader's time."""
        begin, self._begin = self._begin, None
        if begin is not None:
            await begin()

    async def _get(self, timeout: float | None, deadline: float | None) -> E | None:
        event = await self._next(timeout, deadline)
        if isinstance(event, End):
            if event.error is not None:
                raise (
                    event.error.again() if isinstance(event.error, TransportClosed) else event.error
                )
            return None
        return event

    async def wait_for(
        self,
        kind: type[N],
        timeout: float | None = None,
        *,
        passed: Callable[[E], object] | None = None,
    ) -> N:
        """Takes notifications up to the first one of this kind, and gives that.

        Args:
            kind: Its class.
            timeout: Seconds to wait at most. `None`: as long as it takes.
            passed: Gets those that came before it.

        Raises:
            RequestTimeoutError: It didn't come in time.
            DecodeError: It came, and can't be read.
            TransportClosed: The connection ended before it came, or the stream did.
        """
        await self._ready()
        deadline = _deadline(timeout)
        while True:
            event = await self._get(timeout, deadline)
            if isinstance(event, kind):
                return event
            if event is None:
                raise TransportClosed(f"the stream ended before {kind.method} came")
            if isinstance(event, UnknownNotification) and event.wire_method == kind.method:
                raise event.error or TransportClosed(f"{kind.method} can't be read")
            if passed is not None:
                passed(event)

    async def close(self) -> None:
        """Ends the stream. May be called again and again."""
        self._reader.close()
        self._changed.set()

    def __aiter__(self) -> "Self":
        return self

    async def __anext__(self) -> E:
        event = await self.get()
        if event is None:
            raise StopAsyncIteration
        return event

    async def __aenter__(self) -> "Self":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _next(self, timeout: float | None, deadline: float | None) -> E | End:
        self._reader.open(self._changed.set)
        alarm = _Alarm(self._changed.set)
        if deadline is not None:
            alarm.set(deadline)
        try:
            while True:
                event = self._reader.take()
                if not isinstance(event, Empty):
                    return event
                if alarm.has_rung and timeout is not None:
                    raise RequestTimeoutError(f"the stream of {self._reader.name}", timeout)
                self._changed.clear()
                await self._changed.wait()
        finally:
            alarm.cancel()


class AsyncWork(AsyncStream[E], Generic[E, R]):
    """Work that a call has started, with the notifications that belong to it and to nothing else.

    The stream was registered before the call was sent, so it misses nothing; it ends with the
    notification that says the work is over.
    """

    def __init__(self, reader: Reader[E], result: R, ident: str | None) -> None:
        super().__init__(reader)
        self.result = result
        """What the call gave."""
        self.id = ident
        """The work's id; `None` if it was over at once."""

    def subscribe(self) -> AsyncStream[E]:
        """Another stream of the same work, from its beginning. Closing one leaves the other as it
        is.
        """
        return AsyncStream(self._reader.another())


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else asyncio.get_running_loop().time() + timeout


class _Alarm:
    """Tells by itself that it has rung: it may do so a little early, by a coarse clock."""

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None
        self.has_rung = False

    def set(self, deadline: float) -> None:
        self._handle = asyncio.get_running_loop().call_at(deadline, self._go_off)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def _go_off(self) -> None:
        self.has_rung = True
        self._ring()

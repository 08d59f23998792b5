"""Streams of notifications, read by threads that wait."""

import threading
import time
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from ..errors import RequestTimeoutError, TransportClosed
from .event_log import Empty, End, Reader
from .notification import Notification, UnknownNotification

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["SyncStream", "SyncWork"]

E = TypeVar("E")
N = TypeVar("N", bound=Notification)
R = TypeVar("R")


class SyncStream(Generic[E]):
    """Notifications in the order they came. Iterate over it, or call `get`.

    It ends when the work that it follows does, or when it is closed. If the connection ends first,
    it raises `TransportClosed`. A stream keeps a bounded number of notifications for its reader; a
    reader that falls further behind loses the oldest, which `on_overflow` and `dropped` tell.
    """

    def __init__(self, reader: Reader[E]) -> None:
        self._reader = reader
        self._bell = _Bell()
        # What the stream is fed by must not keep it alive, or it would be fed for ever.
        weakref.finalize(self, reader.abandon).atexit = False

    @property
    def dropped(self) -> int:
        """How many notifications this stream has lost."""
        return self._reader.dropped

    def get(self, timeout: float | None = None) -> E | None:
        """The next notification; `None` at the stream's end.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.

        Raises:
            RequestTimeoutError: Nothing came in time.
            TransportClosed: The connection ended before the stream did.
        """
        return self._get(timeout, _deadline(timeout))

    def _get(self, timeout: float | None, deadline: float | None) -> E | None:
        event = self._next(timeout, deadline)
        if isinstance(event, End):
            if event.error is not None:
                raise (
                    event.error.again() if isinstance(event.error, TransportClosed) else event.error
                )
            return None
        return event

    def wait_for(
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
        deadline = _deadline(timeout)
        while True:
            event = self._get(timeout, deadline)
            if isinstance(event, kind):
                return event
            if event is None:
                raise TransportClosed(f"the stream ended before {kind.method} came")
            if isinstance(event, UnknownNotification) and event.wire_method == kind.method:
                raise event.error or TransportClosed(f"{kind.method} can't be read")
            if passed is not None:
                passed(event)

    def close(self) -> None:
        """Ends the stream. May be called again and again."""
        self._reader.close()
        self._bell.ring()

    def __iter__(self) -> "Self":
        return self

    def __next__(self) -> E:
        event = self.get()
        if event is None:
            raise StopIteration
        return event

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _next(self, timeout: float | None, deadline: float | None) -> E | End:
        self._reader.open(self._bell.ring)
        with self._bell.changed:
            while True:
                event = self._reader.take()
                if not isinstance(event, Empty):
                    return event
                left = None if deadline is None else deadline - time.monotonic()
                if timeout is not None and left is not None and left <= 0:
                    raise RequestTimeoutError(f"the stream of {self._reader.name}", timeout)
                self._bell.changed.wait(None if left is None else min(left, threading.TIMEOUT_MAX))


class SyncWork(SyncStream[E], Generic[E, R]):
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

    def subscribe(self) -> SyncStream[E]:
        """Another stream of the same work, from its beginning. Closing one leaves the other as it
        is.
        """
        return SyncStream(self._reader.another())


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


class _Bell:
    """Wakes those who wait for a stream."""

    __slots__ = ("changed",)

    def __init__(self) -> None:
        self.changed = threading.Condition()

    def ring(self) -> None:
        with self.changed:
            self.changed.notify_all()

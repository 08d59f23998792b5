"""Streams of notifications, read by threads that wait."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

from typing_extensions import Self

from ..errors import RequestTimeoutError, TransportClosed
from .event_log import Cursor, Empty, End, EventLog

__all__ = ["SyncStream", "SyncWork"]

E = TypeVar("E")
R = TypeVar("R")


class SyncStream(Generic[E]):
    """Notifications in the order they came. Iterate over it, or call `get`.

    It ends when the work that it follows does, or when it is closed. If the connection ends first,
    it raises `TransportClosed`. A stream keeps a bounded number of notifications for its reader; a
    reader that falls further behind loses the oldest, which `on_overflow` and `dropped` tell.
    """

    def __init__(self, log: EventLog[E], on_close: Callable[[], None]) -> None:
        self._log = log
        self._on_close = on_close
        self._changed = threading.Condition()
        self._cursor: Cursor | None = None
        self._closed = False

    @property
    def dropped(self) -> int:
        """How many notifications this stream has lost."""
        return self._cursor.dropped if self._cursor else 0

    def get(self, timeout: float | None = None) -> E | None:
        """The next notification; `None` at the stream's end.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.

        Raises:
            RequestTimeoutError: Nothing came in time.
            TransportClosed: The connection ended before the stream did.
        """
        event = self._next(timeout)
        if isinstance(event, End):
            if event.error is not None:
                raise (
                    event.error.again() if isinstance(event.error, TransportClosed) else event.error
                )
            return None
        return event

    def close(self) -> None:
        """Ends the stream. May be called again and again."""
        self._closed = True
        self._on_close()
        if self._cursor is not None:
            self._log.close(self._cursor)
        self._wake()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E:
        event = self.get()
        if event is None:
            raise StopIteration
        return event

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _next(self, timeout: float | None) -> E | End:
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            if self._cursor is None:
                self._cursor = self._log.open(self._wake)
            while True:
                if self._closed:
                    return End(None)
                event = self._log.take(self._cursor)
                if not isinstance(event, Empty):
                    return event
                left = None if deadline is None else deadline - time.monotonic()
                if timeout is not None and left is not None and left <= 0:
                    raise RequestTimeoutError(f"the stream of {self._log.name}", timeout)
                self._changed.wait(left)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


class SyncWork(SyncStream[E], Generic[E, R]):
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

    def subscribe(self) -> SyncStream[E]:
        """Another stream of the same work, from its beginning."""
        return SyncStream(self._log, _nothing)


def _nothing() -> None:
    """What there is to do when a stream is closed that is only a view."""

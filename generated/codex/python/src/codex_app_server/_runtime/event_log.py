"""Bounded logs of notifications, and their readers.

Knows nothing of threads' or tasks' ways of waiting: a reader that finds nothing is told when to
look again. Calls no hook: who adds events or starts to read is told what was lost.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar, final

__all__ = ["EMPTY", "Empty", "End", "EventLog", "Reader", "Source"]

E = TypeVar("E")

_TRIM = 256
"""How many events that nobody needs are let pile up before they are dropped together."""


@final
class Empty:
    """The type of `EMPTY`."""

    __slots__ = ()


EMPTY: Final = Empty()
"""There is nothing to read yet."""


@final
class End:
    """The log has ended: well, or with an error."""

    __slots__ = ("error",)

    def __init__(self, error: Exception | None) -> None:
        self.error = error


class Cursor:
    """How far a reader has come in a log."""

    __slots__ = ("dropped", "position", "wake")

    def __init__(self, position: int, wake: Callable[[], object]) -> None:
        self.position = position
        self.dropped = 0
        self.wake = wake


class EventLog(Generic[E]):
    """Events in the order they came, the last `limit` of them at most.

    A log that retains keeps events for readers that come later; any other keeps them until all its
    readers have read them.
    """

    def __init__(self, name: str, limit: int, *, retain: bool) -> None:
        self.name = name
        self.lost = 0
        """How many events were lost before they came here, which has been told already."""
        self._limit = max(1, limit)
        self._retain = retain
        self._lock = threading.Lock()
        self._events: list[E] = []
        self._offset = 0  # the position of the first event in the list
        self._cursors: list[Cursor] = []
        self._opened = False
        self._end: End | None = None

    def open(self, wake: Callable[[], object]) -> Cursor:
        """A new reader, who starts at the oldest event that is kept."""
        with self._lock:
            cursor = Cursor(self._start(), wake)
            # Events that went before the first reader came are lost to it, and only now to anybody.
            cursor.dropped = cursor.position if self._retain or not self._opened else 0
            self._opened = True
            self._cursors.append(cursor)
        return cursor

    def close(self, cursor: Cursor) -> None:
        """Forgets a reader."""
        with self._lock:
            if cursor in self._cursors:
                self._cursors.remove(cursor)
            self._trim()
        cursor.wake()

    def put(self, event: E) -> list[int]:
        """Adds an event. Where a reader is too far behind, it loses the oldest; gives how much
        readers have lost who are to be told.
        """
        losses: list[int] = []
        with self._lock:
            if self._end is not None:
                return losses
            self._events.append(event)
            if len(self._events) > self._limit:
                losses = self._drop()
            cursors = tuple(self._cursors)
        for cursor in cursors:
            cursor.wake()
        return losses

    def end(self, error: Exception | None) -> None:
        """Ends the log. What it holds can still be read."""
        with self._lock:
            if self._end is not None:
                return
            self._end = End(error)
            cursors = tuple(self._cursors)
        for cursor in cursors:
            cursor.wake()

    def disown(self, error: Exception) -> None:
        """Ends the log where nobody is left who could be told, or who might hold the lock."""
        self._lock = threading.Lock()
        self._end = self._end or End(error)

    def take(self, cursor: Cursor) -> E | Empty | End:
        """The next event for a reader."""
        with self._lock:
            index = cursor.position - self._offset
            if index < len(self._events):
                cursor.position += 1
                event = self._events[index]
                if not self._retain:
                    self._trim()
                return event
            return self._end or EMPTY

    def _drop(self) -> list[int]:
        """Moves readers off the events that don't count any more."""
        losses: list[int] = []
        start = self._start()
        for cursor in self._cursors:
            lost = start - cursor.position
            if lost > 0:
                cursor.position = start
                before, cursor.dropped = cursor.dropped, cursor.dropped + lost
                # Told at 1, 2, 4, 8...: one that never reads must not cause a report an event.
                if before.bit_length() != cursor.dropped.bit_length():
                    losses.append(cursor.dropped)
        if len(self._events) >= self._limit + _TRIM:
            self._trim()
        return losses

    def _start(self) -> int:
        """The position of the oldest event that still counts."""
        return max(self._offset, self._offset + len(self._events) - self._limit)

    def _trim(self) -> None:
        first = self._start()
        if not self._retain and self._cursors:
            first = max(first, min(cursor.position for cursor in self._cursors))
        surplus = first - self._offset
        if surplus >= _TRIM or surplus == len(self._events):
            del self._events[:surplus]
            self._offset += surplus


class Source(Generic[E]):
    """A log, for as long as anybody reads it."""

    def __init__(
        self,
        log: EventLog[E],
        on_unread: Callable[[], None],
        on_overflow: Callable[[str, int], None],
        abandoned: "deque[Reader[E]]",
    ) -> None:
        self.log = log
        self.on_overflow = on_overflow
        self.abandoned = abandoned
        """Where readers are left whose streams were dropped without being closed."""
        self._on_unread = on_unread
        self._lock = threading.Lock()
        self._readers = 0

    def reader(self) -> "Reader[E]":
        """One more reader."""
        with self._lock:
            self._readers += 1
        return Reader(self)

    def leave(self) -> None:
        """One reader less. The last one ends the log."""
        with self._lock:
            self._readers -= 1
            unread = self._readers == 0
        if unread:
            self._on_unread()


class Reader(Generic[E]):
    """One who reads a log, from the oldest event on that is kept when it first looks."""

    def __init__(self, source: Source[E]) -> None:
        self._source = source
        self._cursor: Cursor | None = None
        self._opening = threading.Lock()
        self._closed = False

    @property
    def name(self) -> str:
        """What the log holds."""
        return self._source.log.name

    @property
    def dropped(self) -> int:
        """How many events it has lost."""
        return self._source.log.lost + (0 if self._cursor is None else self._cursor.dropped)

    def open(self, wake: Callable[[], object]) -> None:
        """Begins to read, unless it has; `wake` tells when to look again. Not to be called with a
        lock held that a hook might want.
        """
        with self._opening:
            if self._cursor is not None:
                return
            self._cursor = cursor = self._source.log.open(wake)
        if cursor.dropped:
            self._source.on_overflow(self.name, cursor.dropped)

    def take(self) -> E | Empty | End:
        """The next event."""
        if self._closed or self._cursor is None:
            return End(None)
        return self._source.log.take(self._cursor)

    def close(self) -> None:
        """Reads no more."""
        with self._opening:
            if self._closed:
                return
            self._closed = True
        self._source.leave()
        if self._cursor is not None:
            self._source.log.close(self._cursor)

    def abandon(self) -> None:
        """Leaves itself to be closed by whoever comes next. Takes no lock: it may be called
        wherever the garbage collector happens to run.
        """
        self._source.abandoned.append(self)

    def another(self) -> "Reader[E]":
        """Another reader of the same log, from its beginning."""
        return self._source.reader()

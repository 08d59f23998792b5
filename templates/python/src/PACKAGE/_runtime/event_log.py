"""Bounded logs of notifications, and the places where their readers stand.

Knows nothing of threads' or tasks' ways of waiting: a reader that finds nothing is told when to
look again.
"""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar, final

__all__ = ["EMPTY", "Cursor", "Empty", "End", "EventLog"]

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

    def __init__(self, position: int, wake: Callable[[], None]) -> None:
        self.position = position
        self.dropped = 0
        self.wake = wake


class EventLog(Generic[E]):
    """Events in the order they came, the last `limit` of them at most.

    A log that retains keeps events for readers that come later; any other keeps them until all its
    readers have read them.
    """

    def __init__(
        self,
        name: str,
        limit: int,
        *,
        retain: bool,
        on_overflow: Callable[[str, int], None],
    ) -> None:
        self.name = name
        self._limit = max(1, limit)
        self._retain = retain
        self._on_overflow = on_overflow
        self._lock = threading.Lock()
        self._events: list[E] = []
        self._offset = 0  # the position of the first event in the list
        self._cursors: list[Cursor] = []
        self._opened = False
        self._end: End | None = None

    def open(self, wake: Callable[[], None]) -> Cursor:
        """A new reader, who starts at the oldest event that is kept."""
        with self._lock:
            cursor = Cursor(self._start(), wake)
            # Events that went before the first reader came are lost to it, and only now to anybody.
            cursor.dropped = cursor.position if self._retain or not self._opened else 0
            self._opened = True
            self._cursors.append(cursor)
        if cursor.dropped:
            self._on_overflow(self.name, cursor.dropped)
        return cursor

    def close(self, cursor: Cursor) -> None:
        """Forgets a reader."""
        with self._lock:
            if cursor in self._cursors:
                self._cursors.remove(cursor)
            self._trim()
        cursor.wake()

    def put(self, event: E) -> None:
        """Adds an event. Where a reader is too far behind, it loses the oldest, which is
        reported.
        """
        reports: list[int] = []
        with self._lock:
            if self._end is not None:
                return
            self._events.append(event)
            if len(self._events) > self._limit:
                reports = self._drop()
            cursors = tuple(self._cursors)
        for cursor in cursors:
            cursor.wake()
        for dropped in reports:
            self._on_overflow(self.name, dropped)

    def end(self, error: Exception | None) -> None:
        """Ends the log. What it holds can still be read."""
        with self._lock:
            if self._end is not None:
                return
            self._end = End(error)
            cursors = tuple(self._cursors)
        for cursor in cursors:
            cursor.wake()

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
        """Moves readers off the events that don't count any more; how much those have lost that are
        to be told of.
        """
        reports: list[int] = []
        start = self._start()
        for cursor in self._cursors:
            lost = start - cursor.position
            if lost > 0:
                cursor.position = start
                before, cursor.dropped = cursor.dropped, cursor.dropped + lost
                # Told at 1, 2, 4, 8...: one that never reads must not cause a report an event.
                if before.bit_length() != cursor.dropped.bit_length():
                    reports.append(cursor.dropped)
        if len(self._events) >= self._limit + _TRIM:
            self._trim()
        return reports

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

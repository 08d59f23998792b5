"""Lines on their way to the server, written by a thread of their own.

So no caller is held up past its deadline by a server that doesn't read, and the thread that reads
never waits for one that writes: the two of them waiting for the server, and the server for them,
would never end.
"""

import threading
import time
from collections import deque

__all__ = ["Outbox", "OutboxClosedError", "OutboxFullError"]

_LIMIT = 1024
"""How many lines may wait before callers do."""


class OutboxClosedError(Exception):
    """Nothing can be sent any more."""


class OutboxFullError(Exception):
    """There was no room before the deadline."""


class Outbox:
    """A queue with one taker. Answers to the server always find room; their number is the server's
    choice.
    """

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, line: bytes, deadline: float | None) -> None:
        """Adds a line, once there is room. `deadline` is on the clock of `time.monotonic`."""
        with self._changed:
            while len(self._lines) >= _LIMIT and not self._closed:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise OutboxFullError
                self._changed.wait(None if left is None else min(left, threading.TIMEOUT_MAX))
            self._put(line)

    def put_answer(self, line: bytes) -> None:
        """Adds a line at once."""
        with self._changed:
            self._put(line)

    def _put(self, line: bytes) -> None:
        if self._closed:
            raise OutboxClosedError
        self._lines.append(line)
        self._changed.notify_all()

    def take(self) -> bytes | None:
        """The next line, once there is one; `None` when there won't be any more."""
        with self._changed:
            while not self._lines:
                if self._closed:
                    return None
                self._changed.wait()
            line = self._lines.popleft()
            if len(self._lines) == _LIMIT - 1:
                self._changed.notify_all()
            return line

    def close(self, *, flush: bool) -> None:
        """Takes no more lines. Those that are waiting are still given out if `flush`."""
        with self._changed:
            self._closed = True
            if not flush:
                self._lines.clear()
            self._changed.notify_all()

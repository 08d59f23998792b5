"""Reading from and writing to pipes in threads that can be told to stop.

A thread that waits for a pipe can't be woken by closing it. Where the system lets a thread wait for
two things at once, it also waits for `Stop`; elsewhere it ends with the processes at the pipe's
other end.
"""

import os
import selectors
import sys
from collections.abc import Iterator

__all__ = ["Stop", "chunks", "prepare_to_push", "push"]

_CHUNK = 1 << 18


class Stop:
    """Ends the waiting of all threads that were given it, once it is set."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()
        self._is_set = False
        self._is_disposed = False

    def set(self) -> None:
        """Makes them stop, now and from now on."""
        if not self._is_set:
            self._is_set = True
            os.close(self._writer)

    def dispose(self) -> None:
        """Frees what it holds, once no thread waits any more."""
        self.set()
        if not self._is_disposed:
            self._is_disposed = True
            os.close(self.reader)


def chunks(fd: int, stop: Stop) -> Iterator[bytes]:
    """What comes through a pipe, until it ends."""
    if sys.platform == "win32":
        while chunk := os.read(fd, _CHUNK):
            yield chunk
        return
    with selectors.PollSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        selector.register(stop.reader, selectors.EVENT_READ)
        while True:
            if stop.reader in {key.fd for key, _ in selector.select()}:
                return
            chunk = os.read(fd, _CHUNK)
            if not chunk:
                return
            yield chunk


def prepare_to_push(fd: int) -> None:
    """Makes a pipe ready for `push`."""
    if sys.platform != "win32":
        os.set_blocking(fd, False)


def push(fd: int, data: bytes, stop: Stop) -> bool:
    """Writes all of `data`; whether it did. Raises `OSError` when nobody is left to read it."""
    rest = memoryview(data)
    if sys.platform == "win32":
        while rest:
            rest = rest[os.write(fd, rest) :]
        return True
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            with selectors.PollSelector() as selector:
                selector.register(fd, selectors.EVENT_WRITE)
                selector.register(stop.reader, selectors.EVENT_READ)
                if stop.reader in {key.fd for key, _ in selector.select()}:
                    return False
    return True

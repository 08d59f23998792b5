"""The traffic of a connection in a file: one JSON line for each line of either side, in order.

Knows which members are secret, whose values it replaces; knows nothing of what the lines mean. A
thread of its own does the writing. What goes wrong with that is logged, once, and harms nothing
else.
"""

import contextlib
import io
import json
import os
import queue
import stat
import sys
import threading
import time
from collections.abc import Callable, Collection
from logging import Logger
from typing import Any, Literal, TypeAlias

from ..errors import StartError
from .facts import ProtocolFacts
from .json_text import from_json, to_json
from .plain import is_array, is_object
from .settings import ConnectionSettings

__all__ = ["REDACTED", "Recorder", "recorder_for", "redacted"]

REDACTED = "[redacted]"
"""What stands for the value of a secret member."""

_Side: TypeAlias = Literal["client", "server"]


class Recorder:
    """Writes the lines that it is given. May be given them from any thread."""

    def __init__(
        self, path: "str | os.PathLike[str]", secrets: Collection[str], log: Logger
    ) -> None:
        self._path = os.fspath(path)
        self._secrets = secrets
        self._named = tuple(json.dumps(name).encode() for name in secrets)
        self._log = log
        self._file = _open(self._path)
        self._lines: queue.SimpleQueue[tuple[float, _Side, bytes] | None] = queue.SimpleQueue()
        self._is_broken = False
        self._is_over = False
        self._then: Callable[[], object] | None = None
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            self._file.close()
            raise StartError(f"no thread is left to record the traffic: {error}") from error

    def sent(self, line: bytes) -> None:
        """Takes note of a line of the client, which has to be done before it is written."""
        self._put("client", line)

    def received(self, line: bytes) -> None:
        """Takes note of a line of the server."""
        self._put("server", line)

    def close(self, then: Callable[[], object] | None = None) -> None:
        """No more lines will come. `then` is called, in another thread, once all are written."""
        self._then = then or self._then
        self._lines.put(None)

    def join(self) -> None:
        """Waits until all lines are written."""
        self._thread.join()

    def _put(self, side: _Side, line: bytes) -> None:
        if not self._is_broken:
            self._lines.put((time.time(), side, line))

    def _write_all(self) -> None:
        try:
            with self._file:
                while (entry := self._next()) is not None:
                    # At once: what is kept in a buffer would be written in forked processes, too.
                    rest = memoryview(self._entry(*entry))
                    while rest:
                        rest = rest[self._file.write(rest) :]
        except OSError as error:
            self._is_broken = True
            self._log.error("the recording %s ends here: %s", self._path, error)
            while self._next() is not None:
                pass
        if self._then is not None:
            # A loop that has been closed meanwhile can't be told.
            with contextlib.suppress(RuntimeError):
                self._then()

    def _next(self) -> tuple[float, _Side, bytes] | None:
        """The next line to write; `None` when no more will come."""
        if not self._is_over:
            entry = self._lines.get()
            self._is_over = entry is None
            return entry
        return None

    def _entry(self, time_of_it: float, side: _Side, line: bytes) -> bytes:
        head = b'{"at":%d,"from":"%b",' % (time_of_it * 1000, side.encode())
        line = line.strip()
        try:
            message = from_json(line, allow_inf_nan=False)
        except ValueError:
            hidden = any(name.encode() in line for name in self._secrets)
            text = REDACTED if hidden else line.decode("utf-8", "replace")
            return head + b'"line":%b}\n' % to_json(text)
        # A name can also be written with escapes.
        if b"\\u" in line or any(name in line for name in self._named):
            shown = redacted(message, self._secrets)
            # A message without secrets stays as it came, to the letter.
            line = line if shown == message else to_json(shown)
        return head + b'"message":%b}\n' % line


def recorder_for(
    facts: ProtocolFacts, settings: ConnectionSettings, log: Logger
) -> Recorder | None:
    """The recorder that the settings ask for, if they do."""
    if settings.record_to is None:
        return None
    return Recorder(settings.record_to, facts.secrets, log)


def redacted(value: Any, secrets: Collection[str]) -> Any:
    """`value` without what its secret members say. `null` says nothing, and stays."""
    if is_object(value):
        return {
            name: REDACTED if name in secrets and item is not None else redacted(item, secrets)
            for name, item in value.items()
        }
    return [redacted(item, secrets) for item in value] if is_array(value) else value


def _open(path: str) -> io.FileIO:
    """Makes the file, for nobody else to read."""
    try:
        file = io.FileIO(path, "wb", opener=lambda path, flags: os.open(path, flags, 0o600))
        # The file may have been there; what is no file, such as a device, is let alone.
        if sys.platform != "win32" and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            os.fchmod(file.fileno(), 0o600)
    except OSError as error:
        raise StartError(f"the traffic can't be recorded in {path}: {error.strerror}") from error
    return file

"""The server's process, for the blocking kind of connection: four threads, and how it comes to its
end.

Knows lines, exit codes and signals; knows nothing of what the lines say. The threads read the
output, read the standard error, write the input, and wait for the end. All are daemons, and all end
with the process.
"""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ..errors import StartError
from . import group
from .lines import LineSplitter
from .outbox import Outbox
from .pipes import Stop, chunks, prepare_to_push, push
from .recording import Recorder

__all__ = ["STDERR_LINES", "ServerProcess"]

STDERR_LINES = 400
"""How many lines of the standard error are kept."""

_DRAIN = 1.0
"""Seconds for reading what a process has left behind in its pipes."""
_KILLED = 5.0
"""Seconds that a killed process may take to be gone."""


class ServerProcess:
    """A running server."""

    def __init__(
        self,
        command: Sequence[str],
        cwd: str | os.PathLike[str] | None,
        env: Mapping[str, str],
        recorder: Recorder | None,
        *,
        grace: float,
        on_line: Callable[[bytes], None],
        on_stderr: Callable[[str], None],
        on_end: Callable[[int | None, list[str]], None],
    ) -> None:
        self._recorder = recorder
        self._grace = grace
        self._on_line = on_line
        self._on_stderr = on_stderr
        self._on_end = on_end
        self._tail: deque[str] = deque(maxlen=STDERR_LINES)
        self._tail_lock = threading.Lock()
        self._closing = threading.Lock()
        self._exited = threading.Event()
        self._told = threading.Event()
        self._done = threading.Event()
        self.outbox = Outbox()
        try:
            self._stop = Stop()
        except OSError as error:
            if recorder is not None:
                recorder.close()
            raise StartError(f"{command[0]} could not be started: {error}") from error
        try:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                **group.spawn_options(),
            )
        except (OSError, ValueError) as error:
            self._stop.dispose()
            if recorder is not None:
                recorder.close()
            raise StartError(f"{command[0]} could not be started: {error}") from error
        self._reader = self._thread("reader", self._read_output)
        self._stderr_reader = self._thread("stderr", self._read_stderr)
        self._writer = self._thread("writer", self._write_input)
        self._waiter = self._thread("waiter", self._wait)
        self._threads = (self._reader, self._stderr_reader, self._writer, self._waiter)
        try:
            for thread in self._threads:
                thread.start()
        except RuntimeError as error:
            group.kill(self.pid)
            self._wait()
            raise StartError(f"{command[0]}: no thread is left to serve it: {error}") from error

    @property
    def pid(self) -> int:
        """The process's id, which is also its group's."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, if it has."""
        return self._process.returncode

    def tail(self) -> list[str]:
        """The last lines of its standard error."""
        with self._tail_lock:
            return list(self._tail)

    def close(self) -> None:
        """Ends the process and all it has started: politely first, then by force. May be called
        again and again.
        """
        self.outbox.close(flush=True)
        with self._closing:
            self._make_exit()
        if threading.current_thread() not in self._threads:
            self._done.wait(_KILLED)

    def disown(self) -> None:
        """In a process that was forked off: this is the other one's, which has the threads, too."""
        self._closing, self.outbox = threading.Lock(), Outbox()
        self._exited, self._told, self._done = (threading.Event() for _ in range(3))
        for event in (self._exited, self._told, self._done):
            event.set()
        self.outbox.close(flush=False)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        self._stop.dispose()
        # Else it would be taken for a process of ours that nobody has waited for.
        self._process.returncode = 0

    def wait_for_end(self) -> None:
        """Waits until `on_end` has been called. For whoever has met a closed pipe before that."""
        if threading.current_thread() not in self._threads:
            self._told.wait(2 * _DRAIN)

    def _make_exit(self) -> None:
        if self._exited.wait(self._grace):
            return
        group.terminate(self.pid)
        if self._exited.wait(self._grace):
            return
        group.kill(self.pid)
        self._exited.wait(_KILLED)

    def _thread(self, name: str, target: Callable[[], None]) -> threading.Thread:
        return threading.Thread(
            target=target, name=f"server-{self._process.pid}-{name}", daemon=True
        )

    def _read_output(self) -> None:
        splitter = LineSplitter()
        output = self._process.stdout
        if output is None:
            return
        try:
            for chunk in chunks(output.fileno(), self._stop):
                for line in splitter.feed(chunk):
                    self._take_in(line)
            for line in splitter.finish():
                self._take_in(line)
        except OSError:
            pass  # The pipe is gone, which is the same as its end.
        finally:
            self._output_ended()

    def _take_in(self, line: bytes) -> None:
        if self._recorder is not None:
            self._recorder.received(line)
        self._on_line(line)

    def _output_ended(self) -> None:
        """A server that says nothing any more is of no use, whether its process lives on or not."""
        if self._exited.wait(_DRAIN / 4):
            return
        self._tell_end(None)
        self.close()

    def _tell_end(self, code: int | None) -> None:
        self._on_end(code, self.tail())
        self._told.set()

    def _read_stderr(self) -> None:
        splitter = LineSplitter()
        errors = self._process.stderr
        if errors is None:
            return
        try:
            for chunk in chunks(errors.fileno(), self._stop):
                self._keep(splitter.feed(chunk))
            self._keep(splitter.finish())
        except OSError:
            pass  # The pipe is gone, which is the same as its end.

    def _keep(self, lines: list[bytes]) -> None:
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r")
            with self._tail_lock:
                self._tail.append(text)
            self._on_stderr(text)

    def _write_input(self) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            prepare_to_push(pipe.fileno())
            while (line := self.outbox.take()) is not None:
                if self._recorder is not None:
                    self._recorder.sent(line)
                if not push(pipe.fileno(), line, self._stop):
                    break
        except OSError:
            # The server reads no more. If it isn't about to end by itself, it is made to.
            self.outbox.close(flush=False)
            self._output_ended()
        finally:
            pipe.close()

    def _wait(self) -> None:
        code = self._process.wait()
        self._exited.set()
        # What the server has started ends with it; it would also hold the pipes open.
        group.kill(self.pid)
        self.outbox.close(flush=False)
        deadline = time.monotonic() + _DRAIN
        for thread in self._started(self._reader, self._stderr_reader):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._stop.set()
        self._tell_end(code)
        for thread in self._started(self._reader, self._stderr_reader, self._writer):
            thread.join(_DRAIN)
        self._release()
        if self._recorder is not None:
            self._recorder.close()
            self._recorder.join()
        self._done.set()

    def _started(self, *threads: threading.Thread) -> list[threading.Thread]:
        return [thread for thread in threads if thread.ident is not None]

    def _release(self) -> None:
        """Closes the pipes, unless a thread still hangs on one."""
        if any(thread.is_alive() for thread in (self._reader, self._stderr_reader, self._writer)):
            return
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        self._stop.dispose()

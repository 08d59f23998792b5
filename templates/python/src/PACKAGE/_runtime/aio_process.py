"""The server's process, for the asyncio kind of connection: the loop's own pipes, no threads, no
line limit.

Knows lines, exit codes and signals; knows nothing of what the lines say. All of it runs in the
loop.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from ..errors import StartError
from . import group
from .aio_turns import Turns
from .lines import LineSplitter
from .process import STDERR_LINES
from .recording import Recorder

__all__ = ["AsyncServerProcess"]

_INPUT, _OUTPUT, _ERRORS = 0, 1, 2
_DRAIN = 1.0
"""Seconds for reading what a process has left behind in its pipes."""
_KILLED = 5.0
"""Seconds that a killed process may take to be gone."""


class AsyncServerProcess(asyncio.SubprocessProtocol):
    """A running server."""

    def __init__(
        self,
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
        self._loop = asyncio.get_running_loop()
        self._output = LineSplitter()
        self._errors = LineSplitter()
        self._tail: deque[str] = deque(maxlen=STDERR_LINES)
        self._open_pipes = {_OUTPUT, _ERRORS}
        self._is_finished = False
        self._exited = asyncio.Event()
        self._told = asyncio.Event()
        self._done = asyncio.Event()
        self._turns = Turns()
        self._closing: asyncio.Task[None] | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self.exit_code: int | None = None
        """How the process ended, if it has."""

    async def start(
        self, command: Sequence[str], cwd: str | os.PathLike[str] | None, env: Mapping[str, str]
    ) -> None:
        """Starts the process."""
        try:
            await self._loop.subprocess_exec(
                lambda: self, *command, cwd=cwd, env=env, **group.spawn_options()
            )
        except (OSError, ValueError) as error:
            raise StartError(f"{command[0]} could not be started: {error}") from error

    @property
    def pid(self) -> int:
        """The process's id, which is also its group's."""
        return self._transport.get_pid() if self._transport is not None else 0

    def tail(self) -> list[str]:
        """The last lines of its standard error."""
        return list(self._tail)

    def write(self, line: bytes) -> bool:
        """Writes a line at once, or keeps it until there is room; whether that was possible."""
        pipe = self._input()
        if pipe is None or pipe.is_closing():
            return False
        if self._recorder is not None:
            self._recorder.sent(line)
        pipe.write(line)
        return True

    async def write_in_turn(self, line: bytes, deadline: float | None) -> bool | None:
        """Writes a line once there is room, after those that were to be written before; whether
        that was possible. `None` if there was no room before `deadline`, on the loop's clock.
        """
        if not await self._turns.take(deadline):
            return None
        try:
            return self.write(line)
        finally:
            self._turns.done()

    async def close(self) -> None:
        """Ends the process and all it has started: politely first, then by force. May be called
        again and again.
        """
        if self._transport is None:
            if self._recorder is not None:
                self._recorder.close()
            return
        if self._closing is None:
            self._closing = self._loop.create_task(self._close())
        await asyncio.shield(self._closing)

    async def abandon(self) -> None:
        """Ends the process and all it has started by force, where the loop that it belongs to runs
        no more.
        """
        if self._recorder is not None:
            self._recorder.close()
        if self._transport is None or self._exited.is_set():
            return
        group.kill(self.pid)
        process = self._transport.get_extra_info("subprocess")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _KILLED
        # Whoever would be told of its end is gone.
        while process.poll() is None and loop.time() < deadline:
            await asyncio.sleep(0.005)

    async def wait_for_end(self) -> None:
        """Waits until `on_end` has been called. For whoever has met a closed pipe before that."""
        await self._wait(self._told, 2 * _DRAIN)

    async def _close(self) -> None:
        pipe = self._input()
        if pipe is not None:
            pipe.close()
        # Those who wait for room need not wait any more.
        self._turns.go_on()
        if not await self._wait(self._exited, self._grace):
            group.terminate(self.pid)
            if not await self._wait(self._exited, self._grace):
                group.kill(self.pid)
                await self._wait(self._exited, _KILLED)
        await self._wait(self._done, _KILLED)

    async def _wait(self, event: asyncio.Event, seconds: float) -> bool:
        await _wait_until(event, self._loop.time() + seconds)
        return event.is_set()

    def _input(self) -> asyncio.WriteTransport | None:
        if self._transport is None:
            return None
        return cast("asyncio.WriteTransport | None", self._transport.get_pipe_transport(_INPUT))

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process is running."""
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """The process has written something."""
        if fd == _OUTPUT:
            for line in self._output.feed(data):
                self._take_in(line)
        else:
            self._keep(self._errors.feed(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """A pipe has ended."""
        if fd == _OUTPUT:
            for line in self._output.finish():
                self._take_in(line)
        elif fd == _ERRORS:
            self._keep(self._errors.finish())
        else:
            self._turns.go_on()
        self._open_pipes.discard(fd)
        if fd != _ERRORS and not self._exited.is_set():
            # A server that doesn't listen or doesn't speak is of no use, even if it lives on. What
            # has come while the loop was busy counts first: the exit may be among it.
            self._loop.call_later(_DRAIN / 4, self._loop.call_soon, self._give_up)
        self._finish_if_drained()

    def process_exited(self) -> None:
        """The process has ended; its pipes may still hold something."""
        transport = self._transport
        if transport is None:
            return
        self.exit_code = transport.get_returncode()
        self._exited.set()
        # What the server has started ends with it; it would also hold the pipes open.
        group.kill(transport.get_pid())
        self._loop.call_later(_DRAIN, self._finish)
        self._finish_if_drained()

    def pause_writing(self) -> None:
        """The server doesn't read as fast as we write."""
        self._turns.hold()

    def resume_writing(self) -> None:
        """There is room to write again."""
        self._turns.go_on()

    def _take_in(self, line: bytes) -> None:
        if self._recorder is not None:
            self._recorder.received(line)
        self._on_line(line)

    def _keep(self, lines: list[bytes]) -> None:
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r")
            self._tail.append(text)
            self._on_stderr(text)

    def _give_up(self) -> None:
        if not self._exited.is_set():
            self._tell_end(None)
            if self._closing is None:
                self._closing = self._loop.create_task(self._close())

    def _tell_end(self, code: int | None) -> None:
        self._on_end(code, self.tail())
        self._told.set()

    def _finish_if_drained(self) -> None:
        if self._exited.is_set() and not self._open_pipes:
            self._finish()

    def _finish(self) -> None:
        if self._is_finished:
            return
        self._is_finished = True
        self._turns.go_on()
        self._tell_end(self.exit_code)
        if self._transport is not None:
            self._transport.close()
        if self._recorder is None:
            self._done.set()
        else:
            self._recorder.close(lambda: self._loop.call_soon_threadsafe(self._done.set))


async def _wait_until(event: asyncio.Event, deadline: float | None) -> None:
    """Waits for `event`, until `deadline` on the loop's clock at most."""
    if deadline is None or event.is_set():
        await event.wait()
        return
    loop = asyncio.get_running_loop()
    waiting = loop.create_task(event.wait())
    try:
        await asyncio.wait({waiting}, timeout=max(0.0, deadline - loop.time()))
    finally:
        waiting.cancel()

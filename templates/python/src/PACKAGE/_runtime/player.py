"""Players of recordings, one for each kind of connection, which takes them for a process.

They pass lines on between a `Script` and a connection; what the lines say is the script's business.
"""

import asyncio
import threading
from collections.abc import Callable

from ..errors import StartError
from .outbox import Outbox
from .recording import Recorder
from .replay import DeviationError, Script

__all__ = ["AsyncPlayer", "Player"]


class _Player:
    """What both kinds have."""

    pid = None
    exit_code = None

    def __init__(
        self,
        script: Script,
        recorder: Recorder | None,
        *,
        on_line: Callable[[bytes], object],
        on_end: Callable[[str], object],
    ) -> None:
        self._script = script
        self._recorder = recorder
        self._on_line = on_line
        self._on_end = on_end
        self._is_closing = False

    def tail(self) -> list[str]:
        """The standard error, of which a recording knows nothing."""
        return []

    def _say(self, line: bytes) -> None:
        if self._recorder is not None:
            self._recorder.received(line)
        self._on_line(line)

    def _take(self, line: bytes) -> bool:
        if self._recorder is not None:
            self._recorder.sent(line)
        return self._script.take(line)


class Player(_Player):
    """Plays a recording to the blocking kind of connection."""

    def __init__(
        self,
        script: Script,
        recorder: Recorder | None,
        *,
        on_line: Callable[[bytes], object],
        on_end: Callable[[str], object],
    ) -> None:
        super().__init__(script, recorder, on_line=on_line, on_end=on_end)
        self.outbox = Outbox()
        self._thread = threading.Thread(target=self._play, name="player", daemon=True)

    def start(self) -> None:
        """Begins."""
        try:
            self._thread.start()
        except RuntimeError as error:
            if self._recorder is not None:
                self._recorder.close()
            raise StartError(f"no thread is left to play a recording: {error}") from error

    def close(self) -> None:
        """Ends the playing. May be called again and again."""
        self._is_closing = True
        self.outbox.close(flush=True)
        self.wait_for_end()

    def disown(self) -> None:
        """In a process that was forked off: this is the other one's, which has the thread, too."""
        self.outbox = Outbox()
        self.outbox.close(flush=False)

    def wait_for_end(self) -> None:
        """Waits until all is over."""
        if self._thread.ident is not None and threading.current_thread() is not self._thread:
            self._thread.join()

    def _play(self) -> None:
        end = self._script.end
        try:
            self._speak()
            while not self._script.is_over and (line := self.outbox.take()) is not None:
                if self._take(line):
                    self._speak()
        except DeviationError as error:
            end = str(error)
        finally:
            self.outbox.close(flush=False)
            self._on_end(end)
            if self._recorder is not None:
                self._recorder.close()
        if self._recorder is not None:
            self._recorder.join()

    def _speak(self) -> None:
        for line in self._script.lines():
            if self._is_closing:
                return
            self._say(line)


class AsyncPlayer(_Player):
    """Plays a recording to the asyncio kind of connection."""

    def __init__(
        self,
        script: Script,
        recorder: Recorder | None,
        *,
        on_line: Callable[[bytes], object],
        on_end: Callable[[str], object],
    ) -> None:
        super().__init__(script, recorder, on_line=on_line, on_end=on_end)
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins."""
        self._task = self._loop.create_task(self._play())

    def write(self, line: bytes) -> bool:
        """Takes a line of the client's; whether anybody listens."""
        if self._is_closing or self._task is None or self._task.done():
            return False
        self._lines.put_nowait(line)
        return True

    async def write_in_turn(self, line: bytes, deadline: float | None) -> bool:
        """The same: there is always room."""
        return self.write(line)

    async def close(self) -> None:
        """Ends the playing. May be called again and again."""
        self._is_closing = True
        self._lines.put_nowait(None)
        await self.wait_for_end()

    async def abandon(self) -> None:
        """Ends the playing, where the loop that it belongs to runs no more."""
        if self._recorder is not None:
            self._recorder.close()

    async def wait_for_end(self) -> None:
        """Waits until all is over."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _play(self) -> None:
        end = self._script.end
        written = asyncio.Event()
        try:
            await self._speak()
            while not self._script.is_over and (line := await self._lines.get()) is not None:
                if self._take(line):
                    await self._speak()
        except DeviationError as error:
            end = str(error)
        finally:
            self._on_end(end)
            if self._recorder is not None:
                self._recorder.close(lambda: self._loop.call_soon_threadsafe(written.set))
        if self._recorder is not None:
            await written.wait()

    async def _speak(self) -> None:
        for line in self._script.lines():
            if self._is_closing:
                return
            self._say(line)
            # Whoever waits for the line comes first.
            await asyncio.sleep(0)

"""The player of recordings for the asyncio kind of connection, which takes it for a process."""

import asyncio
from collections.abc import Callable

from .player import AnyPlayer
from .recording import Recorder
from .replay import DeviationError, Script

__all__ = ["AsyncPlayer"]


class AsyncPlayer(AnyPlayer):
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
            is_through = await self._speak()
            while is_through and not self._script.is_over:
                line = await self._lines.get()
                if line is None:
                    break
                if self._take(line):
                    is_through = await self._speak()
        except DeviationError as error:
            end = str(error)
        finally:
            self._on_end(end)
            if self._recorder is not None:
                self._recorder.close(lambda: self._loop.call_soon_threadsafe(written.set))
        if self._recorder is not None:
            await written.wait()

    async def _speak(self) -> bool:
        for line in self._script.lines():
            if self._is_closing:
                return False
            self._say(line)
            # Whoever waits for the line comes first.
            await asyncio.sleep(0)
        return True

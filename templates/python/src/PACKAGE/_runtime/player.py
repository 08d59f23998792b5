"""The player of recordings for the blocking kind of connection, which takes it for a process.

It passes lines on between a `Script` and a connection; what the lines say is the script's business.
"""

import threading
from collections.abc import Callable

from ..errors import StartError
from .outbox import Outbox
from .recording import Recorder
from .replay import DeviationError, Script

__all__ = ["AnyPlayer", "Player"]


class AnyPlayer:
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


class Player(AnyPlayer):
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
            is_through = self._speak()
            while is_through and not self._script.is_over:
                line = self.outbox.take()
                if line is None:
                    break
                if self._take(line):
                    is_through = self._speak()
        except DeviationError as error:
            end = str(error)
        finally:
            self.outbox.close(flush=False)
            self._on_end(end)
            if self._recorder is not None:
                self._recorder.close()
        if self._recorder is not None:
            self._recorder.join()

    def _speak(self) -> bool:
        """Says what comes next; whether all of it, since nobody listens any more once the player is
        to end.
        """
        for line in self._script.lines():
            if self._is_closing:
                return False
            self._say(line)
        return True

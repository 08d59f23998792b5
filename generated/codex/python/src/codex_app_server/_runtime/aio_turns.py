"""The order in which tasks write, while there is no room for all of them at once."""

import asyncio
from collections import deque

__all__ = ["Turns"]


class Turns:
    """Lets tasks through one by one, in the order they came, and holds them while there is no room.

    A task that was let through has to say that it is `done`, whatever becomes of it.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._has_room = True
        self._taken = False

    async def take(self, deadline: float | None) -> bool:
        """Waits for a turn; whether it came before `deadline`, on the loop's clock."""
        if self._has_room and not self._taken and not self._waiting:
            self._taken = True
            return True
        turn: asyncio.Future[bool] = self._loop.create_future()
        self._waiting.append(turn)
        alarm = None if deadline is None else self._loop.call_at(deadline, _settle, turn, False)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.result():
                self.done()
            raise
        finally:
            if alarm is not None:
                alarm.cancel()
            if turn in self._waiting:
                self._waiting.remove(turn)

    def done(self) -> None:
        """The turn is over."""
        self._taken = False
        self._admit()

    def hold(self) -> None:
        """There is no room any more."""
        self._has_room = False

    def go_on(self) -> None:
        """There is room again."""
        self._has_room = True
        self._admit()

    def _admit(self) -> None:
        while self._has_room and not self._taken and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                self._taken = True
                turn.set_result(True)


def _settle(turn: "asyncio.Future[bool]", outcome: bool) -> None:
    if not turn.done():
        turn.set_result(outcome)

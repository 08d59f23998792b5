"""What hooks and handlers were told, for steps that wait to hear of it."""

import asyncio
from collections.abc import Callable
from typing import Any

from .flavour import patiently

__all__ = ["Told"]


class Told:
    """A list that grows, from any thread, and can be waited for in the loop."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: list[Any] = []
        self._taken = 0
        self._loop = asyncio.get_running_loop()
        self._grown = asyncio.Event()
        self._waiting = 0

    def add(self, item: Any) -> None:
        """Notes something."""
        self._items.append(item)
        if self._waiting:
            self._loop.call_soon_threadsafe(self._grown.set)

    async def take(self, count: int) -> list[Any]:
        """The next so many that were not taken yet."""
        await self._until(lambda: len(self._items) >= self._taken + count)
        taken = self._items[self._taken : self._taken + count]
        self._taken += count
        return taken

    async def find(self, fits: Callable[[Any], bool]) -> None:
        """Waits until one has come that fits."""
        seen = 0

        def found() -> bool:
            nonlocal seen
            new = self._items[seen:]
            seen += len(new)
            return any(fits(item) for item in new)

        await self._until(found)

    def rest(self) -> list[Any]:
        """What was not taken."""
        return self._items[self._taken :]

    async def _until(self, enough: Callable[[], bool]) -> None:
        async def wait() -> None:
            while not enough():
                await self._grown.wait()
                self._grown.clear()

        # Counted before the first look, so that nothing is added unseen.
        self._waiting += 1
        try:
            await patiently(wait(), f"{self._what}; so far: {self._items[-20:]!r:.2000}")
        finally:
            self._waiting -= 1

"""Two hundred turns on one client, twenty at a time, on the real server; prints how much memory was
held after each round.

A program of its own, since what other tests take would count as well.

Usage: `soak.py sync|async BINARY HOME`
"""

import asyncio
import gc
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    TransportClosed,
)
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ServerNotification,
    TurnCompleted,
)
from codex_app_server.types import TextUserInput

from support.home import server_env

__all__ = ["AT_ONCE", "ROUND", "TURNS"]

TURNS = 200
AT_ONCE = 20
ROUND = 50
"""After how many turns memory is looked at."""


class Turn:
    """What came of one turn."""

    def __init__(self, number: int) -> None:
        self.said = f"this is turn {number}"
        self.text = ""
        self.status = "none"

    def take(self, event: ServerNotification) -> None:
        if isinstance(event, ItemAgentMessageDelta):
            self.text += event.params.delta
        elif isinstance(event, TurnCompleted):
            self.status = event.params.turn.status

    def check(self) -> None:
        assert (self.status, self.text) == ("completed", self.said)


def resident() -> int:
    """The memory that this process holds for itself, in KiB."""
    gc.collect()
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    raise RuntimeError("the system doesn't tell how much memory this process holds")


# Notifications are read to the end, since a queue that is still filling would pass for a leak.


def read_all(client: AppServerClient) -> None:
    with suppress(TransportClosed):
        while True:
            client.next_notification()


async def await_all(client: AsyncAppServerClient) -> None:
    with suppress(TransportClosed):
        while True:
            await client.next_notification()


def rounds() -> Iterator[range]:
    for start in range(0, TURNS, ROUND):
        yield range(start, start + ROUND)


def blocking(config: AppServerConfig) -> list[int]:
    """The memory after each round, with threads."""
    with AppServerClient(config) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        threading.Thread(target=read_all, args=(client,), daemon=True).start()
        threads = [client.thread_start().thread.id for _ in range(AT_ONCE)]

        def one(number: int) -> None:
            thread = threads.pop()
            turn = Turn(number)
            words = TextUserInput(text=turn.said)
            with client.turn_start_stream(thread_id=thread, input=[words]) as work:
                for event in work:
                    turn.take(event)
            turn.check()
            threads.append(thread)

        held: list[int] = []
        for numbers in rounds():
            list(pool.map(one, numbers))
            held.append(resident())
        return held


async def awaited(config: AppServerConfig) -> list[int]:
    """The memory after each round, with tasks."""
    async with AsyncAppServerClient(config) as client:
        reading = asyncio.create_task(await_all(client))
        threads = [(await client.thread_start()).thread.id for _ in range(AT_ONCE)]
        free = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with free:
                thread = threads.pop()
                turn = Turn(number)
                words = TextUserInput(text=turn.said)
                async with await client.turn_start_stream(thread_id=thread, input=[words]) as work:
                    async for event in work:
                        turn.take(event)
                turn.check()
                threads.append(thread)

        held: list[int] = []
        for numbers in rounds():
            await asyncio.gather(*map(one, numbers))
            held.append(resident())
    await reading
    return held


def main() -> None:
    kind, binary, home = sys.argv[1:]
    config = AppServerConfig(codex_bin=binary, env=server_env(Path(home)), cwd=home)
    held = blocking(config) if kind == "sync" else asyncio.run(awaited(config))
    print(json.dumps(held))


if __name__ == "__main__":
    main()

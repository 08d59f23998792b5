"""C07: deadlines hold on loops with a coarse clock, and reading a stream starts the server."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from codex_app_server import AppServerConfig, AsyncAppServerClient, RequestTimeoutError
from codex_app_server.notifications import ThreadArchived

from contract.conftest import config_for
from contract.peer import FakePeer, Message

TICK = 0.016
"""Seconds; the clock of some systems moves in such steps."""


class CoarseLoop(asyncio.SelectorEventLoop):
    """Its clock moves in steps, and its timers go off up to a step early, as asyncio has it."""

    def __init__(self) -> None:
        super().__init__()
        self._clock_resolution = TICK

    def time(self) -> float:
        return super().time() // TICK * TICK


def on_a_coarse_loop(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    loop = CoarseLoop()
    try:
        loop.run_until_complete(work())
    finally:
        loop.close()


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.05, 0.1])
def test_a_wait_ends_in_time_by_a_coarse_clock(peer: FakePeer, seconds: float) -> None:
    async def wait() -> None:
        async with AsyncAppServerClient(config_for(peer)) as client:
            async with client.notifications() as events:
                with pytest.raises(RequestTimeoutError):
                    await asyncio.wait_for(events.get(seconds), 20)
            with pytest.raises(RequestTimeoutError):
                await asyncio.wait_for(client.next_notification(seconds), 20)
            with pytest.raises(RequestTimeoutError):
                await asyncio.wait_for(client.request("made/up", timeout=seconds), 20)

    on_a_coarse_loop(wait)


def reading(config: AppServerConfig, read: Callable[[AsyncAppServerClient], Any]) -> Any:
    async def use() -> Any:
        client = AsyncAppServerClient(config)
        try:
            return await asyncio.wait_for(read(client), 20)
        finally:
            await client.close()

    return asyncio.run(use())


def test_reading_a_stream_starts_the_server(peer: FakePeer) -> None:
    peer.on("initialized", lambda message: peer.announce("thread/archived", {"threadId": "t"}))
    event = reading(config_for(peer), lambda client: client.notifications().get())
    assert isinstance(event, ThreadArchived)


def test_waiting_for_the_end_of_work_starts_the_server(peer: FakePeer) -> None:
    turn = {"id": "u", "items": [], "status": "completed"}
    ended = {"threadId": "t", "turn": turn}
    peer.on("initialized", lambda message: peer.announce("turn/completed", ended))
    event = reading(config_for(peer), lambda client: client.wait_for_turn_completed("u"))
    assert event.params.turn.id == "u"


class JumpingLoop(asyncio.SelectorEventLoop):
    """Its clock can be put forward, as if time had passed."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


def test_the_start_takes_none_of_a_reader_s_time(peer: FakePeer) -> None:
    loop = JumpingLoop()
    greet = peer.replies["initialize"]

    def greet_late(message: Message) -> None:
        loop.ahead += 10
        greet(message)

    peer.on("initialize", greet_late)

    def announce(message: Message) -> None:
        peer.announce("thread/archived", {"threadId": "t"})
        peer.answer(message, None)

    peer.on("made/up", announce)

    async def read() -> None:
        client = AsyncAppServerClient(config_for(peer))
        try:
            reading = asyncio.create_task(client.notifications().get(5))
            waiting = asyncio.create_task(client.next_notification(5))
            await client.request("made/up")
            assert isinstance(await reading, ThreadArchived)
            assert isinstance(await waiting, ThreadArchived)
        finally:
            await client.close()

    try:
        loop.run_until_complete(read())
    finally:
        loop.close()

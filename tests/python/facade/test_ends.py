"""What a turn's answer is, and what becomes of turns and calls when the client is closed."""

import asyncio
from typing import Any

import pytest
from codex_app_server import AsyncCodex, RequestTimeoutError, TransportClosed, TurnResult
from codex_app_server.notifications import ItemAgentMessageDelta

from .conftest import Start, settled


@pytest.mark.parametrize(
    ("wish", "final", "text"),
    [
        ("final", "Two.", "One.Two.Three.Four."),
        ("none", None, "Hm."),
        ("commented", "Two.", "One.Two.Three."),
        ("silent", None, ""),
    ],
)
async def test_the_answer_is_the_last_message_that_is_meant_as_one(
    start: Start, wish: str, final: str | None, text: str
) -> None:
    codex = start("answers")
    thread = await settled(codex.thread_start())
    result: TurnResult = await settled(thread.run(wish))
    assert (result.final_response, result.text) == (final, text)


async def test_threads_and_turns_are_printed_with_their_ids(start: Start) -> None:
    codex = start("text")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hello"))
    assert repr(thread).endswith(f"Thread(id={thread.id!r})")
    assert repr(turn).endswith(f"TurnHandle(thread_id={thread.id!r}, id={turn.id!r})")


async def test_a_turn_that_has_ended_can_still_be_collected(start: Start) -> None:
    codex = start("text")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hello"))
    first: TurnResult = await settled(turn.run())
    assert first == await settled(turn.run())


async def test_a_turn_fails_when_the_client_is_closed(start: Start) -> None:
    codex = start("held")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hold"))
    await settled(turn.stream().wait_for(ItemAgentMessageDelta, 20))
    await settled(codex.close())
    with pytest.raises(TransportClosed):
        await settled(turn.run())
    with pytest.raises(TransportClosed):
        await settled(thread.run("more"))
    with pytest.raises(TransportClosed):
        await settled(codex.thread_list())
    await settled(codex.close())


async def test_leaving_the_block_closes(start: Start) -> None:
    codex: Any = start()
    if isinstance(codex, AsyncCodex):
        async with codex as entered:
            assert entered is codex
            await codex.account()
    else:
        with codex as entered:
            assert entered is codex
    with pytest.raises(TransportClosed):
        await settled(codex.account())


async def test_a_turn_given_up_leaves_the_client_as_it_was(start: Start) -> None:
    codex: Any = start("held")
    if not isinstance(codex, AsyncCodex):
        pytest.skip("a blocking call can't be cancelled")
    thread = await codex.thread_start()
    turn = await thread.turn("hold")
    running = asyncio.create_task(turn.run())
    async with turn.stream() as events:
        await events.wait_for(ItemAgentMessageDelta, 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await turn.interrupt()
    assert (await turn.run()).status == "interrupted"


async def test_a_turn_that_takes_too_long_goes_on(start: Start) -> None:
    codex = start("held")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hold"))
    await settled(turn.stream().wait_for(ItemAgentMessageDelta, 20))
    with pytest.raises(RequestTimeoutError) as raised:
        await settled(turn.run(timeout=0.1))
    # Not what was left of it after the events before the end.
    assert raised.value.timeout == 0.1
    await settled(turn.interrupt())
    result: TurnResult = await settled(turn.run(timeout=20))
    assert result.status == "interrupted"

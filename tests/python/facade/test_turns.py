"""Threads and turns: run, followed, steered, interrupted, failed."""

import asyncio
from typing import Any

import pytest
from codex_app_server import (
    ImageInput,
    LocalImageInput,
    MentionInput,
    Sandbox,
    SkillInput,
    TextInput,
    TurnFailedError,
    TurnResult,
)
from codex_app_server.notifications import ItemAgentMessageDelta, TurnCompleted
from codex_app_server.types import AgentMessageThreadItem, UserMessageThreadItem

from .conftest import Start, settled


async def test_a_turn_is_run_and_collected(start: Start) -> None:
    codex = start("text")
    thread = await settled(codex.thread_start())
    result: TurnResult = await settled(thread.run("hello"))
    assert (result.status, result.error, result.thread_id) == ("completed", None, thread.id)
    assert result.final_response == "Hello from the model."
    assert result.text == "Let me think.Hello from the model."
    kinds = [type(item) for item in result.items]
    assert kinds == [UserMessageThreadItem, AgentMessageThreadItem, AgentMessageThreadItem]
    assert result.usage is not None
    assert result.usage.last.total_tokens == 132
    assert result.started_at is not None
    assert result.completed_at is not None
    assert result.completed_at >= result.started_at
    assert result.duration_ms is not None
    result.raise_for_status()


async def test_without_a_phase_the_last_message_is_the_answer(start: Start) -> None:
    codex = start("plain")
    thread = await settled(codex.thread_start())
    result: TurnResult = await settled(thread.run("hello"))
    assert (result.final_response, result.text) == ("Just text.", "Just text.")


async def test_a_failed_turn_is_given(start: Start) -> None:
    codex = start("failure")
    thread = await settled(codex.thread_start())
    result: TurnResult = await settled(thread.run("fail"))
    assert result.status == "failed"
    assert result.error is not None
    with pytest.raises(TurnFailedError, match="failed: ") as caught:
        result.raise_for_status()
    assert caught.value.result is result


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("one", ["one"]),
        (TextInput("two"), ["two"]),
        (["three", TextInput("four"), {"type": "text", "text": "five"}], ["three", "four", "five"]),
    ],
)
async def test_input_has_many_forms(start: Start, given: Any, words: list[str]) -> None:
    codex = start()
    thread = await settled(codex.thread_start())
    result: TurnResult = await settled(thread.run(given))
    message = result.items[0]
    assert isinstance(message, UserMessageThreadItem)
    assert [getattr(item, "text", None) for item in message.content] == words


def test_items_are_those_of_the_protocol() -> None:
    assert ImageInput("https://x/a.png") == {"type": "image", "url": "https://x/a.png"}
    assert LocalImageInput("/a.png") == {"type": "localImage", "path": "/a.png"}
    assert SkillInput("saw", "/saw") == {"type": "skill", "name": "saw", "path": "/saw"}
    assert MentionInput("app", "app://x") == {"type": "mention", "name": "app", "path": "app://x"}


async def test_a_turn_is_followed_by_several(start: Start) -> None:
    codex = start("text")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hello"))
    first, second = turn.stream(), turn.stream()
    done = await settled(turn.wait(timeout=20))
    assert (done.turn.id, turn.thread_id) == (turn.id, thread.id)
    for stream in (first, second):
        events = []
        while (event := await settled(stream.get(20))) is not None:
            events.append(event)
        assert isinstance(events[-1], TurnCompleted)
        assert sum(isinstance(event, ItemAgentMessageDelta) for event in events) >= 2
    result: TurnResult = await settled(turn.run())
    assert result.final_response == "Hello from the model."


async def test_a_turn_is_steered_and_interrupted(start: Start) -> None:
    codex = start("held")
    thread = await settled(codex.thread_start())
    turn = await settled(thread.turn("hold"))
    await settled(turn.stream().wait_for(ItemAgentMessageDelta, 20))
    await settled(turn.steer("and hold on"))
    await settled(turn.interrupt())
    assert (await settled(turn.run())).status == "interrupted"


async def test_a_turn_has_presets_and_a_raw_string_is_none(start: Start) -> None:
    codex = start()
    thread = await settled(codex.thread_start(sandbox=Sandbox.workspace_write))
    await settled(thread.run("hello", sandbox=Sandbox.read_only))
    refused = pytest.raises(TypeError, match=r"no Sandbox; there are Sandbox\.read_only, ")
    with refused:
        raw: Any = "read-only"
        await settled(thread.run("hello", sandbox=raw))


async def test_turns_run_side_by_side(start: Start) -> None:
    codex = start()
    threads = [await settled(codex.thread_start()) for _ in range(3)]
    turns = [await settled(thread.turn(thread.id)) for thread in threads]
    results = await asyncio.gather(*(settled(turn.run()) for turn in turns))
    assert [result.final_response for result in results] == [thread.id for thread in threads]

"""Two turns of two threads on one client, and turns that are steered and interrupted (C23, C24)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from codex_app_server import InvalidRequest
from codex_app_server.notifications import ItemAgentMessageDelta, ServerNotification
from codex_app_server.types import TextUserInput, TurnStatus

from support.clients import AsyncClientFactory, ClientFactory
from turns.conftest import UseModel
from turns.events import end_of, messages, methods, text_of

ORDER = ["b1", "a1", "b2", "a2"]
"""Gates, each opened once the delta before it has come."""

Next = Callable[[], ServerNotification | None]


def next_delta(take: Next, seen: list[ServerNotification]) -> str:
    """Takes events up to the next delta, and gives its text."""
    while (event := take()) is not None:
        seen.append(event)
        if isinstance(event, ItemAgentMessageDelta):
            return event.params.delta
    raise AssertionError("the turn has ended")


def check_both(first: list[ServerNotification], second: list[ServerNotification]) -> None:
    for events, letter in ((first, "A"), (second, "B")):
        turn = end_of(events)
        assert turn.status == TurnStatus.completed
        assert text_of(events) == messages(events)[0].text == f"{letter}0 {letter}1 {letter}2"
        assert methods(events).count("item/completed") == 2
    assert not {id(event) for event in first} & {id(event) for event in second}


def test_turns_side_by_side(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("interleaved")
    client = make_client()
    threads = [client.thread_start(cwd=str(workplace)).thread.id for _ in range(2)]
    a: list[ServerNotification] = []
    b: list[ServerNotification] = []
    with (
        client.turn_start_stream(
            thread_id=threads[0], input=[TextUserInput(text="turn A")]
        ) as turn_a,
        client.turn_start_stream(
            thread_id=threads[1], input=[TextUserInput(text="turn B")]
        ) as turn_b,
    ):
        assert next_delta(turn_a.get, a) == "A0 "
        assert next_delta(turn_b.get, b) == "B0 "
        for gate in ORDER:
            model.release(gate)
            turn, seen = (turn_a, a) if gate[0] == "a" else (turn_b, b)
            assert next_delta(turn.get, seen).strip() == gate.upper()
        a.extend(turn_a)
        b.extend(turn_b)
    check_both(a, b)


async def test_turns_side_by_side_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("interleaved")
    client = await make_async_client()
    started = await asyncio.gather(*(client.thread_start(cwd=str(workplace)) for _ in range(2)))
    turn_a, turn_b = await asyncio.gather(
        client.turn_start_stream(
            thread_id=started[0].thread.id, input=[TextUserInput(text="turn A")]
        ),
        client.turn_start_stream(
            thread_id=started[1].thread.id, input=[TextUserInput(text="turn B")]
        ),
    )
    a: list[ServerNotification] = []
    b: list[ServerNotification] = []
    async with turn_a, turn_b:
        for turn, seen, expected in ((turn_a, a, "A0 "), (turn_b, b, "B0 ")):
            async for event in turn:
                seen.append(event)
                if isinstance(event, ItemAgentMessageDelta):
                    assert event.params.delta == expected
                    break
        for gate in ORDER:
            model.release(gate)
            turn, seen = (turn_a, a) if gate[0] == "a" else (turn_b, b)
            async for event in turn:
                seen.append(event)
                if isinstance(event, ItemAgentMessageDelta):
                    assert event.params.delta.strip() == gate.upper()
                    break
        a.extend([event async for event in turn_a])
        b.extend([event async for event in turn_b])
    check_both(a, b)


def test_many_turns_in_many_threads_of_control(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("echo")
    client = make_client()

    def run(said: str) -> str:
        thread = client.thread_start(cwd=str(workplace)).thread
        with client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            events = list(turn)
        end_of(events)
        return text_of(events)

    said = [f"message {number}" for number in range(6)]
    with ThreadPoolExecutor(len(said)) as pool:
        assert list(pool.map(run, said)) == said


async def test_many_turns_in_many_tasks(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("echo")
    client = await make_async_client()

    async def run(said: str) -> str:
        thread = (await client.thread_start(cwd=str(workplace))).thread
        async with await client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            events = [event async for event in turn]
        end_of(events)
        return text_of(events)

    said = [f"message {number}" for number in range(6)]
    assert await asyncio.gather(*map(run, said)) == said


def test_a_held_turn_is_interrupted(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="hold")]) as turn:
        events: list[ServerNotification] = []
        assert next_delta(turn.get, events) == "Working"
        client.turn_interrupt(thread_id=thread.id, turn_id=turn.result.turn.id)
        events.extend(turn)
    assert end_of(events).status == TurnStatus.interrupted


async def test_a_held_turn_is_interrupted_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    events: list[ServerNotification] = []
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="hold")]
    ) as turn:
        async for event in turn:
            events.append(event)
            if isinstance(event, ItemAgentMessageDelta) and event.params.delta == "Working":
                await client.turn_interrupt(thread_id=thread.id, turn_id=turn.result.turn.id)
    assert end_of(events).status == TurnStatus.interrupted


def test_a_held_turn_is_steered(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="hold")]) as turn:
        events: list[ServerNotification] = []
        assert next_delta(turn.get, events) == "Working"
        steered = client.turn_steer(
            thread_id=thread.id,
            expected_turn_id=turn.result.turn.id,
            input=[TextUserInput(text="rather this")],
        )
        assert steered.turn_id == turn.result.turn.id
        events.extend(turn)
    assert end_of(events).status == TurnStatus.completed
    assert messages(events)[-1].text == "rather this"
    with pytest.raises(InvalidRequest):
        client.turn_steer(
            thread_id=thread.id, expected_turn_id="another", input=[TextUserInput(text="no")]
        )


async def test_a_held_turn_is_steered_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    events: list[ServerNotification] = []
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="hold")]
    ) as turn:
        async for event in turn:
            events.append(event)
            if isinstance(event, ItemAgentMessageDelta) and event.params.delta == "Working":
                steered = await client.turn_steer(
                    thread_id=thread.id,
                    expected_turn_id=turn.result.turn.id,
                    input=[TextUserInput(text="rather this")],
                )
                assert steered.turn_id == turn.result.turn.id
    assert end_of(events).status == TurnStatus.completed
    assert messages(events)[-1].text == "rather this"
    with pytest.raises(InvalidRequest):
        await client.turn_steer(
            thread_id=thread.id, expected_turn_id="another", input=[TextUserInput(text="no")]
        )

"""Turns that fail, and a server that dies in the middle of one (C04)."""

import asyncio
import os
import signal
import threading
from pathlib import Path

import pytest
from codex_app_server import TransportClosed
from codex_app_server.notifications import Error, ItemAgentMessageDelta, ServerNotification
from codex_app_server.types import TextUserInput, TurnStatus

from support.clients import AsyncClientFactory, ClientFactory
from turns.conftest import UseModel
from turns.events import end_of, text_of

FAILURES = {
    "fail": ("other", "The model broke down."),
    "quota": ("usageLimitExceeded", "Quota exceeded"),
    "overload": ("serverOverloaded", "at capacity"),
    "refuse": ("other", "No such request."),
    "down": ("internalServerError", "high demand"),
    "cut": ("other", "stream disconnected"),
}
"""What makes the model fail, and what the server makes of it."""


def check_failure(said: str, events: list[ServerNotification]) -> None:
    info, message = FAILURES[said]
    turn = end_of(events)
    assert turn.status == TurnStatus.failed
    assert turn.error is not None
    # The names of this union are plain strings to a type checker, and known to it.
    assert turn.error.codex_error_info == info
    assert message in turn.error.message
    (error,) = [event for event in events if isinstance(event, Error)]
    assert error.params.error == turn.error
    assert error.params.will_retry is False


def check_success(events: list[ServerNotification]) -> None:
    turn = end_of(events)
    assert (turn.status, turn.error, text_of(events)) == (TurnStatus.completed, None, "Fine.")


def test_a_failed_turn_ends_with_its_error(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("failure")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    for said in FAILURES:
        with client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            check_failure(said, list(turn))
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="again")]) as turn:
        check_success(list(turn))


async def test_a_failed_turn_ends_with_its_error_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("failure")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    for said in FAILURES:
        async with await client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            check_failure(said, [event async for event in turn])
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="again")]
    ) as turn:
        check_success([event async for event in turn])


def check_closed(error: BaseException | None) -> None:
    assert type(error) is TransportClosed
    assert error.exit_code == -signal.SIGKILL
    assert "the server's process has ended" in str(error)


def test_the_server_is_killed_in_the_middle_of_a_turn(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = make_client()
    pid = client.pid
    assert pid is not None
    thread = client.thread_start(cwd=str(workplace)).thread
    turn = client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="hold")])
    everything = client.notifications()
    other = turn.subscribe()
    waiting: list[BaseException] = []

    def wait_for_end() -> None:
        try:
            client.wait_for_turn_completed(turn.result.turn.id)
        except TransportClosed as error:
            waiting.append(error)

    waiter = threading.Thread(target=wait_for_end)
    waiter.start()
    with pytest.raises(TransportClosed) as caught:
        for event in turn:
            if isinstance(event, ItemAgentMessageDelta):
                os.kill(pid, signal.SIGKILL)
    check_closed(caught.value)
    waiter.join(20)
    check_closed(waiting[0])
    for stream in (turn, other, everything):
        with pytest.raises(TransportClosed) as caught:
            while stream.get(20) is not None:
                pass
        check_closed(caught.value)
    for _ in range(2):
        with pytest.raises(TransportClosed) as caught:
            client.thread_read(thread_id=thread.id)
        check_closed(caught.value)
        with pytest.raises(TransportClosed) as caught:
            client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="x")])
        check_closed(caught.value)
    assert client.closed
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    client.close()


async def test_the_server_is_killed_in_the_middle_of_a_turn_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("held")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    turn = await client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="hold")])
    everything = client.notifications()
    other = turn.subscribe()
    waiting = asyncio.create_task(client.wait_for_turn_completed(turn.result.turn.id))
    pid = client.pid
    assert pid is not None
    with pytest.raises(TransportClosed) as caught:
        async for event in turn:
            if isinstance(event, ItemAgentMessageDelta):
                os.kill(pid, signal.SIGKILL)
    check_closed(caught.value)
    (error,) = await asyncio.wait_for(asyncio.gather(waiting, return_exceptions=True), 20)
    assert isinstance(error, BaseException)
    check_closed(error)
    for stream in (turn, other, everything):
        with pytest.raises(TransportClosed) as caught:
            while await stream.get(20) is not None:
                pass
        check_closed(caught.value)
    for _ in range(2):
        with pytest.raises(TransportClosed) as caught:
            await client.thread_read(thread_id=thread.id)
        check_closed(caught.value)
        with pytest.raises(TransportClosed) as caught:
            await client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="x")])
        check_closed(caught.value)
    assert client.closed
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await client.close()

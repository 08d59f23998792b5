"""C07 to C09, C11: deadlines, cancelling, many calls at once, and trying again."""

import asyncio
import itertools

import pytest
from codex_app_server import (
    AsyncAppServerClient,
    InternalError,
    RequestTimeoutError,
    RetryPolicy,
    ServerBusy,
    Unknown,
)

from contract.conftest import Connect, config_for
from contract.flavour import Client
from contract.peer import FakePeer, Message

SOON = RetryPolicy(attempts=3, first_delay=0.001, max_delay=0.002)


def test_a_deadline_fails_the_call_and_drops_the_late_answer(
    connect: Connect, peer: FakePeer
) -> None:
    heard: list[Unknown] = []
    client = connect(on_unknown=heard.append)
    with pytest.raises(RequestTimeoutError, match="thread/list") as caught:
        client.do(lambda client: client.thread_list(timeout=0.05))
    assert (caught.value.method, caught.value.timeout) == ("thread/list", 0.05)
    peer.answer(peer.receive(), {"data": []})
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1
    assert heard == []


def test_the_clients_deadline_holds_where_none_is_given(connect: Connect, peer: FakePeer) -> None:
    client = connect(default_timeout=0.05)
    with pytest.raises(RequestTimeoutError):
        client.do(lambda client: client.request("made/up"))
    peer.receive()
    call = client.begin(lambda client: client.request("made/up", timeout=None))
    message = peer.receive()
    assert call.exception is not None
    peer.answer(message, "late, but in time")
    assert call.result(20) == "late, but in time"


def test_a_server_that_reads_nothing_holds_no_call_past_its_deadline(
    connect: Connect, peer: FakePeer
) -> None:
    client = connect(close_grace=0.05)
    peer.stop_reading()
    client.do(lambda client: client.notify("one more chunk"))
    big = "x" * 3_000_000
    with pytest.raises(RequestTimeoutError):
        client.do(lambda client: client.request("made/up", big, timeout=0.2))
    with pytest.raises(RequestTimeoutError):
        client.do(lambda client: client.request("made/up", timeout=0.05))


async def test_cancelling_a_call_frees_it_and_harms_no_other(peer: FakePeer) -> None:
    heard: list[Unknown] = []
    config = config_for(peer)
    config.on_unknown = heard.append
    async with AsyncAppServerClient(config) as client:
        first, second = (asyncio.create_task(client.request("made/up", n)) for n in range(2))
        messages = [await asyncio.to_thread(peer.receive) for _ in range(2)]
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        for message in messages:
            peer.answer(message, message["params"])
        assert await second == 1
    assert heard == []


async def test_a_thousand_calls_answered_backwards(peer: FakePeer) -> None:
    waiting: list[Message] = []

    def collect(message: Message) -> None:
        waiting.append(message)
        if len(waiting) == 1000:
            for one in reversed(waiting):
                peer.answer(one, one["params"])

    peer.on("made/up", collect)
    async with AsyncAppServerClient(config_for(peer)) as client:
        results = await asyncio.gather(*(client.request("made/up", n) for n in range(1000)))
    assert results == [*range(1000)]


def test_calls_from_many_threads_answered_in_any_order(client: Client, peer: FakePeer) -> None:
    numbers = itertools.count()
    calls = [
        client.begin(lambda client: client.request("made/up", next(numbers))) for _ in range(16)
    ]
    messages = [peer.receive() for _ in range(16)]
    for message in messages[::2] + messages[1::2]:
        peer.answer(message, message["params"])
    assert sorted(call.result(20) for call in calls) == [*range(16)]


class Busy:
    """Refuses calls as often as it is told to."""

    def __init__(self, peer: FakePeer, times: int, code: int = -32001) -> None:
        self.peer, self.times, self.code, self.calls = peer, times, code, 0
        peer.on("made/up", self.reply)

    def reply(self, call: Message) -> None:
        self.calls += 1
        if self.calls <= self.times:
            self.peer.refuse(call, self.code, "later")
        else:
            self.peer.answer(call, "done")


def test_overload_is_tried_again(client: Client, peer: FakePeer) -> None:
    busy = Busy(peer, 2)
    call = client.begin(
        lambda client: client.request_with_retry_on_overload("made/up", policy=SOON)
    )
    assert call.result(20) == "done"
    assert busy.calls == 3


def test_trying_again_is_bounded(client: Client, peer: FakePeer) -> None:
    busy = Busy(peer, 9)
    with pytest.raises(ServerBusy):
        client.do(lambda client: client.request_with_retry_on_overload("made/up", policy=SOON))
    assert busy.calls == 3


def test_other_errors_are_not_tried_again(client: Client, peer: FakePeer) -> None:
    busy = Busy(peer, 1, -32603)
    with pytest.raises(InternalError):
        client.do(lambda client: client.request_with_retry_on_overload("made/up", policy=SOON))
    assert busy.calls == 1


def test_a_client_may_try_all_calls_again(connect: Connect, peer: FakePeer) -> None:
    busy = Busy(peer, 2)
    client = connect(retry=SOON)
    assert client.do(lambda client: client.request("made/up")) == "done"
    assert busy.calls == 3


def test_without_being_told_to_no_call_is_repeated(client: Client, peer: FakePeer) -> None:
    busy = Busy(peer, 1)
    with pytest.raises(ServerBusy):
        client.do(lambda client: client.request("made/up"))
    assert busy.calls == 1


def test_a_policy_with_many_attempts_keeps_to_its_longest_wait() -> None:
    policy = RetryPolicy(attempts=10_000, jitter=0.0)
    assert policy.delay(9_999) == policy.max_delay

"""C23, C24, C25: a turn's stream misses nothing, holds nothing else, and ends with the turn."""

from typing import Any

import pytest
from codex_app_server import InvalidRequest, RequestTimeoutError, TransportClosed
from codex_app_server.notifications import (
    AccountLoginCompleted,
    ItemAgentMessageDelta,
    TurnCompleted,
    TurnPlanUpdated,
    TurnStarted,
)

from contract.conftest import Connect
from contract.flavour import Client, Feed
from contract.peer import FakePeer, Message


def turn(ident: str = "u", status: str = "inProgress") -> Message:
    return {"id": ident, "items": [], "status": status}


def started(peer: FakePeer, ident: str = "u", thread: str = "t") -> None:
    peer.announce("turn/started", {"threadId": thread, "turn": turn(ident)})


def delta(peer: FakePeer, text: str, ident: str = "u", thread: str = "t") -> None:
    params = {"threadId": thread, "turnId": ident, "itemId": "i", "delta": text}
    peer.announce("item/agentMessage/delta", params)


def completed(peer: FakePeer, ident: str = "u", thread: str = "t") -> None:
    peer.announce("turn/completed", {"threadId": thread, "turn": turn(ident, "completed")})


def texts(events: list[Any]) -> list[str]:
    return [event.params.delta for event in events if isinstance(event, ItemAgentMessageDelta)]


def start(client: Client, thread: str = "t") -> Feed:
    return client.follow(lambda client: client.turn_start_stream(thread_id=thread, input=[]))


def test_events_that_overtake_the_answer_are_delivered(client: Client, peer: FakePeer) -> None:
    def reply(call: Message) -> None:
        started(peer)
        delta(peer, "early ")
        delta(peer, "another's", "other")
        delta(peer, "another thread's", "u", "t2")
        peer.announce("turn/planUpdated", {"threadId": "t", "turnId": "u", "plan": []})
        peer.answer(call, {"turn": turn()})
        delta(peer, "late")
        completed(peer)
        delta(peer, "after the end")

    peer.on("turn/start", reply)
    stream = start(client)
    events = stream.rest()
    kinds = [TurnStarted, ItemAgentMessageDelta, TurnPlanUpdated, ItemAgentMessageDelta]
    assert [type(event) for event in events] == [*kinds, TurnCompleted]
    assert texts(events) == ["early ", "late"]
    assert stream.inner.id == stream.inner.result.turn.id == "u"
    assert stream.next() is None


def test_a_turn_may_be_over_before_its_answer(client: Client, peer: FakePeer) -> None:
    def reply(call: Message) -> None:
        started(peer)
        delta(peer, "all")
        completed(peer)
        peer.answer(call, {"turn": turn(status="completed")})

    peer.on("turn/start", reply)
    events = start(client).rest()
    assert [type(event) for event in events] == [TurnStarted, ItemAgentMessageDelta, TurnCompleted]
    ended = client.do(lambda client: client.wait_for_turn_completed("u", timeout=5))
    assert ended is events[-1]


def test_every_event_comes_once_and_in_order(client: Client, peer: FakePeer) -> None:
    def reply(call: Message) -> None:
        for number in range(200):
            delta(peer, str(number))
        peer.answer(call, {"turn": turn()})
        for number in range(200, 400):
            delta(peer, str(number))
        completed(peer)

    peer.on("turn/start", reply)
    assert texts(start(client).rest()) == [str(number) for number in range(400)]


def test_two_turns_that_open_at_once_in_one_thread(client: Client, peer: FakePeer) -> None:
    opening = [
        client.begin(lambda client: client.turn_start_stream(thread_id="t", input=[]))
        for _ in range(2)
    ]
    first, second = peer.receive(), peer.receive()
    for ident in ("a", "b"):
        started(peer, ident)
        delta(peer, f"{ident}'s", ident)
    peer.answer(second, {"turn": turn("b")})
    peer.answer(first, {"turn": turn("a")})
    completed(peer, "b")
    completed(peer, "a")
    by_id: dict[str, list[Any]] = {}
    for one in opening:
        feed = Feed(client, one.result(20))
        by_id[feed.inner.id] = feed.rest()
    for ident, events in by_id.items():
        assert texts(events) == [f"{ident}'s"]
        assert (type(events[0]), type(events[-1])) == (TurnStarted, TurnCompleted)
    assert sorted(by_id) == ["a", "b"]


def test_many_turns_side_by_side(client: Client, peer: FakePeer) -> None:
    names = [f"turn {number}" for number in range(20)]
    streams = []
    for name in names:
        peer.answers("turn/start", {"turn": turn(name)})
        streams.append(start(client))
    for number in range(5):
        for name in names:
            delta(peer, f"{name}: {number}", name)
    for name in names:
        completed(peer, name)
    for name, stream in zip(names, streams, strict=True):
        assert texts(stream.rest()) == [f"{name}: {number}" for number in range(5)]


def test_several_consumers_of_one_turn_see_all_of_it(client: Client, peer: FakePeer) -> None:
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    early = Feed(client, stream.inner.subscribe())
    delta(peer, "one")
    completed(peer)
    events = stream.rest()
    late = Feed(client, stream.inner.subscribe())
    assert early.rest() == events == late.rest()
    assert texts(events) == ["one"]


def test_a_stream_of_all_notifications_sees_every_turn(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    for ident in ("u", "v"):
        delta(peer, ident, ident)
    completed(peer)
    assert texts(stream.rest()) == ["u"]
    assert texts([feed.next(), feed.next()]) == ["u", "v"]


def test_a_turn_that_is_refused_leaves_no_stream(client: Client, peer: FakePeer) -> None:
    peer.on("turn/start", lambda call: peer.refuse(call, -32600, "no such thread"))
    with pytest.raises(InvalidRequest):
        start(client)
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    completed(peer)
    assert [type(event) for event in stream.rest()] == [TurnCompleted]


def test_a_closed_stream_gets_no_more(client: Client, peer: FakePeer) -> None:
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    reading = client.begin(lambda _: stream.inner.get())
    client.do(lambda _: stream.inner.close())
    assert reading.result(20) is None
    completed(peer)
    assert stream.next() is None
    ended = client.do(lambda client: client.wait_for_turn_completed("u", timeout=10))
    assert ended.params.turn.id == "u"


def test_the_end_of_the_connection_fails_the_stream(client: Client, peer: FakePeer) -> None:
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    delta(peer, "one")
    peer.exit(4)
    assert texts([stream.next()]) == ["one"]
    with pytest.raises(TransportClosed) as caught:
        stream.next()
    assert caught.value.exit_code == 4


def test_waiting_for_a_turn_has_a_deadline_only_on_demand(client: Client, peer: FakePeer) -> None:
    with pytest.raises(RequestTimeoutError):
        client.do(lambda client: client.wait_for_turn_completed("never", timeout=0.01))
    waiting = client.begin(lambda client: client.wait_for_turn_completed("u"))
    completed(peer, "v")
    completed(peer, "u")
    assert waiting.result(20).params.turn.id == "u"


LOGIN = "account/login/completed"


def test_logins_go_by_their_id_also_when_early(client: Client, peer: FakePeer) -> None:
    def reply(call: Message) -> None:
        peer.announce(LOGIN, {"success": False, "loginId": "other", "error": "no"})
        peer.announce(LOGIN, {"success": True, "loginId": "mine"})
        answer = {"type": "chatgpt", "authUrl": "https://example.com", "loginId": "mine"}
        peer.answer(call, answer)

    peer.on("account/login/start", reply)
    use = {"type": "chatgpt"}
    stream = client.follow(lambda client: client.account_login_start_stream(use))
    (event,) = stream.rest()
    assert isinstance(event, AccountLoginCompleted)
    assert (event.params.success, event.params.login_id) == (True, "mine")
    other = client.do(lambda client: client.wait_for_login_completed("other", timeout=5))
    assert other.params.success is False


def test_a_login_that_is_over_at_once_has_no_events(client: Client, peer: FakePeer) -> None:
    peer.answers("account/login/start", {"type": "apiKey"})
    use = {"type": "apiKey", "api_key": "k"}
    stream = client.follow(lambda client: client.account_login_start_stream(use))
    assert stream.inner.id is None
    assert stream.next() is None


def test_strict_mode_ends_a_turn_with_what_is_unknown(connect: Connect, peer: FakePeer) -> None:
    client = connect(strict=True)
    peer.answers("turn/start", {"turn": turn()})
    stream = start(client)
    params = {"threadId": "t", "turnId": "u", "startedAtMs": 1, "item": {"type": "novel"}}
    peer.announce("item/started", params)
    with pytest.raises(ValueError, match=r"\$\.params\.item"):
        stream.next()

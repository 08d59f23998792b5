"""C04: when the server dies, everything fails at once and says how. C05: stderr is kept."""

import os
import signal
from typing import Any

import pytest
from codex_app_server import TransportClosed
from codex_app_server.notifications import TurnStarted

from contract.conftest import Connect
from contract.flavour import Client, Use
from contract.peer import FakePeer

TURN = {"id": "u", "items": [], "status": "inProgress"}


def everything(client: Client, peer: FakePeer) -> list[Any]:
    """Calls, streams and waits of all kinds, all under way."""
    feed = client.feed()
    turn_start = client.begin(lambda client: client.turn_start_stream(thread_id="t", input=[]))
    peer.answer(peer.receive(), {"turn": TURN})
    turn = turn_start.result(20)
    pending = [
        client.begin(lambda client: client.thread_list()),
        client.begin(lambda client: client.request("made/up")),
        client.begin(lambda client: client.turn_start_stream(thread_id="t", input=[])),
        client.begin(lambda client: client.wait_for_turn_completed("u")),
        client.begin(lambda client: client.wait_for_turn_completed("unheard of")),
        client.begin(lambda client: client.next_notification()),
        client.begin(lambda _: feed.inner.get()),
        client.begin(lambda _: turn.get()),
    ]
    for _ in range(3):
        peer.receive()
    return pending


@pytest.mark.parametrize("how", ["exits", "killed"])
def test_everything_fails_at_once(how: str, client: Client, peer: FakePeer) -> None:
    pending = everything(client, peer)
    peer.complain("last words\n")
    if how == "exits":
        peer.exit(9)
    else:
        os.kill(client.inner.pid, signal.SIGKILL)
    expected = 9 if how == "exits" else -signal.SIGKILL
    errors = [call.exception(20) for call in pending]
    for error in errors:
        assert type(error) is TransportClosed
        assert error.exit_code == expected
    if how == "exits":
        assert all("last words" in str(error) for error in errors)
    assert len({id(error) for error in errors}) == len(errors)


LATER: list[tuple[str, Use]] = [
    ("a typed call", lambda client: client.thread_list()),
    ("an untyped call", lambda client: client.request("made/up", {})),
    ("a notification", lambda client: client.notify("made/up")),
    ("a turn", lambda client: client.turn_start_stream(thread_id="t", input=[])),
    ("a wait", lambda client: client.wait_for_turn_completed("u")),
    ("the next notification", lambda client: client.next_notification()),
    ("a stream", lambda client: client.notifications().get()),
]


def test_whatever_is_done_later_fails_the_same_way(client: Client, peer: FakePeer) -> None:
    peer.complain("last words\n")
    peer.exit(9)
    with pytest.raises(TransportClosed):
        client.do(lambda client: client.next_notification())
    for what, use in LATER:
        error = client.begin(use).exception(20)
        assert type(error) is TransportClosed, what
        assert (error.exit_code, error.stderr_tail) == (9, ("last words",)), what


@pytest.mark.parametrize("attempt", range(5))
def test_a_call_that_meets_the_broken_pipe_first_tells_the_same(
    attempt: int, client: Client
) -> None:
    os.kill(client.inner.pid, signal.SIGKILL)
    error = client.begin(lambda client: client.request("made/up")).exception(20)
    assert type(error) is TransportClosed
    assert error.exit_code == -signal.SIGKILL


def test_what_came_before_the_end_can_still_be_read(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    peer.announce("turn/started", {"threadId": "t", "turn": TURN})
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1
    peer.exit(0)
    assert isinstance(feed.next(), TurnStarted)
    for _ in range(2):
        with pytest.raises(TransportClosed) as caught:
            feed.next()
        assert caught.value.exit_code == 0


def test_the_last_line_needs_no_end(client: Client, peer: FakePeer) -> None:
    call = client.begin(lambda client: client.request("made/up"))
    ident = peer.receive()["id"]
    peer.send_raw(b'{"id":%d,"result":"the last"}' % ident)
    peer.exit(0)
    assert call.result(20) == "the last"


def test_a_server_that_falls_silent_is_ended(connect: Connect, peer: FakePeer) -> None:
    client = connect(close_grace=0.05)
    call = client.begin(lambda client: client.request("made/up"))
    peer.receive()
    peer.be_stubborn()
    peer.close_output()
    assert isinstance(call.exception(20), TransportClosed)
    peer.wait_until_gone()


def test_stderr_is_drained_and_its_tail_kept(connect: Connect, peer: FakePeer) -> None:
    heard: list[str] = []
    client = connect(on_stderr=heard.append)
    # More than a pipe holds, more than is kept, a line that is no UTF-8, one without an end.
    for start in range(0, 5000, 500):
        peer.complain("".join(f"line {n} {'x' * 100}\n" for n in range(start, start + 500)))
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1
    peer.complain("the end")
    peer.exit(3)
    with pytest.raises(TransportClosed) as caught:
        client.do(lambda client: client.next_notification())
    tail = caught.value.stderr_tail
    assert len(tail) == 400
    assert tail[-1] == "the end"
    assert tail[-2].startswith("line 4999 ")
    assert tail[0].startswith("line 4601 ")
    assert len(heard) == 5001
    assert list(tail) == heard[-400:] == client.inner.stderr_tail


def test_a_hook_that_raises_harms_nothing(connect: Connect, peer: FakePeer) -> None:
    def hook(line: str) -> None:
        raise RuntimeError(line)

    client = connect(on_stderr=hook)
    peer.complain("one\ntwo\n")
    peer.exit(3)
    with pytest.raises(TransportClosed) as caught:
        client.do(lambda client: client.next_notification())
    assert caught.value.stderr_tail == ("one", "two")

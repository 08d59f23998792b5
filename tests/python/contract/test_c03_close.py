"""C03: closing never raises, may be repeated, and leaves nothing of the server's process group."""

import os
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from codex_app_server import AsyncAppServerClient, ServerRequestHandlers, TransportClosed

from contract.conftest import Connect
from contract.flavour import Client
from contract.handling import set_handler
from contract.peer import FakePeer
from contract.server_requests import params_of


def is_reaped(pid: int) -> bool:
    """Whether the process is gone, and no zombie of it is left."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def ended(connection: socket.socket) -> bool:
    """Whether the process at the other end ends; waits for it."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_closing_ends_the_input_and_waits(client: Client, peer: FakePeer) -> None:
    pid = client.inner.pid
    client.close()
    peer.wait_for_end_of_input()
    peer.wait_until_gone()
    assert is_reaped(pid)
    assert client.inner.closed


def test_closing_again_is_harmless(client: Client) -> None:
    for _ in range(3):
        client.close()


def test_closing_from_many_sides_at_once(client: Client) -> None:
    for closing in [client.begin(lambda client: client.close()) for _ in range(8)]:
        assert closing.result(20) is None


def test_closing_after_death(client: Client, peer: FakePeer) -> None:
    pid = client.inner.pid
    peer.exit(9)
    with pytest.raises(TransportClosed):
        client.do(lambda client: client.next_notification())
    client.close()
    client.close()
    assert is_reaped(pid)


def test_closing_right_after_a_kill(client: Client) -> None:
    pid = client.inner.pid
    os.kill(pid, signal.SIGKILL)
    client.close()
    assert is_reaped(pid)


def test_lines_on_their_way_are_written_first(connect: Connect, peer: FakePeer) -> None:
    client = connect(close_grace=10.0)
    text = "x" * 200_000  # More than a pipe holds, so that lines are still waiting at the end.
    numbers = iter(range(20))
    for _ in range(20):
        client.do(lambda client: client.notify("made/up", [next(numbers), text]))
    client.close()
    assert [peer.receive()["params"] for _ in range(20)] == [[n, text] for n in range(20)]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_stubborn_server_is_killed(connect: Connect, peer: FakePeer) -> None:
    client = connect(close_grace=0.05)
    peer.be_stubborn()
    pid = client.inner.pid
    client.close()
    peer.wait_until_gone()
    assert is_reaped(pid)


@pytest.mark.parametrize("how", ["closed", "killed", "exits"])
def test_what_the_server_has_started_ends_with_it(
    how: str, connect: Connect, peer: FakePeer
) -> None:
    client = connect(close_grace=0.05)
    grandchild = peer.start_grandchild()
    if how == "killed":
        os.kill(client.inner.pid, signal.SIGKILL)
    elif how == "exits":
        peer.exit(0)
    else:
        client.close()
    # It holds the pipes, and would live on if it were left alone.
    assert ended(grandchild)
    if how != "closed":
        with pytest.raises(TransportClosed):
            client.do(lambda client: client.next_notification())
    client.close()


def test_calls_and_streams_end(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    call = client.begin(lambda client: client.request("made/up"))
    peer.receive()
    waiting = client.begin(lambda client: client.wait_for_turn_completed("t"))
    reading = client.begin(lambda _: feed.inner.get())
    client.close()
    for pending in (call, waiting, reading):
        assert isinstance(pending.exception(20), TransportClosed)
    with pytest.raises(TransportClosed):
        client.do(lambda client: client.request("made/up"))
    with pytest.raises(TransportClosed):
        client.do(lambda client: client.notify("made/up"))
    with pytest.raises(TransportClosed):
        client.do(lambda client: client.next_notification())


def test_a_stream_made_after_the_end_ends_at_once(client: Client) -> None:
    client.close()
    feed = client.feed()
    with pytest.raises(TransportClosed):
        feed.next()


def test_a_handler_may_close_the_client(connect: Connect, peer: FakePeer) -> None:
    done = threading.Event()
    handlers = ServerRequestHandlers()
    client = connect(handlers)

    def close(params: object) -> object:
        client.inner.close()
        done.set()
        return {"contentItems": [], "success": True}

    async def close_later(params: object) -> object:
        await client.inner.close()
        done.set()
        return {"contentItems": [], "success": True}

    is_async = isinstance(client.inner, AsyncAppServerClient)
    set_handler(handlers, "item/tool/call", close_later if is_async else close)
    peer.ask(1, "item/tool/call", params_of("item/tool/call"))
    assert done.wait(20)
    peer.wait_until_gone()
    assert client.inner.closed


def test_threads_that_wait_are_woken(client: Client, peer: FakePeer) -> None:
    with ThreadPoolExecutor(5) as pool:
        calls = [client.begin(lambda client: client.request("made/up")) for _ in range(5)]
        outcomes = [pool.submit(call.exception, 20) for call in calls]
        for _ in calls:
            peer.receive()
        client.close()
        assert all(isinstance(one.result(), TransportClosed) for one in outcomes)

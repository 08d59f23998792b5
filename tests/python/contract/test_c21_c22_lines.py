"""C21, C22: lines of any length, in any shape, and readers that don't read."""

import pytest
from codex_app_server import Overflow, Unknown

from contract.conftest import Connect
from contract.flavour import Client
from contract.peer import FakePeer
from contract.server_requests import params_of


def delta(text: str) -> dict[str, object]:
    return {"threadId": "t", "turnId": "u", "itemId": "i", "delta": text}


def test_lines_of_64_mib(connect: Connect, peer: FakePeer) -> None:
    client = connect(default_timeout=None)
    size = 64 << 20
    text = "x" * size
    peer.on("big", lambda call: peer.answer(call, [len(call["params"]), "y" * size]))
    sent, received = client.begin(lambda client: client.request("big", text)).result(60)
    assert (sent, len(received)) == (size, size)


def test_line_ends_of_all_kinds(client: Client, peer: FakePeer) -> None:
    call = client.begin(lambda client: client.request("made/up"))
    ident = peer.receive()["id"]
    peer.send_raw(b"\r\n\n   \n\t\r\n")
    peer.send_raw(b'  { "result" :\t"x", "id" : %d }  \r\n' % ident)
    assert call.result(20) == "x"


def test_bytes_that_are_no_utf8_are_skipped(connect: Connect, peer: FakePeer) -> None:
    heard: list[Unknown] = []
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    peer.send_raw(b'\xff\xfe\n{"method":"thread/archived","params":{"threadId":"\xff"}}\n')
    peer.announce("thread/archived", {"threadId": "after"})
    assert feed.next().params.thread_id == "after"
    assert [one.kind for one in heard] == ["message", "message"]


def test_a_line_may_come_in_pieces(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    for byte in '{"method":"thread/archived","params":{"threadId":"é\U0001f600"}}\n'.encode():
        peer.send_raw(bytes([byte]))
    assert feed.next().params.thread_id == "é\U0001f600"


def test_a_request_whose_id_comes_last_is_a_request(client: Client, peer: FakePeer) -> None:
    method = "item/fileChange/requestApproval"
    peer.send({"method": method, "params": params_of(method), "id": 3})
    assert peer.receive() == {"id": 3, "result": {"decision": "decline"}}
    peer.send({"method": "thread/archived", "params": {"threadId": "t"}, "id": 4})
    answer = peer.receive()
    assert (answer["id"], answer["error"]["code"]) == (4, -32601)
    peer.send({"method": "novel/thing", "params": {}, "id": "five"})
    answer = peer.receive()
    assert (answer["id"], answer["error"]["code"]) == ("five", -32601)


@pytest.mark.parametrize("ident", [0, -1, 2**53, "", "1", "é", 'a "quoted" \\ id'])
def test_ids_come_back_as_they_were(ident: int | str, client: Client, peer: FakePeer) -> None:
    peer.ask(ident, "novel/thing", {})
    answer = peer.receive()
    assert answer["id"] == ident
    assert type(answer["id"]) is type(ident)


def test_a_reader_that_falls_behind_loses_the_oldest(connect: Connect, peer: FakePeer) -> None:
    told: list[Overflow] = []
    client = connect(queue_size=10, on_overflow=told.append)
    feed = client.feed()
    peer.announce("item/agentMessage/delta", delta("first"))
    assert feed.next().params.delta == "first"
    for number in range(1000):
        peer.announce("item/agentMessage/delta", delta(str(number)))
    # It stalls no call, and by the call's answer all of them have come.
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1
    left = [feed.next().params.delta for _ in range(10)]
    assert left == [str(number) for number in range(990, 1000)]
    assert feed.inner.dropped == 990
    mine = [one.dropped for one in told if one.stream == "notifications"]
    assert mine == sorted(mine)
    assert 1 <= len(mine) < 15


def test_a_flood_while_a_big_request_is_written(client: Client, peer: FakePeer) -> None:
    for _ in range(5_000):
        peer.announce("item/agentMessage/delta", delta("x" * 200))
    peer.on("big", lambda call: peer.answer(call, len(call["params"])))
    text = "y" * 5_000_000
    assert client.do(lambda client: client.request("big", text)) == 5_000_000

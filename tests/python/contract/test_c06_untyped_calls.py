"""C06: beside the typed calls there are untyped ones."""

import pytest

from contract.flavour import Client
from contract.peer import SERVER_INFO, FakePeer


def test_a_request_gives_plain_json(client: Client, peer: FakePeer) -> None:
    call = client.begin(lambda client: client.request("made/up", {"key": [1, None, "é"]}))
    message = peer.receive()
    assert (message["method"], message["params"]) == ("made/up", {"key": [1, None, "é"]})
    peer.answer(message, {"any": ["thing", None]})
    assert call.result() == {"any": ["thing", None]}


@pytest.mark.parametrize("result", [None, 0, "", [], False])
def test_a_result_is_any_json(client: Client, peer: FakePeer, result: object) -> None:
    peer.answers("made/up", result)
    assert client.do(lambda client: client.request("made/up")) == result


def test_params_left_out_are_not_sent(client: Client, peer: FakePeer) -> None:
    call = client.begin(lambda client: client.request("made/up"))
    message = peer.receive()
    assert "params" not in message
    peer.answer(message, {})
    call.result()


def test_params_of_none_are_null(client: Client, peer: FakePeer) -> None:
    call = client.begin(lambda client: client.request("made/up", None))
    message = peer.receive()
    assert message["params"] is None
    peer.answer(message, {})
    call.result()


def test_a_notification_has_no_id(client: Client, peer: FakePeer) -> None:
    client.do(lambda client: client.notify("made/up", {"a": 1}))
    assert peer.receive() == {"method": "made/up", "params": {"a": 1}}
    client.do(lambda client: client.notify("made/up"))
    assert peer.receive() == {"method": "made/up"}


def test_a_typed_call_gives_its_type(client: Client, peer: FakePeer) -> None:
    from codex_app_server.types import ThreadReadResponse

    call = client.begin(lambda client: client.thread_archive(thread_id="t"))
    message = peer.receive()
    assert (message["method"], message["params"]) == ("thread/archive", {"threadId": "t"})
    peer.answer(message, {})
    assert type(call.result()).__name__ == "ThreadArchiveResponse"
    assert ThreadReadResponse.__name__ == "ThreadReadResponse"


def test_the_greeting_is_exposed(client: Client) -> None:
    info = client.inner.server_info
    assert info.user_agent == SERVER_INFO["userAgent"]
    assert info.codex_home == SERVER_INFO["codexHome"]

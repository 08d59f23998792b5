"""C12: what is experimental fails locally on a client that didn't opt in."""

from typing import Any

import pytest
from codex_app_server import ExperimentalApiError

from contract.conftest import Connect
from contract.flavour import Client, Use
from contract.peer import FakePeer

CALLS: list[tuple[str, Use]] = [
    ("thread/search", lambda client: client.thread_search(search_term="x")),
    ("memory/reset", lambda client: client.memory_reset()),
    ("memory/reset", lambda client: client.request("memory/reset", {})),
]


@pytest.mark.parametrize(("method", "use"), CALLS)
def test_without_the_opt_in_nothing_is_sent(
    method: str, use: Use, connect: Connect, peer: FakePeer
) -> None:
    client = connect(experimental_api=False)
    with pytest.raises(ExperimentalApiError, match="experimental_api=True") as caught:
        client.do(use)
    assert caught.value.method == method
    assert method in str(caught.value)
    # The next call is the first thing that the server hears.
    call = client.begin(lambda client: client.thread_archive(thread_id="t"))
    message = peer.receive()
    assert message["method"] == "thread/archive"
    peer.answer(message, {})
    call.result()


@pytest.mark.parametrize(("method", "use"), CALLS)
def test_with_it_the_call_is_made(method: str, use: Use, client: Client, peer: FakePeer) -> None:
    call = client.begin(use)
    message = peer.receive()
    assert message["method"] == method
    peer.refuse(message, -32000, "enough")
    assert call.exception() is not None


@pytest.mark.parametrize("opted_in", [True, False])
def test_the_server_is_told(opted_in: bool, connect: Connect, peer: FakePeer) -> None:
    connect(experimental_api=opted_in)
    assert peer.greeting is not None
    params: dict[str, Any] = peer.greeting["params"]
    assert params["capabilities"]["experimentalApi"] is opted_in

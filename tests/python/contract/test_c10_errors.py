"""C10: the server's errors become classes by their code; one predicate tells what is retryable."""

import codex_app_server as sdk
import pytest

from contract.flavour import Client
from contract.peer import FakePeer

CODES: list[tuple[int, type[sdk.JsonRpcError]]] = [
    (-32700, sdk.ParseError),
    (-32600, sdk.InvalidRequest),
    (-32601, sdk.MethodNotFound),
    (-32602, sdk.InvalidParams),
    (-32603, sdk.InternalError),
    (-32001, sdk.ServerBusy),
    (-32000, sdk.ServerError),
    (-32050, sdk.ServerError),
    (-32099, sdk.ServerError),
    (-32100, sdk.JsonRpcError),
    (-31999, sdk.JsonRpcError),
    (-32604, sdk.JsonRpcError),
    (0, sdk.JsonRpcError),
    (42, sdk.JsonRpcError),
]

OVERLOAD: list[object] = [
    "serverOverloaded",
    "server_overloaded",
    "SERVER-OVERLOADED",
    {"codexErrorInfo": "serverOverloaded"},
    {"codex_error_info": "server_overloaded"},
    {"info": {"serverOverloaded": {"after": 3}}},
    {"info": [{"reason": "server_overloaded"}]},
]


def failure(client: Client, peer: FakePeer, code: int, message: str, **more: object) -> object:
    """What a call raises that the server refuses so."""
    peer.on("thread/read", lambda call: peer.refuse(call, code, message, **more))
    return client.begin(lambda client: client.thread_read(thread_id="t")).exception(20)


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_a_code_has_its_class(
    code: int, kind: type[sdk.JsonRpcError], client: Client, peer: FakePeer
) -> None:
    error = failure(client, peer, code, "so it is", data={"more": [1]})
    assert type(error) is kind
    assert (error.code, error.message, error.data) == (code, "so it is", {"more": [1]})
    assert error.method == "thread/read"
    for word in ("thread/read", "so it is", str(code)):
        assert word in str(error)
    assert sdk.is_retryable_error(error) is (code == -32001)


def test_classes_form_a_family() -> None:
    assert issubclass(sdk.RetryLimitExceeded, sdk.ServerBusy)
    assert issubclass(sdk.ServerBusy, sdk.ServerError)
    family: list[type[Exception]] = [sdk.ServerError, *(kind for _, kind in CODES)]
    for kind in family:
        assert issubclass(kind, sdk.JsonRpcError)
        assert issubclass(kind, sdk.SdkError)


def test_data_may_be_missing(client: Client, peer: FakePeer) -> None:
    error = failure(client, peer, -32602, "no")
    assert isinstance(error, sdk.InvalidParams)
    assert error.data is None


@pytest.mark.parametrize("code", [-32000, -32603, -32600, 7])
def test_every_spelling_of_overload_is_busy(code: int, client: Client, peer: FakePeer) -> None:
    for data in OVERLOAD:
        error = failure(client, peer, code, "later", data=data)
        assert type(error) is sdk.ServerBusy
        assert (error.code, error.data) == (code, data)
        assert sdk.is_retryable_error(error)


@pytest.mark.parametrize("data", [None, "overloading", {"reason": "rateLimitExceeded"}, 5])
def test_other_data_are_not_overload(data: object, client: Client, peer: FakePeer) -> None:
    error = failure(client, peer, -32000, "no", data=data)
    assert type(error) is sdk.ServerError
    assert not sdk.is_retryable_error(error)


@pytest.mark.parametrize("message", ["exceeded retry limit, last status: 429", "Retry limit hit"])
def test_a_retry_limit_is_told_apart(message: str, client: Client, peer: FakePeer) -> None:
    error = failure(client, peer, -32001, message)
    assert type(error) is sdk.RetryLimitExceeded
    assert sdk.is_retryable_error(error)


def test_a_retry_limit_without_overload_is_no_overload(client: Client, peer: FakePeer) -> None:
    assert type(failure(client, peer, -32603, "retry limit")) is sdk.InternalError


@pytest.mark.parametrize("error", ["text", 5, [], {}, {"code": "-32600"}, {"message": "m"}])
def test_an_error_that_is_none_fails_the_call(
    error: object, client: Client, peer: FakePeer
) -> None:
    peer.on("thread/read", lambda call: peer.send({"id": call["id"], "error": error}))
    with pytest.raises(sdk.SdkError):
        client.do(lambda client: client.thread_read(thread_id="t"))


def test_an_untyped_call_fails_the_same_way(client: Client, peer: FakePeer) -> None:
    peer.on("made/up", lambda call: peer.refuse(call, -32601, "what?"))
    with pytest.raises(sdk.MethodNotFound) as caught:
        client.do(lambda client: client.request("made/up"))
    assert caught.value.method == "made/up"


def test_other_errors_are_not_retryable() -> None:
    for error in (ValueError(), sdk.TransportClosed("x"), sdk.RequestTimeoutError("m", 1.0)):
        assert not sdk.is_retryable_error(error)

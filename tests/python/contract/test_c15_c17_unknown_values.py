"""C15, C16, C17: variants, enum values and members that the schema lacks are kept and sent back."""

import copy
import pickle
from typing import Any

import pytest
from codex_app_server import DecodeError, UnknownVariant
from codex_app_server.types import (
    AgentMessageThreadItem,
    CodexErrorInfoHttpConnectionFailed,
    HttpConnectionFailedCodexErrorInfo,
    TextUserInput,
    ThreadReadResponse,
    TurnStatus,
    UserMessageThreadItem,
)

from contract import wire_schema
from contract.flavour import Client
from contract.peer import FakePeer


def thread_with(*items: object, **turn: object) -> dict[str, Any]:
    """The answer of `thread/read`: one thread of one turn."""
    answer: dict[str, Any] = wire_schema.sample(wire_schema.definition("ThreadReadResponse"))
    one = {"id": "u", "items": list(items), "status": "completed", **turn}
    answer["thread"]["turns"] = [one]
    return answer


def read(client: Client, peer: FakePeer, answer: object) -> ThreadReadResponse:
    peer.answers("thread/read", answer)
    result = client.do(lambda client: client.thread_read(thread_id="t"))
    assert isinstance(result, ThreadReadResponse)
    return result


def encoded(result: ThreadReadResponse) -> object:
    return result.model_dump(mode="json", exclude_unset=True)


NOVEL = {"type": "novel", "id": "i", "deep": [{"a": None}], "number": 1.5}
MESSAGE = {"type": "agentMessage", "id": "m", "text": "hello"}


def test_an_unknown_variant_holds_tag_and_value(client: Client, peer: FakePeer) -> None:
    answer = thread_with(MESSAGE, NOVEL)
    result = read(client, peer, answer)
    message, novel = result.thread.turns[0].items
    assert isinstance(message, AgentMessageThreadItem)
    assert message.text == "hello"
    assert novel == UnknownVariant("novel", NOVEL)
    # What unchecked code asks of every item.
    items: list[Any] = [message, novel]
    assert [item.type for item in items] == ["agentMessage", "novel"]
    assert copy.copy(novel) == pickle.loads(pickle.dumps(novel)) == novel
    with pytest.raises(AttributeError, match="'novel' has no 'status'"):
        _ = items[1].status
    assert encoded(result) == answer


def test_an_unknown_variant_inside_a_known_one(client: Client, peer: FakePeer) -> None:
    image = {"type": "hologram", "url": "x"}
    content = [{"type": "text", "text": "hi"}, image]
    answer = thread_with({"type": "userMessage", "id": "i", "content": content})
    result = read(client, peer, answer)
    (item,) = result.thread.turns[0].items
    assert isinstance(item, UserMessageThreadItem)
    text, unknown = item.content
    assert isinstance(text, TextUserInput)
    assert unknown == UnknownVariant("hologram", image)
    assert encoded(result) == answer


@pytest.mark.parametrize(
    "item",
    [
        {"type": "agentMessage", "id": "m"},
        {"type": "agentMessage", "id": 5, "text": "hello"},
        {"id": "m", "text": "hello"},
        {"type": None, "id": "m"},
        {"type": ["agentMessage"]},
        "agentMessage",
        None,
    ],
)
def test_a_malformed_variant_is_an_error(item: object, client: Client, peer: FakePeer) -> None:
    with pytest.raises(DecodeError) as caught:
        read(client, peer, thread_with(MESSAGE, item))
    assert caught.value.method == "thread/read"
    assert all(one.startswith("$.result.thread.turns[0].items[1]") for one in caught.value.problems)


def test_an_error_is_about_the_variant_that_was_meant(client: Client, peer: FakePeer) -> None:
    with pytest.raises(DecodeError) as caught:
        read(client, peer, thread_with({"type": "agentMessage", "id": "m"}))
    (problem,) = caught.value.problems
    assert problem.startswith("$.result.thread.turns[0].items[0].text: ")


@pytest.mark.parametrize("info", ["solarFlare", {"solarFlare": {"strength": 9}}, {"a": 1, "b": 2}])
def test_an_unknown_name_of_an_external_union(info: object, client: Client, peer: FakePeer) -> None:
    answer = thread_with(error={"message": "m", "codexErrorInfo": info}, status="failed")
    result = read(client, peer, answer)
    error = result.thread.turns[0].error
    assert error is not None
    assert isinstance(error.codex_error_info, UnknownVariant)
    assert error.codex_error_info.raw == info
    expected = (
        {"a": None}.get(next(iter(info)))
        if isinstance(info, dict) and len(info) > 1
        else "solarFlare"
    )
    assert error.codex_error_info.tag == expected
    assert encoded(result) == answer


def test_a_known_name_of_an_external_union(client: Client, peer: FakePeer) -> None:
    info = {"httpConnectionFailed": {"httpStatusCode": 503}}
    answer = thread_with(error={"message": "m", "codexErrorInfo": info})
    error = read(client, peer, answer).thread.turns[0].error
    assert error is not None
    assert isinstance(error.codex_error_info, HttpConnectionFailedCodexErrorInfo)
    failed = error.codex_error_info.http_connection_failed
    assert isinstance(failed, CodexErrorInfoHttpConnectionFailed)
    assert failed.http_status_code == 503


@pytest.mark.parametrize("body", [{"httpStatusCode": "503"}, None, 5])
def test_a_known_name_with_a_malformed_body_is_an_error(
    body: object, client: Client, peer: FakePeer
) -> None:
    error = {"message": "m", "codexErrorInfo": {"httpConnectionFailed": body}}
    with pytest.raises(DecodeError, match="httpConnectionFailed"):
        read(client, peer, thread_with(error=error))


def test_an_unknown_enum_value_is_a_string(client: Client, peer: FakePeer) -> None:
    answer = thread_with(status="pondering")
    result = read(client, peer, answer)
    status = result.thread.turns[0].status
    assert isinstance(status, TurnStatus)
    assert not status.is_known
    assert status == "pondering"
    assert f"{status} {status!s}" == "pondering pondering"
    by_name: dict[str, int] = {status: 1}
    assert by_name["pondering"] == 1
    assert status != TurnStatus.completed
    assert "pondering" not in [member.value for member in TurnStatus]
    assert encoded(result) == answer


def test_a_known_enum_value_is_its_member(client: Client, peer: FakePeer) -> None:
    status = read(client, peer, thread_with(status="inProgress")).thread.turns[0].status
    assert status is TurnStatus.in_progress
    assert str(status) == "inProgress"
    assert status.is_known


@pytest.mark.parametrize("status", [5, None, True, ["completed"]])
def test_an_enum_value_must_be_a_string(status: object, client: Client, peer: FakePeer) -> None:
    with pytest.raises(DecodeError, match="status"):
        read(client, peer, thread_with(status=status))


def test_unknown_members_are_kept_at_every_depth(client: Client, peer: FakePeer) -> None:
    novel = {"deep": [None, {"x": 1}]}
    answer = thread_with({**MESSAGE, "novelOne": novel}, novelTwo=novel)
    answer["novelThree"] = novel
    result = read(client, peer, answer)
    turn = result.thread.turns[0]
    assert (result.model_extra, turn.model_extra) == ({"novelThree": novel}, {"novelTwo": novel})
    assert encoded(result) == answer


def test_what_was_unknown_can_be_sent_back(client: Client, peer: FakePeer) -> None:
    text = {"type": "text", "text": "hi", "novel": [1]}
    unknown = {"type": "hologram", "url": "x"}
    answer = thread_with({"type": "userMessage", "id": "i", "content": [text, unknown]})
    (item,) = read(client, peer, answer).thread.turns[0].items
    assert isinstance(item, UserMessageThreadItem)
    call = client.begin(lambda client: client.turn_start(thread_id="t", input=item.content))
    message = peer.receive()
    assert message["params"] == {"threadId": "t", "input": [text, unknown]}
    peer.answer(message, {"turn": {"id": "u", "items": [], "status": "inProgress"}})
    call.result()


def test_an_unknown_value_can_be_sent_on_purpose(client: Client, peer: FakePeer) -> None:
    novel = UnknownVariant("novel", {"type": "novel", "a": None})
    call = client.begin(
        lambda client: client.turn_start(
            thread_id="t", input=[novel], approval_policy=UnknownVariant("sometimes", "sometimes")
        )
    )
    message = peer.receive()
    assert message["params"]["input"] == [{"type": "novel", "a": None}]
    assert message["params"]["approvalPolicy"] == "sometimes"
    peer.answer(message, {"turn": {"id": "u", "items": [], "status": "inProgress"}})
    call.result()

"""C18: one hook hears of all that the schema lacks, with its place; strict mode makes it errors."""

from typing import Any

import pytest
from codex_app_server import Unknown, UnknownValueError
from codex_app_server.notifications import ThreadArchived, UnknownNotification

from contract import wire_schema
from contract.conftest import Connect
from contract.peer import FakePeer

NOVEL = {"type": "novel", "id": "i"}


class Heard(list[Unknown]):
    """What the hook was told."""

    def places(self) -> list[tuple[str, str | None, str, Any]]:
        return [(one.kind, one.method, one.path, one.raw) for one in self]


def thread_of(*items: object, status: object = "completed") -> dict[str, Any]:
    answer: dict[str, Any] = wire_schema.sample(wire_schema.definition("ThreadReadResponse"))
    answer["thread"]["turns"] = [{"id": "u", "items": list(items), "status": status}]
    return answer


def item_started(item: object) -> dict[str, Any]:
    return {"threadId": "t", "turnId": "u", "startedAtMs": 1, "item": item}


def test_a_result_with_unknown_values(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    content = [{"type": "text", "text": "x"}, {"type": "hologram"}]
    message = {"type": "userMessage", "id": "m", "content": content}
    peer.answers("thread/read", thread_of(message, NOVEL, status="pondering"))
    client.do(lambda client: client.thread_read(thread_id="t"))
    turn = "$.result.thread.turns[0]"
    assert sorted(heard.places(), key=str) == [
        ("enum_value", "thread/read", f"{turn}.status", "pondering"),
        ("variant", "thread/read", f"{turn}.items[0].content[1]", {"type": "hologram"}),
        ("variant", "thread/read", f"{turn}.items[1]", NOVEL),
    ]


def test_a_result_without_unknown_values_is_no_news(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    peer.answers("thread/read", thread_of({"type": "contextCompaction", "id": "i", "new": 1}))
    client.do(lambda client: client.thread_read(thread_id="t"))
    assert heard == []


def test_an_undecodable_result(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    peer.answers("thread/read", {"thread": 5})
    with pytest.raises(ValueError, match=r"\$\.result\.thread") as caught:
        client.do(lambda client: client.thread_read(thread_id="t"))
    assert heard.places() == [("undecodable", "thread/read", "$.result", {"thread": 5})]
    assert heard[0].error is caught.value


def test_a_notification_with_unknown_values(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    peer.announce("item/started", item_started(NOVEL))
    feed.next()
    assert heard.places() == [("variant", "item/started", "$.params.item", NOVEL)]


def test_a_value_under_an_odd_key_has_a_quoted_place(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    agents = {"agent one": {"status": "pondering"}}
    item = wire_schema.sample(wire_schema.definition("ThreadItem")["oneOf"][10])
    assert item["type"] == "collabAgentToolCall"
    peer.announce("item/started", item_started({**item, "agentsStates": agents}))
    feed.next()
    place = '$.params.item.agentsStates["agent one"].status'
    assert heard.places() == [("enum_value", "item/started", place, "pondering")]


def test_an_unknown_method(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    peer.ask(1, "novel/request", {"a": 1})
    peer.receive()
    assert heard.places() == [("method", "novel/request", "$.method", {"a": 1})]
    assert not client.inner.closed


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"plain words", "not JSON"),
        (b"[1, 2]", "not an object"),
        (b'"text"', "not an object"),
        (b"{}", "neither a method nor an id"),
        (b'{"id": 1}', "neither a result nor an error"),
        (b'{"id": 99, "result": {}}', "99"),
        (b'{"id": "1", "result": {}}', "1"),
        (b'{"method": "thread/archived", "params": {"threadId": "t"}', "not JSON"),
        (b'{"method": "thread/archived", "params": {"threadId": nope}}', "not JSON"),
        (b'{"id": [1], "method": "item/tool/call", "params": {}}', "id"),
    ],
)
def test_a_line_that_is_no_message(
    line: bytes, reason: str, connect: Connect, peer: FakePeer
) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    peer.send_raw(line + b"\n")
    peer.announce("thread/archived", {"threadId": "after"})
    assert feed.next().params.thread_id == "after"
    assert heard.places() == [("message", None, "$", line.decode())]
    assert reason in str(heard[0].error)


def test_a_hook_that_raises_harms_nothing(connect: Connect, peer: FakePeer) -> None:
    def hook(unknown: Unknown) -> None:
        raise RuntimeError("from the hook")

    client = connect(on_unknown=hook)
    feed = client.feed()
    peer.announce("novel/thing", {})
    peer.announce("thread/archived", {"threadId": "after"})
    assert type(feed.next()) is UnknownNotification
    assert type(feed.next()) is ThreadArchived


STRICT = [
    pytest.param("novel/thing", {}, id="method"),
    pytest.param("item/started", item_started(NOVEL), id="variant"),
    pytest.param("thread/archived", {"threadId": 1}, id="undecodable"),
]


def test_strict_mode_refuses_a_result(connect: Connect, peer: FakePeer) -> None:
    heard = Heard()
    client = connect(on_unknown=heard.append, strict=True)
    peer.answers("thread/read", thread_of(NOVEL))
    with pytest.raises(UnknownValueError) as caught:
        client.do(lambda client: client.thread_read(thread_id="t"))
    assert caught.value.method == "thread/read"
    assert "$.result.thread.turns[0].items[0]" in caught.value.problems[0]
    assert len(heard) == 1
    peer.answers("thread/read", thread_of())
    client.do(lambda client: client.thread_read(thread_id="t"))


@pytest.mark.parametrize(("method", "params"), STRICT)
def test_strict_mode_ends_the_streams(
    method: str, params: object, connect: Connect, peer: FakePeer
) -> None:
    client = connect(strict=True)
    feed = client.feed()
    peer.announce("thread/archived", {"threadId": "before"})
    peer.announce(method, params)
    assert feed.next().params.thread_id == "before"
    with pytest.raises(UnknownValueError) as caught:
        feed.next()
    assert caught.value.method == method
    # The connection goes on.
    peer.answers("thread/archive", {})
    client.do(lambda client: client.thread_archive(thread_id="t"))


def test_strict_mode_declines_what_it_does_not_understand(connect: Connect, peer: FakePeer) -> None:
    connect(strict=True)
    params = {"itemId": "i", "startedAtMs": 1, "threadId": "t", "turnId": "u", "kind": "novel"}
    peer.ask(1, "item/commandExecution/requestApproval", params)
    assert peer.receive() == {"id": 1, "result": {"decision": "decline"}}

"""C14: notifications arrive as method and typed payload, and nothing unknown stops them."""

from typing import Any

import pytest
from codex_app_server import DecodeError, Unknown
from codex_app_server import notifications as known
from codex_app_server.notifications import REGISTRY, UnknownNotification
from pydantic import BaseModel

from contract import wire_schema
from contract.conftest import Connect
from contract.flavour import Client
from contract.peer import FakePeer

METHODS = wire_schema.messages("ServerNotification")

ALIASES = {
    "account/loginCompleted": known.AccountLoginCompleted,
    "account/rateLimitsUpdated": known.AccountRateLimitsUpdated,
    "app/listUpdated": known.AppListUpdated,
    "commandExecution/outputDelta": known.ItemCommandExecutionOutputDelta,
    "config/warning": known.ConfigWarning,
    "context/compacted": known.ThreadCompacted,
    "fileChange/outputDelta": known.ItemFileChangeOutputDelta,
    "mcp/serverOauthLoginCompleted": known.McpServerOauthLoginCompleted,
    "mcp/toolCallProgress": known.ItemMcpToolCallProgress,
    "plan/delta": known.ItemPlanDelta,
    "reasoning/summaryPartAdded": known.ItemReasoningSummaryPartAdded,
    "reasoning/summaryTextDelta": known.ItemReasoningSummaryTextDelta,
    "reasoning/textDelta": known.ItemReasoningTextDelta,
    "terminal/interaction": known.ItemCommandExecutionTerminalInteraction,
    "thread/nameUpdated": known.ThreadNameUpdated,
    "thread/tokenUsageUpdated": known.ThreadTokenUsageUpdated,
    "turn/diffUpdated": known.TurnDiffUpdated,
    "turn/planUpdated": known.TurnPlanUpdated,
}
"""What older servers send, and what it is today."""


def encoded(params: object) -> object:
    if isinstance(params, BaseModel):
        return params.model_dump(mode="json", exclude_unset=True)
    return params


def test_every_notification_arrives_as_its_class(client: Client, peer: FakePeer) -> None:
    assert len(METHODS) == 85
    feed = client.feed()
    for method, schema in METHODS.items():
        for full in (False, True):
            params = wire_schema.sample(schema, full=full)
            peer.announce(method, params, emittedAtMs=1_700_000_000_000)
            event = feed.next()
            assert type(event) is REGISTRY[method], method
            assert event.method == method
            assert encoded(event.params) == params
            assert event.emitted_at_ms == 1_700_000_000_000


def test_the_time_of_sending_may_be_missing(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    peer.announce("thread/archived", {"threadId": "t"})
    assert feed.next().emitted_at_ms is None


def test_all_eighteen_aliases_are_covered() -> None:
    assert len(ALIASES) == 18
    assert {name: kind.method for name, kind in ALIASES.items()} == dict(known.ALIASES)


@pytest.mark.parametrize("legacy", ALIASES)
def test_a_legacy_name_stands_for_todays(legacy: str, connect: Connect, peer: FakePeer) -> None:
    heard: list[Unknown] = []
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    kind = ALIASES[legacy]
    params = wire_schema.sample(METHODS[kind.method])
    peer.announce(legacy, params)
    event = feed.next()
    assert type(event) is kind
    assert event.method == kind.method
    assert encoded(event.params) == params
    assert heard == []


@pytest.mark.parametrize("params", [{"any": [1, None]}, None, [1], "text"])
def test_an_unknown_method_keeps_its_params(
    params: object, connect: Connect, peer: FakePeer
) -> None:
    heard: list[Unknown] = []
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    peer.announce("novel/thing", params, emittedAtMs=7)
    event = feed.next()
    assert type(event) is UnknownNotification
    assert (event.wire_method, event.params, event.error) == ("novel/thing", params, None)
    assert event.emitted_at_ms == 7
    assert [(one.kind, one.method) for one in heard] == [("method", "novel/thing")]


def test_an_unknown_method_may_have_no_params(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    peer.send({"method": "novel/thing"})
    event = feed.next()
    assert (event.wire_method, event.params) == ("novel/thing", None)


def test_legacy_events_of_the_core_are_unknown_notifications(
    client: Client, peer: FakePeer
) -> None:
    feed = client.feed()
    params = {"id": "", "conversationId": "", "msg": {"type": "task_started", "model": None}}
    peer.announce("codex/event/task_started", params)
    event = feed.next()
    assert (event.wire_method, event.params) == ("codex/event/task_started", params)


UNDECODABLE: list[tuple[str, Any, str]] = [
    ("thread/archived", {}, "$.params.threadId"),
    ("thread/archived", {"threadId": 5}, "$.params.threadId"),
    ("thread/archived", None, "$.params"),
    ("turn/started", {"threadId": "t", "turn": {"id": "u", "items": []}}, "$.params.turn.status"),
    (
        "item/started",
        {"threadId": "t", "turnId": "u", "startedAtMs": 1, "item": {"type": "agentMessage"}},
        "$.params.item",
    ),
]


@pytest.mark.parametrize(("method", "params", "place"), UNDECODABLE)
def test_a_known_method_that_does_not_decode_is_kept(
    method: str, params: Any, place: str, connect: Connect, peer: FakePeer
) -> None:
    heard: list[Unknown] = []
    client = connect(on_unknown=heard.append)
    feed = client.feed()
    peer.announce(method, params)
    peer.announce("thread/archived", {"threadId": "after"})
    event = feed.next()
    assert type(event) is UnknownNotification
    assert (event.wire_method, event.params) == (method, params)
    assert isinstance(event.error, DecodeError)
    assert place in str(event.error)
    assert [(one.kind, one.method, one.raw) for one in heard] == [("undecodable", method, params)]
    assert heard[0].error is event.error
    assert feed.next().params.thread_id == "after"


def test_next_notification_gives_each_once(client: Client, peer: FakePeer) -> None:
    for number in range(3):
        peer.announce("thread/archived", {"threadId": str(number)})
    got = [client.do(lambda client: client.next_notification(10)) for _ in range(3)]
    assert [event.params.thread_id for event in got] == ["0", "1", "2"]


def test_every_consumer_sees_all(client: Client, peer: FakePeer) -> None:
    feeds = [client.feed(), client.feed()]
    for number in range(3):
        peer.announce("thread/archived", {"threadId": str(number)})
    for feed in feeds:
        assert [feed.next().params.thread_id for _ in range(3)] == ["0", "1", "2"]


def test_members_may_come_in_any_order(client: Client, peer: FakePeer) -> None:
    feed = client.feed()
    peer.send_raw(b'{"params":{"threadId":"a"},"emittedAtMs":3,"method":"thread/archived"}\r\n\n')
    peer.send_raw(b' { "jsonrpc": "2.0", "method": "thread/\\u0061rchived", "params": {"threadId":')
    peer.send_raw(b'"b"} }\n')
    first, second = feed.next(), feed.next()
    assert type(first) is type(second) is known.ThreadArchived
    assert (first.params.thread_id, first.emitted_at_ms) == ("a", 3)
    assert second.params.thread_id == "b"

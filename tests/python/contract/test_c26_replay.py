"""C26: clients that replay recordings, without a server."""

import json
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import (
    AppServerConfig,
    ServerRequestHandlers,
    StartError,
    TransportClosed,
    Unknown,
)
from codex_app_server.notifications import ItemAgentMessageDelta, TurnCompleted, TurnStarted
from codex_app_server.types import (
    CommandExecutionRequestApprovalParams,
    CommandExecutionRequestApprovalResponse,
)

from contract.flavour import Client, Flavour
from contract.recordings import client_says, record, replay, server_says, turn

COMMITTED = Path(__file__).parents[2] / "recordings" / "turn.jsonl"


def failure_of(client: Client, method: str, *params: Any) -> Exception:
    error = client.begin(lambda c: c.request(method, *params)).exception(20)
    assert isinstance(error, Exception)
    return error


def test_the_committed_recording_is_replayed(flavour: Flavour, unknowns: list[Unknown]) -> None:
    client = replay(flavour, COMMITTED, strict=True, on_unknown=unknowns.append)
    events = [entry for entry in turn(client) if isinstance(entry, tuple)]
    assert (events[0][0], events[-1][0]) == (TurnStarted, TurnCompleted)
    deltas = [params.delta for kind, params, _ in events if kind is ItemAgentMessageDelta]
    assert "".join(deltas) == "Let me think.Hello from the model."
    assert client.inner.server_info.codex_home == "/home/user/.codex"


def test_ids_are_mapped_and_what_stands_together_may_come_in_any_order(
    flavour: Flavour, tmp_path: Path
) -> None:
    path = record(
        tmp_path / "r.jsonl",
        [
            client_says({"id": 71, "method": "b", "params": {"x": 1, "y": [1.0, "z"]}}),
            client_says({"method": "n", "params": None}),
            client_says({"id": 70, "method": "a"}),
            client_says({"id": 72, "method": "a"}),
            server_says({"id": 72, "result": "third"}),
            server_says({"id": 70, "result": "second"}),
            server_says({"id": 71, "result": "first"}),
        ],
    )
    client = replay(flavour, path)
    client.do(lambda c: c.notify("n", None))
    one = client.begin(lambda c: c.request("a"))
    other = client.begin(lambda c: c.request("a"))
    b = client.do(lambda c: c.request("b", {"y": [1, "z"], "x": 1.0}))
    assert b == "first"
    assert {one.result(20), other.result(20)} == {"second", "third"}
    client.close()


def asking() -> list[dict[str, Any]]:
    approval = {"itemId": "i", "threadId": "t", "turnId": "u", "startedAtMs": 1, "command": "ls"}
    method = "item/commandExecution/requestApproval"
    return [
        client_says({"id": 5, "method": "go"}),
        server_says({"id": "q", "method": method, "params": approval}),
        {"from": "server", "line": "not JSON"},
        client_says({"id": "q", "result": {"decision": "accept"}}),
        server_says({"id": 5, "result": "went"}),
        server_says({"id": 9, "method": "odd/ask"}),
        client_says({"id": 9, "error": {"code": -32601, "message": "in other words"}}),
    ]


def test_what_the_server_asks_is_asked_again(flavour: Flavour, tmp_path: Path) -> None:
    path = record(tmp_path / "r.jsonl", asking())
    commands: list[str | None] = []
    heard: list[Unknown] = []

    def approve(
        params: CommandExecutionRequestApprovalParams,
    ) -> CommandExecutionRequestApprovalResponse:
        commands.append(params.command)
        return CommandExecutionRequestApprovalResponse(decision="accept")

    handlers = ServerRequestHandlers(item_command_execution_request_approval=approve)
    client = replay(flavour, path, handlers=handlers, on_unknown=heard.append)
    feed = client.feed()
    assert client.do(lambda c: c.request("go")) == "went"
    with pytest.raises(TransportClosed, match="has ended"):
        feed.rest()
    client.close()
    assert commands == ["ls"]
    assert ("message", "not JSON") in [(one.kind, one.raw) for one in heard]


def test_another_answer_than_the_recorded_one_is_a_deviation(
    flavour: Flavour, tmp_path: Path
) -> None:
    client = replay(flavour, record(tmp_path / "r.jsonl", asking()))
    error = failure_of(client, "go")
    assert isinstance(error, TransportClosed)
    for part in ("the answer", "accept", "decline", "in line 7"):
        assert part in str(error)
    client.close()


@pytest.mark.parametrize(
    "sent",
    [
        ("other",),
        ("one", {"apiKey": "secret-1", "n": 2}),
        ("one", {"n": 1}),
        ("one", {"apiKey": "secret-1", "n": True}),
        ("two", {}),
    ],
    ids=["another-method", "other-params", "a-secret-less", "another-type", "params-and-none"],
)
def test_a_client_that_deviates_is_told_how(
    flavour: Flavour, tmp_path: Path, sent: tuple[Any, ...]
) -> None:
    path = record(
        tmp_path / "r.jsonl",
        [
            client_says({"id": 5, "method": "one", "params": {"apiKey": "[redacted]", "n": 1}}),
            client_says({"id": 6, "method": "two"}),
            server_says({"id": 5, "result": 1}),
        ],
    )
    client = replay(flavour, path)
    error = failure_of(client, *sent)
    assert isinstance(error, TransportClosed)
    assert f"the recording {path} goes on with one " in str(error)
    assert "in line 4, or with 1 others" in str(error)
    assert f"the client sent {sent[0]} " in str(error)
    assert "secret-1" not in str(error)
    assert isinstance(failure_of(client, "one"), TransportClosed)
    assert client.inner.closed
    client.close()


def test_a_recording_that_is_over_is_a_server_that_has_ended(
    flavour: Flavour, tmp_path: Path
) -> None:
    path = record(
        tmp_path / "r.jsonl",
        [client_says({"id": 5, "method": "one"}), server_says({"id": 5, "result": 1})],
    )
    client = replay(flavour, path)
    feed = client.feed()
    assert client.do(lambda c: c.request("one")) == 1
    error = failure_of(client, "two")
    assert isinstance(error, TransportClosed)
    assert f"the recording {path} has ended" in str(error)
    with pytest.raises(TransportClosed):
        feed.rest()
    client.close()


def test_a_recording_that_ends_during_the_handshake_fails_the_start(
    flavour: Flavour, tmp_path: Path
) -> None:
    path = record(tmp_path / "r.jsonl", [])
    path.write_text(path.read_text().splitlines()[0])
    error = flavour.open(AppServerConfig(replay_from=path), None).exception(20)
    assert isinstance(error, StartError)
    assert f"the recording {path} has ended" in str(error)


def test_a_client_that_opts_out_is_another_client(flavour: Flavour, tmp_path: Path) -> None:
    config = AppServerConfig(replay_from=record(tmp_path / "r.jsonl", []), experimental_api=False)
    error = flavour.open(config, None).exception(20)
    assert isinstance(error, StartError)
    assert "goes on with initialize" in str(error)


GOOD = [json.dumps({"from": "client", "message": {"id": 1, "method": "initialize"}})]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (None, "can't be read"),
        ([], ": there is no handshake"),
        ([*GOOD, '{"at": 1, "fr'], ":2: not a JSON object"),
        ([*GOOD, "", "[1]"], ":3: not a JSON object"),
        ([*GOOD, '{"from": "nobody", "message": {}}'], ":2: not a line of a recording"),
        ([*GOOD, '{"from": "client", "line": "x"}'], ":2: not a line of a recording"),
        (['{"from": "client", "message": {"method": "x"}}'], ":1: there is no handshake"),
    ],
    ids=["missing", "empty", "cut-off", "no-object", "nobody", "no-message", "no-handshake"],
)
def test_a_recording_that_cannot_be_read_is_told_with_its_place(
    flavour: Flavour, tmp_path: Path, lines: list[str] | None, expected: str
) -> None:
    path = tmp_path / "r.jsonl"
    if lines is not None:
        path.write_text("\n".join(lines))
    error = flavour.open(AppServerConfig(replay_from=path), None).exception(20)
    assert isinstance(error, StartError)
    assert expected in str(error)
    assert str(path) in str(error)


def test_closing_ends_a_replay_that_waits(flavour: Flavour, tmp_path: Path) -> None:
    path = record(tmp_path / "r.jsonl", [client_says({"id": 5, "method": "one"})])
    client = replay(flavour, path)
    assert not client.inner.closed
    client.close()
    client.close()
    assert client.inner.closed

"""C20: nothing is approved unless a handler of the user's said so."""

import asyncio
import logging
from typing import Any

import pytest
from codex_app_server import Unknown

from contract import wire_schema
from contract.conftest import Connect
from contract.flavour import Client, Flavour
from contract.handling import handling, handling_all
from contract.peer import FakePeer
from contract.server_requests import METHODS, OTHERS, REFUSALS, params_of, problems_of_response


def is_refusal(method: str, answer: dict[str, Any], code: int) -> bool:
    """Whether `answer` declines an approval, or is the error of this code for anything else."""
    if method in REFUSALS:
        return answer == {"id": 1, "result": REFUSALS[method]}
    return answer["id"] == 1 and is_error(answer, code)


def is_error(answer: dict[str, Any], code: int) -> bool:
    return "result" not in answer and answer["error"]["code"] == code


def test_all_requests_are_covered() -> None:
    assert sorted([*REFUSALS, *OTHERS]) == sorted(METHODS)
    for method in METHODS:
        assert ("pproval" in method or "elicitation" in method) is (method in REFUSALS)


@pytest.mark.parametrize("full", [False, True], ids=["least", "all"])
def test_without_a_handler_an_approval_is_declined(
    full: bool, client: Client, peer: FakePeer
) -> None:
    for method, refusal in REFUSALS.items():
        peer.ask(method, method, params_of(method, full=full))
        assert peer.receive() == {"id": method, "result": refusal}
        assert problems_of_response(method, refusal) == []


@pytest.mark.parametrize("full", [False, True], ids=["least", "all"])
def test_without_a_handler_anything_else_is_not_found(
    full: bool, client: Client, peer: FakePeer
) -> None:
    for method in OTHERS:
        peer.ask(method, method, params_of(method, full=full))
        answer = peer.receive()
        assert answer["id"] == method
        assert is_error(answer, -32601)
        assert method in answer["error"]["message"]


@pytest.mark.parametrize("params", [{}, None, {"threadId": "t"}])
def test_an_unknown_method_is_not_found(params: object, connect: Connect, peer: FakePeer) -> None:
    heard: list[Unknown] = []
    connect(on_unknown=heard.append)
    peer.ask(5, "novel/approval", params)
    answer = peer.receive()
    assert answer["id"] == 5
    assert is_error(answer, -32601)
    assert [(one.kind, one.method) for one in heard] == [("method", "novel/approval")]


def raising(params: object) -> object:
    raise RuntimeError("from the handler")


async def raising_later(params: object) -> object:
    raise RuntimeError("from the handler")


async def cancelled(params: object) -> object:
    raise asyncio.CancelledError


@pytest.mark.parametrize("handler", [raising, raising_later, cancelled])
def test_a_handler_that_raises_approves_nothing(
    handler: Any, connect: Connect, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(handling_all(handler))
    for method in METHODS:
        caplog.clear()
        with caplog.at_level(logging.ERROR, logger="codex_app_server"):
            peer.ask(1, method, params_of(method))
            answer = peer.receive()
        assert is_refusal(method, answer, -32603)
        (record,) = caplog.records
        assert method in record.getMessage()
        assert record.exc_info is not None
    peer.answers("thread/archive", {})
    client.do(lambda client: client.thread_archive(thread_id="t"))


def test_a_handler_that_wants_to_exit_approves_nothing(
    flavour: Flavour, connect: Connect, peer: FakePeer
) -> None:
    """It runs in a thread of its own, where nothing would come of it."""
    if flavour.name == "async":
        return  # In a loop, it ends the loop and the program with it.

    def exiting(params: object) -> object:
        raise SystemExit(3)

    method = "item/fileChange/requestApproval"
    connect(handling(method, exiting))
    peer.ask(1, method, params_of(method))
    assert peer.receive() == {"id": 1, "result": REFUSALS[method]}


INVALID: list[object] = [
    None,
    {},
    True,
    "accept",
    {"decision": None},
    {"decision": 1},
    {"decision": ["accept"]},
    {"action": 1, "permissions": 1, "answers": 1, "token": 1, "contentItems": 1, "success": "yes"},
    object(),
]


@pytest.mark.parametrize("result", INVALID, ids=repr)
def test_an_invalid_result_approves_nothing(
    result: object, connect: Connect, peer: FakePeer
) -> None:
    connect(handling_all(lambda params: result))
    for method in METHODS:
        peer.ask(1, method, params_of(method))
        assert is_refusal(method, peer.receive(), -32603)


def undecodable(method: str) -> list[object]:
    """Params that don't fit: no object, a member missing, a member of another type."""
    params = params_of(method)
    return [
        None,
        [],
        "text",
        *({key: params[key] for key in params if key != missing} for missing in params),
        *({**params, wrong: {"no": "fit"}} for wrong in params if isinstance(params[wrong], str)),
    ]


def test_params_that_do_not_decode_reach_no_handler(connect: Connect, peer: FakePeer) -> None:
    heard: list[Unknown] = []
    reached: list[object] = []
    connect(handling_all(reached.append), on_unknown=heard.append)
    for method in METHODS:
        for params in undecodable(method):
            if wire_schema.problems(METHODS[method], params):
                peer.ask(1, method, params)
                assert is_refusal(method, peer.receive(), -32602)
                (one,) = heard
                assert (one.kind, one.method, one.raw) == ("undecodable", method, params)
                heard.clear()
    assert reached == []

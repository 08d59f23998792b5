"""C19: the server's requests have typed handlers that run beside the connection."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from codex_app_server import ServerRequestHandlers
from codex_app_server import types as models
from codex_app_server.types import CommandExecutionRequestApprovalParams
from pydantic import BaseModel

from contract.conftest import Connect
from contract.flavour import Client, Flavour
from contract.handling import handling, handling_all
from contract.peer import PATIENCE, FakePeer
from contract.server_requests import HANDLERS, METHODS, RESPONSES, params_of, response_of

APPROVAL = "item/commandExecution/requestApproval"
PARAMS = params_of(APPROVAL)


def approving(handler: Callable[[Any], Any]) -> ServerRequestHandlers:
    return handling(APPROVAL, handler)


def test_there_is_a_handler_for_each_request() -> None:
    assert sorted(HANDLERS) == sorted(METHODS)
    assert sorted(vars(ServerRequestHandlers())) == sorted(HANDLERS.values())
    assert len(METHODS) == 11


@pytest.mark.parametrize("full", [False, True], ids=["least", "all"])
def test_a_handler_gets_params_and_gives_a_result(
    full: bool, connect: Connect, peer: FakePeer
) -> None:
    for_now: dict[str, Any] = {}

    def handler(params: BaseModel) -> object:
        for_now["params"] = params.model_dump(mode="json", exclude_unset=True)
        return for_now["response"]

    connect(handling_all(handler))
    for method in METHODS:
        params, response = params_of(method, full=full), response_of(method, full=full)
        model = getattr(models, RESPONSES[method]).model_validate(response)
        for for_now["response"] in (response, model):
            peer.ask("an id", method, params)
            assert peer.receive() == {"id": "an id", "result": response}
            assert for_now["params"] == params


def test_the_params_have_the_methods_type(connect: Connect, peer: FakePeer) -> None:
    got: list[object] = []

    def handler(params: object) -> dict[str, str]:
        got.append(params)
        return {"decision": "accept"}

    connect(approving(handler))
    peer.ask(-7, APPROVAL, {**PARAMS, "command": "ls", "novel": 1})
    assert peer.receive() == {"id": -7, "result": {"decision": "accept"}}
    (params,) = got
    assert isinstance(params, CommandExecutionRequestApprovalParams)
    assert (params.command, params.model_extra) == ("ls", {"novel": 1})


def test_a_handler_may_be_async(connect: Connect, peer: FakePeer) -> None:
    async def handler(params: object) -> dict[str, str]:
        await asyncio.sleep(0)
        return {"decision": "acceptForSession"}

    connect(approving(handler))
    peer.ask(1, APPROVAL, PARAMS)
    assert peer.receive()["result"] == {"decision": "acceptForSession"}


def test_a_handler_can_be_set_later(client: Client, peer: FakePeer) -> None:
    peer.ask(1, APPROVAL, PARAMS)
    assert peer.receive()["result"] == {"decision": "decline"}
    client.inner.handlers.item_command_execution_request_approval = lambda params: {
        "decision": "accept"
    }
    peer.ask(2, APPROVAL, PARAMS)
    assert peer.receive()["result"] == {"decision": "accept"}


def calling_back(flavour: Flavour, started: list[Client]) -> Callable[[Any], Any]:
    """A handler that calls the client before it answers."""

    def plain(params: CommandExecutionRequestApprovalParams) -> dict[str, str]:
        started[0].inner.thread_archive(thread_id=params.thread_id)
        return {"decision": "accept"}

    async def awaiting(params: CommandExecutionRequestApprovalParams) -> dict[str, str]:
        await started[0].inner.thread_archive(thread_id=params.thread_id)
        return {"decision": "accept"}

    return plain if flavour.name == "sync" else awaiting


def test_a_handler_may_call_the_client(flavour: Flavour, connect: Connect, peer: FakePeer) -> None:
    started: list[Client] = []
    started.append(connect(approving(calling_back(flavour, started))))
    peer.ask(1, APPROVAL, PARAMS)
    call = peer.receive()
    assert (call["method"], call["params"]) == ("thread/archive", {"threadId": "text"})
    peer.answer(call, {})
    assert peer.receive() == {"id": 1, "result": {"decision": "accept"}}


class Gate:
    """Holds handlers of either kind back until it is opened."""

    def __init__(self, flavour: Flavour) -> None:
        self._flavour = flavour
        self._open = threading.Event()
        self._loop_open = asyncio.Event()
        self.entered = threading.Semaphore(0)

    def handler(self, params: Any) -> Awaitable[dict[str, str]] | dict[str, str]:
        self.entered.release()
        if self._flavour.name == "async":
            return self._later()
        assert self._open.wait(PATIENCE)
        return {"decision": "accept"}

    async def _later(self) -> dict[str, str]:
        await asyncio.wait_for(self._loop_open.wait(), PATIENCE)
        return {"decision": "accept"}

    def open(self) -> None:
        self._open.set()
        self._flavour.begin(self._loop_open.set).result(PATIENCE)

    def wait_until_entered(self) -> None:
        assert self.entered.acquire(timeout=PATIENCE)


def test_a_slow_handler_holds_nothing_up(
    flavour: Flavour, connect: Connect, peer: FakePeer
) -> None:
    gate = Gate(flavour)
    client = connect(approving(gate.handler))
    feed = client.feed()
    for ident in range(20):
        peer.ask(ident, APPROVAL, PARAMS)
    for _ in range(20):
        gate.wait_until_entered()
    # All twenty are running, and the connection goes on: calls, notifications, other requests.
    peer.answers("thread/archive", {})
    client.do(lambda client: client.thread_archive(thread_id="t"))
    peer.announce("thread/archived", {"threadId": "t"})
    assert feed.next().params.thread_id == "t"
    peer.ask(
        "other", "item/fileChange/requestApproval", params_of("item/fileChange/requestApproval")
    )
    assert peer.receive()["id"] == "other"
    assert peer.nothing_received()
    gate.open()
    answers = [peer.receive() for _ in range(20)]
    assert sorted(answer["id"] for answer in answers) == [*range(20)]
    assert all(answer["result"] == {"decision": "accept"} for answer in answers)


def test_the_end_of_the_connection_does_not_wait_for_handlers(
    flavour: Flavour, connect: Connect, peer: FakePeer
) -> None:
    gate = Gate(flavour)
    client = connect(approving(gate.handler))
    peer.ask(1, APPROVAL, PARAMS)
    gate.wait_until_entered()
    client.close()
    peer.wait_until_gone()
    gate.open()

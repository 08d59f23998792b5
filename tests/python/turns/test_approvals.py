"""Approvals: declined unless a handler says otherwise, whatever the handler does (C19, C20)."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from codex_app_server import AppServerClient, AsyncAppServerClient, ServerRequestHandlers
from codex_app_server.notifications import ServerNotification
from codex_app_server.types import (
    CommandExecutionRequestApprovalParams,
    CommandExecutionRequestApprovalResponse,
    CommandExecutionStatus,
    CommandExecutionThreadItem,
    TextUserInput,
    TurnStatus,
)

from support.clients import AsyncClientFactory, ClientFactory
from turns.conftest import UseModel
from turns.events import end_of, items, messages

Params: TypeAlias = CommandExecutionRequestApprovalParams
Response: TypeAlias = CommandExecutionRequestApprovalResponse
Events: TypeAlias = list[ServerNotification]
Decide: TypeAlias = Callable[[Params], Any]

REPLIES = """
[[reply]]
when = {{ contains = "run {name};" }}
events = [{{ call = "exec_command", call_id = "{name}", arguments = {{ cmd = "touch {file}", \
sandbox_permissions = "require_escalated", justification = "Shows the approval." }} }}]

[[reply]]
when = {{ after_tool = "{name}" }}
events = [{{ text = "Dealt with {name}.", phase = "final_answer" }}]
"""
"""What the model says to `run NAME;`."""


class Place:
    """Where turns want to run commands that leave a file behind, each its own."""

    def __init__(self, use_model: UseModel, tmp_path: Path, workplace: Path) -> None:
        self.cwd = str(workplace)
        self._folder = tmp_path / "run"
        self._folder.mkdir()
        scenario = tmp_path / "scenario.toml"
        replies = [REPLIES.format(name=name, file=self._folder / name) for name in OUTCOMES]
        scenario.write_text("".join(replies))
        self.model = use_model(
            scenario, approval_policy="on-request", sandbox_mode="workspace-write"
        )

    def was_run(self, name: str) -> bool:
        """Whether the command of this name was run."""
        return (self._folder / name).exists()

    def check(self, name: str, events: Events, *, approved: bool) -> None:
        """Checks that the turn went on to its end, with the command run or not."""
        assert self.was_run(name) is approved
        assert end_of(events).status == TurnStatus.completed
        (command,) = [
            item for item in items(events) if isinstance(item, CommandExecutionThreadItem)
        ]
        if approved:
            assert (command.status, command.exit_code) == (CommandExecutionStatus.completed, 0)
        else:
            assert command.status == CommandExecutionStatus.declined
        assert messages(events)[-1].text == f"Dealt with {name}."
        assert None not in [request["reply"] for request in self.model.requests()]


@pytest.fixture
def place(use_model: UseModel, tmp_path: Path, workplace: Path) -> Place:
    """A place for commands."""
    return Place(use_model, tmp_path, workplace)


def run(client: AppServerClient, place: Place, name: str) -> Events:
    thread = client.thread_start(cwd=place.cwd).thread
    with client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text=f"run {name};")]
    ) as turn:
        return list(turn)


async def run_in_asyncio(client: AsyncAppServerClient, place: Place, name: str) -> Events:
    thread = (await client.thread_start(cwd=place.cwd)).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text=f"run {name};")]
    ) as turn:
        return [event async for event in turn]


def accept(params: Params) -> Response:
    return Response(decision="accept")


def accept_with_a_dict(params: Params) -> dict[str, str]:
    return {"decision": "accept"}


async def accept_later(params: Params) -> Response:
    await asyncio.sleep(0)
    return Response(decision="acceptForSession")


def decline(params: Params) -> Response:
    return Response(decision="decline")


def fail(params: Params) -> Response:
    raise RuntimeError("from the handler")


async def fail_later(params: Params) -> Response:
    raise RuntimeError("from the handler")


def nothing(params: Params) -> None:
    return None


def nonsense(params: Params) -> dict[str, object]:
    return {"decision": 5}


def empty(params: Params) -> dict[str, object]:
    return {}


OUTCOMES: dict[str, tuple[Decide | None, bool]] = {
    "no-handler": (None, False),
    "accepts": (accept, True),
    "accepts-with-a-dict": (accept_with_a_dict, True),
    "accepts-later": (accept_later, True),
    "declines": (decline, False),
    "raises": (fail, False),
    "raises-later": (fail_later, False),
    "gives-nothing": (nothing, False),
    "gives-nonsense": (nonsense, False),
    "gives-an-empty-object": (empty, False),
}
"""What a handler does, and whether the command is run."""


class Deciding:
    """A handler that decides as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.decide: Decide | None = None
        self.handlers = ServerRequestHandlers()
        self.seen: list[Params] = []

    def set(self, decide: Decide | None) -> None:
        """Sets the handler, or none."""
        self.seen.clear()
        self.decide = decide
        handler = None if decide is None else self.handle
        self.handlers.item_command_execution_request_approval = handler

    def handle(self, params: Params) -> Any:
        self.seen.append(params)
        assert self.decide is not None
        return self.decide(params)

    def check(self, events: Events, cwd: str) -> None:
        """Checks what was asked."""
        if self.decide is None:
            return
        (params,) = self.seen
        assert isinstance(params, CommandExecutionRequestApprovalParams)
        assert "touch " in (params.command or "")
        assert (params.cwd, params.reason) == (cwd, "Shows the approval.")
        assert params.turn_id == end_of(events).id
        commands = [one.id for one in items(events) if isinstance(one, CommandExecutionThreadItem)]
        assert commands == [params.item_id]


def test_a_command_is_run_only_if_a_handler_accepts(
    place: Place, make_client: ClientFactory
) -> None:
    deciding = Deciding()
    client = make_client(deciding.handlers)
    for name, (decide, approved) in OUTCOMES.items():
        deciding.set(decide)
        events = run(client, place, name)
        place.check(name, events, approved=approved)
        deciding.check(events, place.cwd)


async def test_a_command_is_run_only_if_a_handler_accepts_in_asyncio(
    place: Place, make_async_client: AsyncClientFactory
) -> None:
    deciding = Deciding()
    client = await make_async_client(deciding.handlers)
    for name, (decide, approved) in OUTCOMES.items():
        deciding.set(decide)
        events = await run_in_asyncio(client, place, name)
        place.check(name, events, approved=approved)
        deciding.check(events, place.cwd)


def test_a_handler_may_call_the_client(place: Place, make_client: ClientFactory) -> None:
    read: list[str] = []

    def handler(params: Params) -> Response:
        read.append(client.thread_read(thread_id=params.thread_id).thread.id)
        return Response(decision="accept" if read == [params.thread_id] else "decline")

    handlers = ServerRequestHandlers(item_command_execution_request_approval=handler)
    client = make_client(handlers)
    place.check("accepts", run(client, place, "accepts"), approved=True)
    assert len(read) == 1


async def test_a_handler_may_call_the_client_in_asyncio(
    place: Place, make_async_client: AsyncClientFactory
) -> None:
    read: list[str] = []

    async def handler(params: Params) -> Response:
        read.append((await client.thread_read(thread_id=params.thread_id)).thread.id)
        return Response(decision="accept" if read == [params.thread_id] else "decline")

    handlers = ServerRequestHandlers(item_command_execution_request_approval=handler)
    client = await make_async_client(handlers)
    place.check("accepts", await run_in_asyncio(client, place, "accepts"), approved=True)
    assert len(read) == 1


def test_a_slow_handler_holds_up_nothing_but_its_turn(
    place: Place, make_client: ClientFactory
) -> None:
    asked, decided = threading.Event(), threading.Event()

    def handler(params: Params) -> Response:
        asked.set()
        assert decided.wait(20)
        return Response(decision="accept")

    client = make_client(ServerRequestHandlers(item_command_execution_request_approval=handler))
    thread = client.thread_start(cwd=place.cwd).thread
    with client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="run accepts;")]
    ) as turn:
        assert asked.wait(20)
        for _ in range(3):
            assert client.thread_read(thread_id=thread.id).thread.id == thread.id
        assert client.thread_start(cwd=place.cwd).thread.id != thread.id
        assert not place.was_run("accepts")
        decided.set()
        place.check("accepts", list(turn), approved=True)


async def test_a_slow_handler_holds_up_nothing_but_its_turn_in_asyncio(
    place: Place, make_async_client: AsyncClientFactory
) -> None:
    asked, decided = asyncio.Event(), asyncio.Event()

    async def handler(params: Params) -> Response:
        asked.set()
        await asyncio.wait_for(decided.wait(), 20)
        return Response(decision="accept")

    handlers = ServerRequestHandlers(item_command_execution_request_approval=handler)
    client = await make_async_client(handlers)
    thread = (await client.thread_start(cwd=place.cwd)).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="run accepts;")]
    ) as turn:
        await asyncio.wait_for(asked.wait(), 20)
        for _ in range(3):
            assert (await client.thread_read(thread_id=thread.id)).thread.id == thread.id
        assert (await client.thread_start(cwd=place.cwd)).thread.id != thread.id
        assert not place.was_run("accepts")
        decided.set()
        place.check("accepts", [event async for event in turn], approved=True)

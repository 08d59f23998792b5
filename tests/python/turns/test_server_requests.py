"""What else the server asks during a turn: about file changes, input, tools and permissions."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import ServerRequestHandlers
from codex_app_server.notifications import ServerNotification
from codex_app_server.types import (
    AddPatchChangeKind,
    DynamicToolCallParams,
    DynamicToolCallResponse,
    DynamicToolCallStatus,
    DynamicToolCallThreadItem,
    FileChangeRequestApprovalParams,
    FileChangeRequestApprovalResponse,
    FileChangeThreadItem,
    InputTextDynamicToolCallOutputContentItem,
    PatchApplyStatus,
    PermissionsRequestApprovalParams,
    TextUserInput,
    ToolRequestUserInputParams,
    ToolRequestUserInputResponse,
    TurnStatus,
)

from support.clients import AsyncClientFactory, ClientFactory
from support.model_server import ModelServer
from turns.conftest import UseModel
from turns.events import end_of, items, messages

Events = list[ServerNotification]
LOOKUP: Any = {
    "type": "function",
    "name": "lookup",
    "description": "Looks something up.",
    "input_schema": {"type": "object", "properties": {"key": {"type": "string"}}},
}


def run(
    make_client: ClientFactory,
    handlers: ServerRequestHandlers,
    cwd: Path,
    said: str,
    tools: Sequence[Any] = (),
) -> Events:
    client = make_client(handlers)
    thread = client.thread_start(cwd=str(cwd), dynamic_tools=tools).thread
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text=said)]) as turn:
        return list(turn)


async def run_in_asyncio(
    make_client: AsyncClientFactory,
    handlers: ServerRequestHandlers,
    cwd: Path,
    said: str,
    tools: Sequence[Any] = (),
) -> Events:
    client = await make_client(handlers)
    thread = (await client.thread_start(cwd=str(cwd), dynamic_tools=tools)).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text=said)]
    ) as turn:
        return [event async for event in turn]


def output_of_call(model: ModelServer, call: str) -> str:
    """What the model was told that a call of its gave."""
    body = model.requests()[-1]["body"]
    (output,) = [
        item["output"]
        for item in body["input"]
        if item.get("call_id") == call and item["type"].endswith("_output")
    ]
    return output if isinstance(output, str) else json.dumps(output)


def check_end(events: Events, text: str) -> None:
    assert end_of(events).status == TurnStatus.completed
    assert messages(events)[-1].text == text


# File changes.


class Patch:
    """A turn that wants to add a file."""

    def __init__(self, use_model: UseModel, workplace: Path, decision: str | None) -> None:
        self.cwd = workplace
        self.model = use_model("file_change", approval_policy="on-request")
        self.seen: list[FileChangeRequestApprovalParams] = []
        self.decision = decision
        self.handlers = ServerRequestHandlers()
        if decision is not None:
            self.handlers.item_file_change_request_approval = self.decide

    def decide(self, params: FileChangeRequestApprovalParams) -> FileChangeRequestApprovalResponse:
        self.seen.append(params)
        return FileChangeRequestApprovalResponse.model_validate({"decision": self.decision})

    def check(self, events: Events) -> None:
        check_end(events, "The patch was dealt with.")
        (change,) = [item for item in items(events) if isinstance(item, FileChangeThreadItem)]
        (one,) = change.changes
        assert Path(one.path).name == "hello.txt"
        assert isinstance(one.kind, AddPatchChangeKind)
        file = self.cwd / "hello.txt"
        if self.decision == "accept":
            assert change.status == PatchApplyStatus.completed
            assert file.read_text() == "hello from the patch\n"
        else:
            assert change.status == PatchApplyStatus.declined
            assert not file.exists()
        if self.decision is not None:
            assert [params.item_id for params in self.seen] == [change.id]


@pytest.mark.parametrize("decision", [None, "decline", "accept"])
def test_a_file_is_changed_only_if_a_handler_accepts(
    decision: str | None, use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    patch = Patch(use_model, workplace, decision)
    patch.check(run(make_client, patch.handlers, workplace, "patch it"))


@pytest.mark.parametrize("decision", [None, "decline", "accept"])
async def test_a_file_is_changed_only_if_a_handler_accepts_in_asyncio(
    decision: str | None,
    use_model: UseModel,
    make_async_client: AsyncClientFactory,
    workplace: Path,
) -> None:
    patch = Patch(use_model, workplace, decision)
    patch.check(await run_in_asyncio(make_async_client, patch.handlers, workplace, "patch it"))


# The client's own tools.


def look_up(params: DynamicToolCallParams) -> DynamicToolCallResponse:
    assert isinstance(params, DynamicToolCallParams)
    assert (params.tool, params.call_id) == ("lookup", "call-lookup")
    text = f"the {params.arguments['key']} is green"
    return DynamicToolCallResponse(
        content_items=[InputTextDynamicToolCallOutputContentItem(text=text)], success=True
    )


async def look_up_later(params: DynamicToolCallParams) -> DynamicToolCallResponse:
    return look_up(params)


def check_lookup(events: Events, model: ModelServer) -> None:
    check_end(events, "Looked up.")
    assert "the colour is green" in output_of_call(model, "call-lookup")
    (call,) = [item for item in items(events) if isinstance(item, DynamicToolCallThreadItem)]
    assert (call.status, call.success) == (DynamicToolCallStatus.completed, True)
    assert (call.tool, call.arguments) == ("lookup", {"key": "colour"})


def test_the_client_runs_its_own_tool(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("dynamic_tool")
    handlers = ServerRequestHandlers(item_tool_call=look_up)
    check_lookup(run(make_client, handlers, workplace, "look it up", [LOOKUP]), model)


@pytest.mark.parametrize("handler", [look_up, look_up_later])
async def test_the_client_runs_its_own_tool_in_asyncio(
    handler: Any, use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("dynamic_tool")
    handlers = ServerRequestHandlers(item_tool_call=handler)
    events = await run_in_asyncio(make_async_client, handlers, workplace, "look it up", [LOOKUP])
    check_lookup(events, model)


def check_failed_lookup(events: Events, model: ModelServer) -> None:
    check_end(events, "Looked up.")
    assert "green" not in output_of_call(model, "call-lookup")
    (call,) = [item for item in items(events) if isinstance(item, DynamicToolCallThreadItem)]
    assert call.status == DynamicToolCallStatus.failed


def test_a_tool_without_a_handler_fails_and_the_turn_goes_on(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("dynamic_tool")
    events = run(make_client, ServerRequestHandlers(), workplace, "look it up", [LOOKUP])
    check_failed_lookup(events, model)


async def test_a_tool_without_a_handler_fails_and_the_turn_goes_on_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("dynamic_tool")
    events = await run_in_asyncio(
        make_async_client, ServerRequestHandlers(), workplace, "look it up", [LOOKUP]
    )
    check_failed_lookup(events, model)


# Questions to the user.


ASKING = "[features]\ndefault_mode_request_user_input = true\n"


def choose(params: ToolRequestUserInputParams) -> ToolRequestUserInputResponse:
    (question,) = params.questions
    assert (question.id, question.header, question.question) == (
        "colour",
        "Colour",
        "Which colour?",
    )
    options = question.options or []
    assert [option.label for option in options] == ["Red", "Blue"]
    return ToolRequestUserInputResponse.model_validate(
        {"answers": {question.id: {"answers": [options[1].label]}}}
    )


def check_answer(events: Events, model: ModelServer) -> None:
    check_end(events, "Thanks for the answer.")
    told = json.loads(output_of_call(model, "call-ask"))
    assert told["answers"]["colour"]["answers"] == ["Blue"]


def test_the_user_is_asked(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("user_input", extra=ASKING)
    handlers = ServerRequestHandlers(item_tool_request_user_input=choose)
    check_answer(run(make_client, handlers, workplace, "ask me"), model)


async def test_the_user_is_asked_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("user_input", extra=ASKING)
    handlers = ServerRequestHandlers(item_tool_request_user_input=choose)
    check_answer(await run_in_asyncio(make_async_client, handlers, workplace, "ask me"), model)


# Permissions.


PERMITTING = "[features]\nrequest_permissions_tool = true\n"


def permit(params: PermissionsRequestApprovalParams) -> Any:
    assert params.reason == "Needs the network."
    assert params.permissions.network is not None
    assert params.permissions.network.enabled is True
    return {"permissions": {"network": {"enabled": True}}, "scope": "turn"}


def check_permission(events: Events, model: ModelServer, *, granted: bool) -> None:
    check_end(events, "The permissions were dealt with.")
    told = json.loads(output_of_call(model, "call-permit"))
    network = told["permissions"].get("network") or {}
    assert bool(network.get("enabled")) is granted


@pytest.mark.parametrize("granted", [False, True])
def test_permissions_are_granted_only_by_a_handler(
    granted: bool, use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("permissions", approval_policy="on-request", extra=PERMITTING)
    handlers = ServerRequestHandlers(item_permissions_request_approval=permit if granted else None)
    events = run(make_client, handlers, workplace, "permit")
    check_permission(events, model, granted=granted)


@pytest.mark.parametrize("granted", [False, True])
async def test_permissions_are_granted_only_by_a_handler_in_asyncio(
    granted: bool, use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("permissions", approval_policy="on-request", extra=PERMITTING)
    handlers = ServerRequestHandlers(item_permissions_request_approval=permit if granted else None)
    events = await run_in_asyncio(make_async_client, handlers, workplace, "permit")
    check_permission(events, model, granted=granted)

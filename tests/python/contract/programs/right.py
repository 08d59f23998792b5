"""A program that uses the package as it should be used. It is checked, not run."""

from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    InvalidRequest,
    ServerRequestHandlers,
    Unknown,
    UnknownVariant,
    omit,
)
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ServerNotification,
    TurnCompleted,
    UnknownNotification,
)
from codex_app_server.types import (
    AgentMessageThreadItem,
    CommandExecutionRequestApprovalParams,
    CommandExecutionRequestApprovalResponse,
    DynamicToolCallParams,
    DynamicToolCallResponse,
    InputTextDynamicToolCallOutputContentItem,
    SandboxMode,
    TextUserInput,
    Thread,
    ThreadItem,
    Turn,
    TurnStatus,
)
from typing_extensions import assert_type


def start(client: AppServerClient) -> Thread:
    response = client.thread_start(
        approval_policy="never",
        sandbox="read-only",
        cwd=None,
        model=omit,
        dynamic_tools=[
            {"type": "function", "name": "f", "description": "d", "input_schema": {"a": 1}}
        ],
        timeout=5,
    )
    client.thread_start(sandbox=SandboxMode.workspace_write)
    client.thread_start(
        approval_policy={
            "granular": {"mcp_elicitations": True, "rules": True, "sandbox_approval": False}
        }
    )
    return response.thread


def follow(client: AppServerClient, thread: Thread) -> str:
    text = ""
    with client.turn_start_stream(
        thread_id=thread.id,
        input=[
            {"type": "text", "text": "hello"},
            {"type": "localImage", "path": "/picture.png"},
            TextUserInput(text="models and dicts mix"),
        ],
        sandbox_policy={"type": "readOnly"},
    ) as turn:
        assert_type(turn.result.turn, Turn)
        for event in turn:
            assert_type(event, ServerNotification)
            if event.method == "item/agentMessage/delta":
                assert_type(event, ItemAgentMessageDelta)
                text += event.params.delta
            elif event.method == "turn/completed":
                assert_type(event.params.turn.status, TurnStatus)
    return text


def tell_apart(event: ServerNotification) -> str:
    match event:
        case ItemAgentMessageDelta():
            return event.params.delta
        case TurnCompleted(params=params):
            return params.turn.id
        case UnknownNotification():
            return event.wire_method
        case _:
            return event.method


def describe(item: ThreadItem) -> str:
    if isinstance(item, UnknownVariant):
        return item.tag or ""
    if item.type == "agentMessage":
        assert_type(item, AgentMessageThreadItem)
        return item.text
    return item.id


async def in_asyncio() -> None:
    async with AsyncAppServerClient(AppServerConfig(experimental_api=False)) as client:
        thread = (await client.thread_start()).thread
        async with await client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text="x")]
        ) as turn:
            async for event in turn:
                assert_type(event, ServerNotification)
        completed = await client.wait_for_turn_completed(turn.result.turn.id, timeout=5)
        assert_type(completed, TurnCompleted)


def approve(
    params: CommandExecutionRequestApprovalParams,
) -> CommandExecutionRequestApprovalResponse:
    safe = params.command is not None and params.command.startswith("ls ")
    return CommandExecutionRequestApprovalResponse(decision="accept" if safe else "decline")


async def look_up(params: DynamicToolCallParams) -> DynamicToolCallResponse:
    item = InputTextDynamicToolCallOutputContentItem(text=params.tool)
    return DynamicToolCallResponse(content_items=[item], success=True)


def hear(unknown: Unknown) -> None:
    print(unknown.path)


HANDLERS = ServerRequestHandlers(
    item_command_execution_request_approval=approve,
    item_file_change_request_approval=lambda params: {"decision": "decline"},
    item_tool_call=look_up,
)


def main() -> None:
    try:
        with AppServerClient(AppServerConfig(on_unknown=hear), handlers=HANDLERS) as client:
            follow(client, start(client))
    except InvalidRequest as error:
        print(error.code, error.data)

"""Being asked on the terminal before the agent does something beyond its sandbox."""

import asyncio

from codex_app_server import AsyncCodex, Sandbox, ServerRequestHandlers
from codex_app_server.types import (
    CommandExecutionRequestApprovalParams,
    CommandExecutionRequestApprovalResponse,
    CommandExecutionThreadItem,
    FileChangeApprovalDecision,
    FileChangeRequestApprovalParams,
    FileChangeRequestApprovalResponse,
)


async def allows(reason: str | None) -> bool:
    if reason:
        print("because:", reason)
    return await asyncio.to_thread(input, "Allow it? [y/N] ") == "y"


async def may_run(
    asked: CommandExecutionRequestApprovalParams,
) -> CommandExecutionRequestApprovalResponse:
    print("the agent wants to run:", asked.command)
    yes = await allows(asked.reason)
    return CommandExecutionRequestApprovalResponse(decision="accept" if yes else "decline")


async def may_change(
    asked: FileChangeRequestApprovalParams,
) -> FileChangeRequestApprovalResponse:
    print("the agent wants to change files")
    yes = await allows(asked.reason)
    decision = FileChangeApprovalDecision.accept if yes else FileChangeApprovalDecision.decline
    return FileChangeRequestApprovalResponse(decision=decision)


handlers = ServerRequestHandlers(
    item_command_execution_request_approval=may_run,
    item_file_change_request_approval=may_change,
)


async def main() -> None:
    async with AsyncCodex(handlers=handlers) as codex:
        # Without a mode of approval the configuration decides, which is given here: ask the user.
        thread = await codex.thread_start(
            approval_mode=None,
            config={"approval_policy": "on-request", "approvals_reviewer": "user"},
            sandbox=Sandbox.read_only,
        )
        for wish in ["Write a greeting to greeting.txt.", "Now delete it."]:
            result = await thread.run(wish)
            for item in result.items:
                if isinstance(item, CommandExecutionThreadItem):
                    print("the command:", item.status)
            print(result.final_response)


asyncio.run(main())

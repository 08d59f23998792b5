"""Being asked on the terminal before the agent does something beyond its sandbox."""

from codex_app_server import Codex, Sandbox, ServerRequestHandlers
from codex_app_server.types import (
    CommandExecutionRequestApprovalParams,
    CommandExecutionRequestApprovalResponse,
    CommandExecutionThreadItem,
    FileChangeApprovalDecision,
    FileChangeRequestApprovalParams,
    FileChangeRequestApprovalResponse,
)


def allows(reason: str | None) -> bool:
    if reason:
        print("because:", reason)
    return input("Allow it? [y/N] ") == "y"


def may_run(
    asked: CommandExecutionRequestApprovalParams,
) -> CommandExecutionRequestApprovalResponse:
    print("the agent wants to run:", asked.command)
    yes = allows(asked.reason)
    return CommandExecutionRequestApprovalResponse(decision="accept" if yes else "decline")


def may_change(
    asked: FileChangeRequestApprovalParams,
) -> FileChangeRequestApprovalResponse:
    print("the agent wants to change files")
    yes = allows(asked.reason)
    decision = FileChangeApprovalDecision.accept if yes else FileChangeApprovalDecision.decline
    return FileChangeRequestApprovalResponse(decision=decision)


handlers = ServerRequestHandlers(
    item_command_execution_request_approval=may_run,
    item_file_change_request_approval=may_change,
)
with Codex(handlers=handlers) as codex:
    # Without a mode of approval the configuration decides, which is given here: ask the user.
    thread = codex.thread_start(
        approval_mode=None,
        config={"approval_policy": "on-request", "approvals_reviewer": "user"},
        sandbox=Sandbox.read_only,
    )
    for wish in ["Write a greeting to greeting.txt.", "Now delete it."]:
        result = thread.run(wish)
        for item in result.items:
            if isinstance(item, CommandExecutionThreadItem):
                print("the command:", item.status)
        print(result.final_response)

"""The requests of the server: params that fit the schema, and answers to them."""

from typing import Any

from contract import wire_schema

METHODS = wire_schema.messages("ServerRequest")

HANDLERS = {
    "account/chatgptAuthTokens/refresh": "account_chatgpt_auth_tokens_refresh",
    "applyPatchApproval": "apply_patch_approval",
    "attestation/generate": "attestation_generate",
    "currentTime/read": "current_time_read",
    "execCommandApproval": "exec_command_approval",
    "item/commandExecution/requestApproval": "item_command_execution_request_approval",
    "item/fileChange/requestApproval": "item_file_change_request_approval",
    "item/permissions/requestApproval": "item_permissions_request_approval",
    "item/tool/call": "item_tool_call",
    "item/tool/requestUserInput": "item_tool_request_user_input",
    "mcpServer/elicitation/request": "mcp_server_elicitation_request",
}
"""Where each method's handler is set."""

RESPONSES = {
    "account/chatgptAuthTokens/refresh": "ChatgptAuthTokensRefreshResponse",
    "applyPatchApproval": "ApplyPatchApprovalResponse",
    "attestation/generate": "AttestationGenerateResponse",
    "currentTime/read": "CurrentTimeReadResponse",
    "execCommandApproval": "ExecCommandApprovalResponse",
    "item/commandExecution/requestApproval": "CommandExecutionRequestApprovalResponse",
    "item/fileChange/requestApproval": "FileChangeRequestApprovalResponse",
    "item/permissions/requestApproval": "PermissionsRequestApprovalResponse",
    "item/tool/call": "DynamicToolCallResponse",
    "item/tool/requestUserInput": "ToolRequestUserInputResponse",
    "mcpServer/elicitation/request": "McpServerElicitationRequestResponse",
}
"""The type of each method's answer."""

REFUSALS: dict[str, Any] = {
    "applyPatchApproval": {
        "decision": {"denied": {"rejection": "declined: no handler approved it"}}
    },
    "execCommandApproval": {
        "decision": {"denied": {"rejection": "declined: no handler approved it"}}
    },
    "item/commandExecution/requestApproval": {"decision": "decline"},
    "item/fileChange/requestApproval": {"decision": "decline"},
    "item/permissions/requestApproval": {"permissions": {}, "scope": "turn"},
    "mcpServer/elicitation/request": {"action": "decline"},
}
"""How approvals are declined."""

OTHERS = sorted(METHODS.keys() - REFUSALS.keys())
"""What is no approval."""


def params_of(method: str, *, full: bool = False) -> Any:
    """Params that fit."""
    return wire_schema.sample(METHODS[method], full=full)


def response_of(method: str, *, full: bool = False) -> Any:
    """An answer that fits."""
    return wire_schema.sample(wire_schema.definition(RESPONSES[method]), full=full)


def problems_of_response(method: str, value: object) -> list[str]:
    """Why an answer doesn't fit; nothing if it does."""
    return wire_schema.problems(wire_schema.definition(RESPONSES[method]), value)

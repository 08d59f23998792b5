"""The methods that give no result offline, each with its reason."""

__all__ = ["UNREACHABLE"]

_CHATGPT = "needs a ChatGPT account, and asks the vendor's servers"
_VERIFICATION = "this build has no provider of user verification: an error on every platform"
_RELAY = "connects to the vendor's relay, with a ChatGPT account"

UNREACHABLE: dict[str, str] = {
    # Stable.
    "account/gatewayOAuth/login": "succeeds only by putting a token into the machine's keyring",
    "account/rateLimitResetCredit/consume": _CHATGPT,
    "account/rateLimits/read": _CHATGPT,
    "account/sendAddCreditsNudgeEmail": _CHATGPT,
    "account/usage/read": _CHATGPT,
    "account/workspaceMessages/read": _CHATGPT,
    "feedback/upload": "sends a report to the outside",
    "plugin/share/checkout": _CHATGPT,
    "plugin/share/delete": _CHATGPT,
    "plugin/share/list": _CHATGPT,
    "plugin/share/save": _CHATGPT,
    "plugin/share/updateTargets": _CHATGPT,
    "plugin/skill/read": _CHATGPT,
    # Experimental.
    "account/bedrock/setup": "checks credentials with AWS",
    "mcpServer/event/stream/start": "is for apps that the vendor hosts",
    "remoteControl/client/list": _RELAY,
    "remoteControl/client/revoke": _RELAY,
    "remoteControl/enable": _RELAY,
    "remoteControl/pairing/start": _RELAY,
    "remoteControl/pairing/status": _RELAY,
    "thread/prediction/request": "not implemented by the server: error -32601",
    "userVerification/delete": _VERIFICATION,
    "userVerification/enroll": _VERIFICATION,
    "userVerification/verify": _VERIFICATION,
}

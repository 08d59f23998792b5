"""An MCP server on stdin and stdout with one tool and one resource. Knows just what it needs to."""

import json
import sys
from typing import Any

TOOL = {
    "name": "shout",
    "title": "Shout",
    "description": "Gives the text in capitals.",
    "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}},
    "annotations": {"readOnlyHint": True},
}
RESOURCE = {"uri": "note://one", "name": "one", "mimeType": "text/plain"}


def answer(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """The result of a request."""
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}, "resources": {}},
            "serverInfo": {"name": "shouter", "title": "Shouter", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method == "tools/call":
        words = str(params["arguments"]["text"]).upper()
        return {"content": [{"type": "text", "text": words}], "structuredContent": {"said": words}}
    if method == "resources/list":
        return {"resources": [RESOURCE]}
    if method == "resources/templates/list":
        return {"resourceTemplates": [{"uriTemplate": "note://{name}", "name": "note"}]}
    if method == "resources/read":
        return {"contents": [{"uri": params["uri"], "mimeType": "text/plain", "text": "noted"}]}
    return {}


def main() -> None:
    """Answers until the input ends."""
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message:
            result = answer(message["method"], message.get("params") or {})
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)


if __name__ == "__main__":
    main()

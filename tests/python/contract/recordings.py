"""What the tests of recordings share."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codex_app_server import AppServerConfig

from contract.flavour import Client, Flavour
from contract.peer import SERVER_INFO

__all__ = [
    "API_KEY",
    "client_says",
    "entries",
    "record",
    "replay",
    "said",
    "server_says",
    "turn",
]

API_KEY = "sk-a-key-that-no-recording-may-have"
"""What the client logs in with."""


def turn(client: Client) -> list[Any]:
    """The turn of the committed recording: what came of it."""
    login = client.do(lambda c: c.account_login_start({"type": "apiKey", "apiKey": API_KEY}))
    started = client.do(lambda c: c.thread_start(ephemeral=True))
    feed = client.follow(
        lambda c: c.turn_start_stream(
            thread_id=started.thread.id, input=[{"type": "text", "text": "hello"}]
        )
    )
    events = [(type(event), event.params, event.emitted_at_ms) for event in feed.rest()]
    client.close()
    return [client.inner.server_info, login, started, feed.inner.result, *events]


def entries(path: Path) -> list[dict[str, Any]]:
    """The lines of a recording."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def said(path: Path) -> list[dict[str, Any]]:
    """What was said, without when."""
    return [
        {name: value for name, value in entry.items() if name != "at"} for entry in entries(path)
    ]


def client_says(message: object) -> dict[str, Any]:
    """A line of a recording."""
    return {"at": 4, "from": "client", "message": message}


def server_says(message: object) -> dict[str, Any]:
    """A line of a recording."""
    return {"at": 5, "from": "server", "message": message}


def record(path: Path, lines: Sequence[object]) -> Path:
    """Writes a recording: the handshake, and what is given."""
    greeting = {
        "clientInfo": {"name": "somebody else", "version": "9"},
        "capabilities": {"experimentalApi": True},
    }
    handshake = [
        client_says({"id": "h", "method": "initialize", "params": greeting}),
        server_says({"id": "h", "result": SERVER_INFO}),
        client_says({"method": "initialized"}),
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in (*handshake, *lines)))
    return path


def replay(flavour: Flavour, path: Path, **settings: Any) -> Client:
    """Starts a client with a recording instead of a server."""
    handlers = settings.pop("handlers", None)
    return flavour.start(AppServerConfig(replay_from=path, **settings), handlers)

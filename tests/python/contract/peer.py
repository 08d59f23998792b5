"""A server that a test plays itself, line by line.

The client starts `relay.py`, which passes everything on. Messages of a method that has a reply are
answered at once, in the peer's own thread; all others wait for `receive`.
"""

import contextlib
import json
import queue
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]

RELAY = Path(__file__).with_name("relay.py")
PATIENCE = 20.0
"""Seconds after which what a test waits for will not come any more. No test that passes waits so
long."""

SERVER_INFO: Message = {
    "userAgent": "fake/1.2.3",
    "codexHome": "/nowhere",
    "platformFamily": "unix",
    "platformOs": "linux",
}


class FakePeer:
    """The far end of one connection."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._acknowledged: queue.Queue[None] = queue.Queue()
        self._relay: socket.socket | None = None
        self._others: list[socket.socket] = []
        self._connected = threading.Event()
        self._input_ended = threading.Event()
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="fake-peer", daemon=True)
        self.replies: dict[str, Callable[[Message], object]] = {}
        self.greeting: Message | None = None
        """What the client said first."""
        self.on("initialize", self._greet)
        self.ignores("initialized")
        self._thread.start()

    @property
    def command(self) -> list[str]:
        """What a client has to start."""
        port = self._listener.getsockname()[1]
        return [sys.executable, "-I", "-S", str(RELAY), str(port)]

    # What the client sends.

    def on(self, method: str, reply: Callable[[Message], object]) -> None:
        """Lets `reply` deal with messages of this method."""
        self.replies[method] = reply

    def answers(self, method: str, result: object) -> None:
        """Answers calls of this method with `result`."""
        self.on(method, lambda message: self.answer(message, result))

    def ignores(self, method: str) -> None:
        """Never answers calls of this method."""
        self.on(method, lambda message: None)

    def receive(self) -> Message:
        """The next message that no reply has dealt with."""
        message = self._messages.get(timeout=PATIENCE)
        assert message is not None, "the connection has ended"
        return message

    def nothing_received(self) -> bool:
        """Whether no message is waiting."""
        return self._messages.empty()

    def wait_for_end_of_input(self) -> None:
        """Until the client has closed the server's input."""
        assert self._input_ended.wait(PATIENCE), "the input is still open"

    def wait_until_gone(self) -> None:
        """Until the process has ended."""
        assert self._gone.wait(PATIENCE), "the process is still there"

    # What the server sends.

    def answer(self, request: Message, result: object) -> None:
        """Answers a call of the client."""
        self.send({"id": request["id"], "result": result})

    def refuse(self, request: Message, code: int, message: str, **more: object) -> None:
        """Answers a call of the client with an error."""
        self.send({"id": request["id"], "error": {"code": code, "message": message, **more}})

    def announce(self, method: str, params: object, **more: object) -> None:
        """Sends a notification."""
        self.send({"method": method, "params": params, **more})

    def ask(self, ident: int | str, method: str, params: object) -> None:
        """Sends a request of the server's own."""
        self.send({"id": ident, "method": method, "params": params})

    def send(self, message: object) -> None:
        """Sends anything, as one line."""
        self.send_raw(json.dumps(message).encode() + b"\n")

    def send_raw(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._order(b"O", data)

    def complain(self, text: str) -> None:
        """Writes to the standard error."""
        self._order(b"L", text.encode())

    # What the process does.

    def exit(self, code: int) -> None:
        """Ends the process."""
        self._order(b"X", str(code).encode())

    def close_output(self) -> None:
        """Closes the output; the process lives on."""
        self._order(b"C")
        self._wait_for_order()

    def be_stubborn(self) -> None:
        """Lives on when the input ends, and when told to end."""
        self._order(b"T")
        self._wait_for_order()

    def be_stubborn_later(self) -> None:
        """The same, for replies: they can't wait for it to be carried out."""
        self._order(b"T")

    def stop_reading(self) -> None:
        """Reads one more chunk of input and none after it."""
        self._order(b"R")
        self._wait_for_order()

    def start_grandchild(self) -> socket.socket:
        """Starts a process that holds the same pipes and doesn't end when told to. The socket ends
        with it.
        """
        self._order(b"G")
        self._wait_for_order()
        connection, _ = self._listener.accept()
        connection.settimeout(PATIENCE)
        self._others.append(connection)
        return connection

    def close(self) -> None:
        """Ends it all."""
        if self._relay is not None:
            for connection in (self._relay, *self._others):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        else:
            with contextlib.suppress(OSError):
                # Wakes the thread that waits for a process which was never started.
                socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(PATIENCE)
        for connection in self._others:
            connection.close()
        self._listener.close()

    # Inside.

    def _serve(self) -> None:
        self._relay, _ = self._listener.accept()
        self._connected.set()
        parts: list[bytes] = []
        with (
            self._relay,
            self._relay.makefile("rb") as frames,
            contextlib.suppress(OSError),
        ):
            while head := frames.read(5):
                (length,) = struct.unpack(">I", head[1:])
                payload = frames.read(length)
                if head[:1] == b"I":
                    first, *rest = payload.split(b"\n")
                    parts.append(first)
                    for start in rest:
                        self._take(json.loads(b"".join(parts)))
                        parts = [start]
                elif head[:1] == b"E":
                    self._input_ended.set()
                else:
                    self._acknowledged.put(None)
        self._input_ended.set()
        self._gone.set()
        self._messages.put(None)

    def _take(self, message: Message) -> None:
        reply = self.replies.get(message.get("method", ""))
        if reply is None:
            self._messages.put(message)
        else:
            reply(message)

    def _greet(self, message: Message) -> None:
        self.greeting = message
        self.answer(message, SERVER_INFO)

    def _order(self, letter: bytes, payload: bytes = b"") -> None:
        assert self._connected.wait(PATIENCE), "no process has been started"
        assert self._relay is not None
        with contextlib.suppress(OSError):  # The process may have ended in the meantime.
            self._relay.sendall(letter + struct.pack(">I", len(payload)) + payload)

    def _wait_for_order(self) -> None:
        self._acknowledged.get(timeout=PATIENCE)

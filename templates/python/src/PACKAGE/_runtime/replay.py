"""A recording that stands in for a server: it says again what the server said, and expects the
client to say again what the client said.

Reads a recording and knows what comes next; does no waiting and passes nothing on.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import StartError
from .facts import ProtocolFacts
from .json_text import from_json, to_json
from .plain import is_array, is_object
from .recording import redacted

__all__ = ["DeviationError", "Script"]

_SHOWN = 400
"""How much of a message an error shows."""


class _Entry(NamedTuple):
    """A line of a recording: a message, or a text that is none."""

    number: int
    is_clients: bool
    message: Any
    text: str | None


class DeviationError(Exception):
    """The client does something else than the recording says."""


class Script:
    """What a recording says, step by step."""

    def __init__(self, path: "str | os.PathLike[str]", facts: ProtocolFacts) -> None:
        self._name = f"the recording {os.fspath(path)}"
        self._facts = facts
        self._entries = deque(_read(os.fspath(path)))
        self._expected: dict[str, deque[_Entry]] = {}
        self._ids: dict[object, object] = {}
        """Today's ids of the client's calls, by those in the recording."""
        self._check_handshake(os.fspath(path))

    @property
    def is_over(self) -> bool:
        """Whether neither side has anything left to say."""
        return not self._entries and not self._expected

    @property
    def end(self) -> str:
        """What is said of a connection whose recording is over."""
        return f"{self._name} has ended"

    def lines(self) -> Iterator[bytes]:
        """What the server says before it waits for the client again."""
        while self._entries and not self._entries[0].is_clients:
            yield self._line(self._entries.popleft())
        # What the client said without a word of the server's in between may come in any order.
        while self._entries and self._entries[0].is_clients:
            entry = self._entries.popleft()
            self._expected.setdefault(self._key(entry.message), deque()).append(entry)

    def take(self, line: bytes) -> bool:
        """Takes in a line of the client's. Tells whether the server speaks next."""
        message = from_json(line)
        key = self._key(message)
        entries = self._expected.get(key)
        if entries is None:
            raise DeviationError(self._deviation(message))
        entry = entries.popleft()
        if not entries:
            del self._expected[key]
        if "method" in message and "id" in message:
            self._ids[entry.message["id"]] = message["id"]
        return not self._expected

    def _line(self, entry: _Entry) -> bytes:
        message = entry.message
        if entry.text is not None:
            return entry.text.encode()
        if is_object(message) and "method" not in message and _is_id(message.get("id")):
            message = {**message, "id": self._ids.get(message["id"], message["id"])}
        return to_json(message)

    def _key(self, message: dict[str, Any]) -> str:
        """What messages that count as the same have in common: all but the ids of calls, secrets,
        the words of errors, and who the client says that it is.
        """
        shown: dict[str, Any] = redacted(message, self._facts.secrets)
        handshake = self._facts.handshake
        if "method" in shown:
            shown["id"] = "id" in shown
            if handshake is not None and shown["method"] == handshake.request:
                _forget(shown, ("params", *handshake.client_info))
        elif is_object(shown.get("error")):
            shown["error"] = shown["error"].get("code")
        return json.dumps(_plain(shown), sort_keys=True)

    def _deviation(self, message: dict[str, Any]) -> str:
        first, *others = (entry for entries in self._expected.values() for entry in entries)
        more = f", or with {len(others)} others" if others else ""
        return (
            f"{self._name} goes on with {self._shown(first.message)} in line {first.number}{more};"
            f" the client sent {self._shown(message)}"
        )

    def _shown(self, message: dict[str, Any]) -> str:
        shown: dict[str, Any] = redacted(message, self._facts.secrets)
        method = shown.get("method")
        body = shown if method is None else shown.get("params", {})
        text = f"{method or 'the answer'} {json.dumps(body)}"
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

    def _check_handshake(self, path: str) -> None:
        handshake = self._facts.handshake
        first = next((entry for entry in self._entries if entry.is_clients), None)
        if handshake is None or (first and first.message.get("method") == handshake.request):
            return
        place = path if first is None else f"{path}:{first.number}"
        raise StartError(
            f"{place}: there is no handshake: a recording begins with the client's"
            f" {handshake.request}"
        )


def _read(path: str) -> Iterator[_Entry]:
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _entry(f"{path}:{number}", number, line)
    except OSError as error:
        raise StartError(f"the recording {path} can't be read: {error.strerror}") from error


def _entry(place: str, number: int, line: bytes) -> _Entry:
    try:
        entry = from_json(line)
    except ValueError as error:
        raise StartError(f"{place}: not a JSON object: {error}") from None
    if not is_object(entry):
        raise StartError(f"{place}: not a JSON object")
    side, text = entry.get("from"), entry.get("line")
    if side == "server" and ("message" in entry or isinstance(text, str)):
        return _Entry(number, False, entry.get("message"), text)
    if side == "client" and is_object(entry.get("message")):
        return _Entry(number, True, entry["message"], None)
    raise StartError(
        f'{place}: not a line of a recording: `from` has to be "client" or "server", and there has'
        " to be a `message`"
    )


def _is_id(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _forget(value: Any, path: tuple[str, ...]) -> None:
    *outer, last = path
    for name in outer:
        value = value.get(name) if is_object(value) else None
    if is_object(value):
        value.pop(last, None)


def _plain(value: Any) -> Any:
    """`value` with one spelling for each number."""
    if is_object(value):
        return {name: _plain(item) for name, item in value.items()}
    if is_array(value):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

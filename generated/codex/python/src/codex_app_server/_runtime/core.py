"""The protocol without any I/O: calls under way, what a line means, and who is told.

Both kinds of connection drive one of these. They write what it gives them, feed it the lines they
read, and run the handlers it hands out. It never blocks and never writes; waiting is the business
of the `Waiter`s.
"""

import threading
from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar, cast

from ..errors import DecodeError, ExperimentalApiError, SdkError, TransportClosed, error_for
from . import codec, envelope
from .facts import CorrelationFacts, ProtocolFacts
from .json_text import from_json
from .method import Method
from .notification import UnknownNotification
from .places import look_up
from .plain import is_object
from .report import Unknown
from .reporter import Reporter
from .router import Arrival, Router
from .settings import ConnectionSettings
from .version import version_in

__all__ = ["Core", "Waiter"]

E = TypeVar("E")
R = TypeVar("R")

_FORGOTTEN = 10_000
"""How many given-up calls are remembered, so that their late answers pass for what they are."""


class Waiter(Protocol):
    """Whoever waits for the answer to a call."""

    def answer(self, outcome: "bytes | Exception") -> None:
        """The answer is there: a line to decode, or an error. Must not block."""
        ...


class Core(Generic[E]):
    """The state of one connection."""

    def __init__(self, facts: ProtocolFacts, settings: ConnectionSettings) -> None:
        self.facts = facts
        self.settings = settings
        self.reporter = Reporter(facts.package, settings)
        self.router = Router[E](facts.correlations, settings.queue_size, self.reporter.overflow)
        self.server_version: str | None = None
        """The server's version, once it has told it."""
        self._lock = threading.Lock()
        self._calls: dict[int, tuple[str, Waiter]] = {}
        self._pausing: set[Waiter] = set()
        self._given_up: dict[int, None] = {}
        self._last_id = 0
        self._closed: TransportClosed | None = None

    # Calls.

    def check_allowed(self, method: str, *, experimental: bool = False) -> None:
        """Raises if the client has not opted in to what `method` needs."""
        gated = experimental or method in self.facts.experimental_methods
        if gated and not self.settings.experimental_api:
            raise ExperimentalApiError(method)

    def begin(self, method: str, params: bytes | None, waiter: Waiter) -> tuple[int, bytes]:
        """Registers a call; gives its id, and the line to write."""
        with self._lock:
            self._last_id += 1
            ident = self._last_id
        # What can't be encoded has to fail before anything is registered.
        line = envelope.call(ident, method, params)
        with self._lock:
            if self._closed is not None:
                raise self.closed_error()
            self._calls[ident] = (method, waiter)
        return ident, line

    def give_up(self, ident: int) -> None:
        """Forgets a call that nobody waits for any more. If its answer comes late, it is dropped
        quietly.
        """
        with self._lock:
            if self._calls.pop(ident, None) is None:
                return
            self._given_up[ident] = None
            if len(self._given_up) > _FORGOTTEN:
                del self._given_up[next(iter(self._given_up))]

    def pause(self, waiter: Waiter) -> None:
        """Lets `waiter` hear of the connection's end, until `go_on`."""
        with self._lock:
            if self._closed is None:
                self._pausing.add(waiter)
                return
        waiter.answer(self.closed_error())

    def go_on(self, waiter: Waiter) -> None:
        """Lets `waiter` hear no more."""
        with self._lock:
            self._pausing.discard(waiter)

    def result(self, method: Method[Any, R], line: bytes) -> R:
        """The typed result of a call. Runs where the call was made, not where lines are read."""
        try:
            decoded = codec.decode_result(method, line)
        except codec.NotJsonError as error:
            raise self._not_json(method.name, line, error) from None
        except DecodeError as error:
            self._check_for_error(method.name, _members(method.name, line))
            self._report_undecodable(method.name, "$.result", error.raw, error)
            raise
        self._check_for_error(method.name, decoded.members)
        if decoded.flagged:
            self._report_unknowns(method.name, decoded.members.get("result"), "$.result")
        # The type that the method names has been checked by decoding it.
        return cast("R", None if method.result is None else decoded.members.get("result"))

    def raw_result(self, method: str, line: bytes) -> Any:
        """The result of an untyped call."""
        try:
            members = codec.decode_raw(method, line).members
        except codec.NotJsonError as error:
            raise self._not_json(method, line, error) from None
        self._check_for_error(method, members)
        return members.get("result")

    def _not_json(self, method: str, line: bytes, error: codec.NotJsonError) -> DecodeError:
        problem = DecodeError(method, [str(error)], line)
        self._report_undecodable(method, "$.result", line, problem)
        return problem

    def _check_for_error(self, method: str, members: Mapping[str, Any]) -> None:
        """An answer with both a result and an error is an error. Its head doesn't tell."""
        if members.get("error") is not None:
            raise self._error(method, members["error"])

    def scope_of(self, facts: CorrelationFacts, params: bytes | None) -> object:
        """What the params of a call that opens work have in common with the notifications about
        it.
        """
        if facts.scope is None or params is None:
            return None
        return look_up(from_json(params), (facts.scope,))

    def id_of(self, facts: CorrelationFacts, result: object) -> str | None:
        """The id of the work that a call has opened."""
        ident = look_up(result, facts.result_key)
        return ident if isinstance(ident, str) else None

    def meet(self, greeting: object) -> None:
        """Takes note of what the server says of itself."""
        handshake = self.facts.handshake
        if handshake is not None and handshake.version is not None:
            self.server_version = version_in(greeting, handshake.version)
            self.reporter.version(self.server_version, self.facts.server_version)

    # What the server sends.

    def receive(self, line: bytes) -> envelope.Request | None:
        """Takes in a line. Gives the request that it is, if it is one, for somebody to answer."""
        message = envelope.read(line)
        if isinstance(message, envelope.Notice):
            return self._notice(message)
        if isinstance(message, envelope.Request):
            return message
        if isinstance(message, envelope.Response):
            self._answer(message.id, line, line)
        elif isinstance(message, envelope.Failure):
            self._answer(message.id, message.error, line)
        elif isinstance(message, envelope.Malformed):
            self._report_line(line, message.reason)
        return None

    def _answer(self, ident: envelope.RequestId, outcome: Any, line: bytes) -> None:
        with self._lock:
            entry = self._calls.pop(ident, None) if isinstance(ident, int) else None
            late = ident in self._given_up
            if isinstance(ident, int):
                self._given_up.pop(ident, None)
        if entry is not None:
            method, waiter = entry
            waiter.answer(outcome if isinstance(outcome, bytes) else self._error(method, outcome))
        elif not late:
            self._report_line(line, f"answers {ident!r}, which nobody waits for")

    def _error(self, method: str, error: object) -> SdkError:
        code = error.get("code") if is_object(error) else None
        if not is_object(error) or not isinstance(code, int) or isinstance(code, bool):
            return DecodeError(method, ["$.error: not an error object"], error)
        overload = self.facts.overload
        return error_for(
            code,
            str(error.get("message", "")),
            error.get("data"),
            method,
            overload_codes=overload.codes,
            overload_words=overload.words,
        )

    def _notice(self, notice: envelope.Notice) -> envelope.Request | None:
        name, line = notice
        canonical = self.facts.notification_aliases.get(name, name)
        kind = self.facts.notifications.get(canonical)
        if kind is None:
            return self._unknown_notice(notice)
        try:
            members, flagged = codec.decode_params(
                canonical, kind.params_type, line, self.facts.sent_at
            )
        except codec.NotJsonError as error:
            self._report_line(line, f"not JSON: {error}")
            return None
        except DecodeError as error:
            strict = self._report_undecodable(canonical, "$.params", error.raw, error)
            event = UnknownNotification(name, error.raw, error)
            self._deliver(canonical, error.raw, event, strict)
            return None
        if "id" in members:
            return self._slowly(line)
        params = members.get("params") if kind.params_type is not None else None
        problem = self._report_unknowns(canonical, params, "$.params") if flagged else None
        self._deliver(canonical, params, kind(params, self._sent_at(members)), problem)
        return None

    def _unknown_notice(self, notice: envelope.Notice) -> envelope.Request | None:
        message = envelope.read_slowly(notice.line)
        if isinstance(message, envelope.Request):
            return message
        if isinstance(message, envelope.Malformed):
            self._report_line(notice.line, message.reason)
            return None
        sent_at = self.facts.sent_at
        members = codec.decode_params(notice.method, None, notice.line, sent_at).members
        raw = members.get("params")
        problem = self.reporter.unknown([Unknown("method", notice.method, "$.method", raw)])
        event = UnknownNotification(notice.method, raw, None, self._sent_at(members))
        self._deliver(notice.method, raw, event, problem)
        return None

    def _sent_at(self, members: Mapping[str, Any]) -> int | None:
        """When a notification was sent, if it says so."""
        name = self.facts.sent_at
        sent_at = None if name is None else members.get(name)
        return sent_at if isinstance(sent_at, int) else None

    def _slowly(self, line: bytes) -> envelope.Request | None:
        """A message whose head promised a notification, and which has an id after all."""
        message = envelope.read_slowly(line)
        if isinstance(message, envelope.Request):
            return message
        self._report_line(line, "an id of a wrong kind")
        return None

    def _deliver(self, method: str, params: object, event: Any, error: Exception | None) -> None:
        self.router.deliver(Arrival(method, params, cast("E", event), error))

    # Reports.

    def _report_unknowns(self, method: str, value: object, path: str) -> Exception | None:
        error = self.reporter.unknowns_in(value, method, path)
        if error is not None and path == "$.result":
            raise error
        return error

    def _report_undecodable(
        self, method: str, path: str, raw: Any, error: Exception
    ) -> Exception | None:
        return self.reporter.unknown([Unknown("undecodable", method, path, raw, error)])

    def _report_line(self, line: bytes, reason: str) -> None:
        text = line.decode("utf-8", "replace")
        self.reporter.unknown([Unknown("message", None, "$", text, ValueError(reason))])

    # The end.

    def close(self, error: TransportClosed) -> None:
        """The connection is over: fails every call and ends every stream."""
        with self._lock:
            if self._closed is not None:
                return
            self._closed = error
            calls, self._calls = self._calls, {}
            # The server may still answer before it ends.
            self._given_up.update(dict.fromkeys(calls))
            pausing, self._pausing = self._pausing, set()
        self.reporter.log.debug("the connection has ended: %s", error)
        for waiter in (*(waiter for _, waiter in calls.values()), *pausing):
            waiter.answer(self.closed_error())
        self.router.end(error)

    def disown(self, error: TransportClosed) -> None:
        """The connection is over where nobody is left who could be told, or who might hold the
        lock: in a process that was forked, or when its event loop has ended.
        """
        self._lock = threading.Lock()
        self._closed = error
        self._calls, self._pausing = {}, set()
        self.router.disown(error)

    def closed_error(self) -> TransportClosed:
        """A fresh error that says how the connection ended: one that is raised twice would mix up
        its tracebacks.
        """
        error = self._closed
        if error is None:
            return TransportClosed("the connection is closed")
        return error.again()

    @property
    def is_closed(self) -> bool:
        """Whether the connection is over."""
        return self._closed is not None


def _members(method: str, line: bytes) -> Mapping[str, Any]:
    """What can be read of an answer that doesn't fit."""
    try:
        return codec.decode_raw(method, line).members
    except DecodeError:
        return {}

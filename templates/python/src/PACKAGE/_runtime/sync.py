"""The blocking kind of connection: a `Core` driven by threads.

Callers wait in their own threads; results are decoded there. Handlers run in threads of their own,
one a request.
"""

import atexit
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import RequestTimeoutError, SdkError, TransportClosed
from . import codec, envelope, forked
from .core import Core
from .facts import ProtocolFacts
from .handshake import handshake_params, start_error
from .launch import command_line, environment
from .method import Method
from .notification import Notification
from .omit import Omit, omit
from .outbox import OutboxClosedError, OutboxFullError
from .player import Player
from .process import ServerProcess
from .recording import recorder_for
from .replay import Script
from .retry import RetryPolicy, retry
from .router import Work
from .serving import Serving
from .settings import ConnectionSettings
from .sync_answering import Answering
from .sync_stream import SyncStream, SyncWork

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["SyncConnection", "SyncStream", "SyncWork"]

E = TypeVar("E")
N = TypeVar("N", bound=Notification)
R = TypeVar("R")
T = TypeVar("T")

_FEED = 1024
"""How many notifications are kept for a `next_notification` that nobody has called yet."""


class SyncConnection(Generic[E]):
    """A connection to a server that runs as a process of its own. Everything in it may be used from
    any thread.
    """

    def __init__(
        self, facts: ProtocolFacts, settings: ConnectionSettings, handlers: object
    ) -> None:
        self._facts = facts
        self._settings = settings
        self._core = Core[E](facts, settings)
        self._answering = Answering(
            self._core,
            Serving(facts, self._core.reporter, handlers),
            self._send_answer,
        )
        self._feed: SyncStream[E] = self._new_stream("next_notification", _FEED)
        self._started_at = time.monotonic()
        self._process = self._launch()
        atexit.register(self.close)
        forked.do_in_children(self._disown)
        try:
            if isinstance(self._process, Player):
                self._process.start()
            self._greet()
        except BaseException:
            self.close()
            raise

    def _launch(self) -> ServerProcess | Player:
        """Starts the server, or whatever stands in for it."""
        facts, settings, reporter = self._facts, self._settings, self._core.reporter
        if settings.replay_from is not None:
            script = Script(settings.replay_from, facts)
            recorder = recorder_for(facts, settings, reporter.log)
            return Player(script, recorder, on_line=self._receive, on_end=self._replayed)
        command = command_line(facts.launch, settings)
        process = ServerProcess(
            command,
            settings.cwd,
            environment(settings),
            recorder_for(facts, settings, reporter.log),
            grace=settings.close_grace,
            on_line=self._receive,
            on_stderr=reporter.stderr,
            on_end=self._ended,
        )
        reporter.log.debug("the server runs as process %d: %s", process.pid, command[0])
        return process

    # For the generated client.

    def _greet(self) -> None:
        """Does what a connection begins with."""
        self._answering.begin()

    def _handshake(self, method: Method[Any, R]) -> R:
        """Makes the first call, and announces that it went well."""
        facts = self._facts.handshake
        if facts is None:
            raise TypeError("the protocol has no handshake")
        params = handshake_params(facts, self._facts, self._settings)
        left = self._settings.start_timeout - (time.monotonic() - self._started_at)
        try:
            result = self._once(method, codec.encode_value(method, params), left)
            self.notify(facts.notification)
        except SdkError as error:
            self.close()
            process = self._process
            is_replay = isinstance(process, Player)
            raise start_error(error, process.exit_code, process.tail(), is_replay) from error
        self._core.meet(result)
        self._answering.begin()
        return result

    def _call(
        self,
        method: Method[Any, R],
        given: Mapping[str, object] | None,
        timeout: float | Omit | None,
    ) -> R:
        """Makes a call whose params are given one by one."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        params = codec.encode_params(method, given)
        return self._retried(lambda: self._once(method, params, timeout))

    def _call_with(self, method: Method[Any, R], params: object, timeout: float | Omit | None) -> R:
        """Makes a call whose params are one value."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        body = codec.encode_value(method, params)
        return self._retried(lambda: self._once(method, body, timeout))

    def _open_work(
        self,
        method: Method[Any, R],
        given: Mapping[str, object] | None,
        timeout: float | Omit | None,
    ) -> SyncWork[E, R]:
        """Makes a call that opens work, and follows the work."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        return self._open(method, codec.encode_params(method, given), timeout)

    def _open_work_with(
        self, method: Method[Any, R], params: object, timeout: float | Omit | None
    ) -> SyncWork[E, R]:
        """Makes a call that opens work and whose params are one value, and follows the work."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        return self._open(method, codec.encode_value(method, params), timeout)

    def _wait_for_end(self, closing: type[N], ident: str, timeout: float | None) -> N:
        """Waits for the notification that ends the work of this id."""
        router = self._core.router
        work = router.follow(router.closed_by(closing.method), ident)
        with SyncStream(router.new_reader(work)) as stream:
            return stream.wait_for(closing, timeout)

    # For users.

    def request(
        self, method: str, params: object = omit, *, timeout: float | Omit | None = omit
    ) -> Any:
        """Makes a call by its wire name and gives the result as plain JSON.

        Args:
            method: The method's wire name.
            params: Anything that can be written as JSON, models included. Left out: no params.
            timeout: Seconds to wait at most. `None`: as long as it takes. Left out: the config's
                default.
        """
        return self._request(method, params, timeout, self._settings.retry)

    def request_with_retry_on_overload(
        self,
        method: str,
        params: object = omit,
        *,
        timeout: float | Omit | None = omit,
        policy: RetryPolicy | None = None,
    ) -> Any:
        """Like `request`, and again while the server is too busy."""
        policy = policy or self._settings.retry or RetryPolicy()
        return self._request(method, params, timeout, policy)

    def notify(self, method: str, params: object = omit) -> None:
        """Announces something to the server, by the wire name. There is no answer."""
        body = None if params is omit else codec.encode(method, None, params)
        limit = self._settings.default_timeout
        self._write(method, envelope.announcement(method, body), limit, _deadline(limit))

    def notifications(self) -> SyncStream[E]:
        """A stream of all notifications from now on. Close it when done, or use it in a `with`
        statement.
        """
        return self._new_stream("notifications", self._settings.queue_size)

    def next_notification(self, timeout: float | None = None) -> E:
        """The next notification that this method hasn't given yet.

        Up to 1,024 that came before the first call are kept for it.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.
        """
        event = self._feed.get(timeout)
        if event is None:
            raise self._core.closed_error()
        return event

    def close(self) -> None:
        """Ends the connection and the server. May be called again and again, and never raises."""
        self._core.close(TransportClosed("the client was closed"))
        self._process.close()
        atexit.unregister(self.close)

    @property
    def closed(self) -> bool:
        """Whether the connection has ended."""
        return self._core.is_closed

    @property
    def pid(self) -> int | None:
        """The id of the server's process; `None` if a recording stands in for it."""
        return self._process.pid

    @property
    def server_version(self) -> str | None:
        """The server's version, as it tells it."""
        return self._core.server_version

    @property
    def stderr_tail(self) -> list[str]:
        """The last 400 lines that the server wrote to its standard error."""
        return self._process.tail()

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # How calls travel.

    def _request(
        self, method: str, params: object, timeout: float | Omit | None, policy: RetryPolicy | None
    ) -> Any:
        self._core.check_allowed(method)
        body = None if params is omit else codec.encode(method, None, params)

        def once() -> Any:
            return self._core.raw_result(method, self._ask(method, body, timeout))

        return once() if policy is None else retry(once, policy, self._pause)

    def _retried(self, call: Callable[[], T]) -> T:
        policy = self._settings.retry
        return call() if policy is None else retry(call, policy, self._pause)

    def _pause(self, seconds: float) -> None:
        """Waits, but not beyond the connection's end."""
        over = _Reply()
        self._core.pause(over)
        try:
            over.wait(_deadline(seconds))
        finally:
            self._core.go_on(over)

    def _once(
        self, method: Method[Any, R], params: bytes | None, timeout: float | Omit | None
    ) -> R:
        return self._core.result(method, self._ask(method.name, params, timeout))

    def _open(
        self, method: Method[Any, R], params: bytes | None, timeout: float | Omit | None
    ) -> SyncWork[E, R]:
        router = self._core.router
        facts = router.opened_by(method.name)
        work: Work[E] = router.prepare(facts, self._core.scope_of(facts, params))
        try:
            result = self._retried(lambda: self._once(method, params, timeout))
        except BaseException:
            router.release(work)
            raise
        router.bind(work, self._core.id_of(facts, result))
        return SyncWork(router.new_reader(work), result, work.id)

    def _ask(self, method: str, params: bytes | None, timeout: float | Omit | None) -> bytes:
        limit = self._settings.default_timeout if isinstance(timeout, Omit) else timeout
        deadline = _deadline(limit)
        reply = _Reply()
        ident, line = self._core.begin(method, params, reply)
        try:
            self._write(method, line, limit, deadline)
            outcome = reply.wait(deadline)
        finally:
            self._core.give_up(ident)
        if outcome is None:
            raise RequestTimeoutError(method, limit or 0.0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _write(self, method: str, line: bytes, limit: float | None, deadline: float | None) -> None:
        try:
            self._process.outbox.put(line, deadline)
        except OutboxClosedError:
            if not self._core.is_closed:
                self._process.wait_for_end()
            raise self._core.closed_error() from None
        except OutboxFullError:
            raise RequestTimeoutError(method, limit or 0.0) from None

    def _new_stream(self, name: str, limit: int) -> SyncStream[E]:
        return SyncStream(self._core.router.new_feed(name, limit))

    def _disown(self) -> None:
        """In a process that was forked off: the server belongs to the other one."""
        self._core.disown(TransportClosed("the client belongs to the process that started it"))
        self._process.disown()

    # What the process's threads call.

    def _receive(self, line: bytes) -> None:
        try:
            request = self._core.receive(line)
            if request is not None:
                self._answering.take(request)
        except Exception:
            # The reader must go on, whatever is wrong with one line.
            self._core.reporter.log.exception("a line could not be taken in")

    def _ended(self, code: int | None, tail: list[str]) -> None:
        self._core.close(TransportClosed("the server's process has ended", code, tail))

    def _replayed(self, end: str) -> None:
        self._core.close(TransportClosed(end))

    def _send_answer(self, line: bytes) -> bool:
        try:
            self._process.outbox.put_answer(line)
        except OutboxClosedError:
            return False
        return True


class _Reply:
    """Waits for the answer to one call."""

    __slots__ = ("_outcome", "_ready")

    def __init__(self) -> None:
        self._ready = threading.Lock()
        self._ready.acquire()
        self._outcome: bytes | Exception | None = None

    def answer(self, outcome: bytes | Exception) -> None:
        self._outcome = outcome
        self._ready.release()

    def wait(self, deadline: float | None) -> bytes | Exception | None:
        left = (
            -1.0
            if deadline is None
            else min(max(0.0, deadline - time.monotonic()), threading.TIMEOUT_MAX)
        )
        self._ready.acquire(timeout=left)
        return self._outcome


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout

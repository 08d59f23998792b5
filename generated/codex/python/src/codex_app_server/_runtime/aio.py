"""The asyncio kind of connection: a `Core` driven by the loop, without threads.

Callers wait in their own tasks; results are decoded there. Handlers run in tasks of their own, one
a request.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import RequestTimeoutError, SdkError, TransportClosed
from . import codec, envelope
from .aio_answering import Answering
from .aio_player import AsyncPlayer
from .aio_process import AsyncServerProcess
from .aio_stream import AsyncStream, AsyncWork
from .core import Core
from .facts import ProtocolFacts
from .handshake import handshake_params, start_error
from .launch import command_line, environment
from .method import Method
from .notification import Notification
from .omit import Omit, omit
from .recording import recorder_for
from .replay import Script
from .retry import RetryPolicy, async_retry
from .router import Work
from .serving import Serving
from .settings import ConnectionSettings

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AsyncConnection", "AsyncStream", "AsyncWork"]

E = TypeVar("E")
N = TypeVar("N", bound=Notification)
R = TypeVar("R")
T = TypeVar("T")

_FEED = 1024
"""How many notifications are kept for a `next_notification` that nobody has called yet."""


class AsyncConnection(Generic[E]):
    """A connection to a server that runs as a process of its own. It belongs to the loop that it
    was started in.
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
        self._feed: AsyncStream[E] = self._new_stream("next_notification", _FEED)
        self._process: AsyncServerProcess | AsyncPlayer | None = None
        self._opening: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # For the generated client.

    async def _greet(self) -> None:
        """Does what a connection begins with."""
        self._answering.begin()

    def _started(self, value: T | None) -> T:
        """`value`, which is there once the server has been started."""
        if value is None:
            raise TransportClosed("the server has not been started yet")
        return value

    async def _open(self) -> None:
        """Starts the server on behalf of the client's owner: if cancelled, nothing is left of
        it.
        """
        try:
            await self._ensure_open()
        except asyncio.CancelledError:
            await self.close()
            raise

    async def _ensure_open(self) -> None:
        """Starts the server, unless that has been done. The start outlives a call that is
        cancelled.
        """
        loop = asyncio.get_running_loop()
        if self._loop not in (None, loop):
            raise RuntimeError("the client belongs to another event loop: the one it started in")
        if self._core.is_closed:
            raise self._core.closed_error()
        if self._opening is None:
            self._loop = loop
            self._opening = loop.create_task(self._start())
            self._opening.add_done_callback(_retrieve)
        if not self._opening.done():
            try:
                await asyncio.shield(self._opening)
            except asyncio.CancelledError:
                if self._opening.cancelled():
                    raise self._core.closed_error() from None
                raise

    async def _begin(self) -> None:
        """Starts the server for somebody who waits for it to speak."""
        if not self._core.is_closed:
            await self._ensure_open()

    async def _start(self) -> None:
        self._started_at = asyncio.get_running_loop().time()
        try:
            await self._launch()
            await self._greet()
        except BaseException:
            self._core.close(TransportClosed("the server could not be started"))
            if self._process is not None:
                await self._process.close()
            raise

    async def _launch(self) -> None:
        """Starts the server, or whatever stands in for it."""
        facts, settings, reporter = self._facts, self._settings, self._core.reporter
        if settings.replay_from is not None:
            script = Script(settings.replay_from, facts)
            recorder = recorder_for(facts, settings, reporter.log)
            player = AsyncPlayer(script, recorder, on_line=self._receive, on_end=self._replayed)
            self._process = player
            player.start()
            return
        command = command_line(facts.launch, settings)
        process = AsyncServerProcess(
            recorder_for(facts, settings, reporter.log),
            grace=settings.close_grace,
            on_line=self._receive,
            on_stderr=reporter.stderr,
            on_end=self._ended,
        )
        try:
            await process.start(command, settings.cwd, environment(settings))
        except BaseException:
            await process.close()
            raise
        self._process = process
        reporter.log.debug("the server runs as process %d: %s", process.pid, command[0])

    async def _handshake(self, method: Method[Any, R]) -> R:
        """Makes the first call, and announces that it went well."""
        facts = self._facts.handshake
        process = self._process
        if facts is None or process is None:
            raise TypeError("the protocol has no handshake")
        params = handshake_params(facts, self._facts, self._settings)
        left = self._settings.start_timeout - (asyncio.get_running_loop().time() - self._started_at)
        try:
            result = await self._once(method, codec.encode_value(method, params), left)
            await self._write(
                facts.notification, envelope.announcement(facts.notification, None), left, None
            )
        except SdkError as error:
            await process.close()
            is_replay = isinstance(process, AsyncPlayer)
            raise start_error(error, process.exit_code, process.tail(), is_replay) from error
        self._core.meet(result)
        self._answering.begin()
        return result

    async def _call(
        self,
        method: Method[Any, R],
        given: Mapping[str, object] | None,
        timeout: float | Omit | None,
    ) -> R:
        """Makes a call whose params are given one by one."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        params = codec.encode_params(method, given)
        await self._ensure_open()
        return await self._retried(lambda: self._once(method, params, timeout))

    async def _call_with(
        self, method: Method[Any, R], params: object, timeout: float | Omit | None
    ) -> R:
        """Makes a call whose params are one value."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        body = codec.encode_value(method, params)
        await self._ensure_open()
        return await self._retried(lambda: self._once(method, body, timeout))

    async def _open_work(
        self,
        method: Method[Any, R],
        given: Mapping[str, object] | None,
        timeout: float | Omit | None,
    ) -> AsyncWork[E, R]:
        """Makes a call that opens work, and follows the work."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        return await self._follow(method, codec.encode_params(method, given), timeout)

    async def _open_work_with(
        self, method: Method[Any, R], params: object, timeout: float | Omit | None
    ) -> AsyncWork[E, R]:
        """Makes a call that opens work and whose params are one value, and follows the work."""
        self._core.check_allowed(method.name, experimental=method.experimental)
        return await self._follow(method, codec.encode_value(method, params), timeout)

    async def _wait_for_end(self, closing: type[N], ident: str, timeout: float | None) -> N:
        """Waits for the notification that ends the work of this id."""
        await self._begin()
        router = self._core.router
        work = router.follow(router.closed_by(closing.method), ident)
        async with AsyncStream(router.new_reader(work)) as stream:
            return await stream.wait_for(closing, timeout)

    # For users.

    async def request(
        self, method: str, params: object = omit, *, timeout: float | Omit | None = omit
    ) -> Any:
        """Makes a call by its wire name and gives the result as plain JSON.

        Args:
            method: The method's wire name.
            params: Anything that can be written as JSON, models included. Left out: no params.
            timeout: Seconds to wait at most. `None`: as long as it takes. Left out: the config's
                default.
        """
        return await self._request(method, params, timeout, self._settings.retry)

    async def request_with_retry_on_overload(
        self,
        method: str,
        params: object = omit,
        *,
        timeout: float | Omit | None = omit,
        policy: RetryPolicy | None = None,
    ) -> Any:
        """Like `request`, and again while the server is too busy."""
        policy = policy or self._settings.retry or RetryPolicy()
        return await self._request(method, params, timeout, policy)

    async def notify(self, method: str, params: object = omit) -> None:
        """Announces something to the server, by the wire name. There is no answer."""
        body = None if params is omit else codec.encode(method, None, params)
        await self._ensure_open()
        limit = self._settings.default_timeout
        await self._write(method, envelope.announcement(method, body), limit, _deadline(limit))

    def notifications(self) -> AsyncStream[E]:
        """A stream of all notifications from now on. Close it when done, or use it in an `async
        with` statement.
        """
        return self._new_stream("notifications", self._settings.queue_size)

    async def next_notification(self, timeout: float | None = None) -> E:
        """The next notification that this method hasn't given yet.

        Up to 1,024 that came before the first call are kept for it.

        Args:
            timeout: Seconds to wait at most. `None`: as long as it takes.
        """
        event = await self._feed.get(timeout)
        if event is None:
            raise self._core.closed_error()
        return event

    async def close(self) -> None:
        """Ends the connection and the server. May be called again and again, and never raises."""
        if self._loop not in (None, asyncio.get_running_loop()):
            await self._close_from_outside(self._loop)
            return
        self._core.close(TransportClosed("the client was closed"))
        self._answering.cancel()
        if self._opening is not None and not self._opening.done():
            self._opening.cancel()
            await asyncio.wait({self._opening})
        if self._process is not None:
            await self._process.close()

    async def _close_from_outside(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Closes a client of another loop: in there, if it runs."""
        if loop is not None and loop.is_running():
            closing = asyncio.run_coroutine_threadsafe(self.close(), loop)
            await asyncio.wrap_future(closing)
            return
        error = TransportClosed("the client was closed, and its event loop with it")
        if loop is None or loop.is_closed():
            self._core.disown(error)
        else:
            self._core.close(error)
        if self._process is not None:
            await self._process.abandon()

    @property
    def closed(self) -> bool:
        """Whether the connection has ended."""
        return self._core.is_closed

    @property
    def pid(self) -> int | None:
        """The id of the server's process, once it has been started; `None` if a recording stands in
        for it.
        """
        return self._process.pid if self._process is not None else None

    @property
    def server_version(self) -> str | None:
        """The server's version as it tells it, once it has been started."""
        return self._core.server_version

    @property
    def stderr_tail(self) -> list[str]:
        """The last 400 lines that the server wrote to its standard error."""
        return self._process.tail() if self._process is not None else []

    async def __aenter__(self) -> "Self":
        await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # How calls travel.

    async def _request(
        self, method: str, params: object, timeout: float | Omit | None, policy: RetryPolicy | None
    ) -> Any:
        self._core.check_allowed(method)
        body = None if params is omit else codec.encode(method, None, params)
        await self._ensure_open()

        async def once() -> Any:
            return self._core.raw_result(method, await self._ask(method, body, timeout))

        return await once() if policy is None else await async_retry(once, policy, self._pause)

    async def _retried(self, call: Callable[[], Awaitable[T]]) -> T:
        policy = self._settings.retry
        return await call() if policy is None else await async_retry(call, policy, self._pause)

    async def _pause(self, seconds: float) -> None:
        """Waits, but not beyond the connection's end."""
        over = _Reply(asyncio.get_running_loop())
        self._core.pause(over)
        try:
            await asyncio.wait({over.future}, timeout=seconds)
        finally:
            self._core.go_on(over)

    async def _once(
        self, method: Method[Any, R], params: bytes | None, timeout: float | Omit | None
    ) -> R:
        return self._core.result(method, await self._ask(method.name, params, timeout))

    async def _follow(
        self, method: Method[Any, R], params: bytes | None, timeout: float | Omit | None
    ) -> AsyncWork[E, R]:
        await self._ensure_open()
        router = self._core.router
        facts = router.opened_by(method.name)
        work: Work[E] = router.prepare(facts, self._core.scope_of(facts, params))
        try:
            result = await self._retried(lambda: self._once(method, params, timeout))
        except BaseException:
            router.release(work)
            raise
        router.bind(work, self._core.id_of(facts, result))
        return AsyncWork(router.new_reader(work), result, work.id)

    async def _ask(self, method: str, params: bytes | None, timeout: float | Omit | None) -> bytes:
        limit = self._settings.default_timeout if isinstance(timeout, Omit) else timeout
        deadline = _deadline(limit)
        loop = asyncio.get_running_loop()
        reply = _Reply(loop)
        ident, line = self._core.begin(method, params, reply)
        alarm = None
        if limit is not None and deadline is not None:
            alarm = loop.call_at(deadline, reply.expire, method, limit)
        try:
            await self._write(method, line, limit, deadline)
            outcome = await reply.future
        finally:
            if alarm is not None:
                alarm.cancel()
            self._core.give_up(ident)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _write(
        self, method: str, line: bytes, limit: float | None, deadline: float | None
    ) -> None:
        process = self._process
        if process is None or self._core.is_closed:
            raise self._core.closed_error()
        written = await process.write_in_turn(line, deadline)
        if written is None:
            raise RequestTimeoutError(method, limit or 0.0)
        if not written:
            if not self._core.is_closed:
                await process.wait_for_end()
            raise self._core.closed_error()

    def _new_stream(self, name: str, limit: int) -> AsyncStream[E]:
        return AsyncStream(self._core.router.new_feed(name, limit), self._begin)

    # What the process calls.

    def _receive(self, line: bytes) -> None:
        try:
            request = self._core.receive(line)
            if request is not None:
                self._answering.take(request)
        except Exception:
            # Reading must go on, whatever is wrong with one line.
            self._core.reporter.log.exception("a line could not be taken in")

    def _ended(self, code: int | None, tail: list[str]) -> None:
        self._core.close(TransportClosed("the server's process has ended", code, tail))

    def _replayed(self, end: str) -> None:
        self._core.close(TransportClosed(end))

    def _send_answer(self, line: bytes) -> bool:
        return self._process is not None and self._process.write(line)


class _Reply:
    """Waits for the answer to one call."""

    __slots__ = ("future",)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.future: asyncio.Future[bytes | Exception] = loop.create_future()

    def answer(self, outcome: bytes | Exception) -> None:
        if not self.future.done():
            self.future.set_result(outcome)

    def expire(self, method: str, timeout: float) -> None:
        self.answer(RequestTimeoutError(method, timeout))


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else asyncio.get_running_loop().time() + timeout


def _retrieve(task: asyncio.Task[None]) -> None:
    """Takes note of how a task ended, which asyncio else complains about when nobody waits for it
    any more.
    """
    if not task.cancelled():
        task.exception()

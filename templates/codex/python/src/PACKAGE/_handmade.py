"""The parts of the convenience layer that are made by hand: what the server says about itself, and
what came of a turn.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._runtime.notification import UnknownNotification
from ._runtime.omit import Omit, omit
from .errors import SdkError, TransportClosed
from .notifications import (
    ItemAgentMessageDelta,
    ItemCompleted,
    ThreadTokenUsageUpdated,
    TurnCompleted,
)

if TYPE_CHECKING:
    from ._runtime.aio_stream import AsyncStream, AsyncWork
    from ._runtime.sync_stream import SyncStream, SyncWork
    from .async_client import AsyncAppServerClient
    from .client import AppServerClient
    from .dicts.thread import TextUserInputDict
    from .notifications import ServerNotification
    from .types import (
        InitializeResponse,
        ThreadItem,
        ThreadTokenUsage,
        Turn,
        TurnError,
        TurnStartResponse,
        TurnStatus,
    )

__all__ = [
    "AppServerClientParts",
    "AsyncAppServerClientParts",
    "AsyncCodexParts",
    "AsyncTurnHandleParts",
    "CodexParts",
    "ServerMetadata",
    "TurnFailedError",
    "TurnHandleParts",
    "TurnResult",
]


@dataclass(frozen=True)
class ServerMetadata:
    """What the server says about itself."""

    name: str
    """What the server calls itself: the name of the client that started it."""
    version: str | None
    """The server's version; `None` if it can't be told."""
    codex_home: str
    """The directory that the server keeps its files in."""
    platform_family: str
    """`unix` or `windows`."""
    platform_os: str
    """The server's operating system, such as `linux`."""
    user_agent: str
    """The whole user agent."""


def _metadata(info: InitializeResponse, version: str | None) -> ServerMetadata:
    agent = info.user_agent
    name = agent.partition(f"/{version}")[0] if version else agent
    return ServerMetadata(
        name, version, info.codex_home, info.platform_family, info.platform_os, agent
    )


class CodexParts:
    """What `Codex` has beside its calls."""

    _client: AppServerClient

    @property
    def metadata(self) -> ServerMetadata:
        """What the server says about itself."""
        return _metadata(self._client.server_info, self._client.server_version)


class AsyncCodexParts:
    """What `AsyncCodex` has beside its calls."""

    _client: AsyncAppServerClient

    @property
    def metadata(self) -> ServerMetadata:
        """What the server says about itself, once it has been started."""
        return _metadata(self._client.server_info, self._client.server_version)


class TurnFailedError(SdkError):
    """A turn failed."""

    def __init__(self, result: TurnResult) -> None:
        self.result = result
        """What came of it all the same."""
        error = result.error
        super().__init__(f"turn {result.id} failed: {error.message if error else result.status}")


@dataclass
class TurnResult:
    """What came of a turn."""

    id: str
    """The turn's id."""
    thread_id: str
    """The turn's thread."""
    status: TurnStatus
    """How it ended."""
    error: TurnError | None
    """Why it failed, if it did."""
    started_at: int | None
    """When it began, in seconds since the Unix epoch."""
    completed_at: int | None
    """When it ended, in seconds since the Unix epoch."""
    duration_ms: int | None
    """How long it took, in milliseconds."""
    final_response: str | None
    """The last message of the agent that is its final answer; without one, the last message that
    doesn't say what it is."""
    items: list[ThreadItem] = field(repr=False)
    """All that was said and done, in the order in which it was completed."""
    usage: ThreadTokenUsage | None = field(repr=False)
    """The tokens that the thread has used so far."""
    text: str = field(repr=False)
    """What the agent said, as it came in; without all of that, the messages as they were
    completed."""

    def raise_for_status(self) -> None:
        """Raises `TurnFailedError` if the turn failed."""
        if self.status == "failed":
            raise TurnFailedError(self)


class _Collector:
    """Takes in the notifications of one turn."""

    def __init__(self, turn_id: str, thread_id: str) -> None:
        self._id = turn_id
        self._thread_id = thread_id
        self._items: list[ThreadItem] = []
        self._deltas: list[str] = []
        self._usage: ThreadTokenUsage | None = None
        self._turn: Turn | None = None
        self._unreadable: Exception | None = None

    def take(self, event: ServerNotification) -> None:
        # The last notification ends the turn, readable or not.
        self._unreadable = event.error if isinstance(event, UnknownNotification) else None
        if isinstance(event, ItemAgentMessageDelta):
            self._deltas.append(event.params.delta)
        elif isinstance(event, ItemCompleted):
            self._items.append(event.params.item)
        elif isinstance(event, ThreadTokenUsageUpdated):
            self._usage = event.params.token_usage
        elif isinstance(event, TurnCompleted):
            self._turn = event.params.turn

    def result(self, dropped: int) -> TurnResult:
        """What came of the turn. If notifications were `dropped`, what the agent said has gaps."""
        # Loaded since the first event was read, and not before.
        from .types import AgentMessageThreadItem

        turn = self._turn
        if turn is None:
            lost = f"the stream of turn {self._id} ended before the turn did"
            raise self._unreadable or TransportClosed(lost)
        messages = [
            (item.phase, item.text)
            for item in self._items
            if isinstance(item, AgentMessageThreadItem)
        ]
        said = "".join(self._deltas)
        if messages and (dropped or not said):
            said = "\n".join(text for _, text in messages)
        return TurnResult(
            id=self._id,
            thread_id=self._thread_id,
            status=turn.status,
            error=turn.error,
            started_at=turn.started_at,
            completed_at=turn.completed_at,
            duration_ms=turn.duration_ms,
            final_response=_final(messages),
            items=self._items,
            usage=self._usage,
            text=said,
        )


def _final(messages: Iterable[tuple[str | None, str]]) -> str | None:
    """The last final answer; without one, the last message that doesn't say what it is."""
    by_phase = {phase: text for phase, text in messages}
    return by_phase.get("final_answer", by_phase.get(None))


class TurnHandleParts:
    """What `TurnHandle` has beside its calls."""

    id: str
    thread_id: str

    def stream(self) -> SyncStream[ServerNotification]:
        """Everything that belongs to the turn."""
        raise NotImplementedError

    def run(self, *, timeout: float | None = None) -> TurnResult:
        """Waits for the turn's end, and gives what came of it.

        A turn that failed is given too: see its `status`, or call `raise_for_status`.

        Args:
            timeout: Seconds to wait at most; the turn goes on after them. `None`: as long as it
                takes.
        """
        collector = _Collector(self.id, self.thread_id)
        with self.stream() as events:
            collector.take(events.wait_for(TurnCompleted, timeout, passed=collector.take))
        return collector.result(events.dropped)


class AsyncTurnHandleParts:
    """What `AsyncTurnHandle` has beside its calls."""

    id: str
    thread_id: str

    def stream(self) -> AsyncStream[ServerNotification]:
        """Everything that belongs to the turn."""
        raise NotImplementedError

    async def run(self, *, timeout: float | None = None) -> TurnResult:
        """Waits for the turn's end, and gives what came of it.

        A turn that failed is given too: see its `status`, or call `raise_for_status`.

        Args:
            timeout: Seconds to wait at most; the turn goes on after them. `None`: as long as it
                takes.
        """
        collector = _Collector(self.id, self.thread_id)
        async with self.stream() as events:
            collector.take(await events.wait_for(TurnCompleted, timeout, passed=collector.take))
        return collector.result(events.dropped)


class AppServerClientParts:
    """What `AppServerClient` has beside its calls."""

    def turn_start_stream(
        self,
        *,
        thread_id: str,
        input: list[TextUserInputDict],
        timeout: float | Omit | None = omit,
    ) -> SyncWork[ServerNotification, TurnStartResponse]:
        """Starts a turn, and follows it to its end."""
        raise NotImplementedError

    def stream_text(
        self, thread_id: str, text: str, *, timeout: float | Omit | None = omit
    ) -> Generator[str, None, None]:
        """Starts a turn with a text, and yields what the agent says in it, piece by piece.

        The turn starts when the first piece is asked for. Leaving the loop early leaves the turn
        running. Raises `TurnFailedError` in the end if the turn failed.

        Args:
            thread_id: The thread to take the turn in.
            text: What the user says.
            timeout: Seconds that the start of the turn may take.

        Wire method: `turn/start`.
        """
        turn = self.turn_start_stream(thread_id=thread_id, input=[_text(text)], timeout=timeout)
        collector = _Collector(turn.id or "", thread_id)
        with turn:
            for event in turn:
                collector.take(event)
                if isinstance(event, ItemAgentMessageDelta):
                    yield event.params.delta
        collector.result(turn.dropped).raise_for_status()


class AsyncAppServerClientParts:
    """What `AsyncAppServerClient` has beside its calls."""

    async def turn_start_stream(
        self,
        *,
        thread_id: str,
        input: list[TextUserInputDict],
        timeout: float | Omit | None = omit,
    ) -> AsyncWork[ServerNotification, TurnStartResponse]:
        """Starts a turn, and follows it to its end."""
        raise NotImplementedError

    async def stream_text(
        self, thread_id: str, text: str, *, timeout: float | Omit | None = omit
    ) -> AsyncGenerator[str, None]:
        """Starts a turn with a text, and yields what the agent says in it, piece by piece.

        The turn starts when the first piece is asked for. Leaving the loop early leaves the turn
        running. Raises `TurnFailedError` in the end if the turn failed.

        Args:
            thread_id: The thread to take the turn in.
            text: What the user says.
            timeout: Seconds that the start of the turn may take.

        Wire method: `turn/start`.
        """
        turn = await self.turn_start_stream(
            thread_id=thread_id, input=[_text(text)], timeout=timeout
        )
        collector = _Collector(turn.id or "", thread_id)
        async with turn:
            async for event in turn:
                collector.take(event)
                if isinstance(event, ItemAgentMessageDelta):
                    yield event.params.delta
        collector.result(turn.dropped).raise_for_status()


def _text(text: str) -> TextUserInputDict:
    return {"type": "text", "text": text}

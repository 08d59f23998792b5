"""Which notification goes to which stream.

Knows correlations: work, such as a turn, that a request opens and that notifications report on
until one of them ends it. Work is registered before its request is written; until the answer tells
its id, whatever could belong to it is held back. Knows nothing of how messages travel or how
readers wait.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .event_log import EventLog, Reader, Source
from .facts import CorrelationFacts
from .places import look_up

__all__ = ["Arrival", "Router", "Work"]

E = TypeVar("E")

_REMEMBERED = 128
"""How many finished works of each kind are remembered, for whoever asks late."""


@dataclass(frozen=True)
class Arrival(Generic[E]):
    """A notification on its way to the streams."""

    method: str
    params: object
    event: E
    error: Exception | None
    """What the streams end with, instead of getting the event."""


class Work(Generic[E]):
    """Work that has been opened, or is about to be."""

    def __init__(
        self, facts: CorrelationFacts, scope: object, log: EventLog[E], held: deque[Arrival[E]]
    ) -> None:
        self.facts = facts
        self.scope = scope
        self.log = log
        self.held = held
        """What could belong to it, until its id is known."""
        self.id: str | None = None
        self.held_lost = 0


class Router(Generic[E]):
    """The streams of one connection."""

    def __init__(
        self,
        correlations: Iterable[CorrelationFacts],
        limit: int,
        on_overflow: Callable[[str, int], None],
    ) -> None:
        self._correlations = tuple(correlations)
        self._limit = limit
        self._on_overflow = on_overflow
        self._lock = threading.RLock()
        self._feeds: list[EventLog[E]] = []
        self._opening: list[Work[E]] = []
        self._running: dict[tuple[str, str], list[Work[E]]] = {}
        self._finished: dict[str, OrderedDict[str, Arrival[E]]] = {
            facts.name: OrderedDict() for facts in self._correlations
        }
        self._end: Exception | None = None
        self._losses: list[tuple[str, int]] = []
        self._abandoned: deque[Reader[E]] = deque()

    def new_feed(self, name: str, limit: int) -> Reader[E]:
        """A reader of all notifications from now on."""
        self._clear_up()
        log = EventLog[E](name, limit, retain=False)
        with self._lock:
            if self._end is None:
                self._feeds.append(log)
            else:
                log.end(self._end)
        return self._source(log, lambda: self._drop_feed(log)).reader()

    def new_reader(self, work: Work[E]) -> Reader[E]:
        """A reader of the work's notifications, who shares them with those that come from it. When
        none of them reads any more, the work is released.
        """
        return self._source(work.log, lambda: self.release(work)).reader()

    def opened_by(self, method: str) -> CorrelationFacts:
        """The work that a request opens."""
        return next(facts for facts in self._correlations if facts.opens == method)

    def closed_by(self, method: str) -> CorrelationFacts:
        """The work that a notification ends."""
        return next(facts for facts in self._correlations if facts.closes == method)

    def prepare(self, facts: CorrelationFacts, scope: object) -> Work[E]:
        """Registers work that is about to be opened."""
        self._clear_up()
        work = Work(facts, scope, self._new_log(facts.name), deque(maxlen=max(1, self._limit)))
        with self._lock:
            if self._end is None:
                self._opening.append(work)
            else:
                work.log.end(self._end)
        return work

    def bind(self, work: Work[E], ident: str | None) -> None:
        """Tells the id of work that has been opened. Without an id there is nothing to follow, and
        it is over.
        """
        with self._lock:
            if work in self._opening:
                self._opening.remove(work)
            work.id = ident
            if ident is None:
                work.log.end(None)
                return
            self._running.setdefault((work.facts.name, ident), []).append(work)
            work.log.lost = work.held_lost
            held = tuple(work.held)
            work.held.clear()
            for arrival in held:
                if self._id_of(work.facts, arrival) == ident:
                    self._hand_over(work, arrival)
            if self._end is not None:
                work.log.end(self._end)
                self._forget(work)
        self._tell_losses()

    def follow(self, facts: CorrelationFacts, ident: str) -> Work[E]:
        """Work that has been opened elsewhere: from now on, or its end if it is over."""
        work = Work[E](facts, None, self._new_log(facts.name), deque())
        work.id = ident
        with self._lock:
            finished = self._finished[facts.name].get(ident)
            if finished is not None:
                self._hand_over(work, finished)
            elif self._end is not None:
                work.log.end(self._end)
            else:
                self._running.setdefault((facts.name, ident), []).append(work)
        return work

    def release(self, work: Work[E]) -> None:
        """Forgets work; its readers come to an end."""
        with self._lock:
            if work in self._opening:
                self._opening.remove(work)
            self._forget(work)
        work.log.end(None)

    def deliver(self, arrival: Arrival[E]) -> None:
        """Gives a notification to every stream that it belongs to."""
        self._clear_up()
        with self._lock:
            for log in tuple(self._feeds):
                if arrival.error is None:
                    self._put(log, arrival.event)
                else:
                    self._feeds.remove(log)
                    log.end(arrival.error)
            for facts in self._correlations:
                if arrival.method in facts.carriers:
                    self._deliver_to_work(facts, arrival)
        self._tell_losses()

    def end(self, error: Exception) -> None:
        """The connection is over: ends every stream with `error`. Work whose answer has come, and
        whose caller hasn't bound it yet, gets what is held for it first.
        """
        with self._lock:
            if self._end is not None:
                return
            self._end = error
            # Work whose answer has come may still be bound: it gets what was held for it first.
            logs = [*self._feeds, *self._running_logs()]
            self._feeds.clear()
            self._running.clear()
        for log in logs:
            log.end(error)

    def disown(self, error: Exception) -> None:
        """Ends every stream where nobody is left who could be told, or who might hold the lock."""
        self._lock = threading.RLock()
        for log in self._logs():
            log.disown(error)
        self.end(error)

    def _logs(self) -> list[EventLog[E]]:
        return [*self._feeds, *(work.log for work in self._opening), *self._running_logs()]

    def _running_logs(self) -> list[EventLog[E]]:
        return [work.log for works in self._running.values() for work in works]

    def _deliver_to_work(self, facts: CorrelationFacts, arrival: Arrival[E]) -> None:
        ident = self._id_of(facts, arrival)
        if ident is None:
            return
        for work in tuple(self._opening):
            if work.facts is facts and self._in_scope(work, arrival):
                self._hold(work, arrival)
        if arrival.method == facts.closes:
            finished = self._finished[facts.name]
            finished[ident] = arrival
            if len(finished) > _REMEMBERED:
                finished.popitem(last=False)
        for work in tuple(self._running.get((facts.name, ident), ())):
            self._hand_over(work, arrival)

    def _hand_over(self, work: Work[E], arrival: Arrival[E]) -> None:
        if arrival.error is not None:
            work.log.end(arrival.error)
            self._forget(work)
            return
        self._put(work.log, arrival.event)
        if arrival.method == work.facts.closes:
            work.log.end(None)
            self._forget(work)

    def _hold(self, work: Work[E], arrival: Arrival[E]) -> None:
        if len(work.held) == work.held.maxlen:
            work.held_lost += 1
            if work.held_lost & (work.held_lost - 1) == 0:
                self._losses.append((work.log.name, work.held_lost))
        work.held.append(arrival)

    def _put(self, log: EventLog[E], event: E) -> None:
        for dropped in log.put(event):
            self._losses.append((log.name, dropped))

    def _tell_losses(self) -> None:
        """Tells of what was lost, without the lock: a hook may wait for somebody who needs it."""
        if self._losses:
            with self._lock:
                losses, self._losses = self._losses, []
            for name, dropped in losses:
                self._on_overflow(name, dropped)

    def _drop_feed(self, log: EventLog[E]) -> None:
        with self._lock:
            if log in self._feeds:
                self._feeds.remove(log)
        log.end(None)

    def _clear_up(self) -> None:
        """Closes the readers of streams that were dropped without being closed."""
        while self._abandoned:
            try:
                reader = self._abandoned.popleft()
            except IndexError:
                # Another thread was faster.
                return
            reader.close()

    def _forget(self, work: Work[E]) -> None:
        if work.id is None:
            return
        key = (work.facts.name, work.id)
        works = self._running.get(key, [])
        if work in works:
            works.remove(work)
        if not works:
            self._running.pop(key, None)

    def _new_log(self, name: str) -> EventLog[E]:
        return EventLog(name, self._limit, retain=True)

    def _source(self, log: EventLog[E], on_unread: Callable[[], None]) -> Source[E]:
        return Source(log, on_unread, self._on_overflow, self._abandoned)

    @staticmethod
    def _id_of(facts: CorrelationFacts, arrival: Arrival[E]) -> str | None:
        ident = look_up(arrival.params, facts.carriers[arrival.method])
        return ident if isinstance(ident, str) else None

    @staticmethod
    def _in_scope(work: Work[E], arrival: Arrival[E]) -> bool:
        scope = work.facts.scope
        return (
            scope is None or work.scope is None or look_up(arrival.params, (scope,)) == work.scope
        )

"""Steps that read streams of notifications."""

from typing import Any

from .calls import Outcome, check, outcome_of
from .flavour import settled
from .patterns import check as check_pattern
from .patterns import misfit
from .program import Step
from .session import Session, Stream, as_event, seconds
from .values import Names, filled, walked

__all__ = ["STEPS"]


async def _stream(session: Session, step: Step, names: Names) -> None:
    async def open_it() -> Any:
        return session.client.notifications()

    inner = await session.do(open_it, str(step))
    session.streams[filled(step.value, names)] = Stream(inner, "notifications", session.keeps)


async def _subscribe(session: Session, step: Step, names: Names) -> None:
    work = session.stream(filled(step.more["of"], names))

    async def open_it() -> Any:
        return work.inner.subscribe()

    inner = await session.do(open_it, str(step))
    session.streams[filled(step.value, names)] = Stream(inner, work.called, session.keeps)


async def _events(session: Session, step: Step, names: Names) -> None:
    stream = session.stream(filled(step.value, names))
    patterns = filled(step.more["are"], names)

    async def take() -> None:
        for number, pattern in enumerate(patterns):
            event = await stream.next()
            assert event is not None, f"the stream ended before event {number}"
            check_pattern(pattern, event, f"event {number}")

    await session.flavour.do(take)


async def _until(session: Session, step: Step, names: Names) -> None:
    stream = session.stream(filled(step.value, names))
    pattern = filled(step.more["event"], names)

    async def take() -> list[Any]:
        taken: list[Any] = []
        while not taken or misfit(pattern, taken[-1]) is not None:
            event = await stream.next()
            assert event is not None, f"the stream ended before, after {taken[-20:]!r:.2000}"
            taken.append(event)
        return taken

    taken = await session.flavour.do(take)
    methods = [event["method"] for event in taken]
    counts = {method: methods.count(method) for method in step.more.get("counts", {})}
    check_pattern(filled(step.more.get("counts", {}), names), counts, "the number of events")
    for name, path in step.more.get("save", {}).items():
        names.save(name, walked(taken[-1], path))


async def _ends(session: Session, step: Step, names: Names) -> None:
    stream = session.stream(filled(step.value, names))
    outcome = await outcome_of(lambda: session.flavour.do(stream.next))
    assert outcome.value is None, f"the stream goes on with {outcome.value!r:.500}"
    if outcome.error is None and "fails" in step.more:
        raise AssertionError("the stream ended well, and should have failed")
    check(step.more, outcome, names, str(step))


async def _drain(session: Session, step: Step, names: Names) -> None:
    stream = session.stream(filled(step.value, names))

    async def take() -> int:
        count = 0
        while await stream.skip():
            count += 1
        return count

    count = await session.flavour.do(take)
    least, most = step.more.get("least", 0), step.more.get("most", count)
    assert least <= count <= most, f"there were {count} events"


async def _close_stream(session: Session, step: Step, names: Names) -> None:
    stream = session.stream(filled(step.value, names))
    await session.do(lambda: settled(stream.inner.close()), str(step))


async def _next(session: Session, step: Step, names: Names) -> None:
    more = {**step.more, "result": step.value}
    timeout = {"timeout": seconds(more["timeout_ms"])} if "timeout_ms" in more else {}

    async def take() -> Any:
        return as_event(await settled(session.client.next_notification(**timeout)))

    outcome: Outcome = await outcome_of(lambda: session.do(take, str(step)))
    check(more, outcome, names, str(step))


STEPS = {
    "stream": _stream,
    "subscribe": _subscribe,
    "events": _events,
    "until": _until,
    "ends": _ends,
    "drain": _drain,
    "close_stream": _close_stream,
    "next": _next,
}

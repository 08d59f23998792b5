"""Does the steps of a scenario, one after the other."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from codex_app_server import omit

from support.model_server import ModelServer

from . import facade, streams
from .calls import Outcome, check, make, outcome_of
from .errors import told_of
from .flavour import patiently, settled
from .handlers import set_handler
from .patterns import check as check_pattern
from .patterns import fit_in_any_order, misfit
from .peer import until_gone
from .program import Step, steps_of
from .session import Session
from .values import Names, encoded, filled

__all__ = ["do_all"]


async def do_all(session: Session, steps: Iterable[Step], names: Names) -> None:
    """Does the steps, and says which one failed."""
    for number, step in enumerate(steps):
        try:
            await _STEPS[step.kind](session, step, names)
        except AssertionError as error:
            raise AssertionError(f"step {number}, {step}: {error}") from error
        except Exception as error:
            raise AssertionError(f"step {number}, {step}: {told_of(error)}") from error


async def _start(session: Session, step: Step, names: Names) -> None:
    for method, told in step.more.get("handlers", {}).items():
        set_handler(session, method, told)
    starting = session.start(filled(step.more.get("config", {}), names))
    check(step.more, await outcome_of(lambda: starting), names, "start")


async def _await(session: Session, step: Step, names: Names) -> None:
    task = _later(session, step, names)
    check(step.more, await patiently(task, str(step)), names, str(step))


async def _cancel(session: Session, step: Step, names: Names) -> None:
    assert session.flavour.can_cancel, "a blocking call can't be cancelled"
    task = _later(session, step, names)
    task.cancel()
    outcome = await patiently(task, str(step))
    check({"fails": {"kind": "Cancelled"}}, outcome, names, str(step))


def _later(session: Session, step: Step, names: Names) -> "asyncio.Task[Outcome]":
    name = filled(step.value, names)
    assert name in session.later, f"nothing under way is called {name!r}"
    return session.later.pop(name)


async def _notify(session: Session, step: Step, names: Names) -> None:
    method = filled(step.value, names)
    params = filled(step.more["params"], names) if "params" in step.more else omit
    sent = session.do(lambda: settled(session.client.notify(method, params)), str(step))
    check(step.more, await outcome_of(lambda: sent), names, str(step))


async def _handler(session: Session, step: Step, names: Names) -> None:
    set_handler(session, filled(step.value, names), step.more)


async def _asked(session: Session, step: Step, names: Names) -> None:
    (params,) = await session.asked[filled(step.value, names)].take(1)
    if "params" in step.more:
        step = Step(step.kind, step.value, {**step.more, "result": step.more["params"]})
    check(step.more, Outcome(params), names, str(step))


async def _release(session: Session, step: Step, names: Names) -> None:
    gate = filled(step.value, names)
    if gate in session.gates:
        session.gates[gate].open()
    else:
        await asyncio.to_thread(_model(session).release, gate)


async def _model_step(session: Session, step: Step, names: Names) -> None:
    assert step.value == "stop", f"a model can't {step.value}"
    await asyncio.to_thread(_model(session).stop)


def _model(session: Session) -> ModelServer:
    model = session.server.model
    assert model is not None, "there is no model, and no handler waits for such a gate"
    return model


async def _unknowns(session: Session, step: Step, names: Names) -> None:
    expected = filled(step.value, names)
    came = await session.unknowns.take(len(expected))
    assert fit_in_any_order(expected, came), f"the hook was told of {came!r:.2000}"


async def _overflow(session: Session, step: Step, names: Names) -> None:
    called = None if step.value is True else session.stream(filled(step.value, names)).called
    least = step.more.get("least", 1)
    await session.overflows.find(
        lambda told: called in (None, told.stream) and told.dropped >= least
    )


async def _stderr_hook(session: Session, step: Step, names: Names) -> None:
    pattern = filled(step.value, names)
    await session.stderr.find(lambda line: misfit(pattern, line) is None)


async def _signal(session: Session, step: Step, names: Names) -> None:
    os.kill(session.server.process(session.client), signal.Signals[step.value])


async def _hang_up(session: Session, step: Step, names: Names) -> None:
    # What the client has started is the tap, which takes this for itself.
    os.kill(session.client.pid, signal.SIGUSR1)


async def _close(session: Session, step: Step, names: Names) -> None:
    await _side_by_side([session.close() for _ in range(step.more.get("times", 1))])


async def _leave(session: Session, step: Step, names: Names) -> None:
    await patiently(session.flavour.leave(), "leave")


async def _gone(session: Session, step: Step, names: Names) -> None:
    left = await until_gone(session.server.left)
    assert not left, f"left running: {', '.join(left)}"


async def _closed(session: Session, step: Step, names: Names) -> None:
    check_pattern(step.value, session.client.closed, str(step))


async def _stderr_tail(session: Session, step: Step, names: Names) -> None:
    check_pattern(filled(step.value, names), session.client.stderr_tail, "the tail")


async def _server_info(session: Session, step: Step, names: Names) -> None:
    check_pattern(
        filled(step.value, names), encoded(session.client.server_info), "what the server said"
    )


async def _parallel(session: Session, step: Step, names: Names) -> None:
    await _side_by_side([do_all(session, steps_of(one), names) for one in step.value])


async def _repeat(session: Session, step: Step, names: Names) -> None:
    steps = steps_of(step.value)
    numbers = iter(range(step.more["count"]))

    async def work() -> None:
        for number in numbers:
            await do_all(session, steps, Names({"n": number}, names))

    await _side_by_side([work() for _ in range(step.more.get("at_once", 1))])


async def _side_by_side(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Does them all at once; the first failure ends the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _file(session: Session, step: Step, names: Names) -> None:
    path = Path(filled(step.value, names))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(filled(step.more["text"], names), encoding="utf-8")


async def _has_file(session: Session, step: Step, names: Names) -> None:
    path = Path(filled(step.value, names))
    text = path.read_text(encoding="utf-8") if path.exists() else None
    check_pattern(filled(step.more["text"], names), text, str(path))


_STEPS = {
    "start": _start,
    "call": make,
    "open": make,
    "wait_end": make,
    "await": _await,
    "cancel": _cancel,
    "notify": _notify,
    **streams.STEPS,
    "handler": _handler,
    "asked": _asked,
    "release": _release,
    "unknowns": _unknowns,
    "overflow": _overflow,
    "stderr_hook": _stderr_hook,
    "signal": _signal,
    "close": _close,
    "leave": _leave,
    "gone": _gone,
    "closed": _closed,
    "stderr_tail": _stderr_tail,
    "server_info": _server_info,
    "parallel": _parallel,
    "repeat": _repeat,
    "file": _file,
    "has_file": _has_file,
    "model": _model_step,
    "hang_up": _hang_up,
    **facade.STEPS,
}

"""Steps of the convenience layer."""

from dataclasses import fields
from typing import Any

from codex_app_server import TurnFailedError

from .calls import check, outcome_of
from .flavour import Act, settled
from .patterns import check as check_pattern
from .program import Step
from .session import Session, seconds
from .values import Names, encoded, filled

__all__ = ["STEPS"]

_SHOWN = ("login_id", "auth_url", "verification_url", "user_code")
"""What handles of logins may know."""


async def _login(session: Session, step: Step, names: Names) -> None:
    begin = getattr(session.codex, f"login_{step.value}")
    key = (filled(step.more["key"], names),) if "key" in step.more else ()

    async def act() -> Any:
        return await settled(begin(*key, **_timeout(step)))

    outcome = await outcome_of(lambda: session.do(act, str(step)))
    handle = outcome.value
    check({"fails": step.more["fails"]} if "fails" in step.more else {}, outcome, names, str(step))
    if "as" in step.more:
        session.objects[filled(step.more["as"], names)] = handle
    if "shows" in step.more:
        shown = {name: getattr(handle, name) for name in _SHOWN if hasattr(handle, name)}
        check_pattern(filled(step.more["shows"], names), shown, str(step))


async def _wait_login(session: Session, step: Step, names: Names) -> None:
    handle = _object(session, step.value, names)

    async def act() -> Any:
        return encoded(await settled(handle.wait(**_timeout(step))))

    await _do(session, step, names, act, sends=False)


async def _cancel_login(session: Session, step: Step, names: Names) -> None:
    handle = _object(session, step.value, names)
    await _do(session, step, names, lambda: settled(handle.cancel()), sends=True)


async def _thread(session: Session, step: Step, names: Names) -> None:
    starting = session.do(lambda: settled(session.codex.thread_start()), str(step))
    outcome = await outcome_of(lambda: starting)
    check(step.more, outcome, names, str(step))
    session.objects[filled(step.value, names)] = outcome.value


async def _run(session: Session, step: Step, names: Names) -> None:
    thread = _object(session, step.more["in"], names)
    text = filled(step.value, names)

    async def act() -> Any:
        result = await settled(thread.run(text))
        raised = None
        try:
            result.raise_for_status()
        except TurnFailedError as error:
            assert error.result is result, "the error has another result"
            raised = str(error)
        check_pattern(filled(step.more.get("raises"), names), raised, f"what {step} raises")
        return {field.name: encoded(getattr(result, field.name)) for field in fields(result)}

    await _do(session, step, names, act, sends=True)


async def _stream_text(session: Session, step: Step, names: Names) -> None:
    text, thread = filled(step.value, names), filled(step.more["in"], names)
    pieces: list[str] = []
    raised: list[str] = []

    async def act() -> None:
        try:
            await _collect(session.client.stream_text(thread, text), pieces)
        except TurnFailedError as error:
            raised.append(str(error))

    outcome = await outcome_of(lambda: session.do(act, str(step)))
    check_pattern(filled(step.more["are"], names), pieces, f"what {step} yields")
    check({"fails": step.more["fails"]} if "fails" in step.more else {}, outcome, names, str(step))
    expected = [filled(step.more["raises"], names)] if "raises" in step.more else []
    check_pattern(expected, raised, f"what {step} raises")


async def _collect(yielded: Any, pieces: list[str]) -> None:
    if hasattr(yielded, "__aiter__"):
        async for piece in yielded:
            pieces.append(piece)
    else:
        pieces.extend(yielded)


async def _do(session: Session, step: Step, names: Names, act: Act[Any], *, sends: bool) -> None:
    """Does it now, or begins it and leaves its outcome to an `await`."""
    if "later" in step.more:
        later = filled(step.more["later"], names)
        assert later not in session.later, f"two things are called {later!r}"
        session.later[later] = await session.flavour.begin(lambda: outcome_of(act), sends=sends)
    else:
        check(step.more, await outcome_of(lambda: session.do(act, str(step))), names, str(step))


def _object(session: Session, name: str, names: Names) -> Any:
    name = filled(name, names)
    assert name in session.objects, f"nothing of the convenience layer is called {name!r}"
    return session.objects[name]


def _timeout(step: Step) -> dict[str, float | None]:
    return {"timeout": seconds(step.more["timeout_ms"])} if "timeout_ms" in step.more else {}


STEPS = {
    "login": _login,
    "wait_login": _wait_login,
    "cancel_login": _cancel_login,
    "thread": _thread,
    "stream_text": _stream_text,
    "run": _run,
}

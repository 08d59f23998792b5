"""Steps that call the server, and what becomes of the calls."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codex_app_server import omit

from .errors import check_error, told_of
from .flavour import Act, settled
from .patterns import check as check_pattern
from .program import Step
from .session import Session, Stream, retry_policy, seconds
from .table import WORK, arguments, function_of, waiter_of
from .values import Names, encoded, filled, walked

__all__ = ["Outcome", "check", "make", "outcome_of", "prepared"]


@dataclass
class Outcome:
    """How something ended that was done with the client."""

    value: Any = None
    error: BaseException | None = None


async def make(session: Session, step: Step, names: Names) -> None:
    """Makes a call, and waits for its end unless it is to come later."""
    act, what = prepared(session, step, names), str(step)
    later = filled(step.more.get("later"), names)
    if later is not None:
        assert later not in session.later, f"two things are called {later!r}"
        sends = step.kind != "wait_end"
        session.later[later] = await session.flavour.begin(lambda: outcome_of(act), sends=sends)
    elif step.more.get("cancel_first"):
        assert session.flavour.can_cancel, "a blocking call can't be cancelled"
        call = asyncio.ensure_future(session.do(act, what))
        call.cancel()
        check(step.more, await outcome_of(lambda: settled(call)), names, what)
    else:
        check(step.more, await outcome_of(lambda: session.do(act, what)), names, what)


def prepared(session: Session, step: Step, names: Names) -> Act[Any]:
    """What a step does with the client. It gives the result as JSON."""
    wire = filled(step.value, names)
    more = {name: filled(value, names) for name, value in step.more.items()}
    timeout = {"timeout": seconds(more["timeout_ms"])} if "timeout_ms" in more else {}
    if step.kind == "wait_end":
        return _wait(session, waiter_of(wire), more["id"], timeout)
    if more.get("untyped"):
        return _request(session, wire, more, timeout)
    positional, named = arguments(wire, more.get("params"))
    if step.kind == "open":
        return _open(session, wire, more.get("as"), positional, {**named, **timeout})
    policy = retry_policy(more.get("retry"))
    call = getattr(session.client, function_of(wire))

    async def act() -> Any:
        made = session.flavour.retried(lambda: call(*positional, **named, **timeout), policy)
        return session.note(wire, await settled(made))

    return act


def _request(
    session: Session, wire: str, more: Mapping[str, Any], timeout: Mapping[str, Any]
) -> Act[Any]:
    client, params, retry = session.client, more.get("params", omit), more.get("retry")

    async def act() -> Any:
        if retry is None:
            return await settled(client.request(wire, params, **timeout))
        policy = retry_policy(retry)
        return await settled(
            client.request_with_retry_on_overload(wire, params, policy=policy, **timeout)
        )

    return act


def _open(
    session: Session, wire: str, name: str | None, positional: Any, named: Mapping[str, Any]
) -> Act[Any]:
    assert wire in WORK, f"{wire} opens no work"
    call = getattr(session.client, f"{function_of(wire)}_stream")

    async def act() -> Any:
        work = await settled(call(*positional, **named))
        if name is not None:
            session.streams[name] = Stream(work, WORK[wire], session.keeps)
        return session.note(wire, work.result)

    return act


def _wait(session: Session, function: str, ident: str, timeout: Mapping[str, Any]) -> Act[Any]:
    wait = getattr(session.client, function)

    async def act() -> Any:
        event = await settled(wait(ident, **timeout))
        return encoded(event.params)

    return act


async def outcome_of(act: Act[Any]) -> Outcome:
    """How it ends."""
    try:
        return Outcome(await act())
    except (Exception, asyncio.CancelledError) as error:
        return Outcome(error=error)


def check(expected: Mapping[str, Any], outcome: Outcome, names: Names, what: str) -> None:
    """Fails where something didn't end as expected."""
    fails = filled(expected.get("fails"), names)
    if fails is not None:
        if outcome.error is None:
            raise AssertionError(f"{what} gave {outcome.value!r:.500}, and should have failed")
        check_error(fails, outcome.error, what)
        return
    if outcome.error is not None:
        raise AssertionError(f"{what} failed with {told_of(outcome.error)}") from outcome.error
    if "result" in expected:
        check_pattern(filled(expected["result"], names), outcome.value, f"the result of {what}")
    for name, path in expected.get("save", {}).items():
        names.save(name, walked(outcome.value, path))

"""What a scenario's client answers when it is asked."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any

from . import calls
from .flavour import plainly, settled
from .program import steps_of
from .session import Session
from .table import HANDLERS
from .values import encoded, filled

__all__ = ["set_handler"]


def set_handler(session: Session, method: str, told: Mapping[str, Any]) -> None:
    """Lets the client answer this method as the scenario says from now on."""
    assert method in HANDLERS, f"there is no handler for {method}"
    setattr(session.handlers, HANDLERS[method], _handler(session, method, told))


def _handler(session: Session, method: str, told: Mapping[str, Any]) -> Callable[[Any], Any]:
    async def handle(params: Any) -> Any:
        session.asked[method].add(encoded(params))
        if "waits_for" in told:
            await settled(session.gates[told["waits_for"]].wait())
        if "calls" in told:
            await _call(session, method, told["calls"])
        if "raises" in told:
            raise RuntimeError(told["raises"])
        return filled(told.get("returns"), session.names)

    def handle_plainly(params: Any) -> Any:
        return plainly(lambda: handle(params))

    return handle_plainly if told.get("plain") else handle


async def _call(session: Session, method: str, told: Mapping[str, Any]) -> None:
    (step,) = steps_of([told])
    await settled(session.introduced.wait())
    try:
        # Made right here, in whatever thread or task the client runs its handlers in.
        outcome = await calls.outcome_of(calls.prepared(session, step, session.names))
        calls.check(step.more, outcome, session.names, str(step))
    except Exception:
        session.faults.append(f"the handler of {method}: {traceback.format_exc()}")
        raise

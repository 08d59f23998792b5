"""Plays a scenario from its start to its end, and sees that nothing is left."""

import asyncio
from typing import TypeAlias

from .errors import told_of
from .flavour import PATIENCE, Flavour
from .handlers import set_handler
from .peer import ScriptedServer, until_gone
from .program import Scenario
from .real import RealServer
from .session import Session
from .steps import do_all

__all__ = ["play"]

Server: TypeAlias = ScriptedServer | RealServer


async def play(scenario: Scenario, flavour: Flavour, server: Server) -> None:
    """Plays it. Fails with all that went wrong."""
    session = Session(scenario, flavour, server)
    problems: list[str] = []
    try:
        await _do(session)
    except Exception as error:
        problems.append(str(error) if isinstance(error, AssertionError) else told_of(error))
    problems += await _end(session, complete=not problems)
    problems += await _what_is_left(session, server)
    problems += server.problems(session)
    assert not problems, "\n\n".join(problems)


async def _do(session: Session) -> None:
    scenario = session.scenario
    for method, told in scenario.handlers.items():
        set_handler(session, method, told)
    if scenario.client[0].kind != "start":
        await session.start({})
    await do_all(session, scenario.client, session.names)


async def _end(session: Session, *, complete: bool) -> list[str]:
    """Closes the client; what was left unsaid."""
    problems = list(session.faults)
    if complete and session.later:
        problems.append(f"never awaited: {', '.join(session.later)}")
    try:
        await session.close()
    except Exception as error:
        problems.append(f"the last close: {told_of(error)}")
    if unknowns := session.unknowns.rest():
        problems.append(f"the hook was told of what no step expected: {unknowns!r:.2000}")
    return problems


async def _what_is_left(session: Session, server: Server) -> list[str]:
    """What the client has left behind, once it has had the time to go."""
    problems = []
    if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
        _, left = await asyncio.wait(tasks, timeout=PATIENCE)
        problems += [f"a task is left: {task}" for task in left]
    if left_processes := await until_gone(server.left):
        problems.append(f"left running: {', '.join(left_processes)}")
    return problems

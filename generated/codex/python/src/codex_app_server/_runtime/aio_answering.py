"""Runs the handlers of the server's requests in tasks of their own, one a request, and sends what
they give.

Knows no process: an answer goes to whoever it was told to hand it to.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from . import envelope
from .core import Core
from .serving import Job, Serving

__all__ = ["Answering"]


class Answering:
    """The requests of one connection that are being answered. Until `begin`, they wait.

    Args:
        core: What the connection is made of.
        serving: What decides and encodes.
        send: Sends an answer; tells whether the connection still could.
    """

    def __init__(self, core: Core[Any], serving: Serving, send: Callable[[bytes], bool]) -> None:
        self._core = core
        self._serving = serving
        self._send = send
        self._early: list[envelope.Request] | None = []
        self._jobs: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Answers what has been waiting, and what comes from now on."""
        early, self._early = self._early, None
        for request in early or ():
            self._serve(request)

    def take(self, request: envelope.Request) -> None:
        """Answers a request."""
        if self._early is None:
            self._serve(request)
        else:
            self._early.append(request)

    def cancel(self) -> None:
        """Cancels all handlers but the one that asks for it."""
        current = asyncio.current_task()
        for job in tuple(self._jobs):
            if job is not current:
                job.cancel()

    def _serve(self, request: envelope.Request) -> None:
        job = self._serving.prepare(request)
        if isinstance(job, Job):
            task = asyncio.get_running_loop().create_task(self._run(job))
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)
        elif job is not None:
            self._reply(job)

    async def _run(self, job: Job) -> None:
        try:
            result = job.handler(job.params)
            if hasattr(result, "__await__"):
                result = await result
            answer = self._serving.answer(job, result)
        except asyncio.CancelledError as error:
            if self._core.is_closed:
                raise
            answer = self._serving.failure(job, error)
        except Exception as error:
            answer = self._serving.failure(job, error)
        self._reply(answer)

    def _reply(self, line: bytes) -> None:
        if not self._send(line):
            self._core.reporter.log.debug(
                "the connection ended before a request of the server was answered"
            )

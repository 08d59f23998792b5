"""Runs the handlers of the server's requests in threads of their own, one a request, and sends
what they give.

Knows no process: an answer goes to whoever it was told to hand it to.
"""

import threading
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
        self._early_lock = threading.Lock()

    def begin(self) -> None:
        """Answers what has been waiting, and what comes from now on."""
        with self._early_lock:
            early, self._early = self._early, None
        for request in early or ():
            self._serve(request)

    def take(self, request: envelope.Request) -> None:
        """Answers a request."""
        with self._early_lock:
            if self._early is not None:
                self._early.append(request)
                return
        self._serve(request)

    def _serve(self, request: envelope.Request) -> None:
        job = self._serving.prepare(request)
        if isinstance(job, Job):
            thread = threading.Thread(
                target=self._run, args=(job,), name=f"handler-{job.method}", daemon=True
            )
            try:
                thread.start()
            except RuntimeError as error:
                # There are too many threads, or the interpreter is about to end.
                self._reply(self._serving.failure(job, error))
        elif job is not None:
            self._reply(job)

    def _run(self, job: Job) -> None:
        try:
            result = job.handler(job.params)
            if hasattr(result, "__await__"):
                import asyncio

                result = asyncio.run(_awaited(result))
            answer = self._serving.answer(job, result)
        except BaseException as error:
            # Even a handler that wants to exit owes the server an answer.
            answer = self._serving.failure(job, error)
        self._reply(answer)

    def _reply(self, line: bytes) -> None:
        if not self._send(line):
            self._core.reporter.log.debug(
                "the connection ended before a request of the server was answered"
            )


async def _awaited(result: Any) -> Any:
    return await result

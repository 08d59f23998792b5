"""What is answered to the requests of the server, and above all what is not: nothing is approved
unless a handler of the user's said so.

Decides and encodes; runs no handler itself and writes nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import DecodeError, EncodeError
from . import codec, envelope
from .facts import ProtocolFacts
from .json_text import to_json
from .report import Unknown, UnknownKind
from .reporter import Reporter

__all__ = ["Job", "Serving"]

_METHOD_NOT_FOUND = -32601
_INVALID_PARAMS = -32602
_INTERNAL_ERROR = -32603


class Job(NamedTuple):
    """A request to be answered by a handler."""

    request: envelope.Request
    method: str
    handler: Callable[[Any], Any]
    params: Any


class Serving:
    """The handlers of one connection, and the answers that are given without them."""

    def __init__(self, facts: ProtocolFacts, reporter: Reporter, handlers: object) -> None:
        self._facts = facts
        self._reporter = reporter
        self._handlers = handlers

    def prepare(self, request: envelope.Request) -> Job | bytes | None:
        """What a handler has to do for `request`; or its answer, where no handler is to be asked.

        `None` if it proves to be no message at all.
        """
        method = self._facts.request_aliases.get(request.method, request.method)
        known = self._facts.server_requests.get(method)
        if known is None:
            if isinstance(envelope.read_slowly(request.line), envelope.Malformed):
                self._report("message", None, "$", request.line.decode("utf-8", "replace"))
                return None
            self._report("method", method, "$.method", codec.raw_params(request.line))
            return envelope.error_answer(
                request.id, _METHOD_NOT_FOUND, f"{method}: unknown to this client"
            )
        try:
            params, flagged = codec.decode_params(method, known.method.params, request.line)
        except codec.NotJsonError as error:
            self._report("message", None, "$", request.line.decode("utf-8", "replace"), error)
            return None
        except DecodeError as error:
            self._report("undecodable", method, "$.params", error.raw, error)
            return self._refusal(request, method, _INVALID_PARAMS, str(error))
        value = params.get("params") if known.method.params is not None else None
        if flagged:
            strict = self._reporter.unknowns_in(value, method, "$.params")
            if strict is not None:
                return self._refusal(request, method, _INVALID_PARAMS, str(strict))
        handler: Callable[[Any], Any] | None = getattr(self._handlers, known.handler, None)
        if handler is None:
            return self._refusal(
                request, method, _METHOD_NOT_FOUND, f"{method}: this client has no handler for it"
            )
        return Job(request, method, handler, value)

    def answer(self, job: Job, result: object) -> bytes:
        """The answer for what a handler gave."""
        reference = self._facts.server_requests[job.method].method.result
        try:
            body = codec.encode(job.method, reference, result, "result")
        except EncodeError as error:
            self._reporter.log.error(
                "the handler of %s gave something that can't be sent", job.method, exc_info=error
            )
            return self._refusal(
                job.request,
                job.method,
                _INTERNAL_ERROR,
                "the client's handler gave an invalid result",
            )
        return envelope.answer(job.request.id, body)

    def failure(self, job: Job, error: BaseException) -> bytes:
        """The answer for a handler that raised."""
        self._reporter.log.error("the handler of %s raised", job.method, exc_info=error)
        return self._refusal(
            job.request, job.method, _INTERNAL_ERROR, "the client's handler failed"
        )

    def _refusal(self, request: envelope.Request, method: str, code: int, message: str) -> bytes:
        if method in self._facts.refusals:
            return envelope.answer(request.id, to_json(self._facts.refusals[method]))
        return envelope.error_answer(request.id, code, message)

    def _report(
        self,
        kind: UnknownKind,
        method: str | None,
        path: str,
        raw: Any,
        error: Exception | None = None,
    ) -> None:
        self._reporter.unknown([Unknown(kind, method, path, raw, error)])

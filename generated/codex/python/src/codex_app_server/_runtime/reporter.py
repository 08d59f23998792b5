"""Tells the user's hooks and the log about what is out of the ordinary. A hook that raises harms
nothing else.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ..errors import UnknownValueError
from .report import Overflow, Unknown, VersionMismatch
from .settings import ConnectionSettings
from .version import age

__all__ = ["Reporter"]

T = TypeVar("T")


class Reporter:
    """The hooks and the logger of one connection."""

    def __init__(self, package: str, settings: ConnectionSettings) -> None:
        self.log = logging.getLogger(package)
        self.log.addHandler(_SILENCE)
        self.strict = settings.strict
        self._on_unknown = settings.on_unknown
        self._on_overflow = settings.on_overflow
        self._on_stderr = settings.on_stderr
        self._on_version_mismatch = settings.on_version_mismatch

    def unknown(self, found: Iterable[Unknown]) -> UnknownValueError | None:
        """Reports what the schema doesn't know. In strict mode, gives the error that it is."""
        told = tuple(found)
        for unknown in told:
            self.log.info(
                "not in the schema: %s of %s at %s", unknown.kind, unknown.method, unknown.path
            )
            self._tell(self._on_unknown, unknown)
        if not told or not self.strict:
            return None
        return UnknownValueError(
            told[0].method, [f"{one.path}: unknown {one.kind} {one.raw!r:.200}" for one in told]
        )

    def unknowns_in(self, value: object, method: str, path: str) -> UnknownValueError | None:
        """Reports what the schema doesn't know in `value`, which was found at `path`."""
        from .paths import unknowns_in

        return self.unknown(
            Unknown(kind, method, place, raw) for kind, place, raw in unknowns_in(value, path)
        )

    def overflow(self, stream: str, dropped: int) -> None:
        """Reports that a stream has lost notifications."""
        self.log.warning(
            "the stream of %s is not read fast enough; lost so far: %d", stream, dropped
        )
        self._tell(self._on_overflow, Overflow(stream, dropped))

    def stderr(self, line: str) -> None:
        """Passes on a line of the server's standard error."""
        self.log.debug("server: %s", line)
        self._tell(self._on_stderr, line)

    def version(self, found: str | None, expected: str) -> None:
        """Takes note of the server's version; reports it if it is another one than `expected`."""
        server_is = None if found is None else age(found, expected)
        if found is None or server_is is None:
            self.log.debug("the server's version can't be read: %s", found)
        elif server_is == "same":
            self.log.debug("the server's version is %s", found)
        else:
            level = logging.WARNING if server_is == "older" else logging.INFO
            self.log.log(
                level,
                "the server's version is %s, which is %s than the %s that this package was made"
                " for",
                found,
                server_is,
                expected,
            )
            self._tell(self._on_version_mismatch, VersionMismatch(expected, found, server_is))

    def _tell(self, hook: Callable[[T], Any] | None, value: T) -> None:
        if hook is None:
            return
        try:
            hook(value)
        except KeyboardInterrupt:
            raise
        except BaseException:
            # A hook that wants to exit, too: it runs where messages are read, which must go on.
            self.log.exception("a hook raised")


_SILENCE = logging.NullHandler()

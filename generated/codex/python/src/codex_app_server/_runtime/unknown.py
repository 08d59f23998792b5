"""Values that the schema doesn't know: how they are kept, and how a decode learns that it met one.

Knows neither pydantic nor JSON. Decoding runs from start to end in one thread, so a flag per thread
is enough to tell whether a decode met something unknown; where in the message it was is worked out
later, and only then.
"""

import threading
from typing import TYPE_CHECKING, Any, final

__all__ = ["UnknownVariant", "flag", "take_flag"]


class _Flag(threading.local):
    raised = False


_flag = _Flag()


def flag() -> None:
    """Notes that this thread has just met a value the schema doesn't know."""
    _flag.raised = True


def take_flag() -> bool:
    """Whether this thread has met an unknown value since the last time it asked."""
    raised, _flag.raised = _flag.raised, False
    return raised


@final
class UnknownVariant:
    """A value of a union that is none of the variants this package knows.

    It is sent back exactly as it came. Where it is an object, its members can be read as
    attributes, by their wire names: code that asks each item for its `type` doesn't break over it.
    """

    __slots__ = ("_raw", "_tag")

    def __init__(self, tag: str | None, raw: Any) -> None:
        self._tag = tag
        self._raw = raw

    @property
    def tag(self) -> str | None:
        """What the server calls the variant, where the union has tags."""
        return self._tag

    @property
    def raw(self) -> Any:
        """The value as it came."""
        return self._raw

    if not TYPE_CHECKING:
        # Checkers know no members that every such value has.
        def __getattr__(self, name: str) -> Any:
            # What is this object's own is not there before it is made, as when it is copied.
            if name.startswith("_"):
                raise AttributeError(name)
            if isinstance(self._raw, dict) and name in self._raw:
                return self._raw[name]
            raise AttributeError(f"the unknown variant {self._tag!r} has no {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownVariant) and (self._tag, self._raw) == (
            other._tag,
            other._raw,
        )

    def __hash__(self) -> int:
        return hash((UnknownVariant, self._tag))

    def __repr__(self) -> str:
        return f"UnknownVariant(tag={self._tag!r}, raw={self._raw!r})"

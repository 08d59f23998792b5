"""Versions: where a server tells its own, and which of two is the newer one.

Knows semantic versions; knows nothing of connections.
"""

import re
from typing import Literal, TypeAlias

from .facts import VersionFacts
from .places import look_up

__all__ = ["Age", "age", "version_in"]

Age: TypeAlias = Literal["older", "same", "newer"]

_VERSION = re.compile(
    r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_Order: TypeAlias = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def version_in(greeting: object, facts: VersionFacts) -> str | None:
    """The version that the answer to the first call tells, whatever it looks like."""
    text = look_up(greeting, facts.path)
    if not isinstance(text, str):
        return None
    if facts.before is not None:
        text, _, _ = text.partition(facts.before)
    if facts.after is not None:
        _, found, text = text.rpartition(facts.after)
        if not found:
            return None
    return text


def age(found: str, expected: str) -> Age | None:
    """What `found` is beside `expected`; `None` if one of them is no semantic version."""
    ours, theirs = _order(expected), _order(found)
    if ours is None or theirs is None:
        return None
    return "same" if theirs == ours else "older" if theirs < ours else "newer"


def _order(version: str) -> _Order | None:
    """What versions are compared by. One that is not released yet comes before the released one;
    numbers come before words.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    preview = match[4]
    parts = preview.split(".") if preview else ()
    return (
        (int(match[1]), int(match[2]), int(match[3])),
        preview is None,
        tuple((False, int(p), "") if _is_number(p) else (True, 0, p) for p in parts),
    )


def _is_number(part: str) -> bool:
    return part.isdecimal() and len(part) <= 15

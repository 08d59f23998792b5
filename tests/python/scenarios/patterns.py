"""Compares what came with what a scenario expects.

A member that is `null` is the same as one that is absent: what is compared was decoded, and encoded
again.
"""

from collections.abc import Iterator
from typing import Any

__all__ = ["check", "fit_in_any_order", "misfit"]


def check(pattern: Any, value: Any, what: str) -> None:
    """Fails where `value` doesn't fit."""
    problem = misfit(pattern, value)
    if problem is not None:
        raise AssertionError(f"{what} is not as expected at {problem}")


def misfit(pattern: Any, value: Any) -> str | None:
    """The first place where `value` doesn't fit; `None` if it does."""
    return next(_misfits(pattern, value, "$"), None)


def fit_in_any_order(expected: list[Any], came: list[Any]) -> bool:
    """Whether each pattern has a value of its own that fits."""
    taker: dict[int, int] = {}

    def has_one(pattern: int, refused: set[int]) -> bool:
        for value in range(len(came)):
            if value in refused or misfit(expected[pattern], came[value]) is not None:
                continue
            refused.add(value)
            # One that is taken is given up by whoever finds another.
            if value not in taker or has_one(taker[value], refused):
                taker[value] = pattern
                return True
        return False

    return len(expected) == len(came) and all(has_one(one, set()) for one in range(len(expected)))


def _misfits(pattern: Any, value: Any, path: str) -> Iterator[str]:
    if isinstance(pattern, dict):
        operator = next((key for key in pattern if key.startswith("$")), None)
        if operator is not None:
            assert len(pattern) == 1, f"the pattern {pattern} says two things"
            yield from _OPERATORS[operator](pattern[operator], value, path)
        elif isinstance(value, dict):
            for key in dict.fromkeys([*pattern, *value]):
                yield from _misfits(pattern.get(key), value.get(key), f"{path}.{key}")
        else:
            yield _told(pattern, value, path)
    elif isinstance(pattern, list) and isinstance(value, list):
        for index, (one, other) in enumerate(zip(pattern, value, strict=False)):
            yield from _misfits(one, other, f"{path}[{index}]")
        if len(pattern) != len(value):
            yield f"{path}: {len(value)} items instead of {len(pattern)}: {value!r:.500}"
    elif isinstance(pattern, bool) is not isinstance(value, bool) or pattern != value:
        yield _told(pattern, value, path)


def _any(_: Any, value: Any, path: str) -> Iterator[str]:
    if value is None:
        yield f"{path}: nothing is there"


def _has(members: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _told(members, value, path)
        return
    for key, pattern in members.items():
        yield from _misfits(pattern, value.get(key), f"{path}.{key}")


def _contains(text: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str) or text not in value:
        yield f"{path}: {value!r:.500} doesn't contain {text!r:.500}"


def _some(pattern: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list) or all(misfit(pattern, item) is not None for item in value):
        yield f"{path}: no item of {value!r:.500} fits {pattern!r:.500}"


def _len(count: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list | str) or len(value) != count:
        yield f"{path}: {value!r:.500} is not of length {count}"


def _absent(_: Any, value: Any, path: str) -> Iterator[str]:
    if value is not None:
        yield f"{path}: {value!r:.500} is there"


_OPERATORS = {
    "$any": _any,
    "$has": _has,
    "$contains": _contains,
    "$some": _some,
    "$len": _len,
    "$absent": _absent,
}


def _told(expected: Any, value: Any, path: str) -> str:
    return f"{path}: {value!r:.500} instead of {expected!r:.500}"

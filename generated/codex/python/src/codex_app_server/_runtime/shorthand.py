"""What the convenience layer does with the simpler values that it takes."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ..errors import DecodeError
from .omit import omit

__all__ = ["as_list", "expected", "given"]

T = TypeVar("T")


def as_list(value: Any, tags: Mapping[str, str], member: str) -> Any:
    """One item, or several, as a list of items; a text becomes the item of these `tags` that holds
    it as `member`.
    """
    if value is omit:
        return value
    several = isinstance(value, Sequence) and not isinstance(value, str)
    items: list[Any] = [*value] if several else [value]
    return [{**tags, member: item} if isinstance(item, str) else item for item in items]


def given(**members: object) -> Any:
    """An object of those members that were given."""
    return {name: value for name, value in members.items() if value is not omit}


def expected(result: object, kind: type[T]) -> T:
    """The result, which has to be of this kind: the one that was asked for."""
    if isinstance(result, kind):
        return result
    raise DecodeError("result", [f"$: expected {kind.__name__}, found {type(result).__name__}"])

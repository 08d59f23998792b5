"""Where a protocol's facts say that something is found: followed through models and plain JSON.

Knows no pydantic: it looks into models by `paths`, which is loaded when there is one.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from .plain import is_object

__all__ = ["look_up"]


def look_up(value: Any, place: Iterable[str]) -> object:
    """What is found in `value`, a model or plain JSON, by following wire names; `None` if there is
    no such place.
    """
    for key in place:
        if value is None:
            return None
        value = value.get(key) if is_object(value) else _in_models()(value, key)
    return value


@cache
def _in_models() -> Callable[[object, str], object]:
    from .paths import member_of

    return member_of

"""Comparing what travelled with what was decoded, and finding what the schema lacks."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, TypeGuard

from codex_app_server.types import AnalyticsConfig, Config
from pydantic import BaseModel, TypeAdapter

__all__ = ["as_json", "differences", "fields_not_in_schema"]

_OPEN = (AnalyticsConfig, Config)
"""The types that are said to hold more than their fields."""
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def as_json(value: object) -> Any:
    """A decoded value as it would be sent."""
    return _ANY.dump_python(value, mode="json", by_alias=True, exclude_unset=True)


def differences(came: Any, decoded: Any, path: str = "$") -> Iterator[str]:
    """Where the two differ, a member that is absent being the same as one that is `null`."""
    if _is_object(came) and _is_object(decoded):
        for key in came | decoded:
            yield from differences(came.get(key), decoded.get(key), f"{path}.{key}")
    elif _is_array(came) and _is_array(decoded):
        for index, (one, other) in enumerate(zip_longest(came, decoded)):
            yield from differences(one, other, f"{path}[{index}]")
    elif type(came) is not type(decoded) or came != decoded:
        yield f"{path}: came {came!r:.100}, decoded {decoded!r:.100}"


def fields_not_in_schema(value: object, path: str) -> Iterator[str]:
    """The places of members that were kept although the schema doesn't have them."""
    if isinstance(value, BaseModel):
        kind = type(value)
        if not isinstance(value, _OPEN):
            yield from (f"{path}: {kind.__name__}.{name}" for name in value.model_extra or {})
        for name in kind.model_fields:
            yield from fields_not_in_schema(getattr(value, name), f"{path}.{name}")
    elif _is_object(value):
        for key, one in value.items():
            yield from fields_not_in_schema(one, f"{path}.{key}")
    elif _is_array(value):
        for index, one in enumerate(value):
            yield from fields_not_in_schema(one, f"{path}[{index}]")


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)

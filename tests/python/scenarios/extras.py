"""What came from the real server and is kept although the schema doesn't have it."""

from collections.abc import Iterator
from typing import Any

from codex_app_server.types import AnalyticsConfig, Config
from pydantic import BaseModel

__all__ = ["extras"]

_OPEN = (AnalyticsConfig, Config)
"""The types that are said to hold more than their fields."""


def extras(value: Any, path: str) -> Iterator[str]:
    """The places of members that the schema lacks."""
    if isinstance(value, BaseModel):
        kind = type(value)
        if not isinstance(value, _OPEN):
            yield from (f"{path}: {kind.__name__}.{name}" for name in value.model_extra or {})
        for name in kind.model_fields:
            yield from extras(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from extras(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from extras(one, f"{path}[{index}]")

"""The shape of a function that answers a request of the server."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

__all__ = ["Handler"]

P = TypeVar("P")
R = TypeVar("R")

Handler: TypeAlias = Callable[[P], R | Awaitable[R]]
"""Takes the request's params and gives its result, at once or awaited."""

"""What the runtime knows of a method, and where its types are found once they are needed.

Importing this loads no types and no pydantic; a type is imported when a message of its method is
first met.
"""

from importlib import import_module
from typing import Any, Generic, TypeVar

__all__ = ["Method", "find_type"]

P = TypeVar("P")
R_co = TypeVar("R_co", covariant=True)


def find_type(reference: str) -> Any:
    """The type that `reference` names: `"module:Name"` in the package `types` beside the
    runtime.
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(f"..types.{module}", __package__), name)


class Method(Generic[P, R_co]):
    """A request: its wire name, and the types of its params `P` and its result `R_co`."""

    __slots__ = ("experimental", "name", "params", "params_optional", "result")

    def __init__(
        self,
        name: str,
        *,
        params: str | None,
        result: str | None,
        experimental: bool = False,
        params_optional: bool = False,
    ) -> None:
        self.name = name
        """The wire name."""
        self.params = params
        """Where the type of the params is found; `None` for a method without params."""
        self.result = result
        """Where the type of the result is found; `None` where the result says nothing."""
        self.experimental = experimental
        """Whether a client must have opted in to call it."""
        self.params_optional = params_optional
        """Whether params may be left out as a whole."""

    def __repr__(self) -> str:
        return f"Method({self.name!r})"

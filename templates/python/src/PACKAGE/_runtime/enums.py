"""String enums, of the open and the closed kind.

Both are strings: they compare, hash, print and encode as their value.
"""

from enum import Enum
from typing import Any

from .unknown import flag

__all__ = ["ClosedEnum", "OpenEnum"]


class ClosedEnum(str, Enum):
    """A string enum that has no values beyond its members."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:
        return str.__format__(self, spec)


class OpenEnum(str, Enum):
    """A string enum that keeps values it doesn't know.

    A value that is none of the members gives an object of the same class that equals the string it
    was made from. It is not a member: two such objects are equal, yet not the same.
    """

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:
        return str.__format__(self, spec)

    @property
    def is_known(self) -> bool:
        """Whether this is one of the class's members."""
        return str.__str__(self) in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, str):
            return None
        flag()
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

"""The value that stands for "not given", where `None` already means `null`."""

from typing import Final, final


@final
class Omit:
    """The type of `omit`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "omit"


omit: Final = Omit()
"""Leaves a parameter out, so that the server's own default holds. `None`, in contrast, is sent as
`null`."""

"""What has to be done in processes that are forked off this one."""

import os
import weakref
from collections.abc import Callable

__all__ = ["do_in_children"]

_methods: "list[weakref.WeakMethod[Callable[[], None]]]" = []


def do_in_children(method: Callable[[], None]) -> None:
    """Calls a method in every child to come, for as long as its object lives."""
    _methods[:] = [one for one in _methods if one() is not None]
    _methods.append(weakref.WeakMethod(method))


def _do_all() -> None:
    for one in tuple(_methods):
        method = one()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):  # Windows doesn't fork.
    os.register_at_fork(after_in_child=_do_all)

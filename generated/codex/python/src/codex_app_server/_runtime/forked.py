"""What has to be done in processes that are forked off this one."""

import os
import threading
import weakref
from collections.abc import Callable

__all__ = ["do_in_children", "hold"]

_methods: "list[weakref.WeakMethod[Callable[[], None]]]" = []
_lock = threading.Lock()


def do_in_children(method: Callable[[], None]) -> None:
    """Calls a method in every child to come, for as long as its object lives."""
    with _lock:
        _methods[:] = [one for one in _methods if one() is not None]
        _methods.append(weakref.WeakMethod(method))


def hold(acquire: Callable[[], object], release: Callable[[], object]) -> None:
    """Sees to it that nobody has a lock when a child is made: there, nobody would let it go."""
    if hasattr(os, "register_at_fork"):  # Windows doesn't fork.
        os.register_at_fork(before=acquire, after_in_parent=release, after_in_child=release)


def _do_all() -> None:
    for one in tuple(_methods):
        method = one()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_do_all)
hold(_lock.acquire, _lock.release)

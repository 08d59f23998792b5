"""A process and all that it has started, as one thing that can be told to end.

The one place that knows how operating systems differ in this.
"""

import os
import subprocess
import sys
from typing import TypedDict

__all__ = ["SpawnOptions", "kill", "spawn_options", "terminate"]


class SpawnOptions(TypedDict):
    """How to start a process so that it leads a group of its own."""

    start_new_session: bool
    creationflags: int


def spawn_options() -> SpawnOptions:
    """The options for this system."""
    if sys.platform == "win32":
        return {"start_new_session": False, "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True, "creationflags": 0}


def terminate(pid: int) -> None:
    """Asks the group to end."""
    if sys.platform == "win32":
        _taskkill(pid)
    else:
        import signal

        _signal(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    """Ends the group, whatever is left of it. Harmless if nothing is."""
    if sys.platform == "win32":
        _taskkill(pid, "/F")
    else:
        import signal

        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    if sys.platform != "win32":
        try:
            os.killpg(pid, number)
        except (ProcessLookupError, PermissionError):
            # Nothing is left of it; macOS says so with the second error when zombies are left.
            return


def _taskkill(pid: int, *options: str) -> None:
    subprocess.run(
        ["taskkill", *options, "/T", "/PID", str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )

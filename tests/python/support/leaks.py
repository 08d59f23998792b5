"""What a test must not leave behind: processes and threads.

A process is ours if it is a child of this one, or if it carries this run's mark in its environment,
as what outlives its parent still does.
"""

import os
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Census", "mark_this_run"]

_VARIABLE = "RPCSMITH_TEST_RUN"
_PATIENCE = 5.0
"""Seconds in which what has been told to end must have ended."""


def mark_this_run() -> None:
    """Gives all processes that this one starts from now on the run's mark."""
    os.environ[_VARIABLE] = uuid.uuid4().hex


@dataclass
class Census:
    """The processes and threads of ours at one time."""

    processes: frozenset[int]
    threads: frozenset[threading.Thread]

    @classmethod
    def now(cls) -> "Census":
        """Counts them."""
        return cls(frozenset(_processes()), frozenset(threading.enumerate()))

    def check(self, patience: float = _PATIENCE) -> None:
        """Fails if there is now something that was not there then, and that doesn't end soon."""
        deadline = time.monotonic() + patience
        for thread in set(threading.enumerate()) - self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        left_threads = sorted(thread.name for thread in set(threading.enumerate()) - self.threads)
        while (left := _processes().keys() - self.processes) and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        names = _processes()
        left_processes = [f"{pid} {names[pid]}" for pid in sorted(left) if pid in names]
        assert not left_processes, f"left running: {left_processes}"
        assert not left_threads, f"threads left: {left_threads}"


def _processes() -> dict[int, str]:
    proc = Path("/proc")
    return _from_proc(proc) if (proc / "self/stat").exists() else _from_ps()


def _from_proc(proc: Path) -> dict[int, str]:
    mark = f"{_VARIABLE}={os.environ.get(_VARIABLE, '-')}".encode()
    found: dict[int, str] = {}
    for folder in proc.iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            name, _, rest = (folder / "stat").read_text(errors="replace").rpartition(")")
            state, parent = rest.split()[:2]
            ours = int(parent) == os.getpid()
            if not ours:
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # It has ended meanwhile, or it is somebody else's.
        if ours:
            found[int(folder.name)] = f"{name.partition('(')[2]} ({state})"
    return found


def _from_ps() -> dict[int, str]:
    listing = subprocess.Popen(
        ["ps", "-A", "-o", "pid=,ppid=,comm="], stdout=subprocess.PIPE, text=True
    )
    output, _ = listing.communicate()
    rows = (line.split(None, 2) for line in output.splitlines())
    return {
        int(pid): name
        for pid, parent, name in rows
        if int(parent) == os.getpid() and int(pid) != listing.pid
    }

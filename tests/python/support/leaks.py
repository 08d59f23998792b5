"""What a test must not leave behind: processes and threads.

A process is ours if it is a child of this one, or if it carries this run's mark in its environment,
as what outlives its parent still does.
"""

import os
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Census", "all_processes", "mark_this_run"]

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
        left_processes = [names[pid] for pid in sorted(left) if pid in names]
        assert not left_processes, f"left running: {left_processes}"
        assert not left_threads, f"threads left: {left_threads}"


@dataclass(frozen=True)
class Process:
    """A process of this machine."""

    pid: int
    parent: int
    group: int
    state: str
    name: str

    def __str__(self) -> str:
        return f"{self.pid} {self.name} ({self.state})"

    @property
    def is_ours(self) -> bool:
        """Whether it is a child of this process."""
        return self.parent == os.getpid()


def all_processes() -> Iterator[Process]:
    """All processes of this machine."""
    proc = Path("/proc")
    yield from _from_proc(proc) if (proc / "self/stat").exists() else _from_ps()


def _processes() -> dict[int, str]:
    mark = f"{_VARIABLE}={os.environ.get(_VARIABLE, '-')}".encode()
    return {
        process.pid: str(process)
        for process in all_processes()
        if process.pid != os.getpid() and (process.is_ours or _has_mark(process.pid, mark))
    }


def _has_mark(pid: int, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # It has ended meanwhile, or it is somebody else's.


def _from_proc(proc: Path) -> Iterator[Process]:
    for folder in proc.iterdir():
        if folder.name.isdecimal():
            try:
                name, _, rest = (folder / "stat").read_text(errors="replace").rpartition(")")
            except OSError:
                continue  # It has ended meanwhile.
            state, parent, group = rest.split()[:3]
            pid = int(folder.name)
            yield Process(pid, int(parent), int(group), state, name.partition("(")[2])


def _from_ps() -> Iterator[Process]:
    listing = subprocess.Popen(
        ["ps", "-A", "-o", "pid=,ppid=,pgid=,stat=,comm="], stdout=subprocess.PIPE, text=True
    )
    output, _ = listing.communicate()
    for line in output.splitlines():
        pid, parent, group, state, name = line.split(None, 4)
        if int(pid) != listing.pid:
            yield Process(int(pid), int(parent), int(group), state[0], name)

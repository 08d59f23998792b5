"""The scripted server: how it is started, what it reports, and whether it is gone."""

import asyncio
import json
import shlex
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from support.leaks import all_processes
from support.model_server import ModelServer

from .flavour import PATIENCE
from .program import Scenario
from .session import Session

__all__ = ["ScriptedServer", "processes", "program", "until_gone"]


class ScriptedServer:
    """`xtask peer` with a scenario, anew for each start of the client."""

    def __init__(self, xtask: Path, scenario: Scenario, folder: Path) -> None:
        self.names: Mapping[str, Any] = {}
        """What the scenario can name from the start."""
        self.model: ModelServer | None = None
        """It needs none."""
        self._xtask = xtask
        self._scenario = scenario.path
        self._folder = folder
        self._reports: list[Path] = []

    def launch(self) -> Mapping[str, Any]:
        """What the client's config says about it."""
        report = self._folder / f"report-{len(self._reports)}.jsonl"
        self._reports.append(report)
        place = self._folder / "peer" / report.stem
        plays = ("--scenario", self._scenario, "--report", report)
        return {"codex_bin": program(place, self._xtask, "peer", *plays)}

    def process(self, client: Any) -> int:
        """The server's process, for signals."""
        pid: int = client.pid
        return pid

    def left(self) -> list[str]:
        """What is still there of it and of all it has started."""
        ids = {entry["pid"] for entries in self._told() for entry in entries if "pid" in entry}
        return processes(ids=ids, groups=ids)

    def problems(self, session: Session) -> Iterator[str]:
        """What went wrong, once it has ended."""
        for entries in self._told():
            yield from (f"the peer: {entry['failed']}" for entry in entries if "failed" in entry)
            if not any("done" in entry for entry in entries):
                done = sum("step" in entry for entry in entries)
                yield f"the peer's script is not through; it has done {done} steps"

    def stop(self) -> None:
        """There is nothing that the client wouldn't end."""

    def _told(self) -> list[list[dict[str, Any]]]:
        """What each of them has reported."""
        return [_lines(report) for report in self._reports]


def _lines(report: Path) -> list[dict[str, Any]]:
    if not report.exists():
        return []
    # One that was killed may have left half a line.
    whole = report.read_text(encoding="utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def program(path: Path, *command: str | Path) -> Path:
    """Makes a program that is this command, with whatever arguments it is given: so that the client
    starts it as it would start the real server.
    """
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def processes(*, ids: Collection[int] = (), groups: Collection[int] = ()) -> list[str]:
    """The processes with these ids or in these groups. One that has ended counts only if it is
    ours to wait for.
    """
    return [
        str(process)
        for process in all_processes()
        if (process.pid in ids or process.group in groups)
        and (process.state != "Z" or process.is_ours)
    ]


async def until_gone(left: Callable[[], list[str]]) -> list[str]:
    """What is left once it has had the time to go. Nothing tells of the end of a process that isn't
    our child.
    """
    deadline = time.monotonic() + PATIENCE
    while (found := left()) and time.monotonic() < deadline:
        await asyncio.sleep(0.005)
    return found

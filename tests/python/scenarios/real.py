"""The real server behind a tap: how it is set up and started, and whether what the client made of
its lines is what was in them.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from support.home import server_env, write_config
from support.model_server import ModelServer

from .patterns import misfit
from .peer import processes, program
from .program import Scenario
from .session import Session

__all__ = ["RealServer"]

_REPO = Path(__file__).parents[3]


class RealServer:
    """The pinned server in a home of its own, and the model on loopback that it talks to."""

    def __init__(self, xtask: Path, codex: Path, scenario: Scenario, folder: Path) -> None:
        told = scenario.server or {}
        home, root = folder / "home", folder / "root"
        root.mkdir()
        self._log = folder / "lines.jsonl"
        self._program = program(folder / "tap" / "codex", xtask, "tap", "--log", self._log, codex)
        self._home, self._root = home, root
        self.model = ModelServer(xtask, told["model"]) if "model" in told else None
        """The model, for steps that release its gates."""
        url = None if self.model is None else self.model.url
        write_config(home, url, extra=told.get("toml", ""), **told.get("home", {}))
        self.names: Mapping[str, Any] = {
            "root": str(root),
            "home": str(home),
            "repo": os.environ.get("RPCSMITH_REPO", str(_REPO)),
            "python": sys.executable,
        }
        """What the scenario can name from the start."""

    def launch(self) -> Mapping[str, Any]:
        """What the client's config says about it."""
        return {"codex_bin": self._program, "env": server_env(self._home), "cwd": self._root}

    def process(self, client: Any) -> int:
        """The server's process, for signals: it is behind the tap."""
        return next(int(entry["pid"]) for entry in self._entries() if "pid" in entry)

    def left(self) -> list[str]:
        """What is still there of it and of all it has started."""
        ids = {entry["pid"] for entry in self._entries() if "pid" in entry}
        return processes(ids=ids, groups=ids)

    def problems(self, session: Session) -> Iterator[str]:
        """What the client made of its lines and was not in them, once it has ended."""
        lines = self._lines()
        yield from _unlike_results(session.results, _results_in(lines))
        announced = [line for sender, line in lines if sender == "server" and "id" not in line]
        for name, stream in session.streams.items():
            yield from _unlike_events(name, stream.taken, announced)
        lacking = [
            *session.extras,
            *(one for stream in session.streams.values() for one in stream.extras),
        ]
        yield from (f"the schema lacks {place}" for place in sorted(set(lacking)))

    def stop(self) -> None:
        """Ends the model."""
        if self.model is not None:
            self.model.stop()

    def _lines(self) -> list[tuple[str, dict[str, Any]]]:
        """All messages, with who sent them."""
        entries = [entry for entry in self._entries() if "line" in entry]
        return [(entry["from"], json.loads(entry["line"])) for entry in entries]

    def _entries(self) -> list[dict[str, Any]]:
        if not self._log.exists():
            return []
        whole = self._log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]


def _results_in(lines: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[Any]]:
    """The results as they travelled, by method."""
    asked: dict[Any, str] = {}
    came: dict[str, list[Any]] = {}
    for sender, message in lines:
        if sender == "client" and "method" in message and "id" in message:
            asked[message["id"]] = message["method"]
        elif sender == "server" and "result" in message:
            came.setdefault(asked[message["id"]], []).append(message["result"])
    return came


def _unlike_results(
    decoded: Iterable[tuple[str, Any]], came: Mapping[str, list[Any]]
) -> Iterator[str]:
    """The results that are none of those that came."""
    for method, result in decoded:
        lines = came.get(method, [])
        same = next((line for line in lines if misfit(line, result) is None), None)
        if same is None:
            place = misfit(lines[0], result) if lines else "no such result came"
            yield f"the result of {method} was decoded with a loss at {place}"
        else:
            lines.remove(same)


def _unlike_events(name: str, taken: Iterable[Any], came: list[Any]) -> Iterator[str]:
    """The events of a stream that are not among those that came, in their order."""
    rest = came
    for event in taken:
        alike = [number for number, line in enumerate(rest) if misfit(line, event) is None]
        if alike:
            rest = rest[alike[0] + 1 :]
            continue
        likely = [line for line in rest if line["method"] == event["method"]]
        place = misfit(likely[0], event) if likely else "no such event came, or not in this order"
        yield f"the event {event['method']} of {name} was decoded with a loss at {place}"

"""A tour of all methods on one real server: what its steps work with, and what it brings home.

A step is a function that calls some methods and checks what comes back. The client notes each typed
result; a tap between client and server notes each line. The tests compare the two.
"""

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from codex_app_server import AppServerClient, AppServerConfig, RequestTimeoutError, Unknown
from codex_app_server.notifications import ServerNotification
from codex_app_server.types import Thread, Turn

from support.clients import config_for
from support.home import write_config
from support.model_server import ModelServer

from .table import CALLS

__all__ = ["PATIENCE", "STEPS", "ObservedClient", "Outcome", "Step", "Tour", "step", "text"]

R = TypeVar("R")
N = TypeVar("N")

PATIENCE = 20.0
"""Seconds that one notification may take to come."""
PEERS = Path(__file__).parents[1] / "peers"


class ObservedClient(AppServerClient):
    """Notes the result of every typed call."""

    results: list[tuple[str, object]]
    """The method and the result of each, in the order in which they came."""

    def __init__(self, config: AppServerConfig) -> None:
        self.results = []
        super().__init__(config)
        self.results.append(("initialize", self.server_info))

    if not TYPE_CHECKING:
        # Hidden from type checkers, which would take any name for an existing one.
        def __getattribute__(self, name):
            value = super().__getattribute__(name)
            method = CALLS.get(name.removesuffix("_stream"))
            return value if method is None else _observed(self.results, method, value)


def _observed(
    results: list[tuple[str, object]], method: str, call: Callable[..., R]
) -> Callable[..., R]:
    def observed(*args: object, **options: object) -> R:
        result = call(*args, **options)
        results.append((method, getattr(result, "result", result)))
        return result

    return observed


@dataclass(frozen=True)
class Step:
    """A part of the tour, and the methods that it shows."""

    name: str
    shows: tuple[str, ...]
    run: Callable[["Tour"], None]


STEPS: list[Step] = []


def step(*shows: str) -> Callable[[Callable[["Tour"], None]], Callable[["Tour"], None]]:
    """Registers a step that shows these methods, in the order of the tour."""

    def register(run: Callable[["Tour"], None]) -> Callable[["Tour"], None]:
        area = run.__module__.rpartition(".")[2]
        STEPS.append(Step(f"{area}: {run.__name__.replace('_', ' ')}", shows, run))
        return run

    return register


@dataclass
class Outcome:
    """What became of a step."""

    seconds: float
    shown: frozenset[str] = frozenset()
    """The methods that answered with a result that was decoded."""
    error: BaseException | None = None


@dataclass
class Tour:
    """The tour while it goes on."""

    client: ObservedClient
    model: ModelServer
    home: Path
    root: Path
    """A directory for the files of the steps."""
    log: Path
    """What the tap wrote."""
    unknowns: list[Unknown]
    seen: list[ServerNotification] = field(default_factory=list[ServerNotification])
    """All notifications so far, in order."""
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    _mark: int = 0

    def take(self, one: Step) -> None:
        """Runs a step and notes what became of it."""
        self._mark = len(self.seen)
        results = len(self.client.results)
        started = time.monotonic()
        error: BaseException | None = None
        try:
            one.run(self)
        except Exception as problem:
            error = problem
        # The handshake was made before the first step, and belongs to all of them.
        shown = frozenset({"initialize"}).union(name for name, _ in self.client.results[results:])
        self.outcomes[one.name] = Outcome(time.monotonic() - started, shown, error)

    def folder(self, name: str) -> Path:
        """A fresh directory."""
        path = self.root / name
        path.mkdir()
        return path

    def wait(self, kind: type[N], accept: Callable[[N], bool] = lambda _: True) -> N:
        """The first such notification since the step began; waits for it."""
        at = self._mark
        deadline = time.monotonic() + PATIENCE
        while True:
            for event in self.seen[at:]:
                if isinstance(event, kind) and accept(event):
                    return event
            at = len(self.seen)
            try:
                left = max(0.0, deadline - time.monotonic())
                self.seen.append(self.client.next_notification(left))
            except RequestTimeoutError:
                names = [event.method for event in self.seen[self._mark :]]
                raise AssertionError(f"no such {kind.__name__}; what came: {names}") from None

    def drain(self) -> None:
        """Takes in what has come."""
        while True:
            try:
                self.seen.append(self.client.next_notification(0.0))
            except RequestTimeoutError:
                return

    def thread(self) -> Thread:
        """A fresh thread without turns."""
        return self.client.thread_start(cwd=str(self.root)).thread

    def turn(self, thread_id: str, words: str) -> Turn:
        """A turn that the model answers by repeating `words`; waits for its end."""
        with self.client.turn_start_stream(thread_id=thread_id, input=[text(words)]) as work:
            for _ in work:
                pass
            return work.result.turn

    def lines(self) -> list[tuple[str, dict[str, Any]]]:
        """All messages so far, with who sent them."""
        # The first says which process it is.
        _, *noted = self.log.read_text(encoding="utf-8").splitlines()
        entries = map(json.loads, noted)
        return [(entry["from"], json.loads(entry["line"])) for entry in entries]


def text(words: str) -> Any:
    """A text as the user's input."""
    return {"type": "text", "text": words}


@contextmanager
def on_tour(
    binary: Path, xtask: Path, model: ModelServer, folder: Path
) -> Generator[Tour, None, None]:
    """Starts a server behind a tap."""
    home, root = folder / "codex-home", folder / "files"
    root.mkdir()
    features = "[features]\nstep_model_switching = true\n"
    write_config(home, model.url, extra=features)
    log = folder / "lines.jsonl"
    unknowns: list[Unknown] = []
    tapped = [str(xtask), "tap", "--log", str(log), "--", str(binary), "app-server"]
    # Not strict, so that one unknown value doesn't end the tour: all of them are told at its end.
    settings = config_for(
        binary, home, unknowns, launch_args_override=tapped, cwd=root, strict=False
    )
    with ObservedClient(settings) as client:
        yield Tour(client, model, home, root, log, unknowns)

"""Scenarios as they are written: read, and refused where they say what the format doesn't have."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Scenario", "Step", "all_scenarios", "steps_of"]

FOLDER = Path(__file__).parents[2] / "scenarios"

_CALL = ("params", "result", "fails", "save", "later", "timeout_ms")
_STEPS: dict[str, tuple[str, ...]] = {
    "start": ("config", "handlers", "fails"),
    "call": (*_CALL, "retry", "untyped", "cancel_first"),
    "open": (*_CALL, "as"),
    "await": ("result", "fails", "save"),
    "cancel": (),
    "notify": ("params", "fails"),
    "stream": (),
    "subscribe": ("of",),
    "events": ("are",),
    "until": ("event", "counts", "save"),
    "ends": ("fails",),
    "drain": ("least", "most"),
    "close_stream": (),
    "next": ("fails", "timeout_ms", "save"),
    "wait_end": ("id", "result", "fails", "later", "timeout_ms"),
    "handler": ("returns", "raises", "calls", "waits_for", "plain"),
    "asked": ("params", "save"),
    "release": (),
    "unknowns": (),
    "overflow": ("least",),
    "stderr_hook": (),
    "signal": (),
    "close": ("times",),
    "leave": (),
    "gone": (),
    "closed": (),
    "stderr_tail": (),
    "server_info": (),
    "parallel": (),
    "repeat": ("count", "at_once"),
    "file": ("text",),
    "has_file": ("text",),
    "model": (),
    "hang_up": (),
    "login": ("key", "as", "shows", "fails", "timeout_ms"),
    "wait_login": ("result", "fails", "later", "timeout_ms"),
    "cancel_login": ("fails",),
    "thread": ("fails",),
    "stream_text": ("in", "are", "raises", "fails"),
    "run": ("in", "result", "raises", "fails", "later"),
}
"""The client's steps, and what each may say besides its first member."""

_SCENARIO = ("about", "clients", "facade", "config", "handlers", "peer", "server", "client")
_SERVER = ("model", "home", "toml")
_HANDLER = _STEPS["handler"]
_FAILURE = (
    "kind",
    "code",
    "message",
    "data",
    "method",
    "exit_code",
    "signal",
    "stderr",
    "path",
    "retryable",
    "tried",
)
_CONFIG = (
    "default_timeout_ms",
    "start_timeout_ms",
    "close_grace_ms",
    "retry",
    "strict",
    "queue_size",
    "experimental_api",
    "client_name",
    "client_title",
    "client_version",
    "config_overrides",
    "env",
    "cwd",
)


@dataclass(frozen=True)
class Step:
    """What the client's user does."""

    kind: str
    value: Any
    """What the first member says."""
    more: Mapping[str, Any]
    """The other members."""

    def __str__(self) -> str:
        value = "…" if self.kind in ("parallel", "repeat") else json.dumps(self.value)
        return f"{self.kind} {value:.200}"


@dataclass(frozen=True)
class Scenario:
    """One file."""

    path: Path
    concerns: frozenset[str] | None
    """The clients that it is for; `None`: all."""
    because: str
    """Why it isn't for the others."""
    facade: bool
    """Whether the convenience layer is started, over the client."""
    config: Mapping[str, Any]
    handlers: Mapping[str, Any]
    server: Mapping[str, Any] | None
    """How the real server is set up, for a scenario that is played against it."""
    client: tuple[Step, ...]

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> "Scenario":
        """Reads a file."""
        told = json.loads(path.read_text(encoding="utf-8"))
        try:
            _check(told, _SCENARIO, "the scenario")
            assert ("peer" in told) is not ("server" in told), (
                "one of `peer` and `server` is needed"
            )
            for name in ("about", "client"):
                assert name in told, f"`{name}` is missing"
            server = told.get("server")
            _check(server or {}, _SERVER, "`server`")
            clients = told.get("clients", {})
            _check(clients, ("only", "because"), "`clients`")
            assert not clients or clients["because"], "`clients` has to say why"
            only = clients.get("only")
            return cls(
                path=path,
                concerns=None if only is None else frozenset(only),
                because=clients.get("because", ""),
                facade=told.get("facade", False),
                config=_config(told.get("config", {})),
                handlers=_handlers(told.get("handlers", {})),
                server=server,
                client=steps_of(told["client"]),
            )
        except AssertionError as error:
            raise ValueError(f"{path.name}: {error}") from None

    def gates(self) -> frozenset[str]:
        """The gates that handlers wait for."""
        return frozenset(_gates(self.handlers)) | frozenset(
            gate for step in self.client for gate in _gates([step.value, step.more])
        )


def all_scenarios(only: str = "") -> list[Scenario]:
    """All scenarios, or those of these names, which are separated by commas."""
    found = {
        path.stem: path for path in sorted([*FOLDER.glob("*.json"), *FOLDER.glob("real/*.json")])
    }
    chosen = [name.strip() for name in only.split(",") if name.strip()] or list(found)
    missing = sorted(set(chosen) - set(found))
    if missing:
        raise ValueError(f"there is no scenario called {', '.join(missing)}")
    return [Scenario.read(found[name]) for name in chosen]


def steps_of(told: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """A list of steps."""
    return tuple(_step(one) for one in told)


def _step(told: Mapping[str, Any]) -> Step:
    (kind, value), *more = told.items()
    assert kind in _STEPS, f"there is no step `{kind}`"
    step = Step(kind, value, dict(more))
    _check(step.more, _STEPS[kind], f"`{step}`")
    if "fails" in step.more:
        _check(step.more["fails"], _FAILURE, f"`fails` of `{step}`")
    if kind == "start":
        _config(step.more.get("config", {}))
        _handlers(step.more.get("handlers", {}))
    elif kind == "handler":
        _handlers({value: step.more})
    elif kind == "repeat":
        steps_of(value)
    elif kind == "parallel":
        for one in value:
            steps_of(one)
    return step


def _config(told: Mapping[str, Any]) -> Mapping[str, Any]:
    _check(told, _CONFIG, "`config`")
    _check(told.get("retry") or {}, ("attempts", "delay_ms", "max_delay_ms"), "`retry`")
    return told


def _handlers(told: Mapping[str, Any]) -> Mapping[str, Any]:
    for method, handler in told.items():
        _check(handler, _HANDLER, f"the handler of {method}")
        if "calls" in handler:
            steps_of([handler["calls"]])
    return told


def _check(told: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    strange = [name for name in told if name not in known]
    assert not strange, f"{what} has {', '.join(strange)}, which the format lacks"


def _gates(told: Any) -> Iterable[str]:
    if isinstance(told, Mapping):
        if "waits_for" in told:
            yield told["waits_for"]
        told = told.values()
    if not isinstance(told, str | int | float | bool | None):
        for one in told:
            yield from _gates(one)

"""Fixtures of the tests of the convenience layer: the same tests for both kinds of it."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from codex_app_server import AsyncCodex, Codex, Unknown

from support.clients import config_for
from support.home import write_config
from support.model_server import ModelServer

Start: TypeAlias = Callable[..., Any]


async def settled(value: Any) -> Any:
    """What a call of either kind gives."""
    return await value if inspect.isawaitable(value) else value


async def listed(values: Any) -> list[Any]:
    """All items of an iterator of either kind."""
    if hasattr(values, "__aiter__"):
        return [value async for value in values]
    return list(values)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Where the traffic may be recorded; it is whole once the client is closed."""
    return tmp_path / "traffic.jsonl"


@pytest.fixture(params=["sync", "async"])
async def start(
    request: pytest.FixtureRequest,
    codex_bin: Path,
    codex_home: Path,
    model_server: Callable[[str | Path], ModelServer],
    unknowns: list[Unknown],
) -> AsyncIterator[Start]:
    """Starts either kind of `Codex` on the real server, with a model that plays a scenario."""
    started: list[Any] = []

    def begin(scenario: str = "echo", record_to: Path | None = None, **settings: Any) -> Any:
        write_config(codex_home, model_server(scenario).url, **settings)
        config = config_for(codex_bin, codex_home, unknowns, cwd=codex_home, record_to=record_to)
        kind = Codex if request.param == "sync" else AsyncCodex
        started.append(kind(config))
        return started[-1]

    yield begin
    for codex in started:
        closing: Awaitable[None] | None = codex.close()
        await settled(closing)

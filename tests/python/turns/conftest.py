"""Fixtures of the tests of turns: a model with a scenario, and a home that points to it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from support.home import write_config
from support.model_server import ModelServer

UseModel: TypeAlias = Callable[..., ModelServer]


@pytest.fixture
def use_model(
    model_server: Callable[[str | Path], ModelServer], codex_home: Path
) -> Callable[..., ModelServer]:
    """Starts a model with a scenario, for servers that are started later."""

    def use(
        scenario: str,
        *,
        approval_policy: str = "never",
        sandbox_mode: str = "read-only",
        extra: str = "",
    ) -> ModelServer:
        model = model_server(scenario)
        write_config(
            codex_home,
            model.url,
            approval_policy=approval_policy,
            sandbox_mode=sandbox_mode,
            extra=extra,
        )
        return model

    return use


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A directory for threads to work in."""
    place = tmp_path / "work"
    place.mkdir()
    return place

"""C01: where the server's binary is looked for, and in which order."""

import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import AppServerConfig, ServerNotFoundError, StartError, TransportClosed

from contract.flavour import Flavour

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs shell scripts")

Program = Callable[[str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Makes programs that say who they are and how they were called, and end."""

    def make(place: str) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        says = f'echo "{place}: $@ in $PWD with ${{EXTRA-nothing}}" >&2'
        path.write_text(f"#!/bin/sh\n{says}\nexit 7\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a server."""
    monkeypatch.delenv("CODEX_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setitem(sys.modules, "codex_cli_bin", None)
    monkeypatch.delitem(sys.modules, "codex_cli_bin")


def what_was_started(flavour: Flavour, **settings: Any) -> str:
    """What the program said that was started."""
    start: Future[Any] = flavour.open(AppServerConfig(**settings), None)
    error = start.exception(20)
    assert isinstance(error, StartError), repr(error)
    assert error.exit_code == 7
    return error.stderr_tail[0]


def test_the_order(
    flavour: Flavour, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(program("path/codex").parent))
    assert what_was_started(flavour).startswith("path/codex: app-server ")
    program("site/codex_cli_bin/bin/codex")
    (tmp_path / "site/codex_cli_bin/__init__.py").write_text("raise RuntimeError('not to be run')")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert what_was_started(flavour).startswith("site/codex_cli_bin/bin/codex: app-server ")
    monkeypatch.setenv("CODEX_BIN", str(program("variable")))
    assert what_was_started(flavour).startswith("variable: app-server ")
    asked = program("asked")
    assert what_was_started(flavour, codex_bin=asked).startswith("asked: app-server ")
    assert what_was_started(flavour, codex_bin=str(asked)).startswith("asked: ")


def test_the_variable_may_be_set_in_the_config(flavour: Flavour, program: Program) -> None:
    env = {"CODEX_BIN": str(program("variable"))}
    assert what_was_started(flavour, env=env).startswith("variable: ")


def test_a_bare_name_is_looked_for_on_the_path(
    flavour: Flavour, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program("path/other").parent))
    assert what_was_started(flavour, codex_bin="other").startswith("path/other: ")


def test_an_empty_variable_is_not_set(
    flavour: Flavour, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_BIN", "")
    monkeypatch.setenv("PATH", str(program("path/codex").parent))
    assert what_was_started(flavour).startswith("path/codex: ")


def test_arguments_directory_and_environment(
    flavour: Flavour, program: Program, tmp_path: Path
) -> None:
    asked = program("asked")
    place = (tmp_path / "here").resolve()
    place.mkdir()
    started = what_was_started(
        flavour,
        codex_bin=asked,
        config_overrides={"a.b": "1", "c": '"x"'},
        cwd=place,
        env={"EXTRA": "this"},
    )
    called = 'app-server --config a.b=1 --config c="x"'
    assert started == f"asked: {called} in {place} with this"
    pairs = what_was_started(flavour, codex_bin=asked, config_overrides=["k=v", "l=w"])
    assert pairs.startswith("asked: app-server --config k=v --config l=w in ")
    override = [str(asked), "one", "two"]
    assert what_was_started(flavour, launch_args_override=override).startswith("asked: one two in ")


def test_not_found_anywhere(flavour: Flavour) -> None:
    error = flavour.open(AppServerConfig(), None).exception(20)
    assert isinstance(error, ServerNotFoundError)
    assert not isinstance(error, TransportClosed)
    assert len(error.tried) == 4
    text = str(error)
    for word in ("config", "CODEX_BIN", "openai-codex-cli-bin", "PATH", error.install):
        assert word in text
    assert error.install == 'pip install "codex-app-server-sdk[runtime]"'


@pytest.mark.parametrize("by", ["config", "variable"])
def test_what_was_asked_for_is_not_replaced(
    by: str, flavour: Flavour, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(program("path/codex").parent))
    missing = str(tmp_path / "missing")
    if by == "variable":
        monkeypatch.setenv("CODEX_BIN", missing)
    config = AppServerConfig(codex_bin=missing if by == "config" else None)
    error = flavour.open(config, None).exception(20)
    assert isinstance(error, ServerNotFoundError)
    assert missing in str(error)

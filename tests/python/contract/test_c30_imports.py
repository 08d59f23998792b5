"""C30: importing the package loads no model that isn't used."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
before = set(sys.modules)
{statement}
print(*sorted(set(sys.modules) - before))
"""


def loaded_by(statement: str) -> list[str]:
    """The modules that a fresh interpreter loads for it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(statement=statement)],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def models(modules: list[str]) -> list[str]:
    return [name for name in modules if name.startswith("codex_app_server.types.")]


@pytest.mark.parametrize(
    "statement",
    [
        "import codex_app_server",
        "import codex_app_server.types",
        "import codex_app_server.notifications",
        "import codex_app_server.methods",
        "from codex_app_server import *",
        "from codex_app_server import AppServerClient, AppServerConfig, ServerRequestHandlers",
        "from codex_app_server import AsyncAppServerClient; AsyncAppServerClient()",
        "from codex_app_server.notifications import TurnCompleted",
    ],
)
def test_no_model_is_loaded(statement: str) -> None:
    loaded = loaded_by(statement)
    assert "codex_app_server" in loaded
    assert models(loaded) == []
    assert not any(name.startswith("codex_app_server.dicts.") for name in loaded)


def test_the_package_alone_loads_nothing_heavy() -> None:
    loaded = loaded_by("import codex_app_server")
    assert [name for name in loaded if name.startswith("codex_app_server")] == ["codex_app_server"]
    assert not {"pydantic", "asyncio", "subprocess"} & set(loaded)


def test_errors_load_next_to_nothing() -> None:
    loaded = loaded_by("from codex_app_server import JsonRpcError, is_retryable_error")
    assert not {"pydantic", "asyncio"} & set(loaded)


def test_the_blocking_client_needs_no_asyncio() -> None:
    assert "asyncio" not in loaded_by("from codex_app_server import AppServerClient")


def test_a_model_brings_only_its_own_modules() -> None:
    loaded = models(loaded_by("from codex_app_server.types import CurrentTimeReadParams"))
    assert loaded
    assert "codex_app_server.types.thread" not in loaded


def test_a_misspelt_name_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        loaded_by("from codex_app_server.types import NoSuchType")
    assert "ImportError" in caught.value.stderr
    with pytest.raises(subprocess.CalledProcessError):
        loaded_by("import codex_app_server; codex_app_server.no_such_name")

"""Fixtures of all Python tests. What they give is in `support`.

- `codex_bin`: the real server's binary. `xtask`: the program that has the model server.
- `codex_home`: a fresh directory for `CODEX_HOME`; fill it with `support.home.write_config`.
- `model_server(scenario)`: starts a model on loopback.
- `make_client(handlers, ...)`, `await make_async_client(handlers, ...)`: start a client of the real
  server with `codex_home`, in strict mode.
- `unknowns`: what the clients' `on_unknown` heard. A test that expects something to be there takes
  it out; what is left at the end fails the test.
- Always on: no process and no thread may be left after a test.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from codex_app_server import Unknown

from support.clients import AsyncClientFactory, ClientFactory
from support.leaks import Census, mark_this_run
from support.model_server import ModelServer
from support.results import Results


def pytest_configure(config: pytest.Config) -> None:
    """Lets the results of tests that show a rule be collected."""
    config.pluginmanager.register(Results())


@pytest.fixture(scope="session", autouse=True)
def nothing_left_in_the_end() -> Iterator[None]:
    """No process and no thread is left when all tests are over."""
    mark_this_run()
    before = Census.now()
    yield
    before.check()


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """A test leaves no process and no thread behind."""
    before = Census.now()
    yield
    before.check()


@pytest.fixture(scope="session")
def codex_bin() -> Path:
    """The real server's binary."""
    return _program("RPCSMITH_CODEX_BIN")


@pytest.fixture(scope="session")
def xtask() -> Path:
    """The program that has the model server."""
    return _program("RPCSMITH_XTASK")


@pytest.fixture
def codex_home(tmp_path: Path) -> Path:
    """A fresh, empty directory for `CODEX_HOME`."""
    home = tmp_path / "codex-home"
    home.mkdir()
    return home


@pytest.fixture
def unknowns() -> Iterator[list[Unknown]]:
    """What clients met that the schema doesn't know: nothing, unless a test takes it out."""
    met: list[Unknown] = []
    yield met
    assert not met, f"not in the schema: {met}"


@pytest.fixture
def model_server(xtask: Path) -> Iterator[Callable[[str | Path], ModelServer]]:
    """Starts model servers; see `ModelServer`."""
    servers: list[ModelServer] = []

    def start(scenario: str | Path = "echo") -> ModelServer:
        servers.append(ModelServer(xtask, scenario))
        return servers[-1]

    yield start
    while servers:
        servers.pop().stop()


@pytest.fixture
def make_client(
    codex_bin: Path, codex_home: Path, unknowns: list[Unknown]
) -> Iterator[ClientFactory]:
    """Starts blocking clients of the real server; they are closed at the end."""
    factory = ClientFactory(codex_bin, codex_home, unknowns)
    yield factory
    factory.close()


@pytest.fixture
async def make_async_client(
    codex_bin: Path, codex_home: Path, unknowns: list[Unknown]
) -> AsyncIterator[AsyncClientFactory]:
    """Starts asyncio clients of the real server; they are closed at the end."""
    factory = AsyncClientFactory(codex_bin, codex_home, unknowns)
    yield factory
    await factory.close()


def _program(variable: str) -> Path:
    path = Path(os.environ.get(variable, ""))
    if not path.is_file():
        pytest.fail(f"{variable} names no program; `cargo xtask test` sets it", pytrace=False)
    return path

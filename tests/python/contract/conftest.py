"""Fixtures of the contract's tests: a client of either kind, and the peer that it talks to."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest
from codex_app_server import AppServerConfig, ServerRequestHandlers

from contract.flavour import AsyncFlavour, Client, Flavour, SyncFlavour
from contract.peer import FakePeer

Connect: TypeAlias = Callable[..., Client]


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
    """Each kind of client in turn."""
    flavour = SyncFlavour() if request.param == "sync" else AsyncFlavour()
    yield flavour
    flavour.stop()


@pytest.fixture
def peer() -> Iterator[FakePeer]:
    """The server that the test plays."""
    peer = FakePeer()
    yield peer
    peer.close()


@pytest.fixture
def connect(flavour: Flavour, peer: FakePeer) -> Iterator[Connect]:
    """Starts clients that talk to the peer; takes settings by name, and `handlers`."""
    with ExitStack() as stack:

        def connect(handlers: ServerRequestHandlers | None = None, **settings: Any) -> Client:
            config = dataclasses.replace(config_for(peer), **settings)
            client = flavour.start(config, handlers)
            stack.callback(client.close)
            return client

        yield connect


@pytest.fixture
def client(connect: Connect) -> Client:
    """A client that talks to the peer."""
    return connect()


def config_for(peer: FakePeer) -> AppServerConfig:
    """Settings that make a client start the peer."""
    return AppServerConfig(launch_args_override=peer.command)

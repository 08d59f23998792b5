"""C02: starting does the handshake, or fails in time with what is known, and leaves nothing."""

import asyncio
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import (
    AppServerClient,
    AppServerConfig,
    AsyncAppServerClient,
    AsyncCodex,
    Codex,
    StartError,
    TransportClosed,
    __version__,
)

from contract.conftest import Connect, config_for
from contract.flavour import Flavour
from contract.peer import SERVER_INFO, FakePeer


def test_the_handshake(connect: Connect, peer: FakePeer) -> None:
    said: list[object] = []
    peer.on("initialized", said.append)
    client = connect(client_name="me", client_title="Me", client_version="7")
    peer.answers("ping", None)
    client.do(lambda client: client.request("ping"))
    assert peer.greeting is not None
    assert peer.greeting["params"] == {
        "clientInfo": {"name": "me", "title": "Me", "version": "7"},
        "capabilities": {"experimentalApi": True},
    }
    assert said == [{"method": "initialized"}]
    info = client.inner.server_info.model_dump(mode="json")
    assert info == SERVER_INFO


def test_a_client_has_a_name_by_itself(connect: Connect, peer: FakePeer) -> None:
    connect()
    assert peer.greeting is not None
    info = peer.greeting["params"]["clientInfo"]
    assert info == {"name": "codex_app_server", "version": __version__}


def test_notifications_before_the_greeting_are_kept(connect: Connect, peer: FakePeer) -> None:
    def greet(message: Any) -> None:
        peer.announce("thread/archived", {"threadId": "early"})
        peer.answer(message, SERVER_INFO)

    peer.on("initialize", greet)
    client = connect()
    event = client.do(lambda client: client.next_notification(10))
    assert event.params.thread_id == "early"


@pytest.mark.parametrize("config", ["codex", {"cwd": "."}, {}], ids=repr)
@pytest.mark.parametrize("client", [Codex, AsyncCodex, AppServerClient, AsyncAppServerClient])
def test_a_config_of_another_class_is_refused(client: Any, config: object) -> None:
    with pytest.raises(
        TypeError, match=r"the config should be AppServerConfig\(\.\.\.\); it is of "
    ):
        client(config)


def failure_of(start: "Future[Any]") -> StartError:
    error = start.exception(20)
    assert isinstance(error, StartError), repr(error)
    return error


def test_it_exits_at_once(flavour: Flavour, peer: FakePeer) -> None:
    peer.ignores("initialize")
    start = flavour.open(config_for(peer), None)
    peer.complain("first words\nlast words\n")
    peer.exit(7)
    error = failure_of(start)
    assert error.exit_code == 7
    assert error.stderr_tail == ("first words", "last words")
    assert "exit code 7" in str(error)
    assert "last words" in str(error)


def test_it_prints_something_else_and_exits(flavour: Flavour, peer: FakePeer) -> None:
    peer.ignores("initialize")
    start = flavour.open(config_for(peer), None)
    peer.send_raw(b"Usage: something else\n")
    peer.complain("not what you think\n")
    peer.exit(0)
    error = failure_of(start)
    assert error.exit_code == 0
    assert "not what you think" in str(error)


def test_it_prints_something_else_and_stays(flavour: Flavour, peer: FakePeer) -> None:
    peer.on("initialize", lambda message: peer.send_raw(b"> what?\n"))
    config = AppServerConfig(launch_args_override=peer.command, start_timeout=5.0)
    start = flavour.open(config, None)
    peer.complain("a prompt\n")
    error = failure_of(start)
    assert "in time" in str(error)
    assert "a prompt" in str(error)
    peer.wait_until_gone()


def test_it_hangs_and_lives_on(flavour: Flavour, peer: FakePeer) -> None:
    peer.on("initialize", lambda message: peer.be_stubborn_later())
    config = AppServerConfig(launch_args_override=peer.command, start_timeout=5.0, close_grace=0.1)
    assert "in time" in str(failure_of(flavour.open(config, None)))
    peer.wait_until_gone()


def test_it_refuses_the_handshake(flavour: Flavour, peer: FakePeer) -> None:
    peer.on("initialize", lambda message: peer.refuse(message, -32600, "who are you?"))
    error = failure_of(flavour.open(config_for(peer), None))
    assert "who are you?" in str(error)
    assert "-32600" in str(error)
    peer.wait_until_gone()


def test_it_answers_with_something_else(flavour: Flavour, peer: FakePeer) -> None:
    peer.answers("initialize", {"hello": 1})
    error = failure_of(flavour.open(config_for(peer), None))
    assert "userAgent" in str(error)
    peer.wait_until_gone()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permission")
def test_it_is_not_executable(flavour: Flavour, tmp_path: Path) -> None:
    path = tmp_path / "codex"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o644)
    error = failure_of(flavour.open(AppServerConfig(codex_bin=path), None))
    assert str(path) in str(error)


def test_it_is_a_directory_or_no_program(flavour: Flavour, tmp_path: Path) -> None:
    path = tmp_path / "codex"
    path.write_text("no program at all")
    path.chmod(0o755)
    for command in (str(path), str(tmp_path)):
        config = AppServerConfig(launch_args_override=[command])
        assert command in str(failure_of(flavour.open(config, None)))


def test_the_directory_is_missing(flavour: Flavour, peer: FakePeer, tmp_path: Path) -> None:
    config = AppServerConfig(launch_args_override=peer.command, cwd=tmp_path / "missing")
    assert "missing" in str(failure_of(flavour.open(config, None)))


def test_a_with_statement_starts_and_ends_it(peer: FakePeer) -> None:
    with AppServerClient(config_for(peer)) as client:
        assert client.server_info.user_agent == SERVER_INFO["userAgent"]
    peer.wait_until_gone()
    assert client.closed


async def test_an_async_with_statement_starts_and_ends_it(peer: FakePeer) -> None:
    async with AsyncAppServerClient(config_for(peer)) as client:
        assert client.server_info.user_agent == SERVER_INFO["userAgent"]
    peer.wait_until_gone()
    assert client.closed


async def test_the_first_calls_start_it_once(peer: FakePeer) -> None:
    client = AsyncAppServerClient(config_for(peer))
    with pytest.raises(TransportClosed):
        _ = client.server_info
    peer.answers("ping", 1)
    assert await asyncio.gather(*(client.request("ping") for _ in range(5))) == [1] * 5
    await client.close()


async def test_a_failed_start_fails_all_calls(peer: FakePeer) -> None:
    peer.on("initialize", lambda message: peer.exit(3))
    client = AsyncAppServerClient(config_for(peer))
    calls = [client.request("ping") for _ in range(3)]
    for error in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(error, StartError)
    with pytest.raises(TransportClosed):
        await client.request("ping")
    await client.close()


async def test_a_cancelled_start_leaves_nothing(peer: FakePeer) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    peer.on("initialize", lambda message: loop.call_soon_threadsafe(arrived.set))
    start = asyncio.create_task(AsyncAppServerClient.start(config_for(peer)))
    await asyncio.wait_for(arrived.wait(), 20)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    peer.wait_until_gone()


async def test_closing_while_starting(peer: FakePeer) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    peer.on("initialize", lambda message: loop.call_soon_threadsafe(arrived.set))
    client = AsyncAppServerClient(config_for(peer))
    call = asyncio.create_task(client.request("ping"))
    await asyncio.wait_for(arrived.wait(), 20)
    await client.close()
    with pytest.raises((TransportClosed, StartError)):
        await call
    peer.wait_until_gone()


async def test_a_cancelled_first_call_leaves_the_start_to_the_others(peer: FakePeer) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    greetings: list[Any] = []

    def hold(message: Any) -> None:
        greetings.append(message)
        loop.call_soon_threadsafe(arrived.set)

    peer.on("initialize", hold)
    peer.answers("ping", 1)
    client = AsyncAppServerClient(config_for(peer))
    first, second = (asyncio.create_task(client.request("ping")) for _ in range(2))
    await asyncio.wait_for(arrived.wait(), 20)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    peer.answer(greetings[0], SERVER_INFO)
    assert await second == 1
    await client.close()

"""C29: the package knows the server version its schema came from, and says so when it meets another
one.
"""

import logging
from collections.abc import Iterator

import pytest
from codex_app_server import SERVER_VERSION, VersionMismatch
from codex_app_server._runtime.version import age

from contract.conftest import Connect
from contract.peer import SERVER_INFO, FakePeer
from support.clients import AsyncClientFactory, ClientFactory

MAJOR, MINOR, PATCH = (int(part) for part in SERVER_VERSION.split("."))
OLDER = [
    f"{MAJOR}.{MINOR - 1}.99",
    f"{MAJOR}.{MINOR}.{PATCH}-alpha.7",
    f"{MAJOR}.9.{PATCH}",
    "0.0.0",
]
NEWER = [f"{MAJOR}.{MINOR}.{PATCH + 1}", f"{MAJOR}.{MINOR * 10}.0-beta.1", f"{MAJOR + 1}.0.0"]
SAME = [SERVER_VERSION, f"{SERVER_VERSION}+build.5"]
UNREADABLE = ["dev", "1.2", "1.2.3.4", f"v{SERVER_VERSION}", f"{SERVER_VERSION}-", ""]


@pytest.fixture
def heard() -> list[VersionMismatch]:
    """What the hook was told."""
    return []


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the package logs."""
    with caplog.at_level(logging.DEBUG, logger="codex_app_server"):
        yield caplog


def levels_of(log: pytest.LogCaptureFixture) -> list[str]:
    return [entry.levelname for entry in log.records if "version" in entry.getMessage()]


def greet(peer: FakePeer, user_agent: str) -> None:
    peer.answers("initialize", {**SERVER_INFO, "userAgent": user_agent})


@pytest.mark.parametrize("found", [*OLDER, *NEWER])
def test_another_version_is_told_once(
    connect: Connect,
    peer: FakePeer,
    heard: list[VersionMismatch],
    log: pytest.LogCaptureFixture,
    found: str,
) -> None:
    greet(peer, f"codex_app_server/{found} (Debian 12.0.0; x86_64) xterm (codex_app_server; 1.2.3)")
    client = connect(on_version_mismatch=heard.append)
    older = found in OLDER
    assert heard == [VersionMismatch(SERVER_VERSION, found, "older" if older else "newer")]
    assert client.inner.server_version == found
    assert levels_of(log) == ["WARNING" if older else "INFO"]
    peer.answers("ping", 1)
    assert client.do(lambda client: client.request("ping")) == 1
    assert len(heard) == 1


def test_versions_are_in_order() -> None:
    ascending = [
        "0.9.0",
        "0.10.0-alpha",
        "0.10.0-alpha.2",
        "0.10.0-alpha.10",
        "0.10.0-beta",
        "0.10.0",
        "0.10.1",
        "1.0.0",
    ]
    for index, one in enumerate(ascending):
        for place, other in enumerate(ascending):
            expected = "older" if index < place else "newer" if index > place else "same"
            assert age(one, other) == expected, (one, other)


@pytest.mark.parametrize("found", SAME)
def test_the_same_version_is_no_news(
    connect: Connect,
    peer: FakePeer,
    heard: list[VersionMismatch],
    log: pytest.LogCaptureFixture,
    found: str,
) -> None:
    greet(peer, f"a/strange name/{found} (Debian 12.0.0; x86_64) xterm/9.9.9")
    client = connect(on_version_mismatch=heard.append)
    assert (heard, client.inner.server_version) == ([], found)
    assert levels_of(log) == ["DEBUG"]


@pytest.mark.parametrize("found", UNREADABLE)
def test_what_is_no_version_is_let_pass(
    connect: Connect,
    peer: FakePeer,
    heard: list[VersionMismatch],
    log: pytest.LogCaptureFixture,
    found: str,
) -> None:
    greet(peer, f"name/{found} (Debian 12.0.0; x86_64) xterm/9.9.9")
    client = connect(on_version_mismatch=heard.append)
    assert (heard, client.inner.server_version) == ([], found)
    assert levels_of(log) == ["DEBUG"]


def test_a_server_without_a_version_is_let_pass(
    connect: Connect, peer: FakePeer, heard: list[VersionMismatch]
) -> None:
    greet(peer, "nothing to see")
    client = connect(on_version_mismatch=heard.append)
    assert (heard, client.inner.server_version) == ([], None)


def test_a_hook_that_raises_harms_nothing(
    connect: Connect, peer: FakePeer, log: pytest.LogCaptureFixture
) -> None:
    def hook(mismatch: VersionMismatch) -> None:
        raise RuntimeError("oops")

    greet(peer, "name/0.1.0 (x)")
    peer.answers("ping", 1)
    client = connect(on_version_mismatch=hook)
    assert client.do(lambda client: client.request("ping")) == 1
    assert any("oops" in (entry.exc_text or "") for entry in log.records)


def test_the_real_server(make_client: ClientFactory, heard: list[VersionMismatch]) -> None:
    client = make_client(on_version_mismatch=heard.append)
    assert (client.server_version, heard) == (SERVER_VERSION, [])


async def test_the_real_server_in_asyncio(
    make_async_client: AsyncClientFactory, heard: list[VersionMismatch]
) -> None:
    client = await make_async_client(on_version_mismatch=heard.append)
    assert (client.server_version, heard) == (SERVER_VERSION, [])

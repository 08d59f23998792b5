"""What goes on while calls are made: watched files, commands that talk, searches as one types."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from codex_app_server import AppServerClient, AsyncAppServerClient, InvalidRequest
from codex_app_server.notifications import (
    CommandExecOutputDelta,
    FsChanged,
    FuzzyFileSearchSessionUpdated,
    ProcessExited,
    ProcessOutputDelta,
)
from codex_app_server.types import CommandExecOutputStream, ProcessOutputStream

from support.clients import AsyncClientFactory, ClientFactory
from support.home import write_config

from .tour import PATIENCE

N = TypeVar("N")


@pytest.fixture
def client(make_client: ClientFactory, codex_home: Path) -> AppServerClient:
    """A client of the real server, without a model."""
    write_config(codex_home, None)
    return make_client()


def _next(
    client: AppServerClient, kind: type[N], accept: Callable[[N], bool] = lambda _: True
) -> N:
    while True:
        event = client.next_notification(PATIENCE)
        if isinstance(event, kind) and accept(event):
            return event


def test_a_watched_folder_reports_until_it_is_unwatched(
    client: AppServerClient, tmp_path: Path
) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    for folder in (left, right):
        folder.mkdir()
        client.fs_watch(path=str(folder), watch_id=folder.name)
    (left / "file").write_text("1")
    assert _next(client, FsChanged).params.watch_id == "left"
    client.fs_unwatch(watch_id="left")
    (left / "file").write_text("2")
    client.fs_write_file(path=str(right / "file"), data_base64="")
    changed = _next(client, FsChanged, lambda event: event.params.watch_id == "right").params
    assert changed.changed_paths == [str(right / "file")]


def test_a_commands_output_comes_as_it_is_written(client: AppServerClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            client.command_exec,
            command=["sh", "-c", "echo first; read line; echo $line; echo bad >&2; exit 5"],
            process_id="talker",
            stream_stdin=True,
            stream_stdout_stderr=True,
            sandbox_policy={"type": "dangerFullAccess"},
        )
        first = _next(client, CommandExecOutputDelta).params
        assert b64decode(first.delta_base64) == b"first\n"
        assert (first.process_id, first.stream) == ("talker", CommandExecOutputStream.stdout)
        assert not running.done()
        client.command_exec_write(
            process_id="talker", delta_base64=b64encode(b"second\n").decode(), close_stdin=True
        )
        rest = {
            event.params.stream: b64decode(event.params.delta_base64)
            for event in (
                _next(client, CommandExecOutputDelta),
                _next(client, CommandExecOutputDelta),
            )
        }
        assert rest == {"stdout": b"second\n", "stderr": b"bad\n"}
        done = running.result(PATIENCE)
    # What was streamed isn't in the answer again.
    assert (done.exit_code, done.stdout, done.stderr) == (5, "", "")


def test_a_processs_output_and_end(client: AppServerClient, tmp_path: Path) -> None:
    client.process_spawn(
        command=["sh", "-c", "cat; echo over >&2; exit 6"],
        cwd=str(tmp_path),
        process_handle="cat",
        stream_stdin=True,
        stream_stdout_stderr=True,
    )
    client.process_write_stdin(process_handle="cat", delta_base64=b64encode(b"mew").decode())
    output = _next(client, ProcessOutputDelta).params
    assert (output.process_handle, output.stream) == ("cat", ProcessOutputStream.stdout)
    assert b64decode(output.delta_base64) == b"mew"
    client.process_write_stdin(process_handle="cat", close_stdin=True)
    output = _next(client, ProcessOutputDelta).params
    assert (output.stream, b64decode(output.delta_base64)) == ("stderr", b"over\n")
    gone = _next(client, ProcessExited).params
    assert (gone.process_handle, gone.exit_code, gone.stdout) == ("cat", 6, "")


def test_a_search_follows_what_one_types(client: AppServerClient, tmp_path: Path) -> None:
    root = tmp_path / "haystack"
    root.mkdir()
    for name in ("alpha.txt", "alpine.txt", "beta.txt"):
        (root / name).write_text("")

    def search(query: str, *wanted: str) -> None:
        client.fuzzy_file_search_session_update(session_id="s", query=query)
        # Earlier results are those found so far, or those of what was typed before.
        _next(
            client,
            FuzzyFileSearchSessionUpdated,
            lambda event: (
                event.params.query == query
                and {file.path for file in event.params.files} == set(wanted)
            ),
        )

    client.fuzzy_file_search_session_start(session_id="s", roots=[str(root)])
    search("alp", "alpha.txt", "alpine.txt")
    search("alph", "alpha.txt")
    search("bet", "beta.txt")
    client.fuzzy_file_search_session_stop(session_id="s")
    with pytest.raises(InvalidRequest, match="session not found"):
        client.fuzzy_file_search_session_update(session_id="s", query="a")


async def test_a_command_and_its_output_side_by_side(
    make_async_client: AsyncClientFactory, codex_home: Path
) -> None:
    write_config(codex_home, None)
    client = await make_async_client()
    running = asyncio.create_task(
        client.command_exec(
            command=["sh", "-c", "echo first; read line; exit 7"],
            process_id="talker",
            stream_stdin=True,
            stream_stdout_stderr=True,
            sandbox_policy={"type": "dangerFullAccess"},
        )
    )
    first = await _output(client)
    assert first == b"first\n"
    await client.command_exec_write(process_id="talker", close_stdin=True)
    assert (await asyncio.wait_for(running, PATIENCE)).exit_code == 7


async def _output(client: AsyncAppServerClient) -> bytes:
    while True:
        event = await client.next_notification(PATIENCE)
        if isinstance(event, CommandExecOutputDelta):
            return b64decode(event.params.delta_base64)

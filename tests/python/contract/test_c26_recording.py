"""C26: logs that are silent by default, and recordings of the traffic with secrets left out."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import AppServerClient, AppServerConfig, StartError, Unknown

from contract.conftest import Connect, config_for
from contract.flavour import Flavour
from contract.peer import FakePeer
from contract.recordings import API_KEY, client_says, entries, record, said, server_says, turn
from support.clients import config_for as real_config_for
from support.home import write_config
from support.model_server import ModelServer

SECRETS = {"apiKey": "s1", "nested": [{"accessToken": {"any": "s2"}, "token": None, "tokens": 7}]}
HIDDEN = {
    "apiKey": "[redacted]",
    "nested": [{"accessToken": "[redacted]", "token": None, "tokens": 7}],
}
NEEDS_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="has no such files")


def test_a_turn_of_the_real_server_is_recorded_and_replayed(
    flavour: Flavour,
    codex_bin: Path,
    codex_home: Path,
    model_server: Callable[[str | Path], ModelServer],
    unknowns: list[Unknown],
    tmp_path: Path,
) -> None:
    write_config(codex_home, model_server("text").url)
    path, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    config = real_config_for(codex_bin, codex_home, unknowns)
    config.record_to = path
    first = turn(flavour.start(config))
    assert len(first) > 10
    text = path.read_text()
    assert API_KEY not in text
    assert '"apiKey":"[redacted]"' in text
    nowhere = tmp_path / "no-such-server"
    config = dataclasses.replace(
        config, codex_bin=nowhere, strict=True, replay_from=path, record_to=again
    )
    client = flavour.start(config)
    assert client.inner.pid is None
    assert turn(client) == first
    assert client.inner.stderr_tail == []

    def sorted_lines(path: Path) -> list[str]:
        return sorted(json.dumps(entry, sort_keys=True) for entry in said(path))

    assert sorted_lines(again) == sorted_lines(path)


def test_what_one_kind_of_client_records_the_other_one_replays(
    flavour: Flavour, peer: FakePeer, connect: Connect, tmp_path: Path
) -> None:
    peer.answers("ping", {"pong": 1})
    client = connect(record_to=tmp_path / "r.jsonl")
    client.do(lambda c: c.request("ping", {"n": 1.0}))
    client.close()
    with AppServerClient(AppServerConfig(replay_from=tmp_path / "r.jsonl")) as other:
        assert other.request("ping", {"n": 1}) == {"pong": 1}


def test_every_line_is_recorded_in_order_without_its_secrets(
    connect: Connect, peer: FakePeer, tmp_path: Path
) -> None:
    def serve(call: dict[str, Any]) -> None:
        peer.send_raw(b'no json\n{"x": "\xff"}\n')
        peer.send_raw(b'{"apiKey": "s3\n')
        peer.send_raw(b'  {"method": "odd/event",  "params": {"n": 1.50, "token": null}}\r\n')
        peer.send_raw(b'{"method": "odd/event", "params": {"\\u0061piKey": "s4"}}\n')
        peer.answer(call, SECRETS)

    path = tmp_path / "r.jsonl"
    path.write_text("what was there before\n")
    path.chmod(0o644)
    client = connect(record_to=path)
    peer.on("odd/call", serve)
    assert client.do(lambda c: c.request("odd/call", SECRETS)) == SECRETS
    peer.ask("q", "odd/ask", SECRETS)
    assert peer.receive()["id"] == "q"
    client.close()
    text = path.read_text()
    for secret in ("s1", "s2", "s3", "s4"):
        assert f'{secret}"' not in text
    lines = said(path)
    assert [entry["from"] for entry in lines] == (
        ["client", "server", "client", "client"] + ["server"] * 7 + ["client"]
    )
    assert lines[3]["message"]["params"] == HIDDEN
    assert [entry.get("line") for entry in lines[4:7]] == [
        "no json",
        '{"x": "\ufffd"}',
        "[redacted]",
    ]
    # To the letter, where there is nothing to hide.
    assert '"message":{"method": "odd/event",  "params": {"n": 1.50, "token": null}}}\n' in text
    assert lines[8]["message"]["params"] == {"apiKey": "[redacted]"}
    assert lines[9]["message"]["result"] == HIDDEN
    assert lines[10]["message"]["params"] == HIDDEN
    assert lines[11]["message"]["id"] == "q"
    times = [entry["at"] for entry in entries(path)]
    assert times == sorted(times)
    assert all(isinstance(at, int) for at in times)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_made_is_an_error_before_anything_starts(
    flavour: Flavour, peer: FakePeer, tmp_path: Path
) -> None:
    config = config_for(peer)
    config.record_to = tmp_path / "no-such-folder" / "r.jsonl"
    error = flavour.open(config, None).exception(20)
    assert isinstance(error, StartError)
    assert str(config.record_to) in str(error)
    assert peer.greeting is None


@NEEDS_UNIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is full")
def test_a_full_disk_harms_nothing_and_is_logged_once(
    connect: Connect, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    mode = os.stat("/dev/full").st_mode
    peer.answers("ping", 1)
    client = connect(record_to="/dev/full")
    for _ in range(50):
        assert client.do(lambda c: c.request("ping")) == 1
    client.close()
    (entry,) = [entry for entry in caplog.records if "/dev/full" in entry.getMessage()]
    assert (entry.levelname, "ends here" in entry.getMessage()) == ("ERROR", True)
    assert os.stat("/dev/full").st_mode == mode


def test_the_recording_is_whole_when_the_server_dies(
    connect: Connect, peer: FakePeer, tmp_path: Path
) -> None:
    client = connect(record_to=tmp_path / "r.jsonl")
    peer.on("last/words", lambda call: peer.exit(3))
    failure = client.begin(lambda c: c.request("last/words")).exception(20)
    assert failure is not None
    client.close()
    assert said(tmp_path / "r.jsonl")[-1]["message"]["method"] == "last/words"


def test_a_failed_start_leaves_no_recorder(flavour: Flavour, tmp_path: Path) -> None:
    command = [str(tmp_path / "no-such-program")]
    config = AppServerConfig(launch_args_override=command, record_to=tmp_path / "r.jsonl")
    assert isinstance(flavour.open(config, None).exception(20), StartError)
    for thread in threading.enumerate():
        if thread.name == "recorder":
            thread.join(20)
            assert not thread.is_alive()


QUIET = """
import sys
from codex_app_server import AppServerClient, AppServerConfig, ServerRequestHandlers

def fails(params):
    raise RuntimeError("a handler's failure")

def hook(told):
    raise RuntimeError("a hook's failure")

config = AppServerConfig(replay_from=sys.argv[1], on_unknown=hook, on_version_mismatch=hook)
handlers = ServerRequestHandlers(item_tool_call=fails)
with AppServerClient(config, handlers=handlers) as client:
    assert client.request("go") == 1
"""


def test_logs_are_silent_by_default(tmp_path: Path) -> None:
    call = {"arguments": {}, "callId": "c", "threadId": "t", "tool": "x", "turnId": "u"}
    failure = {"code": -32603, "message": "the client's handler failed"}
    path = record(
        tmp_path / "r.jsonl",
        [
            client_says({"id": 7, "method": "go"}),
            server_says({"method": "odd/event"}),
            {"from": "server", "line": "not JSON"},
            server_says({"id": "q", "method": "item/tool/call", "params": call}),
            client_says({"id": "q", "error": failure}),
            server_says({"id": 7, "result": 1}),
        ],
    )
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(path)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_happens_is_logged_and_no_payload_is(
    connect: Connect, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="codex_app_server"):
        client = connect(client_name="payload-of-the-test")
        peer.answers("ping", "payload-of-the-test")
        peer.announce("odd/event", "payload-of-the-test")
        client.do(lambda c: c.request("ping", "payload-of-the-test"))
        pid = client.inner.pid
        client.close()
    told = [(entry.levelname, entry.getMessage()) for entry in caplog.records]
    assert ("DEBUG", f"the server runs as process {pid}: {sys.executable}") in told
    assert ("DEBUG", "the connection has ended: the client was closed") in told
    assert any(level == "INFO" and "odd/event" in text for level, text in told)
    assert not any("payload-of-the-test" in text for _, text in told)

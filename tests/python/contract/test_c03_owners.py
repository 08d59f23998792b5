"""C03, where a client is left by those it belongs to: by a fork, its event loop, or its reader."""

import asyncio
import gc
import os
import subprocess
import sys
from typing import Any

import pytest
from codex_app_server import AsyncAppServerClient, Overflow, StartError, Unknown

from contract.conftest import Connect, config_for
from contract.flavour import Flavour
from contract.peer import SERVER_INFO, FakePeer

SERVER = f"""
import json, sys
for line in sys.stdin:
    call = json.loads(line)
    if "id" in call:
        result = {SERVER_INFO!r} if call["method"] == "initialize" else {{}}
        print(json.dumps({{"id": call["id"], "result": result}}), flush=True)
"""
FORKS = """
import os, sys
from codex_app_server import AppServerClient, AppServerConfig, TransportClosed

command = [sys.executable, "-c", sys.argv[1]]
client = AppServerClient(AppServerConfig(launch_args_override=command, close_grace=0.05))
child = os.fork()
if child == 0:
    try:
        client.request("made/up")
    except TransportClosed:
        sys.exit(7)  # Which runs what is to be run at the end of a program, close among it.
    sys.exit(1)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), client.request("made/up"), client.closed)
client.close()
"""


@pytest.mark.client("python")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_leaves_the_server_alone() -> None:
    command = [sys.executable, "-c", FORKS, SERVER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("7 {} False\n", "")


@pytest.mark.client("python-async")
def test_another_loop_is_told_and_may_close(peer: FakePeer) -> None:
    ours = asyncio.new_event_loop()
    client = ours.run_until_complete(AsyncAppServerClient.start(config_for(peer)))

    async def elsewhere() -> None:
        with pytest.raises(RuntimeError, match="another event loop"):
            await client.request("made/up")
        await client.close()
        await client.close()

    asyncio.run(elsewhere())
    peer.wait_until_gone()
    assert client.closed
    # The loop hears of the end when it runs again.
    ours.run_until_complete(client.close())
    ours.run_until_complete(ours.shutdown_default_executor())
    ours.close()


def test_a_stream_that_is_dropped_is_fed_no_more(connect: Connect, peer: FakePeer) -> None:
    told: list[Overflow] = []
    client = connect(queue_size=1, on_overflow=told.append)
    feed: Any = client.feed()
    peer.announce("thread/archived", {"threadId": "t"})
    assert feed.next().params.thread_id == "t"
    del feed
    gc.collect()
    for _ in range(5):
        peer.announce("thread/archived", {"threadId": "t"})
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1
    assert told == []


def test_a_hook_that_wants_to_exit_harms_nothing(connect: Connect, peer: FakePeer) -> None:
    def hook(unknown: Unknown) -> None:
        raise SystemExit(3)

    client = connect(on_unknown=hook)
    feed = client.feed()
    peer.announce("novel/thing", {})
    assert feed.next().wire_method == "novel/thing"
    peer.answers("made/up", 1)
    assert client.do(lambda client: client.request("made/up")) == 1


def test_an_empty_command_is_told(flavour: Flavour, peer: FakePeer) -> None:
    config = config_for(peer)
    config.launch_args_override = []
    error = flavour.open(config, None).exception(20)
    assert isinstance(error, StartError)
    assert "launch_args_override is empty" in str(error)

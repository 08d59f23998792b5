"""What a caller leaves out, what it says is null, and what it gives: how each travels."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import AppServerClient, DecodeError, Unknown
from codex_app_server.types import (
    ApiKeyLoginAccountParams,
    TextUserInput,
    ThreadMetadataGitInfoUpdateParams,
    ThreadSectionAppearance,
)

from support.clients import ClientFactory

from .tour import PEERS


class Recording:
    """A client whose calls are written down."""

    def __init__(self, client: AppServerClient, log: Path) -> None:
        self.client = client
        self._log = log

    def params(self, call: Callable[[], object]) -> Any:
        """The params that a call sends; "left out" if it sends none."""
        with suppress(DecodeError):  # The recorder's empty answers fit few methods.
            call()
        message = json.loads(self._log.read_text(encoding="utf-8").splitlines()[-1])
        return message.get("params", "left out")


@pytest.fixture
def recording(make_client: ClientFactory, tmp_path: Path) -> Recording:
    log = tmp_path / "lines.jsonl"
    command = [sys.executable, str(PEERS / "recorder.py"), str(log)]
    return Recording(make_client(launch_args_override=command, strict=False), log)


@pytest.fixture(autouse=True)
def nothing_decoded(unknowns: list[Unknown]) -> Iterator[None]:
    """The empty answers are expected to be undecodable here."""
    yield
    assert {unknown.kind for unknown in unknowns} <= {"undecodable"}
    unknowns.clear()


def test_three_states_of_a_filter(recording: Recording) -> None:
    client = recording.client
    assert recording.params(lambda: client.thread_list(limit=1)) == {"limit": 1}
    assert recording.params(lambda: client.thread_list(section_id=None)) == {"sectionId": None}
    assert recording.params(lambda: client.thread_list(section_id="s")) == {"sectionId": "s"}


def test_three_states_inside_of_an_object(recording: Recording) -> None:
    client = recording.client
    assert recording.params(
        lambda: client.thread_metadata_update(
            thread_id="t", git_info={"branch": "main", "sha": None}
        )
    ) == {"threadId": "t", "gitInfo": {"branch": "main", "sha": None}}
    assert recording.params(
        lambda: client.thread_metadata_update(
            thread_id="t",
            git_info=ThreadMetadataGitInfoUpdateParams(origin_url=None),
        )
    ) == {"threadId": "t", "gitInfo": {"originUrl": None}}


def test_three_states_of_an_object(recording: Recording) -> None:
    def update(**given: Any) -> Any:
        return recording.params(
            lambda: recording.client.thread_section_update(section_id="s", name="n", **given)
        )

    assert update() == {"sectionId": "s", "name": "n"}
    assert update(appearance=None) == {"sectionId": "s", "name": "n", "appearance": None}
    assert update(appearance=ThreadSectionAppearance(color="red")) == {
        "sectionId": "s",
        "name": "n",
        "appearance": {"color": "red"},
    }


def test_a_required_null_is_sent(recording: Recording) -> None:
    sent = recording.params(
        lambda: recording.client.thread_section_move(thread_id="t", section_id=None)
    )
    assert sent == {"threadId": "t", "sectionId": None}


def test_what_is_left_out_is_absent(recording: Recording) -> None:
    client = recording.client
    # All optional: an empty object.
    assert recording.params(client.thread_start) == {}
    # No params at all.
    assert recording.params(client.account_logout) == "left out"
    # Params that are optional as a whole.
    assert recording.params(client.account_usage_read) == "left out"
    assert recording.params(lambda: client.account_usage_read(thread_id=None)) == {"threadId": None}


def test_a_member_that_is_never_null(recording: Recording) -> None:
    client = recording.client
    assert recording.params(
        lambda: client.fs_copy(source_path="/a", destination_path="/b", recursive=False)
    ) == {"sourcePath": "/a", "destinationPath": "/b", "recursive": False}


def test_tags_are_sent_though_nobody_gives_them(recording: Recording) -> None:
    client = recording.client
    assert recording.params(
        lambda: client.turn_start(thread_id="t", input=[TextUserInput(text="hi")])
    ) == {"threadId": "t", "input": [{"type": "text", "text": "hi"}]}
    assert recording.params(
        lambda: client.account_login_start(params=ApiKeyLoginAccountParams(api_key="k"))
    ) == {"type": "apiKey", "apiKey": "k"}

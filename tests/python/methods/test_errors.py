"""Errors of the real server, by the classes that stand for their codes."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from codex_app_server import (
    AppServerClient,
    EncodeError,
    ExperimentalApiError,
    InternalError,
    InvalidRequest,
    JsonRpcError,
    MethodNotFound,
    is_retryable_error,
)

from support.clients import AsyncClientFactory, ClientFactory
from support.home import write_config

from .tour import PEERS


@pytest.fixture
def client(make_client: ClientFactory, codex_home: Path) -> AppServerClient:
    """A client of the real server, without a model."""
    write_config(codex_home, None)
    return make_client()


@dataclass(frozen=True)
class Case:
    """A call that fails, and how."""

    name: str
    method: str
    call: Callable[[AppServerClient], object]
    kind: type[JsonRpcError]
    code: int
    message: str


CASES = [
    Case(
        "unknown method",
        "no/such/method",
        lambda client: client.request("no/such/method", {}),
        InvalidRequest,
        -32600,
        "Invalid request: ",
    ),
    Case(
        "missing field",
        "fs/readFile",
        lambda client: client.request("fs/readFile", {}),
        InvalidRequest,
        -32600,
        "Invalid request: missing field `path`",
    ),
    Case(
        "failing call",
        "fs/readFile",
        lambda client: client.fs_read_file(path="/no/such/file"),
        InternalError,
        -32603,
        "No such file or directory",
    ),
    Case(
        "not implemented",
        "thread/prediction/request",
        lambda client: client.thread_prediction_request(
            thread_id=client.thread_start().thread.id, source_turn_id="none"
        ),
        MethodNotFound,
        -32601,
        "not implemented",
    ),
    Case(
        "second handshake",
        "initialize",
        lambda client: client.request(
            "initialize", {"clientInfo": {"name": "again", "version": "1"}}
        ),
        InvalidRequest,
        -32600,
        "Already initialized",
    ),
]


def _name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_an_error_is_of_the_class_of_its_code(client: AppServerClient, case: Case) -> None:
    with pytest.raises(JsonRpcError) as caught:
        case.call(client)
    error = caught.value
    assert type(error) is case.kind
    assert (error.code, error.method) == (case.code, case.method)
    assert case.message in error.message
    assert case.method in str(error) and str(case.code) in str(error)
    assert not is_retryable_error(error)
    # The connection goes on.
    assert client.thread_loaded_list().next_cursor is None


def test_an_errors_data_is_kept(client: AppServerClient) -> None:
    with pytest.raises(InvalidRequest) as caught:
        client.config_value_write(
            key_path="model", value="m", merge_strategy="replace", expected_version="other"
        )
    assert caught.value.data == {"config_write_error_code": "configVersionConflict"}


async def test_errors_of_the_async_client(
    make_async_client: AsyncClientFactory, codex_home: Path
) -> None:
    write_config(codex_home, None)
    client = await make_async_client()
    with pytest.raises(InternalError, match="No such file or directory"):
        await client.fs_read_file(path="/no/such/file")
    with pytest.raises(InvalidRequest):
        await client.request("no/such/method")
    with pytest.raises(MethodNotFound):
        thread = (await client.thread_start()).thread
        await client.thread_prediction_request(thread_id=thread.id, source_turn_id="none")


def test_what_cannot_be_encoded_is_not_sent(client: AppServerClient) -> None:
    with pytest.raises(EncodeError, match="fs/readFile"):
        client.fs_read_file(path="/half a pair: \ud800")
    assert client.thread_loaded_list().next_cursor is None


def test_without_the_opt_in_the_server_refuses_too(
    make_client: ClientFactory, codex_home: Path
) -> None:
    write_config(codex_home, None)
    client = make_client(experimental_api=False)
    with pytest.raises(ExperimentalApiError, match="experimental_api=True"):
        client.server_diagnostics()
    with pytest.raises(InvalidRequest, match="requires experimentalApi capability"):
        # A field that is experimental, on a method that isn't.
        client.thread_start(mock_experimental_field="x")


def test_without_the_opt_in_nothing_is_written(make_client: ClientFactory, tmp_path: Path) -> None:
    log = tmp_path / "lines.jsonl"
    command = [sys.executable, str(PEERS / "recorder.py"), str(log)]
    client = make_client(launch_args_override=command, experimental_api=False)
    for call in (
        client.server_diagnostics,
        lambda: client.request("server/diagnostics", {}),
        lambda: client.mock_experimental_method(value="x"),
    ):
        with pytest.raises(ExperimentalApiError) as caught:
            call()
        assert caught.value.method in ("server/diagnostics", "mock/experimentalMethod")
    # Something that is written, so that all before it has been.
    client.request("thread/loaded/list", {})
    written = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [message["method"] for message in written] == [
        "initialize",
        "initialized",
        "thread/loaded/list",
    ]
    assert written[0]["params"]["capabilities"] == {"experimentalApi": False}

"""C13: what is left out stays absent, `None` is `null`, and what can't be encoded fails at home."""

from typing import Any

import pytest
from codex_app_server import EncodeError, omit
from codex_app_server.types import (
    CommandExecParams,
    SandboxMode,
    TextUserInput,
    ThreadListParams,
    ThreadMetadataGitInfoUpdateParams,
)

from contract.conftest import Connect
from contract.flavour import Client, Use
from contract.peer import FakePeer, Message

Params = dict[str, Any]


def sent(client: Client, peer: FakePeer, use: Use) -> Message:
    """The call as it came over the wire."""
    call = client.begin(use)
    message = peer.receive()
    peer.refuse(message, -32000, "enough")
    assert call.exception(20) is not None
    return message


SENT: list[tuple[str, Use, Params]] = [
    (
        "left out",
        lambda client: client.thread_list(),
        {},
    ),
    (
        "omitted on purpose",
        lambda client: client.thread_list(cursor=omit, limit=5),
        {"limit": 5},
    ),
    (
        "null",
        lambda client: client.thread_list(cursor=None, section_id=None),
        {"cursor": None, "sectionId": None},
    ),
    (
        "three states: a value",
        lambda client: client.thread_list(section_id="s"),
        {"sectionId": "s"},
    ),
    (
        "three states inside a dict",
        lambda client: client.thread_metadata_update(
            thread_id="t", git_info={"sha": None, "branch": "b"}
        ),
        {"threadId": "t", "gitInfo": {"sha": None, "branch": "b"}},
    ),
    (
        "three states inside a model",
        lambda client: client.thread_metadata_update(
            thread_id="t", git_info=ThreadMetadataGitInfoUpdateParams(sha=None, branch="b")
        ),
        {"threadId": "t", "gitInfo": {"sha": None, "branch": "b"}},
    ),
    (
        "three states of an object: null",
        lambda client: client.thread_section_update(section_id="s", name="n", appearance=None),
        {"sectionId": "s", "name": "n", "appearance": None},
    ),
    (
        "three states of an object: left out",
        lambda client: client.thread_section_update(section_id="s", name="n"),
        {"sectionId": "s", "name": "n"},
    ),
    (
        "params that are optional as a whole",
        lambda client: client.account_usage_read(thread_id=None),
        {"threadId": None},
    ),
    (
        "required and nullable",
        lambda client: client.thread_section_move(thread_id="t", section_id=None),
        {"threadId": "t", "sectionId": None},
    ),
    (
        "a tag that nobody set",
        lambda client: client.turn_start(thread_id="t", input=[TextUserInput(text="é\u2028")]),
        {"threadId": "t", "input": [{"type": "text", "text": "é\u2028"}]},
    ),
    (
        "a dict in Python names",
        lambda client: client.turn_start(
            thread_id="t", input=[{"type": "text", "text": "x", "text_elements": []}]
        ),
        {"threadId": "t", "input": [{"type": "text", "text": "x", "text_elements": []}]},
    ),
    (
        "an enum and its value",
        lambda client: client.thread_start(sandbox=SandboxMode.read_only, approval_policy="never"),
        {"sandbox": "read-only", "approvalPolicy": "never"},
    ),
    (
        "maps with null values",
        lambda client: client.command_exec(command=["ls"], env={"A": None, "B": "b"}),
        {"command": ["ls"], "env": {"A": None, "B": "b"}},
    ),
    (
        "any JSON",
        lambda client: client.thread_start(config={"a": [1, None, {"b": 2.5}]}),
        {"config": {"a": [1, None, {"b": 2.5}]}},
    ),
    (
        "a number beyond 2^53",
        lambda client: client.command_exec(command=["ls"], timeout_ms=2**60 + 1),
        {"command": ["ls"], "timeoutMs": 2**60 + 1},
    ),
    (
        "an astral character and a control character",
        lambda client: client.thread_name_set(thread_id="t", name="\U0001f600\x00\x1f"),
        {"threadId": "t", "name": "\U0001f600\x00\x1f"},
    ),
]


@pytest.mark.parametrize(("use", "params"), [pytest.param(*row[1:], id=row[0]) for row in SENT])
def test_what_is_sent(use: Use, params: Params, client: Client, peer: FakePeer) -> None:
    assert sent(client, peer, use)["params"] == params


def test_a_method_without_params_sends_none(client: Client, peer: FakePeer) -> None:
    assert "params" not in sent(client, peer, lambda client: client.account_rate_limits_read())
    # Nor does one whose params are optional as a whole.
    assert "params" not in sent(client, peer, lambda client: client.account_usage_read())


def test_every_call_has_an_id_of_its_own(client: Client, peer: FakePeer) -> None:
    messages = [sent(client, peer, lambda client: client.thread_list()) for _ in range(3)]
    assert len({message["id"] for message in messages}) == 3


def test_what_never_is_null_is_left_out(client: Client, peer: FakePeer) -> None:
    """Not even when a model says `None`, which only means that it is absent."""
    params = CommandExecParams(command=["ls"], tty=None, stream_stdin=True, cwd=None)
    message = sent(client, peer, lambda client: client.request("command/exec", params))
    assert message["params"] == {"command": ["ls"], "streamStdin": True, "cwd": None}


REFUSED: list[tuple[str, Use, str]] = [
    (
        "a lone surrogate",
        lambda client: client.thread_name_set(thread_id="t", name="a\ud800b"),
        "thread/name/set",
    ),
    (
        "a lone surrogate deep inside",
        lambda client: client.turn_start(thread_id="t", input=[{"type": "text", "text": "\udfff"}]),
        "turn/start",
    ),
    (
        "a lone surrogate in any JSON",
        lambda client: client.thread_start(config={"key": ["\ud83d"]}),
        "thread/start",
    ),
    (
        "a lone surrogate in a key",
        lambda client: client.command_exec(command=["ls"], env={"\ud800": "x"}),
        "command/exec",
    ),
    (
        "a lone surrogate in an untyped call",
        lambda client: client.request("made/up", {"a": ["\udc00"]}),
        "made/up",
    ),
    (
        "a lone surrogate in a notification",
        lambda client: client.notify("made/up", "\udc00"),
        "made/up",
    ),
    (
        "a lone surrogate in a method's name",
        lambda client: client.request("made/\ud800"),
        "made/",
    ),
    ("a wrong type", lambda client: client.thread_list(limit="many"), "thread/list"),
    ("a missing member", lambda client: client.turn_start(thread_id="t", input=[{}]), "turn/start"),
    (
        "an unknown variant in a dict",
        lambda client: client.request("made/up", {"a": object()}),
        "made/up",
    ),
]


@pytest.mark.parametrize(("use", "method"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_what_can_not_be_sent(use: Use, method: str, connect: Connect, peer: FakePeer) -> None:
    client = connect(default_timeout=5.0)
    error = client.begin(use).exception(20)
    assert isinstance(error, EncodeError), repr(error)
    assert method in error.method
    assert error.problems
    # Nothing was written: the next call is the first thing that the server hears, and it works.
    assert sent(client, peer, lambda client: client.thread_list())["method"] == "thread/list"


def test_an_encode_error_says_where(client: Client) -> None:
    with pytest.raises(EncodeError) as caught:
        client.do(lambda client: client.thread_list(limit="many"))
    assert "params.limit" in caught.value.problems[0]
    with pytest.raises(EncodeError) as caught:
        client.do(lambda client: client.turn_start(thread_id="t", input=[{"type": "text"}]))
    assert "params.input[0].text" in caught.value.problems[0]


def test_null_is_not_absent_when_read() -> None:
    absent = ThreadListParams.model_validate_json("{}")
    null = ThreadListParams.model_validate_json('{"sectionId": null}')
    assert (absent.section_id, null.section_id) == (None, None)
    assert "section_id" not in absent.model_fields_set
    assert "section_id" in null.model_fields_set
    assert absent.model_dump(exclude_unset=True) == {}
    assert null.model_dump(exclude_unset=True) == {"sectionId": None}

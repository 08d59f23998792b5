"""What is sent for presets, for what is left out and for `None`: read off a recording."""

import json
from pathlib import Path
from typing import Any

import pytest
from codex_app_server import ApprovalMode, Sandbox, TextInput

from .conftest import Start, settled


def sent(recording: Path, method: str) -> list[dict[str, Any]]:
    """The params of all requests for a method."""
    lines = [json.loads(line) for line in recording.read_text(encoding="utf-8").splitlines()]
    messages = [line["message"] for line in lines if line["from"] == "client"]
    return [message["params"] for message in messages if message.get("method") == method]


async def test_presets_stand_for_members_of_the_params(start: Start, recording: Path) -> None:
    codex = start(record_to=recording)
    thread = await settled(codex.thread_start())
    await settled(
        codex.thread_start(approval_mode=ApprovalMode.deny_all, sandbox=Sandbox.full_access)
    )
    await settled(codex.thread_start(approval_mode=None, sandbox=Sandbox.read_only))
    await settled(thread.run("plain"))
    await settled(
        thread.run("strict", approval_mode=ApprovalMode.deny_all, sandbox=Sandbox.workspace_write)
    )
    await settled(thread.run("reviewed", approval_mode=ApprovalMode.auto_review))
    await settled(codex.thread_resume(thread.id))
    await settled(codex.thread_fork(thread.id, sandbox=Sandbox.workspace_write))
    await settled(codex.close())
    reviewed = {"approvalPolicy": "on-request", "approvalsReviewer": "auto_review"}
    never = {"approvalPolicy": "never"}
    assert sent(recording, "thread/start") == [
        reviewed,
        {**never, "sandbox": "danger-full-access"},
        {"sandbox": "read-only"},
    ]
    turns = sent(recording, "turn/start")
    texts = [turn.pop("input")[0]["text"] for turn in turns]
    assert texts == ["plain", "strict", "reviewed"]
    own = {"threadId": thread.id}
    assert turns == [
        own,
        {**own, **never, "sandboxPolicy": {"type": "workspaceWrite"}},
        {**own, **reviewed},
    ]
    assert sent(recording, "thread/resume") == [own]
    assert sent(recording, "thread/fork") == [{**own, "sandbox": "workspace-write"}]


async def test_what_is_left_out_is_not_sent_and_none_is_null(start: Start, recording: Path) -> None:
    codex = start(record_to=recording)
    thread = await settled(codex.thread_start(approval_mode=None))
    await settled(thread.run(["a", TextInput("b")], model=None, effort="low", summary="concise"))
    await settled(codex.close())
    assert sent(recording, "thread/start") == [{}]
    items = [{"type": "text", "text": text} for text in ("a", "b")]
    own = {"threadId": thread.id, "input": items, "model": None}
    assert sent(recording, "turn/start") == [{**own, "effort": "low", "summary": "concise"}]


@pytest.mark.parametrize("given", ["auto_review", "never", Sandbox.read_only])
async def test_a_mode_of_approval_is_no_text(start: Start, given: Any) -> None:
    codex = start()
    with pytest.raises(TypeError, match=r"no ApprovalMode; there are ApprovalMode\.auto_review, "):
        await settled(codex.thread_start(approval_mode=given))

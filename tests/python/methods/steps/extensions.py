"""Skills, hooks, MCP servers, and what other coding agents leave behind."""

import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from urllib.error import HTTPError

import pytest
from codex_app_server.notifications import (
    ExternalAgentConfigImportCompleted,
    McpServerOauthLoginCompleted,
    McpServerStartupStatusUpdated,
    SkillsChanged,
)
from codex_app_server.types import CommandHookMetadata, TextResourceContent

from ..login_server import come_back, login_server
from ..tour import PATIENCE, PEERS, Tour, step


@step("skills/list", "skills/config/write", "skills/extraRoots/set")
def skills(tour: Tour) -> None:
    root = tour.folder("skills")
    file = root / "saw" / "SKILL.md"
    file.parent.mkdir()
    file.write_text("---\nname: saw\ndescription: Cuts.\n---\nCut.\n")
    tour.client.skills_extra_roots_set(extra_roots=[str(root)])
    tour.wait(SkillsChanged)
    (entry,) = tour.client.skills_list(cwds=[str(tour.root)], force_reload=True).data
    assert (entry.cwd, entry.errors) == (str(tour.root), [])
    (saw,) = (skill for skill in entry.skills if skill.name == "saw")
    assert (saw.description, saw.path, saw.enabled) == ("Cuts.", str(file), True)
    assert not tour.client.skills_config_write(enabled=False, path=saw.path).effective_enabled
    tour.client.skills_extra_roots_set(extra_roots=[])


@step("hooks/list")
def hooks(tour: Tour) -> None:
    hook = {"type": "command", "command": "true", "timeout": 5}
    file = tour.home / "hooks.json"
    file.write_text(json.dumps({"hooks": {"PreToolUse": [{"matcher": "m", "hooks": [hook]}]}}))
    (entry,) = tour.client.hooks_list(cwds=[str(tour.root)]).data
    file.unlink()
    (found,) = entry.hooks
    assert isinstance(found, CommandHookMetadata)
    assert (found.command, found.async_, found.timeout_sec) == ("true", False, 5)
    assert (found.event_name, found.source, found.matcher) == ("preToolUse", "user", "m")


@step("mcpServerStatus/list", "mcpServer/tool/call", "mcpServer/resource/read")
def an_mcp_server(tour: Tour) -> None:
    server = {"command": sys.executable, "args": [str(PEERS / "mcp_server.py")]}
    with _configured(tour, "shouter", server):
        thread = tour.thread()
        tour.wait(
            McpServerStartupStatusUpdated,
            lambda event: (event.params.name, event.params.status) == ("shouter", "ready"),
        )
        (status,) = tour.client.mcp_server_status_list(thread_id=thread.id).data
        assert status.name == "shouter"
        assert status.tools["shout"].title == "Shout"
        assert [resource.uri for resource in status.resources] == ["note://one"]
        assert [one.uri_template for one in status.resource_templates] == ["note://{name}"]
        called = tour.client.mcp_server_tool_call(
            thread_id=thread.id, server="shouter", tool="shout", arguments={"text": "hey"}
        )
        assert called.content == [{"type": "text", "text": "HEY"}]
        assert called.structured_content == {"said": "HEY"}
        read = tour.client.mcp_server_resource_read(
            thread_id=thread.id, server="shouter", uri="note://one"
        )
        (content,) = read.contents
        assert isinstance(content, TextResourceContent)
        assert (content.text, content.mime_type) == ("noted", "text/plain")


@step("mcpServer/oauth/login")
def log_in_to_an_mcp_server(tour: Tour) -> None:
    with login_server() as url, _configured(tour, "guarded", {"url": f"{url}/mcp"}):
        login = tour.client.mcp_server_oauth_login(name="guarded", timeout_secs=int(PATIENCE))
        assert login.authorization_url.startswith(f"{url}/authorize?")
        with pytest.raises(HTTPError, match="400"):
            come_back(login.authorization_url, error="access_denied")
        completed = tour.wait(McpServerOauthLoginCompleted).params
        assert (completed.name, completed.success) == ("guarded", False)
        assert completed.login_id == login.login_id


@contextmanager
def _configured(tour: Tour, name: str, server: Mapping[str, object]) -> Generator[None, None, None]:
    """Has an MCP server of this name configured for a while."""
    _configure(tour, name, server)
    try:
        yield
    finally:
        _configure(tour, name, None)


def _configure(tour: Tour, name: str, server: Mapping[str, object] | None) -> None:
    tour.client.config_value_write(
        key_path=f"mcp_servers.{name}", value=server, merge_strategy="replace"
    )
    tour.client.config_mcp_server_reload()


@step("mcpServer/event/stream/stop")
def stop_an_event_stream_that_is_not_there(tour: Tour) -> None:
    tour.client.mcp_server_event_stream_stop(subscription_id="none")


@step(
    "externalAgentConfig/detect",
    "externalAgentConfig/import",
    "externalAgentConfig/import/recordHistory",
    "externalAgentConfig/import/readHistories",
)
def take_over_from_another_agent(tour: Tour) -> None:
    root = tour.folder("other-agent")
    (root / "CLAUDE.md").write_text("Be kind.\n")
    detected = tour.client.external_agent_config_detect(cwds=[str(root)], include_home=False)
    assert {item.cwd for item in detected.items} <= {str(root)}
    imported = tour.client.external_agent_config_import(
        migration_items=[{"item_type": "CONFIG", "description": "nothing to take"}]
    )
    done = tour.wait(ExternalAgentConfigImportCompleted).params
    assert done.import_id == imported.import_id
    assert [result.item_type for result in done.item_type_results] == ["CONFIG"]
    recorded = tour.client.external_agent_config_import_record_history(
        provider_id="other", item_type_results=[]
    )
    histories = tour.client.external_agent_config_import_read_histories().data
    (history,) = (one for one in histories if one.import_id == recorded.import_id)
    assert history.provider_id == "other"

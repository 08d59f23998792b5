"""The life of a thread, models, logins, and what the server says of itself."""

from pathlib import Path

from codex_app_server import ApprovalMode, Sandbox
from codex_app_server.types import GetAccountResponse

from .conftest import Start, listed, settled


async def test_the_life_of_a_thread(start: Start) -> None:
    codex = start()
    thread = await settled(codex.thread_start(sandbox=Sandbox.read_only))
    await settled(thread.run("first"))
    await settled(thread.set_name("Näme"))
    read = await settled(thread.read(include_turns=True))
    assert (read.thread.name, len(read.thread.turns)) == ("Näme", 1)
    again = await settled(codex.thread_resume(thread.id, approval_mode=ApprovalMode.deny_all))
    assert again.id == thread.id
    assert (await settled(again.run("second"))).final_response == "second"
    fork = await settled(codex.thread_fork(thread.id))
    assert fork.id != thread.id
    await settled(thread.compact())
    await settled(codex.thread_archive(thread.id))
    assert thread.id not in [one.id for one in (await settled(codex.thread_list())).data]
    assert (await settled(codex.thread_unarchive(thread.id))).id == thread.id


async def test_all_pages(start: Start) -> None:
    codex = start()
    ids = set()
    for number in range(3):
        thread = await settled(codex.thread_start())
        await settled(thread.run(f"number {number}"))
        ids.add(thread.id)
    page = await settled(codex.thread_list(limit=2))
    assert len(page.data) == 2
    assert page.next_cursor is not None
    # By this key the server's cursors count in milliseconds; by the usual one in seconds, and leave
    # out what was made in the same second as the last thread of a page.
    every = await listed(codex.thread_list_all(limit=2, sort_key="updated_at"))
    assert {one.id for one in every} == ids
    first = await settled(codex.models())
    assert await listed(codex.models_all(limit=1)) == first.data


async def test_what_the_server_says_of_itself(start: Start) -> None:
    codex = start()
    await settled(codex.account())
    metadata = codex.metadata
    assert metadata.name == "rpcsmith_tests"
    assert metadata.version == codex.client.server_version
    assert metadata.user_agent.startswith(f"rpcsmith_tests/{metadata.version} ")
    assert metadata.codex_home.endswith("codex-home")


async def test_a_login_with_a_key(start: Start) -> None:
    codex = start()
    account: GetAccountResponse = await settled(codex.account(refresh_token=False))
    # The model of these tests asks for no login, so none is told.
    assert (account.account, account.requires_openai_auth) == (None, False)
    await settled(codex.login_api_key("sk-none"))
    kept = Path(codex.metadata.codex_home, "auth.json")
    assert "sk-none" in kept.read_text(encoding="utf-8")
    await settled(codex.logout())
    assert not kept.exists()


async def test_a_login_in_the_browser_is_cancelled(start: Start) -> None:
    codex = start()
    login = await settled(codex.login_chatgpt())
    assert login.auth_url.startswith("https://")
    assert login.login_id
    await settled(login.cancel())
    done = await settled(login.wait(timeout=20))
    assert (done.login_id, done.success) == (login.login_id, False)

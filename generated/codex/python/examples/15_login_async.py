"""Logging in, looking at the account, and logging out."""

import asyncio
import sys
from getpass import getpass

from codex_app_server import AsyncCodex
from codex_app_server.types import ApiKeyAccount, ChatgptAccount, GetAccountResponse


async def show_account(codex: AsyncCodex) -> GetAccountResponse:
    found = await codex.account()
    account = found.account
    if isinstance(account, ChatgptAccount):
        print("logged in as", account.email)
    elif isinstance(account, ApiKeyAccount):
        print("logged in with an API key")
    elif account:
        print("logged in")
    elif found.requires_openai_auth:
        print("not logged in")
    else:
        print("no login is needed")
    return found


def ask_for_key() -> str:
    """Hides what is typed. A key that comes from a file or a pipe needs no hiding."""
    return getpass("API key: ") if sys.stdin.isatty() else input("API key: ")


async def log_in(codex: AsyncCodex) -> None:
    choice = await asyncio.to_thread(
        input, "Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: "
    )
    if choice == "k":
        api_key = await asyncio.to_thread(ask_for_key)
        await codex.login_api_key(api_key.strip())
    elif choice == "b":
        browser = await codex.login_chatgpt()
        print("open", browser.auth_url)
        print("success" if (await browser.wait()).success else "failure")
    elif choice == "d":
        device = await codex.login_chatgpt_device_code()
        print("open", device.verification_url, "and type", device.user_code)
        print("success" if (await device.wait()).success else "failure")


async def main() -> None:
    async with AsyncCodex() as codex:
        found = await show_account(codex)
        if found.account is None and found.requires_openai_auth:
            await log_in(codex)
            found = await show_account(codex)
        if found.account and await asyncio.to_thread(input, "Log out? [y/N] ") == "y":
            await codex.logout()
            await show_account(codex)


asyncio.run(main())

"""Logging in, looking at the account, and logging out."""

import asyncio

from codex_app_server import AsyncCodex
from codex_app_server.types import ApiKeyAccount, ChatgptAccount


async def show_account(codex: AsyncCodex) -> bool:
    """Whether anybody is logged in."""
    account = (await codex.account()).account
    if isinstance(account, ChatgptAccount):
        print("logged in as", account.email)
    elif isinstance(account, ApiKeyAccount):
        print("logged in with an API key")
    elif account:
        print("logged in")
    else:
        print("not logged in")
    return account is not None


async def log_in(codex: AsyncCodex) -> None:
    choice = await asyncio.to_thread(
        input, "Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: "
    )
    if choice == "k":
        api_key = await asyncio.to_thread(input, "API key: ")
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
        if not await show_account(codex):
            await log_in(codex)
            await show_account(codex)
        if await asyncio.to_thread(input, "Log out? [y/N] ") == "y":
            await codex.logout()
            await show_account(codex)


asyncio.run(main())

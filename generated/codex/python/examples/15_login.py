"""Logging in, looking at the account, and logging out."""

from codex_app_server import Codex
from codex_app_server.types import ApiKeyAccount, ChatgptAccount


def show_account(codex: Codex) -> bool:
    """Whether anybody is logged in."""
    account = codex.account().account
    if isinstance(account, ChatgptAccount):
        print("logged in as", account.email)
    elif isinstance(account, ApiKeyAccount):
        print("logged in with an API key")
    elif account:
        print("logged in")
    else:
        print("not logged in")
    return account is not None


def log_in(codex: Codex) -> None:
    choice = input("Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: ")
    if choice == "k":
        api_key = input("API key: ")
        codex.login_api_key(api_key.strip())
    elif choice == "b":
        browser = codex.login_chatgpt()
        print("open", browser.auth_url)
        print("success" if browser.wait().success else "failure")
    elif choice == "d":
        device = codex.login_chatgpt_device_code()
        print("open", device.verification_url, "and type", device.user_code)
        print("success" if device.wait().success else "failure")


with Codex() as codex:
    if not show_account(codex):
        log_in(codex)
        show_account(codex)
    if input("Log out? [y/N] ") == "y":
        codex.logout()
        show_account(codex)

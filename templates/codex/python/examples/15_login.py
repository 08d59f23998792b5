"""Logging in, looking at the account, and logging out."""

import sys
from getpass import getpass

from codex_app_server import Codex
from codex_app_server.types import ApiKeyAccount, ChatgptAccount, GetAccountResponse


def show_account(codex: Codex) -> GetAccountResponse:
    found = codex.account()
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


def log_in(codex: Codex) -> None:
    choice = input("Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: ")
    if choice == "k":
        api_key = ask_for_key()
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
    found = show_account(codex)
    if found.account is None and found.requires_openai_auth:
        log_in(codex)
        found = show_account(codex)
    if found.account and input("Log out? [y/N] ") == "y":
        codex.logout()
        show_account(codex)

"""Accounts: what needs no login, and a login by an API key that nobody checks."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from codex_app_server import InternalError
from codex_app_server.notifications import (
    AccountGatewayOAuthChanged,
    AccountLoginCompleted,
    AccountUpdated,
)
from codex_app_server.types import ApiKeyLoginAccountResponse

from ..login_server import login_server
from ..tour import PATIENCE, Tour, step


@step("account/read", "account/login/start", "account/logout")
def log_in_and_out(tour: Tour) -> None:
    assert tour.client.account_read().account is None
    login = tour.client.account_login_start(params={"type": "apiKey", "api_key": "sk-none"})
    assert isinstance(login, ApiKeyLoginAccountResponse)
    completed = tour.wait(AccountLoginCompleted)
    assert (completed.params.login_id, completed.params.success) == (None, True)
    assert tour.wait(AccountUpdated).params.auth_mode == "apikey"
    assert "sk-none" in (tour.home / "auth.json").read_text()
    tour.client.account_logout()
    tour.wait(AccountUpdated, lambda event: event.params.auth_mode is None)
    assert not (tour.home / "auth.json").exists()


@step("account/login/cancel")
def cancel_a_login_that_is_not_there(tour: Tour) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    assert tour.client.account_login_cancel(login_id=nobody).status == "notFound"


@step("account/gatewayOAuth/read", "account/gatewayOAuth/cancel")
def gateway(tour: Tour) -> None:
    gateway = tour.client.account_gateway_oauth_read()
    assert (gateway.provider_id, gateway.provider_name) == ("mock", "Mock")
    assert not gateway.required
    tour.client.account_gateway_oauth_cancel()
    with login_server() as url, _behind_a_gateway(tour, url), ThreadPoolExecutor(1) as pool:
        gateway = tour.client.account_gateway_oauth_read()
        assert (gateway.required, gateway.status) == (True, "notReady")
        # Answered once the user has signed in, or won't.
        login = pool.submit(tour.client.account_gateway_oauth_login, timeout=PATIENCE)
        asked = tour.wait(AccountGatewayOAuthChanged, lambda event: bool(event.params.auth_url))
        assert (asked.params.auth_url or "").startswith(f"{url}/authorize?")
        assert tour.client.account_gateway_oauth_read().status == "started"
        tour.client.account_gateway_oauth_cancel()
        failed = tour.wait(
            AccountGatewayOAuthChanged, lambda event: event.params.status == "failed"
        )
        assert failed.params.error is not None
        with pytest.raises(InternalError, match=r"cancell?ed"):
            login.result()


@contextmanager
def _behind_a_gateway(tour: Tour, url: str) -> Generator[None, None, None]:
    """Has a model provider for a while that wants a sign-in, after the login to an account."""
    tour.client.account_login_start(params={"type": "apiKey", "api_key": "sk-none"})
    provider = {
        "name": "Gated",
        "base_url": f"{url}/v1",
        "wire_api": "responses",
        "gateway_oauth": {
            "authorization_url": f"{url}/authorize",
            "token_url": f"{url}/token",
            "client_id": "tour",
            "delivery": {"kind": "header", "name": "x-gateway"},
        },
    }
    _write(tour, ("model_providers.gated", provider), ("model_provider", "gated"))
    try:
        yield
    finally:
        _write(tour, ("model_provider", "mock"), ("model_providers.gated", None))
        tour.client.account_logout()


def _write(tour: Tour, *edits: tuple[str, object]) -> None:
    tour.client.config_batch_write(
        edits=[
            {"key_path": path, "value": value, "merge_strategy": "replace"} for path, value in edits
        ],
        reload_user_config=True,
    )


@step("account/bedrock/discover", "account/bedrock/checkGovCloudRequirements")
def bedrock(tour: Tour) -> None:
    assert tour.client.account_bedrock_discover().profiles == []
    assert not tour.client.account_bedrock_check_gov_cloud_requirements().should_warn

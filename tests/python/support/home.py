"""A home directory for the real server: its configuration, and the environment it runs in."""

import json
from pathlib import Path

__all__ = ["server_env", "write_config"]

_NOWHERE = "http://127.0.0.1:1"


def write_config(
    home: Path,
    model_url: str | None,
    *,
    approval_policy: str = "never",
    sandbox_mode: str = "read-only",
    extra: str = "",
) -> Path:
    """Writes `config.toml` into `home`.

    Args:
        home: What `CODEX_HOME` will be.
        model_url: Where the model server listens, with its `/v1`. `None`: no model, so no turns.
        approval_policy: When the server asks before it runs something.
        sandbox_mode: What commands may touch.
        extra: More TOML, put at the end; top-level keys don't fit there, tables do.
    """
    home.mkdir(parents=True, exist_ok=True)
    lines = [
        'model = "mock-model"',
        f"approval_policy = {json.dumps(approval_policy)}",
        f"sandbox_mode = {json.dumps(sandbox_mode)}",
    ]
    if model_url is not None:
        lines += [
            'model_provider = "mock"',
            "",
            "[model_providers.mock]",
            'name = "Mock"',
            f"base_url = {json.dumps(model_url)}",
            'wire_api = "responses"',
            "request_max_retries = 0",
            "stream_max_retries = 0",
            "supports_websockets = false",
        ]
    path = home / "config.toml"
    path.write_text("\n".join([*lines, "", extra, ""]), encoding="utf-8")
    return path


def server_env(home: Path) -> dict[str, str]:
    """The environment in which the server is fit for tests.

    The server looks for plugins on the internet when it starts. It, and the git that it runs, are
    told to go through a proxy where nobody listens, except for what is on loopback.
    """
    proxies = {name: _NOWHERE for name in ("http_proxy", "https_proxy", "all_proxy")}
    proxies["no_proxy"] = "127.0.0.1,localhost"
    return {
        **proxies,
        **{name.upper(): value for name, value in proxies.items()},
        "CODEX_HOME": str(home),
        # Else the user's shell profiles, skills and other agents' settings have a say.
        "HOME": str(home),
        "CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG": "1",
        "RUST_LOG": "warn",
        "OPENAI_API_KEY": "",
    }
